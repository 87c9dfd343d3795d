"""Whether a UNTP 0.7.0 document is as its models and the rule for terms want it, told without the models.

https://untp.unece.org/docs/0.7.0/specification/. Says yes only where the models say yes, and every member and
type is UNTP's own, but for one part of our extension: the usual case. Everything else, and what is wrong and
where, is for ``credentials``, ``credential.extension`` and ``credential.terms`` to say.
"""

import re
from collections.abc import Callable
from functools import cache
from math import inf, isfinite
from typing import Any, Final

from certweave.canon.jsonld import Contexts
from certweave.credential.extension_rules import EXTENSION_CONTEXT, RULES, is_of_holder
from certweave.credential.untp.lexical import is_base64, is_day, is_language, is_moment
from certweave.credential.untp.names import CREDENTIAL_NAMES, UNTP_CONTEXT
from certweave.credential.untp.shapes import CODE_LIST, Shape, find_codes, find_parts, find_shape, is_class
from certweave.credential.uri import is_absolute_uri
from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.strict_json import JsonObject

Check = Callable[[Any], bool]
_CONTEXTS: Final = [VCDM_2_CONTEXT, UNTP_CONTEXT]
_REGION: Final = re.compile("[A-Z]{2}")
_DIGITS: Final = re.compile("0|[1-9][0-9]*", re.ASCII)
_EXTENDED: Final = [*_CONTEXTS, EXTENSION_CONTEXT]
_NOT_FOR_US: Final = frozenset(("", "DigitalTraceabilityEvent"))
_NAMED_ANYWHERE: Final = frozenset(("id", "name", "description"))
"""Members that the context of VCDM 2.0 gives to everything."""
BASE_TYPE: Final = "DigitalConformityCredential"
"""The credential that our extension extends."""


def fits_untp(document: JsonObject, *, contexts: Contexts) -> bool:
    """Tell whether a document certainly is a UNTP credential without a flaw, and nothing besides."""
    kinds, listed = document.get("type"), document.get("@context")
    extended = listed == _EXTENDED
    if not (extended or listed == _CONTEXTS) or kinds.__class__ is not list:
        return False
    name = next((name for name in CREDENTIAL_NAMES if name in kinds), "")
    part = next((part for part in find_parts() if part in kinds), name) if extended else name
    if {name, part} & _NOT_FOR_US or any(kind not in (name, part, "VerifiableCredential") for kind in kinds):
        return False
    members = {name: value for name, value in document.items() if name not in ("@context", "type")}
    try:
        fits = _class_check(name)(members) if part == name else _fits_with_part(members, name, part)
    except RecursionError:
        return False
    return fits and all(map(contexts.knows, _EXTENDED if extended else _CONTEXTS))


def _fits_with_part(members: JsonObject, name: str, part: str) -> bool:
    """Tell the same of a credential with a part of our extension: that stands in its attestation."""
    subject, place = members.get("credentialSubject"), find_parts()[part]
    if name != BASE_TYPE or subject.__class__ is not dict or place not in subject:
        return False
    rest = {member: value for member, value in subject.items() if member != place}
    if not _class_check(name)({**members, "credentialSubject": rest}):
        return False
    if not _class_check(part, in_part=True)(subject[place]):
        return False
    return is_of_holder(subject[place], subject) if part == "Delegation" else True


@cache
def _class_check(name: str, *, in_part: bool = False) -> Check:
    """Return what tells whether a value is an object of a class.

    Inside of a part of our extension only its ``type`` gives an entity of UNTP most of its members.
    """
    shape = find_shape(name)
    if "free" in shape.words:
        return _has_no_null
    checks: dict[str, Check] = {}
    required, measured = shape.required, "measured" in shape.words
    untyped = in_part and shape.is_entity
    rule = RULES[name] if "ruled" in shape.words else None

    def check(value: Any) -> bool:
        if value.__class__ is not dict or not required <= value.keys():
            return False
        if not checks:  # made here, because a class may hold objects of its own
            checks.update(_member_checks(shape, in_part=in_part))
        for member, item in value.items():
            told = checks.get(member)
            if told is None or not told(item):
                return False
        if untyped and "type" not in value and not value.keys() <= _NAMED_ANYWHERE:
            return False
        if measured and "measure" in value and "metric" not in value:
            return False
        return rule is None or rule(value) is None

    return check


def _member_checks(shape: Shape, *, in_part: bool) -> dict[str, Check]:
    checks = {member: _kind_check(kind, in_part=in_part) for member, kind in shape.members.items()}
    for member in shape.lists:
        checks[member] = _list_check(checks[member], filled=member in shape.filled)
    if shape.is_entity:
        checks["type"] = _type_check(shape.name)
    elif "credential" in shape.words:
        # Of VCDM 2.0, whose other members the models do not name either; this one is often there.
        checks["description"] = _is_text
    return checks


@cache
def _kind_check(kind: str, *, in_part: bool) -> Check:
    """Return what tells whether a value is of a kind of the table."""
    if is_class(kind):
        return _class_check(kind, in_part=in_part)
    if kind.startswith(CODE_LIST) or "|" in kind:
        codes = frozenset(kind.split("|")[:-1]) if "|" in kind else find_codes(kind)
        return _is_text if codes is None else lambda value: value.__class__ is str and value in codes
    return _KINDS[kind]


def _list_check(check: Check, *, filled: bool) -> Check:
    return lambda value: (
        value.__class__ is list and not (filled and value == []) and all(check(item) for item in value)
    )


def _type_check(name: str) -> Check:
    return lambda value: value.__class__ is list and value != [] and all(item == name for item in value)


def _is_text(value: Any) -> bool:
    return value.__class__ is str


def _text_check(check: Callable[[str], bool]) -> Check:
    return lambda value: value.__class__ is str and check(value)


def _number_check(least: float, most: float, *, first: bool = True, last: bool = True) -> Check:
    """``first`` and ``last`` say whether the bounds themselves are within; infinity never is."""

    def check(value: Any) -> bool:
        if not _is_number(value) or not least <= value <= most:
            return False
        return (first or value != least) and (last or value != most)

    return check


def _is_number(value: Any) -> bool:
    return value.__class__ is int or (value.__class__ is float and isfinite(value))


def _is_index(value: Any) -> bool:
    if value.__class__ is str:
        return _DIGITS.fullmatch(value) is not None
    return value.__class__ is int and value >= 0


def _is_language_map(value: Any) -> bool:
    if value.__class__ is not dict or not value:
        return False
    return all(is_language(key) and _is_text(text) and text != "" for key, text in value.items())


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
    "positive": _number_check(0, inf, first=False),
    "notNegative": _number_check(0, inf),
    "share": _number_check(0, 1),
    "loss": _number_check(0, 1, last=False),
    "count": lambda value: value.__class__ is int and value > 0,
    "tally": lambda value: value.__class__ is int and value >= 0,
    "filled": _text_check(lambda text: text.strip() != ""),
    "reference": _text_check(is_absolute_uri),
    "region": _text_check(lambda text: _REGION.fullmatch(text) is not None),
    "languages": _is_language_map,
    "whole": lambda value: value.__class__ is int,
    "flag": lambda value: value.__class__ is bool,
    "index": _is_index,
}
"""What the table calls a kind → what tells whether a value is of it; as strict as the types of ``base``."""
