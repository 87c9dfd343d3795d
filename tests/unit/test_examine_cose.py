"""Credentials and presentations secured with COSE, through all ten steps."""

import json
from datetime import timedelta

import pytest
from tests.support.world import Party, World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.encoding.cbor import CborValue
from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.examine.reader import read
from certweave.examine.reading import Form
from certweave.examine.report import CREDENTIAL_STEPS, Verdict
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import CWT_CLAIMS, TYP, sign_sign1
from certweave.proof.vc_cose import envelope_cose, sign_credential_cose, sign_presentation_cose


@pytest.fixture
def world() -> World:
    return World()


def issue(party: Party, document: JsonObject) -> bytes:
    message = sign_credential_cose(document, party.signer, issued_at=party.world.clock)
    party.world.date(message)
    return message


def present(party: Party, shown: list[JsonObject], *, nonce: str | None = "n-1") -> bytes:
    presentation: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": party.did,
        "verifiableCredential": shown,
    }
    return sign_presentation_cose(
        presentation,
        party.signer,
        issued_at=party.world.clock,
        audience="https://verifier.example",
        nonce=nonce,
    )


def sign(party: Party, document: JsonObject, header: dict[int, CborValue]) -> bytes:
    return sign_sign1(canonicalize(document), {TYP: "application/vc+cose", **header}, party.signer)


def test_a_signed_message_is_valid_in_every_form(world: World) -> None:
    fa = world.party("fa")
    message = issue(fa, plain_credential(fa))
    envelope = envelope_cose(message)
    forms = [
        message,
        message[1:],
        json.dumps(envelope).encode(),
        json.dumps({**envelope, "type": [envelope["type"]]}).encode(),
        json.dumps({"verifiableCredential": envelope}).encode(),
    ]
    for form in forms:
        report = world.examine(form)
        assert report.verdict is Verdict.VALID, report.checks
        assert [check.step for check in report.checks] == list(CREDENTIAL_STEPS)
        assert report.document == plain_credential(fa)
        assert report.notes == ()


def test_status_and_rules_are_applied(world: World) -> None:
    fa = world.party("fa")
    message = issue(fa, plain_credential(fa, credentialStatus=fa.entry(3)))
    assert outcome(world.examine(message), "status") == "valid:status_holds"
    fa.set_status(3, True)
    assert outcome(world.examine(message), "status") == "invalid:suspended"
    misspelt = issue(fa, plain_credential(fa, credentialStatos=1))
    assert outcome(world.examine(misspelt), "rules") == "invalid:term_unknown"


def test_a_retired_key_needs_a_receipt_over_the_bytes(world: World) -> None:
    fa = world.party("fa")
    dated = issue(fa, plain_credential(fa))
    undated = sign_credential_cose(plain_credential(fa, name="x"), fa.signer, issued_at=world.clock)
    world.clock += timedelta(days=1)
    fa.rotate()
    world.clock += timedelta(days=1)
    assert world.examine(dated).verdict is Verdict.VALID
    assert world.examine(json.dumps(envelope_cose(dated)).encode()).verdict is Verdict.VALID
    assert outcome(world.examine(undated), "key") == "undecided:signing_time_unproven"


@pytest.mark.parametrize(
    ("claims", "step", "expected"),
    [
        ({4: -60}, "validity", "invalid:expired"),
        ({4: 60}, "validity", "valid:validity_holds"),
        ({5: 60}, "validity", "invalid:not_yet_valid"),
        ({6: 301}, "proof", "invalid:proof_from_future"),
        ({6: 300}, "proof", "valid:proof_holds"),
    ],
)
def test_times_in_the_header(world: World, claims: dict[int, int], step: str, expected: str) -> None:
    fa = world.party("fa")
    now = int(world.clock.timestamp())
    times: dict[int, CborValue] = {key: now + seconds for key, seconds in claims.items()}
    message = sign(fa, plain_credential(fa), {CWT_CLAIMS: times})
    assert outcome(world.examine(message), step) == expected


def test_claims_that_contradict_the_document(world: World) -> None:
    fa = world.party("fa")
    agreeing: CborValue = {1: fa.did, 2: "did:example:holder"}
    assert world.examine(sign(fa, plain_credential(fa), {CWT_CLAIMS: agreeing})).verdict is Verdict.VALID
    for claims in ({1: "did:example:other"}, {2: "did:example:other"}):
        message = sign(fa, plain_credential(fa), {CWT_CLAIMS: claims})
        assert outcome(world.examine(message), "proof") == "invalid:claim_mismatch"


