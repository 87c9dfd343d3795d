"""No answer is no answer: an outage is undecided, and no trick turns it into a yes."""

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict


@pytest.mark.parametrize("how", ["host", "list", "empty", "html", "error_page"])
def test_a_list_that_cannot_be_had(how: str) -> None:
    world = World()
    fa = world.party("fa")
    entry = fa.entry(3)
    source = fa.issue(plain_credential(fa, credentialStatus=entry))
    if how == "host":
        world.down.add("certs.example")
    elif how == "list":
        world.down.add(fa.list_url)
    else:
        url = f"https://elsewhere.example/{how}"
        bodies = {"empty": b"", "html": b"<html>maintenance</html>", "error_page": b'{"status":503}'}
        world.documents[url] = bodies[how]
        source = fa.issue(plain_credential(fa, credentialStatus={**entry, "statusListCredential": url}))
    report = world.examine(source)
    assert report.verdict is not Verdict.VALID
    if how in ("host", "list"):
        assert outcome(report, "status") == "undecided:unreachable"
        assert [need.url for need in report.needs] == [fa.list_url]
    else:
        assert outcome(report, "status").startswith("invalid")
