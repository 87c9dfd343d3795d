"""Where the last answer about each product is kept, and the pictures that its maker signed.

The answers are public and belong to no organisation: anybody who holds the product may read them. How many
are kept is bounded, for anybody may ask for any serial number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from sqlalchemy import (
    JSON,
    Column,
    LargeBinary,
    MetaData,
    String,
    Table,
    delete,
    func,
    insert,
    select,
)

from certweave.encoding.strict_json import JsonObject
from certweave_edge.sql import Database, UtcTime
from certweave_edge.tables import SHARED

MOST_ANSWERS = 20_000
"""Some 200 MB; beyond that the oldest go, and are made again when somebody asks."""

PRODUCTS = MetaData(naming_convention=SHARED.naming_convention)

answers = Table(
    "verifier_products",
    PRODUCTS,
    Column("host", String(253), primary_key=True),
    Column("path", String(200), primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("answer", JSON, nullable=False),
)

pictures = Table(
    "verifier_product_pictures",
    PRODUCTS,
    Column("digest", String(64), primary_key=True),
    Column("media_type", String(50), nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("at", UtcTime, nullable=False, index=True),
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture as it is shown: its bytes were signed, by value or by digest."""

    media_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Told:
    """An answer as it was told, at its time, in the JSON form of ``ProductAnswer``."""

    at: datetime
    answer: JsonObject


class ProductStore(Protocol):
    """The last answers."""

    def find_answer(self, host: str, path: str) -> Told | None:
        """Return the last answer about a product, or None."""

    def keep_answer(self, host: str, path: str, told: Told, shown: Mapping[str, Shown]) -> None:
        """Keep an answer in place of the last one, with its pictures by SHA-256, in one transaction."""

    def find_picture(self, digest: str) -> Shown | None:
        """Return a picture by its SHA-256 in hex, or None."""


class SqlProductStore:
    """The ``ProductStore`` in a database."""

    def __init__(self, database: Database, *, most: int = MOST_ANSWERS) -> None:
        self._database = database
        self._most = most

    def find_answer(self, host: str, path: str) -> Told | None:
        """Return the last answer about a product, or None."""
        query = select(answers.c.at, answers.c.answer).where(answers.c.host == host, answers.c.path == path)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Told(row.at, row.answer)

    def keep_answer(self, host: str, path: str, told: Told, shown: Mapping[str, Shown]) -> None:
        """Keep an answer in place of the last one, with its pictures by SHA-256, in one transaction."""
        with self._database.write() as connection:
            connection.execute(delete(answers).where(answers.c.host == host, answers.c.path == path))
            connection.execute(insert(answers).values(host=host, path=path, at=told.at, answer=told.answer))
            for digest, one in shown.items():
                row = {"media_type": one.media_type, "content": one.content, "at": told.at}
                connection.execute(delete(pictures).where(pictures.c.digest == digest))
                connection.execute(insert(pictures).values(digest=digest, **row))
            for table in (answers, pictures):
                count = connection.execute(select(func.count()).select_from(table)).scalar_one()
                if count > self._most:
                    newest = select(table.c.at).order_by(table.c.at.desc()).offset(self._most).limit(1)
                    connection.execute(delete(table).where(table.c.at <= newest.scalar_subquery()))

    def find_picture(self, digest: str) -> Shown | None:
        """Return a picture by its SHA-256 in hex, or None."""
        query = select(pictures.c.media_type, pictures.c.content).where(pictures.c.digest == digest)
        with self._database.read() as connection:
            row = connection.execute(query).one_or_none()
        return None if row is None else Shown(row.media_type, row.content)
