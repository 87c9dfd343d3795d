"""VCDM 2.0: each rule that needs only the document, as a change to a good credential or presentation."""

from datetime import UTC, datetime
from typing import Any

import pytest

from certweave.credential.holder import holder_of
from certweave.credential.shapes import issuer_id, types
from certweave.credential.vcdm import check_credential, check_presentation, holder_id, validity
from certweave.errors import CertweaveError, InvalidError

V2 = "https://www.w3.org/ns/credentials/v2"
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"
GONE = object()
SCHEMA = {"id": "https://x.example/schema", "type": "JsonSchema"}
SHA256 = "sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
RESOURCE = {"id": "https://x.example/picture", "digestSRI": SHA256}
MULTIBASE = "uEiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"
TYPE = "https://x.example/Type"


def credential(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@context": [V2],
        "id": "urn:uuid:7c3b1a90-0000-4000-8000-000000000001",
        "type": ["VerifiableCredential"],
        "issuer": "did:web:issuer.example",
        "validFrom": "2026-01-01T00:00:00Z",
        "validUntil": "2026-12-31T23:59:59+05:30",
        "credentialSubject": {"id": "did:web:holder.example", "name": "somebody"},
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not GONE}


def presentation(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@context": [V2],
        "type": ["VerifiablePresentation"],
        "holder": "did:web:holder.example",
        "verifiableCredential": [credential()],
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not GONE}


GOOD: list[dict[str, Any]] = [
    {},
    {"id": GONE},
    {"@context": [V2, "https://x.example/context", {"term": "https://x.example/term"}]},
    {"type": "VerifiableCredential"},
    {"issuer": {"id": "did:web:issuer.example", "name": {"@value": "Aussteller", "@language": "de"}}},
    {"name": "text", "description": [{"@value": "نص", "@language": "ar", "@direction": "rtl"}, "text"]},
    {"credentialSubject": [{"id": "did:a:b"}, {"name": "x"}]},
    {"validFrom": GONE, "validUntil": GONE},
    {"validFrom": "2026-01-01T00:00:00Z", "validUntil": "2026-01-01T01:00:00+01:00"},
    {
        "credentialStatus": [
            {"type": "BitstringStatusListEntry"},
            {"id": "https://x.example/1", "type": "Other"},
        ]
    },
    {"credentialSchema": SCHEMA},
    {"evidence": [{"type": ["Evidence"]}], "termsOfUse": {"type": "Terms"}, "refreshService": {"type": "R"}},
    {"relatedResource": [RESOURCE, {"id": "https://x.example/2", "digestMultibase": MULTIBASE}]},
    {"relatedResource": {"id": "https://x.example/2", "digestMultibase": [MULTIBASE, MULTIBASE]}},
    {"relatedResource": {**RESOURCE, "mediaType": "image/svg+xml;charset=utf-8"}},
    {"relatedResource": {**RESOURCE, "digestSRI": f"md5-xyz  {SHA256}?some=option"}},
    {"relatedResource": {**RESOURCE, "digestSRI": "sha3-xyz", "digestMultibase": "mother"}},
    {"relatedResource": {**RESOURCE, "digestMultibase": "u47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU"}},
    {"relatedResource": {**RESOURCE, "digestMultibase": "uFiDjsMRCmPwcFJr79MiZb7kkJ65B5GSbk0yklZkbeFK4VQ"}},
    {"confidenceMethod": {"type": TYPE}, "renderMethod": [{"type": [TYPE]}, {"type": TYPE, "id": "urn:x:1"}]},
    {"name": {"@value": "", "@language": "zh-Hant-TW", "@direction": "ltr"}, "description": ""},
    {"credentialSubject": {"name": False}},
    {"type": ["VerifiableCredential", "VerifiableCredential", TYPE]},
]


@pytest.mark.parametrize("changes", GOOD)
def test_good_credentials(changes: dict[str, Any]) -> None:
    check_credential(credential(**changes))


