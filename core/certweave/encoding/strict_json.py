"""JSON as strangers send it, read strictly, with every bound checked before memory is spent.

Follows RFC 8259 (https://www.rfc-editor.org/rfc/rfc8259) narrowed to I-JSON, RFC 7493
(https://www.rfc-editor.org/rfc/rfc7493): UTF-8 without byte-order mark, no member twice in one object,
no lone surrogate, no number beyond ±(2^53−1), in whatever notation. It does not judge what the members mean.
"""

import json
import re
from array import array
from itertools import accumulate
from typing import Any, NoReturn

import orjson

from certweave.encoding.pointer import join
from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.limits import Limits

JsonValue = dict[str, Any] | list[Any] | str | int | float | bool | None
JsonObject = dict[str, Any]

MAX_INTEGER = 2**53 - 1
"""The largest integer that every reader of JSON takes for the same number (RFC 7493 §2.2)."""

_STRUCTURE = b'[]{},"'
_NOT_STRUCTURE = bytes(set(range(256)) - set(_STRUCTURE))
_STEPS = bytes.maketrans(b"[{]},", b"\x01\x01\xff\xff\x00")
_EXPONENT = re.compile(rb"e[+-]?[0-9]+[,\]}]")
_TO_ZEROS = bytes.maketrans(b"123456789", b"000000000")
_SIXTEEN_DIGITS = b"0" * len(str(MAX_INTEGER))
_PAIR = re.compile(rb"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}")
_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")


def parse_json(data: bytes | str, *, limits: Limits) -> JsonValue:
    """Read one JSON text.

    Raises:
        MalformedError: a byte-order mark, not UTF-8, not JSON, data after the value, a member twice in one
            object (``path`` is the object), a lone surrogate, NaN or Infinity, a number out of range.
        UndecidedError: more bytes, depth or members than ``limits`` allow (cause ``limit``).
    """
    raw = _as_bytes(data)
    value = _read_as_written(raw, limits)
    return parse_json_at_length(raw, limits=limits) if value is None else value


def parse_json_at_length(raw: bytes, *, limits: Limits) -> JsonValue:
    """Read the same, raise the same, by a reader that sees every member and number as it stands there."""
    if len(raw) > limits.credential_bytes:
        raise _limit(code="limit_bytes", detail=f"the text has more than {limits.credential_bytes} bytes")
    if raw.startswith(b"\xef\xbb\xbf"):
        raise MalformedError("the text starts with a byte-order mark", code="json_bom")
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        detail = f"the text is not UTF-8: byte {error.start} does not fit"
        raise MalformedError(detail, code="json_encoding") from None
    _check_shape(raw, limits)
    _check_surrogates(raw)
    return _decode(text)


def parse_object(data: bytes | str, *, limits: Limits) -> JsonObject:
    """Read one JSON text that must be an object; raises as ``parse_json``, Malformed for other values too."""
    value = parse_json(data, limits=limits)
    if not isinstance(value, dict):
        raise MalformedError("a JSON object is expected here", code="json_not_object")
    return value


def _as_bytes(data: bytes | str) -> bytes:
    if isinstance(data, bytes):
        return data
    try:
        return data.encode("utf-8")
    except UnicodeEncodeError:
        raise MalformedError("the text holds a lone surrogate", code="json_surrogate") from None


def _read_as_written(raw: bytes, limits: Limits) -> JsonObject | None:
    """Read an object in a third of the time; None where this is not known to be right, errors included.

    orjson keeps one of two members of one name, and rounds what it cannot hold. So what it read it writes
    again: where that gives the same bytes, nothing was lost. Large numbers it reads and writes by rules that
    are not ours (``_float``), so a text that may have one is left to the other reader.
    """
    if len(raw) > limits.credential_bytes:
        return None
    try:
        _check_shape(raw, limits)
        value = orjson.loads(raw)
        exact = isinstance(value, dict) and orjson.dumps(value) == raw
    except (UndecidedError, orjson.JSONDecodeError, orjson.JSONEncodeError):
        return None
    large = _EXPONENT.search(raw) is not None or _SIXTEEN_DIGITS in raw.translate(_TO_ZEROS)
    return value if exact and not large else None


