"""Credentials that hold a schema: what sets them apart from others."""

from typing import Any

import pytest

from certweave.credential.json_schema_credential import (
    SCHEMA_OF_SCHEMAS,
    check_schema_credential,
    is_schema_credential,
    schema_of,
)
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError

URL = "https://schemas.example/credentials/1"
ENTRY: JsonObject = {
    "id": "https://www.w3.org/ns/credentials/json-schema/v2.json",
    "type": "JsonSchema",
    "digestSRI": "sha384-S57yQDg1MTzF56Oi9DbSQ14u7jBy0RDdx0YbeV7shwhCS88G8SCXeFq82PafhCrW",
}
SCHEMA: JsonObject = {
    "$id": "https://schemas.example/1",
    "$schema": "https://json-schema.org/draft/2020-12/schema",
}
SUBJECT: JsonObject = {"id": "https://schemas.example/1", "type": "JsonSchema", "jsonSchema": SCHEMA}
GOOD: JsonObject = {
    "id": URL,
    "type": ["VerifiableCredential", "JsonSchemaCredential"],
    "credentialSchema": ENTRY,
    "credentialSubject": SUBJECT,
}


def credential(changes: JsonObject) -> JsonObject:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


def without(entry: JsonObject, name: str, **changes: Any) -> JsonObject:
    return {**{key: value for key, value in entry.items() if key != name}, **changes}


@pytest.mark.parametrize("url", sorted(SCHEMA_OF_SCHEMAS))
def test_a_credential_that_holds_a_schema(url: str) -> None:
    for entry in ({**ENTRY, "id": url}, [{**ENTRY, "id": url}]):
        assert schema_of(credential({"credentialSchema": entry}), url=URL) == SCHEMA
    check_schema_credential(credential({"credentialSubject": {**SUBJECT, "type": ["JsonSchema"]}}))


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"type": ["VerifiableCredential"]}, "schema_credential_type", "/type"),
        ({"credentialSchema": None}, "schema_credential_schema", "/credentialSchema"),
        ({"credentialSchema": [ENTRY, ENTRY]}, "schema_credential_schema", "/credentialSchema"),
        ({"credentialSchema": {**ENTRY, "id": URL}}, "schema_credential_schema", "/credentialSchema"),
        ({"credentialSchema": {**ENTRY, "type": "Other"}}, "schema_credential_schema", "/credentialSchema"),
        (
            {"credentialSchema": without(ENTRY, "digestSRI")},
            "schema_credential_schema",
            "/credentialSchema/digestSRI",
        ),
        ({"credentialSubject": [SUBJECT]}, "schema_credential_subject", "/credentialSubject"),
        (
            {"credentialSubject": without(SUBJECT, "type")},
            "schema_credential_subject",
            "/credentialSubject/type",
        ),
        (
            {"credentialSubject": {**SUBJECT, "type": ["JsonSchema", "Other"]}},
            "schema_credential_subject",
            "/credentialSubject/type",
        ),
        (
            {"credentialSubject": without(SUBJECT, "jsonSchema")},
            "schema_credential_subject",
            "/credentialSubject/jsonSchema",
        ),
        (
            {"credentialSubject": {**SUBJECT, "jsonSchema": "{}"}},
            "schema_credential_subject",
            "/credentialSubject/jsonSchema",
        ),
        *(
            (
                {"credentialSubject": {**SUBJECT, "jsonSchema": schema}},
                code,
                f"/credentialSubject/jsonSchema{at}",
            )
            for schema, code, at in [
                (without(SCHEMA, "$schema"), "schema_draft_missing", ""),
                (without(SCHEMA, "$id"), "schema_id_wrong", ""),
                ({**SCHEMA, "type": "strng"}, "schema_malformed", "/type"),
                ({**SCHEMA, "required": "x"}, "schema_malformed", "/required"),
                (
                    {**SCHEMA, "$schema": "https://json-schema.org/draft-07/schema", "type": 5},
                    "schema_malformed",
                    "/type",
                ),
                (
                    {**SCHEMA, "$schema": "http://json-schema.org/draft-04/schema#"},
                    "schema_draft_unsupported",
                    "",
                ),
            ]
        ),
        ({"id": "https://schemas.example/credentials/2"}, "schema_id_wrong", "/id"),
        ({"id": None}, "schema_id_wrong", "/id"),
    ],
)
def test_what_is_missing_or_wrong(changes: JsonObject, code: str, path: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        schema_of(credential(changes), url=URL)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_by_its_type() -> None:
    assert is_schema_credential(GOOD)
    assert not is_schema_credential({"type": ["VerifiableCredential"]})