BAD: list[tuple[dict[str, Any], str, str]] = [
    ({"@context": GONE}, "context_first_wrong", "/@context/0"),
    ({"@context": []}, "context_first_wrong", "/@context/0"),
    ({"@context": [EXAMPLES]}, "context_first_wrong", "/@context/0"),
    ({"@context": ["https://x.example", V2]}, "context_first_wrong", "/@context/0"),
    ({"@context": [f"{V2}/"]}, "context_first_wrong", "/@context/0"),
    ({"@context": V2}, "context_malformed", "/@context"),
    ({"@context": [V2, 5]}, "context_malformed", "/@context/1"),
    ({"@context": [V2, None]}, "context_malformed", "/@context/1"),
    ({"@context": [V2, "relative"]}, "context_malformed", "/@context/1"),
    ({"id": None}, "id_malformed", "/id"),
    ({"id": ["urn:x:1"]}, "id_malformed", "/id"),
    ({"id": "has blank:x y"}, "id_malformed", "/id"),
    ({"id": "relative"}, "id_malformed", "/id"),
    ({"id": ""}, "id_malformed", "/id"),
    ({"type": GONE}, "type_missing", "/type"),
    ({"type": []}, "type_malformed", "/type"),
    ({"type": ["Other"]}, "type_missing", "/type"),
    ({"type": ["VerifiableCredential", 1]}, "type_malformed", "/type"),
    ({"type": ["VerifiableCredential", ""]}, "type_malformed", "/type"),
    ({"issuer": GONE}, "issuer_missing", "/issuer"),
    ({"issuer": None}, "issuer_malformed", "/issuer"),
    ({"issuer": ["did:web:x"]}, "issuer_malformed", "/issuer"),
    ({"issuer": "nobody"}, "issuer_malformed", "/issuer"),
    ({"issuer": {"name": "x"}}, "issuer_malformed", "/issuer/id"),
    ({"issuer": {"id": None}}, "issuer_malformed", "/issuer/id"),
    ({"issuer": {"id": "did:a:b", "name": 5}}, "text_malformed", "/issuer/name"),
    ({"credentialSubject": GONE}, "subject_missing", "/credentialSubject"),
    ({"credentialSubject": {}}, "subject_empty", "/credentialSubject"),
    ({"credentialSubject": {"@list": []}}, "shape", "/credentialSubject/@list"),
    ({"credentialSubject": []}, "shape", "/credentialSubject"),
    ({"credentialSubject": {"@value": "x"}}, "shape", "/credentialSubject/@value"),
    ({"credentialSubject": {"id": "urn:x:1", "@value": "x"}}, "shape", "/credentialSubject/@value"),
    ({"credentialSubject": {"@language": "en"}}, "subject_empty", "/credentialSubject"),
    ({"credentialSubject": {"name": None, "type": []}}, "subject_empty", "/credentialSubject"),
    ({"evidence": {"type": TYPE, "@value": "x"}}, "shape", "/evidence/@value"),
    ({"type": ["VerifiableCredential", "VerifiablePresentation"]}, "presentation_and_credential", "/type"),
    (
        {"type": ["EnvelopedVerifiableCredential", "VerifiableCredential"]},
        "presentation_and_credential",
        "/type",
    ),
    ({"confidenceMethod": {"id": "urn:x:1"}}, "type_missing", "/confidenceMethod/type"),
    ({"renderMethod": [{"type": TYPE}, {}]}, "type_missing", "/renderMethod/1/type"),
    ({"renderMethod": "https://x.example"}, "shape", "/renderMethod"),
    ({"renderMethod": {"type": TYPE, "id": "no"}}, "id_malformed", "/renderMethod/id"),
    ({"credentialSubject": [{"name": "x"}, {}]}, "subject_empty", "/credentialSubject/1"),
    ({"credentialSubject": "did:a:b"}, "shape", "/credentialSubject"),
    ({"credentialSubject": [{"name": "x"}, "did:a:b"]}, "shape", "/credentialSubject/1"),
    ({"credentialSubject": {"id": None, "name": "x"}}, "id_malformed", "/credentialSubject/id"),
    ({"credentialSubject": {"id": ["did:a:b"]}}, "id_malformed", "/credentialSubject/id"),
    ({"name": 5}, "text_malformed", "/name"),
    ({"name": []}, "text_malformed", "/name"),
    ({"name": {"@language": "en"}}, "text_malformed", "/name/@value"),
    ({"name": {"@value": 5}}, "text_malformed", "/name/@value"),
    ({"name": {"@value": ["x"]}}, "text_malformed", "/name/@value"),
    ({"name": {"@value": "x", "@language": None}}, "text_malformed", "/name/@language"),
    ({"name": {"@value": "x", "@language": ""}}, "text_malformed", "/name/@language"),
    ({"name": {"@value": "x", "@language": "en_US"}}, "text_malformed", "/name/@language"),
    ({"name": {"@value": "x", "@direction": "LTR"}}, "text_malformed", "/name/@direction"),
    ({"name": {"@value": "x", "@direction": None}}, "text_malformed", "/name/@direction"),
    ({"name": [[{"@value": "x"}]]}, "text_malformed", "/name/0"),
    ({"name": {"@value": "x", "note": "y"}}, "text_malformed", "/name/note"),
    ({"description": [{"@value": "x", "@direction": "up"}]}, "text_malformed", "/description/0/@direction"),
    ({"validFrom": "2026-01-01"}, "validity_malformed", "/validFrom"),
    ({"validFrom": "2026-01-01T00:00:00"}, "validity_malformed", "/validFrom"),
    ({"validUntil": None}, "validity_malformed", "/validUntil"),
    ({"validUntil": 5}, "validity_malformed", "/validUntil"),
    ({"validUntil": "2025-12-31T23:59:59Z"}, "validity_reversed", "/validUntil"),
    ({"credentialStatus": {}}, "type_missing", "/credentialStatus/type"),
    ({"credentialStatus": {"type": "X", "id": None}}, "id_malformed", "/credentialStatus/id"),
    ({"credentialStatus": [{"type": "X"}, {"id": "urn:x:1"}]}, "type_missing", "/credentialStatus/1/type"),
    ({"credentialSchema": {"id": "https://x.example"}}, "type_missing", "/credentialSchema/type"),
    ({"credentialSchema": {"type": "JsonSchema"}}, "schema_id", "/credentialSchema/id"),
    ({"credentialSchema": [SCHEMA, {**SCHEMA, "id": 5}]}, "schema_id", "/credentialSchema/1/id"),
    ({"refreshService": {"id": "https://x.example"}}, "type_missing", "/refreshService/type"),
    ({"termsOfUse": {"note": "x"}}, "type_missing", "/termsOfUse/type"),
    ({"evidence": [{"type": "X"}, {"note": "x"}]}, "type_missing", "/evidence/1/type"),
    ({"evidence": {"type": "X", "id": "no"}}, "id_malformed", "/evidence/id"),
    ({"evidence": "https://x.example"}, "shape", "/evidence"),
    ({"relatedResource": "https://x.example"}, "shape", "/relatedResource"),
    ({"relatedResource": [RESOURCE, RESOURCE]}, "related_resource_twice", "/relatedResource/1/id"),
    ({"relatedResource": {"digestSRI": "x"}}, "related_resource_id", "/relatedResource/id"),
    ({"relatedResource": {"id": "https://x.example"}}, "related_resource_digest", "/relatedResource"),
    (
        {"relatedResource": {**RESOURCE, "digestSRI": 5}},
        "related_resource_digest",
        "/relatedResource/digestSRI",
    ),
    *(
        ({"relatedResource": {**RESOURCE, name: value}}, code, f"/relatedResource/{name}")
        for name, value, code in [
            ("digestSRI", "sha256-xxx", "digest_malformed"),
            ("digestSRI", "   ", "digest_malformed"),
            ("digestSRI", "sha256", "digest_malformed"),
            ("digestSRI", f"{SHA256} sha384-AAAA", "digest_malformed"),
            ("digestMultibase", "uEiA", "digest_malformed"),
            ("digestMultibase", "u", "digest_malformed"),
            ("digestMultibase", "uAB", "base64url"),
            ("digestMultibase", [MULTIBASE, "z0"], "base58"),
            ("digestMultibase", "", "related_resource_digest"),
            ("mediaType", 5, "media_type_malformed"),
            ("mediaType", "", "media_type_malformed"),
            ("mediaType", "picture", "media_type_malformed"),
            ("mediaType", "image/png image/gif", "media_type_malformed"),
            ("mediaType", "image/png\n", "media_type_malformed"),
            ("mediaType", ["image/png"], "media_type_malformed"),
        ]
    ),
]


