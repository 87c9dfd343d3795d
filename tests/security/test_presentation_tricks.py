"""Attack: a presentation, or what pretends to be one, says more than its holder signed."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.world import Party, World, code_of, outcome, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import envelope

V2 = "https://www.w3.org/ns/credentials/v2"
ASKED = Expectation("https://buyer.example", "n-1")


@pytest.fixture
def world() -> World:
    world = World()
    for name in ("issuer", "holder", "thief"):
        world.party(name)
    return world


def prove(party: Party, document: JsonObject, **options: Any) -> JsonObject:
    return add_jcs_proof(
        document, party.signer, created=party.world.clock, purpose="authentication", **options
    )


def credential(world: World, holder: str) -> JsonObject:
    issuer = world.parties["issuer"]
    return dict(json.loads(issuer.embed(plain_credential(issuer, holder))))


def presentation(holder: str, *credentials: JsonObject, **more: Any) -> JsonObject:
    return {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": holder,
        "verifiableCredential": list(credentials),
        **more,
    }


def test_the_audience_is_not_taken_from_a_proof_that_somebody_added(world: World) -> None:
    holder, thief = world.parties["holder"], world.parties["thief"]
    made = presentation(holder.did, credential(world, holder.did))
    made = prove(holder, made, challenge="n-1", domain="https://thief.example")
    made = prove(thief, made, challenge="x", domain="https://buyer.example")
    report = world.examine(json.dumps(made).encode(), expect=ASKED)
    assert outcome(report, "audience") == "invalid:audience_wrong"
    assert report.verdict == "invalid"


def test_a_credential_that_calls_itself_a_presentation_too_is_refused(world: World) -> None:
    thief = world.parties["thief"]
    forged = plain_credential(world.parties["issuer"], thief.did)
    forged |= {"type": ["VerifiableCredential", "VerifiablePresentation"], "holder": thief.did}
    report = world.examine(json.dumps(prove(thief, forged)).encode())
    assert outcome(report, "model") == "invalid:presentation_and_credential"
    assert report.verdict == "invalid"


def test_a_holder_that_is_no_did_is_not_bound_to_the_key(world: World) -> None:
    address = "https://mill.example/"
    made = prove(world.parties["thief"], presentation(address, credential(world, address)))
    report = world.examine(json.dumps(made).encode())
    assert (outcome(report, "holder"), code_of(report, "holder")) == (
        "undecided:unsupported",
        "holder_not_bound",
    )
    assert report.verdict == "undecided"


@pytest.mark.parametrize(("presenter", "verdict"), [("holder", "valid"), ("thief", "invalid")])
def test_of_several_subjects_only_one_of_them_presents(world: World, presenter: str, verdict: str) -> None:
    issuer, party = world.parties["issuer"], world.parties[presenter]
    subjects = [{"id": "did:example:other", "name": "A"}, {"id": world.parties["holder"].did, "name": "B"}]
    shown = json.loads(issuer.embed(plain_credential(issuer, credentialSubject=subjects)))
    report = world.examine(json.dumps(prove(party, presentation(party.did, shown))).encode())
    assert report.verdict == verdict


def test_a_bare_credential_does_not_answer_a_request(world: World) -> None:
    source = json.dumps(credential(world, world.parties["holder"].did)).encode()
    report = world.examine(source, expect=ASKED)
    assert outcome(report, "read") == "invalid:presentation_expected"
    assert world.examine(source).verdict == "valid"


def test_members_around_the_credentials_must_be_known(world: World) -> None:
    holder = world.parties["holder"]
    made = presentation(holder.did, credential(world, holder.did), issuer=world.parties["issuer"].did)
    report = world.examine(json.dumps(prove(holder, made)).encode())
    assert outcome(report, "rules") == "invalid:term_unknown"


Wrap = Callable[[JsonObject, JsonObject], JsonObject]
BODIES: dict[str, Wrap] = {
    "presentation as credential": lambda _vc, vp: {"verifiableCredential": vp},
    "credential as presentation": lambda vc, _vp: {"verifiablePresentation": vc},
    "both": lambda vc, vp: {"verifiableCredential": vc, "verifiablePresentation": vp},
}


@pytest.mark.parametrize("name", BODIES)
def test_a_body_holds_what_it_says(world: World, name: str) -> None:
    holder = world.parties["holder"]
    shown = credential(world, holder.did)
    body = BODIES[name](shown, prove(holder, presentation(holder.did, shown)))
    report = world.examine(json.dumps(body).encode())
    assert outcome(report, "read").startswith("invalid:input_")


@pytest.mark.parametrize("inside", ["credential", "presentation"])
def test_an_envelope_holds_what_it_says(world: World, inside: str) -> None:
    holder = world.parties["holder"]
    if inside == "credential":
        token = holder.issue(plain_credential(holder))
    else:
        token = holder.present([credential(world, holder.did)], audience=None, nonce=None)
    right = envelope(token.decode(), presentation=inside == "presentation")
    wrong = envelope(token.decode(), presentation=inside == "credential")
    assert world.examine(json.dumps(right).encode()).verdict == "valid"
    assert outcome(world.examine(json.dumps(wrong).encode()), "read") == "invalid:input_kind"


def test_a_holder_under_another_name_is_refused(world: World) -> None:
    holder, thief = world.parties["holder"], world.parties["thief"]
    renamed = {"https://www.w3.org/2018/credentials#holder": {"id": holder.did}}
    made = presentation(thief.did, credential(world, holder.did), **renamed)
    report = world.examine(json.dumps(prove(thief, made)).encode())
    assert outcome(report, "rules") == "invalid:term_renamed"
