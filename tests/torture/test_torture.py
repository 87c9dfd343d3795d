"""20,000 seeded mutations, in processes of their own; ``make torture`` runs a million."""

import subprocess
import sys

from tests.support.shared import ROOT


def test_nothing_foreign_leaves_and_nothing_false_is_believed() -> None:
    command = [sys.executable, "-m", "tests.torture", "--cases", "20000", "--jobs", "2"]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=240)
    assert run.returncode == 0, run.stdout + run.stderr
