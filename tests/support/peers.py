"""Other implementations, each in an environment of its own: ``make peers`` installs them into .venv-peers.

``CERTWEAVE_PEERS`` names another folder. Programs for them are run as such, and speak JSON.
"""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from tests.support.shared import ROOT


def peers_folder() -> Path:
    """Return the folder that ``make peers`` fills, whether it is there or not."""
    return Path(os.environ.get("CERTWEAVE_PEERS", ROOT / ".venv-peers"))


def ask_python(program: str, *arguments: str, stdin: Any = None, runtime: str = "") -> Any:
    """Run a Python program among the Python peers; give it JSON, return the JSON that it prints.

    ``runtime`` names the environment inside of theirs of a peer that needs another Python.
    """
    home = peers_folder() / runtime
    if not (home / "peers.stamp").exists():
        pytest.skip(f"peer: make peers has not been run{f', or has left out {runtime}' if runtime else ''}")
    return _ask([str(home / "bin" / "python"), "-c", program, *arguments], stdin, peers_folder())


def ask_node(program: str, *arguments: str, stdin: Any = None) -> Any:
    """Run an ES module among the node peers; give it JSON, return the JSON that it prints."""
    folder, node = peers_folder() / "node", shutil.which("node")
    if node is None or not (folder / "node_modules").is_dir():
        pytest.skip("node: Node.js or the packages of tests/peers/package.json are not installed")
    return _ask([node, "--input-type=module", "--eval", program, "--", *arguments], stdin, folder)


def _ask(command: list[str], stdin: Any, folder: Path) -> Any:
    given = json.dumps(stdin).encode()
    done = subprocess.run(command, input=given, capture_output=True, check=False, timeout=120, cwd=folder)
    if done.returncode != 0:
        pytest.fail(
            f"the peer stopped with {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}"
        )
    return json.loads(done.stdout)
