"""A retired key: what it signed before still stands with a receipt, and is undecided without one."""

import json
from datetime import timedelta

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict
from certweave.keys.model import KeySigner
from certweave.proof.data_integrity import add_jcs_proof


def test_with_and_without_a_receipt() -> None:
    world = World()
    fa = world.party("fa")
    dated = fa.issue(plain_credential(fa, name="dated"))
    undated = fa.issue(plain_credential(fa, name="undated"), receipt=False)
    world.clock += timedelta(days=10)
    fa.rotate()
    world.clock += timedelta(days=10)
    assert world.examine(dated).verdict is Verdict.VALID
    report = world.examine(undated)
    assert outcome(report, "key") == "undecided:signing_time_unproven"
    assert report.verdict is Verdict.UNDECIDED


def test_a_deactivated_identity_keeps_what_was_dated_before() -> None:
    world = World()
    fa = world.party("fa")
    dated = fa.issue(plain_credential(fa))
    world.clock += timedelta(days=10)
    fa.deactivate()
    world.clock += timedelta(days=10)
    assert world.examine(dated).verdict is Verdict.VALID
    later = fa.issue(plain_credential(fa, name="after the end"))
    assert outcome(world.examine(later), "key") == "invalid:signed_after_retirement"


def test_a_receipt_of_a_ledger_that_does_not_count() -> None:
    world = World()
    fa, liar = world.party("fa"), world.party("liar")
    undated = fa.issue(plain_credential(fa), receipt=False)
    honest, world.ledger = world.ledger, liar
    world.date(undated.decode())
    world.ledger = honest
    world.clock += timedelta(days=10)
    fa.rotate()
    world.clock += timedelta(days=10)
    assert outcome(world.examine(undated), "key") == "undecided:signing_time_unproven"


@pytest.mark.parametrize(
    ("days", "expected"), [(5, "undecided:signing_time_unproven"), (15, "invalid:signed_after_retirement")]
)
def test_the_proof_of_another_in_a_set_by_a_retired_key(days: int, expected: str) -> None:
    world = World()
    fa, witness = world.party("fa"), world.party("witness")
    start = world.clock
    world.clock += timedelta(days=10)
    stolen = witness.rotate()
    world.clock += timedelta(days=10)
    document = json.loads(fa.embed(plain_credential(fa)))
    at = start + timedelta(days=days)
    both = add_jcs_proof(document, stolen, created=at, purpose="assertionMethod")
    assert outcome(world.examine(json.dumps(both).encode()), "signature") == expected


def test_the_proof_of_another_who_cannot_be_reached() -> None:
    world = World()
    fa = world.party("fa")
    document = json.loads(fa.embed(plain_credential(fa)))
    stranger = KeySigner("did:web:nowhere.example#k", fa.key)
    both = add_jcs_proof(document, stranger, created=world.clock, purpose="assertionMethod")
    report = world.examine(json.dumps(both).encode())
    assert outcome(report, "signature") == "undecided:unreachable"
    assert "other_proof_open" in {note.code for note in report.notes}
