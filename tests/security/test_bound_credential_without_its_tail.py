"""Attack: an SD-JWT without a ``typ``, cut at its first ``~``, passes for a JWT: nobody asks for its key.

So the thief of a credential that names its holder by key alone could show it in a presentation of their own.
"""

import json

import pytest
from tests.support.keys import ED25519, OTHER_ED25519
from tests.support.selective import by_hand
from tests.support.world import World, outcome, plain_credential

from certweave.did.key import make_did_key, make_did_key_method
from certweave.examine.expectation import Expectation
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner, PrivateKey
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import envelope

ASKED = Expectation("https://buyer.example", "n-1")


def shown(world: World, key: PrivateKey, *, cut: bool) -> bytes:
    """Return a presentation by the did:key of ``key``, of a credential that is bound to ED25519."""
    issuer = world.party("issuer")
    claims = plain_credential(issuer, cnf={"jwk": make_public_jwk(ED25519.public)})
    claims["credentialSubject"] = {"name": "A bale"}
    token = by_hand(issuer, claims, None).decode()
    made = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": make_did_key(key.public),
        "verifiableCredential": [envelope(token[:-1] if cut else token)],
    }
    proved = add_jcs_proof(
        made,
        KeySigner(make_did_key_method(key.public), key),
        created=world.clock,
        purpose="authentication",
        domain=ASKED.audience,
        challenge=ASKED.nonce,
    )
    return json.dumps(proved).encode()


@pytest.mark.parametrize("cut", [False, True])
def test_a_thief_does_not_get_rid_of_the_key(cut: bool) -> None:
    world = World()
    report = world.examine(shown(world, OTHER_ED25519, cut=cut), expect=ASKED)
    assert outcome(report, "holder") == "invalid:key_binding_missing"
    assert report.verdict == "invalid"


@pytest.mark.parametrize("cut", [False, True])
def test_its_holder_shows_it(cut: bool) -> None:
    world = World()
    assert world.examine(shown(world, ED25519, cut=cut), expect=ASKED).verdict == "valid"
