"""Whatever is wrong with a status list, the report points to the entry of the credential that names it."""

import pytest
from tests.support.world import World, plain_credential

from certweave.examine.report import Outcome, Step


@pytest.mark.parametrize(
    ("content", "code", "outcome"),
    [
        (None, "evidence_unreachable", Outcome.UNDECIDED),
        (b'{"credentialSubject": {"a": 1, "a": 2}}', "json_duplicate_member", Outcome.INVALID),
        (b"<html>", "input_form", Outcome.INVALID),
    ],
)
def test_the_place_is_the_entry(content: bytes | None, code: str, outcome: Outcome) -> None:
    world = World()
    issuer = world.party("fa")
    address = "https://elsewhere.example/list"
    if content is not None:
        world.documents[address] = content
    good, bad = issuer.entry(1), {**issuer.entry(2), "statusListCredential": address}
    source = issuer.embed(plain_credential(issuer, credentialStatus=[good, bad]))
    check = world.examine(source).check(Step.STATUS)
    assert (check.outcome, check.code, check.path) == (outcome, code, "/credentialStatus/1")
