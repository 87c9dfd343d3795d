"""A document against a JSON Schema: drafts, references, places, and what is refused."""

import json
from collections.abc import Callable
from contextlib import nullcontext, suppress
from typing import Any

import pytest

from certweave.credential.json_schema import check_against, check_schema, parse_schema
from certweave.credential.json_schema_work import (
    MAX_CHAIN,
    MAX_DOCUMENTS,
    PATTERN_STEPS,
    SchemaSet,
    check_work,
)
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    CertweaveError,
    InvalidError,
    MalformedError,
    MissingEvidenceError,
    UndecidedError,
    UnsupportedError,
)
from certweave.limits import DEFAULT_LIMITS, Limits

URL = "https://schemas.example/email.json"
DRAFT = "https://json-schema.org/draft/2020-12/schema"
DRAFTS = [
    DRAFT,
    f"{DRAFT}#",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema#",
    "https://json-schema.org/draft-07/schema",
]
EMAIL: JsonObject = {
    "properties": {
        "credentialSubject": {
            "properties": {"email": {"type": "string", "format": "email"}},
            "required": ["email"],
        }
    }
}


def document(**subject: Any) -> JsonObject:
    return {"credentialSubject": subject}


def schema(body: JsonObject, *, draft: str = DRAFT) -> JsonObject:
    return {"$id": URL, "$schema": draft, **body}


def nothing(url: str) -> bytes:
    raise MissingEvidenceError(f"{url} is not there")


def holding(documents: dict[str, JsonObject]) -> Callable[[str], bytes]:
    return lambda url: json.dumps(documents[url]).encode()


@pytest.mark.parametrize("draft", DRAFTS)
def test_a_document_fits_or_does_not(draft: str) -> None:
    check_against(
        document(email="a@b.example"), schema(EMAIL, draft=draft), load=nothing, limits=DEFAULT_LIMITS
    )
    cases: list[tuple[JsonObject, str]] = [
        (document(email="not an email"), "/credentialSubject/email"),
        (document(email=5), "/credentialSubject/email"),
        (document(), "/credentialSubject"),
    ]
    for wrong, path in cases:
        with pytest.raises(InvalidError) as caught:
            check_against(wrong, schema(EMAIL, draft=draft), load=nothing, limits=DEFAULT_LIMITS)
        assert (caught.value.code, caught.value.path) == ("schema_mismatch", path)


def test_the_place_is_a_json_pointer() -> None:
    body: JsonObject = {"properties": {"a/~b": {"items": {"type": "string"}}}}
    with pytest.raises(InvalidError) as caught:
        check_against({"a/~b": ["x", 5]}, schema(body), load=nothing, limits=DEFAULT_LIMITS)
    assert caught.value.path == "/a~1~0b/1"
    assert caught.value.detail == '/a~1~0b/1 does not fit the schema: it is not of type "string"'


@pytest.mark.parametrize(
    ("changes", "kind", "code"),
    [
        ({"$schema": None}, InvalidError, "schema_draft_missing"),
        ({"$schema": ""}, InvalidError, "schema_draft_missing"),
        ({"$schema": 5}, InvalidError, "schema_draft_missing"),
        (
            {"$schema": "https://json-schema.org/draft/unknown/schema"},
            UnsupportedError,
            "schema_draft_unsupported",
        ),
        (
            {"$schema": "http://json-schema.org/draft-04/schema#"},
            UnsupportedError,
            "schema_draft_unsupported",
        ),
        ({"$id": None}, InvalidError, "schema_id_wrong"),
        ({"$id": "not-a-uri"}, InvalidError, "schema_id_wrong"),
        ({"$id": 5}, InvalidError, "schema_id_wrong"),
        ({"$id": "https://schemas.example/other.json"}, InvalidError, "schema_id_wrong"),
    ],
)
def test_a_schema_names_itself_and_its_draft(
    changes: JsonObject, kind: type[CertweaveError], code: str
) -> None:
    made = {name: value for name, value in {**schema({}), **changes}.items() if value is not None}
    with pytest.raises(kind) as caught:
        check_schema(made, url=URL)
    assert caught.value.code == code


