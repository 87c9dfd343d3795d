"""Attack: a schema of a few lines whose references multiply, or lead in a circle, without end."""

import json

import pytest
from tests.support.cost import spent, start
from tests.support.world import World, plain_credential

from certweave.credential.json_schema import check_against
from certweave.encoding.strict_json import JsonObject
from certweave.errors import UndecidedError
from certweave.examine.report import Step
from certweave.limits import DEFAULT_LIMITS

URL = "https://schemas.example/1"
SECONDS = 5.0
"""Each would take hours, or never end; the count stops them within a second on an idle machine."""


def judged(body: JsonObject, **subject: object) -> str:
    world = World()
    fa = world.party("fa")
    schema = {"$id": URL, "$schema": "https://json-schema.org/draft/2020-12/schema", **body}
    world.documents[URL] = json.dumps(schema).encode()
    document = plain_credential(fa, credentialSchema={"id": URL, "type": "JsonSchema"})
    token = fa.issue({**document, **subject})
    started = start()
    check = world.examine(token).check(Step.RULES)
    assert spent(started) < SECONDS
    return f"{check.outcome}:{check.code}"


def doubling(keyword: str, depth: int) -> JsonObject:
    """Each definition names the next twice: 2^depth applications."""
    definitions: JsonObject = {str(depth): {"type": "object"}}
    for number in range(depth):
        following = {"$ref": f"#/$defs/{number + 1}"}
        definitions[str(number)] = {keyword: [following, following]}
    return {"$defs": definitions, "$ref": "#/$defs/0"}


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_references_that_multiply(keyword: str) -> None:
    assert judged(doubling(keyword, 60)) == "undecided:limit_schema_work"


def test_references_that_multiply_with_the_depth_of_the_document() -> None:
    nested: JsonObject = {}
    for _ in range(40):
        nested = {"part": nested}
    twice: JsonObject = {"properties": {"part": {"allOf": [{"$ref": "#"}, {"$ref": "#"}]}}}
    schema = {"$id": URL, "$schema": "https://json-schema.org/draft/2020-12/schema", **twice}
    with pytest.raises(UndecidedError) as caught:
        check_against(nested, schema, load=lambda url: b"", limits=DEFAULT_LIMITS)
    assert caught.value.code == "limit_schema_work"


def test_branches_that_fan_out() -> None:
    """Many references beside each other, twice over."""
    fan = {
        "$defs": {
            "a": {"allOf": [{"$ref": "#/$defs/b"}] * 3_000},
            "b": {"allOf": [{"$ref": "#/$defs/c"}] * 3_000},
            "c": {},
        }
    }
    assert judged({**fan, "$ref": "#/$defs/a"}) == "undecided:limit_schema_work"


def test_evaluation_that_looks_back() -> None:
    body: JsonObject = {"properties": {"id": True}}
    for _ in range(30):
        body = {"allOf": [body], "unevaluatedProperties": True}
    assert judged(body) == "undecided:limit_schema_work"


@pytest.mark.parametrize(
    "body",
    [
        {"$ref": "#"},
        {"$ref": URL},
        {"allOf": [{"$ref": "#"}, {"anyOf": [{"$ref": "#"}]}]},
        {"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/b"}, "b": {"$ref": "#/$defs/a"}}},
        {"$dynamicRef": "#x", "$dynamicAnchor": "x"},
        {"additionalProperties": {"$ref": "#"}},
        {"if": {"$ref": "#"}, "then": {"$ref": "#"}},
    ],
)
def test_circles_come_to_an_end(body: JsonObject) -> None:
    assert judged(body) == "valid:rules_holds"


def test_a_long_chain() -> None:
    chain: JsonObject = {str(number): {"$ref": f"#/$defs/{number + 1}"} for number in range(3_000)}
    assert judged({"$defs": {**chain, "3000": {}}, "$ref": "#/$defs/0"}) == "undecided:limit_schema_work"


def test_a_long_enumeration_against_a_long_list() -> None:
    values = [{"a": [number]} for number in range(2_000)]
    draft = "https://json-schema.org/draft/2020-12/schema"
    body = {"$id": URL, "$schema": draft, "additionalProperties": {"items": {"enum": values}}}
    with pytest.raises(UndecidedError) as caught:
        check_against({"a": values}, body, load=lambda url: b"", limits=DEFAULT_LIMITS)
    assert caught.value.code == "limit_schema_work"
