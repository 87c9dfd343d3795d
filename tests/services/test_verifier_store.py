"""The contract of the verifier's store, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import text

from certweave_edge.audit import acts
from certweave_edge.refused import RefusedError
from certweave_edge.sql import Database, open_database
from certweave_edge.tables import SHARED
from certweave_verifier.ports import Asked, Kept, Shown
from certweave_verifier.store import VERIFIER, SqlStore
from tests.support.postgres import postgres

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
KEPT = Kept("0" * 32, NOW, "undecided", "Zertifikat über 100 % قطن", b"PK\x00\xff")
ASKED = Asked(
    request_id="r1",
    org="fa",
    purpose="We order yarn.",
    query={"credentials": [{"id": "any", "format": "vc+jwt", "meta": {"type_values": [["\u0000ü"]]}}]},
    client_id="decentralized_identifier:did:web:v.example",
    nonce="n1",
    state="s1",
    created=NOW,
    expires=NOW + timedelta(minutes=10),
)
SHOWN = (Shown("b", "valid", b"\x00two"), Shown("a", "invalid", b"one"))


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = f"sqlite:///{tmp_path / 'verifier.sqlite'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("server")
    with open_database(url, SHARED, VERIFIER) as opened:
        with opened.write() as to:
            for table in reversed([*SHARED.sorted_tables, *VERIFIER.sorted_tables]):
                to.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608
        yield opened


@pytest.fixture
def store(database: Database) -> SqlStore:
    return SqlStore(database)


def test_a_check_comes_back_as_it_was(store: SqlStore, database: Database) -> None:
    store.keep_check("fa", KEPT, actor="account:clerk")
    assert store.find_check("fa", KEPT.check_id) == KEPT
    assert store.find_check("other", KEPT.check_id) is None
    assert store.checks("fa") == [replace(KEPT, bundle=b"")]
    assert store.checks("other") == []
    assert [(one.act, one.target) for one in acts(database, "fa")] == [("check.make", KEPT.check_id)]


def test_the_latest_checks_come_first(store: SqlStore) -> None:
    for number in range(5):
        kept = replace(KEPT, check_id=f"{number:032}", at=NOW + timedelta(seconds=number))
        store.keep_check("fa", kept, actor="account:clerk")
    assert [int(one.check_id) for one in store.checks("fa", limit=3)] == [4, 3, 2]


def test_a_request_comes_back_as_it_was(store: SqlStore) -> None:
    store.add_request("fa", ASKED, actor="token:1")
    assert store.find_request("r1") == ASKED
    assert store.find_request("r2") is None
    assert store.requests("fa") == [ASKED]
    assert store.requests("other") == []


def test_the_first_answer_stands(store: SqlStore) -> None:
    store.add_request("fa", ASKED, actor="token:1")
    at = NOW + timedelta(minutes=1)

    def answer(number: int) -> str:
        shown = (*SHOWN, Shown(f"by{number}", "valid", b""))
        try:
            store.answer_request("fa", "r1", at=at, verdict="invalid", error=None, shown=shown)
        except RefusedError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(answer, range(8)))
    assert sorted(answers) == [""] + ["request_answered"] * 7
    assert store.find_request("r1") == replace(ASKED, answered=at, verdict="invalid")
    assert store.answer_of("fa", "r1") == [*SHOWN, Shown(f"by{answers.index('')}", "valid", b"")]
    assert store.answer_of("other", "r1") == []


def test_nobody_answers_for_another_organisation(store: SqlStore) -> None:
    store.add_request("fa", ASKED, actor="token:1")
    with pytest.raises(RefusedError):
        store.answer_request("other", "r1", at=NOW, verdict=None, error="access_denied", shown=())
    assert store.find_request("r1") == ASKED
