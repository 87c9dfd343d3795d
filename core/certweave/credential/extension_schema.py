"""JSON Schemas (2020-12, https://json-schema.org/draft/2020-12) of our extension types, from the models.

A schema tells shapes; rules that compare members (certified against net weight, dates in order) are only in
the models. UNTP's own schemas apply beside it.
"""

from typing import Any

from certweave.credential.extension import BASE_TYPE
from certweave.credential.extension_parts import PARTS
from certweave.credential.extension_rules import EXTENSION_CONTEXT
from certweave.encoding.strict_json import JsonObject

SCHEMA_BASE = "https://certweave.example/ns/v1/schema/"


def make_extension_schema(type_name: str) -> JsonObject:
    """Return the JSON Schema of a credential of an extension type. An unknown name is a KeyError."""
    part = PARTS[type_name]
    model = _tidy(part.model_json_schema(by_alias=True, ref_template="#/$defs/{model}"))
    definitions = model.pop("$defs", {})
    definitions[type_name] = model
    subject = {
        "type": "object",
        "required": [part.member],
        "properties": {part.member: {"$ref": f"#/$defs/{type_name}"}},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"{SCHEMA_BASE}{type_name}.json",
        "title": type_name,
        "description": model.get("description", ""),
        "type": "object",
        "required": ["@context", "type", "credentialSubject"],
        "properties": {
            "@context": {"type": "array", "contains": {"const": EXTENSION_CONTEXT}},
            "type": {
                "type": "array",
                "prefixItems": [{"const": type_name}],
                "contains": {"const": BASE_TYPE},
            },
            "credentialSubject": subject,
        },
        "$defs": definitions,
    }


def _tidy(value: Any) -> Any:
    """Return a schema in which an optional member may be left out but is never null; without titles."""
    if isinstance(value, list):
        return [_tidy(item) for item in value]
    if not isinstance(value, dict):
        return value
    choices = value.get("anyOf")
    if isinstance(choices, list) and {"type": "null"} in choices:
        rest = [item for item in choices if item != {"type": "null"}]
        kept = {key: item for key, item in value.items() if key not in ("anyOf", "default", "title")}
        return _tidy({**rest[0], **kept} if len(rest) == 1 else {**kept, "anyOf": rest})
    return {key: _tidy_member(key, item) for key, item in value.items() if key not in ("title", "default")}


def _tidy_member(key: str, value: Any) -> Any:
    """Names of properties and definitions are not keywords: a member may be called "title"."""
    if key in ("properties", "$defs") and isinstance(value, dict):
        return {name: _tidy(item) for name, item in value.items()}
    return _tidy(value)
