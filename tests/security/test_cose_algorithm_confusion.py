"""Attack: a COSE message whose algorithm does not fit the key, or proves nothing about who signed.

RFC 8725 §2.1 for COSE: a MAC keyed with the public key; ECDSA and EdDSA taken for each other; a signature in
another form; a signature made for another purpose under the same key.
"""

import hashlib
import hmac

import pytest
from tests.support.keys import ED25519, P256, signer

from certweave.encoding.cbor import CborValue, encode_cbor
from certweave.errors import InvalidError, InvalidSignatureError
from certweave.keys.model import PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import Sign1, check_cose_header, parse_sign1, verify_sign1

KEYS = pytest.mark.parametrize("private", [ED25519, P256], ids=["Ed25519", "P-256"])


def forge(alg: CborValue, signature_of: object, *, context: str = "Signature1") -> Sign1:
    header = encode_cbor({1: alg, 4: signer().method.encode(), 16: "application/vc+cose"})
    signed = encode_cbor([context, header, b"", b"{}"])
    signature = signature_of(signed) if callable(signature_of) else b""
    return parse_sign1(encode_cbor([header, {}, b"{}", signature]), limits=DEFAULT_LIMITS)


@KEYS
@pytest.mark.parametrize("alg", [4, 5, 6, 7, 14, 15, "HS256", "none", "None"])
def test_public_key_as_shared_secret(private: PrivateKey, alg: CborValue) -> None:
    message = forge(alg, lambda data: hmac.new(private.public.raw, data, hashlib.sha256).digest())
    for refuse in (
        lambda: check_cose_header(message.header, typ="application/vc+cose"),
        lambda: verify_sign1(message, private.public),
    ):
        with pytest.raises(InvalidError) as caught:
            refuse()
        assert caught.value.code == "alg_refused"


def test_a_good_signature_under_the_name_of_the_other_algorithm() -> None:
    for private, alg in ((ED25519, -7), (ED25519, -9), (P256, -8), (P256, -19)):
        with pytest.raises(InvalidError) as caught:
            verify_sign1(forge(alg, private.sign), private.public)
        assert caught.value.code == "alg_key_mismatch"


@KEYS
@pytest.mark.parametrize("context", ["Signature", "CounterSignature", "MAC0", "Encrypt0", ""])
def test_a_signature_that_was_made_for_something_else(private: PrivateKey, context: str) -> None:
    alg = -8 if private is ED25519 else -7
    verify_sign1(forge(alg, private.sign), private.public)
    with pytest.raises(InvalidSignatureError):
        verify_sign1(forge(alg, private.sign, context=context), private.public)


@KEYS
def test_psychic_signature(private: PrivateKey) -> None:
    """CVE-2022-21449: r = s = 0 verified for any message."""
    with pytest.raises(InvalidSignatureError):
        verify_sign1(forge(-8 if private is ED25519 else -7, lambda _: bytes(64)), private.public)
