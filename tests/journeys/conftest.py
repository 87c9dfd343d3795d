"""What the journeys share."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser
from tests.support.browser import open_browser
from tests.support.rooms import office, purse, service

__all__ = ["browser", "office", "purse", "service"]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """One browser for a module; each test opens contexts of its own."""
    with open_browser() as opened:
        yield opened
