"""Certificates in SQL: the ``Store`` of the issuer. Each act and its records are one transaction."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, insert, or_, select, update

from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.limits import DEFAULT_LIMITS
from certweave.status.record import State
from certweave_edge.audit import record
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sql import Database, conflict
from certweave_edge.status_lists import Place, StatusLists
from certweave_issuer.ports import Authorisation, Certificate, Decision, Profile, Query, Signed
from certweave_issuer.store.links import linked_urls, named_places
from certweave_issuer.store.tables import certificates, deeds, handed_out, links, profiles

_PLAIN = (
    "org",
    "number",
    "version",
    "key",
    "kind",
    "type_name",
    "scheme",
    "name",
    "holder",
    "holder_name",
    "content",
    "valid_from",
    "valid_until",
    "created",
    "created_by",
    "approved_by",
    "issued",
    "token",
    "digest",
    "media_type",
    "receipt",
    "receipt_at",
    "predecessor",
    "successor",
)
_TAKEN = "there is already a certificate with this number, and it says something else"


class SqlStore:
    """Implements ``ports.Store``."""

    def __init__(self, database: Database, lists: StatusLists) -> None:
        self._database = database
        self._lists = lists

    def add_certificate(self, org: str, made: Certificate, *, act: str, actor: str) -> None:
        """Keep a new version."""
        with conflict(_TAKEN, code="number_taken", path="/number"), self._database.write() as to:
            self._insert(to, org, made)
            _note(to, org, made.key, act, actor=actor, now=made.created)

    def find_certificate(self, org: str, number: str, version: int | None = None) -> Certificate | None:
        """Return a version, by default the latest."""
        mine = _numbered(org, number)
        if version is not None:
            mine &= certificates.c.version == version
        return self._first(select(certificates).where(mine).order_by(certificates.c.version.desc()))

    def find_by_key(self, org: str, key: str) -> Certificate | None:
        """Return the version at an address."""
        return self._first(select(certificates).where(_keyed(org, key)))

    def find_by_id(self, org: str, address: str) -> Certificate | None:
        """Return the certificate with this id."""
        mine = (certificates.c.org == org) & (certificates.c.address == _stored(address))
        return self._first(select(certificates).where(mine).order_by(certificates.c.entry.desc()))

    def versions(self, org: str, number: str) -> tuple[Certificate, ...]:
        """Return all versions of a number, oldest first."""
        mine = _numbered(org, number)
        return self._all(select(certificates).where(mine).order_by(certificates.c.version))

    def certificates(self, org: str, query: Query) -> tuple[tuple[Certificate, ...], int]:
        """Return one page of certificates, newest first, and how many there are in all."""
        mine = certificates.c.org == org
        for column, value in (
            (certificates.c.state, query.state),
            (certificates.c.kind, query.kind),
            (certificates.c.holder, query.holder),
        ):
            if value is not None:
                mine &= column == value
        if query.text:
            mine &= _contains(query.text)
        page = select(certificates).where(mine).order_by(certificates.c.entry.desc())
        with self._database.read() as connection:
            total = connection.execute(
                select(func.count()).select_from(certificates).where(mine)
            ).scalar_one()
            rows = connection.execute(page.limit(query.limit).offset(query.skip)).all()
        return tuple(_read(row) for row in rows), total

    def revise(self, org: str, made: Certificate, *, actor: str, now: datetime) -> bool:
        """Put a draft in the place of the one with its key."""
        with self._database.write() as to:
            row = {name: value for name, value in _row(org, made).items() if name != "created"}
            done = _move(to, org, made.key, State.DRAFT, row)
            if done:
                to.execute(delete(links).where((links.c.org == org) & (links.c.key == made.key)))
                _link(to, org, made)
                _note(to, org, made.key, "revise", actor=actor, now=now)
        return done

    def approve(self, org: str, key: str, *, actor: str, now: datetime) -> bool:
        """Move a draft to approved."""
        values = {"state": State.APPROVED.value, "approved_by": actor}
        with self._database.write() as to:
            done = _move(to, org, key, State.DRAFT, values)
            if done:
                _note(to, org, key, "approve", actor=actor, now=now)
        return done

    def sign(self, org: str, key: str, signed: Signed, *, actor: str) -> bool:
        """Move an approved one to issued."""
        with self._database.write() as to:
            done = _move(to, org, key, State.APPROVED, _signed_values(signed))
            if done:
                _note(to, org, key, "issue", actor=actor, now=signed.issued)
        return done

    def decide(self, org: str, decision: Decision, *, now: datetime) -> bool:
        """Keep a status record and the state it leads to."""
        with self._database.write() as to:
            return self._decide(to, org, decision, now)

    def replace(
        self, org: str, decision: Decision, successor: Certificate, signed: Signed, *, now: datetime
    ) -> bool:
        """Keep the successor, issued, and the record that supersedes the old one."""
        with conflict(_TAKEN, code="number_taken", path="/number"), self._database.write() as to:
            if not self._decide(to, org, decision, now):
                return False
            self._insert(to, org, successor)
            to.execute(
                update(certificates).where(_keyed(org, successor.key)).values(**_signed_values(signed))
            )
            _note(to, org, successor.key, "issue", actor=decision.actor, now=now)
        return True

    def records(self, org: str, place: Place | None) -> tuple[str, ...]:
        """Return the signed status records of the certificate with this place."""
        return () if place is None else self._lists.records(org, place)

    def add_receipts(self, org: str, receipts: Mapping[str, tuple[str, datetime]]) -> None:
        """Keep receipts by digest; one that is there stays."""
        with self._database.write() as to:
            for digest, (receipt, at) in receipts.items():
                mine = (certificates.c.org == org) & (certificates.c.digest == digest)
                waiting = mine & certificates.c.receipt.is_(None)
                to.execute(update(certificates).where(waiting).values(receipt=receipt, receipt_at=at))
                mine = (handed_out.c.org == org) & (handed_out.c.digest == digest)
                waiting = mine & handed_out.c.receipt.is_(None)
                to.execute(update(handed_out).where(waiting).values(receipt=receipt, receipt_at=at))

    def lacking_receipts(self, org: str, limit: int) -> tuple[str, ...]:
        """Return digests of what was issued, and handed out in other formats, without a receipt."""
        mine = (certificates.c.org == org) & certificates.c.digest.is_not(None)
        query = select(certificates.c.digest).where(mine & certificates.c.receipt.is_(None))
        others = (handed_out.c.org == org) & handed_out.c.receipt.is_(None)
        more = select(handed_out.c.digest).where(others).order_by(handed_out.c.entry)
        with self._database.read() as connection:
            found = connection.execute(query.order_by(certificates.c.entry).limit(limit)).scalars().all()
            return (*found, *connection.execute(more.limit(limit - len(found))).scalars())

    def count_handed_out(self, org: str, key: str, since: datetime) -> int:
        """Return how often a certificate was signed in another format since then."""
        mine = (handed_out.c.org == org) & (handed_out.c.key == key) & (handed_out.c.at >= since)
        with self._database.read() as connection:
            query = select(func.count()).select_from(handed_out).where(mine)
            return int(connection.execute(query).scalar_one())

    def add_handed_out(self, org: str, key: str, form: str, digest: str, *, now: datetime) -> None:
        """Note what was signed in another format for a wallet."""
        mine = (handed_out.c.org == org) & (handed_out.c.digest == digest)
        with self._database.write() as to:
            # Twice in one second, a format without salts gives the same bytes.
            if to.execute(select(handed_out.c.entry).where(mine)).one_or_none() is None:
                to.execute(insert(handed_out).values(org=org, key=key, form=form, digest=digest, at=now))

    def deeds(self, org: str, keys: Sequence[str]) -> tuple[tuple[datetime, str, str, str], ...]:
        """Return (when, act, actor, key) of everything done to these certificates."""
        mine = (deeds.c.org == org) & deeds.c.key.in_(list(keys))
        query = select(deeds.c.at, deeds.c.act, deeds.c.actor, deeds.c.key).where(mine)
        with self._database.read() as connection:
            rows = connection.execute(query.order_by(deeds.c.entry)).all()
        return tuple((row.at, row.act, row.actor, row.key) for row in rows)

    def built_on(self, org: str, url: str) -> tuple[Certificate, ...]:
        """Return the organisation's certificates that name another one by its address."""
        named = select(links.c.key).where((links.c.org == org) & (links.c.url == url))
        mine = (certificates.c.org == org) & certificates.c.key.in_(named)
        return self._all(select(certificates).where(mine).order_by(certificates.c.entry))

    def cited(self, org: str, key: str) -> tuple[Certificate, ...]:
        """Return the organisation's certificates that this one names by their addresses."""
        named = select(links.c.url).where((links.c.org == org) & (links.c.key == key))
        mine = (certificates.c.org == org) & certificates.c.address.in_(named)
        return self._all(select(certificates).where(mine))

    def register(self, org: str | None, text: str, limit: int, skip: int) -> tuple[Certificate, ...]:
        """Return issued scope certificates, latest version each."""
        newer = certificates.alias()
        later = select(newer.c.entry).where(
            (newer.c.org == certificates.c.org)
            & (newer.c.number == certificates.c.number)
            & (newer.c.version > certificates.c.version)
            & newer.c.issued.is_not(None)
        )
        shown = (certificates.c.kind == "scope") & certificates.c.issued.is_not(None) & ~later.exists()
        if org is not None:
            shown &= certificates.c.org == _stored(org)
        if text:
            shown &= _contains(text, certificates.c.places)
        order = (certificates.c.holder_name, certificates.c.number)
        return self._all(select(certificates).where(shown).order_by(*order).limit(limit).offset(skip))

    def profile(self, org: str) -> Profile | None:
        """Return an organisation's profile."""
        with self._database.read() as connection:
            query = select(profiles.c.profile).where(profiles.c.org == org)
            text = connection.execute(query).scalar_one_or_none()
        if text is None:
            return None
        read = json.loads(text)
        return Profile(
            read["name"], read["role"], tuple(Authorisation(**one) for one in read["authorisations"])
        )

    def save_profile(self, org: str, profile: Profile, *, actor: str, now: datetime) -> None:
        """Keep a profile in place of the old one."""
        text = json.dumps(asdict(profile), ensure_ascii=False)
        with conflict("the profile was saved by somebody else just now", code="profile_raced"):  # noqa: SIM117
            with self._database.write() as to:
                if not to.execute(
                    update(profiles).where(profiles.c.org == org).values(profile=text)
                ).rowcount:
                    to.execute(insert(profiles).values(org=org, profile=text))
                record(to, org, actor, "profile.save", org, now=now)

    def _decide(self, to: Connection, org: str, decision: Decision, now: datetime) -> bool:
        old = decision.certificate
        if old.place is None:
            raise RefusedError("it has no place in a status list of ours", Refusal.CONFLICT, code="no_status")
        values = {"state": decision.after.value, "successor": decision.successor or old.successor}
        if not _move(to, org, old.key, old.state, values):
            return False
        self._lists.apply_record(to, org, old.place, decision.record, now=now)
        _note(to, org, old.key, decision.act, actor=decision.actor, now=now)
        return True

    def _insert(self, to: Connection, org: str, made: Certificate) -> None:
        to.execute(insert(certificates).values(_row(org, made)))
        _link(to, org, made)

    def _first(self, query: Any) -> Certificate | None:
        with self._database.read() as connection:
            row = connection.execute(query.limit(1)).one_or_none()
        return None if row is None else _read(row)

    def _all(self, query: Any) -> tuple[Certificate, ...]:
        with self._database.read() as connection:
            return tuple(_read(row) for row in connection.execute(query).all())


