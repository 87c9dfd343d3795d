"""Attack: a status list that came as a token is used beyond the time that the token states."""

import json
from datetime import timedelta

import pytest
from tests.support.world import START, Party, World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.proof.jose import sign_compact
from certweave.proof.vc_jwt import envelope, sign_credential_jwt
from certweave.status.bitstring import make_bits, make_status_list

URL = "https://certs.example/token-list"


def listed(issuer: Party) -> JsonObject:
    return make_status_list(
        URL,
        issuer=issuer.did,
        purpose="suspension",
        bits=make_bits(),
        valid_from=START,
        valid_until=START + timedelta(days=9),
    )


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
    payload = canonicalize({**listed(issuer), claim: int(START.timestamp()) + offset})
    world.documents[URL] = sign_compact(payload, {"typ": "vc+jwt"}, issuer.signer).encode()
    world.clock += timedelta(hours=1)
    entry = {**issuer.entry(7), "statusListCredential": URL}
    report = world.examine(issuer.issue(plain_credential(issuer, credentialStatus=entry)))
    assert outcome(report, "status") == expected


@pytest.mark.parametrize(
    ("more", "expected"),
    [({}, "valid:status_holds"), ({"validUntil": "2099-01-01T00:00:00Z"}, "invalid:envelope_member")],
)
def test_an_envelope_around_it_says_nothing_of_its_own(more: JsonObject, expected: str) -> None:
    world = World()
    issuer = world.party("issuer")
    token = sign_credential_jwt(listed(issuer), issuer.signer, issued_at=START)
    world.documents[URL] = json.dumps({**envelope(token), **more}).encode()
    entry = {**issuer.entry(7), "statusListCredential": URL}
    report = world.examine(issuer.issue(plain_credential(issuer, credentialStatus=entry)))
    assert outcome(report, "status") == expected
