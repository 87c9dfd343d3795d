"""What holds for every test: no user's files, no network but loopback, no skip without a known reason."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.support.skips import (
    pytest_addoption,
    pytest_make_collect_report,
    pytest_runtest_makereport,
    pytest_terminal_summary,
)

__all__ = [
    "pytest_addoption",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
    "pytest_terminal_summary",
]

pytest_plugins = ("tests.support.measuring",)

KEPT = ("CERTWEAVE_SHARED", "CERTWEAVE_PEERS", "CERTWEAVE_PY313")
"""Variables of ours that say where a test finds something; all others would change what is tested."""

settings.register_profile(
    "house", deadline=None, database=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile("long", parent=settings.get_profile("house"), max_examples=2_000)
settings.load_profile("house")


@pytest.fixture(scope="session", autouse=True)
def _no_users_files() -> Iterator[None]:
    """Point HOME and the XDG folders at an empty folder, for us and for every program we start."""
    before = dict(os.environ)
    with tempfile.TemporaryDirectory(prefix="certweave-home-", ignore_cleanup_errors=True) as home:
        for name in [name for name in os.environ if name.startswith("CERTWEAVE_") and name not in KEPT]:
            del os.environ[name]
        os.environ["HOME"] = home
        for name, below in (
            ("XDG_CONFIG_HOME", ".config"),
            ("XDG_DATA_HOME", ".local/share"),
            ("XDG_STATE_HOME", ".local/state"),
            ("XDG_CACHE_HOME", ".cache"),
        ):
            os.environ[name] = str(Path(home, below))
        yield
    os.environ.clear()
    os.environ.update(before)
