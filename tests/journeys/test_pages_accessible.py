"""The pages of the whole demonstration, measured: fields, headings, contrast, sizes, keyboard, directions.

What is measured, and by which rule, stands in ``tests/support/page_facts.py``.
"""

import re
import subprocess
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page
from tests.support.page_facts import measure, walk
from tests.support.servers import COMMAND

STARTING = 180
SCHEME = "https%3A%2F%2Fofs.example%2Fscheme%2Forganic-fibre"
NEW = f"/issuer/orgs/fa/certificates/new?scheme={SCHEME}&kind="
SHIRT = "/verifier/p/meadow.example/01/09521234543213/10/17"
CLERK, SPINNER, BRAND, BUYER = (
    ("issuer", "fa"),
    ("wallet", "ipek"),
    ("wallet", "meadow"),
    ("verifier", "meadow"),
)
PAGES = {
    None: (
        "/",
        "/verifier/",
        "/verifier/policy",
        "/verifier/login",
        "/issuer/login",
        "/wallet/login",
        SHIRT,
        "/verifier/p/meadow.example/01/09521234543213/10/99",
        "/issuer/register",
        "/issuer/register?text=nothing+like+it",
        "/issuer/register/fa/SCOPE-ipek",
        "/wallet/",
        "/wallet/orgs/ipek/credentials/PLACE-1",
        "/ledger/",
        "/ledger/look?did=did:web:nowhere.example",
        "/issuer/nothing",
    ),
    CLERK: (
        "/issuer/orgs/fa/",
        "/issuer/orgs/fa/?state=draft",
        "/issuer/orgs/fa/certificates/new",
        NEW + "scope",
        NEW + "transaction",
        NEW + "laboratory",
        NEW + "label",
        NEW + "inventory",
        NEW + "approval",
        NEW + "delegation",
        "/issuer/orgs/fa/certificates/SCOPE-ipek",
        "/issuer/orgs/fa/certificates/FA-TC-3",
        "/issuer/orgs/fa/certificates/FA-TC-9",
        "/issuer/orgs/fa/certificates/SCOPE-ipek/acts/withdraw",
        "/issuer/orgs/fa/certificates/SCOPE-ipek/forms/correct",
        "/issuer/orgs/fa/record",
    ),
    SPINNER: (
        "/wallet/orgs/ipek/",
        "/wallet/orgs/ipek/credentials/STEP-1",
        "/wallet/orgs/ipek/requests",
        "/wallet/orgs/ipek/products",
        "/wallet/orgs/ipek/issue?kind=passport",
        "/wallet/orgs/ipek/issue?kind=facility",
        "/wallet/orgs/ipek/issue?kind=event",
    ),
    BRAND: ("/wallet/orgs/meadow/products", "/wallet/orgs/meadow/credentials/PASSPORT-17"),
    BUYER: ("/verifier/", "/verifier/asked", "/verifier/checks"),
}
PLACES = [(who, path) for who, paths in PAGES.items() for path in paths]
NAMES = [f"{'/'.join(who) if who else 'anybody'}:{path.partition('?')[0]}" for who, path in PLACES]
MODES = [(360, "light", "en"), (360, "dark", "ar"), (1100, "dark", "de")]
JARGON = re.compile(
    r"blockchain|credential|\bDIDs?\b|did:|nonce|status list|sustainab|verified ✓", re.IGNORECASE
)


