"""SD-JWT in both directions with the reference implementation in Python, the package ``sd-jwt``."""

import itertools
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.keys import P256, signer
from tests.support.peers import ask_python

from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_jwk, make_private_key, make_public_jwk
from certweave.keys.model import Algorithm
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import verify_jws
from certweave.proof.sd_jwt.binding import bind_sd_jwt, verify_key_binding
from certweave.proof.sd_jwt.issue import present_sd_jwt, sign_sd_jwt
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt

HOLDER = make_private_key(Algorithm.P256, entropy=lambda size: b"\x09" * size)
AUDIENCE, NONCE = "https://verifier.example", "n-1"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLAIMS: JsonObject = {
    "iss": "https://issuer.example",
    "name": "Möbius",
    "address": {"street": "Main St 1", "city": "Milliways"},
    "nationalities": ["DE", "FR", "UK"],
    "nothing": None,
    "number": 1.5,
}

VERIFY = """
import json, sys
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier
given = json.load(sys.stdin)
key = JWK(**given["key"])
found = SDJWTVerifier(given["token"], lambda *_: key, given.get("aud"), given.get("nonce"))
print(json.dumps(found.get_verified_payload()))
"""
ISSUE = """
import json, sys
from jwcrypto.jwk import JWK
from sd_jwt.common import SDObj
from sd_jwt.holder import SDJWTHolder
from sd_jwt.issuer import SDJWTIssuer
given = json.load(sys.stdin)
key, holder = JWK(**given["key"]), JWK(**given["holder"])
claims = {
    "iss": "https://issuer.example",
    SDObj("name"): "M\\u00f6bius",
    SDObj("address"): {"street": "Main St 1", SDObj("city"): "Milliways"},
    "nationalities": [SDObj("DE"), "FR", SDObj("UK")],
}
issued = SDJWTIssuer(claims, key, holder_key=holder, sign_alg="ES256", add_decoy_claims=True).sd_jwt_issuance
held = SDJWTHolder(issued)
held.create_presentation(
    {"name": True, "nationalities": [False, False, True]}, given["nonce"], given["aud"], holder, "ES256"
)
print(json.dumps([issued, held.sd_jwt_presentation]))
"""


def entropy() -> Callable[[int], bytes]:
    counter = itertools.count(1)
    return lambda size: next(counter).to_bytes(size)


def ours(*hidden: str, **more: Any) -> str:
    claims = {**CLAIMS, "cnf": {"jwk": make_public_jwk(HOLDER.public)}}
    return sign_sd_jwt(
        claims, signer(P256), header={"typ": "example+sd-jwt"}, hidden=hidden, entropy=entropy(), **more
    )


def ask(token: str, **more: str) -> Any:
    return ask_python(VERIFY, stdin={"token": token, "key": make_public_jwk(P256.public), **more})


@pytest.mark.parametrize(
    "hidden",
    [
        (),
        ("/name", "/nothing", "/number"),
        ("/address", "/address/city", "/address/street"),
        ("/nationalities/0", "/nationalities/2", "/nationalities"),
    ],
)
def test_the_peer_reads_what_we_issue(hidden: tuple[str, ...]) -> None:
    found = ask(ours(*hidden, decoys={"": 2, "/address": 1, "/nationalities": 2}))
    assert {name: found[name] for name in CLAIMS} == CLAIMS


def test_the_peer_accepts_what_we_present_and_bind() -> None:
    shown = present_sd_jwt(
        ours("/name", "/address", "/nationalities/0", "/nationalities/2"),
        ["/name", "/nationalities/2"],
        limits=DEFAULT_LIMITS,
    )
    bound = bind_sd_jwt(
        shown, signer(HOLDER), audience=AUDIENCE, nonce=NONCE, issued_at=NOW, limits=DEFAULT_LIMITS
    )
    found = ask(bound, aud=AUDIENCE, nonce=NONCE)
    assert (found["name"], found["nationalities"]) == ("Möbius", ["FR", "UK"])
    assert "address" not in found


def test_we_read_what_the_peer_issues_presents_and_binds() -> None:
    keys = {"key": make_private_jwk(P256), "holder": make_private_jwk(HOLDER)}
    issued, shown = ask_python(ISSUE, stdin={**keys, "aud": AUDIENCE, "nonce": NONCE})
    whole = parse_sd_jwt(issued, limits=DEFAULT_LIMITS)
    verify_jws(whole.jws, P256.public)
    everything = process_sd_jwt(whole, limits=DEFAULT_LIMITS).payload
    for name in ("name", "address", "nationalities"):
        assert everything[name] == CLAIMS[name]
    part = parse_sd_jwt(shown, limits=DEFAULT_LIMITS)
    payload = process_sd_jwt(part, limits=DEFAULT_LIMITS).payload
    assert (payload["name"], payload["nationalities"]) == ("Möbius", ["FR", "UK"])
    assert "address" not in payload
    found = verify_key_binding(part, payload, limits=DEFAULT_LIMITS)
    assert (found.audience, found.nonce, found.key) == (AUDIENCE, NONCE, HOLDER.public)
