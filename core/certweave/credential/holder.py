"""Who holds a credential, by its type (docs/reference/credential-types.md).

A conformity credential is held by the party it was issued to, an identity anchor by its subject, a passport,
facility record or event by its issuer, any other credential by its subject. Whether a presenter is that
holder is the presentation's business.
"""

from certweave.credential.shapes import issuer_id
from certweave.encoding.strict_json import JsonObject

_HELD_BY_ISSUER = frozenset(("DigitalProductPassport", "DigitalFacilityRecord", "DigitalTraceabilityEvent"))


def holder_of(document: JsonObject) -> str | None:
    """Return the URL of the holder of a credential, or None where it names none or several."""
    found = holders_of(document)
    return found[0] if len(found) == 1 else None


def holders_of(document: JsonObject) -> tuple[str, ...]:
    """Return the URLs of everybody who holds a credential: of one with several subjects, each of them."""
    names = document.get("type")
    listed = names if isinstance(names, list) else [names]
    if any(name in _HELD_BY_ISSUER for name in listed if isinstance(name, str)):
        return (issuer_id(document),)
    subject = document.get("credentialSubject")
    subjects = [one for one in (subject if isinstance(subject, list) else [subject]) if isinstance(one, dict)]
    if "DigitalConformityCredential" in listed:
        parties = [one.get("issuedToParty") for one in subjects]
        subjects = [party for party in parties if isinstance(party, dict)]
    found = [one.get("id") for one in subjects]
    return tuple(dict.fromkeys(url for url in found if isinstance(url, str) and url))
