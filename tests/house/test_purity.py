"""The core issues and examines while files, sockets and processes are refused (tests/support/pure_run.py)."""

import subprocess
import sys

from tests.support.shared import ROOT


def pure_run(*options: str) -> subprocess.CompletedProcess[str]:
    """Run the program and return how it ended."""
    return subprocess.run(
        [sys.executable, "-m", "tests.support.pure_run", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_core_touches_nothing() -> None:
    ended = pure_run()
    assert not ended.stderr
    number, *verdicts = ended.stdout.split()
    assert int(number) >= 10
    assert verdicts[: int(number)] == ["valid"] * int(number)
    assert "valid" not in verdicts[int(number) :]


def test_the_hook_would_tell() -> None:
    ended = pure_run("--cheat")
    assert ended.returncode
    assert "PermissionError: the core did open" in ended.stderr
