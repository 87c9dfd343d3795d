"""COSE_Sign1: what is read, what a protected header may say, what a signature is worth."""

from dataclasses import replace

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from tests.support.keys import BY_ALGORITHM, ED25519, OTHER_ED25519, P256, signer

from certweave.encoding.cbor import CborValue, encode_cbor
from certweave.errors import CertweaveError, InvalidError, InvalidSignatureError, UndecidedError
from certweave.keys.ecdsa import compress_point
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, PublicKey
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.proof.cose import (
    ALG,
    CONTENT_TYPE,
    CRIT,
    KID,
    TYP,
    Sign1,
    check_cose_header,
    parse_sign1,
    sign_sign1,
    verify_sign1,
)

VC = "application/vc+cose"
GOOD: dict[int | str, CborValue] = {ALG: -8, KID: b"did:web:issuer.example#key", TYP: VC}


def header(changes: dict[int | str, CborValue]) -> dict[int | str, CborValue]:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


def parsed(data: bytes) -> Sign1:
    return parse_sign1(data, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize("algorithm", JWS_ALGORITHMS)
def test_a_signed_message_verifies(algorithm: Algorithm) -> None:
    key = BY_ALGORITHM[algorithm]
    data = sign_sign1(b"payload", {TYP: VC}, signer(key))
    assert data[:2] == b"\xd2\x84"
    message = parsed(data)
    assert parsed(data[1:]) == message
    assert (message.payload, message.unprotected) == (b"payload", {})
    found = check_cose_header(message.header, typ=VC)
    assert (found.algorithm, found.kid, found.typed) == (algorithm, signer(key).method, True)
    verify_sign1(message, key.public)


def test_the_published_example() -> None:
    """RFC 9052 Appendix C.2.1, with the key of Appendix C.7.1; its kid stands unprotected."""
    message = parsed(
        bytes.fromhex(
            "d28443a10126a10442313154546869732069732074686520636f6e74656e742e58408eb33e4ca31d1c465ab05aac34cc6b23"
            "d58fef5c083106c4d25a91aef0b0117e2af9a291aa32e14ab834dc56ed2a223444547e01f11d3b0916e5a4c345cacb36"
        )
    )
    point = compress_point(
        bytes.fromhex("bac5b11cad8f99f9c72b05cf4b9e26d244dc189f745228255a219a86d6a09eff"),
        bytes.fromhex("20138bf82dc1b6d562be0fa54ab7804a3a64b6d72ccfed6b6fb6ed28bbfc117e"),
    )
    assert (message.payload, message.unprotected) == (b"This is the content.", {4: b"11"})
    assert check_cose_header(message.header, typ=VC).kid is None
    verify_sign1(message, PublicKey(Algorithm.P256, point))


def test_an_independent_reader_finds_the_same() -> None:
    """Nothing of ours but the bytes: cbor2 takes them apart, cryptography verifies (RFC 9052 §4.4)."""
    tagged = cbor2.loads(sign_sign1(b"payload", {TYP: VC}, signer(ED25519)))
    assert tagged.tag == 18
    protected, unprotected, payload, signature = tagged.value
    assert cbor2.loads(protected) == {1: -8, 4: signer(ED25519).method.encode(), 16: VC}
    assert (unprotected, payload) == ({}, b"payload")
    signed = cbor2.dumps(["Signature1", protected, b"", payload])
    Ed25519PublicKey.from_public_bytes(ED25519.public.raw).verify(signature, signed)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ({}, "cose_malformed"),
        ([], "cose_malformed"),
        ([b"", {}, b""], "cose_malformed"),
        ([b"", {}, b"", b"", b""], "cose_malformed"),
        (["", {}, b"", b""], "cose_malformed"),
        ([{}, {}, b"", b""], "cose_malformed"),
        ([b"", [], b"", b""], "cose_malformed"),
        ([b"", None, b"", b""], "cose_malformed"),
        ([b"", {}, "", b""], "cose_malformed"),
        ([b"", {}, b"", None], "cose_malformed"),
        ([b"", {}, None, b""], "cose_detached"),
        ([b"\x80", {}, b"", b""], "cose_malformed"),
        ([b"\xa0\x00", {}, b"", b""], "cbor_trailing"),
        ([b"\xbf\xff", {}, b"", b""], "cbor_indefinite"),
    ],
)
def test_no_message(value: CborValue, code: str) -> None:
    for data in (encode_cbor(value), b"\xd2" + encode_cbor(value)):
        with pytest.raises(CertweaveError) as caught:
            parsed(data)
        assert caught.value.code == code


