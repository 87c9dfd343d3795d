"""A JSON Schema that is itself a credential: type ``JsonSchemaCredential``.

Follows the Verifiable Credentials JSON Schema Specification §2.2, https://www.w3.org/TR/vc-json-schema/. What
the schema that W3C publishes for such credentials demands is written here as rules, and not fetched. That the
credential is signed, in force and by whom is judged elsewhere, like that of any other.
"""

from typing import Final

from certweave.credential.shapes import objects_of, types
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError

TYPE: Final = "JsonSchemaCredential"

SCHEMA_OF_SCHEMAS: Final = frozenset(
    (
        "https://www.w3.org/ns/credentials/json-schema/v2.json",
        "https://www.w3.org/2022/credentials/v2/json-schema-credential-schema.json",
    )
)
"""Where W3C publishes it. The second is the ``$id`` inside, which older schema credentials name."""


def is_schema_credential(document: JsonObject) -> bool:
    """Tell whether a credential calls itself one that holds a schema."""
    return TYPE in types(document)


def check_schema_credential(document: JsonObject) -> None:
    """§2.2: check what sets a credential that holds a schema apart from others.

    Looser than the text in one point: ``digestSRI`` must be there, but is not compared, because the digest in
    the text is not that of the document that W3C publishes today.

    Raises:
        InvalidError: another type (``schema_credential_type``), another ``credentialSchema``
            (``schema_credential_schema``), or the subject holds no schema (``schema_credential_subject``,
            and as ``json_schema.check_written_schema``).
        UnsupportedError: a schema of a draft that we do not apply.
    """
    if not is_schema_credential(document):
        detail = f"a credential that holds a schema has the type {TYPE}"
        raise InvalidError(detail, code="schema_credential_type", path="/type")
    entries = objects_of(document, "credentialSchema")
    entry = entries[0][1] if len(entries) == 1 else {}
    digest = entry.get("digestSRI")
    if entry.get("id") not in SCHEMA_OF_SCHEMAS or entry.get("type") != "JsonSchema":
        detail = "the schema of a credential that holds a schema is the one of W3C"
        raise InvalidError(detail, code="schema_credential_schema", path="/credentialSchema")
    if not isinstance(digest, str) or not digest:
        detail = "the schema of a credential that holds a schema has a digestSRI"
        raise InvalidError(detail, code="schema_credential_schema", path="/credentialSchema/digestSRI")
    subject = document.get("credentialSubject")
    if not isinstance(subject, dict):
        detail = "a credential that holds a schema has one subject"
        raise InvalidError(detail, code="schema_credential_subject", path="/credentialSubject")
    if subject.get("type") not in ("JsonSchema", ["JsonSchema"]):
        path = join("/credentialSubject", "type")
        raise InvalidError("the subject is not a JsonSchema", code="schema_credential_subject", path=path)
    if not isinstance(subject.get("jsonSchema"), dict):
        path = join("/credentialSubject", "jsonSchema")
        raise InvalidError("the subject holds no schema", code="schema_credential_subject", path=path)
    from certweave.credential.json_schema import check_written_schema  # few credentials hold a schema

    check_written_schema(subject["jsonSchema"], "/credentialSubject/jsonSchema")


def schema_of(document: JsonObject, *, url: str) -> JsonObject:
    """Return the schema of the credential that was found at ``url``, after checking it.

    Raises:
        InvalidError: as ``check_schema_credential``, or its ``id`` is another (``schema_id_wrong``).
    """
    check_schema_credential(document)
    if document.get("id") != url:
        raise InvalidError(
            f"the credential at {url} says that it is another", code="schema_id_wrong", path="/id"
        )
    schema: JsonObject = document["credentialSubject"]["jsonSchema"]
    return schema
