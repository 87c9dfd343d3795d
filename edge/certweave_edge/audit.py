"""The record of acts: who, when, what, on what. Ids and codes only, never a credential, a claim or a key.

``record`` takes the connection of the act itself, so that an act and its record are stored
together or not at all.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select

from certweave_edge.sql import Database
from certweave_edge.tables import audit


@dataclass(frozen=True, slots=True)
class Act:
    """One line of the record."""

    at: datetime
    actor: str
    act: str
    target: str


def record(connection: Connection, org: str, actor: str, act: str, target: str, *, now: datetime) -> None:
    """Write one line within the transaction of the act.

    Args:
        connection: from ``Database.write``.
        org: whose act it is.
        actor: ``Principal.actor``.
        act: a stable word such as ``credential.issue``.
        target: the id of what it was done on.
        now: when.
    """
    connection.execute(insert(audit).values(org=org, at=now, actor=actor, act=act, target=target[:1000]))


def acts(database: Database, org: str, *, limit: int = 200) -> tuple[Act, ...]:
    """Return the latest acts of an organisation, newest first."""
    query = select(audit).where(audit.c.org == org).order_by(audit.c.entry.desc()).limit(limit)
    with database.read() as connection:
        rows = connection.execute(query).all()
    return tuple(Act(row.at, row.actor, row.act, row.target) for row in rows)
