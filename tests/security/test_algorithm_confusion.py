"""Attack: the verifier's public key used as a shared secret, or a key taken for one of another kind.

RFC 8725 §2.1: a signature by HMAC, keyed with public bytes that everybody knows.
"""

import hashlib
import hmac

import pytest
from tests.support.keys import ED25519, P256, signer

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.errors import InvalidError, InvalidSignatureError
from certweave.keys.model import PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import check_header, parse_compact, verify_jws

KEYS = pytest.mark.parametrize("private", [ED25519, P256], ids=["Ed25519", "P-256"])


def forge(alg: str, signature_of: object) -> str:
    header = base64url_encode(canonicalize({"alg": alg, "kid": signer().method, "typ": "vc+jwt"}))
    signing_input = f"{header}.{base64url_encode(b'{}')}"
    signature = signature_of(signing_input.encode()) if callable(signature_of) else b""
    return f"{signing_input}.{base64url_encode(signature)}"


@KEYS
@pytest.mark.parametrize("alg", ["HS256", "HS384", "HS512", "hs256"])
def test_public_key_as_shared_secret(private: PrivateKey, alg: str) -> None:
    secrets = (private.public.raw, private.public.multikey.encode())
    for secret in secrets:
        token = forge(alg, lambda data, secret=secret: hmac.new(secret, data, hashlib.sha256).digest())
        jws = parse_compact(token, limits=DEFAULT_LIMITS)
        for refuse in (
            lambda jws=jws: check_header(jws.header, typ="vc+jwt"),
            lambda jws=jws: verify_jws(jws, private.public),
        ):
            with pytest.raises(InvalidError) as caught:
                refuse()
            assert caught.value.code == "alg_refused"


def test_a_good_signature_under_the_name_of_the_other_algorithm() -> None:
    for private, alg in ((ED25519, "ES256"), (P256, "EdDSA"), (P256, "Ed25519")):
        jws = parse_compact(forge(alg, private.sign), limits=DEFAULT_LIMITS)
        with pytest.raises(InvalidError) as caught:
            verify_jws(jws, private.public)
        assert caught.value.code == "alg_key_mismatch"


def test_es256_in_der_is_not_taken() -> None:
    """RFC 7518 §3.4: two numbers of 32 bytes, and nothing that OpenSSL would read as well."""
    from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature

    def der(data: bytes) -> bytes:
        raw = P256.sign(data)
        return encode_dss_signature(int.from_bytes(raw[:32]), int.from_bytes(raw[32:]))

    with pytest.raises(InvalidSignatureError) as caught:
        verify_jws(parse_compact(forge("ES256", der), limits=DEFAULT_LIMITS), P256.public)
    assert caught.value.code == "signature_form"


def test_psychic_signature() -> None:
    """CVE-2022-21449: r = s = 0 verified for any message."""
    jws = parse_compact(forge("ES256", lambda _: bytes(64)), limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidSignatureError):
        verify_jws(jws, P256.public)


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u"])
def test_a_token_that_brings_its_own_key(name: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_header({"alg": "EdDSA", "typ": "vc+jwt", name: {}}, typ="vc+jwt")
    assert caught.value.code == "header_key_refused"
