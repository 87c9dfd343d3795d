"""A certificate that begins later: invalid until then."""

from datetime import timedelta

from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict


def test_before_its_beginning() -> None:
    world = World()
    fa = world.party("fa")
    source = fa.issue({**plain_credential(fa), "validFrom": "2026-04-01T00:00:00Z"})
    report = world.examine(source)
    assert outcome(report, "validity") == "invalid:not_yet_valid"
    assert report.verdict is Verdict.INVALID
    world.clock += timedelta(days=60)
    assert world.examine(source).verdict is Verdict.VALID
