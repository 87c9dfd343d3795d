"""Makers of UNTP 0.7.0 credentials: plain functions from facts to documents, for issuers and the demo.

https://untp.unece.org/docs/0.7.0/specification/. What they return is unsigned. ``make_credential`` reads its
own work back through the models, so that it cannot return a document that a verifier would refuse for its
shape; whether the terms are known is ``credential.terms``. Parts are in ``credential.build_parts``.
"""

from collections.abc import Sequence
from datetime import datetime

from certweave.credential.build_parts import drop_none
from certweave.credential.extension import BASE_TYPE, read_extension
from certweave.credential.extension_parts import PARTS
from certweave.credential.extension_rules import EXTENSION_CONTEXT
from certweave.credential.untp.credentials import CREDENTIALS, read_credential
from certweave.credential.untp.names import UNTP_CONTEXT
from certweave.credential.vcdm import VCDM_2_CONTEXT, check_credential
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.timestamps import format_timestamp


def make_credential(
    type_name: str,
    *,
    id: str,
    issuer: JsonObject,
    name: str,
    valid_from: datetime,
    subject: JsonObject | list[JsonObject],
    valid_until: datetime | None = None,
    status: JsonObject | None = None,
    description: str | None = None,
    contexts: Sequence[str] = (),
    schemas: Sequence[JsonObject] = (),
) -> JsonObject:
    """Return an unsigned UNTP 0.7.0 credential of a UNTP type or of one of our extension types.

    ``contexts`` are further extension contexts, ``schemas`` entries of ``credentialSchema``. Without
    ``valid_until`` it does not expire, without ``status`` it stays for good. What VCDM, UNTP's model or the
    extension's refuses is an InvalidError.
    """
    base = BASE_TYPE if type_name in PARTS else type_name
    if base not in CREDENTIALS:
        raise InvalidError(f"{type_name} is no credential type we issue", code="type_unknown", path="/type")
    extended = [type_name] if type_name in PARTS else []
    document = drop_none(
        {
            "@context": [VCDM_2_CONTEXT, UNTP_CONTEXT, *([EXTENSION_CONTEXT] if extended else []), *contexts],
            "type": [*extended, base, "VerifiableCredential"],
            "id": id,
            "issuer": issuer,
            "name": name,
            "description": description,
            "validFrom": format_timestamp(valid_from),
            "validUntil": None if valid_until is None else format_timestamp(valid_until),
            "credentialStatus": status,
            "credentialSchema": list(schemas) or None,
            "credentialSubject": subject,
        }
    )
    return _checked(document)


def _checked(document: JsonObject) -> JsonObject:
    check_credential(document)
    read_credential(document)
    read_extension(document)
    return document


def make_issuer(did: str, name: str, *, also_known_as: Sequence[JsonObject] = ()) -> JsonObject:
    """Return an issuer: its DID, its name, and parties that name its register entries."""
    known = list(also_known_as) or None
    return drop_none({"type": ["CredentialIssuer"], "id": did, "name": name, "issuerAlsoKnownAs": known})


def make_status_entry(list_url: str, index: int, *, purpose: str) -> JsonObject:
    """Return the one status entry that a UNTP credential may have; the index is an integer (UNTP 0.7.0)."""
    return {
        "id": f"{list_url}#{index}",
        "type": "BitstringStatusListEntry",
        "statusPurpose": purpose,
        "statusListIndex": index,
        "statusListCredential": list_url,
    }


def make_attestation(
    id: str,
    name: str,
    *,
    issued_to: JsonObject,
    scheme: JsonObject,
    assessor_level: str,
    assessment_level: str,
    attestation_type: str,
    profile: JsonObject | None = None,
    assessments: Sequence[JsonObject] = (),
    authorisation: Sequence[JsonObject] = (),
    certificate: JsonObject | None = None,
    extension: JsonObject | None = None,
    description: str | None = None,
) -> JsonObject:
    """Return the subject of a conformity credential.

    Levels and type are UNTP's codes; ``authorisation`` links the authority's credential; ``extension`` is
    our extension part under its member's name, such as ``{"transaction": {...}}``.
    """
    return drop_none(
        {
            "type": ["ConformityAttestation"],
            "id": id,
            "name": name,
            "description": description,
            "assessorLevel": assessor_level,
            "assessmentLevel": assessment_level,
            "attestationType": attestation_type,
            "issuedToParty": issued_to,
            "authorisation": list(authorisation) or None,
            "referenceScheme": scheme,
            "referenceProfile": profile,
            "conformityCertificate": certificate,
            "conformityAssessment": list(assessments) or None,
            **(extension or {}),
        }
    )


def make_assessment(
    id: str,
    name: str,
    *,
    criteria: Sequence[JsonObject],
    date: str,
    topics: Sequence[JsonObject],
    performance: Sequence[JsonObject] = (),
    products: Sequence[JsonObject] = (),
    facilities: Sequence[JsonObject] = (),
    organisation: JsonObject | None = None,
    conformance: bool | None = None,
    id_verified: bool = False,
) -> JsonObject:
    """Return one assessment; ``id_verified`` tells whether the assessor made sure of the identities."""
    verified = {"idVerifiedByCAB": id_verified}
    return drop_none(
        {
            "type": ["ConformityAssessment"],
            "id": id,
            "name": name,
            "assessmentCriteria": list(criteria),
            "assessmentDate": date,
            "assessedPerformance": list(performance),
            "assessedProduct": [{"product": item, **verified} for item in products] or None,
            "assessedFacility": [{"facility": item, **verified} for item in facilities] or None,
            "assessedOrganisation": organisation,
            "conformityTopic": list(topics),
            "conformance": conformance,
        }
    )


def make_endorsement(name: str, *, authority: JsonObject, evidence: JsonObject | None = None) -> JsonObject:
    """Return an authorisation: the authority's word, with a link to its credential."""
    return drop_none({"name": name, "issuingAuthority": authority, "endorsementEvidence": evidence})


def make_registered_identity(
    did: str,
    *,
    name: str,
    registered_id: str,
    date: str,
    scheme: JsonObject,
    register: str,
    registrar: JsonObject | None = None,
    scope: Sequence[str] = (),
) -> JsonObject:
    """Return the subject of an identity anchor; ``register`` is the kind, such as ``business``."""
    return drop_none(
        {
            "type": ["RegisteredIdentity"],
            "id": did,
            "registeredName": name,
            "registeredId": registered_id,
            "registeredDate": date,
            "idScheme": scheme,
            "registrar": registrar,
            "registerType": register,
            "registrationScope": list(scope) or None,
        }
    )
