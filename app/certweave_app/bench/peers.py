"""Other implementations as programs beside us: one line of JSON in, one out (programs/turns.py).

Each runs in an environment of its own, which ``make peers`` fills, and measures itself for a turn at a time,
so that starting it and talking to it cost nothing. A peer that is not there, or cannot do a route, is left
out and named.
"""

import json
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from importlib.resources import as_file, files
from pathlib import Path
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Program:
    """A peer's program: its file, and what runs it."""

    file: str
    runtime: str


PROGRAMS = (
    Program("digital_bazaar.mjs", "node"),
    Program("openvc_core.py", "python"),
    Program("pyld_route.py", "python"),
    Program("sd_jwt_reference.py", "python"),
    Program("sd_jwt_node.mjs", "node"),
    Program("acapy.py", "acapy"),
)


class PeerError(Exception):
    """A peer is not there, or stopped."""


@dataclass(slots=True)
class Peer:
    """A running peer.

    Attributes:
        name: what it calls itself, with its version.
        works: what it can do, as pairs of act and route.
        left_out: why it cannot do a route, by route.
    """

    name: str
    works: tuple[tuple[str, str], ...]
    left_out: Mapping[str, str]
    _process: "subprocess.Popen[str]" = field(repr=False)

    def turn(self, act: str, route: str, seconds: float) -> float:
        """Let it do one work for ``seconds``; return how often a second.

        Raises:
            PeerError: it stopped.
        """
        answer = _ask(self._process, {"act": act, "route": route, "seconds": seconds})
        return float(answer["done"]) / float(answer["spent"])

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the program."""
        self._process.kill()
        self._process.communicate()


def start_peer(program: Program, folder: Path, setup: Mapping[str, Any]) -> Peer:
    """Start a peer whose packages lie in ``folder`` and let it make its works.

    Raises:
        PeerError: its packages are not there, or it stopped.
    """
    command, place = _command(program, folder)
    process = subprocess.Popen(  # noqa: S603 - programs of our own, of a folder that the operator names
        command,
        cwd=place,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    )
    try:
        said = _ask(process, setup)
    except PeerError:
        process.kill()
        process.communicate()
        raise
    works = tuple((str(act), str(route)) for act, route in said["works"])
    return Peer(f"{said['name']} {said['version']}", works, said["left_out"], process)


def _command(program: Program, folder: Path) -> tuple[Sequence[str], Path]:
    """Return how to run a program, and where."""
    here = files("certweave_app.bench") / "programs"
    if program.runtime != "node":
        # acapy-agent needs another Python than we do, so it has an environment inside the peers' own.
        home = folder if program.runtime == "python" else folder / program.runtime
        python = home / "bin" / "python"
        if not python.exists():
            raise PeerError("not installed: make peers")
        with as_file(here / program.file) as path:
            return [str(python), "-B", str(path)], folder
    node, place = shutil.which("node"), folder / "node"
    if node is None or not (place / "node_modules").is_dir():
        raise PeerError("Node.js or its packages are not installed: make peers")
    # Node looks for packages from the folder of the file, not from where it was started.
    for name in ("turns.mjs", program.file):
        (place / name).write_bytes((here / name).read_bytes())
    return [node, str(place / program.file)], place


def _ask(process: "subprocess.Popen[str]", question: Mapping[str, Any]) -> dict[str, Any]:
    if process.stdin is None or process.stdout is None:
        raise PeerError("it cannot be talked to")
    try:
        process.stdin.write(json.dumps(question) + "\n")
        process.stdin.flush()
        answer = json.loads(process.stdout.readline() or "null")
    except (OSError, ValueError) as error:
        raise PeerError(f"it stopped: {error}") from None
    if not isinstance(answer, dict):
        raise PeerError("it stopped without an answer")
    return answer
