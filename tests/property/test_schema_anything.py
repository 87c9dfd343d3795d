"""Whatever stands in a schema or a document, only our errors come out."""

from contextlib import suppress
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from certweave.credential.json_schema import check_against
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, MissingEvidenceError
from certweave.limits import DEFAULT_LIMITS

URL = "https://schemas.example/1"
DRAFTS = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://json-schema.org/draft/2019-09/schema",
    "http://json-schema.org/draft-07/schema#",
]
NAMES = ["a", "b", "$ref", "type", "x-1"]
REFERENCES = [
    "#",
    "#/$defs/a",
    "#/$defs/b",
    "#/properties/a",
    "#a",
    "other.json",
    "part",
    "#/allOf/0",
    "%",
    "//",
]
PATTERNS = ["^a", "(", "(a+)+$", "[", "\\d{3}", "(?=a)", "\\p{L}", "", "a{1000000}", "\\uD800", "."]
NUMBERS = st.one_of(st.integers(-(2**53) + 1, 2**53 - 1), st.floats(allow_nan=False, allow_infinity=False))

scalars = st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=8), st.sampled_from(NAMES))
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=4), inner, max_size=3)
    ),
    max_leaves=8,
)


def schemas(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Schemas with every keyword that leads to others, and some that judge; at times with nonsense in one."""
    named = st.dictionaries(st.sampled_from(NAMES), inner, max_size=3)
    several = st.lists(inner, max_size=3)
    keywords: dict[str, st.SearchStrategy[Any]] = {
        **dict.fromkeys(("properties", "$defs", "definitions", "dependentSchemas", "dependencies"), named),
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), several),
        **dict.fromkeys(("not", "if", "then", "else", "contains", "propertyNames"), inner),
        **dict.fromkeys(("additionalProperties", "unevaluatedProperties", "unevaluatedItems"), inner),
        "items": inner | several,
        "patternProperties": st.dictionaries(st.sampled_from(PATTERNS), inner, max_size=2),
        **dict.fromkeys(("$ref", "$dynamicRef", "$recursiveRef"), st.sampled_from(REFERENCES)),
        **dict.fromkeys(("$anchor", "$dynamicAnchor"), st.sampled_from(["a", "b"])),
        "$recursiveAnchor": st.booleans(),
        "$id": st.sampled_from(["part", "#a", "urn:x", "https://schemas.example/2"]),
        "pattern": st.sampled_from(PATTERNS),
        "type": st.sampled_from(["object", "string", "array", "integer", ["null", "number"], "none"]),
        **dict.fromkeys(
            ("minimum", "maximum", "multipleOf", "minLength", "maxItems", "minProperties"), NUMBERS
        ),
        "required": st.lists(st.sampled_from(NAMES), max_size=3),
        "enum": st.lists(values, max_size=3),
        "const": values,
        "uniqueItems": st.booleans(),
        "format": st.sampled_from(["email", "uri", "date-time", "regex", "ipv6", "idn-email", "own", "uuid"]),
    }
    whole = st.fixed_dictionaries({}, optional=keywords)
    return whole | st.builds(
        lambda made, name, value: {**made, name: value}, whole, st.sampled_from(list(keywords)), values
    )


anything: st.SearchStrategy[Any] = st.recursive(st.booleans() | st.just({}), schemas, max_leaves=12)


def nothing(url: str) -> bytes:
    raise MissingEvidenceError(f"{url} is not there")


@given(values, anything, st.sampled_from(DRAFTS))
def test_only_our_errors_come_out(value: Any, schema: Any, draft: str) -> None:
    whole: JsonObject = {
        **(schema if isinstance(schema, dict) else {"not": schema}),
        "$id": URL,
        "$schema": draft,
    }
    document = value if isinstance(value, dict) else {"a": value}
    with suppress(CertweaveError):
        check_against(document, whole, load=nothing, limits=DEFAULT_LIMITS)


@given(values, anything, st.sampled_from(DRAFTS))
def test_of_schemas_that_refer_to_schemas_too(value: Any, other: Any, draft: str) -> None:
    import json

    whole: JsonObject = {
        "$id": URL,
        "$schema": draft,
        "allOf": [{"$ref": "other.json"}, {"$ref": "other.json#a"}],
    }
    with suppress(CertweaveError):
        check_against({"a": value}, whole, load=lambda _: json.dumps(other).encode(), limits=DEFAULT_LIMITS)
