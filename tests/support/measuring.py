"""``--core-coverage``: a run that also measures which lines and branches of the core its tests reach.

Tests of the folders in ``MEASURED`` come first, in random order; before the first of another folder measuring
stops for good. Were it to start again, modules, tables and caches would have been filled unseen meanwhile.
Tests with random examples are not measured, so that the answer does not hang on chance; nor are those with
servers and browsers, because what reaches the core without them must reach all of it.
"""

import io
import os
import warnings
from collections.abc import Generator
from typing import Final

import coverage
import pytest

MEASURED: Final = ("unit", "property", "conformance", "security")
"""Folders of tests."""
BY_THE_CLOCK: Final = "test_cli_bench.py"
"""Measures speed itself, and takes its time when each line is counted."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the option."""
    told = f"fail where the tests of {', '.join(MEASURED)} leave out a part of the core"
    parser.addoption("--core-coverage", action="store_true", help=told)


def pytest_configure(config: pytest.Config) -> None:
    """Start before anything of the core is imported."""
    if config.getoption("core_coverage"):
        config.pluginmanager.register(Measuring(config))


class Measuring:
    """One process of a run that is measured: a worker of xdist, who commands them, or the only one."""

    def __init__(self, config: pytest.Config) -> None:
        self.worker = hasattr(config, "workerinput")
        self.running: coverage.Coverage | None = None
        self.report = ""
        if not self.worker:
            coverage.Coverage().erase()
        if self.worker or not config.getoption("numprocesses", None):
            self.running = coverage.Coverage()
            self.running.start()

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Put what is measured first; then what has to stay together, which takes longest."""
        items.sort(key=lambda item: (not is_measured(item), item.get_closest_marker("xdist_group") is None))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Stop before the first test that is not measured."""
        if not is_measured(item):
            self.stop()
        return (yield)

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Keep what was measured; who commands puts all of it together, and fails where it is too little."""
        self.stop()
        if self.worker:
            return
        written = io.StringIO()
        whole = coverage.Coverage()
        try:
            with warnings.catch_warnings():
                # Of a program that a test kills before it has begun there is an empty file: nothing is lost.
                warnings.simplefilter("ignore", coverage.exceptions.CoverageWarning)
                whole.combine()
            whole.save()
            complete = whole.report(file=written) == 100
        except coverage.CoverageException as error:
            complete = False
            written.write(str(error))
        if not complete:
            self.report = written.getvalue()
            session.exitstatus = session.exitstatus or pytest.ExitCode.TESTS_FAILED

    def stop(self) -> None:
        """End measuring, also of programs that are started later."""
        if self.running is not None:
            self.running.stop()
            self.running.save()
            self.running = None
            os.environ.pop("COVERAGE_PROCESS_CONFIG", None)

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Say above the closing line what is left out."""
        if self.report:
            terminalreporter.section("parts of the core that no measured test reaches")
            terminalreporter.write_line(self.report)


def is_measured(item: pytest.Item) -> bool:
    """Tell whether a test counts."""
    drawn = getattr(getattr(item, "function", None), "is_hypothesis_test", False)
    return item.path.parent.name in MEASURED and item.path.name != BY_THE_CLOCK and not drawn
