"""One run of one suite by mocha, in the suite's own folder and with its own settings; its results as data."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from tools.conformance.plan import CONFIG, NAME

TIMEOUT: Final = 60_000
"""Milliseconds for one test: most take some hundred, on a busy machine more."""
LONGEST: Final = 1_800
"""Seconds for one suite."""
_CONTEXTS: Final = Path(__file__).with_name("contexts.mjs")
_DATA: Final = re.compile(r"did:key:z\w+|urn:uuid:[0-9a-f-]+|127\.0\.0\.1:\d+")


@dataclass(frozen=True, slots=True)
class Result:
    """One test of a suite.

    Attributes:
        file: the file of the suite in which it stands.
        number: which one it is in that file, from 1; a hook that failed before its tests has number 0.
        state: pass, fail, or skip for one that the suite left out.
        title: the suite's own words for it, which belong to the suite and are only shown, never kept.
        reason: what the suite said about a failure; likewise.
    """

    file: str
    number: int
    state: str
    title: str
    reason: str = ""

    @property
    def place(self) -> str:
        """Where it stands, such as ``tests/10-issuer.js#3``."""
        return f"{self.file}#{self.number}"

    def to_json(self, why: str | None) -> dict[str, str]:
        """Return it as it is written; ``why`` are our words for a failure."""
        found = {"test": self.place, "result": self.state}
        return found if self.state != "fail" else {**found, "why": why or "not yet explained"}


def run_suite(folder: Path, config: str) -> list[Result]:
    """Run every test of a suite against what ``config`` names, and return the results in their order.

    Raises:
        RuntimeError: the suite did not run to its end.
    """
    (folder / CONFIG).write_text(config, encoding="utf-8")
    report = folder / ".certweave-report.json"
    report.unlink(missing_ok=True)
    command = [
        *("node", "node_modules/mocha/bin/mocha.js", "tests/"),
        *("--reporter", "json"),
        *(
            "--reporter-option",
            f"output={report}",
            "--timeout",
            str(TIMEOUT),
            "--preserve-symlinks",
            "--exit",
        ),
    ]
    # Everything that a suite has to reach is on this machine: no proxy, and our own certificate will do.
    names = {"ISSUER_NAME_JWT": NAME, "HOLDER_NAME": NAME, "ISSUER_NAME": NAME}
    options = {
        "NODE_NO_WARNINGS": "1",
        "NODE_OPTIONS": f"--import {_CONTEXTS}",
        "NODE_TLS_REJECT_UNAUTHORIZED": "0",
    }
    environ = {**os.environ, **names, **options}
    log = folder / ".certweave-log.txt"
    with log.open("wb") as output:
        subprocess.run(  # noqa: S603 - programs that the user put there to be run
            command, cwd=folder, env=environ, stdout=output, stderr=output, check=False, timeout=LONGEST
        )
    if not report.exists():
        raise RuntimeError(f"{folder.name} did not run to its end: see {log}")
    return list(_read(json.loads(report.read_bytes()), folder.resolve()))


def _read(report: dict[str, Any], folder: Path) -> Iterator[Result]:
    pending = {test["fullTitle"] for test in report["pending"]}
    numbers: Counter[str] = Counter()
    for test in report["tests"]:
        error, file = test.get("err") or {}, _file(test, folder)
        numbers[file] += 1
        state = "fail" if error else "skip" if test["fullTitle"] in pending else "pass"
        reason = str(error.get("message", "")).partition("\n")[0][:300]
        yield Result(file, numbers[file], state, _steady(test["fullTitle"]), _steady(reason))
    for failure in report["failures"]:
        if failure["title"].startswith('"before'):
            message = str(failure["err"].get("message", ""))[:300]
            yield Result(_file(failure, folder), 0, "fail", _steady(failure["fullTitle"]), _steady(message))


def _file(test: dict[str, Any], folder: Path) -> str:
    """Return the file of a test within its suite; a test that a library of the suite makes has none there."""
    file = Path(test.get("file") or folder / "unknown")
    return file.relative_to(folder).as_posix() if file.is_relative_to(folder) else file.name


def _steady(text: str) -> str:
    """Replace what differs from run to run, so that two runs can be compared."""
    return _DATA.sub("…", text)
