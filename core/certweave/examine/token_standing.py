"""Step ``status`` for tokens that name a token status list: the list is verified, then one status is read.

Follows draft-ietf-oauth-status-list (https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/) §8.3,
for lists in JWT and CWT format. Who may sign the list, and how old it may be, is the same as for other lists:
the issuer or a delegate that the policy names, and never "good" for want of an answer.
"""

from collections.abc import Callable
from dataclasses import dataclass

from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidError, MalformedError, UndecidedError, UnsupportedError
from certweave.examine.course import Course, NeedsEvidenceError
from certweave.examine.evidence import Fetched, Kind, Need, Source
from certweave.examine.identity import find_identity
from certweave.examine.reading import Form
from certweave.examine.securing import Verified
from certweave.examine.signing import Signed, check_signing_time, find_signing_key, method_owner
from certweave.examine.web_issuer import find_web_issuer
from certweave.keys.model import PublicKey
from certweave.limits import Limits
from certweave.log.receipt import secured_digest
from certweave.proof.jose import Header, check_header, parse_compact, verify_jws
from certweave.proof.vc_jwt import check_replicated, claims, replicated_claims
from certweave.status.token_list import (
    TYP,
    Status,
    TokenEntry,
    decode_token_list,
    parse_status_claim,
    read_token_status,
    timed_url,
)
from certweave.timestamps import format_timestamp

Unpack = Callable[[object, Callable[[object], bytes]], bytes]

_MEANINGS = {
    Status.INVALID: ("withdrawn", "it was withdrawn by its issuer"),
    Status.SUSPENDED: ("suspended", "it was suspended by its issuer"),
}


def find_token_entries(verified: Verified) -> tuple[TokenEntry, ...]:
    """Return the entry that the claim ``status`` of a token names, if there is one.

    In W3C's forms a ``status`` that names no status list is a member of the document, which others judge.

    Raises:
        MalformedError, UnsupportedError: as ``parse_status_claim``.
    """
    reading = verified.reading
    if reading.cose is not None:
        from certweave.proof.vc_cose import cwt_claims

        entry = parse_status_claim(cwt_claims(reading.cose))
        return () if entry is None else (entry,)
    if reading.form not in (Form.JWT, Form.SD_JWT, Form.SD_JWT_VC):
        return ()
    if reading.form is not Form.SD_JWT_VC and "status" in reading.document:
        return ()
    entry = parse_status_claim(reading.payload)
    return () if entry is None else (entry,)


def check_token_entry(entry: TokenEntry, verified: Verified, course: Course, unpack: Unpack) -> str:
    """Raise unless the status is known and good; return when it was known.

    Raises:
        InvalidError: withdrawn, suspended, or the list does not hold.
        UndecidedError: the list is missing, stale, or says what only an application understands.
    """
    try:
        return _judge(entry, entry.list_url, verified, course, unpack)
    except UndecidedError as error:
        if error.code != "status_not_known_then":
            raise
    # §8.4: the list of today says nothing about then, and one may ask for that of a given time.
    return _judge(entry, timed_url(entry.list_url, course.situation.now), verified, course, unpack)


def _judge(entry: TokenEntry, url: str, verified: Verified, course: Course, unpack: Unpack) -> str:
    found = course.look_up(Kind.STATUS, url, "the issuer's status list")
    payload = _verify(found, entry, verified, course)
    situation = course.situation
    try:
        status = read_token_status(
            payload,
            entry,
            now=situation.now,
            fetched_at=found.fetched_at,
            own_fetch=found.source is Source.FETCHED,
            max_age=situation.policy.max_age_status,
            limits=situation.limits,
            unpack=lambda packed: unpack(
                packed, lambda text: decode_token_list(text, limits=situation.limits)
            ),
        )
    except UndecidedError as error:
        need = Need(Kind.STATUS, url)
        raise NeedsEvidenceError(
            error.detail, need, code=error.code, cause=error.cause, path=error.path
        ) from None
    if status in _MEANINGS:
        code, words = _MEANINGS[Status(status)]
        raise InvalidError(words, code=code, path=entry.path)
    if status != Status.VALID:
        detail = f"its status is {status:#04x}, and what that means is not known here"
        raise UnsupportedError(detail, code="status_value_unknown", path=entry.path)
    return f"good as of {format_timestamp(min(found.fetched_at, situation.now))}"


@dataclass(frozen=True, slots=True)
class _List:
    """A list before its signature is believed."""

    payload: JsonObject
    signed: Signed


