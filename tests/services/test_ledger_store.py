"""The contract of the ledger's store, and of the identities, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from certweave_edge.audit import acts
from certweave_edge.identity_store import PENDING, Identity, IdentityStore
from certweave_edge.refused import RefusedError
from certweave_edge.sql import Database, open_database
from certweave_edge.tables import SHARED, organisations
from certweave_ledger.ports import Author, PublishedLog, SignedReceipt
from certweave_ledger.store import TABLES, SqlStore
from tests.support.postgres import postgres

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
AUTHOR = Author("token:1", NOW)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = f"sqlite:///{tmp_path / 'ledger.sqlite'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("server")
    with open_database(url, SHARED, TABLES) as opened:
        with opened.write() as to:
            for table in reversed([*SHARED.sorted_tables, *TABLES.sorted_tables]):
                to.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608
            for org in ("fa", "other"):
                to.execute(organisations.insert().values(org=org, name=org, created=NOW))
        yield opened


@pytest.fixture
def store(database: Database) -> SqlStore:
    return SqlStore(database)


def published(log: bytes = b"1\n", **members: object) -> PublishedLog:
    row = {"org": "fa", "path": "fa", "did": "did:x:1", "twin": b"{}", "versions": 1, "updated": NOW}
    return PublishedLog(**{**row, "log": log, **members})  # type: ignore[arg-type]


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value.code


def together(acts: list[Callable[[], None]]) -> list[str]:
    """Do all at once; return the code of each refusal."""

    def run(act: Callable[[], None]) -> str:
        try:
            act()
        except RefusedError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(len(acts)) as pool:
        return sorted(pool.map(run, acts))


def test_a_namespace_has_one_owner(store: SqlStore, database: Database) -> None:
    store.invite("fa", "fibre", author=AUTHOR)
    store.invite("fa", "fibre", author=AUTHOR)
    assert refusal(lambda: store.invite("other", "fibre", author=AUTHOR)) == "namespace_taken"
    assert refusal(lambda: store.invite("nobody", "x", author=AUTHOR)) == "org_unknown"
    assert (store.owns("fa", "fibre"), store.owns("other", "fibre")) == (True, False)
    assert [one.name for one in store.namespaces("fa")] == ["fibre"]
    assert [one.invited for one in store.namespaces("fa")] == [NOW]
    assert store.namespaces("other") == ()
    assert [(one.act, one.target) for one in acts(database, "fa")] == [("namespace.invite", "fibre")]


def test_of_two_who_are_invited_at_once_one_gets_it(store: SqlStore) -> None:
    codes = together(
        [lambda org=org: store.invite(org, "n", author=AUTHOR) for org in ("fa", "other")]  # type: ignore[misc]
    )
    assert codes == ["", "namespace_taken"]


def test_a_log_is_kept_byte_for_byte(store: SqlStore) -> None:
    assert store.find_log("fa") is None
    store.put_log("fa", published(), replaces=None, author=AUTHOR)
    assert store.find_log("fa") == published()
    store.put_log("fa", published(b"1\n2\n", versions=2, twin=None), replaces=b"1\n", author=AUTHOR)
    assert store.find_log("fa") == published(b"1\n2\n", versions=2, twin=None)
    assert store.count() == (1, 0)


def test_a_log_that_changed_is_not_replaced(store: SqlStore) -> None:
    store.put_log("fa", published(), replaces=None, author=AUTHOR)
    for replaces in (None, b"", b"1", b"1\n2\n"):
        act = lambda r=replaces: store.put_log("fa", published(b"x"), replaces=r, author=AUTHOR)  # noqa: E731
        assert refusal(act) == "log_changed"
    foreign = published(b"1\nx", org="other")
    assert refusal(lambda: store.put_log("other", foreign, replaces=b"1\n", author=AUTHOR)) == "log_changed"
    assert store.find_log("fa") == published()


@pytest.mark.parametrize("replaces", [None, b"1\n"])
def test_of_many_at_once_one_is_published(store: SqlStore, replaces: bytes | None) -> None:
    if replaces is not None:
        store.put_log("fa", published(replaces), replaces=None, author=AUTHOR)

    def act(number: int) -> Callable[[], None]:
        log = (replaces or b"") + b"%d\n" % number
        return lambda: store.put_log("fa", published(log), replaces=replaces, author=AUTHOR)

    assert together([act(number) for number in range(6)]) == ["", *["log_changed"] * 5]


def receipt(number: int, *, at: datetime = NOW, says: str = "t", method: str = "m") -> SignedReceipt:
    return SignedReceipt(f"{number:064x}", at, says, method)


def test_the_first_receipt_stands(store: SqlStore) -> None:
    first = [receipt(1), receipt(2)]
    assert store.add_receipts("fa", first, author=AUTHOR) == {one.digest: one for one in first}
    later = NOW.replace(year=2027)
    again = [receipt(2, at=later, says="late"), receipt(3, at=later)]
    kept = store.add_receipts("other", again, author=AUTHOR)
    assert kept == {first[1].digest: first[1], again[1].digest: again[1]}
    assert store.find_receipts([first[0].digest, "0" * 64]) == {first[0].digest: first[0]}
    assert store.find_receipts([]) == {}
    assert store.count() == (0, 3)


def test_a_receipt_is_signed_again_with_the_same_time_only(store: SqlStore) -> None:
    store.add_receipts("fa", [receipt(1)], author=AUTHOR)
    store.replace_receipt("fa", receipt(1, says="new", method="n"))
    store.replace_receipt("fa", receipt(1, at=NOW.replace(year=2020), says="backdated"))
    assert store.find_receipts([receipt(1).digest]) == {receipt(1).digest: receipt(1, says="new", method="n")}


def test_receipts_for_the_same_digests_at_once(store: SqlStore) -> None:
    def ask(caller: int) -> list[SignedReceipt]:
        wanted = [receipt(number, says=f"by {caller}") for number in range(200)]
        kept = store.add_receipts("fa", wanted[:: 1 if caller % 2 else -1], author=AUTHOR)
        return [kept[one.digest] for one in wanted]

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(ask, range(6)))
    assert all(answer == answers[0] for answer in answers)


def identity(org: str, log: bytes, **keys: str) -> Identity:
    names = {"update_key": "u", "next_key": "n", "assertion_key": "a", "authentication_key": "b", **keys}
    return Identity(org=org, did="did:x:1", host="h.example", path="p", log=log, etag=None, **names)


def test_identities_wait_until_they_are_published(database: Database) -> None:
    store = IdentityStore(database)
    store.add_pending("fa", identity("fa", b"1"), None)
    assert store.find("fa") is None
    assert store.all_pending() == ("fa",)
    store.confirm("fa", b"other", '"e"')
    assert store.find("fa") is None
    store.confirm("fa", b"1", '"e"')
    store.confirm("fa", b"1", '"f"')
    found = store.find("fa")
    assert found is not None
    assert (found.log, found.etag) == (b"1", '"e"')
    assert store.find("fa", PENDING) is None
    assert store.find("other") is None


def test_of_many_changes_of_an_identity_at_once_one_is_kept(database: Database) -> None:
    store = IdentityStore(database)

    def act(number: int) -> Callable[[], None]:
        def run() -> None:
            log = b"%d" % number
            store.add_pending("fa", identity("fa", log), None)
            store.confirm("fa", log, '"e"')

        return run

    assert together([act(number) for number in range(6)]) == ["", *["identity_pending"] * 5]
