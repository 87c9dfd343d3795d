"""Attack: whoever holds the web server swaps the did.json of an issuer that is named as did:web."""

import json
from typing import Any

import pytest
from tests.support.world import LEDGER_HOST, Party, World, outcome, plain_credential

from certweave.did.syntax import web_twin
from certweave.did.webvh.twin import make_twin
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Fetched, Kind, Need
from certweave.examine.report import Report
from certweave.keys.model import KeySigner, PrivateKey
from certweave.proof.vc_jwt import sign_credential_jwt


def _examine(world: World, party: Party, key: PrivateKey, served: JsonObject) -> Report:
    """Examine a credential that ``key`` signed for the did:web of ``party``, whose did.json is ``served``."""
    name = web_twin(party.written.did).text
    signer = KeySigner(f"{name}#{key.public.multikey}", key)
    document = {**plain_credential(party), "issuer": name}
    token = sign_credential_jwt(document, signer, issued_at=world.clock)
    url = f"https://{LEDGER_HOST}/{party.name}/did.json"
    found = Fetched(json.dumps(served).encode(), url, "application/did+json", world.clock)
    return world.examine(token.encode(), evidence=Evidence({Need(Kind.DID, url): found}))


def _with_key(served: JsonObject, key: PrivateKey) -> JsonObject:
    method = f"{served['id']}#{key.public.multikey}"
    added: dict[str, Any] = {"id": method, "type": "Multikey", "controller": served["id"]}
    return {
        **served,
        "verificationMethod": [{**added, "publicKeyMultibase": key.public.multikey}],
        "assertionMethod": [method],
    }


def test_the_honest_twin_is_judged_by_its_log() -> None:
    world = World()
    party = world.party("fa")
    report = _examine(world, party, party.key, make_twin(party.written.history))
    assert outcome(report, "history") == "valid:history_holds"
    assert report.verdict == "valid"


def test_a_key_that_only_the_web_has_is_refused() -> None:
    world = World()
    party, thief = world.party("fa"), world.new_key()
    report = _examine(world, party, thief, _with_key(make_twin(party.written.history), thief))
    assert outcome(report, "history") == "invalid:twin_differs"
    assert report.verdict == "invalid"


@pytest.mark.parametrize("member", ["service", "alsoKnownAs", "authentication"])
def test_whatever_differs_is_refused_even_where_the_key_is_right(member: str) -> None:
    world = World()
    party = world.party("fa")
    served = make_twin(party.written.history)
    changed = {
        "service": [],
        "authentication": [],
        "alsoKnownAs": [*served["alsoKnownAs"], "did:web:x.example"],
    }
    report = _examine(world, party, party.key, {**served, member: changed[member]})
    assert outcome(report, "history") == "invalid:twin_differs"
    assert report.verdict == "invalid"


def test_the_twin_of_somebody_else_is_refused() -> None:
    world = World()
    party, other = world.party("fa"), world.party("other")
    served = {**make_twin(party.written.history), "alsoKnownAs": [other.did]}
    assert outcome(_examine(world, party, party.key, served), "history") == "invalid:twin_differs"
