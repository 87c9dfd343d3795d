"""Attack: times at the edges of what can be written."""

from datetime import UTC, datetime

import pytest
from tests.support.world import START, World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.proof.jose import sign_compact


@pytest.mark.parametrize(
    "at", [datetime(1, 1, 1, tzinfo=UTC), datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)]
)
def test_the_ends_of_the_calendar_are_answered(at: datetime) -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer, credentialStatus=issuer.entry(1))
    for source in (issuer.issue(document), issuer.embed(document)):
        assert world.examine(source, at=at).verdict in ("invalid", "undecided")


@pytest.mark.parametrize(("offset", "expected"), [(0, "invalid:expired"), (1, "valid:validity_holds")])
def test_a_token_ends_on_its_exp(offset: int, expected: str) -> None:
    world = World()
    issuer = world.party("issuer")
    payload = {**plain_credential(issuer), "exp": int(START.timestamp()) + offset}
    token = sign_compact(canonicalize(payload), {"typ": "vc+jwt"}, issuer.signer)
    assert outcome(world.examine(token.encode()), "validity") == expected