def _verify(found: Fetched, entry: TokenEntry, verified: Verified, course: Course) -> JsonObject:
    """Verify the list, and that the right issuer signed it; return its claims.

    Raises:
        InvalidError: somebody else signed it (``status_list_foreign``), or it does not hold.
        UndecidedError: it could not be verified.
    """
    situation = course.situation
    own = found.source is Source.FETCHED
    # A list about then may be signed now: its signature is judged as of when we had it in hand.
    inner = Course(situation._replace(now=max(situation.now, found.fetched_at)) if own else situation)
    try:
        listed = _read(found, verified, inner)
        _check_signer(listed.signed, verified, inner)
    except UndecidedError as error:
        needs = error.needs if isinstance(error, NeedsEvidenceError) else frozenset[Need]()
        raise NeedsEvidenceError(
            f"the status list could not be verified: {error.detail}",
            *needs,
            code="status_list_undecided",
            cause=error.cause,
            path=entry.path,
        ) from None
    except CertweaveError as error:
        code = error.code if error.code == "status_list_foreign" else "status_list_invalid"
        detail = f"the status list does not hold: {error.detail}"
        raise InvalidError(detail, code=code, path=entry.path) from None
    finally:
        for need, used in inner.used.items():
            course.used.setdefault(need, used)
    return listed.payload


def _read(found: Fetched, verified: Verified, inner: Course) -> _List:
    content, limits = found.content, inner.situation.limits
    opened = _open_jwt(content, limits) if content[:1].isascii() else _open_cwt(content, verified, limits)
    header = opened.header
    if not header.typed:
        # Without its type, a token signed for another purpose could pass for a status list.
        raise InvalidError("a status list says by its typ that it is one", code="typ_wrong")
    check_replicated(opened.repeated, opened.payload)
    said = claims({**opened.repeated, **opened.payload})
    speaker = verified.speaker
    method = header.kid
    if method is not None and not method.startswith("did:"):
        if speaker.startswith("did:"):
            raise MalformedError("the kid of the list is not the DID URL of a key", code="kid_malformed")
        method = f"{speaker}#{method}"
    owner = speaker if method is None else method_owner(method)
    allowed = {speaker, *inner.situation.policy.status_delegates.get(speaker, ())}
    if owner not in allowed or said.iss not in (None, owner):
        detail = f"it is signed by {owner}, who may not speak for {speaker}"
        raise InvalidError(detail, code="status_list_foreign")
    signed = Signed(
        method=method,
        claimed=said.iat,
        digest=lambda: secured_digest(opened.secured),
        verify=opened.verify,
        path=None,
    )
    return _List(opened.payload, signed)


@dataclass(frozen=True, slots=True)
class _Opened:
    """A list of either form, its header checked: the claims by their names in JSON.

    ``repeated`` are those that stand in the header, too, or alone (RFC 7519 §5.3, RFC 9597 §2).
    """

    payload: JsonObject
    repeated: JsonObject
    header: Header
    verify: Callable[[PublicKey], None]
    secured: bytes


def _open_jwt(content: bytes, limits: Limits) -> _Opened:
    secured = content.strip(b" \t\r\n")
    jws = parse_compact(secured, limits=limits)
    header = check_header(jws.header, typ=TYP)
    payload = parse_object(jws.payload, limits=limits)
    repeated = replicated_claims(jws.header)
    return _Opened(payload, repeated, header, lambda key: verify_jws(jws, key), secured)


def _open_cwt(content: bytes, verified: Verified, limits: Limits) -> _Opened:
    from certweave.proof.cose import check_cose_header, verify_sign1
    from certweave.proof.vc_cose import cwt_claims
    from certweave.status.token_list_cwt import TYP as TYP_CWT
    from certweave.status.token_list_cwt import parse_token_list_cwt

    if verified.reading.form is Form.SD_JWT_VC:
        detail = "the status list of an SD-JWT VC is a JWT (draft-ietf-oauth-sd-jwt-vc §2.2.2.3)"
        raise InvalidError(detail, code="status_list_form")
    message, payload = parse_token_list_cwt(content, limits=limits)
    header = check_cose_header(message.header, typ=TYP_CWT)
    return _Opened(payload, cwt_claims(message), header, lambda key: verify_sign1(message, key), content)


def _check_signer(signed: Signed, verified: Verified, inner: Course) -> None:
    """Find the key of the list's signer, and hold the signature against it."""
    now = inner.situation.now
    if signed.claimed is not None and signed.claimed - now > inner.situation.limits.clock_skew:
        raise InvalidError("the list was signed later than now", code="proof_from_future")
    owner = verified.speaker if signed.method is None else method_owner(signed.method)
    find = find_identity if owner.startswith("did:") else find_web_issuer
    identity = find(owner, inner)
    if identity.stale is not None:
        raise identity.stale
    period, mismatch = find_signing_key(signed, identity.history, "assertionMethod", now=now)
    if mismatch is not None:
        raise mismatch
    check_signing_time(signed, period, identity.history, inner)
