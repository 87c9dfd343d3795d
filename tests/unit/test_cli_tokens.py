"""``certweave token``: what was made can be listed without its secret, and ended."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from certweave_app.cli.main import main
from certweave_app.serve.parts import make_service, read_settings
from certweave_edge.clock import now


def test_a_token_is_listed_and_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    place = ["--service", "wallet", "--data", str(tmp_path)]
    assert main(["org", "add", "mill", *place]) == 0
    assert main(["org", "add", "other", *place]) == 0
    assert main(["token", "new", "--org", "mill", "--scopes", "read,issue", "--label", "till 3", *place]) == 0
    secret = capsys.readouterr().out.splitlines()[-1]
    assert main(["token", "list", "--org", "mill", *place]) == 0
    line = capsys.readouterr().out
    assert secret not in line
    token_id, state, scopes, made, expires, label = line.strip().split("\t")
    assert (state, scopes, label) == ("live", "issue,read", "till 3")
    assert date.fromisoformat(expires) - date.fromisoformat(made) == timedelta(days=365), (
        "none lives for ever"
    )

    assert main(["token", "revoke", token_id, "--org", "other", *place]) == 64, "not theirs"
    assert main(["token", "revoke", token_id, "--org", "mill", *place]) == 0
    assert main(["token", "revoke", token_id, "--org", "mill", *place]) == 64, "only once"
    capsys.readouterr()
    assert main(["token", "list", "--org", "mill", *place]) == 0
    assert "\trevoked\t" in capsys.readouterr().out
    wallet = make_service("wallet", read_settings("wallet", {}, data=tmp_path))
    try:
        assert wallet.state.kit.directory.find_token(secret, now=now() + timedelta(seconds=1)) is None
    finally:
        wallet.state.close()


def test_nobody_has_no_tokens(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["org", "add", "mill", "--data", str(tmp_path)]) == 0
    assert main(["token", "list", "--org", "who", "--data", str(tmp_path)]) == 64
    assert "there is no organisation who" in capsys.readouterr().err


def test_a_label_moves_no_cursor_and_makes_no_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--org", "mill", "--data", str(tmp_path)]
    assert main(["org", "add", "mill", *place[2:]]) == 0
    assert main(["token", "new", "--scopes", "read", "--label", "a\n\tb\x1b[2J", *place]) == 0
    capsys.readouterr()
    assert main(["token", "list", *place]) == 0
    assert capsys.readouterr().out.endswith("\ta b\\u{1b}[2J\n")


@pytest.mark.parametrize("part", [["list"], ["new", "--scopes", "read"], ["revoke", "abc"]], ids=str)
def test_a_mistyped_directory_is_not_made(
    part: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["token", *part, "--org", "mill", "--data", str(tmp_path / "datta")]) == 66
    assert "datta/issuer.sqlite: there is no such file" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_an_organisation_is_registered_with_its_account_or_not_at_all(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    place = ["--service", "wallet", "--data", str(tmp_path)]
    assert main(["org", "add", "mill", "--product-host", "mill.example", *place]) == 0
    for refused in (["--login", "mill"], ["--product-host", "no host"], ["--product-host", "mill.example"]):
        assert main(["org", "add", "brand", *refused, *place]) == 64
    assert main(["org", "add", "brand", "--product-host", "brand.example", *place]) == 0
    assert "password: " in capsys.readouterr().out
