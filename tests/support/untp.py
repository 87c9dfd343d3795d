"""UNTP documents with everything in them that UNTP names, made from the shapes."""

from typing import Any

from certweave.credential.untp.names import CREDENTIAL_NAMES, UNTP_CONTEXT
from certweave.credential.untp.shapes import CODE_LIST, find_codes, find_shape, is_class
from certweave.credential.vcdm import VCDM_2_CONTEXT

SHAPED = tuple(name for name in CREDENTIAL_NAMES if name != "DigitalTraceabilityEvent")
SOUND: dict[str, Any] = {
    "country": "UZ",
    "day": "2026-01-31",
    "flag": True,
    "fraction": 0.25,
    "index": 7,
    "latitude": 41.3,
    "longitude": -120,
    "moment": "2026-01-31T10:00:00+05:00",
    "number": 218.5,
    "picture": "AAAA",
    "unit": "KGM",
    "uri": "https://mill.example/1",
    "whole": 3,
}
"""A value of each kind that is more than a text."""


def full_document(name: str, *, depth: int = 6) -> dict[str, Any]:
    """Return an unsigned UNTP credential with every member that its classes have, down to ``depth``."""
    return {
        "@context": [VCDM_2_CONTEXT, UNTP_CONTEXT],
        "type": [name, "VerifiableCredential"],
        **_object(name, depth),
    }


def _object(name: str, depth: int) -> dict[str, Any]:
    shape = find_shape(name)
    if "free" in shape.words:
        return {"anything": {"at": ["all", 1, False]}}
    found: dict[str, Any] = {}
    if not shape.words & {"value", "credential"}:
        found["type"] = [shape.name]
    for member, kind in shape.members.items():
        if depth > 0 or member in shape.required or not is_class(kind):
            value = _value(kind, depth - 1)
            found[member] = [value] if member in shape.lists else value
    return found


def _value(kind: str, depth: int) -> Any:
    if is_class(kind):
        return _object(kind, depth)
    if "|" in kind:
        return kind.split("|", maxsplit=1)[0]
    if kind.startswith(CODE_LIST):
        return min(find_codes(kind) or {"any"})
    return SOUND.get(kind, "some text")
