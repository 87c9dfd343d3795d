"""Attack: the holder says the same statements in other words, so that nobody sees an end or a status."""

import copy
import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.world import World, contexts, outcome, plain_credential

from certweave.credential.renamed import check_names_at_length
from certweave.credential.untp.names import UNTP_CONTEXT
from certweave.encoding.multihash import make_digest_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around
from certweave.status.bitstring import make_bits, make_status_list

V2 = "https://www.w3.org/ns/credentials/v2"
CREDENTIALS = "https://www.w3.org/2018/credentials#"
STATUS = f"{CREDENTIALS}credentialStatus"
END = {"@id": f"{CREDENTIALS}validUntil", "@type": "http://www.w3.org/2001/XMLSchema#dateTime"}
Spoil = Callable[[JsonObject], Any]


def redefine(document: JsonObject, **terms: Any) -> JsonObject:
    document["@context"] = [V2, terms]
    return document


def literal(document: JsonObject) -> JsonObject:
    return {"@type": END["@type"], "@value": document.pop("validUntil")}


def include(document: JsonObject, term: str, **terms: Any) -> None:
    redefine(document, inc="@included", **terms)
    kind = ["VerifiableCredential"]
    document["inc"] = [{"id": document["id"], "type": kind, term: document.pop(term)}]


def pad(document: JsonObject) -> None:
    """Show the good entry twice in the place of the bad one."""
    good, bad = document["credentialStatus"]
    redefine(document, other={"@id": STATUS, "@type": "@id"})
    document |= {"credentialStatus": [good, good], "other": bad}


ENDS: dict[str, Spoil] = {
    "another name": lambda it: redefine(it, end=END).update(end=it.pop("validUntil")),
    "the whole IRI": lambda it: it.update({END["@id"]: literal(it)}),
    "a compact IRI": lambda it: redefine(it, c=CREDENTIALS).update({"c:validUntil": literal(it)}),
    "in a nest": lambda it: redefine(it, nest="@nest", end={**END, "@nest": "nest"}).update(
        nest={"end": it.pop("validUntil")}
    ),
    "included": lambda it: include(it, "validUntil"),
    "a name for @id": lambda it: redefine(it, me="@id"),
}
STATES: dict[str, Spoil] = {
    "another name": lambda it: (
        redefine(it, state={"@id": STATUS, "@type": "@id"}),
        it.update(state=it.pop("credentialStatus")),
    ),
    "the whole IRI": lambda it: it.update({STATUS: it.pop("credentialStatus")}),
    "the other way round": lambda it: (
        redefine(it, inc="@included", of={"@reverse": STATUS, "@type": "@id"}),
        it.update(inc=[{**entry, "of": it["id"]} for entry in it.pop("credentialStatus")]),
    ),
    "included": lambda it: include(it, "credentialStatus"),
    "one entry twice": pad,
    "reached from the subject": lambda it: it["credentialSubject"].update(
        {
            "https://x.example/about": {
                "id": it["id"],
                "type": ["VerifiableCredential"],
                "credentialStatus": it.pop("credentialStatus"),
            }
        }
    ),
}


def sign(world: World, document: JsonObject) -> JsonObject:
    return add_proof(
        document,
        world.parties["issuer"].signer,
        suite=get_suite("eddsa-rdfc-2022"),
        around=Around(contexts(), DEFAULT_LIMITS),
        created=world.clock,
        purpose="assertionMethod",
    )


@pytest.fixture
def world() -> World:
    world = World()
    world.party("issuer")
    return world


@pytest.mark.parametrize("case", ENDS)
def test_an_end_is_not_hidden(world: World, case: str) -> None:
    signed = sign(world, plain_credential(world.parties["issuer"], validUntil="2026-03-01T08:00:00Z"))
    assert outcome(world.examine(json.dumps(signed).encode()), "validity") == "invalid:expired"
    spoilt = copy.deepcopy(signed)
    ENDS[case](spoilt)
    report = world.examine(json.dumps(spoilt).encode())
    assert outcome(report, "signature").startswith("valid")
    assert outcome(report, "rules") == "invalid:term_renamed"