@pytest.mark.parametrize(("changes", "code", "path"), BAD)
def test_rules_of_credentials(changes: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        check_credential(credential(**changes))
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"holder": GONE},
        {"holder": {"id": "did:web:holder.example"}},
        {"verifiableCredential": GONE},
        {
            "verifiableCredential": {
                "type": "EnvelopedVerifiableCredential",
                "id": "data:application/vc+jwt,x",
            }
        },
    ],
)
def test_good_presentations(changes: dict[str, Any]) -> None:
    check_presentation(presentation(**changes))


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"@context": [EXAMPLES]}, "context_first_wrong", "/@context/0"),
        (
            {"type": ["VerifiablePresentation", "VerifiableCredential"]},
            "presentation_and_credential",
            "/type",
        ),
        ({"type": GONE}, "type_missing", "/type"),
        ({"type": "VerifiableCredential"}, "type_missing", "/type"),
        ({"id": None}, "id_malformed", "/id"),
        ({"holder": None}, "holder_malformed", "/holder"),
        ({"holder": {"name": "x"}}, "holder_malformed", "/holder/id"),
        (
            {"type": ["VerifiablePresentation", "EnvelopedVerifiablePresentation"]},
            "presentation_and_credential",
            "/type",
        ),
        ({"termsOfUse": {"id": "urn:x:1"}}, "type_missing", "/termsOfUse/type"),
        ({"termsOfUse": {"type": TYPE, "id": "no"}}, "id_malformed", "/termsOfUse/id"),
        ({"verifiableCredential": []}, "shape", "/verifiableCredential"),
        ({"verifiableCredential": [5]}, "shape", "/verifiableCredential/0"),
        ({"verifiableCredential": {"@list": []}}, "shape", "/verifiableCredential/@list"),
        ({"verifiableCredential": "ey.ey.sig"}, "shape", "/verifiableCredential"),
        ({"verifiableCredential": ["ey.ey.sig"]}, "shape", "/verifiableCredential/0"),
        (
            {"verifiableCredential": [{"type": "Other"}]},
            "presented_not_credential",
            "/verifiableCredential/0",
        ),
    ],
)
def test_rules_of_presentations(changes: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_presentation(presentation(**changes))
    assert (caught.value.code, caught.value.path) == (code, path)


def test_what_a_document_says() -> None:
    document = credential(issuer={"id": "did:web:i.example"}, type=["A", "VerifiableCredential"])
    assert issuer_id(document) == "did:web:i.example"
    assert types(document) == ("A", "VerifiableCredential")
    start, end = validity(document)
    assert start == datetime(2026, 1, 1, tzinfo=UTC)
    assert end == datetime(2026, 12, 31, 18, 29, 59, tzinfo=UTC)
    assert validity(credential(validFrom=GONE, validUntil=GONE)) == (None, None)
    assert holder_id(presentation()) == "did:web:holder.example"
    assert holder_id(presentation(holder=GONE)) is None


@pytest.mark.parametrize(
    ("kind", "subject", "holder"),
    [
        ("DigitalConformityCredential", {"id": "urn:x:1", "issuedToParty": {"id": "did:web:a"}}, "did:web:a"),
        ("DigitalConformityCredential", {"id": "urn:x:1"}, None),
        ("DigitalIdentityAnchor", {"id": "did:web:b"}, "did:web:b"),
        ("DigitalProductPassport", {"id": "urn:x:1"}, "did:web:issuer.example"),
        ("DigitalFacilityRecord", {"id": "urn:x:1"}, "did:web:issuer.example"),
        ("DigitalTraceabilityEvent", [{"id": "urn:x:1"}], "did:web:issuer.example"),
        ("Other", {"id": "did:web:c"}, "did:web:c"),
        ("Other", [{"id": "did:web:c"}], "did:web:c"),
        ("Other", [{"id": "did:web:c"}, {"id": "did:web:d"}], None),
        ("Other", {"name": "nobody"}, None),
    ],
)
def test_holder_follows_the_type(kind: str, subject: Any, holder: str | None) -> None:
    document = credential(type=[kind, "VerifiableCredential"], credentialSubject=subject)
    assert holder_of(document) == holder
