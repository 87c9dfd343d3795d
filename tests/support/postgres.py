"""A PostgreSQL server of one's own for the contract tests, or a skip where its programs are not at hand."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

_USER = "postgres"


@contextmanager
def postgres() -> Iterator[str]:
    """Run a server that listens on a socket of its own only; yield the URL of an empty database."""
    programs = _find_programs()
    # The server refuses to run as the superuser; then it runs as the account that packages make for it.
    become = ["setpriv", "--reuid", _USER, "--regid", _USER, "--clear-groups"] if os.geteuid() == 0 else []
    if become and (shutil.which("setpriv") is None or not _known(_USER)):
        pytest.skip("postgresql: it does not run as root, and there is no account for it")
    # Not pytest's own folder: other accounts cannot pass through it. The path of a socket is short, too.
    with tempfile.TemporaryDirectory(prefix="pg-") as name:
        if become:
            shutil.chown(name, _USER, _USER)
        data = f"{name}/data"

        def run(program: str, *arguments: str) -> None:
            command = [*become, str(programs / program), "-D", data, *arguments]
            subprocess.run(command, check=True, capture_output=True, timeout=60, cwd=name)

        run("initdb", "-U", "test", "--auth=trust", "--no-sync", "--encoding=UTF8")
        options = f"-c listen_addresses='' -c unix_socket_directories='{name}' -c fsync=off"
        run("pg_ctl", "-w", "-l", f"{name}/log", "-o", options, "start")
        try:
            yield f"postgresql://test@/postgres?host={name}"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")


def _find_programs() -> Path:
    places = [Path(found).resolve().parent for name in ("pg_ctl", "initdb") if (found := shutil.which(name))]
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    for place in places:
        if all((place / name).exists() for name in ("initdb", "pg_ctl", "postgres")):
            return place
    pytest.skip("postgresql: its programs are not at hand")


def _known(user: str) -> bool:
    return subprocess.run(["id", user], check=False, capture_output=True).returncode == 0
