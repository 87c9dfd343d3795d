"""The command as a whole: help, misuse, exit codes, what is imported, what reaches the terminal."""

import subprocess
import sys
from pathlib import Path

import pytest

from certweave_app.cli.frame import plain
from certweave_app.cli.main import VERBS, main, make_parser


def test_without_a_verb_it_is_misuse(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 64
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "a verb is missing" in captured.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["nonsense"],
        ["verify"],
        ["verify", "a", "b"],
        ["verify", "a", "--at", "yesterday"],
        ["verify", "a", "--evidence-for", "https://a.example/"],
        ["verify", "a", "--host-map", "a.example"],
        ["verify", "a", "--host-map", "a.example=nonsense"],
        ["verify", "a", "--off"],
        ["key", "new"],
        ["key", "new", "--alg", "rsa"],
        ["key"],
        ["did"],
        ["did", "create", "--host", "a.example"],
        ["did", "create", "--host", "a.example:x", "--out", "x"],
        ["did", "create", "--host", "127.0.0.1", "--out", "x"],
        ["did", "update", "--dir", "x"],
        ["did", "update", "--dir", "x", "--rotate", "--add-key"],
        ["did", "resolve", "did:key:z", "--at", "2026-01-01T00:00:00Z", "--version-number", "1"],
        ["contexts", "add", "terms.json"],
        ["issue", "a", "--key", "b", "--secure", "ldp"],
        ["issue", "a", "--key", "b", "--secure", "eddsa-jcs-2022", "--enveloped"],
    ],
    ids=" ".join,
)
def test_misuse_is_64(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 64
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err
    assert "Traceback" not in captured.err


@pytest.mark.parametrize(
    "arguments",
    [
        ["verify", "missing.jwt"],
        ["verify", "."],
        ["replay", "missing.cwbundle"],
        ["issue", "missing.json", "--key", "key.jwk", "--secure", "vc+jwt"],
        ["did", "update", "--dir", "missing", "--rotate"],
        ["did", "deactivate", "--dir", "missing"],
        ["did", "resolve", "did:web:a.example", "--log", "missing"],
        ["contexts", "add", "missing", "--url", "https://a.example/"],
    ],
    ids=" ".join,
)
def test_no_such_file_is_66(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(arguments) == 66
    assert "there is no such file" in capsys.readouterr().err


def test_the_version_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--version"]) == 0
    assert capsys.readouterr().out.startswith("certweave ")


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_helps_with_an_example(verb: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([verb, "--help"]) == 0
    assert f"example:\n  certweave {verb} " in capsys.readouterr().out


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    assert all(summary in shown for _, summary in VERBS.values())


def test_the_table_and_the_verbs_say_the_same() -> None:
    """Help of the whole command comes from the table, so that no verb need be imported for it."""
    shown, listed = make_parser([]).format_help(), make_parser(list(VERBS)).format_help()
    assert shown == listed


@pytest.mark.parametrize("verb", ["verify", "issue", "did"])
def test_a_verb_starts_without_what_it_does_not_need(verb: str) -> None:
    program = (
        "import sys; from certweave_app.cli.main import main; main([sys.argv[1], '--help']);"
        "print(*sorted(m for m in ('fastapi', 'sqlalchemy', 'httpx', 'httpcore', 'uvicorn', 'jinja2')"
        " if m in sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program, verb], capture_output=True, text=True, check=True)
    assert done.stderr.strip() == ""


def test_services_name_the_package_that_is_not_there() -> None:
    program = (
        "import sys; sys.modules['sqlalchemy'] = None; from certweave_app.cli.main import main;"
        "sys.exit(main(['token', 'list', '--org', 'a', '--data', 'nowhere']))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (64, "")
    assert "sqlalchemy is not installed; services need pip install 'certweave[services]'" in done.stderr


def test_what_a_stranger_wrote_moves_no_cursor() -> None:
    assert plain("a\x1b[2Jb\u202ec\x9bd\ne") == "a\\u{1b}[2Jb\\u{202e}c\\u{9b}d\ne"
