"""From a DID to its history, through whatever finds documents: a fetcher, a directory, a ledger's own shelf.

The rules are core's: ``fold_log`` for did:webvh, the twin rule for did:web, a bare key for did:key. Which
address may be asked, and what that may cost, is the finder's to say.
"""

from datetime import datetime

from certweave.did.document import parse_did_document
from certweave.did.history import History, make_single
from certweave.did.jwk import jwk_document
from certweave.did.key import key_document
from certweave.did.syntax import Did, parse_did, to_urls
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.twin import check_twin
from certweave.encoding.strict_json import parse_object
from certweave.errors import Cause, UndecidedError, UnsupportedError
from certweave.examine.evidence import Fetched, Kind, Need, Unavailable
from certweave.limits import Limits
from certweave_edge.gather import Find
from certweave_edge.refused import Refusal, RefusedError

_ABSENT = frozenset({404, 410})


def load_history(did: Did, find: Find, *, now: datetime, limits: Limits) -> History:
    """Return the history of a DID up to ``now``.

    A did:web that names a did:webvh as its twin is held against that log first; it has no past of its own.

    Raises:
        RefusedError: ``did_not_found``, its host says that there is none.
        UndecidedError: ``did_unreachable``, nobody answered, or a limit was reached.
        UnsupportedError: another method, or something in the log that is not implemented.
        MalformedError, InvalidError: what was found is not a document or log of this DID.
    """
    if did.method == "key":
        return make_single(key_document(did))
    if did.method == "jwk":
        return make_single(jwk_document(did))
    if did.method not in ("web", "webvh"):
        raise UnsupportedError(f"the DID method {did.method} is not supported", code="did_method_unsupported")
    urls = to_urls(did)
    if did.method == "webvh":
        found = _get(urls.log_url, find)
        return fold_log(did, found.content, fetched_at=found.fetched_at, now=now, limits=limits)
    raw = parse_object(_get(urls.document_url, find).content, limits=limits)
    document = parse_did_document(raw, did=did)
    twin = next((name for name in document.also_known_as if name.startswith("did:webvh:")), None)
    if twin is not None:
        check_twin(raw, load_history(parse_did(twin), find, now=now, limits=limits))
    return make_single(document)


def _get(url: str, find: Find) -> Fetched:
    found = find(Need(Kind.DID, url))
    if isinstance(found, Fetched):
        return found
    if found is not None and found.status in _ABSENT:
        detail = "the host of this DID says that it has no such DID"
        raise RefusedError(detail, Refusal.NOT_FOUND, code="did_not_found")
    if isinstance(found, Unavailable) and found.by_limit:
        raise UndecidedError(found.reason, code="did_unreachable", cause=Cause.LIMIT)
    reason = f": {found.reason}" if found is not None else ""
    detail = f"the host of this DID did not answer{reason}; this says nothing about the DID"
    raise UndecidedError(detail, code="did_unreachable", cause=Cause.UNREACHABLE)
