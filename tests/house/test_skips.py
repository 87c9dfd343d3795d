"""The rules for skips, tried on a small suite of their own."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.shared import ROOT
from tests.support.skips import find_fault, find_group, parse_groups

SUITE = """
import pytest

def test_good(): pass

def test_vectors(): pytest.skip("vectors: the file is not at hand")

@pytest.mark.skipif(True, reason="chromium: not installed")
def test_chromium(): pass
"""


@pytest.mark.parametrize(
    ("reason", "group"),
    [
        ("vectors: gone", "vectors"),
        ("Skipped: chromium: gone", "chromium"),
        ("slow: not today", None),
        ("unconditional skip", None),
        ("vectors", None),
    ],
)
def test_a_reason_opens_with_its_group(reason: str, group: str | None) -> None:
    assert find_group(reason) == group


def test_a_skip_without_a_group_may_never_stand() -> None:
    assert find_fault("not today", must_run=())
    assert find_fault("node: none", must_run=()) is None
    assert find_fault("node: none", must_run={"node"})


def test_an_unknown_group_is_misuse() -> None:
    with pytest.raises(pytest.UsageError):
        parse_groups("vectors,browsers")


@pytest.mark.parametrize(
    ("options", "code", "said"),
    [
        ([], 0, "not run for want of: chromium 1, vectors 1\n"),
        (["--must-run=vectors"], 1, "skipped, but --must-run names vectors"),
        (["--must-run=vectors,chromium"], 1, "1 failed, 1 passed, 1 error"),
    ],
)
def test_a_suite_is_judged(tmp_path: Path, options: list[str], code: int, said: str) -> None:
    (tmp_path / "test_small.py").write_text(SUITE, encoding="utf-8")
    (tmp_path / "pytest.ini").write_text("[pytest]\n", encoding="utf-8")
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.support.skips", "-p", "no:cacheprovider", *options],
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == code, run.stdout
    assert said in run.stdout
    assert run.stdout.strip().splitlines()[-1].startswith("===")
