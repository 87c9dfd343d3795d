"""Step ``status``: has the one who issued it taken it back, or halted it?

The list must itself be verified, with the credential's own issuer or a delegate that the policy names. An
outage is undecided; nothing here falls back to "not withdrawn".
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from certweave.credential.renamed import check_names
from certweave.credential.vcdm import check_credential, validity
from certweave.errors import Cause, CertweaveError, InvalidError, UndecidedError
from certweave.examine.claims import check_token_period
from certweave.examine.course import Course, NeedsEvidenceError, Situation
from certweave.examine.evidence import Fetched, Kind, Need, Source
from certweave.examine.reader import read
from certweave.examine.reading import Reading
from certweave.examine.report import Outcome, Step
from certweave.examine.securing import Verified, verify_document
from certweave.examine.token_standing import check_token_entry, find_token_entries
from certweave.proof.vc_jwt import check_envelope
from certweave.status.bitstring import decode_list, read_status, timestamped_url
from certweave.status.entry import StatusEntry, parse_status_entries
from certweave.timestamps import format_timestamp

MEANINGS = {
    "revocation": ("withdrawn", "it was withdrawn by its issuer"),
    "suspension": ("suspended", "it was suspended or withdrawn by its issuer"),
}
"""What a set bit says, by purpose. Other purposes (refresh, message) say nothing about standing."""
Decode = Callable[[object], bytes]
MAX_UNPACKED = 64 << 20
"""Bytes of all lists of one examination: 64 credentials with lists of 1 MiB, where usual ones have 16 KB."""


def check_status(verified: Verified, course: Course) -> None:
    """Record the finding of step ``status``, for a document or token that says something of a status."""
    entries = course.attempt(Step.STATUS, parse_status_entries, verified.document)
    tokens = course.attempt(Step.STATUS, find_token_entries, verified)
    if entries is None or tokens is None:
        return
    telling = [entry for entry in entries if entry.affects]
    for entry in entries:
        if entry not in telling:
            _note_informing(entry, verified, course)
    if not telling and not tokens:
        course.skip(Step.STATUS, "status_none", "it names no status list for withdrawal or suspension")
        return

    def unpack(packed: object, decode: Decode) -> bytes:
        return _unpack(packed, course.situation, decode)

    checks = [(entry.path, partial(_check_entry, entry, verified, course)) for entry in telling]
    checks += [(one.path, partial(check_token_entry, one, verified, course, unpack)) for one in tokens]
    words = [course.attempt(Step.STATUS, _placed, path, check) for path, check in checks]
    if all(word is not None for word in words):
        course.hold(Step.STATUS, "; ".join(word for word in words if word is not None))


def _note_informing(entry: StatusEntry, verified: Verified, course: Course) -> None:
    """Note what an entry says that cannot take validity away, where its list is at hand.

    A list is not fetched for its sake: what it says changes nothing, and an outage must not either.
    """
    need = Need(Kind.STATUS, entry.list_url)
    if entry.refusal is None and isinstance(course.situation.evidence.find(need), Fetched):
        try:
            status = _read(entry, _load_list(entry, entry.list_url, verified, course), course)
        except CertweaveError as error:
            detail = f"its {entry.purpose} is not known: {error.detail}"
            course.note("status_message_unknown", detail, entry.path)
            return
        course.note("status_message", f"{entry.purpose}: {entry.word(status)}", entry.path)
        return
    detail = f"a status for {entry.purpose} says nothing about standing"
    course.note("status_purpose_ignored", detail, entry.path)


def _placed(path: str, check: Callable[[], str]) -> str:
    """Check an entry; what is wrong, be it inside of the list, has its place at the entry."""
    try:
        return check()
    except CertweaveError as error:
        if not (error.path or "").startswith(path):
            error.path = path
        raise


def _check_entry(entry: StatusEntry, verified: Verified, course: Course) -> str:
    """Raise unless the entry's bit is known and not set; return when it was known."""
    if entry.refusal is not None:
        raise entry.refusal
    first = _load_list(entry, entry.list_url, verified, course)
    begins = validity(first.listed.document)[0]
    if begins is None or begins <= course.situation.now:
        try:
            return _judge(entry, first, course)
        except UndecidedError as error:
            if error.code != "status_not_known_then":
                raise
    # The list of today says nothing about then, be it by seconds. Bitstring Status List 1.0 §2.4 lets one ask
    # for the list of a given time.
    url = timestamped_url(entry.list_url, course.situation.now)
    try:
        return _judge(entry, _load_list(entry, url, verified, course), course)
    except UndecidedError as error:
        if course.situation.evidence.find(Need(Kind.STATUS, url)) is None:
            raise
        return _settle(entry, first, error, course)


def _settle(entry: StatusEntry, first: "_Loaded", error: UndecidedError, course: Course) -> str:
    """Fall back to the list of now where nobody keeps that of then: it may have come while we examined."""
    try:
        return _judge(entry, first, course)
    except UndecidedError:
        raise error from None


@dataclass(frozen=True, slots=True)
class _Loaded:
    """A status list whose signature holds, and the evidence that it came in."""

    need: Need
    found: Fetched
    listed: Verified


def _load_list(entry: StatusEntry, url: str, verified: Verified, course: Course) -> _Loaded:
    found = course.look_up(Kind.STATUS, url, "the issuer's status list")
    listed = _verify_list(found, verified, course, path=entry.path)
    return _Loaded(Need(Kind.STATUS, url), found, listed)