def _row(org: str, made: Certificate) -> dict[str, Any]:
    row: dict[str, Any] = {name: getattr(made, name) for name in _PLAIN} | {"org": org}
    row["data"] = json.dumps(made.data, ensure_ascii=False)
    row["document"] = json.dumps(made.document, ensure_ascii=False)
    row["state"] = made.state.value
    row["address"] = str(made.document.get("id", ""))[:2000]
    row["places"] = named_places(made.document)
    return row


def _link(to: Connection, org: str, made: Certificate) -> None:
    for url in linked_urls(made.document):
        to.execute(insert(links).values(org=org, key=made.key, url=url))


def _read(row: Row[Any]) -> Certificate:
    values: dict[str, Any] = {name: getattr(row, name) for name in _PLAIN}
    place = None
    if row.list_index is not None:
        place = Place(row.list_number, row.list_index, row.list_url, row.list_purpose)
    return Certificate(
        **values,
        data=_object(row.data),
        document=_object(row.document),
        state=State(row.state),
        place=place,
    )


def _object(text: str) -> JsonObject:
    return parse_object(text, limits=DEFAULT_LIMITS)


def _signed_values(signed: Signed) -> dict[str, Any]:
    values: dict[str, Any] = {
        "state": State.ISSUED.value,
        "document": json.dumps(signed.document, ensure_ascii=False),
        "token": signed.token,
        "digest": signed.digest,
        "media_type": signed.media_type,
        "issued": signed.issued,
        "valid_from": signed.valid_from,
    }
    if signed.place is not None:
        values["list_number"] = signed.place.number
        values["list_index"] = signed.place.index
        values["list_url"] = signed.place.url
        values["list_purpose"] = signed.place.purpose
    return values


