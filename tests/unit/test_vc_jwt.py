"""vc+jwt and vp+jwt: claims against the document, and the envelopes."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.keys import ED25519, signer
from tests.support.shared import shared

from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof import vc_jwt
from certweave.proof.jose import check_header, parse_compact, verify_jws

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CREDENTIAL: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:58172aac-d8ba-11ed-83dd-0b3aef56cc33",
    "type": ["VerifiableCredential"],
    "issuer": {"id": "did:web:issuer.example", "name": "Issuer"},
    "credentialSubject": {"id": "did:web:subject.example"},
}
PRESENTATION: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": "did:web:holder.example",
}


def payload(**changes: Any) -> JsonObject:
    return {name: value for name, value in {**CREDENTIAL, **changes}.items() if value is not None}


def test_a_credential_becomes_the_payload() -> None:
    token = vc_jwt.sign_credential_jwt(CREDENTIAL, signer(), issued_at=NOW)
    jws = parse_compact(token, limits=DEFAULT_LIMITS)
    verify_jws(jws, ED25519.public)
    assert jws.header == {"alg": "EdDSA", "kid": signer().method, "typ": "vc+jwt", "cty": "vc"}
    found = parse_object(jws.payload, limits=DEFAULT_LIMITS)
    assert vc_jwt.check_claims(found).iat == NOW
    assert vc_jwt.strip_claims(found) == CREDENTIAL


def test_a_presentation_names_audience_and_nonce() -> None:
    token = vc_jwt.sign_presentation_jwt(
        PRESENTATION, signer(), issued_at=NOW, audience="https://verifier.example", nonce="n-1"
    )
    jws = parse_compact(token, limits=DEFAULT_LIMITS)
    check_header(jws.header, typ="vp+jwt")
    found = parse_object(jws.payload, limits=DEFAULT_LIMITS)
    claims = vc_jwt.check_claims(found, presentation=True)
    assert (claims.aud, claims.nonce) == (("https://verifier.example",), "n-1")
    assert vc_jwt.strip_claims(found, presentation=True) == PRESENTATION


def test_a_presentation_for_nobody_in_particular() -> None:
    token = vc_jwt.sign_presentation_jwt(PRESENTATION, signer(), issued_at=NOW, audience=None, nonce=None)
    found = parse_object(parse_compact(token, limits=DEFAULT_LIMITS).payload, limits=DEFAULT_LIMITS)
    claims = vc_jwt.claims(found)
    assert (claims.aud, claims.nonce) == ((), None)


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"vc": {}}, "claim_refused", "/vc"),
        ({"vp": None, "vc": False}, "claim_refused", "/vc"),
        ({"iss": "did:web:other.example"}, "claim_mismatch", "/iss"),
        ({"iss": "did:web:issuer.example", "issuer": None}, "claim_mismatch", "/iss"),
        ({"iss": "x", "issuer": []}, "claim_mismatch", "/iss"),
        ({"sub": "did:web:other.example"}, "claim_mismatch", "/sub"),
        ({"sub": "did:web:subject.example", "credentialSubject": {}}, "claim_mismatch", "/sub"),
        ({"sub": "did:web:a.example", "credentialSubject": "did:web:a.example"}, "claim_mismatch", "/sub"),
        ({"jti": "urn:other"}, "claim_mismatch", "/jti"),
        ({"jti": "urn:other", "id": None}, "claim_mismatch", "/jti"),
        ({"iat": "2026-01-01T00:00:00"}, "claim_malformed", "/iat"),
        ({"iat": "yesterday"}, "claim_malformed", "/iat"),
        ({"exp": "2026-01-01T00:00:00Z"}, "claim_malformed", "/exp"),
        ({"nbf": "2026-01-01T00:00:00Z"}, "claim_malformed", "/nbf"),
        ({"iat": True}, "claim_malformed", "/iat"),
        ({"exp": 1e300}, "claim_malformed", "/exp"),
        ({"nbf": {}}, "claim_malformed", "/nbf"),
        ({"iss": 5}, "claim_malformed", "/iss"),
        ({"iss": ""}, "claim_malformed", "/iss"),
        ({"aud": 5}, "claim_malformed", "/aud"),
        ({"aud": ["a", 5]}, "claim_malformed", "/aud"),
        ({"nonce": 5}, "claim_malformed", "/nonce"),
    ],
)
def test_claims_refused(changes: JsonObject, code: str, path: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        vc_jwt.check_claims(payload(**changes))
    assert (caught.value.code, caught.value.path) == (code, path)


def test_the_time_of_signing_as_text() -> None:
    """RFC 7519 wants a number; w3c/vc-jose-cose-test-suite writes a text, and it never helps the signer."""
    assert vc_jwt.check_claims(payload(iat="2026-03-01T12:00:00Z")).iat == NOW
    assert vc_jwt.check_claims(payload(iat="2026-03-01T13:00:00+01:00")).iat == NOW


def test_null_is_not_absent() -> None:
    for name in ("iat", "exp", "nbf", "iss", "sub", "jti", "aud", "nonce", "vc"):
        with pytest.raises(CertweaveError):
            vc_jwt.check_claims({**CREDENTIAL, name: None})


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"iss": "did:web:issuer.example", "sub": "did:web:subject.example", "jti": CREDENTIAL["id"]},
        {"iss": "did:web:issuer.example", "issuer": "did:web:issuer.example"},
        {"sub": "b", "credentialSubject": [{"id": "a"}, {"id": "b"}]},
        {"iat": 1767225600.5, "exp": 0, "nbf": -1},
    ],
)
def test_claims_accepted(changes: JsonObject) -> None:
    vc_jwt.check_claims(payload(**changes))


def test_iss_of_a_presentation_is_its_holder() -> None:
    vc_jwt.check_claims({**PRESENTATION, "iss": "did:web:holder.example"}, presentation=True)
    with pytest.raises(InvalidError):
        vc_jwt.check_claims({**PRESENTATION, "iss": "did:web:other.example"}, presentation=True)


def test_an_issuer_cannot_sign_what_contradicts_itself() -> None:
    with pytest.raises(InvalidError):
        vc_jwt.sign_credential_jwt(payload(vc={}), signer(), issued_at=NOW)
    with pytest.raises(ValueError, match="time zone"):
        vc_jwt.sign_credential_jwt(CREDENTIAL, signer(), issued_at=NOW.replace(tzinfo=None))


@pytest.mark.parametrize("presentation", [False, True])
def test_an_envelope_opens(presentation: bool) -> None:
    made = vc_jwt.envelope("a.b.c", presentation=presentation)
    media_type = "application/vp+jwt" if presentation else "application/vc+jwt"
    assert vc_jwt.is_envelope(made)
    assert vc_jwt.open_envelope(made) == (media_type, "a.b.c")
    assert vc_jwt.open_envelope({**made, "type": [made["type"]]}) == (media_type, "a.b.c")
    loud = f"DATA:{media_type.upper()},A.b.c"
    assert vc_jwt.open_envelope({**made, "id": loud}) == (media_type, "A.b.c")
    vc_jwt.check_envelope(made)
    vc_jwt.check_envelope({**made, "@context": [made["@context"], "https://other.example"]})


ENVELOPE = vc_jwt.envelope("a.b.c")


@pytest.mark.parametrize(
    ("obj", "code"),
    [
        (None, "envelope_malformed"),
        ([], "envelope_malformed"),
        ({}, "envelope_malformed"),
        (CREDENTIAL, "envelope_malformed"),
        ({**ENVELOPE, "type": ["EnvelopedVerifiableCredential", "Other"]}, "envelope_malformed"),
        ({**ENVELOPE, "type": [["EnvelopedVerifiableCredential"]]}, "envelope_malformed"),
        ({**ENVELOPE, "type": "EnvelopedVerifiablePresentation"}, "envelope_malformed"),
        ({**ENVELOPE, "id": None}, "envelope_malformed"),
        ({**ENVELOPE, "id": "a.b.c"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "https:application/vc+jwt,a.b.c"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "data:application/vc+jwt,"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "data:application/vc+jwt;a.b.c"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "data:application/vc+jwt;base64,a.b.c"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "data:application/vp+jwt,a.b.c"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "data:,a.b.c"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "data:application/vc+sd-jwt,a.b.c"}, "envelope_malformed"),
        ({**ENVELOPE, "id": "data:application/vc+cose,0oRD"}, "envelope_media_type"),
    ],
)
def test_envelopes_refused(obj: object, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        vc_jwt.open_envelope(obj)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"@context": "https://www.w3.org/2018/credentials/v1"}, "envelope_context", "/@context"),
        ({"@context": []}, "envelope_context", "/@context"),
        ({"@context": ["https://other.example", vc_jwt.CREDENTIALS_V2]}, "envelope_context", "/@context"),
        ({"@context": None}, "envelope_context", "/@context"),
        ({"issuer": "did:web:somebody.else"}, "envelope_member", "/issuer"),
    ],
)
def test_what_surrounds_the_token_is_checked_too(changes: JsonObject, code: str, path: str) -> None:
    with pytest.raises(InvalidError) as caught:
        vc_jwt.check_envelope({**ENVELOPE, **changes})
    assert (caught.value.code, caught.value.path) == (code, path)


def test_a_kind_that_is_no_text_is_no_envelope() -> None:
    kinds: list[object] = [None, 5, {}, [], [{}]]
    for kind in kinds:
        assert not vc_jwt.is_envelope({"type": kind})
    with pytest.raises(MalformedError):
        vc_jwt.open_envelope({"type": [{}]})


@pytest.mark.parametrize(
    "name",
    [
        "valid-v2-enveloped-dpp",
        "invalid-schema-v2-enveloped-dpp",
        "invalid-v2-enveloped-dpp-with-extension",
        "dpp",
    ],
)
def test_passports_signed_by_others(name: str) -> None:
    """The UN test issuer's passports open and verify with the key of its did.json."""
    from certweave.keys.jwk import parse_public_jwk

    document = json.loads(shared("untp/signed", f"{name}.json").read_bytes())
    _, token = vc_jwt.open_envelope(document.get("verifiableCredential", document))
    jws = parse_compact(token, limits=DEFAULT_LIMITS)
    found = check_header(jws.header, typ="vc+jwt")
    did = json.loads(shared("untp/signed/did.json").read_bytes())
    method = next(one for one in did["verificationMethod"] if one["id"] == found.kid)
    verify_jws(jws, parse_public_jwk(method["publicKeyJwk"]))
    vc_jwt.check_claims(parse_object(jws.payload, limits=DEFAULT_LIMITS))
