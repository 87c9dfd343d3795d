"""Somebody else's signature under an issuer's name, in every way that a token can say it."""

import json

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Step, Verdict
from certweave.keys.model import KeySigner
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import sign_credential_jwt


@pytest.mark.parametrize("form", ["own_kid", "borrowed_kid", "did_key", "embedded"])
def test_a_stranger_signs_in_the_issuers_name(form: str) -> None:
    world = World()
    fa, thief = world.party("fa"), world.party("thief")
    document = plain_credential(fa)
    kids = {
        "own_kid": thief.signer.method,
        "borrowed_kid": fa.signer.method,
        "did_key": f"did:key:{thief.key.public.multikey}#{thief.key.public.multikey}",
        "embedded": thief.signer.method,
    }
    signer = KeySigner(kids[form], thief.key)
    if form == "embedded":
        source = json.dumps(
            add_jcs_proof(document, signer, created=world.clock, purpose="assertionMethod")
        ).encode()
    else:
        source = sign_credential_jwt(document, signer, issued_at=world.clock).encode()
    report = world.examine(source)
    expected = (
        ("signature", "invalid:signature_mismatch")
        if form == "borrowed_kid"
        else ("key", "invalid:foreign_signer")
    )
    assert outcome(report, expected[0]) == expected[1]
    assert report.verdict is Verdict.INVALID


def test_a_strangers_proof_beside_the_issuers_does_no_good_and_must_hold() -> None:
    world = World()
    fa, thief = world.party("fa"), world.party("thief")
    once = json.loads(fa.embed(plain_credential(fa)))
    twice = add_jcs_proof(once, thief.signer, created=world.clock, purpose="assertionMethod")
    assert world.examine(json.dumps(twice).encode()).verdict is Verdict.VALID
    twice["proof"][1]["proofValue"] = twice["proof"][0]["proofValue"]
    report = world.examine(json.dumps(twice).encode())
    assert outcome(report, "signature") == "invalid:signature_mismatch"
    assert report.check(Step.SIGNATURE).path == "/proof/1"
