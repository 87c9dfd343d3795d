"""Attack: times at the edges of what can be written."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest
from tests.support.world import START, World, code_of, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.log.receipt import make_receipt, secured_digest
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.jose import sign_compact
from certweave.timestamps import format_timestamp
from certweave.trust.policy import INTEGRITY

SECOND: Final = timedelta(seconds=1)


@pytest.mark.parametrize(
    "at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
)
def test_the_ends_of_the_calendar_are_answered(at: datetime) -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer, credentialStatus=issuer.entry(1))
    for source in (issuer.issue(document), issuer.embed(document)):
        assert world.examine(source, at=at).verdict in ("invalid", "undecided")


@pytest.mark.parametrize(("offset", "expected"), [(0, "invalid:expired"), (1, "valid:validity_holds")])
def test_a_token_ends_on_its_exp(offset: int, expected: str) -> None:
    world = World()
    issuer = world.party("issuer")
    payload = {**plain_credential(issuer), "exp": int(START.timestamp()) + offset}
    token = sign_compact(canonicalize(payload), {"typ": "vc+jwt"}, issuer.signer)
    assert outcome(world.examine(token.encode()), "validity") == expected


@pytest.mark.parametrize(
    ("member", "moment", "expected"),
    [
        ("validUntil", START, "valid:validity_holds"),
        ("validUntil", START - SECOND, "invalid:expired"),
        ("validFrom", START, "valid:validity_holds"),
        ("validFrom", START + SECOND, "invalid:not_yet_valid"),
    ],
)
def test_a_credential_is_valid_in_its_first_and_in_its_last_second(
    member: str, moment: datetime, expected: str
) -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer) | {
        "validFrom": "2020-01-01T00:00:00Z",
        member: format_timestamp(moment),
    }
    for source in (issuer.issue(document), issuer.embed(document)):
        assert outcome(world.examine(source, at=START), "validity") == expected


def test_an_identity_is_known_for_as_long_as_the_policy_says() -> None:
    world = World()
    issuer = world.party("issuer")
    source = issuer.issue(plain_credential(issuer))
    world.examine(source)
    policy = replace(INTEGRITY, max_age_did=timedelta(hours=1))
    for age, code in ((timedelta(hours=1), "history_holds"), (timedelta(hours=1) + SECOND, "did_stale")):
        report = world.examine(source, policy=policy, at=START + age, evidence=world.evidence, offline=True)
        assert code_of(report, "history") == code


@pytest.mark.parametrize(
    ("early", "expected"), [(0, "undecided:signing_time_unproven"), (1, "valid:key_holds")]
)
def test_a_receipt_of_the_second_in_which_the_key_ended_is_too_late(early: int, expected: str) -> None:
    world = World()
    issuer = world.party("issuer")
    undated = add_jcs_proof(plain_credential(issuer), issuer.signer, created=START, purpose="assertionMethod")
    world.clock += timedelta(days=1)
    issuer.rotate()
    at = world.clock - early * SECOND
    digest = secured_digest(undated)
    ledger = world.ledger
    made = make_receipt(digest, at=at, signer=ledger.signer, ledger=ledger.did)
    world.receipts[digest.hex()] = made.encode()
    assert outcome(world.examine(json.dumps(undated).encode()), "key") == expected
