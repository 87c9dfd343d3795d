"""A did:web alone says only what holds now: about the past there is a note, and a policy may refuse it."""

import json
from datetime import timedelta

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.examine.report import Report
from certweave.keys.model import KeySigner
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.jose import sign_compact
from certweave.trust.policy import INTEGRITY_NAME, Policy

DID = "did:web:mill.example"


def examine(*, days_ago: float, demand: bool = False, proofs: int = 0) -> Report:
    """Examine a token, or a document with so many proofs inside, as it was on a day before."""
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
    credential = {**plain_credential(party), "issuer": DID, "validFrom": "2020-01-01T00:00:00Z"}
    signer = KeySigner(f"{DID}#k", party.key)
    source = sign_compact(canonicalize(credential), {"typ": "vc+jwt"}, signer)
    at = world.clock - timedelta(days=days_ago)
    for _ in range(proofs):
        credential = add_jcs_proof(credential, signer, created=at, purpose="assertionMethod")
        source = json.dumps(credential)
    policy = Policy(INTEGRITY_NAME, demand_history=demand)
    return world.examine(source.encode(), at=at, policy=policy)


@pytest.mark.parametrize("proofs", [0, 1, 2])
@pytest.mark.parametrize(("days_ago", "noted"), [(0, False), (300 / 86_400, False), (301 / 86_400, True)])
def test_a_past_date_is_noted_once(days_ago: float, noted: bool, proofs: int) -> None:
    report = examine(days_ago=days_ago, proofs=proofs)
    assert report.verdict == "valid"
    assert outcome(report, "history") == "not_applicable:history_none_web"
    assert [note.code for note in report.notes if note.code == "history_none_then"] == (
        ["history_none_then"] if noted else []
    )


def test_a_policy_may_demand_a_history() -> None:
    assert outcome(examine(days_ago=0, demand=True), "history") == "invalid:history_demanded"
