"""A certificate that is over: invalid, with the day on which it ended."""

from datetime import timedelta

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict


@pytest.mark.parametrize("form", ["token", "embedded"])
def test_after_its_end(form: str) -> None:
    world = World()
    fa = world.party("fa")
    document = plain_credential(fa, validUntil="2026-03-10T00:00:00Z")
    source = fa.issue(document) if form == "token" else fa.embed(document)
    assert world.examine(source).verdict is Verdict.VALID
    world.clock += timedelta(days=30)
    report = world.examine(source)
    assert outcome(report, "validity") == "invalid:expired"
    check = next(check for check in report.checks if check.step == "validity")
    assert check.path == "/validUntil"
    assert "2026-03-10" in check.detail
    assert world.examine(source, at=world.clock - timedelta(days=29)).verdict is Verdict.VALID
