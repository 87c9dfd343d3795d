"""Makers of UNTP credentials: what they make passes the UN schemas, our models and the rule for terms."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.support.shared import shared

from certweave.credential.build import (
    make_assessment,
    make_attestation,
    make_credential,
    make_endorsement,
    make_issuer,
    make_registered_identity,
    make_status_entry,
)
from certweave.credential.build_parts import (
    make_address,
    make_claim,
    make_classification,
    make_country,
    make_event,
    make_event_product,
    make_facility,
    make_identifier_scheme,
    make_link,
    make_material,
    make_measure,
    make_metric,
    make_party,
    make_performance,
    make_product,
    make_reference,
    make_topic,
)
from certweave.credential.terms import check_terms, check_terms_generic
from certweave.encoding.multihash import check_digest_multibase
from certweave.errors import InvalidError
from certweave_edge.contexts import load_context_store

INDIA = make_country("IN", "India")
ISSUER = make_issuer(
    "did:web:issuer.example", "Issuer", also_known_as=[make_party("urn:x:reg:1", "Issuer Ltd")]
)
REGISTER = make_identifier_scheme("https://register.example", "Register")
PARTY = make_party("did:web:gin.example", "Gin", registered_id="7", scheme=REGISTER, country=INDIA)
CLASS = make_classification("26210", "Cotton lint", scheme="https://unstats.un.org/cpc", scheme_name="CPC")
TOPIC = make_topic("chemical-safety", "Chemical safety")
CRITERION = make_reference(
    "Criterion", "https://ofs.example/criterion/chemical-inputs/3.1", "Chemical inputs"
)
RESULT = make_performance(make_metric("water-intensity", "Water"), measure=make_measure(81.5, "LTR"))
PLACE = make_reference("Facility", "https://register.example/facility/1", "Gin hall")
LINK = make_link("https://x.example/1", "Certificate", content=b"abc", media_type="application/vc+jwt")
LINT = make_reference("Product", "urn:x:lint", "Lint", idGranularity="batch", batchNumber="LINT-7")
CLAIM = make_claim(
    "urn:x:claim",
    "Claim",
    criteria=[CRITERION],
    date="2026-01-01",
    topics=[TOPIC],
    performance=[RESULT],
    evidence=[LINK],
)

SUBJECTS: dict[str, Any] = {
    "DigitalProductPassport": make_product(
        "https://id.example/01/09506000134352",
        "Cotton lint",
        scheme=REGISTER,
        granularity="batch",
        categories=[CLASS],
        facility=PLACE,
        country=INDIA,
        materials=[make_material("Cotton", kind=CLASS, country=INDIA, share=1, recycled=0.0)],
        claims=[CLAIM],
        batchNumber="LINT-7",
        productionDate="2026-02-01",
    ),
    "DigitalFacilityRecord": make_facility(
        PLACE["id"],
        "Gin hall",
        country=INDIA,
        processes=[CLASS],
        address=make_address("Road 1", postcode="380001", town="Ahmedabad", region="Gujarat", country=INDIA),
        operator=PARTY,
        claims=[CLAIM],
    ),
    "DigitalIdentityAnchor": make_registered_identity(
        "did:web:gin.example",
        name="Gin",
        registered_id="7",
        date="2020-01-01",
        scheme=REGISTER,
        register="business",
        registrar=PARTY,
        scope=["https://ofs.example/scheme/organic-fibre"],
    ),
    "DigitalTraceabilityEvent": [
        make_event(
            "MakeEvent",
            "urn:x:event:1",
            "Ginned",
            date="2026-02-01T10:00:00Z",
            activity=CLASS,
            inputProduct=[make_event_product(LINT, quantity=make_measure(3, "TNE"), disposition="consumed")],
            outputProduct=[make_event_product(LINT)],
            madeAtFacility=PLACE,
        ),
        make_event(
            "MoveEvent",
            "urn:x:event:2",
            "Moved",
            date="2026-02-02T10:00:00Z",
            activity=CLASS,
            movedProduct=[make_event_product(LINT)],
            fromFacility=PLACE,
            toFacility=PLACE,
        ),
    ],
    "DigitalConformityCredential": make_attestation(
        "urn:x:attestation",
        "Attestation",
        issued_to=PARTY,
        scheme=make_reference("ConformityScheme", "https://ofs.example/scheme/organic-fibre", "Scheme"),
        assessor_level="3rdParty",
        assessment_level="authority-peer",
        attestation_type="certification",
        authorisation=[make_endorsement("Accredited", authority=PARTY, evidence=LINK)],
        certificate=LINK,
        assessments=[
            make_assessment(
                "urn:x:assessment",
                "Assessment",
                criteria=[CRITERION],
                date="2026-01-15",
                topics=[TOPIC],
                performance=[RESULT],
                products=[LINT],
                facilities=[PLACE],
                organisation=PARTY,
                conformance=True,
                id_verified=True,
            )
        ],
    ),
}


def make(name: str, **changes: Any) -> dict[str, Any]:
    members: dict[str, Any] = {
        "id": "https://issuer.example/credentials/1",
        "issuer": ISSUER,
        "name": name,
        "valid_from": datetime(2026, 1, 1, tzinfo=UTC),
        "subject": SUBJECTS[name],
        "status": make_status_entry("https://issuer.example/status/1", 5, purpose="revocation"),
        "description": "For tests.",
        **changes,
    }
    return make_credential(name, **members)


@pytest.mark.parametrize("name", SUBJECTS)
def test_what_is_made_passes_the_un_schema_and_our_rules(name: str) -> None:
    document = make(name)
    file = "ConformityCredential" if name == "DigitalConformityCredential" else name
    schema = json.loads(shared(f"untp/0.7.0/schema/{file}.json").read_text(encoding="utf-8"))
    assert [error.message for error in Draft202012Validator(schema).iter_errors(document)] == []
    check_terms(document, contexts=load_context_store())
    check_terms_generic(document, contexts=load_context_store())
    assert document["type"] == [name, "VerifiableCredential"]
    assert "validUntil" not in document


def test_link_fixes_the_content() -> None:
    check_digest_multibase(b"abc", LINK["digestMultibase"])


@pytest.mark.parametrize(
    ("name", "changes", "code"),
    [
        ("DigitalProductPassport", {"subject": {}}, "subject_empty"),
        ("DigitalProductPassport", {"subject": {"id": "urn:x:1"}}, "untp_model"),
        ("DigitalProductPassport", {"id": "no url"}, "id_malformed"),
        ("DigitalProductPassport", {"valid_until": datetime(2025, 1, 1, tzinfo=UTC)}, "validity_reversed"),
        ("DigitalTraceabilityEvent", {"subject": SUBJECTS["DigitalProductPassport"]}, "untp_model"),
        ("DigitalProductPassport", {"status": {"type": "Other"}}, "untp_model"),
    ],
)
def test_nothing_wrong_is_made(name: str, changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        make(name, **changes)
    assert caught.value.code == code


def test_unknown_type_is_not_made() -> None:
    with pytest.raises(InvalidError):
        make_credential(
            "Diploma",
            id="urn:x:1",
            issuer=ISSUER,
            name="x",
            valid_from=datetime(2026, 1, 1, tzinfo=UTC),
            subject={"id": "urn:x:2"},
        )
