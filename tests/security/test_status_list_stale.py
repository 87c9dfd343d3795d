"""An old status list says nothing about today."""

from datetime import timedelta

from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict


def test_a_list_kept_too_long() -> None:
    world = World()
    fa = world.party("fa")
    source = fa.issue(plain_credential(fa, credentialStatus=fa.entry(3)))
    assert world.examine(source).verdict is Verdict.VALID
    kept = world.evidence
    world.clock += timedelta(days=1, seconds=1)
    fa.set_status(3, True)
    report = world.examine(source, evidence=kept, offline=True)
    assert outcome(report, "status") == "undecided:stale"
    assert report.verdict is Verdict.UNDECIDED
    assert outcome(world.examine(source), "status") == "invalid:suspended"
