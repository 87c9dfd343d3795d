"""Text forms of bytes: base64url, base58btc, and Multibase over these two.

Follows RFC 4648 §5 (https://www.rfc-editor.org/rfc/rfc4648) without padding as in RFC 7515 §2, and
Multibase as in Controlled Identifiers 1.0 §2.4 (https://www.w3.org/TR/cid-1.0/#multibase-0). Other bases
of Multibase are refused: no document of our field uses them.
"""

import binascii
from typing import Literal

from certweave.errors import Cause, MalformedError, UndecidedError, UnsupportedError

MAX_BASE58_TEXT = 4096
"""Reading base58 takes quadratic time; the longest honest value (a signature) has 90 characters."""

_ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"
_NO_DIGIT = 255
_DIGITS = bytes(_ALPHABET.find(chr(byte)) % 256 for byte in range(256))
"""The digit that each character stands for, ``_NO_DIGIT`` for all others."""


def base64url_encode(data: bytes) -> str:
    """Return ``data`` in base64url without padding."""
    return binascii.b2a_base64(data, newline=False).translate(_TO_URL).rstrip(b"=").decode("ascii")


def base64url_decode(text: str) -> bytes:
    """Read base64url without padding; every byte string has exactly one accepted text.

    Raises:
        MalformedError: padding, blanks, foreign characters, an impossible length, or stray trailing bits.
    """
    raw = text.encode("ascii", "replace").translate(_FROM_URL)
    try:
        data = binascii.a2b_base64(raw + b"=" * (-len(raw) % 4), strict_mode=True)
    except binascii.Error:
        raise MalformedError("not base64url without padding", code="base64url") from None
    if len(text) % 4 and text[-1] not in _LAST[len(text) % 4]:
        raise MalformedError("the last character of the base64url text has stray bits", code="base64url")
    return data


_LAST = {2: "AQgw", 3: "AEIMQUYcgkosw048"}
"""What a text may end with whose last group has two or three characters: 4 or 2 bits are left over."""
_TO_URL = bytes.maketrans(b"+/", b"-_")
# What base64 has and base64url has not becomes a character that neither has, which strict reading refuses.
_FROM_URL = bytes.maketrans(b"-_+/=", b"+/!!!")


def base58_encode(data: bytes) -> str:
    """Return ``data`` in base58btc."""
    number = int.from_bytes(data)
    digits = []
    while number:
        number, digit = divmod(number, 58)
        digits.append(_ALPHABET[digit])
    zeros = len(data) - len(data.lstrip(b"\0"))
    return "1" * zeros + "".join(reversed(digits))


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
    number = 0
    for digit in digits:
        number = number * 58 + digit
    zeros = len(text) - len(text.lstrip("1"))
    return b"\0" * zeros + number.to_bytes((number.bit_length() + 7) // 8)


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
