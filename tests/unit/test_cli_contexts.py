"""``certweave contexts``: pinning more."""

import json
from pathlib import Path

import pytest
from tests.support.web import respond, serving

from certweave_app.cli.main import main

URL = "https://terms.example/v1"
CONTEXT = {"@context": {"weave": "https://terms.example/weave"}}

Output = pytest.CaptureFixture[str]


def listed(capsys: Output, data: Path) -> dict[str, str]:
    assert main(["contexts", "list", "--data", str(data)]) == 0
    lines = capsys.readouterr().out.splitlines()
    return {url: digest for digest, url in (line.split("  ") for line in lines)}


def test_a_file_is_pinned_under_its_address(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "terms.json").write_text(json.dumps(CONTEXT), encoding="utf-8")
    data = tmp_path / "data"
    data.mkdir()
    before = listed(capsys, data)
    assert main(["contexts", "add", str(tmp_path / "terms.json"), "--url", URL, "--data", str(data)]) == 0
    capsys.readouterr()
    after = listed(capsys, data)
    assert after.keys() - before.keys() == {URL}
    assert (data / "contexts" / after[URL]).is_file()


def test_an_address_is_fetched_and_pinned(tmp_path: Path, capsys: Output) -> None:
    with serving(lambda handler: respond(handler, json.dumps(CONTEXT).encode())) as base:
        mapped = ["--host-map", f"terms.example={base}"]
        assert main(["contexts", "add", URL, "--data", str(tmp_path), *mapped]) == 0
    capsys.readouterr()
    assert URL in listed(capsys, tmp_path)


def test_what_comes_with_us_is_not_replaced(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "terms.json").write_text(json.dumps(CONTEXT), encoding="utf-8")
    url = "https://www.w3.org/ns/credentials/v2"
    assert main(["contexts", "add", str(tmp_path / "terms.json"), "--url", url, "--data", str(tmp_path)]) == 1
    assert "context_pin" in capsys.readouterr().err


def test_what_is_no_context_is_refused(tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "terms.json").write_text("{}", encoding="utf-8")
    assert main(["contexts", "add", str(tmp_path / "terms.json"), "--url", URL, "--data", str(tmp_path)]) == 1
    assert listed(capsys, tmp_path).get(URL) is None


@pytest.mark.parametrize("url", ["https://", "https://a b/", "https://a.example/\x1b[2J", "terms"])
def test_what_is_no_address_is_misuse(url: str, tmp_path: Path, capsys: Output) -> None:
    (tmp_path / "terms.json").write_text(json.dumps(CONTEXT), encoding="utf-8")
    data = tmp_path / "data"
    assert main(["contexts", "add", str(tmp_path / "terms.json"), "--url", url, "--data", str(data)]) == 64
    assert not data.exists()
    assert "\x1b" not in capsys.readouterr().err


def test_a_mistyped_directory_lists_nothing(tmp_path: Path, capsys: Output) -> None:
    assert main(["contexts", "list", "--data", str(tmp_path / "datta")]) == 66
    assert "datta: there is no such directory" in capsys.readouterr().err


def test_an_address_that_does_not_answer_is_2(tmp_path: Path, capsys: Output) -> None:
    with serving(lambda handler: respond(handler, status=404)) as base:
        mapped = ["--host-map", f"terms.example={base}"]
        assert main(["contexts", "add", URL, "--data", str(tmp_path), *mapped]) == 2
    assert "HTTP 404" in capsys.readouterr().err