@pytest.mark.parametrize("tag", ["d1", "d8628440a0f640"[:4], "d83d", "d2d2", "d9d9f7"])
def test_another_tag(tag: str) -> None:
    """A MAC (17), several signers (98), a CWT (61), the tag twice, or CBOR that describes itself."""
    data = bytes.fromhex(tag) + sign_sign1(b"", {}, signer())[1:]
    with pytest.raises(CertweaveError) as caught:
        parsed(data)
    assert caught.value.code == "cbor_tag"


def test_too_large() -> None:
    data = sign_sign1(b"x" * 200, {}, signer())
    with pytest.raises(UndecidedError) as caught:
        parse_sign1(data, limits=Limits(credential_bytes=200))
    assert caught.value.code == "limit_bytes"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({ALG: None}, "header_malformed"),
        ({ALG: True}, "header_malformed"),
        ({ALG: b"\x26"}, "header_malformed"),
        ({ALG: ""}, "header_malformed"),
        ({ALG: 5}, "alg_refused"),
        ({ALG: 14}, "alg_refused"),
        ({ALG: "none"}, "alg_refused"),
        ({ALG: "HS256"}, "alg_refused"),
        ({ALG: "ES256"}, "alg_unsupported"),
        ({ALG: 0}, "alg_unsupported"),
        ({ALG: -37}, "alg_unsupported"),
        ({ALG: -47}, "alg_unsupported"),
        ({CRIT: []}, "header_malformed"),
        ({CRIT: 1}, "header_malformed"),
        ({CRIT: [b"x"]}, "header_malformed"),
        ({CRIT: [True]}, "header_malformed"),
        ({CRIT: [99], 99: 1}, "crit_unknown"),
        ({CRIT: [TYP, "x"], "x": 1}, "crit_unknown"),
        ({CRIT: [CONTENT_TYPE]}, "header_malformed"),
        ({KID: "did:web:issuer.example#key"}, "header_malformed"),
        ({KID: b""}, "header_malformed"),
        ({KID: b"\xff"}, "header_malformed"),
        ({CONTENT_TYPE: ""}, "header_malformed"),
        ({CONTENT_TYPE: -1}, "header_malformed"),
        ({CONTENT_TYPE: b"x"}, "header_malformed"),
        ({TYP: "application/vp+cose"}, "typ_wrong"),
        ({TYP: "Application/VP+COSE"}, "typ_wrong"),
        ({TYP: "vc+cose"}, "typ_wrong"),
        ({TYP: 18}, "typ_wrong"),
        ({35: "https://keys.example/1"}, "header_key_refused"),
        ({14: {}}, "header_key_refused"),
    ],
)
def test_headers_refused(changes: dict[int | str, CborValue], code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        check_cose_header(header(changes), typ=VC)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {ALG: -19},
        {CRIT: [ALG, TYP]},
        {CONTENT_TYPE: "application/vc"},
        {CONTENT_TYPE: 50},
        {99: [1], "private": {}},
    ],
)
def test_headers_accepted(changes: dict[int | str, CborValue]) -> None:
    assert check_cose_header(header(changes), typ=VC).algorithm is Algorithm.ED25519


def test_what_may_be_absent() -> None:
    found = check_cose_header({ALG: -7}, typ=VC)
    assert (found.algorithm, found.kid, found.typed) == (Algorithm.P256, None, False)


def test_every_signed_part_counts() -> None:
    message = parsed(sign_sign1(b"payload", {TYP: VC}, signer()))
    changed = [
        replace(message, payload=b"payloae"),
        replace(message, protected=message.protected[:-1] + b"f"),
        replace(message, signature=bytes(64)),
        replace(message, signature=b""),
    ]
    for other in changed:
        with pytest.raises(InvalidSignatureError):
            verify_sign1(other, ED25519.public)
    with pytest.raises(InvalidSignatureError):
        verify_sign1(message, OTHER_ED25519.public)
    with pytest.raises(InvalidError) as caught:
        verify_sign1(message, P256.public)
    assert caught.value.code == "alg_key_mismatch"


@pytest.mark.parametrize("label", [ALG, KID])
def test_the_signer_says_algorithm_and_key(label: int) -> None:
    with pytest.raises(ValueError, match="come from the signer"):
        sign_sign1(b"", {label: 1}, signer())
