"""The store of documents, offers and requests (``ports.Store``), on SQLite or PostgreSQL."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, insert, select, update

from certweave.encoding.strict_json import JsonObject
from certweave_edge import audit
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sql import Database, conflict
from certweave_edge.status_lists import Place, StatusLists
from certweave_wallet.ports import (
    Act,
    Holding,
    Looked,
    OfferedKind,
    OfferRecord,
    OfferState,
    Origin,
    RequestRecord,
    RequestState,
    Standing,
)
from certweave_wallet.store.products import ProductStore
from certweave_wallet.store.tables import acts, holdings, offers, requests


class SqlStore(ProductStore):
    """See ``ports.Store``. Threads may share it."""

    def __init__(self, database: Database, status: StatusLists) -> None:
        super().__init__(database)
        self._status = status

    def add(self, org: str, holding: Holding, *, actor: str, act: str, now: datetime) -> None:
        """See ``Store.add``."""
        with _known(), self._database.write() as to:
            to.execute(insert(holdings).values(_row(org, holding)))
            _record(to, org, holding.credential_id, actor, act, now=now)

    def find(self, org: str, credential_id: str) -> Holding | None:
        """See ``Store.find``."""
        return self._one(_is(org, credential_id))

    def find_content(self, org: str, sha256: str) -> Holding | None:
        """See ``Store.find_content``."""
        return self._one((holdings.c.org == org) & (holdings.c.sha256 == sha256))

    def versions(self, org: str, number: str) -> Sequence[Holding]:
        """See ``Store.versions``."""
        mine = (holdings.c.org == org) & (holdings.c.number == number)
        with self._database.read() as connection:
            query = select(holdings).where(mine).order_by(holdings.c.version.desc())
            return [_holding(row) for row in connection.execute(query)]

    def all(self, org: str) -> Sequence[Holding]:
        """See ``Store.all``."""
        query = select(holdings).where(holdings.c.org == org)
        order = (holdings.c.added.desc(), holdings.c.credential_id)
        with self._database.read() as connection:
            return [_holding(row) for row in connection.execute(query.order_by(*order))]

    def published(self, org: str, ids: Sequence[str]) -> Sequence[Holding]:
        """See ``Store.published``."""
        mine = (holdings.c.org == org) & holdings.c.credential_id.in_(list(ids))
        shown = holdings.c.published.is_(True) & (holdings.c.standing == Standing.CURRENT.value)
        with self._database.read() as connection:
            return [_holding(row) for row in connection.execute(select(holdings).where(mine & shown))]

    def set_looked(self, org: str, credential_id: str, looked: Looked) -> None:
        """See ``Store.set_looked``."""
        older = holdings.c.looked_at.is_(None) | (holdings.c.looked_at <= looked.at)
        values = {"looked_at": looked.at, "verdict": looked.verdict, "report": looked.report}
        with self._database.write() as to:
            to.execute(update(holdings).where(_is(org, credential_id) & older).values(values))

    def set_receipt(self, org: str, credential_id: str, receipt: str) -> None:
        """See ``Store.set_receipt``."""
        missing = _is(org, credential_id) & holdings.c.receipt.is_(None)
        with self._database.write() as to:
            to.execute(update(holdings).where(missing).values(receipt=receipt))

    def set_published(
        self, org: str, credential_id: str, published: bool, *, actor: str, now: datetime
    ) -> None:
        """See ``Store.set_published``."""
        with self._database.write() as to:
            change = update(holdings).where(_is(org, credential_id) & (holdings.c.published != published))
            if to.execute(change.values(published=published)).rowcount:
                act = "document.publish" if published else "document.unpublish"
                _record(to, org, credential_id, actor, act, now=now)

    def end(
        self,
        org: str,
        holding: Holding,
        record: str,
        standing: Standing,
        reason: str,
        *,
        successor: Holding | None,
        actor: str,
        now: datetime,
    ) -> None:
        """See ``Store.end``."""
        if holding.place is None:
            raise RefusedError("this document cannot be withdrawn", Refusal.CONFLICT, code="document_lasting")
        current = _is(org, holding.credential_id) & (holdings.c.standing == Standing.CURRENT.value)
        with _known(), self._database.write() as to:
            if successor is not None:
                to.execute(insert(holdings).values(_row(org, successor)))
                _record(to, org, successor.credential_id, actor, "document.issue", now=now)
            values: JsonObject = {"standing": standing.value, "reason": reason, "ended": now}
            values["successor"] = None if successor is None else successor.credential_id
            if not to.execute(update(holdings).where(current).values(values)).rowcount:
                detail = "this document has ended already; look again"
                raise RefusedError(detail, Refusal.CONFLICT, code="document_ended")
            self._status.apply_record(to, org, holding.place, record, now=now)
            act = "document.withdraw" if successor is None else "document.correct"
            _record(to, org, holding.credential_id, actor, act, now=now)

    def history(self, org: str, credential_id: str) -> Sequence[Act]:
        """See ``Store.history``."""
        mine = (acts.c.org == org) & (acts.c.credential_id == credential_id)
        query = select(acts).where(mine).order_by(acts.c.entry.desc()).limit(200)
        with self._database.read() as connection:
            return [Act(row.at, row.actor, row.act) for row in connection.execute(query)]

    def add_offer(self, org: str, offer: OfferRecord, *, actor: str) -> None:
        """See ``Store.add_offer``."""
        row = {**asdict(offer), "org": org, "state": offer.state.value}
        with self._database.write() as to:
            to.execute(insert(offers).values(row))
            audit.record(to, org, actor, "offer.look", offer.offer_id, now=offer.created)

    def find_offer(self, org: str, offer_id: str) -> OfferRecord | None:
        """See ``Store.find_offer``."""
        mine = (offers.c.org == org) & (offers.c.offer_id == offer_id)
        with self._database.read() as connection:
            row = connection.execute(select(offers).where(mine)).one_or_none()
        return None if row is None else _offer(row)

    def offers(self, org: str, *, since: datetime) -> Sequence[OfferRecord]:
        """See ``Store.offers``."""
        mine = (offers.c.org == org) & (offers.c.state == OfferState.OPEN.value) & (offers.c.created >= since)
        query = select(offers).where(mine).order_by(offers.c.created.desc(), offers.c.offer_id)
        with self._database.read() as connection:
            return [_offer(row) for row in connection.execute(query)]

    def move_offer(
        self,
        org: str,
        offer_id: str,
        before: OfferState,
        after: OfferState,
        *,
        credentials: Sequence[str] = (),
        problem: tuple[str, str] | None = None,
        actor: str,
        now: datetime,
    ) -> None:
        """See ``Store.move_offer``."""
        mine = (offers.c.org == org) & (offers.c.offer_id == offer_id) & (offers.c.state == before.value)
        values = {"state": after.value, "credentials": list(credentials), "problem": problem}
        with self._database.write() as to:
            if not to.execute(update(offers).where(mine).values(values)).rowcount:
                detail = "this offer was taken or refused already"
                raise RefusedError(detail, Refusal.CONFLICT, code="offer_done")
            audit.record(to, org, actor, f"offer.{after.value}", offer_id, now=now)

    def add_request(self, org: str, request: RequestRecord, *, actor: str) -> None:
        """See ``Store.add_request``."""
        row = {**asdict(request), "org": org, "state": request.state.value, "shown": dict(request.shown)}
        with self._database.write() as to:
            to.execute(insert(requests).values(row))
            audit.record(to, org, actor, "request.look", request.request_id, now=request.created)

    def find_request(self, org: str, request_id: str) -> RequestRecord | None:
        """See ``Store.find_request``."""
        mine = (requests.c.org == org) & (requests.c.request_id == request_id)
        with self._database.read() as connection:
            row = connection.execute(select(requests).where(mine)).one_or_none()
        return None if row is None else _request(row)

    def requests(self, org: str, *, limit: int = 50) -> Sequence[RequestRecord]:
        """See ``Store.requests``."""
        query = select(requests).where(requests.c.org == org)
        query = query.order_by(requests.c.created.desc(), requests.c.request_id).limit(limit)
        with self._database.read() as connection:
            return [_request(row) for row in connection.execute(query)]

    def move_request(
        self,
        org: str,
        request_id: str,
        before: RequestState,
        after: RequestState,
        *,
        shown: Mapping[str, Sequence[str]] | None = None,
        next_url: str | None = None,
        actor: str,
        now: datetime,
    ) -> None:
        """See ``Store.move_request``."""
        mine = (requests.c.org == org) & (requests.c.request_id == request_id)
        values: JsonObject = {"state": after.value}
        if after in (RequestState.ANSWERED, RequestState.REFUSED):
            given = {name: list(ids) for name, ids in (shown or {}).items()}
            values.update(shown=given, next_url=next_url, answered=now)
        change = update(requests).where(mine & (requests.c.state == before.value)).values(values)
        with self._database.write() as to:
            if not to.execute(change).rowcount:
                detail = "this request was answered already"
                raise RefusedError(detail, Refusal.CONFLICT, code="request_done")
            audit.record(to, org, actor, f"request.{after.value}", request_id, now=now)

    def _one(self, condition: Any) -> Holding | None:
        query = select(holdings).where(condition)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _holding(row)


def _known() -> Any:
    return conflict("this document, or its number, is in the wallet already", code="document_known")


def _is(org: str, credential_id: str) -> Any:
    return (holdings.c.org == org) & (holdings.c.credential_id == credential_id)


def _record(to: Connection, org: str, credential_id: str, actor: str, act: str, *, now: datetime) -> None:
    row = {"org": org, "credential_id": credential_id, "at": now, "actor": actor, "act": act}
    to.execute(insert(acts).values(row))
    audit.record(to, org, actor, act, credential_id, now=now)


_PLAIN = (
    *("credential_id", "url", "form", "content", "document", "kind", "name", "issuer", "issuer_name"),
    *("valid_from", "valid_until", "added", "published", "number", "version", "request_sha256"),
    *("successor", "reason", "ended", "receipt"),
)


def _row(org: str, holding: Holding) -> JsonObject:
    looked, place = holding.looked, holding.place
    row = {name: getattr(holding, name) for name in _PLAIN}
    row.update(
        org=org,
        origin=holding.origin.value,
        standing=holding.standing.value,
        types=list(holding.types),
        expanded=list(holding.expanded),
        sha256=hashlib.sha256(holding.content).hexdigest(),
    )
    if looked is not None:
        row.update(looked_at=looked.at, verdict=looked.verdict, report=looked.report)
    if place is not None:
        row.update(list_number=place.number, list_index=place.index)
        row.update(list_url=place.url, list_purpose=place.purpose)
    return row


def _holding(row: Row[Any]) -> Holding:
    looked = None if row.looked_at is None else Looked(row.looked_at, row.verdict, row.report)
    place = None
    if row.list_number is not None:
        place = Place(row.list_number, row.list_index, row.list_url, row.list_purpose)
    return Holding(
        org=row.org,
        origin=Origin(row.origin),
        standing=Standing(row.standing),
        types=tuple(row.types),
        expanded=tuple(row.expanded),
        looked=looked,
        place=place,
        **{name: getattr(row, name) for name in _PLAIN},
    )


def _offer(row: Row[Any]) -> OfferRecord:
    values = dict(row._mapping)
    kinds = tuple(OfferedKind(**{**kind, "types": tuple(kind["types"])}) for kind in values.pop("kinds"))
    problem = values.pop("problem")
    return OfferRecord(
        **{**values, "state": OfferState(row.state), "credentials": tuple(row.credentials)},
        kinds=kinds,
        problem=None if problem is None else (problem[0], problem[1]),
    )


def _request(row: Row[Any]) -> RequestRecord:
    values = dict(row._mapping)
    shown = {name: tuple(ids) for name, ids in values.pop("shown").items()}
    return RequestRecord(**{**values, "state": RequestState(row.state)}, shown=shown)
