"""Settings of the wallet are documented; its command registers organisations; its tables are its own."""

from pathlib import Path

import pytest

from certweave_edge.settings_base import describe_settings
from certweave_edge.status_tables import STATUS
from certweave_edge.tables import SHARED
from certweave_wallet import cli
from certweave_wallet.settings import WalletSettings, make_settings
from certweave_wallet.store.tables import WALLET


def test_each_setting_is_documented() -> None:
    page = (Path(__file__).resolve().parents[2] / "docs/reference/settings.md").read_text(encoding="utf-8")
    for row in describe_settings(WalletSettings):
        assert f"| `{row.variable}` | `{row.default}` | {row.meaning} |" in page


def test_an_argument_wins_over_its_variable(tmp_path: Path) -> None:
    made = make_settings({"CERTWEAVE_OFFER_DAYS": "3", "CERTWEAVE_ACT_HOSTS": "2"}, offer_days=4)
    assert (made.offer_days, made.act_hosts) == (4, 2)


def test_tables_have_names_of_their_own() -> None:
    others = {table.name for metadata in (SHARED, STATUS) for table in metadata.sorted_tables}
    assert not others & {table.name for table in WALLET.sorted_tables}


def test_the_command_says_what_is_wrong(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CERTWEAVE_LEDGER_URL", "http://127.0.0.1:1")
    for _ in range(2):
        assert cli.make_command().main(["--data", str(tmp_path), "add", "mill", "Sunrise Mill"]) == 1
        assert "ledger_unreachable" in capsys.readouterr().err
    host = ["--product-host", "no host"]
    assert cli.make_command().main(["--data", str(tmp_path), "add", "other", "Other", *host]) == 1
    assert "host_malformed" in capsys.readouterr().err
