"""Attack: a bundle brings along an identity that whoever made the bundle has made up.

A did:webvh is its log: whoever hands it in can leave the end out, and nothing else. What a did:web says, its
server says, to whoever asks it; a document that somebody hands in could be anybody's.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.keys import P384
from tests.support.world import LEDGER_HOST, Party, World, code_of, outcome, plain_credential

from certweave.did.syntax import web_twin
from certweave.did.webvh.twin import make_twin
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Source
from certweave.examine.report import Report, Verdict
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner
from certweave.proof.sd_jwt.issue import sign_sd_jwt
from certweave.proof.vc_jwt import sign_credential_jwt


def lone(party: Party, name: str) -> JsonObject:
    """Return a did.json that names no twin."""
    document = json.loads(json.dumps(make_twin(party.written.history)).replace(party.did, "did:example:1"))
    return {**document, "id": name, "alsoKnownAs": []}


def examine(
    world: World,
    party: Party,
    served: JsonObject | None,
    source: Source,
    *,
    log: bytes | None = None,
    age: timedelta = timedelta(),
) -> Report:
    """Examine a credential of the party's did:web (of its did:webvh without ``served``), offline."""
    name = party.did if served is None else web_twin(party.written.did).text
    signer = KeySigner(f"{name}#{party.key.public.multikey}", party.key)
    document = {**plain_credential(party), "issuer": name}
    token = sign_credential_jwt(document, signer, issued_at=world.clock)
    base = f"https://{LEDGER_HOST}/{party.name}/"
    files = {"did.jsonl": log or party.written.log, "did.json": json.dumps(served).encode()}
    evidence = {
        Need(Kind.DID, base + name): Fetched(content, base + name, "", world.clock - age, source)
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


FORGED: dict[str, Serve] = {
    "no document": lambda party: {"id": 5},
    "another's": lambda party: lone(party, "did:web:other.example"),
    "a twin of somebody else": lambda party: {
        **lone(party, web_twin(party.written.did).text),
        "alsoKnownAs": ["did:webvh:QmY:thief.example"],
    },
    "without the key": lambda party: {
        **lone(party, web_twin(party.written.did).text),
        "verificationMethod": [],
        "assertionMethod": [],
        "authentication": [],
    },
}


@pytest.mark.parametrize("served", FORGED.values(), ids=FORGED)
def test_a_did_web_that_was_handed_in_speaks_against_nobody(served: Serve) -> None:
    """Nor does it lead anywhere: only its own host is asked."""
    world = World()
    report = examine(world, fa := world.party("fa"), served(fa), Source.SUPPLIED)
    assert outcome(report, "history") == "undecided:stale"
    assert [need.url for need in report.needs] == [f"https://{LEDGER_HOST}/fa/did.json"]


ISSUER = "https://shop.example"
METADATA, KEYS = f"{ISSUER}/.well-known/jwt-vc-issuer", "https://shop.example/keys"


@pytest.mark.parametrize("later", [-1, 1])
@pytest.mark.parametrize("supplied", [METADATA, KEYS, None])
def test_the_keys_of_a_web_address_count_only_where_we_fetched_them(supplied: str | None, later: int) -> None:
    """Whichever of the two documents is the newer, by what its own row says."""
    world = World()
    files: dict[str, JsonObject] = {
        METADATA: {"issuer": ISSUER, "jwks_uri": KEYS},
        KEYS: {"keys": [{**make_public_jwk(P384.public), "kid": "k"}]},
    }
    evidence = {
        Need(Kind.ISSUER, url): Fetched(
            json.dumps(content).encode(),
            url,
            "",
            world.clock + (timedelta(seconds=later) if url == supplied else timedelta()),
            Source.SUPPLIED if url == supplied else Source.FETCHED,
        )
        for url, content in files.items()
    }
    token = sign_sd_jwt(
        {"iss": ISSUER, "vct": "urn:x:y"},
        KeySigner("k", P384),
        header={"typ": "dc+sd-jwt"},
        hidden=(),
        entropy=bytes,
    )
    report = world.examine(token.encode(), evidence=Evidence(evidence), offline=True)
    if supplied is None:
        assert report.verdict is Verdict.VALID
    else:
        assert code_of(report, "history") == "did_not_ours"
        assert report.needs == {Need(Kind.ISSUER, supplied)}


def rekeyed(document: JsonObject, other: JsonObject) -> JsonObject:
    """Return a document with the key of another one under the name of its own."""
    (old, *_), (new, *_) = document["verificationMethod"], other["verificationMethod"]
    method = {**old, "publicKeyMultibase": new["publicKeyMultibase"]}
    return {**document, "verificationMethod": [method, *document["verificationMethod"][1:]]}


def revoked(document: JsonObject) -> JsonObject:
    methods = [{**one, "revoked": "2020-01-01T00:00:00Z"} for one in document["verificationMethod"]]
    return {**document, "verificationMethod": methods}


CHANGED: dict[str, tuple[Callable[[JsonObject, JsonObject], JsonObject], str]] = {
    "another key": (lambda _, other: other, "key_unknown"),
    "the same name for another key": (rekeyed, "signature_mismatch"),
    "a key taken back": (lambda document, _: revoked(document), "signed_after_retirement"),
}


@pytest.mark.parametrize("change", CHANGED)
def test_a_document_of_long_ago_speaks_against_nobody(change: str) -> None:
    """A did:web may say all else by now: an old one is undecided, whatever it says."""
    world = World()
    fa, gin = world.party("fa"), world.party("gin")
    name = web_twin(fa.written.did).text
    alter, code = CHANGED[change]
    served = alter(lone(fa, name), lone(gin, name))
    fresh = examine(world, fa, served, Source.FETCHED)
    assert [(check.outcome.value, check.code) for check in fresh.decisive()] == [("invalid", code)]
    old = examine(world, fa, served, Source.FETCHED, age=timedelta(days=3))
    assert [(check.outcome.value, check.code) for check in old.decisive()] == [("undecided", "did_stale")]


def test_a_log_of_long_ago_may_lack_a_key_of_today() -> None:
    """What it shows of a signature stays: only what it does not know may have been added."""
    world = World()
    party = world.party("fa")
    before = party.written.log
    world.clock += timedelta(days=5)
    party.rotate()
    report = examine(world, party, None, Source.FETCHED, log=before)
    assert outcome(report, "key") == "invalid:key_unknown"
    report = examine(world, party, None, Source.FETCHED, log=before, age=timedelta(days=3))
    assert report.verdict is Verdict.UNDECIDED
    assert (code_of(report, "history"), code_of(report, "key")) == ("did_stale", "did_stale")


def test_a_log_counts_up_to_its_last_entry() -> None:
    world = World()
    party = world.party("fa")
    assert examine(world, party, None, Source.SUPPLIED).verdict is Verdict.VALID
    world.clock += timedelta(days=30)
    assert examine(world, party, None, Source.FETCHED).verdict is Verdict.VALID
    assert outcome(examine(world, party, None, Source.SUPPLIED), "history") == "undecided:stale"
