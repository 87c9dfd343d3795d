"""Attack: the kid of a token points to a key that is not one of a DID."""

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.keys.model import KeySigner
from certweave.proof.jose import sign_compact


@pytest.mark.parametrize(
    ("kid", "expected"),
    [
        ("key-1", "undecided:unsupported"),
        ("#key-1", "undecided:unsupported"),
        ("did:key:z6Mk", "invalid:kid_malformed"),
        ("DID:key:z6Mk#z6Mk", "invalid:kid_malformed"),
        ("https://mill.example/keys#1", "undecided:unsupported"),
    ],
)
def test_a_kid_that_leads_to_no_did(kid: str, expected: str) -> None:
    world = World()
    issuer = world.party("issuer")
    signer = KeySigner(kid, issuer.key)
    token = sign_compact(canonicalize(plain_credential(issuer)), {"typ": "vc+jwt"}, signer)
    assert outcome(world.examine(token.encode()), "proof") == expected
