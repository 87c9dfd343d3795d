"""The system's Chromium, driven by Playwright; a test that cannot have it skips, group ``chromium``."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, sync_playwright
from playwright.sync_api import Error as PlaywrightError

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_DRIVER_GONE = "Connection closed while reading from the driver"


@contextmanager
def open_browser() -> Iterator[Browser]:
    """Start the browser, and end it again."""
    if CHROMIUM is None:
        pytest.skip("chromium: not installed")
    try:
        driver = sync_playwright().start()
    except Exception as error:
        if _DRIVER_GONE not in str(error):
            raise
        pytest.skip("chromium: Playwright's driver does not run here (on Debian it needs libatomic1)")
    try:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()
    except PlaywrightError as error:
        if "Failed to launch" not in str(error):
            raise
        pytest.skip(f"chromium: does not start: {str(error).splitlines()[0][:80]}")
    finally:
        driver.stop()
