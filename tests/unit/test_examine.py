"""The ten steps, on credentials of a world in memory: what ends how, and when."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.examine.evidence import Kind, Need
from certweave.examine.expectation import Expectation
from certweave.examine.report import CREDENTIAL_STEPS, Outcome, Step, Verdict
from certweave.examine.report_json import report_json
from certweave.keys.model import KeySigner
from certweave.proof.vc_jwt import envelope, sign_credential_jwt


@pytest.fixture
def world() -> World:
    return World()


def test_a_signed_credential_is_valid_in_every_form(world: World) -> None:
    fa = world.party("fa")
    document = plain_credential(fa)
    token = fa.issue(document)
    forms = [
        token,
        json.dumps(token.decode()).encode(),
        json.dumps(envelope(token.decode())).encode(),
        json.dumps({"verifiableCredential": envelope(token.decode())}).encode(),
        b"\n " + token + b"\n",
        fa.embed(document),
        json.dumps({"verifiableCredential": json.loads(fa.embed(document))}).encode(),
    ]
    for form in forms:
        report = world.examine(form)
        assert report.verdict is Verdict.VALID, report.checks
        assert [check.step for check in report.checks] == list(CREDENTIAL_STEPS)
        assert outcome(report, "status") == "not_applicable:status_none"
        assert outcome(report, "trust") == "not_applicable:trust_not_asked"


def test_report_has_no_truth_value(world: World) -> None:
    fa = world.party("fa")
    with pytest.raises(TypeError):
        bool(world.examine(fa.issue(plain_credential(fa))))


def test_before_the_signature_holds_only_the_issuers_did_is_fetched(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    broken = token[:-8] + b"AAAAAAAA"
    report = world.examine(broken)
    assert outcome(report, "signature") == "invalid:signature_mismatch"
    assert {need.kind for need in world.fetched} == {Kind.DID}
    assert outcome(report, "status") == "not_applicable:not_reached"


@pytest.mark.parametrize(
    ("days", "expected"),
    [(-40, "invalid:not_yet_valid"), (0, "valid:validity_holds"), (400, "invalid:expired")],
)
def test_validity_is_held_against_now(world: World, days: int, expected: str) -> None:
    world.clock -= timedelta(days=60)
    fa = world.party("fa")
    document = plain_credential(fa, validUntil="2027-03-01T00:00:00Z")
    token = sign_credential_jwt(document, fa.signer, issued_at=world.clock).encode()
    world.clock += timedelta(days=60) + timedelta(days=days)
    assert outcome(world.examine(token), "validity") == expected


def test_status_is_followed_through_suspension_and_back(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    dates = []
    for bit in (False, True, False, True):
        world.clock += timedelta(days=10)
        fa.set_status(3, bit)
        expected = "invalid:suspended" if bit else "valid:status_holds"
        assert outcome(world.examine(token), "status") == expected
        dates.append((world.clock + timedelta(hours=1), expected))
    world.clock += timedelta(days=100)
    for when, expected in dates:
        assert outcome(world.examine(token, at=when), "status") == expected, when


def test_the_status_of_seconds_ago_is_not_that_of_now(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    moments = []
    for bit in (True, False, True, False):
        world.clock += timedelta(seconds=4)
        fa.set_status(3, bit)
        moments.append((world.clock + timedelta(seconds=2), bit))
    world.clock += timedelta(seconds=4)
    for when, bit in moments:
        expected = "invalid:suspended" if bit else "valid:status_holds"
        assert outcome(world.examine(token, at=when), "status") == expected, when


def test_a_list_dated_ahead_speaks_only_from_then_on(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    world.clock += timedelta(seconds=100)
    fa.set_status(3, True)
    fa.old_lists.clear()
    world.clock -= timedelta(seconds=60)
    assert outcome(world.examine(token), "status").startswith("undecided")
    later = world.clock + timedelta(seconds=90)
    assert outcome(world.examine(token, at=later), "status") == "invalid:suspended"


def test_a_status_of_the_past_that_nobody_keeps_is_undecided(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    then = world.clock + timedelta(days=1)
    world.clock += timedelta(days=10)
    fa.set_status(3, True)
    fa.old_lists.clear()
    report = world.examine(token, at=then)
    assert outcome(report, "status") == "undecided:unreachable"
    assert report.verdict is Verdict.UNDECIDED
    assert any("timestamp=" in need.url for need in report.needs)


@pytest.mark.parametrize(
    ("down", "step"),
    [("ledger.example", "history"), ("certs.example", "status")],
)
def test_an_outage_is_undecided_and_names_what_is_missing(world: World, down: str, step: str) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    world.down.add(down)
    report = world.examine(token)
    assert report.verdict is Verdict.UNDECIDED
    assert outcome(report, step) == "undecided:unreachable"
    assert report.needs
    replayed = world.examine(token, evidence=world.evidence, offline=True)
    assert report_json(replayed) == report_json(report)


def test_a_rotated_key_needs_a_receipt(world: World) -> None:
    fa = world.party("fa")
    dated = fa.issue(plain_credential(fa))
    undated = fa.issue(plain_credential(fa, name="never shown to the ledger"), receipt=False)
    world.clock += timedelta(days=30)
    fa.rotate()
    world.clock += timedelta(days=30)
    assert world.examine(dated).verdict is Verdict.VALID
    report = world.examine(undated)
    assert outcome(report, "key") == "undecided:signing_time_unproven"
    assert {need.kind for need in report.needs} == {Kind.RECEIPT}


def test_a_thief_of_a_retired_key_gains_nothing(world: World) -> None:
    fa = world.party("fa")
    world.clock += timedelta(days=30)
    stolen = fa.rotate()
    before, world.clock = world.clock - timedelta(days=5), world.clock + timedelta(days=5)
    document = plain_credential(fa, name="forged")
    backdated = sign_credential_jwt(document, stolen, issued_at=before)
    honest = sign_credential_jwt(document, stolen, issued_at=world.clock)
    assert outcome(world.examine(backdated.encode()), "key") == "undecided:signing_time_unproven"
    world.date(backdated)  # a receipt of today does not help
    assert outcome(world.examine(backdated.encode()), "key") == "undecided:signing_time_unproven"
    assert outcome(world.examine(honest.encode()), "key") == "invalid:signed_after_retirement"


def test_key_in_force_then_is_valid_then(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa), receipt=False)
    then = world.clock + timedelta(days=1)
    world.clock += timedelta(days=30)
    fa.rotate()
    assert world.examine(token, at=then).verdict is Verdict.VALID


def test_old_evidence_is_stale(world: World) -> None:
    fa = world.party("fa")
    token = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    assert world.examine(token).verdict is Verdict.VALID
    evidence = world.evidence
    world.clock += timedelta(days=3)
    report = world.examine(token, evidence=evidence, offline=True)
    assert outcome(report, "history") == "undecided:stale"
    assert outcome(report, "status") == "undecided:stale"


def test_a_did_web_is_judged_by_its_twin(world: World) -> None:
    fa = world.party("fa")
    web = f"did:web:ledger.example:{fa.name}"
    document = plain_credential(fa) | {"issuer": web}
    old = fa.signer
    token = sign_credential_jwt(
        document, type(old)(f"{web}#{old.public.multikey}", fa.key), issued_at=world.clock
    )
    assert world.examine(token.encode()).verdict is Verdict.VALID
    world.date(token)
    world.clock += timedelta(days=3)
    fa.rotate()
    world.clock += timedelta(days=3)
    assert world.examine(token.encode()).verdict is Verdict.VALID
    # A did.json of today is held against the log of today, also where the question is about a day before.
    past = world.examine(token.encode(), at=world.clock - timedelta(days=5))
    assert outcome(past, "history") == "valid:history_holds"
    assert "1 version" in past.check(Step.HISTORY).detail
    assert past.verdict is Verdict.VALID


def _presented(world: World) -> tuple[bytes, str]:
    fa, gin = world.party("fa"), world.party("gin")
    token = fa.issue(plain_credential(fa, holder=gin.did))
    return gin.present([envelope(token.decode())], audience="https://buyer.example", nonce="n-1"), gin.did


@pytest.mark.parametrize(
    ("expect", "audience", "nonce"),
    [
        (Expectation("https://buyer.example", "n-1"), "valid:audience_holds", "valid:nonce_holds"),
        (Expectation("https://thief.example", "n-1"), "invalid:audience_wrong", "valid:nonce_holds"),
        (Expectation("https://buyer.example", "n-2"), "valid:audience_holds", "invalid:nonce_wrong"),
        (Expectation(), "not_applicable:audience_not_asked", "not_applicable:nonce_not_asked"),
    ],
)
def test_presentation_steps(world: World, expect: Expectation, audience: str, nonce: str) -> None:
    source, holder = _presented(world)
    report = world.examine(source, expect=expect)
    assert outcome(report, "audience") == audience
    assert outcome(report, "nonce") == nonce
    assert outcome(report, "holder") == "valid:holder_holds"
    assert report.subject == holder
    assert len(report.credentials) == 1
    wrong = "invalid" in audience + nonce
    assert report.verdict is (Verdict.INVALID if wrong else Verdict.VALID)


def test_somebody_elses_credential_cannot_be_presented(world: World) -> None:
    fa, gin, thief = world.party("fa"), world.party("gin"), world.party("thief")
    token = fa.issue(plain_credential(fa, holder=gin.did))
    source = thief.present([envelope(token.decode())], audience="a", nonce="n")
    report = world.examine(source, expect=Expectation("a", "n"))
    assert outcome(report, "holder") == "invalid:holder_foreign"
    assert report.check(Step.HOLDER).path == "/verifiableCredential/0"


def test_a_bad_credential_inside_is_named_by_its_place(world: World) -> None:
    fa, gin = world.party("fa"), world.party("gin")
    good = envelope(fa.issue(plain_credential(fa, holder=gin.did)).decode())
    bad = plain_credential(fa, holder=gin.did)
    source = gin.present([good, bad], audience="a", nonce="n")
    report = world.examine(source, expect=Expectation("a", "n"))
    assert [inner.verdict for inner in report.credentials] == [Verdict.VALID, Verdict.INVALID]
    assert report.verdict is Verdict.INVALID
    decisive = list(report.decisive())
    assert [check.path for check in decisive] == ["/verifiableCredential/1/proof"]


Change = Callable[[World], bytes]


def _unsigned(world: World) -> bytes:
    return json.dumps(plain_credential(world.party("fa"))).encode()


def _foreign_key(world: World) -> bytes:
    fa, thief = world.party("fa"), world.party("thief")
    return sign_credential_jwt(plain_credential(fa), thief.signer, issued_at=world.clock).encode()


def _future(world: World) -> bytes:
    fa = world.party("fa")
    later = world.clock + timedelta(minutes=6)
    return sign_credential_jwt(plain_credential(fa), fa.signer, issued_at=later).encode()


def _first_context(world: World) -> bytes:
    fa = world.party("fa")
    document = plain_credential(fa) | {"@context": ["https://www.w3.org/ns/did/v1"]}
    return fa.issue(document)


def _unknown_method(world: World) -> bytes:
    fa = world.party("fa")
    did = "did:example:123"
    signer = KeySigner(f"{did}#key", fa.key)
    document = plain_credential(fa) | {"issuer": did}
    return sign_credential_jwt(document, signer, issued_at=world.clock).encode()


@pytest.mark.parametrize(
    ("make", "step", "expected"),
    [
        (lambda world: b"", "read", "invalid:input_empty"),
        (lambda world: b"{}", "read", "invalid:input_form"),
        (lambda world: b"hello", "read", "invalid"),
        (lambda world: b"\xff\xfe", "read", "invalid:input_form"),
        (lambda world: b"\xff.\xfe.", "read", "invalid:input_form"),
        (lambda world: b"\xef\xbb\xbf{}", "read", "invalid:input_form"),
        (lambda world: b"null", "read", "invalid:input_form"),
        (lambda world: b'{"a":1,"a":2}', "read", "invalid"),
        (lambda world: b"[" * 100_000, "read", "undecided:limit"),
        (lambda world: b" " * (1 << 21), "read", "undecided:limit"),
        (lambda world: b"aaa.bbb.ccc~", "read", "invalid:base64url"),
        (_unsigned, "proof", "invalid:proof_missing"),
        (_foreign_key, "key", "invalid:foreign_signer"),
        (_future, "proof", "invalid:proof_from_future"),
        (_first_context, "model", "invalid:context_first_wrong"),
        (_unknown_method, "history", "undecided:unsupported"),
    ],
)
def test_bad_input_is_named_at_its_step(world: World, make: Change, step: str, expected: str) -> None:
    report = world.examine(make(world))
    assert outcome(report, step).startswith(expected)
    assert report.verdict in (Verdict.INVALID, Verdict.UNDECIDED)


def test_a_wrong_model_does_not_hide_the_signature(world: World) -> None:
    report = world.examine(_first_context(world))
    assert outcome(report, "signature") == "valid:signature_holds"
    assert report.verdict is Verdict.INVALID


@pytest.mark.parametrize("spoil", ["foreign", "index", "purpose", "unsigned", "wrong_id"])
def test_a_status_list_that_does_not_hold_is_invalid(world: World, spoil: str) -> None:
    fa, other = world.party("fa"), world.party("other")
    entry = fa.entry(3)
    if spoil == "index":
        entry["statusListIndex"] = 1_000_000
    if spoil == "purpose":
        entry["statusPurpose"] = "revocation"
    if spoil in ("foreign", "wrong_id"):
        entry["statusListCredential"] = "https://elsewhere.example/list"
        source = other if spoil == "foreign" else fa
        world.documents["https://elsewhere.example/list"] = source.documents()[source.list_url]
    if spoil == "unsigned":
        entry["statusListCredential"] = "https://elsewhere.example/list"
        listed = json.loads(fa.documents()[fa.list_url])
        del listed["proof"]
        world.documents["https://elsewhere.example/list"] = json.dumps(listed).encode()
    report = world.examine(fa.issue(plain_credential(fa, credentialStatus=entry)))
    check = report.check(Step.STATUS)
    assert check.outcome is Outcome.INVALID, check
    assert check.path is not None
    assert check.path.startswith("/credentialStatus")


def test_every_use_of_evidence_is_in_the_report(world: World) -> None:
    fa = world.party("fa")
    report = world.examine(fa.issue(plain_credential(fa, credentialStatus=fa.entry(3))))
    kinds = {used["kind"] for used in report_json(report)["evidence"]}
    assert kinds == {"did", "status"}
    assert all(used["sha256"] for used in report_json(report)["evidence"])
    assert Need(Kind.STATUS, fa.list_url) in world.evidence.documents
