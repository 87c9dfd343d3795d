"""Attack: a hash that protects nothing, where no disclosure is shown: what was withheld hangs on it, too.

RFC 9901 §7.1 asks for it whenever a token names one; a holder who shows nothing must not make it unseen.
"""

from typing import Any

import pytest
from tests.support.selective import sign_raw
from tests.support.world import World, outcome


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("md5", "invalid:sd_alg_refused"),
        ("sha-1", "invalid:sd_alg_refused"),
        ("sha-256-128", "invalid:sd_alg_refused"),
        ("SHA-256", "undecided:unsupported"),
        ("sha3-256", "undecided:unsupported"),
        ("", "invalid:sd_jwt_malformed"),
        (None, "invalid:sd_jwt_malformed"),
        (["sha-256"], "invalid:sd_jwt_malformed"),
    ],
)
@pytest.mark.parametrize("more", [{}, {"_sd": ["AAAA"]}])
def test_a_hash_is_judged_where_nothing_is_shown(name: Any, expected: str, more: dict[str, Any]) -> None:
    world = World()
    issuer = world.party("issuer")
    claims = {"iss": issuer.did, "vct": "urn:x:y", "_sd_alg": name, **more}
    assert outcome(world.examine(sign_raw(issuer, claims)), "read") == expected
    assert world.examine(sign_raw(issuer, {**claims, "_sd_alg": "sha-512"})).verdict == "valid"
