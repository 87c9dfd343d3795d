"""A status list counts only under the signature of the credential's own issuer, or a named delegate."""

from dataclasses import replace

from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict
from certweave.trust.policy import INTEGRITY


def test_a_strangers_list() -> None:
    world = World()
    fa, other = world.party("fa"), world.party("other")
    source = fa.issue(plain_credential(fa, credentialStatus=other.entry(3)))
    report = world.examine(source)
    assert outcome(report, "status") == "invalid:status_list_foreign"
    assert report.verdict is Verdict.INVALID
    delegating = replace(INTEGRITY, status_delegates={fa.did: (other.did,)})
    assert world.examine(source, policy=delegating).verdict is Verdict.VALID


def test_a_list_whose_proof_was_taken_off_or_broken() -> None:
    world = World()
    fa = world.party("fa")
    listed = fa.documents()[fa.list_url]
    for spoilt in (listed.replace(b'"proof"', b'"proofs"'), listed.replace(b"encodedList", b"encodedlist")):
        url = "https://elsewhere.example/list"
        world.documents[url] = spoilt
        entry = {**fa.entry(3), "statusListCredential": url}
        report = world.examine(fa.issue(plain_credential(fa, credentialStatus=entry)))
        assert outcome(report, "status") == "invalid:status_list_invalid"
