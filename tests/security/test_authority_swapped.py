"""Attack: behind the link to an authority lies another of its credentials than the one that was cited."""

import pytest
from tests.support.shirt import Shirt
from tests.support.world import outcome

from certweave.encoding.multihash import make_digest_multibase
from certweave.examine.report import Report, Step


@pytest.fixture
def shirt() -> Shirt:
    return Shirt()


def examine(shirt: Shirt, digests: dict[str, str]) -> Report:
    """Examine the certificate over organic content, whose links to both authorities fix these digests."""
    for endorsement in shirt.attestation("organic")["authorisation"]:
        root = endorsement["endorsementEvidence"]["linkURL"].rpartition("-")[2]
        endorsement["endorsementEvidence"]["digestMultibase"] = digests[root]
    shirt.publish()
    return shirt.world.examine(shirt.world.documents[shirt.url("organic")], policy=shirt.policy)


def digests_of(shirt: Shirt) -> dict[str, str]:
    """Return the digests of both authorities' credentials as they are published."""
    found = {root: shirt.publish().world.documents[shirt.url(f"approval-{root}")] for root in ("ofs", "aab")}
    return {root: make_digest_multibase(content) for root, content in found.items()}


def test_the_credential_that_was_cited_vouches(shirt: Shirt) -> None:
    assert outcome(examine(shirt, digests_of(shirt)), "trust") == "valid:trust_holds"


@pytest.mark.parametrize("root", ["ofs", "aab"])
def test_another_one_does_not(shirt: Shirt, root: str) -> None:
    """It is signed by the same authority and says the same; it is not what the certifier pointed to."""
    report = examine(shirt, {**digests_of(shirt), root: make_digest_multibase(b"another one")})
    assert outcome(report, "trust") == "invalid:authority_invalid"
    place = report.check(Step.TRUST).path or ""
    assert place.startswith("/credentialSubject/authorisation/")


@pytest.mark.parametrize(
    ("digest", "found"),
    [
        ("", "invalid:authority_invalid"),
        ("uEgQAAAAA", "invalid:authority_invalid"),
        # A hash that we do not compute may be that of this one, and to fetch it again would not help.
        ("uFgQAAAAA", "undecided:unsupported"),
    ],
)
def test_a_digest_that_cannot_be_read_is_not_passed_over(shirt: Shirt, digest: str, found: str) -> None:
    report = examine(shirt, {**digests_of(shirt), "ofs": digest})
    assert outcome(report, "trust") == found
    assert report.needs == frozenset()
