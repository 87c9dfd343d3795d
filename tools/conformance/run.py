"""One run of one suite by mocha, in the suite's own folder and with its own settings; its results as data."""

import json
import os
import re
import subprocess
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
    """One test: where it stands in its suite, and whether it passed, failed or was left out."""

    title: str
    state: str
    reason: str = ""

    def to_json(self) -> dict[str, str]:
        """Return it as it is written."""
        found = {"test": self.title, "result": self.state}
        return {**found, "reason": self.reason} if self.reason else found


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
    # No proxy: everything that a suite has to reach is on this machine.
    names = {"ISSUER_NAME_JWT": NAME, "HOLDER_NAME": NAME, "ISSUER_NAME": NAME}
    environ = {**os.environ, **names, "NODE_NO_WARNINGS": "1", "NODE_OPTIONS": f"--import {_CONTEXTS}"}
    log = folder / ".certweave-log.txt"
    with log.open("wb") as output:
        subprocess.run(  # noqa: S603 - programs that the user put there to be run
            command, cwd=folder, env=environ, stdout=output, stderr=output, check=False, timeout=LONGEST
        )
    if not report.exists():
        raise RuntimeError(f"{folder.name} did not run to its end: see {log}")
    return list(_read(json.loads(report.read_bytes())))


def _read(report: dict[str, Any]) -> Iterator[Result]:
    pending = {test["fullTitle"] for test in report["pending"]}
    for test in report["tests"]:
        error = test.get("err") or {}
        title = _steady(test["fullTitle"])
        if error:
            yield Result(title, "fail", _steady(str(error.get("message", "")).splitlines()[0][:300]))
        else:
            yield Result(title, "skip" if test["fullTitle"] in pending else "pass")
    for failure in report["failures"]:
        if failure["title"].startswith('"before'):
            yield Result(
                _steady(failure["fullTitle"]), "fail", _steady(failure["err"].get("message", "")[:300])
            )


def _steady(text: str) -> str:
    """Replace what differs from run to run, so that two runs can be compared."""
    return _DATA.sub("…", text)
