"""Whether a UNTP 0.7.0 document is as its model and the rule for terms want it, told without the models.

https://untp.unece.org/docs/0.7.0/specification/. Says yes only where the models say yes, and every member and
type is UNTP's own: the usual case. Everything else, and what is wrong and where, is for ``credentials`` and
``credential.terms`` to say. Documents with further contexts and traceability events are always left to them.
"""

import re
from collections.abc import Callable
from functools import cache
from math import isfinite
from typing import Any, Final

from certweave.canon.jsonld import Contexts
from certweave.credential.untp.lexical import is_base64, is_day, is_moment
from certweave.credential.untp.names import CREDENTIAL_NAMES, UNTP_CONTEXT
from certweave.credential.untp.shapes import CODE_LIST, Shape, find_codes, find_shape, is_class
from certweave.credential.uri import is_absolute_uri
from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.strict_json import JsonObject

Check = Callable[[Any], bool]
_CONTEXTS: Final = [VCDM_2_CONTEXT, UNTP_CONTEXT]
_DIGITS: Final = re.compile("0|[1-9][0-9]*", re.ASCII)
_NOT_FOR_US: Final = frozenset(("", "DigitalTraceabilityEvent"))


def fits_untp(document: JsonObject, *, contexts: Contexts) -> bool:
    """Tell whether a document certainly is a UNTP credential without a flaw, and nothing besides."""
    kinds, listed = document.get("type"), document.get("@context")
    if listed != _CONTEXTS or not all(map(contexts.knows, _CONTEXTS)) or kinds.__class__ is not list:
        return False
    name = next((name for name in CREDENTIAL_NAMES if name in kinds), "")
    if name in _NOT_FOR_US or any(kind not in (name, "VerifiableCredential") for kind in kinds):
        return False
    members = {name: value for name, value in document.items() if name not in ("@context", "type")}
    try:
        return _class_check(name)(members)
    except RecursionError:
        return False


@cache
def _class_check(name: str) -> Check:
    """Return what tells whether a value is an object of a class."""
    shape = find_shape(name)
    if "free" in shape.words:
        return _has_no_null
    checks: dict[str, Check] = {}
    required, measured = shape.required, "measured" in shape.words

    def check(value: Any) -> bool:
        if value.__class__ is not dict or not required <= value.keys():
            return False
        if not checks:  # made here, because a class may hold objects of its own
            checks.update(_member_checks(shape))
        for member, item in value.items():
            told = checks.get(member)
            if told is None or not told(item):
                return False
        return not measured or "measure" not in value or "metric" in value

    return check


def _member_checks(shape: Shape) -> dict[str, Check]:
    checks = {member: _kind_check(kind) for member, kind in shape.members.items()}
    for member in shape.lists:
        checks[member] = _list_check(checks[member])
    if shape.is_entity:
        checks["type"] = _type_check(shape.name)
    return checks


@cache
def _kind_check(kind: str) -> Check:
    """Return what tells whether a value is of a kind of the table."""
    if is_class(kind):
        return _class_check(kind)
    if kind.startswith(CODE_LIST) or "|" in kind:
        codes = frozenset(kind.split("|")[:-1]) if "|" in kind else find_codes(kind)
        return _is_text if codes is None else lambda value: value.__class__ is str and value in codes
    return _KINDS[kind]


def _list_check(check: Check) -> Check:
    return lambda value: value.__class__ is list and all(check(item) for item in value)


def _type_check(name: str) -> Check:
    return lambda value: value.__class__ is list and value != [] and all(item == name for item in value)


def _is_text(value: Any) -> bool:
    return value.__class__ is str


def _text_check(check: Callable[[str], bool]) -> Check:
    return lambda value: value.__class__ is str and check(value)


def _number_check(least: float, most: float) -> Check:
    return lambda value: value.__class__ in (int, float) and least <= value <= most


def _is_number(value: Any) -> bool:
    return value.__class__ is int or (value.__class__ is float and isfinite(value))


def _is_index(value: Any) -> bool:
    if value.__class__ is str:
        return _DIGITS.fullmatch(value) is not None
    return value.__class__ is int and value >= 0


def _has_no_null(value: Any) -> bool:
    """Tell whether an object has no null in it: JSON-LD drops one although it is signed."""
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if found is None:
            return False
        if found.__class__ is dict:
            waiting += found.values()
        elif found.__class__ is list:
            waiting += found
    return value.__class__ is dict


_KINDS: Final[dict[str, Check]] = {
    **dict.fromkeys(("text", "name", "schemaText", "mediaType", "digest", "string"), _is_text),
    **dict.fromkeys(("country", "unit"), _text_check(bool)),
    "uri": _text_check(is_absolute_uri),
    "day": _text_check(is_day),
    "moment": _text_check(is_moment),
    "picture": _text_check(is_base64),
    "number": _is_number,
    "fraction": _number_check(0, 1),
    "latitude": _number_check(-90, 90),
    "longitude": _number_check(-180, 180),
    "whole": lambda value: value.__class__ is int,
    "flag": lambda value: value.__class__ is bool,
    "index": _is_index,
}
"""What the table calls a kind → what tells whether a value is of it; as strict as the types of ``base``."""
