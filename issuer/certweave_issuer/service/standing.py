"""Suspending, reinstating, withdrawing, correcting and renewing certificates, and their history.

Each decision is a signed status record, from which the bit in the status list follows (``status.record``).
A decision may take effect later than it is taken; ``standing`` tells what is in force.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.limits import DEFAULT_LIMITS
from certweave.status.reasons import REASONS, Action
from certweave.status.record import (
    State,
    StatusRecord,
    bit_of,
    check_records,
    next_state,
    parse_signed_record,
    sign_record,
)
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.ports import Certificate, Decision, Deed
from certweave_issuer.service.certificates import Certificates, Entry, check_number
from certweave_issuer.service.office import LOG, Office, raced

_CONFIRMED = frozenset({Action.SUSPEND, Action.WITHDRAW, Action.CORRECT})
"""Acts that take something away from somebody: the number is typed once more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What is decided about a certificate.

    Attributes:
        reason: a code of ``status.reasons``.
        typed: the number, typed once more; needed where something is taken away.
        effective_from: since or from when it counts; now where None.
        known_since: since when the ground was known; now where None.
    """

    reason: str
    typed: str | None = None
    effective_from: datetime | None = None
    known_since: datetime | None = None


class Standing:
    """Decisions about issued certificates."""

    def __init__(self, office: Office, certificates: Certificates) -> None:
        self._office = office
        self._certificates = certificates

    def suspend(self, org: str, number: str, ruling: Ruling, *, actor: str) -> Certificate:
        """Suspend a certificate; raises as ``decide``."""
        return self.decide(org, number, Action.SUSPEND, ruling, actor=actor)

    def reinstate(self, org: str, number: str, ruling: Ruling, *, actor: str) -> Certificate:
        """Reinstate a suspended certificate; raises as ``decide``."""
        return self.decide(org, number, Action.REINSTATE, ruling, actor=actor)

    def withdraw(self, org: str, number: str, ruling: Ruling, *, actor: str) -> Certificate:
        """Withdraw a certificate for good; raises as ``decide``."""
        return self.decide(org, number, Action.WITHDRAW, ruling, actor=actor)

    def decide(self, org: str, number: str, action: Action, ruling: Ruling, *, actor: str) -> Certificate:
        """Take one of the three decisions above on the latest version.

        Raises:
            InvalidError: ``status_transition``; ``number_not_confirmed``; a reason that does not fit.
            RefusedError: 404; 409 ``act_raced``.
        """
        return self.decide_on(self._office.certificate(org, number), action, ruling, actor=actor)

    def decide_on(self, found: Certificate, action: Action, ruling: Ruling, *, actor: str) -> Certificate:
        """Take a decision on a certificate that was looked up; raises as ``decide``."""
        office, now = self._office, self._office.clock()
        decision = self._rule(found, action, ruling, None, actor=actor, now=now)
        if not office.store.decide(found.org, decision, now=now):
            raise raced()
        LOG.info("decided org=%s key=%s act=%s reason=%s", found.org, found.key, action, ruling.reason)
        return office.certificate(found.org, found.number, found.version)

    def correct(self, org: str, number: str, data: JsonObject, ruling: Ruling, *, actor: str) -> Certificate:
        """Replace a certificate by one that says something else, under the same number; return the new one.

        Raises:
            RefusedError: 404; 403 ``four_eyes``; 409 ``act_raced``.
            InvalidError: ``status_transition``; ``number_not_confirmed``; what is entered breaks a rule.
        """
        old = self._office.certificate(org, number)
        entry = Entry(kind=old.kind, number=number, scheme=old.scheme, data=data)
        if old.predecessor is not None and old.content == entry.content:
            return old
        if old.content == entry.content:
            raise InvalidError("the correction says what stands there already", code="nothing_corrected")
        return self._replace(old, Action.CORRECT, entry, ruling, actor=actor)

    def renew(
        self, org: str, number: str, data: JsonObject, *, new_number: str | None = None, actor: str
    ) -> Certificate:
        """Continue a certificate with a new one, which is returned; the old one is good until its end.

        Without ``new_number`` the new one is the next version of the same number; raises as ``correct``.
        """
        old = self._office.certificate(org, number)
        entry = Entry(kind=old.kind, number=new_number or number, scheme=old.scheme, data=data)
        check_number(entry.number)
        known = self._office.store.find_certificate(org, entry.number)
        if known is not None and known.predecessor is not None and known.content == entry.content:
            return known
        return self._replace(old, Action.RENEW, entry, Ruling(reason="renewed"), actor=actor)

    def history(self, org: str, number: str) -> tuple[Deed, ...]:
        """Return everything that was done to a number, all versions, oldest first."""
        versions = {one.key: one for one in self._office.store.versions(org, number)}
        left = {key: list(self.records(one)) for key, one in versions.items()}
        lines: list[Deed] = []
        for at, act, actor, key in self._office.store.deeds(org, list(versions)):
            line = Deed(at, act, actor, versions[key].version)
            if left[key] and left[key][0].action == act:
                record = left[key].pop(0)
                line = replace(
                    line,
                    reason=record.reason,
                    sentence=REASONS[record.reason].sentence,
                    effective_from=record.effective_from,
                    known_since=record.known_since,
                    successor=record.successor,
                )
            lines.append(line)
        return tuple(lines)

    def records(self, certificate: Certificate) -> tuple[StatusRecord, ...]:
        """Return the status records of one certificate, in the order taken."""
        tokens = self._office.store.records(certificate.org, certificate.place)
        return tuple(parse_signed_record(token, limits=DEFAULT_LIMITS)[0] for token in tokens)

    def signed_records(self, certificate: Certificate) -> tuple[str, ...]:
        """Return the same as signed: compact JWS."""
        return self._office.store.records(certificate.org, certificate.place)

    def in_force(self, certificate: Certificate) -> State:
        """Return the state that holds now; a decision may be taken and not yet in effect."""
        return standing(certificate, self.records(certificate), now=self._office.clock())

    def built_on(self, certificate: Certificate) -> tuple[Certificate, ...]:
        """Return the organisation's certificates that name this one: who is touched if it falls."""
        return self._office.store.built_on(certificate.org, address_of(certificate))

    def _replace(
        self, old: Certificate, action: Action, entry: Entry, ruling: Ruling, *, actor: str
    ) -> Certificate:
        office, now = self._office, self._office.clock()
        next_state(_decided(old, now), action)
        self._certificates.check_eyes(old, actor)
        version = old.version + 1 if entry.number == old.number else 1
        made = self._certificates.draft(old.org, entry, actor=actor, version=version)
        made = replace(made, predecessor=old.key, approved_by=actor)
        decision = self._rule(old, action, ruling, made, actor=actor, now=now)
        signed = self._certificates.sign(made)
        if not office.store.replace(old.org, decision, made, signed, now=now):
            raise raced()
        LOG.info("replaced org=%s key=%s by=%s act=%s", old.org, old.key, made.key, action)
        self._certificates.fetch_receipts(old.org)
        return office.certificate(old.org, made.number, made.version)

    def _rule(
        self,
        found: Certificate,
        action: Action,
        ruling: Ruling,
        successor: Certificate | None,
        *,
        actor: str,
        now: datetime,
    ) -> Decision:
        """Return the decision with its signed record; nothing is kept yet."""
        after = next_state(_decided(found, now), action)
        if found.place is None:
            raise RefusedError("it has no place in a status list of ours", Refusal.CONFLICT, code="no_status")
        if action in _CONFIRMED and ruling.typed != found.number:
            raise InvalidError(
                "type the number of the certificate to confirm", code="number_not_confirmed", path="/typed"
            )
        record = StatusRecord(
            certificate=address_of(found),
            action=action,
            reason=ruling.reason,
            effective_from=ruling.effective_from or now,
            decided_at=now,
            known_since=ruling.known_since or now,
            successor=None if successor is None else address_of(successor),
        )
        check_records([*self.records(found), record])
        return Decision(
            certificate=found,
            after=after,
            record=sign_record(record, self._office.identities.signer(found.org)),
            act=action.value,
            actor=actor,
            successor=None if successor is None else successor.key,
        )


def standing(certificate: Certificate, records: Sequence[StatusRecord], *, now: datetime) -> State:
    """Return the state that holds at ``now``, by the records in effect then and by the certificate's end."""
    if certificate.state in {State.DRAFT, State.APPROVED}:
        return certificate.state
    in_force = {record.action for record in records if record.effective_from <= now}
    if Action.WITHDRAW in in_force:
        return State.WITHDRAWN
    if Action.CORRECT in in_force or Action.RENEW in in_force:
        return State.SUPERSEDED
    if certificate.valid_until is not None and certificate.valid_until < now:
        return State.EXPIRED
    return State.SUSPENDED if bit_of(records, now=now) else State.ISSUED


def address_of(certificate: Certificate) -> str:
    """Return the id of a certificate, by which records and others name it."""
    return str(certificate.document.get("id", ""))


def _decided(certificate: Certificate, now: datetime) -> State:
    """Return the state in which the next decision finds a certificate: time may have ended it."""
    ended = certificate.valid_until is not None and certificate.valid_until < now
    if ended and certificate.state in {State.ISSUED, State.SUSPENDED}:
        return State.EXPIRED
    return certificate.state
