"""Where in a document something stands, by what it is: for errors over what a document states.

Statements (JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/) do not tell where they were written. A place is
named where only one is possible.
"""

from collections.abc import Callable, Iterator
from typing import Any

from certweave.canon.keywords import is_look_alike
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject

Fits = Callable[[str | None, Any], bool]
"""Asked of each member, by name and value, and of each item of a list, whose name is None."""

_SAME = ({"id", "@id"}, {"type", "@type"})
_MARKS = (
    ("value object", "@value"),
    ("typed value", "@value"),
    ("language-tagged", "@language"),
    ("a language or a direction", "@language"),
    ("a language or a direction", "@direction"),
    ("base direction", "@direction"),
    ("set or list object", "@set"),
    ("set or list object", "@list"),
    ("reverse", "@reverse"),
    ("@included", "@included"),
    ("@index", "@index"),
    ("@nest", "@nest"),
    ("@graph", "@graph"),
    ("@version has", "@version"),
    ("local context", "@context"),
    ("remote context", "@context"),
    ("scoped context", "@context"),
    ("context entry", "@context"),
    ("import", "@context"),
    ("mapping", "@context"),
    ("definition", "@context"),
)
"""Words of an error, and a keyword of the object that it is about: contexts here are those inside."""


def find_only_place(document: JsonObject, fits: Fits) -> str | None:
    """Return the place of the one member or item that fits, or None where there are none or several."""
    found = [path for path, name, value in walk(document) if fits(name, value)]
    return found[0] if len(found) == 1 else None


def fits(words: str) -> Fits:
    """Return what tells by which member or item of a document an error came about, from its words.

    A name or a text that they quote; where they quote none, an object with the keyword that they are about.
    """
    if "'" in words or '"' in words:
        return lambda name, value: _is_quoted(name, words) or _is_quoted(value, words)
    if words.endswith("invalid @id value"):
        return lambda name, value: name in ("id", "@id") and not isinstance(value, str)
    if words.endswith("invalid type value"):
        return lambda name, value: name in ("type", "@type") and not _are_names(value)
    if words.endswith("colliding keywords"):
        return lambda _, value: any(isinstance(value, dict) and pair <= value.keys() for pair in _SAME)
    marks = {key for about, key in _MARKS if about in words}
    return lambda _, value: isinstance(value, dict) and not marks.isdisjoint(value)


def _is_quoted(text: Any, words: str) -> bool:
    if not isinstance(text, str):
        return False
    return any(f"{text[:80]!r} {verb} no " in words for verb in ("is", "stands for"))


def _are_names(value: Any) -> bool:
    items = value if isinstance(value, list) else [value]
    return all(isinstance(item, str) and not is_look_alike(item) for item in items)


def walk(document: JsonObject) -> Iterator[tuple[str, str | None, Any]]:
    """Yield place, name and value of each member, and of each item of a list; contexts are passed over."""
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        path, value = waiting.pop()
        inside: list[tuple[str, str | None, Any]] = []
        if isinstance(value, dict):
            inside = [(join(path, key), key, item) for key, item in value.items() if key != "@context"]
        elif isinstance(value, list):
            inside = [(join(path, at), None, item) for at, item in enumerate(value)]
        yield from inside
        waiting += [(place, item) for place, _, item in inside]
