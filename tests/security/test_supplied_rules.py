"""Attack: a bundle brings along rules that let everything pass, or a status list of other certificates.

A schema, and what a type says of its claims, are signed by nobody: whoever hands them in could have written
them. A status list is signed; without an ``id``, it could be any list of its issuer's.
"""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.selective import ietf
from tests.support.world import Party, World, code_of, contexts, outcome, plain_credential

from certweave.encoding.multihash import make_digest_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Source, Unavailable
from certweave.examine.report import Report, Verdict
from certweave.limits import DEFAULT_LIMITS
from certweave.status.bitstring import make_bits, make_status_list
from certweave.trust.policy import INTEGRITY, Policy, TrustedIssuer
from certweave_edge.gather import examine_with

URL, DEEPER = "https://rules.example/1", "https://rules.example/2"
LIST = "https://certs.example/lists/1"
Files = dict[str, JsonObject]


def as_bytes(document: JsonObject) -> bytes:
    return json.dumps(document).encode()


def strict(url: str) -> JsonObject:
    return {**lax(url), "required": ["evidence"]}


def lax(url: str) -> JsonObject:
    return {"$id": url, "$schema": "https://json-schema.org/draft/2020-12/schema"}


def by_schema(party: Party, **digest: str) -> bytes:
    return party.issue(plain_credential(party, credentialSchema={"id": URL, "type": "JsonSchema", **digest}))


def by_digest(party: Party) -> bytes:
    return by_schema(party, digestMultibase=make_digest_multibase(as_bytes(NAMING)))


def by_type(party: Party) -> bytes:
    return ietf(party, vct=URL).encode()


NAMING = {**lax(URL), "$ref": DEEPER}
EXTENDING = {"vct": URL, "extends": DEEPER}
DEMANDING = {"claims": [{"path": ["colour"], "mandatory": True}]}
RULES: dict[str, tuple[Kind, Callable[[Party], bytes], Files, Files]] = {
    "a schema": (Kind.SCHEMA, by_schema, {URL: strict(URL)}, {URL: lax(URL)}),
    "a schema that a schema names": (
        *(Kind.SCHEMA, by_digest),
        *({URL: NAMING, DEEPER: strict(DEEPER)}, {URL: NAMING, DEEPER: lax(DEEPER)}),
    ),
    "a type": (Kind.TYPE, by_type, {URL: {"vct": URL, **DEMANDING}}, {URL: {"vct": URL}}),
    "that there is no such type": (Kind.TYPE, by_type, {URL: {"vct": URL, **DEMANDING}}, {}),
}


def examine(
    world: World, token: bytes, supplied: Evidence, *, but: Kind | None = None, policy: Policy = INTEGRITY
) -> Report:
    """Examine as the edge does with what somebody handed in; what is of the kind ``but`` is not fetched."""
    report, _ = examine_with(
        token,
        supplied,
        policy=policy,
        now=world.clock,
        limits=DEFAULT_LIMITS,
        contexts=contexts(),
        fetch=lambda need: None if need.kind is but else world.fetch(need),
    )
    return report


@pytest.mark.parametrize("way", RULES)
def test_rules_that_nobody_signed_count_only_where_we_fetched_them(way: str) -> None:
    kind, make, true, forged = RULES[way]
    world = World()
    token = make(world.party("fa"))
    found: dict[Need, Fetched | Unavailable] = {
        Need(kind, url): Fetched(as_bytes(rules), url, "", world.clock, Source.SUPPLIED)
        for url, rules in forged.items()
    }
    none = {Need(kind, URL): Unavailable("not found", world.clock, 404, Source.SUPPLIED)}
    supplied = Evidence(found or none)
    report = examine(world, token, supplied, but=kind)
    expected = (
        ("undecided:stale", "evidence_not_ours")
        if found
        else ("undecided:unreachable", "evidence_unreachable")
    )
    assert (outcome(report, "rules"), code_of(report, "rules")) == expected
    assert {need.kind for need in report.needs} == {kind}
    assert {used.source for used in report.used if used.need.kind is kind} == {"supplied"}
    world.documents |= {url: as_bytes(rules) for url, rules in true.items()}
    assert examine(world, token, supplied).verdict is Verdict.INVALID