def test_claims_in_the_document_count_too(world: World) -> None:
    """The context of VCDM 2.0 defines them, so nobody may be misled by one."""
    fa = world.party("fa")
    over = int(world.clock.timestamp()) - 60
    inside = sign(fa, plain_credential(fa, exp=over), {})
    assert outcome(world.examine(inside), "validity") == "invalid:expired"
    both = sign(fa, plain_credential(fa, exp=over), {CWT_CLAIMS: {4: over + 3600}})
    assert outcome(world.examine(both), "proof") == "invalid:claim_mismatch"


def test_presentation(world: World) -> None:
    fa, mill = world.party("fa"), world.party("mill")
    shown = envelope_cose(issue(fa, plain_credential(fa, holder=mill.did)))
    expect = Expectation("https://verifier.example", "n-1")
    message = present(mill, [shown])
    for form in (message, json.dumps(envelope_cose(message, presentation=True)).encode()):
        report = world.examine(form, expect=expect)
        assert report.verdict is Verdict.VALID, report.checks
        assert [one.verdict for one in report.credentials] == [Verdict.VALID]
    others = [("https://verifier.example", "n-2", "nonce"), ("https://x.example", "n-1", "audience")]
    for audience, nonce, step in others:
        report = world.examine(message, expect=Expectation(audience, nonce))
        assert outcome(report, step) == f"invalid:{step}_wrong"
    nonceless = present(mill, [shown], nonce=None)
    assert outcome(world.examine(nonceless, expect=expect), "nonce") == "invalid:nonce_wrong"


def test_what_the_typ_says_is_what_it_is(world: World) -> None:
    fa = world.party("fa")
    document = plain_credential(fa)
    cases: list[tuple[dict[int, CborValue], str, str]] = [
        ({TYP: "application/vc+jwt"}, "proof", "invalid:typ_wrong"),
        ({TYP: "application/vp+cose"}, "model", "invalid:type_missing"),
        ({TYP: "Application/VP+COSE"}, "model", "invalid:type_missing"),
        ({TYP: "Application/VC+COSE"}, "proof", "valid:proof_holds"),
    ]
    for header, step, expected in cases:
        assert outcome(world.examine(sign(fa, document, header)), step) == expected
    report = world.examine(sign_sign1(canonicalize(document), {}, fa.signer))
    assert report.verdict is Verdict.VALID
    assert [note.code for note in report.notes] == ["typ_absent"]


def test_an_envelope_holds_what_it_says(world: World) -> None:
    fa = world.party("fa")
    message = issue(fa, plain_credential(fa))
    swapped = envelope_cose(message, presentation=True)
    assert outcome(world.examine(json.dumps(swapped).encode()), "read") == "invalid:input_kind"
    claimed = json.dumps({**envelope_cose(message), "name": "Platinum"}).encode()
    assert outcome(world.examine(claimed), "model") == "invalid:envelope_member"


@pytest.mark.parametrize(
    ("kid", "step", "expected"),
    [
        ("https://issuer.example/keys/1", "proof", "undecided:unsupported"),
        ("key-1", "proof", "undecided:unsupported"),
        ("did:key:z6Mk#", "key", "invalid:foreign_signer"),
    ],
)
def test_kid(world: World, kid: str, step: str, expected: str) -> None:
    fa = world.party("fa")
    signer = KeySigner(kid, fa.signer.private)
    message = sign_credential_cose(plain_credential(fa), signer, issued_at=world.clock)
    assert outcome(world.examine(message), step) == expected


def test_a_proof_inside_is_noted(world: World) -> None:
    fa = world.party("fa")
    report = world.examine(issue(fa, plain_credential(fa, proof={"type": "DataIntegrityProof"})))
    assert "proof_inside_ignored" in {note.code for note in report.notes}


def test_the_payload_is_strict_json(world: World) -> None:
    fa = world.party("fa")
    for payload in (b"", b"[]", b'{"a": 1, "a": 1}', b"\xa0"):
        message = sign_sign1(payload, {TYP: "application/vc+cose"}, fa.signer)
        assert outcome(world.examine(message), "read").startswith("invalid:json_")


def test_the_form_is_told(world: World) -> None:
    fa = world.party("fa")
    message = issue(fa, plain_credential(fa))
    reading = read(message, limits=DEFAULT_LIMITS)
    assert (reading.form, reading.size, reading.presentation) == (Form.COSE, len(message), False)
