"""The ledger's tables, and its ports on them. Every invariant is a constraint or a condition of one write."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    CheckConstraint,
    Column,
    Connection,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    func,
    insert,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from certweave_edge.audit import record
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sql import Database, UtcTime, conflict
from certweave_edge.tables import organisations
from certweave_ledger.ports import Author, Namespace, PublishedLog, SignedReceipt

TABLES = MetaData()
_BATCH = 500
"""Parameters of one query; SQLite takes some thousands."""

namespaces = Table(
    "ledger_namespaces",
    TABLES,
    Column("name", String(63), primary_key=True),
    Column("org", String(63), nullable=False, index=True),
    Column("invited", UtcTime, nullable=False),
)

logs = Table(
    "ledger_logs",
    TABLES,
    Column("path", String(400), primary_key=True),
    Column("org", String(63), nullable=False, index=True),
    Column("did", String(2048), nullable=False),
    Column("log", LargeBinary, nullable=False),
    Column("twin", LargeBinary),
    Column("versions", Integer, nullable=False),
    Column("updated", UtcTime, nullable=False),
    CheckConstraint("versions > 0", name="ck_ledger_logs_versions"),
)

receipts = Table(
    "ledger_receipts",
    TABLES,
    Column("digest", String(64), primary_key=True),
    Column("org", String(63), nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("token", Text, nullable=False),
    Column("method", String(2200), nullable=False),
    CheckConstraint("length(digest) = 64", name="ck_ledger_receipts_digest"),
)


class SqlStore:
    """``Store`` and ``Shelf`` on a database."""

    def __init__(self, database: Database) -> None:
        """Use a database that was opened with the shared tables and ``TABLES``."""
        self._database = database

    def invite(self, org: str, name: str, *, author: Author) -> None:
        """Give a namespace to an organisation; see ``Store``."""
        with (
            conflict("this namespace belongs to another organisation", code="namespace_taken"),
            self._database.write() as to,
        ):
            if to.execute(select(organisations.c.org).where(organisations.c.org == org)).first() is None:
                raise RefusedError(f"there is no organisation {org}", Refusal.NOT_FOUND, code="org_unknown")
            mine = (namespaces.c.name == name) & (namespaces.c.org == org)
            if to.execute(select(namespaces.c.name).where(mine)).first() is not None:
                return
            to.execute(insert(namespaces).values(name=name, org=org, invited=author.at))
            record(to, org, author.actor, "namespace.invite", name, now=author.at)

    def namespaces(self, org: str) -> tuple[Namespace, ...]:
        """Return the namespaces of an organisation by name."""
        query = select(namespaces).where(namespaces.c.org == org).order_by(namespaces.c.name)
        with self._database.read() as connection:
            rows = connection.execute(query).all()
        return tuple(Namespace(row.org, row.name, row.invited) for row in rows)

    def owns(self, org: str, name: str) -> bool:
        """Return whether a namespace is this organisation's."""
        mine = (namespaces.c.name == name) & (namespaces.c.org == org)
        with self._database.read() as connection:
            return connection.execute(select(namespaces.c.name).where(mine)).first() is not None

    def put_log(self, org: str, published: PublishedLog, *, replaces: bytes | None, author: Author) -> None:
        """Publish a log in place of another; see ``Store``."""
        row = {name: getattr(published, name) for name in published.__slots__} | {"org": org}
        with conflict(_CHANGED, code="log_changed"), self._database.write() as to:
            if replaces is None:
                to.execute(insert(logs).values(row))
            else:
                same = (logs.c.path == published.path) & (logs.c.org == org) & (logs.c.log == replaces)
                if to.execute(update(logs).where(same).values(row)).rowcount != 1:
                    raise RefusedError(_CHANGED, Refusal.CONFLICT, code="log_changed")
            act = "did.create" if replaces is None else "did.update"
            record(to, org, author.actor, act, published.did, now=author.at)

    def add_receipts(
        self, org: str, fresh: Sequence[SignedReceipt], *, author: Author
    ) -> Mapping[str, SignedReceipt]:
        """Keep receipts and return what is kept for each digest; see ``Store``."""
        with self._database.write() as to:
            if fresh:
                to.execute(_insert_first(to), [_row(org, one) for one in sorted(fresh, key=_digest)])
            kept = _find(to, [one.digest for one in fresh])
            record(to, org, author.actor, "receipts.request", str(len(fresh)), now=author.at)
        return kept

    def replace_receipt(self, org: str, receipt: SignedReceipt) -> None:
        """Keep the same receipt under another key; see ``Store``."""
        same = (receipts.c.digest == receipt.digest) & (receipts.c.at == receipt.at)
        with self._database.write() as to:
            to.execute(update(receipts).where(same).values(token=receipt.token, method=receipt.method))

    def find_log(self, path: str) -> PublishedLog | None:
        """Return the log at a path, or None."""
        with self._database.read() as connection:
            row = connection.execute(select(logs).where(logs.c.path == path)).one_or_none()
        return None if row is None else PublishedLog(**row._mapping)

    def find_receipts(self, digests: Sequence[str]) -> Mapping[str, SignedReceipt]:
        """Return the receipts that there are."""
        with self._database.read() as connection:
            return _find(connection, digests)

    def count(self) -> tuple[int, int]:
        """Return how many DIDs and how many receipts there are."""
        with self._database.read() as connection:
            dids = connection.execute(select(func.count()).select_from(logs)).scalar_one()
            return dids, connection.execute(select(func.count()).select_from(receipts)).scalar_one()


_CHANGED = "this log has changed in the meantime; read it again and add your version to what is there"


def _insert_first(to: Connection) -> Any:
    """Return an insert that leaves alone what another transaction may have put there first."""
    make = postgresql.insert if to.dialect.name == "postgresql" else sqlite.insert
    return make(receipts).on_conflict_do_nothing(index_elements=["digest"])


def _row(org: str, one: SignedReceipt) -> dict[str, Any]:
    return {"digest": one.digest, "org": org, "at": one.at, "token": one.token, "method": one.method}


def _digest(one: SignedReceipt) -> str:
    # In one order for everybody: two transactions that wait for each other's rows would never end.
    return one.digest


def _find(connection: Connection, digests: Sequence[str]) -> dict[str, SignedReceipt]:
    return {
        row.digest: SignedReceipt(row.digest, row.at, row.token, row.method)
        for batch in _batches(digests)
        for row in connection.execute(select(receipts).where(receipts.c.digest.in_(batch)))
    }


def _batches(items: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(items), _BATCH):
        yield items[start : start + _BATCH]
