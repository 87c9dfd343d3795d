"""What an examination does with receipts that do not count, with too much, and with a time that is none."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.world import World, contexts, outcome, plain_credential

from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.expectation import Expectation
from certweave.examine.report import Report, Step, Verdict
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.vc_jwt import envelope, sign_presentation_jwt
from certweave.trust.policy import INTEGRITY

ASKED = Expectation("a", "n")
V2 = "https://www.w3.org/ns/credentials/v2"


@pytest.fixture
def world() -> World:
    return World()


def notes(report: Report) -> set[str]:
    return {note.code for note in report.notes}


def test_now_needs_a_time_zone(world: World) -> None:
    with pytest.raises(ValueError, match="time zone"):
        examine(
            b"{}",
            Evidence(),
            policy=INTEGRITY,
            now=world.clock.replace(tzinfo=None),
            limits=DEFAULT_LIMITS,
            contexts=contexts(),
        )


@pytest.mark.parametrize("content", [b"no token", b"\xff\xfe", b"e30.e30.AA"])
def test_what_is_no_receipt_is_passed_over_with_a_note(world: World, content: bytes) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa))
    (digest,) = world.receipts
    world.clock += timedelta(days=30)
    fa.rotate()
    assert world.examine(token).verdict is Verdict.VALID
    world.receipts[digest] = content
    report = world.examine(token)
    assert outcome(report, "key") == "undecided:signing_time_unproven"
    assert "receipt_refused" in notes(report)


def test_a_receipt_of_a_retired_key_of_the_ledger_does_not_count(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa))
    world.clock += timedelta(days=30)
    fa.rotate()
    assert world.examine(token).verdict is Verdict.VALID
    world.ledger.rotate()
    report = world.examine(token)
    assert outcome(report, "key") == "undecided:signing_time_unproven"
    assert ("receipt_refused", "a receipt does not count: the ledger's key is retired") in [
        (note.code, note.detail) for note in report.notes
    ]


@pytest.mark.parametrize(("less", "expected"), [(0, "valid"), (1, "undecided:limit")])
def test_an_input_has_so_many_bytes(world: World, less: int, expected: str) -> None:
    fa = world.party("fa")
    source = fa.embed(plain_credential(fa))
    report = world.examine(source, limits=replace(DEFAULT_LIMITS, credential_bytes=len(source) - less))
    assert outcome(report, "read").startswith(expected)


@pytest.mark.parametrize(("number", "verdict"), [(2, Verdict.VALID), (3, Verdict.UNDECIDED)])
def test_a_presentation_holds_so_many_credentials(world: World, number: int, verdict: Verdict) -> None:
    fa, gin = world.party("fa"), world.party("gin")
    one = envelope(fa.issue(plain_credential(fa, holder=gin.did)).decode())
    source = gin.present([one] * number, audience="a", nonce="n")
    report = world.examine(source, expect=ASKED, limits=replace(DEFAULT_LIMITS, credentials=2))
    assert report.verdict is verdict
    if verdict is Verdict.UNDECIDED:
        assert outcome(report, "model") == "undecided:limit"
        assert report.check(Step.MODEL).code == "limit_credentials"
        assert report.check(Step.MODEL).path == "/verifiableCredential"
        assert report.credentials == ()


def test_a_presentation_leaves_three_steps_to_what_it_shows(world: World) -> None:
    gin = world.party("gin")
    empty: Any = {"@context": [V2], "type": ["VerifiablePresentation"], "holder": gin.did}
    more: Any = {"issued_at": world.clock, "audience": None, "nonce": None}
    report = world.examine(sign_presentation_jwt(empty, gin.signer, **more).encode())
    codes = {step: report.check(step).code for step in (Step.STATUS, Step.RULES, Step.TRUST)}
    assert codes == {
        Step.STATUS: "status_of_presentation",
        Step.RULES: "rules_of_presentation",
        Step.TRUST: "trust_of_presentation",
    }
    assert {"presentation_empty", "audience_not_checked"} <= notes(report)


def test_a_credential_that_names_no_holder_is_noted(world: World) -> None:
    fa, gin = world.party("fa"), world.party("gin")
    document = plain_credential(fa, credentialSubject={"name": "A bale of cotton"})
    source = gin.present([envelope(fa.issue(document).decode())], audience="a", nonce="n")
    report = world.examine(source, expect=ASKED)
    assert "holder_unnamed" in notes(report)
    named = envelope(fa.issue(plain_credential(fa, holder=gin.did)).decode())
    other = world.examine(gin.present([named], audience="a", nonce="n"), expect=ASKED)
    assert "holder_unnamed" not in notes(other)


def test_a_token_may_present_a_credential_with_its_proof_inside(world: World) -> None:
    """VC-JOSE-COSE §3.1.2 wants an envelope around every credential; VCDM 2.0 §4.13 does not."""
    fa, gin = world.party("fa"), world.party("gin")
    shown = json.loads(fa.embed(plain_credential(fa, holder=gin.did)))
    report = world.examine(gin.present([shown], audience="a", nonce="n"), expect=ASKED)
    assert report.verdict is Verdict.VALID
    assert [inner.verdict for inner in report.credentials] == [Verdict.VALID]


def test_without_a_holder_who_signed_presents(world: World) -> None:
    fa, gin = world.party("fa"), world.party("gin")
    for holder, verdict in ((gin, Verdict.VALID), (fa, Verdict.INVALID)):
        shown = envelope(fa.issue(plain_credential(fa, holder=holder.did)).decode())
        document = {"@context": [V2], "type": "VerifiablePresentation", "verifiableCredential": shown}
        source = sign_presentation_jwt(
            document, gin.signer, issued_at=world.clock, audience="a", nonce="n"
        ).encode()
        report = world.examine(source, expect=ASKED)
        assert (report.verdict, report.subject) == (verdict, gin.did)


def test_what_is_shown_is_secured_itself(world: World) -> None:
    """VCDM 2.0 §4.13.4: also what its holder says of itself, with no proof but that of the presentation."""
    gin = world.party("gin")
    report = world.examine(
        gin.present([plain_credential(gin, holder=gin.did)], audience="a", nonce="n"), expect=ASKED
    )
    assert report.verdict is Verdict.INVALID
    found = next(iter(report.credentials[0].decisive()))
    assert (found.code, found.path) == ("proof_missing", "/verifiableCredential/0/proof")


def test_what_is_shown_must_be_an_object(world: World) -> None:
    gin = world.party("gin")
    shown: list[Any] = [5]
    report = world.examine(gin.present(shown, audience="a", nonce="n"), expect=ASKED)
    assert report.verdict is Verdict.INVALID
