"""Attack: a key binding shown outside of the times that it names itself (RFC 9901 §7.3, RFC 7519 §4.1)."""

import json
from datetime import timedelta

import pytest
from tests.support.keys import P256, signer
from tests.support.selective import ASKED, NONCE, VERIFIER, Make, ietf, w3c
from tests.support.world import World, outcome

from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact
from certweave.proof.sd_jwt.token import digest_of

SKEW = DEFAULT_LIMITS.clock_skew


@pytest.mark.parametrize("make", [w3c, ietf])
@pytest.mark.parametrize(
    ("claim", "apart", "expected"),
    [
        ("exp", -SKEW, "invalid:key_binding_old"),
        ("exp", -SKEW + timedelta(seconds=1), "valid:holder_holds"),
        ("nbf", SKEW + timedelta(seconds=1), "invalid:key_binding_from_future"),
        ("nbf", SKEW, "valid:holder_holds"),
    ],
)
def test_a_binding_holds_within_its_own_times(
    make: Make, claim: str, apart: timedelta, expected: str
) -> None:
    world = World()
    token = make(world.party("issuer"), bound=True)
    now = int(world.clock.timestamp())
    said: JsonObject = {"iat": now, "aud": VERIFIER, "nonce": NONCE, "sd_hash": digest_of(token, {})}
    said[claim] = now + int(apart.total_seconds())
    binding = sign_compact(json.dumps(said).encode(), {"typ": "kb+jwt"}, signer(P256))
    report = world.examine((token + binding).encode(), expect=ASKED)
    assert outcome(report, "holder") == expected
