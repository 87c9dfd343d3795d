"""Attack: a status list that came as a token is used beyond the time that the token states."""

from datetime import timedelta

import pytest
from tests.support.world import START, World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.proof.jose import sign_compact
from certweave.status.bitstring import make_bits, make_status_list

URL = "https://certs.example/token-list"


@pytest.mark.parametrize(
    ("claim", "offset", "expected"),
    [
        ("exp", 7200, "valid:status_holds"),
        ("exp", 3600, "undecided:stale"),
        ("exp", -1, "undecided:stale"),
        ("nbf", 0, "valid:status_holds"),
        ("nbf", 7200, "undecided:unreachable"),  # the list as it was then is asked for, and is not there
    ],
)
def test_the_times_of_the_token_count(claim: str, offset: int, expected: str) -> None:
    world = World()
    issuer = world.party("issuer")
    listed = make_status_list(
        URL,
        issuer=issuer.did,
        purpose="suspension",
        bits=make_bits(),
        valid_from=START,
        valid_until=START + timedelta(days=9),
    )
    payload = canonicalize({**listed, claim: int(START.timestamp()) + offset})
    world.documents[URL] = sign_compact(payload, {"typ": "vc+jwt"}, issuer.signer).encode()
    world.clock += timedelta(hours=1)
    entry = {**issuer.entry(7), "statusListCredential": URL}
    report = world.examine(issuer.issue(plain_credential(issuer, credentialStatus=entry)))
    assert outcome(report, "status") == expected
