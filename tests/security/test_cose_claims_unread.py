"""Attack: a COSE message whose header names a status or a holder's key, in claims that we cannot read.

What is ignored must not be what says no: a withdrawn credential, or one that somebody else shows.
"""

import json
from typing import Any

import pytest
from tests.support.world import Party, World, outcome, plain_credential

from certweave.canon.jcs import canonicalize
from certweave.encoding.cbor import CborValue
from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.proof.cose import CWT_CLAIMS, TYP, sign_sign1
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_cose import VC_COSE, VP_COSE, envelope_cose

ASKED = Expectation("https://buyer.example", "n-1")
CNF: dict[CborValue, CborValue] = {8: {1: {1: 1, -1: 6, -2: b"\x01" * 32}}}


def message(issuer: Party, claims: Any, **more: Any) -> bytes:
    header: Any = {CWT_CLAIMS: claims, TYP: VC_COSE}
    return sign_sign1(canonicalize(plain_credential(issuer, **more)), header, issuer.signer)


@pytest.mark.parametrize(
    ("status", "found"),
    [
        ({"status_list": {"idx": 1, "uri": "https://x.example/1"}}, "undecided:unreachable"),
        ({"status_list": {"idx": 1, "uri": "https://x.example/1"}, "other": {}}, "undecided:unsupported"),
        ({"other": {}}, "undecided:unsupported"),
        ({"status_list": {"idx": 1, "uri": b"https://x.example/1"}}, "invalid:status_claim_malformed"),
        ({"status_list": {"idx": 1.0, "uri": "https://x.example/1"}}, "invalid:status_claim_malformed"),
        ({1: {"idx": 1, "uri": "https://x.example/1"}, "other": {}}, "invalid:status_claim_malformed"),
        ({}, "invalid:status_claim_malformed"),
        (None, "invalid:status_claim_malformed"),
        (5, "invalid:status_claim_malformed"),
    ],
)
def test_a_status_that_says_nothing_is_not_good(status: Any, found: str) -> None:
    world = World()
    report = world.examine(message(world.party("issuer"), {65535: status}))
    assert outcome(report, "status") == found
    assert report.verdict == found.partition(":")[0]


def test_a_status_in_the_document_hides_none_in_the_header() -> None:
    """Under a context that defines the name, a document may have a member that is called the same."""
    world = World()
    status = {"status_list": {"idx": 1, "uri": "https://x.example/1"}}
    for inside, step, found in (
        ("https://good.example/", "proof", "invalid:claim_mismatch"),
        (status, "status", "undecided:unreachable"),
    ):
        sealed = message(world.party("issuer"), {65535: status}, status=inside)
        assert outcome(world.examine(sealed), step) == found


def test_a_presentation_has_no_status() -> None:
    world = World()
    holder = world.party("holder")
    made: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": holder.did,
    }
    header: Any = {
        CWT_CLAIMS: {65535: {"status_list": {"idx": 1, "uri": "https://x.example/1"}}},
        TYP: VP_COSE,
    }
    shown = sign_sign1(canonicalize(made), header, holder.signer)
    assert outcome(world.examine(shown), "proof") == "undecided:unsupported"


@pytest.mark.parametrize(("claims", "verdict"), [(CNF, "undecided"), ({7: b"id"}, "valid")])
def test_a_key_that_is_not_read_leaves_it_open(claims: Any, verdict: str) -> None:
    world = World()
    issuer, thief = world.party("issuer"), world.party("thief")
    sealed = message(issuer, claims, credentialSubject={"name": "A bale"})
    made: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": thief.did,
        "verifiableCredential": [envelope_cose(sealed)],
    }
    said = {"domain": ASKED.audience, "challenge": ASKED.nonce}
    shown = add_jcs_proof(made, thief.signer, created=world.clock, purpose="authentication", **said)
    assert world.examine(json.dumps(shown).encode(), expect=ASKED).verdict == verdict


@pytest.mark.parametrize("name", ["exp", "nbf", "aud", "iss", "status", "cnf"])
def test_a_claim_under_its_name_in_json_does_not_vanish(name: str) -> None:
    """CWT has numbers for claims: who writes their names means them, and what is unknown is passed over."""
    world = World()
    report = world.examine(message(world.party("issuer"), {name: 1}))
    assert outcome(report, "read") == "invalid:claim_malformed"
    assert world.examine(message(world.party("other"), {"colour": 1})).verdict == "valid"
