"""Resolution results: what a resolver answers about one DID.

Follows W3C DID Resolution (https://www.w3.org/TR/did-resolution/) in the form that did:webvh 1.0, "Read
(Resolve)", fixes: ``error`` is one word, and ``problemDetails`` (RFC 9457) says more. Where the
specification has ``invalidDid`` for every broken log, its own test suite tells broken proofs and parameters
apart; so do we. HTTP and content negotiation belong to the service that answers.
"""

from dataclasses import dataclass
from datetime import datetime

from certweave.did.history import History, Version
from certweave.did.webvh.twin import resolved_document
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, UndecidedError, UnsupportedError
from certweave.timestamps import format_timestamp

CONTENT_TYPE = "application/did"

_PROOF_CODES = {
    "proof_suite_wrong",
    "proof_purpose_wrong",
    "proof_method_wrong",
    "proof_malformed",
    "proof_expired",
    "entry_signature_mismatch",
}
_PARAMETER_CODES = {
    "parameter_unknown",
    "parameter_malformed",
    "parameter_misplaced",
    "pre_rotation_violated",
}
_PROBLEM = "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"


@dataclass(frozen=True, slots=True)
class Selection:
    """Which version is asked for; at most one member is set, none means the version in force."""

    version_id: str | None = None
    version_time: datetime | None = None
    version_number: int | None = None


NEWEST = Selection()


def resolve(history: History, *, now: datetime, select: Selection = NEWEST) -> JsonObject:
    """Return the resolution result of a history: didDocument, didDocumentMetadata, didResolutionMetadata.

    A deactivated DID has no document unless an earlier version is asked for. A version that is not there
    gives the error ``notFound``; more than one wish at once gives ``invalidOptions``.
    """
    wishes = (select.version_id, select.version_time, select.version_number)
    if sum(wish is not None for wish in wishes) > 1:
        return make_error("invalidOptions", "a version is asked for by id, time or number, not by several")
    known = [one for one in history.versions if one.time is None or one.time <= now]
    version = _select(known, select)
    if version is None:
        return make_error("notFound", "the DID has no such version")
    asked = any(wish is not None for wish in wishes)
    document = None if known[-1].deactivated and not asked else _document(history, version)
    return {
        "didDocument": None if version.deactivated else document,
        "didDocumentMetadata": _metadata(history, known, version),
        "didResolutionMetadata": {"contentType": CONTENT_TYPE},
    }


def resolution_error(error: CertweaveError) -> JsonObject:
    """Return the resolution result for an error of this project."""
    return make_error(_word(error), error.detail, code=error.code, path=error.path)


def make_error(word: str, detail: str, *, code: str | None = None, path: str | None = None) -> JsonObject:
    """Return a resolution result without a document."""
    problem: JsonObject = {"type": _PROBLEM, "title": word, "detail": detail}
    if code is not None:
        problem["code"] = code
    if path is not None:
        problem["path"] = path
    return {
        "didDocument": None,
        "didDocumentMetadata": {},
        "didResolutionMetadata": {"error": word, "problemDetails": problem},
    }


def _word(error: CertweaveError) -> str:
    if isinstance(error, UnsupportedError):
        return (
            "methodNotSupported"
            if error.code in ("did_method", "did_method_unsupported")
            else "featureNotSupported"
        )
    if isinstance(error, UndecidedError):
        return "notFound" if error.cause is Cause.UNREACHABLE else "internalError"
    if error.code == "no_version_at_time":
        return "notFound"
    if error.code in _PROOF_CODES:
        return "invalidProof"
    return "invalidParameters" if error.code in _PARAMETER_CODES else "invalidDid"


def _select(known: list[Version], select: Selection) -> Version | None:
    for version in reversed(known):
        if select.version_id is not None:
            fits = version.version_id == select.version_id
        elif select.version_number is not None:
            fits = version.number == select.version_number
        else:
            moment = select.version_time
            fits = moment is None or version.time is None or version.time <= moment
        if fits:
            return version
    return None


def _document(history: History, version: Version) -> JsonObject:
    if history.did.method == "webvh":
        return resolved_document(history.did, version)
    return version.document.raw


def _metadata(history: History, known: list[Version], version: Version) -> JsonObject:
    metadata: JsonObject = {"deactivated": known[-1].deactivated}
    if version.time is not None and known[0].time is not None and known[-1].time is not None:
        metadata["versionId"] = version.version_id
        metadata["versionNumber"] = version.number
        metadata["versionTime"] = format_timestamp(version.time)
        metadata["created"] = format_timestamp(known[0].time)
        metadata["updated"] = format_timestamp(known[-1].time)
    after = next((one for one in known if one.number == (version.number or 0) + 1), None)
    if after is not None and after.time is not None:
        metadata["nextVersionId"] = after.version_id
        metadata["nextUpdate"] = format_timestamp(after.time)
    parameters = history.parameters
    if parameters is not None:
        metadata["scid"] = parameters.scid
        metadata["portable"] = parameters.portable
        metadata["ttl"] = str(parameters.ttl)
        metadata["witness"] = {}
        metadata["watchers"] = list(parameters.watchers)
    return metadata
