"""The ledger's settings and its command."""

from datetime import timedelta
from pathlib import Path

import pytest

from certweave.errors import CertweaveError
from certweave_edge.clock import now
from certweave_edge.settings_base import describe_settings
from certweave_edge.tables import SHARED
from certweave_ledger import cli
from certweave_ledger.app import make_app
from certweave_ledger.settings import LedgerSettings, make_settings
from certweave_ledger.store import TABLES

PRODUCTION = {
    "CERTWEAVE_ENVIRONMENT": "production",
    "CERTWEAVE_PUBLIC_URL": "https://ledger.mill.org",
    "CERTWEAVE_KEYSTORE_PASSPHRASE": "a long passphrase",
}


def test_variables_are_read() -> None:
    settings = make_settings({"CERTWEAVE_DID_HOST": "l.mill.org", "CERTWEAVE_LOG_BYTES": "1000"})
    assert (settings.did_host, settings.log_bytes) == ("l.mill.org", 1000)


@pytest.mark.parametrize(
    "host", ["", "localhost", "127.0.0.1", "a.example/b", "a.example:b", "https://a.example"]
)
def test_a_host_that_no_did_can_name_is_refused(host: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        make_settings({"CERTWEAVE_DID_HOST": host})
    assert caught.value.code == "setting_did_host"


def test_production_needs_a_host_of_its_own() -> None:
    with pytest.raises(CertweaveError) as caught:
        make_settings(PRODUCTION)
    assert caught.value.code == "setting_did_host"
    assert make_settings(PRODUCTION | {"CERTWEAVE_DID_HOST": "ledger.mill.org"}).https


def test_each_setting_is_documented() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/reference/settings.md").read_text(encoding="utf-8")
    for row in describe_settings(LedgerSettings):
        assert f"| `{row.variable}` | `{row.default}` | {row.meaning} |" in page


def test_tables_of_the_ledger_have_names_of_their_own() -> None:
    assert not {table.name for table in SHARED.sorted_tables} & {t.name for t in TABLES.sorted_tables}
    assert all(table.name.startswith("ledger_") for table in TABLES.sorted_tables)


def test_the_command_adds_an_organisation_and_rotates(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = ["--data", str(tmp_path)]
    assert cli.make_command().main([*data, "rotate"]) == 1, "there is no ledger, and none is made for that"
    assert "ledger_absent" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
    assert cli.make_command().main([*data, "add", "fa", "Fibre Assurance"]) == 0
    token = capsys.readouterr().out.strip()
    app = make_app(make_settings({}, data=tmp_path))
    try:
        found = [app.state.directory.find_token(token, now=now() + timedelta(days=day)) for day in (364, 366)]
    finally:
        app.state.close()
    assert [one is None for one in found] == [False, True]
    assert cli.make_command().main([*data, "add", "fa", "Fibre Assurance"]) == 1
    assert "org_exists" in capsys.readouterr().err
    assert cli.make_command().main([*data, "rotate"]) == 0
    assert capsys.readouterr().out.startswith("did:webvh:")


def test_two_ledgers_do_not_share_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    app = make_app(LedgerSettings(data=tmp_path))
    try:
        assert cli.make_command().main(["--data", str(tmp_path), "rotate"]) == 1
        assert "database_in_use" in capsys.readouterr().err
    finally:
        app.state.close()


@pytest.mark.parametrize("port", ["65536", "-1", "http"])
def test_a_port_that_is_none_is_misuse(port: str) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.make_command().main(["serve", "--port", port])
    assert caught.value.code == 2


def test_where_nothing_can_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert cli.make_command().main(["--data", str(tmp_path / "file"), "add", "fa", "FA"]) == 1
    assert capsys.readouterr().err.splitlines()[-1].endswith("File exists")