def test_an_end_is_not_hidden_where_the_credential_names_itself(world: World) -> None:
    """Under pinned contexts alone, which nobody but their owner wrote."""
    related = {"id": "https://certs.example/credentials/1", "mediaType": "application/ld+json"}
    related["digestMultibase"] = make_digest_multibase(b"what nobody has at hand")
    issuer = world.parties["issuer"]
    signed = sign(world, plain_credential(issuer, validUntil="2026-03-01T08:00:00Z", relatedResource=related))
    assert outcome(world.examine(json.dumps(signed).encode()), "validity") == "invalid:expired"
    spoilt = copy.deepcopy(signed)
    spoilt["relatedResource"] |= {"type": ["VerifiableCredential"], "validUntil": spoilt.pop("validUntil")}
    report = world.examine(json.dumps(spoilt).encode())
    assert outcome(report, "signature").startswith("valid")
    assert outcome(report, "rules") == "invalid:term_renamed"


@pytest.mark.parametrize("case", STATES)
def test_a_status_is_not_hidden(world: World, case: str) -> None:
    issuer = world.parties["issuer"]
    issuer.set_status(7, True)
    about = {"id": "https://certs.example/credentials/1"}
    subject = {"name": "A bale", "https://x.example/about": about}
    entries = [
        {"id": f"urn:example:{number}", **issuer.entry(number), "statusListIndex": str(number)}
        for number in (6, 7)
    ]
    signed = sign(world, plain_credential(issuer, credentialSubject=subject, credentialStatus=entries))
    assert outcome(world.examine(json.dumps(signed).encode()), "status") == "invalid:suspended"
    spoilt = copy.deepcopy(signed)
    STATES[case](spoilt)
    report = world.examine(json.dumps(spoilt).encode())
    assert outcome(report, "signature").startswith("valid")
    assert outcome(report, "rules") == "invalid:term_renamed"


def test_a_context_of_its_own_is_no_disguise(world: World) -> None:
    document = plain_credential(world.parties["issuer"], validUntil="2027-03-01T08:00:00Z")
    redefine(
        document, ex="https://x.example/", lot="ex:lot", own={"@id": "https://x.example/own", "@type": "@id"}
    )
    document["credentialSubject"] |= {
        "id": "ex:me",
        "lot": "7",
        "own": {"lot": "8"},
        "https://x.example/more": "9",
    }
    assert world.examine(json.dumps(sign(world, document)).encode()).verdict == "valid"


def test_the_name_of_a_vocabulary_as_a_type_is_no_disguise() -> None:
    document = {"@context": [V2, UNTP_CONTEXT], "id": "urn:uuid:2", "type": ["VerifiableCredential", "untp"]}
    check_names_at_length(document, contexts=contexts(), limits=DEFAULT_LIMITS)


def test_the_end_of_a_status_list_is_not_hidden(world: World) -> None:
    """Who kept a list from before the withdrawal cannot make it last."""
    issuer = world.parties["issuer"]
    made = make_status_list(
        list_url="https://certs.example/other/1",
        issuer=issuer.did,
        purpose="suspension",
        bits=bytes(make_bits()),
        valid_from=world.clock - timedelta(hours=2),
        valid_until=world.clock - timedelta(hours=1),
    )
    honest = sign(world, made)
    hidden = copy.deepcopy(honest)
    hidden["@context"] = [*hidden["@context"], {"end": END}]
    hidden["end"] = hidden.pop("validUntil")
    entry = {**issuer.entry(7), "statusListCredential": "https://certs.example/other/1"}
    token = issuer.issue(plain_credential(issuer, credentialStatus=entry))
    found = {}
    for name, content in {"honest": honest, "hidden": hidden}.items():
        world.documents["https://certs.example/other/1"] = json.dumps(content).encode()
        report = world.examine(token)
        found[name] = (str(report.verdict), outcome(report, "status"))
    assert "valid" not in {verdict for verdict, _ in found.values()}, found
    assert found["hidden"] == ("invalid", "invalid:status_list_invalid")
