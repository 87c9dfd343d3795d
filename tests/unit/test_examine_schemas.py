"""Schemas and related resources in an examination: fetched when, compared with what, ending how."""

import base64
import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.world import Party, World, code_of, outcome, plain_credential

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Kind, Need
from certweave.examine.report import Verdict
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.vc_cose import sign_credential_cose
from certweave.trust.policy import Policy, TrustedIssuer

URL = "https://schemas.example/bale.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
SCHEMA: JsonObject = {
    "$id": URL,
    "$schema": DRAFT,
    "properties": {"credentialSubject": {"properties": {"name": {"type": "string", "minLength": 3}}}},
    "required": ["credentialSubject"],
}
ENTRY: JsonObject = {"id": URL, "type": "JsonSchema"}
CREDENTIAL_ENTRY: JsonObject = {"id": URL, "type": "JsonSchemaCredential"}
W3C: JsonObject = {
    "id": "https://www.w3.org/ns/credentials/json-schema/v2.json",
    "type": "JsonSchema",
    "digestSRI": "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW",
}


@pytest.fixture
def world() -> World:
    world = World()
    world.documents[URL] = json.dumps(SCHEMA).encode()
    return world


def trusting(*parties: Party) -> Policy:
    types = ("VerifiableCredential",)
    return Policy("buyers", issuers=tuple(TrustedIssuer(one.did, one.name, types) for one in parties))


def issued(world: World, schemas: object = ENTRY, **more: Any) -> bytes:
    fa = world.parties.get("fa") or world.party("fa")
    return fa.issue(plain_credential(fa, credentialSchema=schemas, **more))


def of_schema(party: Party, **changes: Any) -> JsonObject:
    return {
        **plain_credential(party),
        "id": URL,
        "type": ["VerifiableCredential", "JsonSchemaCredential"],
        "credentialSchema": W3C,
        "credentialSubject": {
            "id": "https://schemas.example/bale",
            "type": "JsonSchema",
            "jsonSchema": {**SCHEMA, "$id": "https://schemas.example/bale"},
        },
        **changes,
    }


def test_a_schema_is_fetched_after_the_signature_held(world: World) -> None:
    token = issued(world)
    report = world.examine(token)
    assert report.verdict is Verdict.VALID, report.checks
    assert "fits its schema" in next(check.detail for check in report.checks if check.step == "rules")
    assert Need(Kind.SCHEMA, URL) in {used.need for used in report.used}
    world.fetched.clear()
    assert outcome(world.examine(token[:-8] + b"AAAAAAAA"), "rules") == "not_applicable:not_reached"
    assert Kind.SCHEMA not in {need.kind for need in world.fetched}


def test_what_does_not_fit_is_named(world: World) -> None:
    fa = world.party("fa")
    document = plain_credential(fa, credentialSchema=ENTRY)
    document["credentialSubject"]["name"] = "AB"
    check = next(check for check in world.examine(fa.issue(document)).checks if check.step == "rules")
    assert (check.code, check.path) == ("schema_mismatch", "/credentialSubject/name")


def test_an_outage_is_undecided_and_names_every_schema(world: World) -> None:
    others = [{"id": f"https://gone.example/{number}", "type": "JsonSchema"} for number in range(2)]
    report = world.examine(issued(world, [ENTRY, *others]))
    assert outcome(report, "rules") == "undecided:unreachable"
    assert {need.url for need in report.needs} == {"https://gone.example/0", "https://gone.example/1"}
    assert report.checks[8].path == "/credentialSchema/1"


def test_a_misfit_outranks_an_outage(world: World) -> None:
    strict = {**SCHEMA, "$id": "https://schemas.example/strict", "required": ["evidence"]}
    world.documents[strict["$id"]] = json.dumps(strict).encode()
    entries = [
        {"id": "https://gone.example/0", "type": "JsonSchema"},
        ENTRY,
        {"id": strict["$id"], "type": "JsonSchema"},
    ]
    assert outcome(world.examine(issued(world, entries)), "rules") == "invalid:schema_mismatch"


def test_several_schemas_share_what_they_may_cost(world: World) -> None:
    entries = []
    for number in range(4):
        url = f"https://schemas.example/{number}"
        world.documents[url] = json.dumps({**SCHEMA, "$id": url, "allOf": [{}] * 30}).encode()
        entries.append({"id": url, "type": "JsonSchema"})
    few = replace(DEFAULT_LIMITS, schema_work=200)
    assert outcome(world.examine(issued(world, entries[:1]), limits=few), "rules") == "valid:rules_holds"
    assert outcome(world.examine(issued(world, entries), limits=few), "rules") == "undecided:limit"
    assert outcome(world.examine(issued(world, entries)), "rules") == "valid:rules_holds"


