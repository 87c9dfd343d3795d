"""Skips are counted by what was missing, and some may be forbidden.

A reason opens with its group and a colon (``vectors: the file is not at hand``). A skip of an unknown group
fails: it would hide a test for ever. ``--must-run=vectors,chromium`` makes skips of those groups fail too.
The hooks at the end are taken up by tests/conftest.py; this module does not decide what to skip.
"""

import re
from collections import Counter
from collections.abc import Generator, Iterable
from typing import Any

import pytest

GROUPS = {
    "vectors": "published test vectors beside the project (CERTWEAVE_SHARED)",
    "chromium": "a browser",
    "postgresql": "the programs of a PostgreSQL server",
    "node": "Node.js with the packages of tests/peers/package.json",
    "docker": "a container engine",
    "peer": "another implementation in an environment of its own",
    "indy": "the four-node Indy pool",
    "pkcs11": "a PKCS#11 module",
}

_LOCATED = re.compile(r"^(?:Skipped: )?(?P<group>[a-z0-9]+): ")


def find_group(reason: str) -> str | None:
    """Return the group that a skip reason opens with, or None where it opens with no known one."""
    found = _LOCATED.match(reason)
    return found["group"] if found and found["group"] in GROUPS else None


def find_fault(reason: str, must_run: Iterable[str]) -> str | None:
    """Return why a skip with this reason may not stand, or None where it may."""
    group = find_group(reason)
    if group is None:
        return f"skipped without a known group ({', '.join(GROUPS)}): {reason}"
    if group in must_run:
        return f"skipped, but --must-run names {group}: {reason}"
    return None


def parse_groups(text: str) -> frozenset[str]:
    """Read the value of ``--must-run``.

    Raises:
        pytest.UsageError: a group is not one of GROUPS.
    """
    named = frozenset(filter(None, (part.strip() for part in text.split(","))))
    if unknown := named - GROUPS.keys():
        raise pytest.UsageError(f"--must-run: no such group: {', '.join(sorted(unknown))}")
    return named


def reason_of(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Return the reason of a skip; pytest keeps it as the last of (file, line, reason)."""
    place = report.longrepr
    return str(place[2]) if isinstance(place, tuple) else str(place)


def count_by_group(reports: Iterable[Any]) -> Counter[str]:
    """Count skips by group."""
    reasons = (reason_of(report).removeprefix("Skipped: ") for report in reports)
    return Counter(find_group(reason) or "other" for reason in reasons)


def _judge(report: pytest.TestReport | pytest.CollectReport, config: pytest.Config) -> None:
    if report.outcome != "skipped" or hasattr(report, "wasxfail"):
        return
    reason = reason_of(report).removeprefix("Skipped: ")
    if fault := find_fault(reason, parse_groups(config.getoption("--must-run"))):
        report.outcome = "failed"
        report.longrepr = fault


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add ``--must-run``."""
    parser.addoption(
        "--must-run",
        default="",
        metavar="GROUPS",
        help=f"fail instead of skipping for want of these: {', '.join(GROUPS)}",
    )


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, Any, None]:
    """Judge the skip of a test."""
    outcome = yield
    _judge(outcome.get_result(), item.config)


@pytest.hookimpl(hookwrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, None]:
    """Judge the skip of a whole file."""
    outcome = yield
    _judge(outcome.get_result(), collector.config)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Say above the closing line what was missing."""
    skipped = count_by_group(terminalreporter.stats.get("skipped", []))
    if skipped:
        rows = (f"{group} {number}" for group, number in sorted(skipped.items()))
        terminalreporter.write_line(f"not run for want of: {', '.join(rows)}")
