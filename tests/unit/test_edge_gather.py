"""The loop around the examination: what it asks for, when it ends, what a limit leaves behind."""

import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from certweave.did.webvh.write import MethodTemplate, WrittenLog, create_log, make_document
from certweave.errors import Cause
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Source, Unavailable
from certweave.examine.report import Report, Step, Verdict
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.trust.policy import INTEGRITY
from certweave_edge.contexts import load_context_store
from certweave_edge.gather import Find, examine_with, first_of, gather

AT = datetime(2026, 3, 1, tzinfo=UTC)
KEY = make_private_key(Algorithm.ED25519, entropy=lambda size: b"\x07" * size)
LOG = Need(Kind.DID, "https://mill.example/.well-known/did.jsonl")
OTHER = Need(Kind.STATUS, "https://mill.example/status/1")


def write_log() -> WrittenLog:
    document = make_document("mill.example", [MethodTemplate(KEY.public)])
    return create_log(document, signer=KeySigner("", KEY), time=AT)


WRITTEN = write_log()
FOUND = Fetched(WRITTEN.log, LOG.url, "text/jsonl", AT)


def token() -> bytes:
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": WRITTEN.did.text,
        "credentialSubject": {"id": "https://mill.example/lot/7"},
    }
    signer = KeySigner(f"{WRITTEN.did.text}#{KEY.public.multikey}", KEY)
    return sign_credential_jwt(credential, signer, issued_at=AT).encode()


def run(
    fetch: Find | None,
    *,
    evidence: Evidence | None = None,
    limits: Limits = DEFAULT_LIMITS,
    now: datetime = AT,
) -> tuple[Report, Evidence]:
    return examine_with(
        token(),
        evidence or Evidence(),
        policy=INTEGRITY,
        now=now,
        limits=limits,
        contexts=load_context_store(),
        fetch=fetch,
    )


def test_what_is_needed_is_fetched_once() -> None:
    asked: list[Need] = []

    def fetch(need: Need) -> Fetched:
        asked.append(need)
        return FOUND

    report, evidence = run(fetch)
    assert report.verdict is Verdict.VALID
    assert asked == [LOG]
    assert evidence == Evidence({LOG: FOUND})


def test_what_is_known_is_not_fetched() -> None:
    asked: list[Need] = []

    def fetch(need: Need) -> None:
        asked.append(need)

    report, _ = run(fetch, evidence=Evidence({LOG: FOUND}))
    assert report.verdict is Verdict.VALID
    assert asked == []


@pytest.mark.parametrize("fetch", [None, lambda need: None], ids=["no network", "nobody answers"])
def test_without_an_answer_the_need_stays_open(fetch: Find | None) -> None:
    report, evidence = run(fetch)
    assert report.verdict is Verdict.UNDECIDED
    assert report.needs == {LOG}
    assert evidence == Evidence()


def test_a_failure_is_evidence_and_is_not_tried_again() -> None:
    asked: list[Need] = []

    def fetch(need: Need) -> Unavailable:
        asked.append(need)
        return Unavailable("nothing answers there", AT)

    report, evidence = run(fetch)
    assert report.verdict is Verdict.UNDECIDED
    assert report.check(Step.HISTORY).cause is Cause.UNREACHABLE
    assert asked == [LOG]
    assert run(None, evidence=evidence)[0] == report


def test_the_limit_of_fetches_is_said_and_replays() -> None:
    report, evidence = run(lambda need: FOUND, limits=replace(DEFAULT_LIMITS, fetches=0))
    check = report.check(Step.HISTORY)
    assert check.cause is Cause.LIMIT
    assert "(fetches)" in check.detail
    assert run(None, evidence=evidence)[0] == report


def test_several_are_fetched_at_once() -> None:
    meeting = threading.Barrier(2, timeout=5)

    def fetch(need: Need) -> Fetched:
        meeting.wait()
        return FOUND

    assert gather([LOG, OTHER], fetch) == {LOG: FOUND, OTHER: FOUND}


def test_the_first_who_answers_counts() -> None:
    gone = Unavailable("gone", AT, 410)
    find = first_of(lambda need: None, lambda need: FOUND if need == LOG else None, lambda need: gone)
    assert find(LOG) == FOUND
    assert find(OTHER) == gone
    assert first_of()(LOG) is None


def test_what_others_handed_in_is_fetched_anew_when_it_is_not_enough() -> None:
    stale = replace(FOUND, source=Source.SUPPLIED)
    later = AT + timedelta(days=9)
    fresh = replace(FOUND, fetched_at=later)
    report, after = run(lambda _: fresh, evidence=Evidence({LOG: stale}), now=later)
    assert report.verdict is Verdict.VALID
    assert after.find(LOG) == fresh


def test_what_others_handed_in_stays_when_nothing_better_comes() -> None:
    stale = replace(FOUND, source=Source.SUPPLIED)
    later = AT + timedelta(days=9)
    asked: list[Need] = []

    def fail(need: Need) -> Unavailable:
        asked.append(need)
        return Unavailable("no answer", later)

    report, after = run(fail, evidence=Evidence({LOG: stale}), now=later)
    assert report.check(Step.HISTORY).cause is Cause.STALE
    assert after.find(LOG) == stale
    assert asked == [LOG]


def test_what_we_fetched_ourselves_is_not_fetched_again() -> None:
    asked: list[Need] = []
    report, _ = run(asked.append, evidence=Evidence({LOG: FOUND}), now=AT + timedelta(days=9))
    assert report.verdict is Verdict.UNDECIDED
    assert asked == []
