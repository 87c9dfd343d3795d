"""Tokens with the claims ``vc`` and ``vp``: read alone, and where an envelope says ``application/jwt``."""

import json
from typing import Any

import pytest
from tests.support.world import World

from certweave.errors import InvalidError, MalformedError
from certweave.examine.expectation import Expectation
from certweave.examine.report import Report, Verdict
from certweave.keys.model import KeySigner, Signer
from certweave.proof.jose import sign_compact
from certweave.proof.legacy_jwt import decode_legacy, is_legacy, open_legacy_envelope
from certweave.proof.vc_jwt import envelope

V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
SUBJECT = {"id": "did:example:a-bale"}
VC = {"@context": [V2], "type": ["VerifiableCredential"], "credentialSubject": SUBJECT}
VC_1 = {**VC, "@context": [V1]}


def sign(signer: Signer, payload: dict[str, Any], **header: str) -> str:
    return sign_compact(json.dumps(payload).encode(), header, signer)


def wrapped(token: str, *, presentation: bool = False, **changes: Any) -> dict[str, Any]:
    kind = "EnvelopedVerifiablePresentation" if presentation else "EnvelopedVerifiableCredential"
    return {"@context": V2, "type": kind, "id": f"data:application/jwt,{token}", **changes}


def examined(world: World, document: Any, **options: Any) -> Report:
    return world.examine(json.dumps(document).encode(), **options)


def codes(report: Report) -> set[str | None]:
    return {check.code for check in report.decisive()}


@pytest.mark.parametrize("header", [{}, {"typ": "JWT"}])
@pytest.mark.parametrize("vc", [VC, {**VC_1, "issuanceDate": "2026-01-01T00:00:00Z"}])
def test_a_credential_is_believed(header: dict[str, str], vc: dict[str, Any]) -> None:
    world = World()
    fa = world.party("fa")
    token = sign(fa.signer, {"iss": fa.did, "sub": "did:example:a-bale", "vc": vc}, **header)
    for document in (wrapped(token), token, {"verifiableCredential": token}):
        report = examined(world, document)
        assert report.verdict is Verdict.VALID, codes(report)
        assert report.document is not None
        assert report.document["issuer"] == fa.did
        assert "vc" not in report.document


def test_claims_fill_in_what_version_1_1_demands() -> None:
    claims = {"iss": "did:a:b", "jti": "urn:x:1", "sub": "did:a:c", "nbf": 1767225600, "exp": 1798761600}
    vc = {**VC_1, "credentialSubject": {"name": "somebody"}, "issuer": {"name": "a mill"}}
    assert decode_legacy({**claims, "vc": vc}, presentation=False) == {
        **VC_1,
        **claims,
        "id": "urn:x:1",
        "issuer": {"id": "did:a:b", "name": "a mill"},
        "credentialSubject": {"id": "did:a:c", "name": "somebody"},
        "issuanceDate": "2026-01-01T00:00:00Z",
        "expirationDate": "2027-01-01T00:00:00Z",
    }


def presented(world: World, **changes: Any) -> dict[str, Any]:
    holder, fa = world.party("holder"), world.party("fa")
    inner = sign(fa.signer, {"iss": fa.did, "vc": {**VC, "credentialSubject": {"id": holder.did}}})
    vp = {"@context": [V2], "type": ["VerifiablePresentation"], "verifiableCredential": [wrapped(inner)]}
    payload = {"iss": holder.did, "aud": "verifier.example", "nonce": "1234", "vp": vp, **changes}
    return wrapped(sign(holder.signer, payload, typ="JWT"), presentation=True)


def test_a_presentation_is_believed_by_whom_it_is_for() -> None:
    world = World()
    document = presented(world)
    expect = Expectation("verifier.example", "1234")
    for shown in (document, document["id"].partition(",")[2]):
        assert examined(world, shown, expect=expect).verdict is Verdict.VALID
    for other in (Expectation("verifier.example", "4321"), Expectation("other.example", "1234")):
        assert examined(world, document, expect=other).verdict is Verdict.INVALID


def test_a_presentation_may_show_nothing() -> None:
    vp = {"@context": [V1], "type": ["VerifiablePresentation"]}
    found = decode_legacy({"iss": "did:a:b", "vp": vp}, presentation=True)
    assert found == {**vp, "holder": "did:a:b", "iss": "did:a:b"}


def test_a_kid_that_is_the_did_names_no_more_than_an_absent_one() -> None:
    world = World()
    fa = world.party("fa")
    renamed = KeySigner(fa.did, fa.key)
    assert examined(world, sign(renamed, {"iss": fa.did, "vc": VC})).verdict is Verdict.VALID
    other = world.party("other")
    for token in (sign(renamed, {"iss": other.did, "vc": VC}), sign(renamed, {**VC, "issuer": fa.did})):
        assert codes(examined(world, token)) == {"kid_malformed"}


