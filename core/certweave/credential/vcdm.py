"""Verifiable Credentials Data Model v2.0: the rules that need nothing but the document.

https://www.w3.org/TR/vc-data-model-2.0/ (Recommendation, 2025-05-15). A document whose first context is that
of version 1.1 is judged by the rules of ``credential.vcdm_1_1``; every rule here asks which of the two it is.
Not here: proofs and envelopes (``proof``), status lists (``status``), whether terms are known
(``credential.terms``), whether a related resource has the digest that is named for it (whoever issues
compares; here only its shape).
"""

import re
from datetime import datetime
from enum import StrEnum

from certweave.credential import vcdm_1_1
from certweave.credential.related import check_digest_forms
from certweave.credential.shapes import (
    CREDENTIAL,
    OTHER_KINDS,
    check_contexts,
    check_described,
    check_id,
    check_order,
    check_schemas,
    check_subjects,
    check_things,
    check_types,
    issuer_id,
    moment,
    objects_of,
    party_id,
)
from certweave.credential.uri import are_plain_uris, is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError

VCDM_2_CONTEXT = "https://www.w3.org/ns/credentials/v2"
ENVELOPED_CREDENTIAL = "EnvelopedVerifiableCredential"


_THINGS = (
    "credentialStatus",
    "refreshService",
    "termsOfUse",
    "evidence",
    "confidenceMethod",
    "renderMethod",
)
"""§4.10 status, §5.4 refreshing, §5.5 terms of use, §5.6 evidence, §5.10 what is reserved."""
_RARER = frozenset((*_THINGS, "credentialSchema", "relatedResource"))
"""These, §4.11 schemas and §5.3 related resources."""
_TEXTS = frozenset((str,))
_FIRST_CONTEXTS = [VCDM_2_CONTEXT]
_VALUES = frozenset(("@value", "@list"))
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*(?=[ \t]*;|\Z)", re.I | re.A)
"""RFC 6838 §4.2, with or without parameters behind it."""


class Version(StrEnum):
    """A version of the data model; the value is its name for people."""

    V1_1 = "1.1"
    V2_0 = "2.0"


_V1_1, _V2_0 = Version


def find_version(document: JsonObject) -> Version:
    """Return the version by which a document is judged: 1.1 where its first context says so, else 2.0."""
    contexts = document.get("@context")
    first = contexts[0] if isinstance(contexts, list) and contexts else contexts
    return _V1_1 if first == vcdm_1_1.CONTEXT else _V2_0


def check_credential(document: JsonObject) -> Version:
    """Check that a document is a credential by VCDM 2.0 §4, or by VCDM 1.1 where its context says so.

    Returns:
        Which of the two.

    Raises:
        MalformedError, InvalidError: with the place of the first rule that is broken.
    """
    if not _is_usual(document):
        if find_version(document) is _V1_1:
            vcdm_1_1.check_credential(document)
            return _V1_1
        check_contexts(document, VCDM_2_CONTEXT, "VCDM 2.0")
        check_id(document)
        check_types(document, CREDENTIAL)
        _check_issuer(document)
        check_described(document, "")
        check_subjects(document)
    check_order(moment(document, "validFrom"), moment(document, "validUntil"), "validUntil")
    if not _RARER.isdisjoint(document):
        check_things(document, *_THINGS)
        check_schemas(document)
        _check_related_resources(document)
    return _V2_0


def _is_usual(document: JsonObject) -> bool:
    """Tell at one glance whether ``check_credential`` has nothing to refuse before it comes to the period.

    No is said to all that is rarer: the rules then tell whether something is wrong, and where.
    """
    contexts, names, party = document.get("@context"), document.get("type"), document.get("issuer")
    subject = document.get("credentialSubject")
    if not (contexts.__class__ is names.__class__ is list and subject.__class__ is dict):
        return False
    texts = [*names, document.get("name", ""), document.get("description", "")]
    if party.__class__ is dict:
        texts += (party.get("name", ""), party.get("description", ""))
        party = party.get("id")
    return (
        contexts[:1] == _FIRST_CONTEXTS
        and are_plain_uris((*contexts, party, document.get("id", party), subject.get("id")))
        and _TEXTS.issuperset(map(type, texts))
        and CREDENTIAL in names
        and "" not in names
        and OTHER_KINDS.isdisjoint(names)
        and _VALUES.isdisjoint(subject)
    )


def check_presentation(document: JsonObject) -> None:
    """Check that a document is a presentation by VCDM 2.0 §4.13 or VCDM 1.1 §4.10.

    The credentials inside are not checked.

    Raises:
        MalformedError, InvalidError: with the place of the first rule that is broken.
    """
    if find_version(document) is _V1_1:
        check_contexts(document, vcdm_1_1.CONTEXT, "VCDM 1.1")
    else:
        check_contexts(document, VCDM_2_CONTEXT, "VCDM 2.0")
    check_id(document)
    check_types(document, "VerifiablePresentation")
    holder_id(document)
    check_things(document, "termsOfUse")
    for path, credential in objects_of(document, "verifiableCredential"):
        names = credential.get("type")
        listed = names if isinstance(names, list) else [names]
        if not {"VerifiableCredential", ENVELOPED_CREDENTIAL} & {n for n in listed if isinstance(n, str)}:
            raise InvalidError(
                "a presentation holds credentials only", code="presented_not_credential", path=path
            )


def holder_id(presentation: JsonObject) -> str | None:
    """Return the URL of the holder that a presentation names (§4.13), or None."""
    if "holder" not in presentation:
        return None
    return party_id(presentation["holder"], "/holder", code="holder_malformed")


def validity(document: JsonObject) -> tuple[datetime | None, datetime | None]:
    """Return from when and until when a credential is valid (§4.9), each None where it is not said."""
    if find_version(document) is _V1_1:
        return vcdm_1_1.validity(document)
    return moment(document, "validFrom"), moment(document, "validUntil")


def _check_issuer(document: JsonObject) -> None:
    issuer_id(document)
    issuer = document["issuer"]
    if isinstance(issuer, dict):
        check_described(issuer, "/issuer")


def _check_related_resources(document: JsonObject) -> None:
    """§5.3: each has an id of its own, a digest that is one, and a media type where it names one."""
    seen = set()
    for path, item in objects_of(document, "relatedResource"):
        if not is_absolute_uri(item.get("id")):
            raise InvalidError(
                "a related resource has a URL as its id", code="related_resource_id", path=join(path, "id")
            )
        if item["id"] in seen:
            raise InvalidError(
                "a related resource is listed twice", code="related_resource_twice", path=join(path, "id")
            )
        seen.add(item["id"])
        if not check_digest_forms(item, path):
            raise InvalidError(
                "a related resource has a digestSRI or digestMultibase",
                code="related_resource_digest",
                path=path,
            )
        kind = item.get("mediaType", "")
        if "mediaType" in item and not (isinstance(kind, str) and _MEDIA_TYPE.match(kind)):
            raise InvalidError(
                "a media type has the form type/subtype",
                code="media_type_malformed",
                path=join(path, "mediaType"),
            )
