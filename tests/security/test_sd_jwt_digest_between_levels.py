"""Attack: one digest at two places, so that one disclosure speaks where it was not meant to."""

import pytest
from tests.support.selective import sign_raw
from tests.support.world import World, outcome

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.proof.sd_jwt.token import digest_of

CLAIM = base64url_encode(b'["salt", "role", "auditor"]')
D = digest_of(CLAIM, {})
NEST = base64url_encode(f'["salt", "inner", {{"_sd": ["{D}"]}}]'.encode())
LOOP = base64url_encode(b'["salt", "inner", {"_sd": ["x"], "list": [{"...": "x"}]}]')


@pytest.mark.parametrize(
    ("payload", "disclosures"),
    [
        ({"_sd": [D], "holder": {"_sd": [D]}}, [CLAIM]),
        ({"_sd": [D], "holder": {"_sd": [D]}}, []),
        ({"_sd": [D], "list": [{"...": D}]}, []),
        ({"list": [{"...": D}, {"...": D}]}, []),
        ({"_sd": [D, digest_of(NEST, {})]}, [CLAIM, NEST]),
        ({"_sd": [digest_of(NEST, {}), D]}, [NEST, CLAIM]),
        ({"_sd": [digest_of(LOOP, {})]}, [LOOP]),
    ],
)
def test_no_digest_stands_twice(payload: JsonObject, disclosures: list[str]) -> None:
    world = World()
    issuer = world.party("issuer")
    token = sign_raw(issuer, {"iss": issuer.did, "vct": "urn:x:y", **payload}, *disclosures)
    assert outcome(world.examine(token), "read") == "invalid:sd_digest_repeated"
