"""Who holds a credential, by its type (docs/reference/credential-types.md).

A conformity credential is held by the party it was issued to, an identity anchor by its subject, a passport,
facility record or event by its issuer, any other credential by its subject. Whether a presenter is that
holder is the presentation's business.
"""

from certweave.credential.vcdm import issuer_id
from certweave.encoding.strict_json import JsonObject

_HELD_BY_ISSUER = frozenset(("DigitalProductPassport", "DigitalFacilityRecord", "DigitalTraceabilityEvent"))


def holder_of(document: JsonObject) -> str | None:
    """Return the URL of the holder of a credential, or None where it names none or several."""
    names = document.get("type")
    listed = names if isinstance(names, list) else [names]
    if any(name in _HELD_BY_ISSUER for name in listed if isinstance(name, str)):
        return issuer_id(document)
    subject = document.get("credentialSubject")
    if isinstance(subject, list) and len(subject) == 1:
        subject = subject[0]
    if not isinstance(subject, dict):
        return None
    if "DigitalConformityCredential" in listed:
        party = subject.get("issuedToParty")
        subject = party if isinstance(party, dict) else {}
    found = subject.get("id")
    return found if isinstance(found, str) and found else None
