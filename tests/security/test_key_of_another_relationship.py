"""A key that may only authenticate must not assert, and the other way round."""

import pytest
from tests.support.ways import NAMES, entropy, show
from tests.support.world import LEDGER_HOST, Party, World, outcome, plain_credential

from certweave.did.webvh.write import MethodTemplate, make_document, make_location, rotate_log
from certweave.examine.expectation import Expectation
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.proof.vc_jwt import envelope, sign_credential_jwt, sign_presentation_jwt
from certweave.proof.ways import WAYS


def _with_split_keys(
    world: World, algorithm: Algorithm = Algorithm.ED25519
) -> tuple[Party, KeySigner, KeySigner]:
    """Return a party whose one key asserts and whose other key authenticates."""
    party = world.party("fa")
    draw = entropy()
    asserts, authenticates = (make_private_key(algorithm, entropy=draw) for _ in range(2))
    document = make_document(
        make_location(LEDGER_HOST, path=[party.name]),
        [
            MethodTemplate(asserts.public, ("assertionMethod",)),
            MethodTemplate(authenticates.public, ("authentication",)),
        ],
        did=party.written.did,
    )
    party.written = rotate_log(
        party.written.did,
        party.written.log,
        signer=KeySigner("#", party._next),
        time=world.clock.replace(second=30),
        next_keys=[],
        document=document,
    )
    world.clock = world.clock.replace(minute=5)
    name = party.did
    return (
        party,
        KeySigner(f"{name}#{asserts.public.multikey}", asserts),
        KeySigner(f"{name}#{authenticates.public.multikey}", authenticates),
    )


def test_a_key_for_authentication_cannot_issue() -> None:
    world = World()
    party, asserts, authenticates = _with_split_keys(world)
    document = plain_credential(party)
    good = sign_credential_jwt(document, asserts, issued_at=world.clock)
    bad = sign_credential_jwt(document, authenticates, issued_at=world.clock)
    assert outcome(world.examine(good.encode()), "key") == "valid:key_holds"
    assert outcome(world.examine(bad.encode()), "key") == "invalid:key_wrong_relationship"


@pytest.mark.parametrize("way", NAMES)
def test_whatever_way_it_signs(way: str) -> None:
    world = World()
    party, asserts, authenticates = _with_split_keys(world, WAYS[way].algorithms[0])
    found = [
        outcome(world.examine(show(plain_credential(party), signer, way, now=world.clock)), "key")
        for signer in (asserts, authenticates)
    ]
    assert found == ["valid:key_holds", "invalid:key_wrong_relationship"]


def test_a_key_for_assertion_cannot_present() -> None:
    world = World()
    party, asserts, authenticates = _with_split_keys(world)
    shown = envelope(sign_credential_jwt(plain_credential(party), asserts, issued_at=world.clock))
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": party.did,
        "verifiableCredential": [shown],
    }
    for signer, expected in (
        (authenticates, "valid:key_holds"),
        (asserts, "invalid:key_wrong_relationship"),
    ):
        token = sign_presentation_jwt(presentation, signer, issued_at=world.clock, audience="a", nonce="n")
        report = world.examine(token.encode(), expect=Expectation("a", "n"))
        assert outcome(report, "key") == expected