@pytest.mark.parametrize(
    ("entry", "expected", "code"),
    [
        (
            {**ENTRY, "type": "https://types.example/Shacl"},
            "undecided:unsupported",
            "schema_type_unsupported",
        ),
        ({**ENTRY, "type": ["JsonSchema"]}, "valid:rules_holds", "rules_holds"),
        (
            {**ENTRY, "type": ["JsonSchema", "https://types.example/Other"]},
            "undecided:unsupported",
            "schema_type_unsupported",
        ),
        ({**ENTRY, "id": "urn:uuid:1"}, "undecided:unsupported", "schema_address"),
        ({**ENTRY, "id": "http://schemas.example/bale.json"}, "undecided:unsupported", "schema_address"),
        ({**ENTRY, "id": "file:///etc/passwd"}, "undecided:unsupported", "schema_address"),
        ([ENTRY] * 16, "valid:rules_holds", "rules_holds"),
        ([ENTRY] * 17, "undecided:limit", "limit_schemas"),
    ],
)
def test_entries(world: World, entry: object, expected: str, code: str) -> None:
    report = world.examine(issued(world, entry))
    assert (outcome(report, "rules"), code_of(report, "rules")) == (expected, code)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"<html>", "invalid:json_syntax"),
        (b"true", "invalid:json_not_object"),
        (json.dumps({**SCHEMA, "$id": "https://schemas.example/x"}).encode(), "invalid:schema_id_wrong"),
        (json.dumps({"$id": URL}).encode(), "invalid:schema_draft_missing"),
        (json.dumps({**SCHEMA, "$schema": "https://x.example/"}).encode(), "undecided:unsupported"),
        (json.dumps({**SCHEMA, "type": 5}).encode(), "invalid:schema_malformed"),
        (b" " * ((1 << 18) + 1), "undecided:limit"),
    ],
)
def test_what_stands_at_the_address(world: World, content: bytes, expected: str) -> None:
    world.documents[URL] = content
    report = world.examine(issued(world))
    assert outcome(report, "rules") == expected
    assert next(check for check in report.checks if check.step == "rules").path == "/credentialSchema"


def test_a_schema_that_refers_to_another(world: World) -> None:
    other = "https://schemas.example/other.json"
    world.documents[URL] = json.dumps({**SCHEMA, "$ref": "other.json"}).encode()
    token = issued(world)
    report = world.examine(token)
    assert outcome(report, "rules") == "undecided:unreachable"
    assert {need.url for need in report.needs} == {other}
    world.documents[other] = json.dumps({"$schema": DRAFT, "$id": other, "required": ["evidence"]}).encode()
    assert outcome(world.examine(token), "rules") == "invalid:schema_mismatch"


@pytest.mark.parametrize("member", ["iat", "proof", "vc"])
def test_what_is_judged_is_the_credential_alone(world: World, member: str) -> None:
    world.documents[URL] = json.dumps({**SCHEMA, "properties": {member: False}}).encode()
    fa = world.party("fa")
    document = plain_credential(fa, credentialSchema=ENTRY)
    for secured in (fa.issue(document), fa.embed(document)):
        assert world.examine(secured).verdict is Verdict.VALID
    world.documents[URL] = json.dumps({**SCHEMA, "properties": {"validFrom": False}}).encode()
    assert outcome(world.examine(fa.issue(document)), "rules") == "invalid:schema_mismatch"


def digest(name: str, content: bytes) -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, content).digest()).decode()}"


def test_digests_of_a_schema(world: World) -> None:
    content = world.documents[URL]
    good = [
        {"digestSRI": digest("sha384", content)},
        {"digestMultibase": encode_multibase(b"\x12\x20" + hashlib.sha256(content).digest())},
    ]
    for digests in good:
        token = issued(world, {**ENTRY, **digests})
        assert outcome(world.examine(token), "rules") == "valid:rules_holds"
        world.documents[URL] = content + b" "
        report = world.examine(token)
        assert outcome(report, "rules") == "invalid:digest_mismatch"
        assert next(iter(report.decisive())).path == f"/credentialSchema/{next(iter(digests))}"
        world.documents[URL] = content


