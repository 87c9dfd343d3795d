"""Attack: an algorithm that proves nothing, for the token, for its key binding, or for the digests."""

import json

import pytest
from tests.support.selective import bind, ietf, sign_raw
from tests.support.world import World, outcome

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.proof.sd_jwt.token import digest_of


def with_alg(token: str, alg: str, **more: str) -> str:
    """Return a compact token with another ``alg``, its signature kept, and empty for none."""
    head, payload, signature = token.split(".")
    header = {**json.loads(base64url_decode(head)), "alg": alg, **more}
    forged = base64url_encode(json.dumps(header).encode())
    return f"{forged}.{payload}.{'' if alg == 'none' else signature}"


@pytest.mark.parametrize(
    ("alg", "found"),
    [
        ("none", "invalid:alg_refused"),
        ("None", "invalid:alg_refused"),
        ("HS256", "invalid:alg_refused"),
        ("RS256", "undecided:unsupported"),
    ],
)
def test_of_the_token_and_of_its_binding(alg: str, found: str) -> None:
    world = World()
    token = ietf(world.party("issuer"), "/name", bound=True)
    head, tilde, rest = token.partition("~")
    forged = with_alg(head, alg) + tilde + rest
    assert outcome(world.examine(forged.encode()), "proof") == found
    shown = bind(token, world).decode()
    bound = token + with_alg(shown.removeprefix(token), alg)
    assert outcome(world.examine(bound.encode()), "proof") == found


def test_an_algorithm_of_another_key() -> None:
    world = World()
    token = ietf(world.party("issuer"))
    head, tilde, rest = token.partition("~")
    forged = with_alg(head, "ES256") + tilde + rest
    assert outcome(world.examine(forged.encode()), "key") == "invalid:alg_key_mismatch"


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u"])
def test_a_key_that_the_token_brings_along(name: str) -> None:
    world = World()
    token = ietf(world.party("issuer"), bound=True)
    head, tilde, rest = token.partition("~")
    forged = with_alg(head, "EdDSA", **{name: "https://thief.example"}) + tilde + rest
    assert outcome(world.examine(forged.encode()), "proof") == "invalid:header_key_refused"
    shown = bind(token, world).decode()
    bound = token + with_alg(shown.removeprefix(token), "ES256", **{name: "https://thief.example"})
    assert outcome(world.examine(bound.encode()), "proof") == "invalid:header_key_refused"


@pytest.mark.parametrize(
    ("name", "found"), [("sha-256-32", "invalid:sd_alg_refused"), ("md5", "invalid:sd_alg_refused")]
)
def test_a_hash_that_can_be_collided(name: str, found: str) -> None:
    world = World()
    issuer = world.party("issuer")
    disclosure = base64url_encode(b'["salt", "name", "x"]')
    claims = {"iss": issuer.did, "vct": "urn:x:y", "_sd_alg": name, "_sd": [digest_of(disclosure, {})[:6]]}
    assert outcome(world.examine(sign_raw(issuer, claims, disclosure)), "read") == found
    nested = {"iss": issuer.did, "vct": "urn:x:y", "address": {"_sd_alg": name}}
    assert outcome(world.examine(sign_raw(issuer, nested)), "read") == "invalid:sd_claim_reserved"
