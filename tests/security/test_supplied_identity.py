"""Attack: a bundle brings along an identity that whoever made the bundle has made up.

A did:webvh is its log: whoever hands it in can leave the end out, and nothing else. What a did:web says, its
server says, to whoever asks it; a document that somebody hands in could be anybody's.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.world import LEDGER_HOST, Party, World, outcome, plain_credential

from certweave.did.syntax import web_twin
from certweave.did.webvh.twin import make_twin
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Source
from certweave.examine.report import Report, Verdict
from certweave.keys.model import KeySigner
from certweave.proof.vc_jwt import sign_credential_jwt


def lone(party: Party, name: str) -> JsonObject:
    """Return a did.json that names no twin."""
    document = json.loads(json.dumps(make_twin(party.written.history)).replace(party.did, "did:example:1"))
    return {**document, "id": name, "alsoKnownAs": []}


def examine(world: World, party: Party, served: JsonObject | None, source: Source) -> Report:
    """Examine a credential of the party's did:web (of its did:webvh without ``served``), offline."""
    name = party.did if served is None else web_twin(party.written.did).text
    signer = KeySigner(f"{name}#{party.key.public.multikey}", party.key)
    document = {**plain_credential(party), "issuer": name}
    token = sign_credential_jwt(document, signer, issued_at=world.clock)
    base = f"https://{LEDGER_HOST}/{party.name}/"
    files = {"did.jsonl": party.written.log, "did.json": json.dumps(served).encode()}
    evidence = {
        Need(Kind.DID, base + name): Fetched(content, base + name, "", world.clock, source)
        for name, content in files.items()
    }
    return world.examine(token.encode(), evidence=Evidence(evidence), offline=True)


Serve = Callable[[Party], JsonObject]
SERVED: dict[str, Serve] = {
    "alone": lambda party: lone(party, web_twin(party.written.did).text),
    "with a twin": lambda party: make_twin(party.written.history),
}


@pytest.mark.parametrize("served", SERVED.values(), ids=SERVED)
def test_a_did_web_counts_only_where_we_fetched_it(served: Serve) -> None:
    world = World()
    thief = world.party("fa")  # who writes whatever name it likes into what it makes up
    fetched = examine(world, thief, served(thief), Source.FETCHED)
    assert fetched.verdict is Verdict.VALID
    supplied = examine(world, thief, served(thief), Source.SUPPLIED)
    assert supplied.verdict is Verdict.UNDECIDED
    (check,) = supplied.decisive()
    assert (check.cause, check.code) == ("stale", "did_not_ours")
    assert [need.url for need in check.needs] == [f"https://{LEDGER_HOST}/fa/did.json"]


def test_a_log_counts_up_to_its_last_entry() -> None:
    world = World()
    party = world.party("fa")
    assert examine(world, party, None, Source.SUPPLIED).verdict is Verdict.VALID
    world.clock += timedelta(days=30)
    assert examine(world, party, None, Source.FETCHED).verdict is Verdict.VALID
    assert outcome(examine(world, party, None, Source.SUPPLIED), "history") == "undecided:stale"
