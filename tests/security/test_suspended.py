"""A suspended certificate is invalid while it is suspended, and the day of the question decides."""

from datetime import timedelta

from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict


def test_while_suspended() -> None:
    world = World()
    fa = world.party("fa")
    source = fa.issue(plain_credential(fa, credentialStatus=fa.entry(7)))
    assert world.examine(source).verdict is Verdict.VALID
    world.clock += timedelta(days=5)
    fa.set_status(7, True)
    report = world.examine(source)
    assert outcome(report, "status") == "invalid:suspended"
    assert report.verdict is Verdict.INVALID
    neighbour = fa.issue(plain_credential(fa, credentialStatus=fa.entry(8)))
    assert world.examine(neighbour).verdict is Verdict.VALID
