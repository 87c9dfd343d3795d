"""Status records: why a certificate is suspended, withdrawn or replaced, and the bit that follows.

The bit of a status list says *that* a certificate is not to be accepted; a signed status record says what
was decided, why, from when on, and what takes its place. The form is our own
(docs/reference/status.md): a compact JWS (RFC 7515, https://www.rfc-editor.org/rfc/rfc7515) of type
``status-record+jwt``. Lists are made in ``bitstring``; storing records is the issuer's business.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from certweave.canon.jcs import canonicalize
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidError, MalformedError
from certweave.keys.model import Signer
from certweave.limits import Limits
from certweave.proof.jose import Jws, check_header, parse_compact, sign_compact
from certweave.status.reasons import Action, check_reason
from certweave.timestamps import format_timestamp, parse_timestamp

TYP = "status-record+jwt"
RECORDED = frozenset({Action.SUSPEND, Action.REINSTATE, Action.WITHDRAW, Action.CORRECT, Action.RENEW})
"""Actions that change what verifiers see; only these have records."""


class State(StrEnum):
    """Where a certificate stands in its life."""

    DRAFT = "draft"
    APPROVED = "approved"
    ISSUED = "issued"
    SUSPENDED = "suspended"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"
    EXPIRED = "expired"


_NEXT: Mapping[tuple[State, Action], State] = {
    (State.DRAFT, Action.APPROVE): State.APPROVED,
    (State.APPROVED, Action.ISSUE): State.ISSUED,
    (State.ISSUED, Action.SUSPEND): State.SUSPENDED,
    (State.SUSPENDED, Action.REINSTATE): State.ISSUED,
    (State.ISSUED, Action.WITHDRAW): State.WITHDRAWN,
    (State.SUSPENDED, Action.WITHDRAW): State.WITHDRAWN,
    (State.ISSUED, Action.CORRECT): State.SUPERSEDED,
    (State.ISSUED, Action.RENEW): State.SUPERSEDED,
    (State.ISSUED, Action.EXPIRE): State.EXPIRED,
    (State.SUSPENDED, Action.EXPIRE): State.EXPIRED,
}


@dataclass(frozen=True, slots=True)
class StatusRecord:
    """One decision about one certificate.

    ``effective_from`` is when it starts to count, ``decided_at`` when it was taken, ``known_since`` when its
    ground came to the issuer's knowledge. ``successor`` is the certificate that takes the place of a
    corrected or renewed one.
    """

    certificate: str
    action: Action
    reason: str
    effective_from: datetime
    decided_at: datetime
    known_since: datetime
    successor: str | None = None

    def to_json(self) -> JsonObject:
        """Return the record as it is signed and published; times are to the second."""
        members: JsonObject = {
            "certificate": self.certificate,
            "action": self.action.value,
            "reason": self.reason,
            "effectiveFrom": format_timestamp(self.effective_from),
            "decidedAt": format_timestamp(self.decided_at),
            "knownSince": format_timestamp(self.known_since),
        }
        return members if self.successor is None else {**members, "successor": self.successor}


_REQUIRED = ("certificate", "action", "reason", "effectiveFrom", "decidedAt", "knownSince")


def next_state(state: State, action: Action) -> State:
    """Return the state that ``action`` leads to.

    Raises:
        InvalidError: a certificate in that state does not allow it.
    """
    after = _NEXT.get((state, action))
    if after is None:
        detail = f"a certificate that is {state.value} cannot take the action {action.value}"
        raise InvalidError(detail, code="status_transition")
    return after


def parse_record(value: JsonObject) -> StatusRecord:
    """Read the JSON form.

    Raises:
        MalformedError: a member is missing, unknown or of the wrong form (``path`` names it).
        InvalidError: the record contradicts itself (see ``check_record``).
    """
    for name in value:
        if name not in (*_REQUIRED, "successor"):
            raise _malformed(f"a status record has no member {name[:80]!r}", name)
    for name in _REQUIRED:
        if name not in value:
            raise _malformed(f"the status record lacks {name}", name)
    action = value["action"]
    if not isinstance(action, str) or action not in {known.value for known in RECORDED}:
        raise _malformed("the action of a status record is not one we know", "action")
    record = StatusRecord(
        certificate=_text(value, "certificate"),
        action=Action(action),
        reason=_text(value, "reason"),
        effective_from=_moment(value, "effectiveFrom"),
        decided_at=_moment(value, "decidedAt"),
        known_since=_moment(value, "knownSince"),
        successor=_text(value, "successor") if "successor" in value else None,
    )
    check_record(record)
    return record


def check_record(record: StatusRecord) -> None:
    """Hold one record against itself.

    Raises:
        InvalidError: an action that has no record; a reason that does not fit the action; a successor
            missing, unasked for, or the certificate itself; known only after the decision.
    """
    if record.action not in RECORDED:
        detail = f"the action {record.action.value} has no status record"
        raise InvalidError(detail, code="status_record_action", path="/action")
    check_reason(record.action, record.reason)
    replaces = record.action in (Action.CORRECT, Action.RENEW)
    if replaces != (record.successor is not None) or record.successor == record.certificate:
        detail = "a corrected or renewed certificate, and no other, names another one as its successor"
        raise InvalidError(detail, code="status_record_successor", path="/successor")
    if record.known_since > record.decided_at:
        detail = "the ground of a decision is known when it is taken"
        raise InvalidError(detail, code="status_record_order", path="/knownSince")


def check_records(records: Sequence[StatusRecord]) -> State:
    """Follow the decisions on one certificate, in the order taken, from ``issued`` on; return the last state.

    Raises:
        InvalidError: a record does not hold, is about another certificate, steps back in time, or its
            action is not allowed in the state reached.
    """
    state = State.ISSUED
    for number, record in enumerate(records):
        check_record(record)
        before = records[number - 1] if number else record
        path = join("", number)
        if record.certificate != before.certificate:
            raise InvalidError(
                "the records are about two certificates", code="status_record_mixed", path=path
            )
        if record.decided_at < before.decided_at:
            raise InvalidError("the decisions stand out of order", code="status_record_order", path=path)
        if record.action is Action.REINSTATE and record.effective_from < before.effective_from:
            detail = "a certificate cannot be reinstated from before its suspension"
            raise InvalidError(detail, code="status_record_order", path=path)
        state = next_state(state, record.action)
    return state


def bit_of(records: Sequence[StatusRecord], *, now: datetime) -> bool:
    """Return the bit that follows from the records of one certificate at ``now``.

    Withdrawal and correction set it for good; suspension until a reinstatement takes effect. A renewed
    certificate stays good until its own end, so renewal sets nothing. What counts is ``effective_from``: for
    the list as it *was*, hand in only the records decided by then. Of two of the same second (records tell
    time no finer) the later in ``records`` counts.

    Raises:
        InvalidError: records of two certificates.
    """
    if len({record.certificate for record in records}) > 1:
        raise InvalidError("the records are about two certificates", code="status_record_mixed")
    in_force = [record for record in records if record.effective_from <= now]
    if any(record.action in (Action.WITHDRAW, Action.CORRECT) for record in in_force):
        return True
    pauses = [record for record in in_force if record.action in (Action.SUSPEND, Action.REINSTATE)]
    # Sorting keeps the order of equals, where max() would take the first.
    in_order = sorted(pauses, key=lambda record: (record.effective_from, record.decided_at))
    return bool(in_order) and in_order[-1].action is Action.SUSPEND


def sign_record(record: StatusRecord, signer: Signer) -> str:
    """Return the signed form: a compact JWS over the record's RFC 8785 form; raises as ``check_record``."""
    check_record(record)
    return sign_compact(canonicalize(record.to_json()), {"typ": TYP}, signer)


def parse_signed_record(token: str | bytes, *, limits: Limits) -> tuple[StatusRecord, Jws]:
    """Read the signed form; its signature is not verified yet.

    Raises:
        MalformedError: no compact JWS of this type, or no status record in it.
        InvalidError: the header does not hold, or the record contradicts itself.
    """
    jws = parse_compact(token, limits=limits)
    header = check_header(jws.header, typ=TYP)
    if not header.typed or header.kid is None:
        # Without its type, a token signed for another purpose could pass for a status record.
        detail = "the header of a status record names its type and its key"
        raise MalformedError(detail, code="status_record_malformed")
    return parse_record(parse_object(jws.payload, limits=limits)), jws


def _text(value: Mapping[str, Any], name: str) -> str:
    text = value[name]
    if not isinstance(text, str) or not text:
        raise _malformed(f"{name} is a text that is not empty", name)
    return text


def _moment(value: Mapping[str, Any], name: str) -> datetime:
    try:
        return parse_timestamp(value[name])
    except MalformedError as error:
        raise _malformed(f"{name}: {error.detail}", name) from None


def _malformed(detail: str, name: str) -> MalformedError:
    return MalformedError(detail, code="status_record_malformed", path=join("", name))