@pytest.mark.parametrize("listed", [True, False])
@pytest.mark.parametrize(
    ("subject", "vc", "code"),
    [("holder", {}, None), ("other", {}, "holder_foreign"), ("holder", {"weight": 5}, "term_unknown")],
)
def test_a_presentation_holds_tokens_as_they_are(
    subject: str, vc: dict[str, Any], code: str | None, *, listed: bool
) -> None:
    world = World()
    parties = {name: world.party(name) for name in ("fa", "holder", "other")}
    fa, holder = parties["fa"], parties["holder"]
    document = {**VC, "credentialSubject": {"id": parties[subject].did}, **vc}
    inner = sign(fa.signer, {"iss": fa.did, "vc": document})
    vp = {"@context": [V1], "type": ["VerifiablePresentation"]}
    shown = {**vp, "verifiableCredential": [inner] if listed else inner}
    report = examined(world, sign(holder.signer, {"iss": holder.did, "vp": shown}, typ="JWT"))
    assert (report.verdict is Verdict.VALID, codes(report)) == (code is None, {code} - {None})


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ({}, "claim_malformed"),
        ({"vc": []}, "claim_malformed"),
        ({"vp": VC}, "claim_malformed"),
        ({"vc": VC, "role": "admin"}, "claim_refused"),
        ({"vc": {**VC, "iss": "did:a:b"}}, "claim_malformed"),
        ({"vc": {**VC, "exp": 5}}, "claim_malformed"),
        ({"vc": VC, "vp": VC}, "claim_refused"),
    ],
)
def test_other_payloads_are_refused(payload: dict[str, Any], code: str) -> None:
    with pytest.raises((InvalidError, MalformedError)) as caught:
        decode_legacy({"iss": "did:a:b", **payload}, presentation=False)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("claims", "vc", "code"),
    [
        ({"iss": "did:example:other"}, {}, "foreign_signer"),
        ({}, {"issuer": "did:example:other"}, "claim_mismatch"),
        ({"sub": "did:example:other"}, {}, "claim_mismatch"),
        ({"jti": "urn:x:1"}, {"id": "urn:x:2"}, "claim_mismatch"),
        ({"exp": 1}, {}, "expired"),
        ({"nbf": 4_000_000_000}, {}, "not_yet_valid"),
        ({"iat": 4_000_000_000}, {}, "proof_from_future"),
        ({}, {"validUntil": "2020-01-01T00:00:00Z"}, "expired"),
        ({}, {"weight": 5}, "term_unknown"),
        ({}, {"credentialSubject": {}}, "subject_empty"),
        ({}, {"@context": [V1]}, "issuance_missing"),
    ],
)
def test_a_credential_that_does_not_hold(claims: dict[str, Any], vc: dict[str, Any], code: str) -> None:
    world = World()
    fa = world.party("fa")
    token = sign(fa.signer, {"iss": fa.did, **claims, "vc": {**VC, **vc}})
    report = examined(world, wrapped(token))
    assert report.verdict is Verdict.INVALID
    assert code in codes(report)


@pytest.mark.parametrize("typ", ["vc+jwt", "at+jwt", "jwt2"])
def test_another_type_is_refused(typ: str) -> None:
    world = World()
    fa = world.party("fa")
    token = sign(fa.signer, {"iss": fa.did, "vc": VC}, typ=typ)
    assert codes(examined(world, wrapped(token))) == {"typ_wrong"}


def test_it_is_read_nowhere_else() -> None:
    world = World()
    fa = world.party("fa")
    token = sign(fa.signer, {"iss": fa.did, "vc": VC, **VC, "issuer": fa.did})
    for document in (token, envelope(token), {"verifiableCredential": envelope(token)}):
        assert codes(examined(world, document)) == {"claim_refused"}
    claimed = sign(fa.signer, {"iss": fa.did, "vc": VC})
    for inside in (envelope(claimed), {"verifiableCredential": envelope(claimed)}):
        assert codes(examined(world, inside)) == {"input_kind"}


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"@context": []}, "envelope_context"),
        ({"@context": "https://www.w3.org/ns/credentials/examples/v2"}, "envelope_context"),
        ({"issuer": "did:example:unsigned"}, "envelope_member"),
        ({"type": "EnvelopedVerifiablePresentation"}, "claim_malformed"),
    ],
)
def test_what_surrounds_it_is_checked(changes: dict[str, Any], code: str) -> None:
    world = World()
    fa = world.party("fa")
    token = sign(fa.signer, {"iss": fa.did, "vc": VC})
    assert code in codes(examined(world, wrapped(token, **changes)))


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"type": "EnvelopedVerifiableCredential"},
        {"type": ["A", "B"], "id": "data:application/jwt,x"},
        {"type": {"a": 1}, "id": "data:application/jwt,x"},
        {"type": "EnvelopedVerifiableCredential", "id": "data:application/vc+jwt,x"},
        {"type": "EnvelopedVerifiableCredential", "id": 5},
        {"type": "VerifiableCredential", "id": "data:application/jwt,x"},
    ],
)
def test_other_objects_are_none(document: dict[str, Any]) -> None:
    assert open_legacy_envelope(document) is None


@pytest.mark.parametrize(
    ("typ", "payload", "found"),
    [
        (None, {"vc": {}}, True),
        ("jwt", {"vp": {}}, True),
        ("vc+jwt", {"vc": {}}, False),
        (None, {"iss": "did:a:b"}, False),
        (None, {"vc": {}, "@context": []}, False),
        (None, {"vc": {}, "type": []}, False),
    ],
)
def test_what_is_a_token_of_then(typ: str | None, payload: dict[str, Any], found: bool) -> None:
    assert is_legacy(typ, payload) is found
