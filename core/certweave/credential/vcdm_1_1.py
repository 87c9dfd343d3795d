"""Verifiable Credentials Data Model v1.1: the rules that need nothing but the document.

https://www.w3.org/TR/vc-data-model-1.1/ (Recommendation, 2022-03-03). What differs from 2.0: ``issuanceDate``
must be there and ``expirationDate`` may be; a status needs an id. Stricter than the text: a date needs its
time zone, because without one it is no moment; and ``validFrom`` and ``validUntil``, which 1.1 only reserves,
are not judged, because a reader would take them for said. The JWT claims of §6.3.1 are not here.
"""

from datetime import datetime
from typing import Final

from certweave.credential.shapes import (
    check_contexts,
    check_id,
    check_order,
    check_schemas,
    check_subjects,
    check_things,
    check_typed,
    check_types,
    issuer_id,
    moment,
    objects_of,
)
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, UnsupportedError

CONTEXT: Final = "https://www.w3.org/2018/credentials/v1"
_OF_2: Final = ("validFrom", "validUntil", "relatedResource")


def check_credential(document: JsonObject) -> None:
    """Check that a document is a credential by VCDM 1.1 §4.

    Raises:
        MalformedError, InvalidError: with the place of the first rule that is broken.
        UnsupportedError: a member of 2.0 (``member_of_other_version``).
    """
    check_contexts(document, CONTEXT, "VCDM 1.1")
    check_id(document)
    check_types(document, "VerifiableCredential")
    issuer_id(document)
    check_subjects(document)
    for member in _OF_2:
        if member in document:
            detail = f"{member} belongs to version 2.0 of the data model"
            raise UnsupportedError(detail, code="member_of_other_version", path=join("", member))
    start, end = validity(document)
    if start is None:
        raise InvalidError(
            "a credential says when it was issued", code="issuance_missing", path="/issuanceDate"
        )
    check_order(start, end, "expirationDate")
    _check_identified(document, "credentialStatus")
    _check_identified(document, "refreshService")
    check_schemas(document)
    check_things(document, "termsOfUse", "evidence")


def validity(document: JsonObject) -> tuple[datetime | None, datetime | None]:
    """Return from when and until when a credential is valid (§4.6), each None where it is not said."""
    return moment(document, "issuanceDate"), moment(document, "expirationDate")


def _check_identified(document: JsonObject, member: str) -> None:
    """§4.9, §5.4: an id, which is one URL, and a type."""
    check_typed(document, member)
    for path, item in objects_of(document, member):
        if not is_absolute_uri(item.get("id")):
            raise InvalidError(f"{member} has a URL as its id", code="id_malformed", path=join(path, "id"))
