"""One good credential of each extension type, as plain documents that a test may spoil."""

import copy
from datetime import UTC, datetime
from typing import Any

from certweave.credential.build import make_attestation, make_credential, make_issuer, make_status_entry
from certweave.credential.build_parts import make_party, make_reference
from certweave.credential.extension_parts import PARTS

OWNER = make_party("did:web:owner.example", "Organic Fibre Standard Foundation")
GIN = make_party("did:web:gin.example", "Sunrise Gin", registered_id="IN-4711")
SPINNER = make_party("did:web:spinner.example", "Ring Spinners Ltd")
FARMER = make_party("did:key:z6MkfarmerWithoutPhone", "Asha Patel")
LABORATORY = make_party("did:web:lab.example", "Fibre Laboratory")
SCHEME = make_reference(
    "ConformityScheme", "https://ofs.example/scheme/organic-fibre", "Organic Fibre Standard"
)
SITE = make_reference("Facility", "https://register.example/facility/1", "Gin hall 1")
BATCH = {
    "id": "https://id.example/01/09506000134352/10/LINT-7",
    "name": "Organic cotton lint",
    "batch": "LINT-7",
}

PART_DOCUMENTS: dict[str, dict[str, Any]] = {
    "TransactionCertificate": {
        "seller": GIN,
        "buyer": SPINNER,
        "shipTo": make_reference("Facility", "https://register.example/facility/9", "Spinning mill"),
        "shipments": [{"date": "2026-03-01", "documentNumber": "BL-100", "carrierName": "Lorry Lines"}],
        "productLines": [
            {
                "line": 1,
                "product": BATCH,
                "productClass": "lint",
                "labelGrade": "organic",
                "composition": [{"material": "cotton-organic", "share": 1, "label": {"en": "Cotton"}}],
                "documentNumber": "BL-100",
                "netWeight": {"value": 1, "unit": "TNE"},
                "certifiedWeight": {"value": 980.5, "unit": "KGM"},
            }
        ],
        "inputs": [
            {
                "certificate": "https://cab.example/credentials/tc-1",
                "line": 1,
                "weightDrawn": {"value": 2800, "unit": "KGM"},
            }
        ],
        "conversionFactor": 0.35,
    },
    "ScopeCertificate": {
        "schemes": [SCHEME["id"]],
        "sites": [
            {"facility": SITE, "role": "main", "processes": ["ginning", "storage"]},
            {
                "facility": make_reference("Facility", "https://register.example/facility/2", "Press"),
                "role": "separatelyCertified",
                "processes": ["packing"],
                "certificate": "https://cab.example/credentials/scope-2",
            },
        ],
        "productClasses": [
            {
                "code": "lint",
                "label": {"en": "Cotton lint", "ar": "قطن محلوج"},
                "composition": [{"material": "cotton-organic", "share": 0.95}],
                "labelGrade": "organic",
            }
        ],
    },
    "InventoryConformance": {
        "facility": SITE,
        "listId": "https://ofs.example/list/chemicals",
        "listVersion": "3.1",
        "periodStart": "2026-01-01",
        "periodEnd": "2026-01-31",
        "formulationsTotal": 40,
        "formulationsConformant": 38,
        "shareByMass": 0.97,
    },
    "LaboratoryResult": {
        "laboratory": LABORATORY,
        "method": "eDNA",
        "methodStandard": "LAB-SOP-12",
        "sample": {
            "id": "https://lab.example/sample/88",
            "ofBatch": BATCH,
            "takenOn": "2026-03-02",
            "takenBy": "Inspector 4",
            "sealNumber": "S-991",
        },
        "receivedOn": "2026-03-04",
        "testedOn": "2026-03-05",
        "analytes": [
            {"analyte": "Gossypium barbadense", "finding": "detected"},
            {"analyte": "Foreign DNA", "finding": "quantified", "amount": 0.4, "amountUnit": "P1"},
        ],
        "outcome": "pass",
        "remark": {"en": "Origin marker found"},
    },
    "Delegation": {
        "principal": FARMER,
        "delegate": GIN,
        "actions": ["hold", "present"],
        "schemes": [SCHEME["id"]],
        "startDate": "2026-01-01",
        "endDate": "2026-12-31",
        "mayDelegate": False,
    },
    "LabelRelease": {
        "product": BATCH,
        "labelGrade": "organic",
        "licenceNumber": "OFS-12345",
        "claimText": {"en": "Made with organic cotton", "de": "Hergestellt mit Biobaumwolle"},
        "certificate": "https://cab.example/credentials/scope-1",
        "releaseDate": "2026-03-10",
        "expiryOfRelease": "2027-03-09",
    },
    "IssuerApproval": {
        "kind": "accreditation",
        "schemes": [SCHEME["id"]],
        "processes": ["ginning", "spinning"],
        "productClasses": ["lint"],
        "regions": ["IN", "BD"],
        "startDate": "2026-01-01",
        "endDate": "2028-12-31",
    },
}


def extension_document(type_name: str, **changes: Any) -> dict[str, Any]:
    """Return a good credential of an extension type; ``changes`` replace members of its extension part."""
    part = PARTS[type_name]
    subject = make_attestation(
        "https://cab.example/attestation/1",
        "Certificate of the day",
        issued_to=GIN,
        scheme=SCHEME,
        assessor_level="3rdParty",
        assessment_level="authority-peer",
        attestation_type="certification",
        extension={part.member: {**PART_DOCUMENTS[type_name], **changes}},
    )
    document = make_credential(
        type_name,
        id="https://cab.example/credentials/1",
        issuer=make_issuer("did:web:cab.example", "Certifier"),
        name=type_name,
        valid_from=datetime(2026, 3, 1, tzinfo=UTC),
        valid_until=datetime(2027, 3, 1, tzinfo=UTC),
        subject=subject,
        status=make_status_entry("https://cab.example/status/1", 7, purpose="suspension"),
        description="A certificate for tests.",
    )
    return copy.deepcopy(document)
