"""A withdrawn certificate: invalid from then on."""

from datetime import timedelta

from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict


def test_after_withdrawal() -> None:
    world = World()
    fa = world.party("fa")
    fa.purpose = "revocation"
    source = fa.issue(plain_credential(fa, credentialStatus=fa.entry(7)))
    before = world.clock + timedelta(days=1)
    world.clock += timedelta(days=5)
    fa.set_status(7, True)
    report = world.examine(source)
    assert outcome(report, "status") == "invalid:withdrawn"
    assert report.verdict is Verdict.INVALID
    world.clock += timedelta(days=900)
    assert outcome(world.examine(source), "status") == "invalid:withdrawn"
    assert world.examine(source, at=before).verdict is Verdict.VALID
