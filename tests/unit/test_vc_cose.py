"""vc+cose and vp+cose: claims in the header against the document, and the envelopes."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.keys import ED25519, signer

from certweave.encoding.cbor import CborValue
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import secured_digest
from certweave.proof import vc_cose
from certweave.proof.cose import ALG, CONTENT_TYPE, CWT_CLAIMS, KID, TYP, Sign1, parse_sign1, verify_sign1
from certweave.proof.vc_jwt import check_claims

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREDENTIAL: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:web:issuer.example", "name": "Issuer"},
    "credentialSubject": {"id": "did:web:subject.example"},
}
PRESENTATION: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": "did:web:holder.example",
}
MESSAGE = vc_cose.sign_credential_cose(CREDENTIAL, signer(), issued_at=NOW)


def with_header(claims: CborValue) -> Sign1:
    return Sign1({CWT_CLAIMS: claims}, b"", b"", b"", {})


def test_a_credential_becomes_the_payload() -> None:
    message = parse_sign1(MESSAGE, limits=DEFAULT_LIMITS)
    verify_sign1(message, ED25519.public)
    assert message.header == {
        ALG: -8,
        CONTENT_TYPE: "application/vc",
        KID: signer().method.encode(),
        CWT_CLAIMS: {6: int(NOW.timestamp())},
        TYP: "application/vc+cose",
    }
    found = parse_object(message.payload, limits=DEFAULT_LIMITS)
    assert found == CREDENTIAL
    assert check_claims(vc_cose.with_claims(found, message)).iat == NOW


def test_a_presentation_names_audience_and_nonce() -> None:
    data = vc_cose.sign_presentation_cose(
        PRESENTATION, signer(), issued_at=NOW, audience="https://verifier.example", nonce="n-1"
    )
    message = parse_sign1(data, limits=DEFAULT_LIMITS)
    assert (message.header[TYP], message.header[CONTENT_TYPE]) == ("application/vp+cose", "application/vp")
    claims = check_claims(vc_cose.with_claims(PRESENTATION, message), presentation=True)
    assert (claims.aud, claims.nonce) == (("https://verifier.example",), "n-1")


def test_a_presentation_for_nobody_in_particular() -> None:
    data = vc_cose.sign_presentation_cose(PRESENTATION, signer(), issued_at=NOW, audience=None, nonce=None)
    assert vc_cose.cwt_claims(parse_sign1(data, limits=DEFAULT_LIMITS)) == {"iat": int(NOW.timestamp())}


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({1: "did:web:other.example"}, "claim_mismatch"),
        ({2: "did:web:other.example"}, "claim_mismatch"),
        ({1: b"did:web:issuer.example"}, "claim_malformed"),
        ({1: ""}, "claim_malformed"),
        ({3: 5}, "claim_malformed"),
        ({4: "2026-01-01"}, "claim_malformed"),
        ({5: float("nan")}, "claim_malformed"),
        ({6: True}, "claim_malformed"),
        ({6: None}, "claim_malformed"),
        ({10: "n-1"}, "claim_malformed"),
        ({10: b""}, "claim_malformed"),
        ({10: b"\xff"}, "claim_malformed"),
        ([], "claim_malformed"),
        (None, "claim_malformed"),
    ],
)
def test_claims_refused(claims: CborValue, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        check_claims(vc_cose.with_claims(CREDENTIAL, with_header(claims)))
    assert caught.value.code == code


@pytest.mark.parametrize(
    "claims",
    [
        {},
        {1: "did:web:issuer.example", 2: "did:web:subject.example"},
        {4: 1767225600.5, 5: -1, 7: b"id", 8: {1: {}}, "own": 1, 10: b"n-1"},
    ],
)
def test_claims_accepted(claims: CborValue) -> None:
    check_claims(vc_cose.with_claims(CREDENTIAL, with_header(claims)))


@pytest.mark.parametrize(
    ("member", "claims", "agrees"),
    [
        ({"exp": 5}, {4: 5}, True),
        ({"exp": 5}, {}, True),
        ({"exp": 5}, {4: 6}, False),
        ({"aud": "a"}, {3: "b"}, False),
        ({"nonce": "a"}, {10: b"a"}, True),
        ({"nonce": "a"}, {10: b"b"}, False),
    ],
)
def test_claims_in_both_places(member: JsonObject, claims: CborValue, agrees: bool) -> None:
    document, message = {**CREDENTIAL, **member}, with_header(claims)
    if agrees:
        vc_cose.check_header_claims(document, message)
        assert member.items() <= vc_cose.with_claims(document, message).items()
        return
    with pytest.raises(CertweaveError) as caught:
        vc_cose.check_header_claims(document, message)
    assert caught.value.code == "claim_mismatch"


def test_no_claim_set_inside() -> None:
    with pytest.raises(CertweaveError) as caught:
        check_claims(vc_cose.with_claims({**CREDENTIAL, "vc": {}}, with_header({})))
    assert caught.value.code == "claim_refused"


def test_the_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        vc_cose.sign_credential_cose(CREDENTIAL, signer(), issued_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("presentation", "media_type"), [(False, vc_cose.VC_COSE), (True, vc_cose.VP_COSE)], ids=["vc", "vp"]
)
def test_envelopes(presentation: bool, media_type: str) -> None:
    made = vc_cose.envelope_cose(b"\xd2\x84\xff\xfe", presentation=presentation)
    assert made["id"] == f"data:{media_type};base64,0oT//g=="
    assert vc_cose.is_cose_envelope(made)
    assert vc_cose.open_cose_envelope(made) == (media_type, b"\xd2\x84\xff\xfe")
    assert vc_cose.open_cose_envelope({**made, "type": [made["type"]]}) == (media_type, b"\xd2\x84\xff\xfe")


def test_a_receipt_is_about_the_bytes_of_the_message() -> None:
    assert secured_digest(vc_cose.envelope_cose(MESSAGE)) == secured_digest(MESSAGE)
    assert secured_digest(MESSAGE[1:]) != secured_digest(MESSAGE)
    with pytest.raises(MalformedError):
        secured_digest(b"\xa1" + MESSAGE)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": "data:application/vc+cose,0oT//g=="}, "envelope_malformed"),
        ({"id": "data:application/vc+cose;base64,"}, "envelope_malformed"),
        ({"id": "data:application/vc+cose;base64"}, "envelope_malformed"),
        ({"id": "data:application/vc+cose;charset=utf-8;base64,0oT//g=="}, "envelope_malformed"),
        ({"id": "data:application/vc+jwt;base64,0oT//g=="}, "envelope_malformed"),
        ({"id": "data:application/vp+cose;base64,0oT//g=="}, "envelope_malformed"),
        ({"type": "EnvelopedVerifiablePresentation"}, "envelope_malformed"),
        ({"type": ["EnvelopedVerifiableCredential", "X"]}, "envelope_malformed"),
        ({"type": {}}, "envelope_malformed"),
        ({"id": 5}, "envelope_malformed"),
        ({"id": "data:application/vc+cose;base64,0oT__g=="}, "base64"),
        ({"id": "data:application/vc+cose;base64,0oT//g"}, "base64"),
        ({"id": "data:application/vc+cose;base64,0oT//h=="}, "base64"),
        ({"id": "data:application/vc+cose;base64,0oT/ /g=="}, "base64"),
        ({"id": "data:application/vc+cose;base64,0oT//g==\n"}, "base64"),
        ({"id": "data:application/vc+cose;base64,ü"}, "base64"),
    ],
)
def test_envelopes_refused(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(MalformedError) as caught:
        vc_cose.open_cose_envelope({**vc_cose.envelope_cose(b"\xd2\x84\xff\xfe"), **changes})
    assert caught.value.code == code


@pytest.mark.parametrize("url", [None, 5, "", "data:application/vc+jwt,e30", "https://x.example/vc+cose"])
def test_what_is_no_envelope_of_cose(url: object) -> None:
    assert not vc_cose.is_cose_envelope({"id": url})
