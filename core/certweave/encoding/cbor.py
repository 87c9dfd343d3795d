"""CBOR as strangers send it, read strictly, and written in one way only.

Follows RFC 8949 (https://www.rfc-editor.org/rfc/rfc8949) narrowed to what COSE needs: definite lengths, the
shortest form of every length and integer (§4.2.1), keys that are integers or text and stand once in a map, no
tags, no simple values but false, true and null. The bytes are walked without recursion, and every bound is
checked, before cbor2 builds values. What they mean is not judged, and the order of keys is free when read.
"""

from dataclasses import dataclass, field
from typing import Any, Final

from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.limits import Limits

CborValue = dict[Any, Any] | list[Any] | str | bytes | int | float | bool | None

_UNSIGNED, _NEGATIVE, _BYTES, _TEXT, _ARRAY, _MAP, _TAG, _SIMPLE = range(8)
_KEYS: Final = frozenset((_UNSIGNED, _NEGATIVE, _TEXT))
_CONSTANTS: Final = frozenset((20, 21, 22))
"""false, true and null (RFC 8949 §3.3)."""
_FLOATS: Final = {25: 2, 26: 4, 27: 8}
"""Bytes of a half, single and double precision number, by the low five bits of the first byte."""


def decode_cbor(data: bytes, *, limits: Limits) -> CborValue:
    """Read one CBOR item that fills ``data``.

    Raises:
        MalformedError: cut short, data after the item, an indefinite length, a longer form than needed, a key
            twice in a map or of another type, a tag, another simple value, text that is not UTF-8.
        UndecidedError: more bytes, depth or items than ``limits`` allow (cause ``limit``).
    """
    if len(data) > limits.credential_bytes:
        raise _limit("limit_bytes", f"the CBOR has more than {limits.credential_bytes} bytes")
    _Walk(data, limits).run()
    from cbor2 import CBORDecodeError, loads  # loads a compiled module; most inputs are no CBOR

    try:
        value: CborValue = loads(data)
    except (CBORDecodeError, ValueError):
        raise MalformedError("a text inside the CBOR is not UTF-8", code="cbor_malformed") from None
    return value


def encode_cbor(value: CborValue) -> bytes:
    """Write ``value`` in the Core Deterministic Encoding (RFC 8949 §4.2.1): keys sorted by their bytes."""
    from cbor2 import dumps

    return dumps(_sorted(value))


def _sorted(value: CborValue) -> CborValue:
    if isinstance(value, list):
        return [_sorted(item) for item in value]
    if isinstance(value, dict):
        return {key: _sorted(value[key]) for key in sorted(value, key=encode_cbor)}
    return value


@dataclass(slots=True)
class _Open:
    """An array or map whose items are still to come; of a map, each key and each value is one."""

    left: int
    keyed: bool
    keys: set[bytes] = field(default_factory=set)


@dataclass(slots=True)
class _Walk:
    """One pass over the bytes, which keeps its own stack: hostile depth costs no recursion."""

    data: bytes
    limits: Limits
    place: int = 0
    items: int = 0
    stack: list[_Open] = field(default_factory=list)

    def run(self) -> None:
        """Check every item, and that nothing comes after the outermost."""
        while True:
            self._item()
            while self.stack and not self.stack[-1].left:
                self.stack.pop()
            if not self.stack:
                break
            self.stack[-1].left -= 1
        if self.place != len(self.data):
            raise MalformedError(f"there is more after the CBOR item, {self._where()}", code="cbor_trailing")

    def _item(self) -> None:
        start = self.place
        self.items += 1
        if self.items > self.limits.members:
            raise _limit("limit_members", f"the CBOR has more than {self.limits.members} items")
        major, argument = self._head()
        if major in (_BYTES, _TEXT):
            self._take(argument)
        self._check_key(major, start)
        if major in (_ARRAY, _MAP):
            self._open(argument, keyed=major == _MAP)

    def _check_key(self, major: int, start: int) -> None:
        """Refuse a key of another type, and one that its map holds already: each has one form only."""
        if not self.stack or not self.stack[-1].keyed or not self.stack[-1].left % 2:
            return
        if major not in _KEYS:
            detail = f"a key of a map is neither an integer nor text, {self._where()}"
            raise MalformedError(detail, code="cbor_malformed")
        key, keys = self.data[start : self.place], self.stack[-1].keys
        if key in keys:
            raise MalformedError(f"a key stands twice in one map, {self._where()}", code="cbor_duplicate_key")
        keys.add(key)

    def _open(self, count: int, *, keyed: bool) -> None:
        if len(self.stack) >= self.limits.depth:
            raise _limit("limit_depth", f"the CBOR nests more than {self.limits.depth} deep")
        # Every item takes a byte, so a count beyond the rest of the data is a lie told to reserve memory.
        left = 2 * count if keyed else count
        if left > len(self.data) - self.place:
            raise self._short()
        self.stack.append(_Open(left, keyed))

    def _head(self) -> tuple[int, int]:
        """Return the major type and the argument of the item that starts here (RFC 8949 §3)."""
        first = self._take(1)[0]
        major, low = first >> 5, first & 31
        if major == _SIMPLE:
            self._simple(low)
            return major, 0
        if major == _TAG:
            raise MalformedError(f"a tag stands where none is expected, {self._where()}", code="cbor_tag")
        if low < 24:
            return major, low
        if low == 31:
            raise MalformedError(f"an indefinite length, {self._where()}", code="cbor_indefinite")
        if low > 27:
            raise MalformedError(f"a reserved first byte, {self._where()}", code="cbor_malformed")
        size = 1 << (low - 24)
        argument = int.from_bytes(self._take(size))
        if argument < (24 if size == 1 else 1 << (4 * size)):
            raise MalformedError(f"a longer form than needed, {self._where()}", code="cbor_not_shortest")
        return major, argument

    def _simple(self, low: int) -> None:
        if low in _FLOATS:
            self._take(_FLOATS[low])
        elif low not in _CONSTANTS:
            detail = f"a simple value that is neither false, true nor null, {self._where()}"
            raise MalformedError(detail, code="cbor_malformed")

    def _take(self, size: int) -> bytes:
        if size > len(self.data) - self.place:
            raise self._short()
        self.place += size
        return self.data[self.place - size : self.place]

    def _short(self) -> MalformedError:
        return MalformedError(f"the CBOR ends too early, {self._where()}", code="cbor_truncated")

    def _where(self) -> str:
        return f"before byte {self.place}"


def _limit(code: str, detail: str) -> UndecidedError:
    return UndecidedError(detail, code=code, cause=Cause.LIMIT)