def test_what_has_a_digest_counts_whoever_brings_it() -> None:
    world = World()
    content = as_bytes(lax(URL))
    token = by_schema(world.party("fa"), digestMultibase=make_digest_multibase(content))
    supplied = {Need(Kind.SCHEMA, URL): Fetched(content, URL, "", world.clock, Source.SUPPLIED)}
    assert examine(world, token, Evidence(dict(supplied)), but=Kind.SCHEMA).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("signer", "source", "trusted", "expected"),
    [
        ("stranger", Source.SUPPLIED, False, "undecided:stale"),
        ("stranger", Source.SUPPLIED, True, "valid:rules_holds"),
        ("stranger", Source.FETCHED, False, "valid:rules_holds"),
        ("fa", Source.SUPPLIED, False, "valid:rules_holds"),
    ],
    ids=["a stranger", "somebody trusted", "whom the host serves", "the issuer"],
)
def test_a_schema_that_somebody_signed_counts_by_who_that_is(
    signer: str, source: Source, trusted: bool, expected: str
) -> None:
    world = World()
    fa, stranger = world.party("fa"), world.party("stranger")
    entry = {"id": URL, "type": "JsonSchemaCredential"}
    token = fa.issue(plain_credential(fa, credentialSchema=entry))
    digest = {"digestSRI": "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="}
    w3c = {"id": "https://www.w3.org/ns/credentials/json-schema/v2.json", "type": "JsonSchema", **digest}
    holding = plain_credential(
        world.parties[signer],
        id=URL,
        type=["VerifiableCredential", "JsonSchemaCredential"],
        credentialSchema=w3c,
        credentialSubject={"id": DEEPER, "type": "JsonSchema", "jsonSchema": lax(DEEPER)},
    )
    content = world.parties[signer].issue(holding)
    found = {Need(Kind.SCHEMA, URL): Fetched(content, URL, "", world.clock, source)}
    types = ("VerifiableCredential",)
    known = tuple(TrustedIssuer(one.did, one.name, types) for one in (fa, stranger))
    policy = Policy("buyers", issuers=known) if trusted else INTEGRITY
    report = examine(world, token, Evidence(dict(found)), but=Kind.SCHEMA, policy=policy)
    assert outcome(report, "rules") == expected


def test_a_host_that_has_no_such_type_is_believed_when_it_tells_us() -> None:
    world = World()
    token = by_type(world.party("fa"))
    none = {Need(Kind.TYPE, URL): Unavailable("not found", world.clock, 404, Source.SUPPLIED)}
    assert examine(world, token, Evidence(dict(none))).verdict is Verdict.VALID


@pytest.mark.parametrize(
    ("name", "source", "expected"),
    [
        (LIST, Source.SUPPLIED, "valid:status_holds"),
        (None, Source.FETCHED, "valid:status_holds"),
        (None, Source.SUPPLIED, "undecided:stale"),
        (f"{LIST}?timestamp=1", Source.SUPPLIED, "valid:status_holds"),
        ("https://certs.example/lists/2", Source.SUPPLIED, "invalid:status_list_wrong_id"),
    ],
)
def test_a_list_that_others_hand_in_says_which_one_it_is(
    name: str | None, source: Source, expected: str
) -> None:
    """The certificate may be withdrawn in its list: this could be another one by the same issuer."""
    world = World()
    fa = world.party("fa")
    made = make_status_list(
        LIST,
        issuer=fa.did,
        purpose="suspension",
        bits=make_bits(),
        valid_from=world.clock,
        valid_until=world.clock + timedelta(days=1),
    )
    listed = {member: value for member, value in {**made, "id": name}.items() if value is not None}
    entry = {**fa.entry(7), "statusListCredential": LIST}
    token = fa.issue(plain_credential(fa, credentialStatus=entry))
    supplied = {Need(Kind.STATUS, LIST): Fetched(fa.embed(listed), LIST, "", world.clock, source)}
    assert outcome(examine(world, token, Evidence(dict(supplied)), but=Kind.STATUS), "status") == expected