def test_which_draft() -> None:
    assert [check_schema(schema({}, draft=draft), url=URL) for draft in DRAFTS] == [
        "2020-12",
        "2020-12",
        "2019-09",
        "7",
        "7",
    ]
    check_schema({**schema({}), "$id": f"{URL}#"}, url=URL)


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        ({"type": 5}, InvalidError, "schema_malformed"),
        ({"properties": []}, InvalidError, "schema_malformed"),
        ({"properties": {"x": {"required": "y"}}}, InvalidError, "schema_malformed"),
        ({"pattern": "^(?!no)"}, UnsupportedError, "schema_pattern"),
        ({"pattern": "(a)\\1"}, UnsupportedError, "schema_pattern"),
        ({"pattern": "("}, UnsupportedError, "schema_pattern"),
        ({"patternProperties": {"(a{1000}){1000}": True}}, UnsupportedError, "schema_pattern"),
        ({"$ref": "#/nowhere"}, UnsupportedError, "schema_reference"),
        ({"$ref": "#nowhere"}, UnsupportedError, "schema_reference"),
        ({"$ref": "#/$defs/a/enum/1", "$defs": {"a": {"enum": [1]}}}, UnsupportedError, "schema_reference"),
        ({"$ref": "#/allOf/x", "allOf": [True]}, UnsupportedError, "schema_reference"),
        ({"$ref": "#/allOf/²", "allOf": [True]}, UnsupportedError, "schema_reference"),
        ({"$ref": "#/minLength/0", "minLength": 1}, UnsupportedError, "schema_reference"),
        ({"$ref": "file:///etc/passwd"}, UnsupportedError, "schema_reference"),
        ({"$ref": "http://schemas.example/x"}, UnsupportedError, "schema_reference"),
        ({"$ref": "urn:uuid:1"}, UnsupportedError, "schema_reference"),
        ({"$ref": DRAFT}, UnsupportedError, "schema_reference"),
        ({"$ref": "other.json"}, MissingEvidenceError, "evidence_missing"),
        ({"properties": {"unused": {"$ref": "other.json"}}}, MissingEvidenceError, "evidence_missing"),
        ({"$defs": {"a": {"$id": "x"}, "b": {"$id": "x"}}}, UnsupportedError, "schema_reference"),
        ({"$defs": {"a": {"$anchor": "x"}, "b": {"$anchor": "x"}}}, UnsupportedError, "schema_reference"),
        (
            {"$defs": {"a": {"$schema": "https://x.example/own"}}},
            UnsupportedError,
            "schema_draft_unsupported",
        ),
        ({"$defs": {"a": {"$schema": DRAFTS[3]}}}, UnsupportedError, "schema_draft_unsupported"),
    ],
)
def test_schemas_that_are_not_applied(body: JsonObject, kind: type[CertweaveError], code: str) -> None:
    with pytest.raises(kind) as caught:
        check_against(document(), schema(body), load=nothing, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


REFERENCES: list[tuple[str, JsonObject]] = [
    ("a pointer", {"$ref": "#/$defs/t", "$defs": {"t": {"required": ["name"]}}}),
    ("a pointer with escapes", {"$ref": "#/$defs/a~1b%20c", "$defs": {"a/b c": {"required": ["name"]}}}),
    (
        "a pointer into a list",
        {"$ref": "#/$defs/t/allOf/0", "$defs": {"t": {"allOf": [{"required": ["name"]}]}}},
    ),
    ("an anchor", {"$ref": "#t", "$defs": {"t": {"$anchor": "t", "required": ["name"]}}}),
    ("a part of its own name", {"$ref": "t.json", "$defs": {"t": {"$id": "t.json", "required": ["name"]}}}),
    (
        "a name beside a reference",
        {"allOf": [{"$id": "t.json", "$ref": "#/$defs/t", "$defs": {"t": {"required": ["name"]}}}]},
    ),
    ("another document", {"$ref": "other.json"}),
    ("a part of another document", {"$ref": "other.json#/$defs/t"}),
    ("an anchor of another document", {"$ref": "https://schemas.example/other.json#t"}),
    ("a dynamic one", {"$dynamicRef": "#t", "$defs": {"t": {"$dynamicAnchor": "t", "required": ["name"]}}}),
]
OTHER: JsonObject = {
    "$schema": DRAFT,
    "$id": "https://schemas.example/other.json",
    "required": ["name"],
    "$defs": {"t": {"$anchor": "t", "required": ["name"]}},
}


@pytest.mark.parametrize("body", [one[1] for one in REFERENCES], ids=[one[0] for one in REFERENCES])
def test_references(body: JsonObject) -> None:
    load = holding({"https://schemas.example/other.json": OTHER})
    check_against({"name": 1}, schema(body), load=load, limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidError) as caught:
        check_against({}, schema(body), load=load, limits=DEFAULT_LIMITS)
    assert caught.value.code == "schema_mismatch"


OLD_REFERENCES: list[tuple[str, str, JsonObject]] = [
    (
        "an anchor of draft 7",
        DRAFTS[3],
        {"$ref": "#t", "definitions": {"t": {"$id": "#t", "required": ["name"]}}},
    ),
    (
        "a name beside a reference, which draft 7 ignores",
        DRAFTS[3],
        {"allOf": [{"$ref": "#/definitions/t", "$id": "x"}], "definitions": {"t": {"required": ["name"]}}},
    ),
    (
        "a recursive one of 2019-09",
        DRAFTS[2],
        {"$recursiveAnchor": True, "required": ["name"], "properties": {"part": {"$recursiveRef": "#"}}},
    ),
]


@pytest.mark.parametrize(
    ("draft", "body"), [one[1:] for one in OLD_REFERENCES], ids=[one[0] for one in OLD_REFERENCES]
)
def test_references_of_older_drafts(draft: str, body: JsonObject) -> None:
    good = {"name": 1, "part": {"name": 2}}
    check_against(good, schema(body, draft=draft), load=nothing, limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidError) as caught:
        check_against({"part": {}}, schema(body, draft=draft), load=nothing, limits=DEFAULT_LIMITS)
    assert caught.value.code == "schema_mismatch"


@pytest.mark.parametrize(
    ("draft", "body"),
    [
        (DRAFTS[3], {"$ref": "#t", "definitions": {"t": {"$anchor": "t"}}}),
        (DRAFT, {"$ref": "part", "enum": [{"$id": "part"}]}),
    ],
)
def test_what_the_draft_does_not_take_for_a_name(draft: str, body: JsonObject) -> None:
    """We look for names everywhere; where the validator does not find one, the schema is not applied."""
    with pytest.raises(UnsupportedError) as caught:
        check_against({}, schema(body, draft=draft), load=nothing, limits=DEFAULT_LIMITS)
    assert caught.value.code == "schema_reference"


def test_a_document_that_is_referred_to_is_read_strictly_and_once() -> None:
    asked: list[str] = []

    def load(url: str) -> bytes:
        asked.append(url)
        return json.dumps(OTHER).encode()

    twice = schema({"allOf": [{"$ref": "other.json"}, {"$ref": "other.json#t"}]})
    check_against({"name": 1}, twice, load=load, limits=DEFAULT_LIMITS)
    assert asked == ["https://schemas.example/other.json"]
    with pytest.raises(MalformedError) as caught:
        check_against({}, twice, load=lambda _: b'{"a": 1, "a": 2}', limits=DEFAULT_LIMITS)
    assert caught.value.code == "json_duplicate_member"


@pytest.mark.parametrize("count", [MAX_DOCUMENTS, MAX_DOCUMENTS + 1])
def test_a_web_of_documents_has_an_end(count: int) -> None:
    def load(url: str) -> bytes:
        number = int(url.rpartition("/")[2])
        following = {"$ref": f"https://schemas.example/{number + 1}"} if number < count else {}
        return json.dumps({"$schema": DRAFT, **following}).encode()

    body = schema({"$ref": "https://schemas.example/1"})
    if count == MAX_DOCUMENTS:
        check_against({}, body, load=load, limits=DEFAULT_LIMITS)
        return
    with pytest.raises(UndecidedError) as caught:
        check_against({}, body, load=load, limits=DEFAULT_LIMITS)
    assert caught.value.code == "limit_schemas"


def test_a_schema_document() -> None:
    assert parse_schema(b'{"$id": "x"}', limits=DEFAULT_LIMITS) == {"$id": "x"}
    for content, kind, code in (
        (b"true", MalformedError, "json_not_object"),
        (b"<html>", MalformedError, "json_syntax"),
        (b" " * 33, UndecidedError, "limit_bytes"),
    ):
        with pytest.raises(kind) as caught:
            parse_schema(content, limits=Limits(schema_bytes=32))
        assert caught.value.code == code


@pytest.mark.parametrize(
    "body",
    [
        {"if": {"required": ["a"]}, "then": {"required": ["b"]}, "else": {"required": ["c"]}},
        {"not": {"required": ["c"]}},
        {"dependentSchemas": {"a": {"required": ["b"]}}},
        {"propertyNames": {"maxLength": 1}},
        {"properties": {"list": {"prefixItems": [{"type": "integer"}], "items": {"type": "string"}}}},
        {"properties": {"list": {"contains": {"const": "x"}, "uniqueItems": True}}},
        {"patternProperties": {"^a$": {"type": "integer"}}, "additionalProperties": {}},
        {"allOf": [{"properties": {"a": {}}}], "unevaluatedProperties": {}},
    ],
)
def test_every_kind_of_keyword_is_counted(body: JsonObject) -> None:
    """What is applied costs: with one step only, nothing is."""
    value = {"a": 1, "b": 2, "list": [1, "x"]}
    with suppress(InvalidError):
        check_against(value, schema(body), load=nothing, limits=DEFAULT_LIMITS)
    with pytest.raises(UndecidedError) as caught:
        check_against(value, schema(body), load=nothing, limits=Limits(schema_work=4))
    assert caught.value.code == "limit_schema_work"


ANCHOR: JsonObject = {"t": {"$dynamicAnchor": "t"}}
COSTS: list[tuple[JsonObject, Any, int]] = [
    ({}, {}, 1),
    ({"minLength": 1}, "a" * 10, 2),
    ({"pattern": "x"}, "a" * 10, PATTERN_STEPS + 2 + 5),
    ({"pattern": "x"}, 7, PATTERN_STEPS + 2),
    ({"patternProperties": {"a": {}}}, {"bcd": 1}, PATTERN_STEPS + 2 + 2 + 2),
    ({"patternProperties": {"a": {}}}, ["bcd", 1], PATTERN_STEPS + 2),
    ({"enum": [{"a": [1]}, 2]}, 1, 2 + 5),
    ({"required": ["a", "b"]}, {}, 2 + 2),
    ({"type": "array"}, [1, 2, 3], 2),
    ({"uniqueItems": True}, [1, 2, 3], 2 + 3),
    ({"uniqueItems": True}, {"a": 1}, 2),
    ({"contains": True}, [1, 2, 3], 2 + 3),
    ({"items": {}}, [1, 2, 3], 2 + 6),
    ({"allOf": [{}, {}]}, 1, 2 + 4),
    ({"allOf": [{}, {}], "unevaluatedProperties": True}, 1, 3 + 8),
    ({"allOf": [{}, {}], "unevaluatedItems": True}, 1, 3 + 8),
    ({"$ref": "#t", "$defs": ANCHOR}, 1, 3 + 1 + 2),
    ({"$dynamicRef": "#t", "$defs": ANCHOR}, 1, 3 + 2 + 4),
    ({"$recursiveRef": "#", "$recursiveAnchor": False}, 1, 3 + 1),
    ({"$recursiveRef": "#", "$recursiveAnchor": True}, 1, 3 + 2),
]


@pytest.mark.parametrize(("body", "value", "cost"), COSTS)
def test_what_it_costs_to_apply_a_schema(body: JsonObject, value: Any, cost: int) -> None:
    schemas = SchemaSet(URL, body, False, lambda url: {})
    check_work(value, schemas, limits=Limits(schema_work=cost))
    with pytest.raises(UndecidedError):
        check_work(value, schemas, limits=Limits(schema_work=cost - 1))


@pytest.mark.parametrize(("depth", "whole"), [(MAX_CHAIN, True), (MAX_CHAIN + 1, False)])
def test_what_applies_to_one_value_has_an_end(depth: int, whole: bool) -> None:
    body: JsonObject = {}
    for _ in range(depth):
        body = {"not": body}
    schemas = SchemaSet(URL, body, False, lambda url: {})
    with nullcontext() if whole else pytest.raises(UndecidedError):
        check_work({}, schemas, limits=Limits(schema_work=10**9))