def _judge(entry: StatusEntry, loaded: _Loaded, course: Course) -> str:
    """Read the status; return as of when it was known, or raise what it says."""
    if _read(entry, loaded, course):
        code, words = MEANINGS.get(entry.purpose, ("taken_back", "it was taken back by its issuer"))
        raise InvalidError(words, code=code, path=entry.path)
    return f"good as of {format_timestamp(min(loaded.found.fetched_at, course.situation.now))}"


def _read(entry: StatusEntry, loaded: _Loaded, course: Course) -> int:
    """Read the status of an entry in a list whose signature holds."""
    situation, found = course.situation, loaded.found
    try:
        _check_token(loaded.listed, found, situation)
        return read_status(
            loaded.listed.document,
            entry,
            now=situation.now,
            fetched_at=found.fetched_at,
            own_fetch=found.source is Source.FETCHED,
            max_age=situation.policy.max_age_status,
            limits=situation.limits,
            unpack=lambda packed: _unpack(
                packed, situation, lambda text: decode_list(text, limits=situation.limits)
            ),
        )
    except UndecidedError as error:
        raise _naming(error, loaded.need) from None


def _unpack(packed: object, situation: Situation, decode: Decode) -> bytes:
    """Unpack a list once in an examination, however many entries point into it, and not without end."""
    if not isinstance(packed, str | bytes):
        return decode(packed)
    known = situation.unpacked
    if packed not in known:
        bits = decode(packed)
        total = sum(len(one) for one in known.values() if one is not None) + len(bits)
        known[packed] = bits if total <= MAX_UNPACKED else None
    found = known[packed]
    if found is None:
        detail = f"the status lists of one examination unpack to more than {MAX_UNPACKED} bytes"
        raise UndecidedError(detail, code="limit_status_lists", cause=Cause.LIMIT)
    return found


def _check_token(listed: Verified, found: Fetched, situation: Situation) -> None:
    """Raise where a list that came as a token says by ``nbf`` or ``exp`` that it does not speak for now."""
    claims = listed.securing.claims
    if claims is None:
        return
    # A fetch in the course of an examination ends a little after its "now".
    fresh = found.source is Source.FETCHED and found.fetched_at - situation.now <= situation.limits.clock_skew
    moment = max(situation.now, found.fetched_at) if fresh else situation.now
    try:
        check_token_period(claims, now=moment)
    except InvalidError as error:
        detail = f"the token of the status list does not speak for this time: {error.detail}"
        code = "status_list_expired" if error.code == "expired" else "status_not_known_then"
        raise UndecidedError(detail, code=code, cause=Cause.STALE) from None


def _naming(error: UndecidedError, need: Need) -> UndecidedError:
    """Return ``error`` with the document that would decide it."""
    return NeedsEvidenceError(error.detail, need, code=error.code, cause=error.cause, path=error.path)


def _read_list(found: Fetched, situation: Situation, path: str | None) -> Reading:
    reading = read(found.content, limits=situation.limits)
    if reading.presentation:
        raise InvalidError("a presentation is no status list", code="status_list_invalid", path=path)
    check_credential(reading.document)
    if reading.envelope is not None:
        check_envelope(reading.envelope)
    return reading


def _check_whole(listed: Verified, situation: Situation) -> None:
    """Refuse a list that was made to look as if it had no end, or of which the end may be left out."""
    if listed.securing.partial:
        detail = "of a status list, nothing may be left out"
        raise InvalidError(detail, code="status_list_invalid")
    check_names(listed.document, contexts=situation.contexts, limits=situation.limits)


def _verify_list(found: Fetched, verified: Verified, course: Course, *, path: str | None) -> Verified:
    """Verify the status list credential itself, and that the right issuer signed it.

    Raises:
        InvalidError: somebody else signed it, or it does not verify.
        UndecidedError: it could not be verified.
    """
    situation = course.situation
    reading = _read_list(found, situation, path)
    # A list about then may be signed now: its signature is judged as of when we had it in hand, and what it
    # says by the period that it states.
    own = found.source is Source.FETCHED
    inner = Course(situation._replace(now=max(situation.now, found.fetched_at)) if own else situation)
    listed = verify_document(reading, inner, purpose="assertionMethod")
    if listed is not None:
        inner.attempt(Step.RULES, _check_whole, listed, situation)
    for need, used in inner.used.items():
        course.used.setdefault(need, used)
    bad = next((check for check in inner.checks.values() if check.outcome is Outcome.INVALID), None)
    if bad is not None:
        raise InvalidError(
            f"the status list does not hold: {bad.detail}", code="status_list_invalid", path=path
        )
    open_ = next((check for check in inner.checks.values() if check.outcome is Outcome.UNDECIDED), None)
    if open_ is not None or listed is None:
        detail = open_.detail if open_ else "its signature was not reached"
        needs = open_.needs if open_ else frozenset[Need]()
        cause = open_.cause if open_ else None
        raise NeedsEvidenceError(
            f"the status list could not be verified: {detail}",
            *needs,
            code="status_list_undecided",
            cause=cause or UndecidedError.default_cause,
            path=path,
        )
    allowed = {verified.speaker, *situation.policy.status_delegates.get(verified.speaker, ())}
    if listed.speaker not in allowed or listed.signer != listed.speaker:
        raise InvalidError(
            f"the status list is signed by {listed.speaker}, who may not speak for {verified.speaker}",
            code="status_list_foreign",
            path=path,
        )
    return listed
