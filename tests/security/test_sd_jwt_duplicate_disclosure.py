"""Attack: bringing a disclosure twice, or two for one claim, so that readers disagree on its value."""

from tests.support.selective import by_hand, entropy, ietf, sign_raw
from tests.support.world import World, outcome

from certweave.encoding.multibase import base64url_encode
from certweave.proof.sd_jwt.token import digest_of


def test_one_disclosure_twice() -> None:
    world = World()
    token = ietf(world.party("issuer"), "/name")
    twice = token + token.split("~")[1] + "~"
    assert outcome(world.examine(twice.encode()), "read") == "invalid:sd_disclosure_repeated"


def test_one_disclosure_in_two_spellings() -> None:
    """Another spelling has another digest, which nobody signed for."""
    world = World()
    token = ietf(world.party("issuer"), "/name")
    salt = base64url_encode(entropy()(16))
    other = base64url_encode(f'[ "{salt}", "name", "A bale" ]'.encode())
    assert outcome(world.examine(f"{token}{other}~".encode()), "read") == "invalid:sd_disclosure_unreferenced"


def test_two_disclosures_for_one_claim() -> None:
    """Even an issuer that signs for both cannot let the presenter choose."""
    world = World()
    issuer = world.party("issuer")
    grades = [base64url_encode(f'["{salt}", "grade", "{salt}"]'.encode()) for salt in ("A", "B")]
    claims = {"iss": issuer.did, "vct": "urn:x:y"}
    plain = by_hand(issuer, claims, "dc+sd-jwt")
    assert outcome(world.examine(plain), "read") == "valid:read_holds"
    token = sign_raw(issuer, {**claims, "_sd": [digest_of(one, {}) for one in grades]}).decode().rstrip("~")
    for one in grades:
        assert outcome(world.examine(f"{token}~{one}~".encode()), "read") == "valid:read_holds"
    both = f"{token}~{grades[0]}~{grades[1]}~".encode()
    assert outcome(world.examine(both), "read") == "invalid:sd_claim_exists"
