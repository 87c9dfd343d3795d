"""A retired key: what it signed before still stands with a receipt, and is undecided without one."""

from datetime import timedelta

from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict


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
