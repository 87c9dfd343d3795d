"""SQL storage: SQLite by default, PostgreSQL by changing the URL (SQLAlchemy 2 Core, no ORM).

SQLite: write-ahead log, foreign keys on, every write in ``BEGIN IMMEDIATE``, and one writer per file. SQLite
before 3.51.3 can lose a commit when one connection commits while another starts a checkpoint
(https://www.sqlite.org/wal.html#walresetbug), so a lock file keeps other processes away, and in this process
one write ends, checkpoint included, before the next begins. That lock only orders: invariants are constraints
in the database. Tables are made with ``create_all``; from the first change of a table on, Alembic moves them.
"""

from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from types import TracebackType
from typing import Any, Self

from sqlalchemy import (
    Connection,
    DateTime,
    Dialect,
    Engine,
    MetaData,
    TypeDecorator,
    create_engine,
    event,
    inspect,
)
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, IntegrityError

from certweave_edge.locks import FileLock
from certweave_edge.refused import Refusal, RefusedError

BUSY_SECONDS = 10
"""How long a write waits for another; a write takes milliseconds, so after ten seconds something hangs."""
_IMMEDIATE = "certweave_immediate"


class UtcTime(TypeDecorator[datetime]):
    """A moment, always aware and in UTC, on both databases. A naive value is a programmer's mistake."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Store in UTC; SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a time without a zone cannot be stored")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware moment in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Database:
    """An open database. ``with database.write() as connection`` commits at the end or undoes everything."""

    def __init__(self, engine: Engine, lock: FileLock | None) -> None:
        self.engine = engine
        self._lock = lock
        self._turn: AbstractContextManager[Any] = nullcontext() if lock is None else Lock()

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Open a transaction that will write: on SQLite it takes the write lock at once."""
        with self._turn, self.engine.connect() as connection:
            connection.execution_options(**{_IMMEDIATE: True})
            with connection.begin():
                yield connection

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Open a transaction that only reads: one consistent picture of the data."""
        with self.engine.connect() as connection, connection.begin():
            yield connection

    def close(self) -> None:
        """Close all connections and give the lock file back."""
        self.engine.dispose()
        if self._lock is not None:
            self._lock.release()

    def __enter__(self) -> Self:
        """Return the open database."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()


def open_database(url: str, *tables: MetaData) -> Database:
    """Open the database at a URL and make the tables that are missing.

    Args:
        url: ``sqlite:////absolute/file.db`` or ``postgresql://user@host/name``.
        tables: the tables that must exist.

    Raises:
        RefusedError: another process writes to this SQLite file, the URL names no database we know, or the
            tables there are those of another version.
    """
    try:
        address = make_url(url)
    except ArgumentError:
        raise RefusedError("the database URL cannot be read", Refusal.CONFLICT, code="database_url") from None
    backend = address.get_backend_name()
    if backend == "sqlite":
        database = _open_sqlite(address)
    elif backend == "postgresql":
        address = address.set(drivername="postgresql+psycopg")
        engine = create_engine(
            address, hide_parameters=True, pool_pre_ping=True, pool_size=10, max_overflow=30
        )
        database = Database(engine, None)
    else:
        raise RefusedError(
            f"{backend} is not a database we know; use sqlite or postgresql",
            Refusal.CONFLICT,
            code="database_url",
        )
    with ExitStack() as undo:
        undo.callback(database.close)
        for metadata in tables:
            metadata.create_all(database.engine)
            _check_columns(database.engine, metadata)
        undo.pop_all()
    return database


def _check_columns(engine: Engine, metadata: MetaData) -> None:
    """Refuse a database whose tables are those of another version: every query would fail, later."""
    found = inspect(engine)
    for table in metadata.sorted_tables:
        there = {str(column["name"]) for column in found.get_columns(table.name, schema=table.schema)}
        missing = sorted({column.name for column in table.columns} - there)
        if missing:
            raise RefusedError(
                f"the table {table.name} of this database was made by another version: it has "
                f"no {', '.join(missing)}. Run the version that made it, or begin with an empty database",
                Refusal.CONFLICT,
                code="database_version",
            )


@contextmanager
def conflict(detail: str, *, code: str, path: str | None = None) -> Iterator[None]:
    """Turn a broken constraint of the database into ``RefusedError`` 409 with the words of the domain."""
    try:
        yield
    except IntegrityError as error:
        raise RefusedError(detail, Refusal.CONFLICT, code=code, path=path) from error


def _open_sqlite(address: URL) -> Database:
    if not address.database or address.database == ":memory:":
        raise RefusedError(
            "a database in memory cannot be shared by threads; name a file",
            Refusal.CONFLICT,
            code="database_url",
        )
    file = Path(address.database).absolute()
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = FileLock(file.with_name(file.name + ".lock"))
    if not lock.acquire():
        raise RefusedError(
            f"{file.name} is in use by process {lock.holder() or 'unknown'}. One SQLite file has one writer: "
            "stop that process, or move to PostgreSQL by setting CERTWEAVE_DATABASE_URL=postgresql://…",
            Refusal.CONFLICT,
            code="database_in_use",
        )
    engine = create_engine(
        address,
        hide_parameters=True,
        pool_size=10,
        max_overflow=40,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return Database(engine, lock)


def _prepare_sqlite(connection: Any, record: Any) -> None:
    # The driver would begin transactions on its own and only before some statements; we begin them.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: a status index or a number that was handed out must survive a power cut.
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    immediate = connection.get_execution_options().get(_IMMEDIATE, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if immediate else "BEGIN")
