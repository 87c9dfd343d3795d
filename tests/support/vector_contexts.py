"""Contexts that the W3C's vectors of Data Integrity name and we do not pin: just the terms that they use.

The IRIs are facts, read from the canonical N-Quads of the vectors; the published contexts say more.
"""

from functools import cache
from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.suite import Around
from certweave_edge.conformance import with_examples
from certweave_edge.contexts import load_context_store

CITIZENSHIP: Final = "https://w3id.org/citizenship/v4rc1"
VDL: Final = "https://w3id.org/vdl/v1"
AAMVA: Final = "https://w3id.org/vdl/aamva/v1"
_NS, _SCHEMA = "https://w3id.org/citizenship#", "https://schema.org/"
_MOMENT: Final = "http://www.w3.org/2001/XMLSchema#dateTime"
_OWN: Final = (
    "EmployablePerson",
    "EmploymentAuthorizationDocument",
    "EmploymentAuthorizationDocumentCredential",
    "PermanentResident",
    "PermanentResidentCard",
    "PermanentResidentCardCredential",
    "birthCountry",
    "commuterClassification",
    "employmentAuthorizationDocument",
    "lprCategory",
    "lprNumber",
    "permanentResidentCard",
)
_COMMON: Final = ("Person", "additionalName", "familyName", "gender", "givenName", "identifier")


def citizenship_context() -> JsonObject:
    """Return a context with the terms of the cards of residents and workers in the vectors."""
    terms: JsonObject = {name: f"{_NS}{name}" for name in _OWN}
    terms |= {name: f"{_SCHEMA}{name}" for name in _COMMON}
    terms["image"] = {"@id": f"{_SCHEMA}image", "@type": "@id"}
    terms["birthDate"] = {"@id": f"{_SCHEMA}birthDate", "@type": _MOMENT}
    terms["residentSince"] = {"@id": f"{_NS}residentSince", "@type": _MOMENT}
    return {"@context": terms}


_LICENCE: Final = {
    "birth_date": "birthDate",
    "document_number": "documentNumber",
    "expiry_date": "expiryDate",
    "family_name": "familyName",
    "given_name": "givenName",
    "issue_date": "issueDate",
    "issuing_authority": "issuingAuthority",
    "issuing_country": "issuingCountry",
    "un_distinguishing_sign": "unDistinguishingSign",
}


def licence_context() -> JsonObject:
    """Return a context with the terms of the driver's licence in the vectors."""
    vdl, xsd = "https://w3id.org/vdl#", "http://www.w3.org/2001/XMLSchema#"
    types = ("Iso18013DriversLicense", "Iso18013DriversLicenseCredential", "LicensedDriver")
    terms: JsonObject = {name: f"{vdl}{name}" for name in types}
    for name, own in _LICENCE.items():
        iri = f"{vdl}{own}"
        terms[name] = {"@id": iri, "@type": _MOMENT} if name.endswith("_date") else iri
    return {
        "@context": terms
        | {
            "name": f"{_SCHEMA}name",
            "description": f"{_SCHEMA}description",
            "image": {"@id": f"{_SCHEMA}image", "@type": "@id"},
            "url": {"@id": f"{_SCHEMA}url", "@type": "@id"},
            "driversLicense": {"@id": f"{vdl}license", "@type": "@id"},
            "driving_privileges": {"@id": f"{vdl}drivingPrivileges", "@type": "@json"},
            "portrait": {"@id": f"{vdl}portrait", "@type": "@id"},
            "sex": {"@id": f"{vdl}sex", "@type": f"{xsd}unsignedInt"},
        }
    }


def aamva_context() -> JsonObject:
    """Return a context with the terms that the American association adds to that licence."""
    own = {"aamva_aka_suffix": "akaSuffix"}
    own |= {f"aamva_{name}_name_truncation": f"{name}NameTruncation" for name in ("family", "given")}
    return {"@context": {term: f"https://w3id.org/vdl/aamva#{name}" for term, name in own.items()}}


@cache
def vector_contexts() -> ContextStore:
    """Return all pinned contexts, and those of the vectors."""
    store = with_examples(load_context_store(None)).plus(CITIZENSHIP, citizenship_context())
    return store.plus(VDL, licence_context()).plus(AAMVA, aamva_context())


def vector_around() -> Around:
    """Return what a suite looks at when it works through a vector."""
    return Around(vector_contexts(), DEFAULT_LIMITS)