def _decode(text: str) -> JsonValue:
    try:
        value: JsonValue = _DECODER.decode(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data":
            detail = f"there is more after the JSON value, from character {error.pos} on"
            raise MalformedError(detail, code="json_trailing") from None
        detail = f"not JSON at line {error.lineno}, column {error.colno}: {error.msg}"
        raise MalformedError(detail, code="json_syntax") from None
    except RecursionError:
        detail = "the text nests deeper than this reader can go"
        raise _limit(code="limit_depth", detail=detail) from None
    except _RepeatedError as error:
        detail = f"the member {error.name[:80]!r} stands twice in one object"
        raise MalformedError(detail, code="json_duplicate_member", path=_find_repeated(text)) from None
    return value


def _check_shape(raw: bytes, limits: Limits) -> None:
    """Count depth and members outside of strings, so that no recursion starts on hostile input."""
    if raw.count(b"[") + raw.count(b"{") <= limits.depth and len(raw) <= limits.members:
        return  # however much of it stands in strings
    if b"\\" in raw:
        # First the escaped backslashes, then the escaped quotes: a run of backslashes reads from the left.
        raw = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    outside = b"".join(raw.translate(None, _NOT_STRUCTURE).split(b'"')[::2])
    openings = outside.count(b"[") + outside.count(b"{")
    # Each array or object holds one more than it has commas; an empty one is counted as if it held one.
    if outside.count(b",") + openings > limits.members:
        raise _limit(
            code="limit_members", detail=f"the text has more than {limits.members} members and items"
        )
    if openings > limits.depth and max(accumulate(array("b", outside.translate(_STEPS)))) > limits.depth:
        raise _limit(code="limit_depth", detail=f"the text nests more than {limits.depth} deep")


def _check_surrogates(raw: bytes) -> None:
    if b"\\ud" not in raw and b"\\uD" not in raw:
        return
    rest = _PAIR.sub(b"", raw.replace(b"\\\\", b""))
    if _SURROGATE.search(rest):
        raise MalformedError("a string holds a lone surrogate", code="json_surrogate")


def _limit(*, code: str, detail: str) -> UndecidedError:
    return UndecidedError(detail, code=code, cause=Cause.LIMIT)


class _RepeatedError(Exception):
    """Leaves the decoder at the first object that has a member twice; never leaves this module."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


class _Repeated:
    """Stands in the second reading for an object that has a member twice."""


def _object(pairs: list[tuple[str, Any]]) -> JsonObject:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _RepeatedError(_first_repeated(pairs))
    return members


def _first_repeated(pairs: list[tuple[str, Any]]) -> str:
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    return ""  # pragma: no cover - it is asked only where a name is repeated


def _object_or_mark(pairs: list[tuple[str, Any]]) -> JsonObject | _Repeated:
    members = dict(pairs)
    return members if len(members) == len(pairs) else _Repeated()


def _integer(text: str) -> int:
    # 2^53 - 1 has 16 digits; the length check comes first because long conversions are quadratic.
    if len(text) > 17 or not -MAX_INTEGER <= (number := int(text)) <= MAX_INTEGER:
        raise MalformedError(f"the integer {text[:24]} does not fit into 53 bits", code="json_number")
    return number


def _float(text: str) -> float:
    # Beyond 2^53 every double is an integer, and its canonical form (RFC 8785) is written as one: what we
    # read, we must be able to read again after canonicalising.
    number = float(text)
    if not -MAX_INTEGER <= number <= MAX_INTEGER:
        raise MalformedError(f"the number {text[:24]} is beyond 53 bits", code="json_number")
    return number


def _constant(text: str) -> NoReturn:
    raise MalformedError(f"{text} is not JSON", code="json_number")


_DECODER = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
)
_MARKING_DECODER = json.JSONDecoder(object_pairs_hook=_object_or_mark)


def _find_repeated(text: str) -> str:
    """Return the JSON Pointer of the first object with a repeated member, reading the text a second time."""
    try:
        value: Any = _MARKING_DECODER.decode(text)
    except ValueError:
        # What comes after the repeated member is broken as well: the place is then the whole text.
        return ""
    todo: list[tuple[str, Any]] = [("", value)]
    while todo:
        path, value = todo.pop()
        if isinstance(value, _Repeated):
            return path
        if isinstance(value, dict):
            todo.extend((join(path, name), item) for name, item in reversed(value.items()))
        elif isinstance(value, list):
            todo.extend((join(path, index), item) for index, item in reversed(list(enumerate(value))))
    return ""  # pragma: no cover - the first reading met a repeated member, so this one does
