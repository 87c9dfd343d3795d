"""Two libraries on Ed25519: what one signs the other takes, and a changed signature neither takes."""

from hashlib import sha512

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from hypothesis import given
from hypothesis import strategies as st

from certweave.errors import InvalidSignatureError
from certweave.keys.model import Algorithm, PrivateKey, PublicKey

ORDER = 2**252 + 27742317777372353535851937790883648493
SECRETS = st.binary(min_size=32, max_size=32)


def openssl_takes(key: PublicKey, signature: bytes, data: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, data)
    except InvalidSignature:
        return False
    return True


@given(SECRETS, st.binary(max_size=300))
def test_a_signature_is_taken_by_both(secret: bytes, data: bytes) -> None:
    private = PrivateKey(Algorithm.ED25519, secret)
    signature = private.sign(data)
    private.public.verify(signature, data)
    assert openssl_takes(private.public, signature, data)


@given(SECRETS, st.binary(min_size=1, max_size=100), st.integers(0, 64 * 8 - 1), st.booleans())
def test_a_changed_bit_is_refused_by_both(secret: bytes, data: bytes, bit: int, in_data: bool) -> None:
    private = PrivateKey(Algorithm.ED25519, secret)
    signature = private.sign(data)
    changed = bytearray(data if in_data else signature)
    changed[bit // 8 % len(changed)] ^= 1 << bit % 8
    signature, data = (signature, bytes(changed)) if in_data else (bytes(changed), data)
    assert not openssl_takes(private.public, signature, data)
    with pytest.raises(InvalidSignatureError):
        private.public.verify(signature, data)


@given(SECRETS, st.binary(max_size=50))
def test_a_nonce_of_small_order_is_refused(secret: bytes, data: bytes) -> None:
    """No honest signer has zero as its nonce; OpenSSL takes such a signature, we do not."""
    private = PrivateKey(Algorithm.ED25519, secret)
    nonce_point = (1).to_bytes(32, "little")
    scalar = bytearray(sha512(secret).digest()[:32])
    scalar[0] &= 248
    scalar[31] = scalar[31] & 127 | 64
    challenge = int.from_bytes(sha512(nonce_point + private.public.raw + data).digest(), "little")
    answer = challenge * int.from_bytes(scalar, "little") % ORDER
    signature = nonce_point + answer.to_bytes(32, "little")
    assert openssl_takes(private.public, signature, data)
    with pytest.raises(InvalidSignatureError):
        private.public.verify(signature, data)
