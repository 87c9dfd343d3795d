"""Text forms of bytes: base64url, base58btc, and Multibase over these two.

Follows RFC 4648 §5 (https://www.rfc-editor.org/rfc/rfc4648) without padding as in RFC 7515 §2, and
Multibase as in Controlled Identifiers 1.0 §2.4 (https://www.w3.org/TR/cid-1.0/#multibase-0). Other bases
of Multibase are refused: no document of our field uses them.
"""

from functools import cache
from typing import Literal

from pybase64 import b64decode, b64encode

from certweave.errors import Cause, MalformedError, UndecidedError, UnsupportedError

MAX_BASE58_TEXT = 4096
"""Reading costs more per character the longer it is; the longest honest value (a signature) has 90."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NO_DIGIT = 255
_DIGITS = bytes(_ALPHABET.find(chr(byte)) % 256 for byte in range(256))
"""The digit that each character stands for, ``_NO_DIGIT`` for all others."""


def base64url_encode(data: bytes) -> str:
    """Return ``data`` in base64url without padding."""
    return b64encode(data, b"-_").rstrip(b"=").decode("ascii")


def base64url_decode(text: str) -> bytes:
    """Read base64url without padding; every byte string has exactly one accepted text.

    Raises:
        MalformedError: padding, blanks, foreign characters, an impossible length, or stray trailing bits.
    """
    over = len(text) % 4
    try:
        if "=" in text or "+" in text or "/" in text:
            raise ValueError("characters of base64, which is not base64url")
        data = b64decode(text + _PADDING[over], b"-_", validate=True)
    except ValueError:  # binascii.Error among them
        raise MalformedError("not base64url without padding", code="base64url") from None
    if over and text[-1] not in _LAST[over]:
        raise MalformedError("the last character of the base64url text has stray bits", code="base64url")
    return data


_PADDING = ("", "===", "==", "=")
_LAST = {2: "AQgw", 3: "AEIMQUYcgkosw048"}
"""What a text may end with whose last group has two or three characters: 4 or 2 bits are left over."""


def base58_encode(data: bytes) -> str:
    """Return ``data`` in base58btc."""
    number, pairs = int.from_bytes(data), _pairs()
    parts = []
    while number:
        # Four digits at a time: it is the division of a large number that takes time.
        number, four = divmod(number, 58**4)
        parts.append(pairs[four // 58**2] + pairs[four % 58**2])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(parts)).lstrip("1")


@cache
def _pairs() -> tuple[str, ...]:
    return tuple(high + low for high in _ALPHABET for low in _ALPHABET)


def base58_decode(text: str) -> bytes:
    """Read base58btc.

    Raises:
        MalformedError: a character outside the alphabet.
        UndecidedError: more than ``MAX_BASE58_TEXT`` characters (cause ``limit``).
    """
    if len(text) > MAX_BASE58_TEXT:
        detail = f"a base58 text has more than {MAX_BASE58_TEXT} characters"
        raise UndecidedError(detail, code="limit_multibase", cause=Cause.LIMIT)
    digits = text.encode("ascii", "replace").translate(_DIGITS)
    if _NO_DIGIT in digits:
        raise MalformedError(f"{text[digits.index(_NO_DIGIT)]!a} is not a base58 character", code="base58")
    number = int.from_bytes(digits)
    for width, every_other, base in _halvings(len(digits).bit_length()):
        number = (number & every_other) + (number >> width & every_other) * base
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


@cache
def _halvings(levels: int) -> tuple[tuple[int, int, int], ...]:
    """Return how 2**levels digits, a byte each, become one number: at each level two neighbours become one.

    Of each level: how many bits a digit has, a mask for every other one, and the base that they count in.
    """
    steps = []
    for level in range(levels):
        size = 2**level
        every_other = int.from_bytes((bytes(size) + b"\xff" * size) * 2 ** (levels - level - 1))
        steps.append((8 * size, every_other, 58**size))
    return tuple(steps)


def encode_multibase(data: bytes, base: Literal["z", "u"] = "z") -> str:
    """Return ``data`` in Multibase: ``z`` is base58btc, ``u`` is base64url without padding."""
    return base + (base58_encode(data) if base == "z" else base64url_encode(data))


def decode_multibase(text: str) -> bytes:
    """Read a Multibase text of base ``z`` or ``u``.

    Raises:
        MalformedError: empty, or the digits do not fit the base.
        UnsupportedError: another base.
        UndecidedError: too long (cause ``limit``).
    """
    if not text:
        raise MalformedError("an empty text is not Multibase", code="multibase")
    if text[0] == "z":
        return base58_decode(text[1:])
    if text[0] == "u":
        return base64url_decode(text[1:])
    raise UnsupportedError(f"the Multibase base {text[0]!a} is not one we read", code="multibase_base")
