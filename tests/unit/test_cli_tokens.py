"""``certweave token``: what was made can be listed without its secret, and ended."""

from datetime import timedelta
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
    token_id, state, scopes, _, label = line.strip().split("\t")
    assert (state, scopes, label) == ("live", "issue,read", "till 3")

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
    assert main(["token", "list", "--org", "who", "--data", str(tmp_path)]) == 64
    assert "there is no organisation who" in capsys.readouterr().err
