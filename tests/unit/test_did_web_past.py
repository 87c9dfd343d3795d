"""A did:web alone says only what holds now: about the past there is a note, and a policy may refuse it."""

import json
from datetime import timedelta

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.examine.report import Report
from certweave.keys.model import KeySigner
from certweave.proof.jose import sign_compact
from certweave.trust.policy import INTEGRITY_NAME, Policy

DID = "did:web:mill.example"


def examine(*, days_ago: int, demand: bool = False) -> Report:
    world = World()
    party = world.party("mill")
    method = {
        "id": f"{DID}#k",
        "type": "Multikey",
        "controller": DID,
        "publicKeyMultibase": party.key.public.multikey,
    }
    document = {"id": DID, "verificationMethod": [method], "assertionMethod": ["#k"]}
    world.documents["https://mill.example/.well-known/did.json"] = json.dumps(document).encode()
    payload = canonicalize({**plain_credential(party), "issuer": DID, "validFrom": "2020-01-01T00:00:00Z"})
    token = sign_compact(payload, {"typ": "vc+jwt"}, KeySigner(f"{DID}#k", party.key))
    policy = Policy(INTEGRITY_NAME, demand_history=demand)
    return world.examine(token.encode(), at=world.clock - timedelta(days=days_ago), policy=policy)


@pytest.mark.parametrize(("days_ago", "noted"), [(0, False), (30, True)])
def test_a_past_date_is_noted(days_ago: int, noted: bool) -> None:
    report = examine(days_ago=days_ago)
    assert outcome(report, "history") == "not_applicable:history_none_web"
    assert [note.code for note in report.notes if note.code == "history_none_then"] == (
        ["history_none_then"] if noted else []
    )


def test_a_policy_may_demand_a_history() -> None:
    assert outcome(examine(days_ago=0, demand=True), "history") == "invalid:history_demanded"
