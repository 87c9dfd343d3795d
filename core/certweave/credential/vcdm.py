"""Verifiable Credentials Data Model v2.0: the rules that need nothing but the document.

https://www.w3.org/TR/vc-data-model-2.0/ (Recommendation, 2025-05-15). Not here: proofs and envelopes
(``proof``), status lists (``status``), whether terms are known (``credential.terms``), whether a related
resource has the digest that is named for it (whoever issues compares; here only its shape).
"""

from datetime import datetime
from typing import Any

from certweave.credential.shapes import check_described, check_text, check_typed, objects_of
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError
from certweave.timestamps import parse_timestamp

VCDM_2_CONTEXT = "https://www.w3.org/ns/credentials/v2"
ENVELOPED_CREDENTIAL = "EnvelopedVerifiableCredential"


def check_credential(document: JsonObject) -> None:
    """Check that a document is a credential by VCDM 2.0 §4.

    Raises:
        MalformedError, InvalidError: with the place of the first rule that is broken.
    """
    _check_context(document)
    _check_id(document)
    _check_types(document, "VerifiableCredential")
    _check_issuer(document)
    for member in ("name", "description"):
        check_text(document, member)
    _check_subjects(document)
    _check_validity(document)
    _check_status(document)
    _check_services(document)
    _check_related_resources(document)


def check_presentation(document: JsonObject) -> None:
    """Check that a document is a presentation by VCDM 2.0 §4.13. The credentials inside are not checked.

    Raises:
        MalformedError, InvalidError: with the place of the first rule that is broken.
    """
    _check_context(document)
    _check_id(document)
    _check_types(document, "VerifiablePresentation")
    if "VerifiableCredential" in types(document):
        # Judged as a presentation, the holder's signature would carry claims that name another issuer.
        detail = "a presentation is not a credential at the same time"
        raise InvalidError(detail, code="presentation_and_credential", path="/type")
    if "holder" in document:
        _party_id(document["holder"], "/holder", code="holder_malformed")
    check_typed(document, "termsOfUse")
    for path, credential in objects_of(document, "verifiableCredential"):
        names = credential.get("type")
        listed = names if isinstance(names, list) else [names]
        if not {"VerifiableCredential", ENVELOPED_CREDENTIAL} & {n for n in listed if isinstance(n, str)}:
            raise InvalidError(
                "a presentation holds credentials only", code="presented_not_credential", path=path
            )


def issuer_id(document: JsonObject) -> str:
    """Return the URL of the issuer, written alone or as the ``id`` of an object (§4.7)."""
    if "issuer" not in document:
        raise InvalidError("a credential names its issuer", code="issuer_missing", path="/issuer")
    return _party_id(document["issuer"], "/issuer", code="issuer_malformed")


def holder_id(presentation: JsonObject) -> str | None:
    """Return the URL of the holder that a presentation names (§4.13), or None."""
    if "holder" not in presentation:
        return None
    return _party_id(presentation["holder"], "/holder", code="holder_malformed")


def types(document: JsonObject) -> tuple[str, ...]:
    """Return the types in their order (§4.5), or raise an error of code ``type_malformed``."""
    value = document.get("type")
    names = value if isinstance(value, list) else [value]
    if not names or not all(isinstance(name, str) and name for name in names):
        raise InvalidError("type is a name or a list of names", code="type_malformed", path="/type")
    return tuple(names)


def subjects(document: JsonObject) -> tuple[JsonObject, ...]:
    """Return the subjects (§4.8), one or more, none of them empty."""
    if "credentialSubject" not in document:
        raise InvalidError("a credential says something", code="subject_missing", path="/credentialSubject")
    found = []
    for path, subject in objects_of(document, "credentialSubject"):
        if not subject:
            raise InvalidError("a subject without any claim", code="subject_empty", path=path)
        found.append(subject)
    return tuple(found)


def validity(document: JsonObject) -> tuple[datetime | None, datetime | None]:
    """Return from when and until when a credential is valid (§4.9), each None where it is not said."""
    return _moment(document, "validFrom"), _moment(document, "validUntil")