class TestSchemaCredentials:
    """Schemas that are credentials themselves."""

    @pytest.mark.parametrize("form", ["token", "embedded", "cose"])
    def test_in_every_form(self, world: World, form: str) -> None:
        union = world.party("union")
        document = of_schema(union)
        if form == "cose":
            message = sign_credential_cose(document, union.signer, issued_at=world.clock)
            world.documents[URL] = message
        else:
            world.documents[URL] = union.issue(document) if form == "token" else union.embed(document)
        report = world.examine(issued(world, CREDENTIAL_ENTRY))
        assert report.verdict is Verdict.VALID, report.checks
        used = {used.need.url.rpartition("/")[0] for used in report.used}
        assert "https://ledger.example/union" in used
        wrong = of_schema(union)
        wrong["credentialSubject"]["jsonSchema"]["required"] = ["evidence"]
        world.documents[URL] = union.issue(wrong)
        assert outcome(world.examine(issued(world, CREDENTIAL_ENTRY)), "rules") == "invalid:schema_mismatch"

    def test_it_must_hold_itself(self, world: World) -> None:
        union = world.party("union")
        token = issued(world, CREDENTIAL_ENTRY)
        good, over = union.issue(of_schema(union)), "2026-03-01T01:00:00Z"
        cases = [
            (good[:-8] + b"AAAAAAAA", "invalid:schema_credential_invalid"),
            (json.dumps(of_schema(union)).encode(), "invalid:schema_credential_invalid"),
            (json.dumps(SCHEMA).encode(), "invalid:schema_credential_invalid"),
            (
                union.issue(of_schema(union, validUntil=over)),
                "invalid:schema_credential_invalid",
            ),
            (union.issue(of_schema(union, id="https://schemas.example/x")), "invalid:schema_id_wrong"),
            (union.issue(plain_credential(union, id=URL)), "invalid:schema_credential_type"),
            (union.issue(of_schema(union, credentialSchema=ENTRY)), "invalid:schema_credential_invalid"),
            (union.present([], audience=None, nonce=None), "invalid:schema_credential_invalid"),
        ]
        for content, expected in cases:
            world.documents[URL] = content
            assert outcome(world.examine(token), "rules") == expected, content
        world.documents[URL] = good
        world.down.add("https://ledger.example/union/did.jsonl")
        report = world.examine(token)
        assert outcome(report, "rules") == "undecided:unreachable"
        assert {need.kind for need in report.needs} == {Kind.DID}

    def test_it_may_lie_too_deep(self, world: World) -> None:
        union = world.party("union")
        world.documents[URL] = union.issue(of_schema(union))
        shallow = replace(DEFAULT_LIMITS, authority_depth=0)
        report = world.examine(issued(world, CREDENTIAL_ENTRY), limits=shallow)
        assert outcome(report, "rules") == "undecided:limit"

    def test_it_can_be_withdrawn(self, world: World) -> None:
        union = world.party("union")
        world.documents[URL] = union.issue(of_schema(union, credentialStatus=union.entry(7)))
        token = issued(world, CREDENTIAL_ENTRY)
        assert outcome(world.examine(token), "rules") == "valid:rules_holds"
        world.clock += timedelta(days=1)
        union.set_status(7, True)
        assert outcome(world.examine(token), "rules") == "invalid:schema_credential_invalid"

    def test_who_vouches_for_its_issuer(self, world: World) -> None:
        fa, union = world.party("fa"), world.party("union")
        token = issued(world, CREDENTIAL_ENTRY)
        only_fa, both = trusting(fa), trusting(fa, union)
        world.documents[URL] = union.issue(of_schema(union))
        assert outcome(world.examine(token, policy=only_fa), "rules") == "undecided:unknown_issuer"
        assert outcome(world.examine(token, policy=both), "rules") == "valid:rules_holds"
        world.documents[URL] = fa.issue(of_schema(fa))
        assert outcome(world.examine(token, policy=only_fa), "rules") == "valid:rules_holds"

    def test_on_its_own(self, world: World) -> None:
        union = world.party("union")
        assert world.examine(union.issue(of_schema(union))).verdict is Verdict.VALID
        no_schema = of_schema(union, credentialSubject={"type": "JsonSchema", "id": "https://x.example/"})
        assert outcome(world.examine(union.issue(no_schema)), "rules") == "invalid:schema_credential_subject"


RESOURCE = "https://files.example/report.pdf"


def test_related_resources_are_compared_where_they_are_at_hand(world: World) -> None:
    fa = world.party("fa")
    known = "https://www.w3.org/ns/credentials/v2"
    held = world.parties["fa"].list_url
    # The list is fetched for step status, so it is at hand.
    resources = [
        {"id": RESOURCE, "digestSRI": digest("sha256", b"a report")},
        {"id": held, "digestSRI": digest("sha256", fa.documents()[held])},
        {"id": known, "digestSRI": "sha256-WZVc7WaX1h4D8rIVX+v+UwirFoQvRltYbX8fetxeyxc="},
    ]
    document = plain_credential(fa, relatedResource=resources[:2], credentialStatus=fa.entry(3))
    report = world.examine(fa.issue(document))
    assert report.verdict is Verdict.VALID, report.checks
    notes = [(note.code, note.path) for note in report.notes]
    assert notes == [("related_resource_not_compared", "/relatedResource/0")]
    assert Need(Kind.STATUS, RESOURCE) not in world.fetched
    other = {"id": held, "digestSRI": digest("sha256", b"another list")}
    changed = plain_credential(fa, relatedResource=[other], credentialStatus=fa.entry(3))
    assert outcome(world.examine(fa.issue(changed)), "rules") == "invalid:digest_mismatch"
    swapped = plain_credential(fa, relatedResource=[resources[2]])
    assert outcome(world.examine(fa.issue(swapped)), "rules") == "invalid:digest_mismatch"
