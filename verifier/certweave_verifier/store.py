"""The verifier's tables: checks that organisations keep, their requests, and the answers to them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    insert,
    select,
    update,
)

from certweave_edge.audit import record
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sql import Database, UtcTime
from certweave_edge.tables import SHARED
from certweave_verifier.ports import Asked, Kept, Shown

VERIFIER = MetaData(naming_convention=SHARED.naming_convention)
_VERDICT = "verdict in ('valid', 'invalid', 'undecided')"

checks = Table(
    "verifier_checks",
    VERIFIER,
    Column("check_id", String(32), primary_key=True),
    Column("org", String(63), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("verdict", String(9), nullable=False),
    Column("title", Text, nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    CheckConstraint(_VERDICT, name="verdict_known"),
    Index("ix_verifier_checks_org_at", "org", "at"),
)

requests = Table(
    "verifier_requests",
    VERIFIER,
    Column("request_id", String(64), primary_key=True),
    Column("org", String(63), nullable=False),
    Column("purpose", Text, nullable=False),
    Column("query", JSON, nullable=False),
    Column("client_id", Text, nullable=False),
    Column("nonce", String(64), nullable=False, unique=True),
    Column("state", String(64), nullable=False, unique=True),
    Column("created", UtcTime, nullable=False),
    Column("expires", UtcTime, nullable=False),
    Column("answered", UtcTime),
    Column("verdict", String(9)),
    Column("error", String(100)),
    CheckConstraint(f"verdict is null or {_VERDICT}", name="verdict_known"),
    CheckConstraint("answered is not null or (verdict is null and error is null)", name="answered_first"),
    Index("ix_verifier_requests_org_created", "org", "created"),
)

shown_table = Table(
    "verifier_shown",
    VERIFIER,
    Column("request_id", ForeignKey("verifier_requests.request_id"), primary_key=True),
    Column("place", Integer, primary_key=True),
    Column("org", String(63), nullable=False),
    Column("query_id", String(256), nullable=False),
    Column("verdict", String(9), nullable=False),
    Column("bundle", LargeBinary, nullable=False),
    CheckConstraint(_VERDICT, name="verdict_known"),
)


class SqlStore:
    """The ``Store`` of ports.py in a database."""

    def __init__(self, database: Database) -> None:
        self.database = database

    def keep_check(self, org: str, kept: Kept, *, actor: str) -> None:
        """Keep a check, and record who made it."""
        row = {
            "check_id": kept.check_id,
            "org": org,
            "at": kept.at,
            "verdict": kept.verdict,
            "title": kept.title[:1000],
            "bundle": kept.bundle,
        }
        with self.database.write() as connection:
            connection.execute(insert(checks).values(row))
            record(connection, org, actor, "check.make", kept.check_id, now=kept.at)

    def find_check(self, org: str, check_id: str) -> Kept | None:
        """Return a kept check, or None: other organisations have none."""
        query = select(checks).where(checks.c.check_id == check_id, checks.c.org == org)
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Kept(row.check_id, row.at, row.verdict, row.title, row.bundle)

    def checks(self, org: str, *, limit: int = 200) -> Sequence[Kept]:
        """Return the latest checks of an organisation without their bundles, newest first."""
        columns = (checks.c.check_id, checks.c.at, checks.c.verdict, checks.c.title)
        query = select(*columns).where(checks.c.org == org).order_by(checks.c.at.desc(), checks.c.check_id)
        with self.database.read() as connection:
            rows = connection.execute(query.limit(limit)).all()
        return [Kept(row.check_id, row.at, row.verdict, row.title, b"") for row in rows]

    def add_request(self, org: str, asked: Asked, *, actor: str) -> None:
        """Store a request, and record who made it."""
        row = {
            name: getattr(asked, name)
            for name in (
                "request_id",
                "purpose",
                "query",
                "client_id",
                "nonce",
                "state",
                "created",
                "expires",
            )
        }
        with self.database.write() as connection:
            connection.execute(insert(requests).values(org=org, **row))
            record(connection, org, actor, "request.make", asked.request_id, now=asked.created)

    def find_request(self, request_id: str) -> Asked | None:
        """Return a request by its unguessable id: whoever has the link may answer."""
        query = select(requests).where(requests.c.request_id == request_id)
        with self.database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else _asked(row)

    def requests(self, org: str, *, limit: int = 100) -> Sequence[Asked]:
        """Return the latest requests of an organisation, newest first."""
        query = select(requests).where(requests.c.org == org).order_by(requests.c.created.desc())
        with self.database.read() as connection:
            return [_asked(row) for row in connection.execute(query.limit(limit)).all()]

    def answer_request(
        self,
        org: str,
        request_id: str,
        *,
        at: datetime,
        verdict: str | None,
        error: str | None,
        shown: Sequence[Shown],
    ) -> None:
        """Store the answer. Only the first ever comes in, however many arrive at once: else 410."""
        first = (
            (requests.c.request_id == request_id) & (requests.c.org == org) & requests.c.answered.is_(None)
        )
        with self.database.write() as connection:
            done = connection.execute(
                update(requests).where(first).values(answered=at, verdict=verdict, error=error)
            )
            if done.rowcount != 1:
                raise RefusedError("this request was answered already", Refusal.GONE, code="request_answered")
            for place, one in enumerate(shown):
                row = {"query_id": one.query_id, "verdict": one.verdict, "bundle": one.bundle}
                connection.execute(
                    insert(shown_table).values(request_id=request_id, place=place, org=org, **row)
                )
            record(connection, org, "wallet", "request.answer", request_id, now=at)

    def answer_of(self, org: str, request_id: str) -> Sequence[Shown]:
        """Return the presentations of the answer, in the order of the query."""
        mine = (shown_table.c.request_id == request_id) & (shown_table.c.org == org)
        query = select(shown_table).where(mine).order_by(shown_table.c.place)
        with self.database.read() as connection:
            return [Shown(row.query_id, row.verdict, row.bundle) for row in connection.execute(query).all()]


def _asked(row: Any) -> Asked:
    return Asked(
        request_id=row.request_id,
        org=row.org,
        purpose=row.purpose,
        query=row.query,
        client_id=row.client_id,
        nonce=row.nonce,
        state=row.state,
        created=row.created,
        expires=row.expires,
        answered=row.answered,
        verdict=row.verdict,
        error=row.error,
    )