def _check_context(document: JsonObject) -> None:
    """§4.3: an ordered list; the first is the URL of this version, further ones are URLs or objects."""
    contexts = document.get("@context")
    if not isinstance(contexts, list) or not contexts:
        if contexts == VCDM_2_CONTEXT:
            raise InvalidError("@context is a list", code="context_malformed", path="/@context")
        raise InvalidError(
            "the first @context is not that of VCDM 2.0", code="context_first_wrong", path="/@context/0"
        )
    if contexts[0] != VCDM_2_CONTEXT:
        raise InvalidError(
            "the first @context is not that of VCDM 2.0", code="context_first_wrong", path="/@context/0"
        )
    for number, item in enumerate(contexts):
        if not isinstance(item, dict) and not is_absolute_uri(item):
            path = join("/@context", number)
            raise InvalidError("a context is a URL or an object", code="context_malformed", path=path)


def _check_id(holder: JsonObject, path: str = "") -> None:
    """§4.4: where there is an id, it is one URL."""
    if "id" in holder and not is_absolute_uri(holder["id"]):
        raise InvalidError("an id is one URL", code="id_malformed", path=join(path, "id"))


def _check_types(document: JsonObject, needed: str) -> None:
    if "type" not in document:
        raise InvalidError("there is no type", code="type_missing", path="/type")
    if needed not in types(document):
        raise InvalidError(f"the type does not name {needed}", code="type_missing", path="/type")


def _check_issuer(document: JsonObject) -> None:
    issuer_id(document)
    issuer = document["issuer"]
    if isinstance(issuer, dict):
        check_described(issuer, "/issuer")


def _party_id(value: Any, path: str, *, code: str) -> str:
    inside = isinstance(value, dict)
    found = value.get("id") if inside else value
    if not isinstance(found, str) or not is_absolute_uri(found):
        place = join(path, "id") if inside else path
        raise InvalidError("a party is a URL, or an object with a URL as its id", code=code, path=place)
    return found


def _check_subjects(document: JsonObject) -> None:
    subjects(document)
    for path, subject in objects_of(document, "credentialSubject"):
        _check_id(subject, path)
        if "@list" in subject:
            raise InvalidError("a subject is not a list", code="shape", path=join(path, "@list"))


def _check_validity(document: JsonObject) -> None:
    start, end = validity(document)
    if start is not None and end is not None and start > end:
        raise InvalidError("validUntil is before validFrom", code="validity_reversed", path="/validUntil")


def _moment(document: JsonObject, member: str) -> datetime | None:
    if member not in document:
        return None
    try:
        return parse_timestamp(document[member])
    except MalformedError as error:
        detail = f"{member}: {error.detail}"
        raise InvalidError(detail, code="validity_malformed", path=f"/{member}") from error


def _check_status(document: JsonObject) -> None:
    """§4.10: a type, and an id that is one URL where there is one."""
    check_typed(document, "credentialStatus")
    for path, entry in objects_of(document, "credentialStatus"):
        _check_id(entry, path)


def _check_services(document: JsonObject) -> None:
    """§4.11, §5.4 to §5.6: these say by a type what they are; a schema also says where it is."""
    for member in ("refreshService", "termsOfUse", "evidence"):
        check_typed(document, member)
        for path, item in objects_of(document, member):
            _check_id(item, path)
    check_typed(document, "credentialSchema")
    for path, item in objects_of(document, "credentialSchema"):
        if not is_absolute_uri(item.get("id")):
            raise InvalidError("a schema has a URL as its id", code="schema_id", path=join(path, "id"))


def _check_related_resources(document: JsonObject) -> None:
    """§5.3: each has an id of its own and a digest."""
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
        digests = [name for name in ("digestSRI", "digestMultibase") if name in item]
        if not digests:
            raise InvalidError(
                "a related resource has a digestSRI or digestMultibase",
                code="related_resource_digest",
                path=path,
            )
        for name in digests:
            if not isinstance(item[name], str) or not item[name]:
                raise InvalidError("a digest is text", code="related_resource_digest", path=join(path, name))
