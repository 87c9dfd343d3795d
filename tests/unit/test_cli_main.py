"""The command as a whole: help, misuse, exit codes, what is imported, what reaches the terminal."""

import json
import os
import signal
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
        ["serve", "all", "--port", "65536"],
        ["serve", "all", "--port", "-1"],
        ["demo", "--port", "80.5"],
        ["token", "new", "--org", "a", "--scopes", "read", "--days", "0"],
        ["token", "new", "--org", "a", "--scopes", "read", "--days", "99999999"],
        ["org", "add", "a", "--name", "\udcff", "--data", "x"],
        ["issue", "a", "--key", "b", "--secure", "ldp"],
        ["issue", "a", "--key", "b", "--secure", "eddsa-jcs-2022", "--enveloped"],
    ],
    ids=" ".join,
)
def test_misuse_is_64(
    arguments: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
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


def test_a_setting_says_what_it_may_be(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("CERTWEAVE_ENVIRONMENT", "prod")
    assert main(["token", "list", "--org", "a"]) == 64
    assert "CERTWEAVE_ENVIRONMENT is one of development, production" in capsys.readouterr().err


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


@pytest.mark.parametrize(
    ("arguments", "error", "leave"),
    [
        (["verify", "missing.jwt", "--json"], "no_input", 66),
        (["verify", "--json"], "misuse", 64),
        (["verify", "broken.cwbundle", "--json"], "bundle_form", 1),
        (["replay", "broken.cwbundle", "--json"], "bundle_form", 1),
    ],
    ids=str,
)
def test_whoever_asks_for_json_gets_errors_as_json(
    arguments: list[str], error: str, leave: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    broken = tmp_path / "broken.cwbundle"
    broken.write_bytes(b"PK\x03\x04")
    assert main([str(broken) if one == broken.name else one for one in arguments]) == leave
    captured = capsys.readouterr()
    told = json.loads(captured.out)
    assert told["error"] == error
    assert told["detail"] in captured.err


@pytest.mark.parametrize(
    ("line", "leave", "said"),
    [
        ("{ %s --help; echo $? >&2; } | :", "141", ""),
        ("ulimit -f 0; %s --version > full; echo $? >&2", "64", "certweave: File too large"),
        ("%s --version >&-; echo $? >&2", "0", ""),
        ("%s verify missing 2>&-; echo $? >&2", "66", ""),
        ("{ %s verify 2>&1; echo $? >&3; } 3>&2 | :", "64", ""),
        ("%s verify - <&- >&-; echo $? >&2", "1", ""),
    ],
)
def test_where_output_goes_nowhere(line: str, leave: str, said: str, tmp_path: Path) -> None:
    """As other commands end: by the code of a closed pipe, with what the system said, never with a trace."""
    # Nobody measures here what is reached: that would be written where nothing can be.
    left_out = {"PYTHONUNBUFFERED", "COVERAGE_PROCESS_CONFIG", "COVERAGE_PROCESS_START"}
    environ = {name: value for name, value in os.environ.items() if name not in left_out}
    command = f"{sys.executable} -m certweave_app"
    done = subprocess.run(
        ["sh", "-c", line.replace("%s", command)],
        cwd=tmp_path,
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stderr.split() == [*said.split(), leave]


@pytest.mark.parametrize(
    ("module", "leave"), [("certweave_app.cli.tokens", -signal.SIGINT), ("certweave_edge.accounts", 130)]
)
def test_an_interruption_leaves_no_trace(module: str, leave: int, tmp_path: Path) -> None:
    """While modules load it ends the process, since some of them do not survive it; afterwards it is 130."""
    program = (
        "import importlib.abc, os, signal, sys\n"
        "from certweave_app.cli.main import run\n"
        "class Stop(importlib.abc.MetaPathFinder):\n"
        "    def find_spec(self, name, path, target=None):\n"
        f"        if name == {module!r}: os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Stop())\n"
        # Whoever runs the tests in the background has it ignored.
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"
        "run()\n"
    )
    arguments = ["token", "new", "--org", "a", "--scopes", "read"]
    done = subprocess.run(
        [sys.executable, "-c", program, *arguments],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (leave, "", "")


@pytest.mark.parametrize("home", [{}, {"HOME": "/dev/null"}], ids=str)
def test_a_user_may_have_no_home(home: dict[str, str], tmp_path: Path) -> None:
    program = (
        "import pwd, sys\n"
        "def nobody(number): raise KeyError(number)\n"
        "pwd.getpwuid = nobody\n"
        "from certweave_app.cli.main import main; sys.exit(main(['verify', 'draft.json', '--offline']))\n"
    )
    (tmp_path / "draft.json").write_text("{}", encoding="utf-8")
    environ = {name: value for name, value in os.environ.items() if name not in {"HOME", "XDG_DATA_HOME"}}
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=tmp_path,
        env={**environ, **home},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (1, "")


def test_documents_are_utf_8_whatever_the_terminal_reads(tmp_path: Path) -> None:
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"name": "é İpek شركة 🧵 a\x9b2Jb\u202ec\U000e0041d\ne"},
    }
    (tmp_path / "draft.json").write_text(json.dumps(document), encoding="utf-8")
    assert main(["key", "new", "--alg", "ed25519", "--out", str(tmp_path / "key.jwk")]) == 0
    for charset in ("ascii", "latin-1"):
        done = subprocess.run(
            [
                sys.executable,
                "-m",
                "certweave_app",
                "issue",
                "draft.json",
                "--key",
                "key.jwk",
                "--secure",
                "eddsa-jcs-2022",
            ],
            cwd=tmp_path,
            env={**os.environ, "PYTHONIOENCODING": charset},
            capture_output=True,
            check=True,
        )
        printed = done.stdout.decode("utf-8")
        assert json.loads(printed)["credentialSubject"] == document["credentialSubject"]
        assert "é İpek شركة 🧵 a\\u009b2Jb\\u202ec\\udb40\\udc41d\\ne" in printed, "and none moves the cursor"


def test_what_a_stranger_wrote_moves_no_cursor() -> None:
    assert plain("a\x1b[2Jb\u202ec\x9bd\ne") == "a\\u{1b}[2Jb\\u{202e}c\\u{9b}d\ne"
