"""Ed25519 (RFC 8032): which bytes are a key, and signatures.

https://www.rfc-editor.org/rfc/rfc8032. Loaded when the first such key comes (``model``). libsodium verifies
and OpenSSL signs: each is the faster there. Ed25519ctx and Ed25519ph are not here.
"""

from collections.abc import Callable
from typing import Final

from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from certweave.errors import InvalidError, InvalidSignatureError, MalformedError

ED25519_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
_FIELD: Final = 2**255 - 19
_EDWARDS_D: Final = -121665 * pow(121666, -1, _FIELD) % _FIELD

_SMALL_ORDER_Y8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""The y of two of the four points of order 8; the other two have its negative. RFC 8032 lets them pass."""

_SMALL_ORDER_Y: Final = frozenset({0, 1, _FIELD - 1, _SMALL_ORDER_Y8, _FIELD - _SMALL_ORDER_Y8})


def check_public(raw: bytes) -> None:
    """Check that ``raw`` is the one encoding of a point that a key may be.

    Raises:
        MalformedError: the wrong length, or no point of the curve.
        InvalidError: a point of small order, or a second encoding.
    """
    if len(raw) != 32:
        raise MalformedError("an Ed25519 public key has 32 bytes", code="key_malformed")
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= _FIELD:
        # RFC 8032 §5.1.3 step 1 refuses these as well; OpenSSL takes them.
        raise InvalidError("the Ed25519 key is a second encoding of its point", code="key_not_canonical")
    if y in _SMALL_ORDER_Y:
        raise InvalidError("the Ed25519 key is a point of small order", code="key_weak")
    # RFC 8032 §5.1.3 step 2: x² = (y² − 1) / (d·y² + 1) must be a square. Euler's criterion, with the
    # division turned into a product, which changes the value by a square only.
    numerator, denominator = y * y - 1, _EDWARDS_D * y * y + 1
    if pow(numerator * denominator, (_FIELD - 1) // 2, _FIELD) != 1:
        raise MalformedError("the Ed25519 key is no point of the curve", code="key_malformed")


def verify(raw: bytes, signature: bytes, data: bytes) -> None:
    """Verify a signature of 64 bytes, R‖S; raises InvalidSignatureError."""
    if int.from_bytes(signature[32:], "little") >= ED25519_ORDER:
        raise InvalidSignatureError("the signature is a second form of another", code="signature_form")
    try:
        # libsodium takes half of the time that OpenSSL needs, and every verification waits for this.
        crypto_sign_open(signature + data, raw)
    except BadSignatureError:
        raise InvalidSignatureError("the signature does not match") from None


def load_private(secret: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """Return the public key of a seed, and what signs with it."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # verifying needs it not

    key = Ed25519PrivateKey.from_private_bytes(secret)
    return key.public_key().public_bytes_raw(), key.sign
