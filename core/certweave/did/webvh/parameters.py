"""The ``parameters`` of a did:webvh log entry, and how they govern the next entry.

Follows did:webvh 1.0, "did:webvh DID Method Parameters" and "Pre-Rotation Key Hash Generation and
Verification" (https://identity.foundation/didwebvh/v1.0/). Allow-list: an unknown parameter breaks the
history. As the specification asks of readers, ``null`` is taken for the default of the five parameters
where early writers used it. Witnesses are not implemented: a log that uses them is undecided.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from certweave.did.history import LogParameters
from certweave.encoding.multibase import base58_encode
from certweave.encoding.multihash import sha256_multihash
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidHistoryError, UnsupportedError

METHOD = "did:webvh:1.0"
DEFAULT_TTL = 3600
MAX_TTL = 1 << 31
MAX_ITEMS = 256
"""In one list of keys, hashes or watchers; real lists have fewer than ten."""

_NULLABLE = ("updateKeys", "nextKeyHashes", "witness", "watchers", "ttl")


def hash_key(multikey: str) -> str:
    """Return the ``nextKeyHashes`` value that commits to a key."""
    return base58_encode(sha256_multihash(multikey.encode("ascii")))


def apply_parameters(previous: LogParameters | None, raw: JsonObject, path: str) -> LogParameters:
    """Return the parameters after an entry, given those before it (None for the first entry).

    Raises:
        InvalidHistoryError: ``parameter_unknown``, ``parameter_malformed``, ``parameter_misplaced``,
            ``method_version_unknown`` or ``pre_rotation_violated``; ``path`` is the parameter.
    """
    stated = _check_form(raw, path)
    if previous is None:
        return _first(stated, path)
    for name in ("scid", "portable"):
        if stated.get(name, False) is not False:
            detail = f"the parameter {name} may be set in the first entry only"
            raise InvalidHistoryError(detail, code="parameter_misplaced", path=join(path, name))
    if previous.next_key_hashes:
        _check_pre_rotation(previous.next_key_hashes, stated, path)
    return _merge(previous, stated)


def active_update_keys(previous: LogParameters | None, current: LogParameters) -> tuple[str, ...]:
    """Return the keys that may sign an entry ("Authorized Keys").

    Those of the entry itself when it is the first or when keys were committed to beforehand, else those that
    held before it.
    """
    return current.update_keys if previous is None or previous.next_key_hashes else previous.update_keys


def check_witness(raw: JsonObject, path: str) -> None:
    """Stop at a log that uses witnesses.

    Raises:
        UnsupportedError: ``witness_unsupported``.
    """
    if raw.get("witness"):
        detail = "the DID log uses witnesses, which are not implemented"
        raise UnsupportedError(detail, code="witness_unsupported", path=join(path, "witness"))


def _first(stated: JsonObject, path: str) -> LogParameters:
    for name in ("method", "scid", "updateKeys"):
        if not stated.get(name):
            detail = f"the first entry has no parameter {name}"
            raise InvalidHistoryError(detail, code="parameter_malformed", path=join(path, name))
    start = LogParameters(stated["scid"], ttl=DEFAULT_TTL, portable=stated.get("portable", False))
    return _merge(start, stated)


def _merge(start: LogParameters, stated: JsonObject) -> LogParameters:
    return replace(
        start,
        update_keys=tuple(stated.get("updateKeys", start.update_keys)),
        next_key_hashes=tuple(stated.get("nextKeyHashes", start.next_key_hashes)),
        portable=stated.get("portable", start.portable),
        deactivated=stated.get("deactivated", start.deactivated),
        ttl=stated.get("ttl", start.ttl),
        watchers=tuple(stated.get("watchers", start.watchers)),
    )


def _check_pre_rotation(committed: tuple[str, ...], stated: JsonObject, path: str) -> None:
    """Every update key, not only a new one, must be among those committed to."""
    for name in ("updateKeys", "nextKeyHashes"):
        if name not in stated:
            detail = f"keys were committed to beforehand, so the entry must state {name}"
            raise InvalidHistoryError(detail, code="pre_rotation_violated", path=join(path, name))
    for index, key in enumerate(stated["updateKeys"]):
        if hash_key(key) not in committed:
            detail = "an update key is not among those that the entry before committed to"
            place = join(path, "updateKeys", index)
            raise InvalidHistoryError(detail, code="pre_rotation_violated", path=place)


def _check_form(raw: JsonObject, path: str) -> JsonObject:
    """Return the parameters that are stated, with ``null`` made the default it once stood for."""
    stated: JsonObject = {}
    for name, value in raw.items():
        check = _FORMS.get(name)
        if check is None:
            detail = f"the parameter {name[:80]!r} is not one of did:webvh 1.0"
            raise InvalidHistoryError(detail, code="parameter_unknown", path=join(path, name))
        if value is None and name in _NULLABLE:
            # Left out while keys are committed to, so that it cannot stand for an explicit list.
            stated.update({} if name in ("updateKeys", "nextKeyHashes") else {name: _NULL[name]})
            continue
        if name == "method" and value != METHOD:
            detail = f"the method version {str(value)[:80]!r} is not {METHOD}"
            raise InvalidHistoryError(detail, code="method_version_unknown", path=join(path, name))
        if not check(value):
            detail = f"the parameter {name} has the wrong form"
            raise InvalidHistoryError(detail, code="parameter_malformed", path=join(path, name))
        stated[name] = value
    return stated


def _is_texts(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MAX_ITEMS
        and all(isinstance(one, str) and one and one.isascii() for one in value)
        and len(set(value)) == len(value)
    )


def _is_ttl(value: Any) -> bool:
    return type(value) is int and 0 <= value <= MAX_TTL


_NULL: JsonObject = {"witness": {}, "watchers": [], "ttl": DEFAULT_TTL}
_FORMS: dict[str, Callable[[Any], bool]] = {
    "method": lambda value: isinstance(value, str),
    "scid": lambda value: isinstance(value, str),
    "updateKeys": _is_texts,
    "nextKeyHashes": _is_texts,
    "witness": lambda value: isinstance(value, dict),
    "watchers": _is_texts,
    "portable": lambda value: isinstance(value, bool),
    "deactivated": lambda value: isinstance(value, bool),
    "ttl": _is_ttl,
}
