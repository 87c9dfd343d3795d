"""A scheme with its owner, accreditor and certifier, for tests of trust."""

from typing import Any

from certweave.encoding.strict_json import JsonObject
from certweave.trust.chain import Authority
from certweave.trust.policy import Chain, Policy, Role, Root

SCHEME = "https://scheme.example"
CERTIFIER = "did:webvh:Qm:cab.example"
SUPPLIER = "did:webvh:Qm:mill.example"
OWNER = Root("did:webvh:Qm:owner.example", "Scheme Owner", Role.SCHEME_OWNER, (SCHEME,))
ACCREDITOR = Root("did:webvh:Qm:ab.example", "Accreditation Body", Role.ACCREDITATION_BODY, (SCHEME,))
REGISTER = Root("did:webvh:Qm:register.example", "Register", Role.REGISTER)
APPROVAL_URL = "https://owner.example/approvals/1"
ACCREDITATION_URL = "https://ab.example/accreditations/1"
ANCHOR_URL = "https://register.example/anchors/1"
POLICY = Policy("buyers", roots=(OWNER, ACCREDITOR, REGISTER), schemes={SCHEME: frozenset(Chain)})
KINDS = {OWNER.id: "schemeOwnerApproval", ACCREDITOR.id: "accreditation"}


def endorsement(url: str, authority: str) -> JsonObject:
    """Return one item of ``authorisation``."""
    return {
        "name": "Authorisation",
        "issuingAuthority": {"id": authority, "name": "Authority"},
        "endorsementEvidence": {"linkURL": url, "linkName": "Credential", "digestMultibase": "zQm"},
    }


def certificate(**subject: Any) -> JsonObject:
    """Return a scope certificate by the certifier for one spinning mill in India, changed."""
    members = {
        "type": ["ConformityAttestation"],
        "issuedToParty": {"id": SUPPLIER, "name": "Mill"},
        "referenceScheme": {"id": SCHEME, "name": "Scheme"},
        "authorisation": [endorsement(APPROVAL_URL, OWNER.id), endorsement(ACCREDITATION_URL, ACCREDITOR.id)],
        "certificationScope": {
            "schemes": [SCHEME],
            "sites": [site("main", "IN", "spinning")],
            "productClasses": [{"code": "yarn"}],
        },
        **subject,
    }
    return {
        "type": ["ScopeCertificate", "DigitalConformityCredential", "VerifiableCredential"],
        "issuer": {"id": CERTIFIER, "name": "Certifier"},
        "validFrom": "2026-03-01T00:00:00Z",
        "credentialSubject": {name: value for name, value in members.items() if value is not None},
    }


def site(role: str, country: str, *processes: str) -> JsonObject:
    """Return one site of a scope certificate."""
    facility = {"id": "https://f.example/1", "countryOfOperation": {"countryCode": country}}
    return {"facility": facility, "role": role, "processes": list(processes)}


def authority(root: Root, url: str, party: str = CERTIFIER, **approval: Any) -> Authority:
    """Return the valid authorisation of ``party`` by ``root``, its ``issuerApproval`` changed."""
    members = {
        "kind": KINDS[root.id],
        "schemes": [SCHEME],
        "processes": ["spinning", "weaving"],
        "productClasses": ["yarn", "fabric"],
        "regions": ["IN", "PK"],
        "startDate": "2026-01-01",
        "endDate": "2026-12-31",
        **approval,
    }
    document = {
        "type": ["IssuerApproval", "DigitalConformityCredential", "VerifiableCredential"],
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "issuedToParty": {"id": party},
            "referenceScheme": {"id": SCHEME},
            "issuerApproval": {name: value for name, value in members.items() if value is not None},
        },
    }
    return Authority(url, "valid", root.id, document, "")


def authorities(**approval: Any) -> dict[str, Authority]:
    """Return both authorisations of the certifier; ``approval`` changes what the scheme owner allows."""
    return {
        APPROVAL_URL: authority(OWNER, APPROVAL_URL, **approval),
        ACCREDITATION_URL: authority(ACCREDITOR, ACCREDITATION_URL),
    }
