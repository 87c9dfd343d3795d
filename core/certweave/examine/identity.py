"""Step ``history``: from a DID and the evidence to the history of its keys.

did:key and did:jwk need nothing; did:webvh its log; did:web its document and, where that names a did:webvh
twin, the twin's log, which then decides (docs/reference/verdicts.md, "Who is the issuer?").
"""

from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Final

from certweave.did.document import parse_did_document
from certweave.did.history import History, make_single
from certweave.did.jwk import jwk_document
from certweave.did.key import key_document
from certweave.did.syntax import Did, parse_did, to_urls
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import Cause, CertweaveError, UndecidedError, UnsupportedError
from certweave.examine.course import Course, NeedsEvidenceError, Situation
from certweave.examine.evidence import Fetched, Kind, Need, Source
from certweave.timestamps import format_timestamp

KEYS_KEPT: Final = 256
"""DIDs that are keys, kept as they were read: some 4 KiB each, 32 KiB at the worst."""


@dataclass(frozen=True, slots=True)
class Identity:
    """A DID whose history folds.

    Attributes:
        did: the DID as the document names it.
        history: every version of it.
        words: what was found, for the report.
        stale: set when the evidence is older than the policy allows; the history is used, the step is not
            valid.
    """

    did: str
    history: History
    words: str
    stale: UndecidedError | None = None


def find_identity(did_text: str, course: Course) -> Identity:
    """Fold the history of ``did_text`` out of the evidence.

    Raises:
        NeedsEvidenceError: a document is missing; the error names it.
        InvalidHistoryError: the log does not fold, or a twin contradicts it.
        UnsupportedError: the method, or something that the log uses, is not implemented.
    """
    if did_text.startswith(("did:key:", "did:jwk:")):
        return _own_identity(did_text)
    did = parse_did(did_text)
    if did.method == "webvh":
        return _webvh_identity(did, course)
    if did.method == "web":
        return _web_identity(did, course)
    raise UnsupportedError(f"the DID method {did.method} is not supported", code="did_method_unsupported")


@lru_cache(maxsize=KEYS_KEPT)
def _own_identity(did_text: str) -> Identity:
    """Return what a DID that is a key says: it follows from its text, now as at any time."""
    did = parse_did(did_text)
    document = key_document(did) if did.method == "key" else jwk_document(did)
    return Identity(did_text, make_single(document), "a key that is its own identity")


def _webvh_identity(did: Did, course: Course) -> Identity:
    url = to_urls(did).log_url
    found = course.look_up(Kind.DID, url, "the log of the issuer's identity")
    situation = course.situation
    history = _fold(did, found, situation, now=situation.now)
    count = len(history.versions)
    words = f"{count} version{'s' if count != 1 else ''} of the issuer's identity, unbroken"
    # What others hand in is fresh only up to the last time that it is signed for.
    last = history.versions[-1].time
    known_at = last if last is not None and found.source is Source.SUPPLIED else found.fetched_at
    return Identity(did.text, history, words, staleness(known_at, Need(Kind.DID, url), course))


def _web_identity(did: Did, course: Course) -> Identity:
    url = to_urls(did).document_url
    need = Need(Kind.DID, url)
    found = check_asked(course.look_up(Kind.DID, url, "the issuer's DID document"), need)
    raw = parse_object(found.content, limits=course.situation.limits)
    document = parse_did_document(raw, did=did.text)
    stale = staleness(found.fetched_at, need, course)
    twin = next((name for name in document.also_known_as if name.startswith("did:webvh:")), None)
    if twin is not None:
        return _twin_identity(did, twin, raw, stale, course)
    situation = course.situation
    if found.fetched_at - situation.now > situation.limits.clock_skew:
        then, seen = format_timestamp(situation.now), format_timestamp(found.fetched_at)
        course.note("history_none_then", f"whether the key of {seen} was there on {then}, nobody can tell")
    words = "the issuer's identity has no past: its document says only what holds now"
    return Identity(did.text, make_single(document), words, stale)


def _twin_identity(
    did: Did, twin: str, raw: JsonObject, stale: UndecidedError | None, course: Course
) -> Identity:
    """Judge a did:web by the log of the did:webvh that it names as its twin."""
    from certweave.did.webvh.twin import check_twin  # few issuers have one

    judged = _webvh_identity(parse_did(twin), course)
    check_twin(raw, _latest(judged, course))
    return Identity(did.text, judged.history, f"{judged.words}; the web twin agrees", stale or judged.stale)


def _latest(judged: Identity, course: Course) -> History:
    """Return the history with entries after the time of examination: a did.json says only what holds now."""
    did, situation = judged.history.did, course.situation
    found = course.look_up(Kind.DID, to_urls(did).log_url, "the log of the issuer's identity")
    if found.fetched_at <= situation.now:
        return judged.history
    return _fold(did, found, situation, now=found.fetched_at)


def _fold(did: Did, found: Fetched, situation: Situation, *, now: datetime) -> History:
    """Fold a log once in an examination, however many signatures are held against it."""
    key = (did.text, found.content, found.fetched_at, now)
    known = situation.folded.get(key)
    if known is None:
        from certweave.examine.folding import fold_known  # a key that is its own identity has no log

        try:
            known = fold_known(did, found.content, found.fetched_at, now, situation.limits)
        except CertweaveError as error:
            known = error
        situation.folded[key] = known
    if isinstance(known, CertweaveError):
        raise known
    return known


def check_asked(found: Fetched, need: Need) -> Fetched:
    """Return what says who somebody is and is signed by nobody: it counts where its own server told us.

    A twin, keys or addresses that somebody else wrote into it are not even looked at.

    Raises:
        NeedsEvidenceError: somebody else handed it in (``did_not_ours``).
    """
    if found.source is Source.FETCHED:
        return found
    detail = "somebody else handed in an unsigned DID document; fetch it yourself"
    if need.kind is Kind.ISSUER:
        detail = "somebody else handed in what the issuer's address says of its keys; fetch it yourself"
    raise NeedsEvidenceError(detail, need, code="did_not_ours", cause=Cause.STALE)


def staleness(known_at: datetime, need: Need, course: Course) -> UndecidedError | None:
    """Return why evidence known at ``known_at`` is too old for the time of examination, or None."""
    situation = course.situation
    if situation.now - known_at > situation.policy.max_age_did:
        return NeedsEvidenceError(
            f"the issuer's identity was last seen on {format_timestamp(known_at)}, too long before now",
            need,
            code="did_stale",
            cause=Cause.STALE,
        )
    return None