def _move(to: Connection, org: str, key: str, before: State, values: Mapping[str, Any]) -> bool:
    """Change a certificate that is still in a state; of two callers at once, one finds that it is not."""
    mine = _keyed(org, key) & (certificates.c.state == before.value)
    return bool(to.execute(update(certificates).where(mine).values(**values)).rowcount)


def _note(to: Connection, org: str, key: str, act: str, *, actor: str, now: datetime) -> None:
    to.execute(insert(deeds).values(org=org, key=key, at=now, act=act, actor=actor))
    record(to, org, actor, f"certificate.{act}", key, now=now)


def _keyed(org: str, key: str) -> Any:
    return (certificates.c.org == _stored(org)) & (certificates.c.key == _stored(key))


def _numbered(org: str, number: str) -> Any:
    return (certificates.c.org == _stored(org)) & (certificates.c.number == _stored(number))


def _stored(text: str) -> str:
    """Return a text as it may be compared: PostgreSQL takes no NUL, and nothing that is stored has one."""
    return text.replace("\0", "\ufffd")


def _contains(text: str, *more: Any) -> Any:
    text = _stored(text)
    columns = (certificates.c.number, certificates.c.name, certificates.c.holder_name, *more)
    return or_(*(column.icontains(text, autoescape=True) for column in columns))
