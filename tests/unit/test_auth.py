"""Accounts, tokens, settings, the SQL base and what they refuse."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import zxingcpp
from argon2 import PasswordHasher
from sqlalchemy import func, insert, select
from tests.support.png import read_png

from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError
from certweave_edge.accounts import Directory, Scope, parse_scopes
from certweave_edge.audit import acts, record
from certweave_edge.budget import Allowance, Budget
from certweave_edge.i18n import Languages
from certweave_edge.negotiate import choose
from certweave_edge.qr import qr_png, qr_svg
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.settings_base import (
    BaseSettings,
    Environment,
    check_settings,
    describe_settings,
    load_settings,
)
from certweave_edge.sql import Database, open_database
from certweave_edge.tables import SHARED, organisations

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    with open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", SHARED) as opened:
        yield opened


@pytest.fixture
def directory(database: Database) -> Directory:
    directory = Directory(database, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    directory.add_organisation("fa", "Fibre Assurance", now=NOW)
    return directory


def test_accounts(directory: Directory) -> None:
    directory.add_account("fa", " Ada@Fibre.example", "a long password", [Scope.READ], now=NOW)
    principal = directory.check_password("ADA@fibre.example", "a long password")
    assert (principal.org, principal.actor) == ("fa", "account:ada@fibre.example")
    assert principal.may(Scope.READ)
    assert not principal.may(Scope.ISSUE)
    for login, password in [("ada@fibre.example", "another one"), ("eve", "a long password")]:
        with pytest.raises(RefusedError, match="do not belong together") as caught:
            directory.check_password(login, password)
        assert caught.value.refusal is Refusal.UNAUTHENTICATED


def test_what_the_database_itself_refuses(directory: Directory) -> None:
    with pytest.raises(RefusedError) as caught:
        directory.add_organisation("fa", "Again", now=NOW)
    assert (caught.value.refusal, caught.value.code) == (Refusal.CONFLICT, "org_exists")
    directory.add_account("fa", "ada", "a long password", [Scope.READ], now=NOW)
    with pytest.raises(RefusedError, match="taken"):
        directory.add_account("fa", "ADA", "a long password", [Scope.READ], now=NOW)
    with pytest.raises(RefusedError) as caught:
        directory.make_token("nobody", [Scope.READ], label="x", now=NOW)
    assert caught.value.refusal is Refusal.NOT_FOUND
    with pytest.raises(MalformedError):
        directory.add_account("fa", "bob", "short", [Scope.READ], now=NOW)


def test_a_token_is_stored_as_its_hash(directory: Directory, tmp_path: Path) -> None:
    secret = directory.make_token("fa", [Scope.ISSUE, Scope.READ], label="mill", now=NOW)
    assert directory.tokens("fa")[0].scopes == {Scope.ISSUE, Scope.READ}
    assert directory.tokens("other") == ()
    with pytest.raises(RefusedError):
        directory.revoke_token("other", directory.tokens("fa")[0].token_id, now=NOW)
    assert directory.find_token(secret, now=NOW) is not None
    stored = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert secret.encode() not in stored


@pytest.mark.parametrize("text", ["", "  ", "read,write", "READ"])
def test_scopes_are_an_allow_list(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_scopes(text)


def test_one_writer_per_file(database: Database, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="PostgreSQL") as caught:
        open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", SHARED)
    assert caught.value.code == "database_in_use"
    database.close()
    open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", SHARED).close()


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql+pymysql://x/y", "no url"])
def test_databases_we_do_not_take(url: str) -> None:
    with pytest.raises(RefusedError):
        open_database(url)


def test_writes_from_many_threads_all_arrive(database: Database) -> None:
    def add(number: int) -> None:
        with database.write() as to:
            count = to.execute(select(func.count()).select_from(organisations)).scalar_one()
            to.execute(insert(organisations).values(org=f"o{number}", name=str(count), created=NOW))

    with ThreadPoolExecutor(12) as pool:
        list(pool.map(add, range(100)))
    with database.read() as connection:
        names = connection.execute(select(organisations.c.name)).scalars().all()
    assert sorted(int(name) for name in names) == list(range(100))


def test_an_act_and_its_record_stand_or_fall_together(database: Database) -> None:
    def fail() -> None:
        with database.write() as to:
            record(to, "fa", "account:ada", "credential.issue", "2026-0117", now=NOW)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert acts(database, "fa") == ()
    later = NOW.astimezone(timezone(timedelta(hours=3)))
    with database.write() as to:
        record(to, "fa", "account:ada", "credential.issue", "2026-0117", now=later)
    assert [(act.at, act.target) for act in acts(database, "fa")] == [(NOW, "2026-0117")]
    assert acts(database, "other") == ()


SAFE = BaseSettings(
    environment=Environment.PRODUCTION,
    public_url="https://certs.example",
    keystore_passphrase="Zq8-linen-loom",
)


@pytest.mark.parametrize(
    "change",
    [
        {"public_url": "http://certs.example"},
        {"public_url": "https://certs.example/path"},
        {"keystore_passphrase": None},
        {"keystore_passphrase": "ChangeMe"},
        {"prefix": "issuer"},
    ],
    ids=str,
)
def test_production_refuses_what_is_unsafe(change: dict[str, str | None]) -> None:
    check_settings(SAFE)
    with pytest.raises(InvalidError):
        check_settings(replace(SAFE, **change))  # type: ignore[arg-type]


def test_settings_come_from_arguments_then_variables_then_defaults() -> None:
    environ = {"CERTWEAVE_DATA": "/srv/x", "CERTWEAVE_BODY_BYTES": "7", "CERTWEAVE_PREFIX": "/a"}
    settings = load_settings(BaseSettings, environ, prefix="/b", environment=None)
    assert (settings.data, settings.body_bytes, settings.prefix) == (Path("/srv/x"), 7, "/b")
    assert settings.database("issuer") == "sqlite:////srv/x/issuer.sqlite"
    with pytest.raises(MalformedError):
        load_settings(BaseSettings, {"CERTWEAVE_BODY_BYTES": "many"})
    assert "loom" not in repr(SAFE)


def test_each_setting_is_documented() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/reference/settings.md").read_text()
    for row in describe_settings(BaseSettings):
        assert row.meaning
        assert f"| `{row.variable}` | `{row.default}` | {row.meaning} |" in page


def test_a_budget_ends_undecided() -> None:
    budget = Budget(Allowance(hosts=1, bytes=10, seconds=5), started=100.0)
    budget.spend_host("a.example")
    budget.spend_host("a.example")
    assert budget.seconds_left(104.0) == 1.0
    for spend in (
        lambda: budget.spend_host("b.example"),
        lambda: budget.spend_bytes(11),
        lambda: budget.seconds_left(105.0),
    ):
        with pytest.raises(UndecidedError) as caught:
            spend()
        assert caught.value.cause is Cause.LIMIT


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("", "application/vc+jwt"),
        ("*/*", "application/vc+jwt"),
        ("text/html,*/*;q=0.8", "text/html"),
        ("application/json;q=0.5, text/*;q=0.4", "application/json"),
        ("image/png", None),
        ("text/html;q=0", None),
    ],
)
def test_negotiation(accept: str, chosen: str | None) -> None:
    assert choose(accept, ["application/vc+jwt", "application/json", "text/html"]) == chosen


def test_numbers_dates_and_units_are_written_in_each_language() -> None:
    languages = Languages(["certweave_edge"])
    english, german = languages.get("en"), languages.get("de")
    assert (english.date(NOW), german.date(NOW)) == ("12 March 2026", "12. März 2026")
    assert english.moment(NOW) == "12 March 2026, 09:00 UTC"
    assert (english.quantity(1020.5005, "KGM"), german.quantity(1020.5, "KGM")) == (
        "1,020.5005 kg",
        "1.020,5 kg",
    )
    assert english.quantity(3, "XBL") == "3 XBL"
    assert english.percent(0.955) == "95.5 %"
    assert german.text({"en": "Cotton", "de": "Baumwolle"}) == "Baumwolle"
    assert german.text({"fr": "Coton"}) == "Coton"


def test_a_qr_code_can_be_read_back() -> None:
    address = "https://lindau.example/01/09521234543213/10/17"
    assert [found.text for found in zxingcpp.read_barcodes(read_png(qr_png(address)))] == [address]


def test_a_qr_code_needs_no_inline_style() -> None:
    svg = qr_svg("https://lindau.example/", label='<"&')
    assert svg.startswith('<svg role="img"')
    assert "style" not in svg
    assert '<"' not in svg
