"""The tutorial and the guides do what they say: commands and code run, and what they show comes out."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from certweave.keys.model import Algorithm
from certweave_edge.contexts import load_context_store
from tests.support.pure_run import issue
from tests.support.shared import ROOT

PAGE = ROOT / "docs/tutorial/first-steps.md"
FILE = re.compile(r"^```json (?P<name>\S+)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
PYTHON = re.compile(r"^```python\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
SESSION = re.compile(r"^```console\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
MARK = "-- next command --"


def read_session(text: str) -> list[tuple[str, list[str]]]:
    """Return the commands with the lines that should be found in what each prints."""
    steps: list[tuple[str, list[str]]] = []
    for block in SESSION.finditer(text):
        for line in block["text"].splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], []))
            else:
                steps[-1][1].append(line.strip())
    return steps


def test_the_first_steps_can_be_taken(tmp_path: Path) -> None:
    text = PAGE.read_text(encoding="utf-8")
    for file in FILE.finditer(text):
        (tmp_path / file["name"]).write_text(file["text"], encoding="utf-8")
    steps = read_session(text)
    script = "set -e\n" + "".join(f"{command}\necho '{MARK}'\n" for command, _ in steps)
    ended = subprocess.run(
        ["sh", "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode == 0, ended.stdout + ended.stderr
    printed = ended.stdout.split(MARK)
    assert len(printed) == len(steps) + 1 > 10
    for (command, lines), output in zip(steps, printed, strict=False):
        missing = [line for line in lines if line not in output]
        assert not missing, f"{command}\n{output}"


def test_the_python_guide_runs(capsys: pytest.CaptureFixture[str]) -> None:
    block = PYTHON.search((ROOT / "docs/how-to/verify-in-python.md").read_text(encoding="utf-8"))
    assert block is not None
    good = issue(Algorithm.ED25519, load_context_store())[0]
    for token, said in ((good, "valid, signed by did:key:"), (good[:-4] + b"AAAA", "signature_mismatch")):
        exec(block["text"], {"token": token})  # noqa: S102 - our own page is what is tested
        assert said in capsys.readouterr().out


def test_the_library_guide_runs(capsys: pytest.CaptureFixture[str]) -> None:
    page = (ROOT / "docs/how-to/use-the-library.md").read_text(encoding="utf-8")
    names: dict[str, object] = {}
    for block in PYTHON.finditer(page):
        exec(block["text"], names)  # noqa: S102 - our own page is what is tested
    said = capsys.readouterr().out
    assert said.startswith("valid ")
    assert "organic" in said
    assert "Lot 7" not in said
