"""What the tests of the services share: a database, two organisations, a clock, an office and a wallet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from certweave_edge.accounts import Directory, Scope
from certweave_edge.sql import Database, open_database
from certweave_edge.tables import SHARED
from tests.support.rooms import office, purse, service

__all__ = ["office", "purse", "service"]

PASSWORD = "correct horse battery"


@dataclass
class Clock:
    """A clock that stands still until a test moves it."""

    now: datetime = field(default_factory=lambda: datetime(2026, 3, 12, 9, tzinfo=UTC))

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path / 'edge.sqlite'}", SHARED) as opened:
        yield opened


@pytest.fixture
def directory(database: Database, clock: Clock) -> Directory:
    """Organisations ``fa`` and ``other``; an account of ``fa`` that may do everything."""
    quick = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    directory = Directory(database, hasher=quick)
    directory.add_organisation("fa", "Fibre Assurance", now=clock())
    directory.add_organisation("other", "Other", now=clock())
    directory.add_account("fa", "Clerk@Fibre.example", PASSWORD, [Scope.ADMIN], now=clock())
    return directory
