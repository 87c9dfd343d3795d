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


@cache
def vector_contexts() -> ContextStore:
    """Return all pinned contexts, and those of the vectors."""
    return with_examples(load_context_store(None)).plus(CITIZENSHIP, citizenship_context())


def vector_around() -> Around:
    """Return what a suite looks at when it works through a vector."""
    return Around(vector_contexts(), DEFAULT_LIMITS)