@dataclass
class Demo:
    """A demonstration that runs, and its accounts."""

    base: str = ""
    passwords: dict[tuple[str, str], tuple[str, str]] = field(default_factory=dict)

    def hear(self, line: str) -> None:
        if found := re.match(r"  (\w+) +(([a-z]+)@\S+) +(\S+)$", line):
            self.passwords[found[1], found[3]] = (found[2], found[4])
        if found := re.search(r"Everything is at (http://\S+)/ ", line):
            self.base = found[1]


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """Seed the demonstration once, and serve it while these tests run."""
    data: Path = tmp_path_factory.mktemp("pages") / "data"
    command = [*COMMAND, "demo", "--port", "0", "--data", str(data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    demo, ready, lines = Demo(), threading.Event(), []

    def read() -> None:
        for line in process.stdout or ():
            lines.append(line)
            demo.hear(line.rstrip())
            if demo.base:
                ready.set()
        ready.set()

    reader = threading.Thread(target=read, daemon=True)
    reader.start()
    try:
        assert ready.wait(STARTING)
        assert demo.base, "".join(lines)
        yield demo
    finally:
        process.terminate()
        process.wait(timeout=30)
        reader.join(timeout=10)
        if process.stdout is not None:
            process.stdout.close()


class Reader:
    """Opens pages as one of several people, on one screen; each is logged in once."""

    def __init__(self, browser: Browser, demo: Demo, width: int, scheme: str, lang: str) -> None:
        self.browser, self.demo, self.lang = browser, demo, lang
        self.width, self.scheme = width, scheme
        self.contexts: dict[tuple[str, str] | None, BrowserContext] = {}
        self.said: list[str] = []

    def context(self, who: tuple[str, str] | None) -> BrowserContext:
        if who not in self.contexts:
            screen = {"width": self.width, "height": 800}
            opened = self.browser.new_context(viewport=screen, color_scheme=self.scheme, locale=self.lang)  # type: ignore[arg-type]
            self.contexts[who] = opened
            if who is not None:
                page = opened.new_page()
                page.goto(f"{self.demo.base}/{who[0]}/login")
                login, password = self.demo.passwords[who]
                page.fill("#f-login", login)
                page.fill("#f-password", password)
                page.keyboard.press("Enter")
                page.wait_for_selector(".who")
                page.close()
        return self.contexts[who]

    def open(self, who: tuple[str, str] | None, path: str) -> Page:
        page = self.context(who).new_page()
        self.said.clear()
        page.on("console", lambda line: None if "status of 4" in line.text else self.said.append(line.text))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        here = (self.demo.base, "data:")
        page.on("request", lambda sent: None if sent.url.startswith(here) else self.said.append(sent.url))
        page.goto(f"{self.demo.base}{path}{'&' if '?' in path else '?'}lang={self.lang}")
        # The shopper's page puts a new answer in place of the last one: it is measured when it rests.
        # A locator asks from outside; a script to evaluate in the page may break its Content-Security-Policy.
        page.locator("[data-check] .busy").wait_for(state="hidden")
        return page


@pytest.fixture(scope="module", params=MODES, ids=lambda mode: "-".join(map(str, mode)))
def reader(browser: Browser, demo: Demo, request: pytest.FixtureRequest) -> Iterator[Reader]:
    reader = Reader(browser, demo, *request.param)
    yield reader
    for context in reader.contexts.values():
        context.close()


@pytest.mark.parametrize(("who", "path"), PLACES, ids=NAMES)
def test_a_page_can_be_read_by_everybody(reader: Reader, who: tuple[str, str] | None, path: str) -> None:
    page = reader.open(who, path)
    try:
        assert measure(page) == []
        assert page.evaluate("document.documentElement.lang") == reader.lang
        assert page.evaluate("document.documentElement.dir") == ("rtl" if reader.lang == "ar" else "ltr")
        assert reader.lang == "en" or page.locator(".sentence [lang=en]").count() == 0
        for clock in re.finditer(r"\b\d\d:\d\d\b(?! ?UTC)", page.inner_text("main")):
            raise AssertionError(f"a time without its zone: {clock[0]}")
        if reader.width == 360 and reader.lang == "en":
            assert walk(page) == []
        assert reader.said == []
    finally:
        page.close()


def test_a_rejected_form_leads_back_to_its_fields(reader: Reader) -> None:
    page = reader.open(CLERK, NEW + "scope")
    page.click("button.primary")
    page.wait_for_selector("#complaints")
    assert measure(page) == []
    for link in page.locator("#complaints a").all():
        target = (link.get_attribute("href") or "")[1:]
        assert page.locator(f'[id="{target}"]').count() == 1
    page.close()


def test_the_shopper_reads_plain_words_and_own_numbers(reader: Reader) -> None:
    page = reader.open(None, SHIRT)
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    told = page.inner_text("body")
    assert JARGON.search(told) is None
    assert {"en": "4,200", "de": "4.200", "ar": "4"}[reader.lang] in told
    assert measure(page) == []
    page.close()


@pytest.mark.parametrize(
    ("text", "outcome"), [("", "valid"), ("hello", "invalid"), ("https://x.example", "undecided")]
)
def test_an_answer_can_be_read_by_everybody(reader: Reader, text: str, outcome: str) -> None:
    page = reader.open(None, "/verifier/")
    if text:
        page.fill("textarea", text)
        page.click("button.primary")
    else:
        page.locator("button.sample").first.click()
    page.locator(f".verdict.{outcome}").wait_for()
    assert measure(page) == []
    foreign = page.locator(".steps [lang=en]").all_inner_texts()
    assert reader.lang == "en" or foreign == []
    assert reader.said == []
    page.close()


def test_the_farmers_card_prints_without_what_is_for_the_screen(reader: Reader) -> None:
    front = reader.open(None, "/")
    card = front.locator("a[href$='/card']").get_attribute("href") or ""
    front.close()
    page = reader.open(("wallet", "menemen"), card)
    assert page.inner_text("h1") == "Ayşe Demir"
    assert measure(page) == []
    page.emulate_media(media="print")
    assert page.locator(".qr").is_visible()
    assert not page.locator(".bar").is_visible()
    assert not page.locator(".foot").is_visible()
    page.close()
