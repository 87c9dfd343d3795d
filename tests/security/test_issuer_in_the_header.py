"""Attack: the header of a token names another issuer than its claims, and some readers look there first."""

import json

import pytest
from tests.support.selective import by_hand
from tests.support.world import World, outcome, plain_credential

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.proof.jose import sign_compact

STRANGER = "did:web:stranger.example"


@pytest.mark.parametrize(
    ("header", "claims", "code"),
    [
        ({"iss": STRANGER}, {}, "claim_mismatch"),
        ({"iss": STRANGER}, {"iss": "own"}, "claim_mismatch"),
        ({"sub": STRANGER}, {}, "claim_mismatch"),
        ({"iss": "own"}, {}, None),
        ({"iss": "own"}, {"iss": "own"}, None),
    ],
)
def test_a_token(header: dict[str, str], claims: JsonObject, code: str | None) -> None:
    world = World()
    issuer = world.party("issuer")
    own = {name: issuer.did if value == "own" else value for name, value in header.items()}
    said = {name: issuer.did if value == "own" else value for name, value in claims.items()}
    payload = json.dumps({**plain_credential(issuer), **said}).encode()
    token = sign_compact(payload, {"typ": "vc+jwt", **own}, issuer.signer)
    found = outcome(world.examine(token.encode()), "proof")
    assert found == ("valid:proof_holds" if code is None else f"invalid:{code}")


def test_a_header_whose_issuer_is_no_name() -> None:
    world = World()
    issuer = world.party("issuer")
    header = {"alg": "EdDSA", "kid": issuer.signer.method, "typ": "vc+jwt", "iss": 7}
    parts = (json.dumps(part).encode() for part in (header, plain_credential(issuer)))
    signing_input = ".".join(base64url_encode(part) for part in parts)
    signature = base64url_encode(issuer.signer.sign(signing_input.encode()))
    report = world.examine(f"{signing_input}.{signature}".encode())
    assert outcome(report, "proof") == "invalid:claim_malformed"


@pytest.mark.parametrize("typ", ["dc+sd-jwt", "vc+sd-jwt"])
def test_an_sd_jwt(typ: str) -> None:
    world = World()
    issuer = world.party("issuer")
    claims = {"iss": issuer.did, "vct": "urn:x:y"} if typ == "dc+sd-jwt" else plain_credential(issuer)
    assert (
        outcome(world.examine(by_hand(issuer, claims, typ, iss=issuer.did)), "proof") == "valid:proof_holds"
    )
    forged = by_hand(issuer, claims, typ, iss=STRANGER)
    assert outcome(world.examine(forged), "proof") == "invalid:claim_mismatch"


@pytest.mark.parametrize("typ", ["dc+sd-jwt", "vc+sd-jwt", "vp+sd-jwt", "Application/DC+SD-JWT"])
def test_an_sd_jwt_without_its_last_tilde_is_no_token(typ: str) -> None:
    """RFC 9901 §4: cut off, it would be read as a token of which nothing can be withheld."""
    world = World()
    issuer = world.party("issuer")
    token = sign_compact(json.dumps(plain_credential(issuer)).encode(), {"typ": typ}, issuer.signer)
    assert outcome(world.examine(token.encode()), "read") == "invalid:sd_jwt_malformed"
