"""Own documents: passports, facility records and events, signed with the organisation's own key.

UNTP 0.7.0 documents as enveloped ``vc+jwt``, each with one revocation bit and a receipt of the ledger. The
organisation's own number makes an act repeatable: the same number and content give the same document.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.credential.build import make_credential, make_issuer, make_status_entry
from certweave.credential.terms import check_terms
from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError
from certweave.exchange.vci_metadata import VC_JWT
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.status.reasons import Action
from certweave.status.record import StatusRecord, sign_record
from certweave.timestamps import format_timestamp
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.status_lists import Place
from certweave_wallet.ports import Holding, Origin, Standing
from certweave_wallet.service.documents import Documents
from certweave_wallet.service.reading import facts_of
from certweave_wallet.service.tools import Tools

KINDS: Final = {
    "passport": "DigitalProductPassport",
    "facility": "DigitalFacilityRecord",
    "event": "DigitalTraceabilityEvent",
}
PURPOSE: Final = "revocation"
_NUMBER: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What an own document shall say.

    Attributes:
        kind: ``passport``, ``facility`` or ``event``.
        number: the organisation's own, unique there.
        subject: the UNTP subject: a product, a facility, or a list of events.
        valid_from: None for the moment of issuing.
        contexts: extension contexts that the subject uses.
    """

    kind: str
    number: str
    name: str
    subject: JsonObject | list[JsonObject]
    description: str | None = None
    valid_from: datetime | None = None
    valid_until: datetime | None = None
    contexts: Sequence[str] = ()

    @property
    def sha256(self) -> str:
        """What tells the same order from another one under the same number."""
        dates = [
            None if one is None else format_timestamp(one) for one in (self.valid_from, self.valid_until)
        ]
        said = [self.kind, self.name, self.subject, self.description, *dates, list(self.contexts)]
        return hashlib.sha256(canonicalize(said)).hexdigest()


@dataclass(frozen=True, slots=True)
class Issuing:
    """Threads may share it."""

    tools: Tools
    documents: Documents

    def issue(self, org: str, order: Order, *, actor: str) -> Holding:
        """Sign and keep an own document; repeating the same order returns the same document.

        Calls the ledger.

        Raises:
            MalformedError: ``number_malformed``, ``kind_unknown``.
            InvalidError: the model or the terms say no, with the place.
            RefusedError: 409 ``number_taken``: that number says something else already.
        """
        _check(order)
        versions = self.tools.store.versions(org, order.number)
        if not versions:
            holding = self._make(org, order, 1, self.tools.clock())
            try:
                now = holding.added
                self.tools.store.add(org, holding, actor=actor, act="document.issue", now=now)
            except RefusedError:  # somebody else was quicker with this number
                versions = self.tools.store.versions(org, order.number)
        if versions:
            holding = _same(versions, order)
        return self.documents.ensure_receipt(holding)

    def correct(self, org: str, credential_id: str, order: Order, *, reason: str, actor: str) -> Holding:
        """Issue the next version under a new address; the old one says so and no longer holds.

        Calls the ledger.

        Raises:
            InvalidError: the model, the terms or the reason say no.
            RefusedError: 409 ``document_ended``, ``number_taken``; 404 ``document_unknown``.
        """
        _check(order)
        old = self._own(org, credential_id)
        if old.number != order.number or KINDS[order.kind] != old.kind:
            detail = "a correction has the number and the kind of what it corrects"
            raise RefusedError(detail, Refusal.CONFLICT, code="number_taken")
        if old.standing is Standing.SUPERSEDED:
            successor = self.tools.store.find(org, old.successor or "")
            if successor is not None and successor.request_sha256 == order.sha256:
                return self.documents.ensure_receipt(successor)
        now = self.tools.clock()
        new = self._make(org, order, old.version + 1, now)
        record = self._record(org, old, Action.CORRECT, reason=reason, now=now, successor=new.url)
        self.tools.store.end(
            org, old, record, Standing.SUPERSEDED, reason, successor=new, actor=actor, now=now
        )
        if old.published:
            self.documents.publish(org, new.credential_id, True, actor=actor)
        return self.documents.ensure_receipt(new)

    def withdraw(self, org: str, credential_id: str, *, reason: str, actor: str) -> Holding:
        """Withdraw an own document for good.

        Raises:
            InvalidError: the reason is not on the list.
            RefusedError: 409 ``document_ended``; 404 ``document_unknown``.
        """
        old = self._own(org, credential_id)
        now = self.tools.clock()
        record = self._record(org, old, Action.WITHDRAW, reason=reason, now=now, successor=None)
        self.tools.store.end(
            org, old, record, Standing.WITHDRAWN, reason, successor=None, actor=actor, now=now
        )
        return self.documents.find(org, credential_id)

    def _own(self, org: str, credential_id: str) -> Holding:
        found = self.documents.find(org, credential_id)
        if found.origin is not Origin.OWN:
            detail = "only its issuer can change this document"
            raise RefusedError(detail, Refusal.CONFLICT, code="document_not_own")
        return found

    def _make(self, org: str, order: Order, version: int, now: datetime) -> Holding:
        """Return the signed document; a place in the status list is used up even if it is not kept."""
        tools = self.tools
        credential_id = order.number if version == 1 else f"{order.number}~{version}"
        url = tools.address(f"/orgs/{org}/credentials/{credential_id}")
        signer = tools.identities.signer(org)
        # Once without a place, so that a mistyped document costs none.
        self._document(org, order, url, now, None)
        place = tools.status.reserve_index(org, PURPOSE, now=now)
        document = self._document(org, order, url, now, place)
        token = sign_credential_jwt(document, signer, issued_at=now)
        return Holding(
            org=org,
            credential_id=credential_id,
            origin=Origin.OWN,
            form=VC_JWT,
            content=token.encode(),
            added=now,
            number=order.number,
            version=version,
            request_sha256=order.sha256,
            place=place,
            **facts_of(VC_JWT, document, contexts=tools.contexts),
        )

    def _document(self, org: str, order: Order, url: str, now: datetime, place: Place | None) -> JsonObject:
        status = None
        if place is not None:
            status = make_status_entry(place.url, place.index, purpose=place.purpose)
        document = make_credential(
            KINDS[order.kind],
            id=url,
            issuer=make_issuer(self.tools.identities.did_of(org), self.tools.name_of(org)),
            name=order.name,
            valid_from=order.valid_from or now,
            valid_until=order.valid_until,
            subject=order.subject,
            status=status,
            description=order.description,
            contexts=order.contexts,
        )
        check_terms(document, contexts=self.tools.contexts)
        return document

    def _record(
        self, org: str, old: Holding, action: Action, *, reason: str, now: datetime, successor: str | None
    ) -> str:
        record = StatusRecord(old.url, action, reason, now, now, now, successor)
        return sign_record(record, self.tools.identities.signer(org))


def _check(order: Order) -> None:
    if order.kind not in KINDS:
        detail = f"a kind is one of {', '.join(KINDS)}"
        raise MalformedError(detail, code="kind_unknown", path="/kind")
    if not _NUMBER.fullmatch(order.number):
        detail = "a number has up to 60 letters, digits, dots, hyphens and underscores"
        raise MalformedError(detail, code="number_malformed", path="/number")


def _same(versions: Sequence[Holding], order: Order) -> Holding:
    for known in versions:
        if known.request_sha256 == order.sha256:
            return known
    detail = f"the number {order.number} says something else already; correct it, or take another number"
    raise RefusedError(detail, Refusal.CONFLICT, code="number_taken", path="/number")
