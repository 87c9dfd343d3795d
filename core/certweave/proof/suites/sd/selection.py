"""JSON Pointers, and the part of a document that they select.

Follows VC-DI-ECDSA v1.0 §3.4.10 to §3.4.13
(https://www.w3.org/TR/vc-di-ecdsa/#selective-disclosure-functions) and RFC 6901
(https://www.rfc-editor.org/rfc/rfc6901). What a selection says in RDF is not known here.

Three places differ from the text, each for the better: a step into an array is a number and a step into an
object a name, by what stands there (the text goes by the looks of the step); a pointer that selects a whole
keeps it whole, in whatever order the pointers come; and a ``@context`` on the way is kept, for without it
the members below would mean something else.
"""

import copy
import re
from collections.abc import Iterable
from typing import Any, Final

from certweave.credential.uri import is_absolute_uri
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError

_ESCAPE: Final = re.compile(r"~(?![01])")
_NUMBER: Final = re.compile(r"0|[1-9][0-9]*")
_ALWAYS: Final = ("@context", "@id", "@type", "type")
_WHOLE: Final = ""
"""Marks, among the steps below a place, that all of it is selected; a name is kept with a mark before it."""

_Tree = dict[str | int, "_Tree"]


def json_pointer_to_paths(pointer: str) -> tuple[str, ...]:
    """§3.4.10 jsonPointerToPaths: the steps of a pointer, unescaped; none for the whole document.

    Raises:
        MalformedError: not a JSON Pointer (``sd_pointer``).
    """
    if not pointer:
        return ()
    if not pointer.startswith("/") or _ESCAPE.search(pointer):
        raise MalformedError(f"{pointer[:80]!a} is not a JSON Pointer", code="sd_pointer")
    return tuple(step.replace("~1", "/").replace("~0", "~") for step in pointer[1:].split("/"))


def select_json_ld(pointers: Iterable[str], document: JsonObject) -> JsonObject | None:
    """§3.4.13 selectJsonLd: the selected part of a document, or None where there are no pointers.

    Beside what is pointed at, it holds ``@context``, and ``id`` and ``type`` of every object on the way.

    Raises:
        MalformedError: not a JSON Pointer (``sd_pointer``).
        InvalidError: a pointer leads to nothing in the document (``sd_pointer_unmatched``).
    """
    tree: _Tree = {}
    found = False
    for pointer in pointers:
        found = True
        _select_paths(json_pointer_to_paths(pointer), document, tree, pointer)
    if not found:
        return None
    selected = _selected(document, tree)
    return selected if isinstance(selected, dict) else None


def _select_paths(steps: tuple[str, ...], document: JsonObject, tree: _Tree, pointer: str) -> None:
    """§3.4.12 selectPaths: note one pointer in the tree of all."""
    value: Any = document
    for step in steps:
        key = _find_key(value, step)
        if key is None:
            detail = f"the pointer {pointer[:200]!a} leads to nothing in the document"
            raise InvalidError(detail, code="sd_pointer_unmatched", path=pointer)
        tree = tree.setdefault(key, {})
        value = value[key] if isinstance(key, int) else value[key[1:]]
    tree[_WHOLE] = {}


def _find_key(value: Any, step: str) -> str | int | None:
    if isinstance(value, dict):
        return "/" + step if step in value else None
    if isinstance(value, list) and _NUMBER.fullmatch(step) and int(step) < len(value):
        return int(step)
    return None


def _selected(value: Any, tree: _Tree) -> Any:
    if _WHOLE in tree:
        return copy.deepcopy(value)
    if isinstance(value, list):
        # In their order and without gaps, as the text makes sparse arrays dense.
        return [
            _selected(value[key], tree[key]) for key in sorted(key for key in tree if isinstance(key, int))
        ]
    selection = _create_initial_selection(value)
    for name, item in value.items():
        if "/" + name in tree and name not in selection:
            selection[name] = _selected(item, tree["/" + name])
    return selection


def _create_initial_selection(source: JsonObject) -> JsonObject:
    """§3.4.11 createInitialSelection."""
    selection: JsonObject = {name: copy.deepcopy(source[name]) for name in _ALWAYS if name in source}
    # Every node that can be signed is named by an absolute IRI; another text is no name: in a map of
    # languages, ``id`` is Indonesian, and that nobody chose.
    if is_absolute_uri(source.get("id")):
        selection["id"] = source["id"]
    return selection
