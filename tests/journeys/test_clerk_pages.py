"""A clerk in a browser: entering, issuing and withdrawing a certificate with the keyboard alone."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.support.issuing import SCHEME, Office, open_office, scope_data
from tests.support.loopback import serving_app

from certweave_edge.accounts import Scope

LOGIN, PASSWORD = "clerk@fa.example", "correct horse battery"
WIDE = {"width": 1100, "height": 900}
PHONE = {"width": 360, "height": 740}
Open = Callable[..., Page]


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        opened.app.state.directory.add_account("fa", LOGIN, PASSWORD, [Scope.ADMIN], now=opened.world.clock)
        yield opened


@pytest.fixture
def open_page(browser: Browser, office: Office) -> Iterator[Open]:
    """Open pages that are held to no error, no refusal by the content policy, no other host."""
    said: list[str] = []
    contexts = []
    with serving_app(office.app) as base:

        def open_page(path: str, *, logged_in: bool = True, **options: object) -> Page:
            context = browser.new_context(**{"viewport": WIDE, "locale": "en-GB", **options})  # type: ignore[arg-type]
            contexts.append(context)
            page = context.new_page()
            page.on("console", lambda line: None if "status of 4" in line.text else said.append(line.text))
            page.on("pageerror", lambda error: said.append(str(error)))
            page.on("request", lambda sent: None if sent.url.startswith(base) else said.append(sent.url))
            page.goto(base + path)
            if logged_in:
                page.fill("#f-login", LOGIN)
                page.fill("#f-password", PASSWORD)
                page.keyboard.press("Enter")
                page.wait_for_selector(".who")
            return page

        yield open_page
        for context in contexts:
            context.close()
    assert said == []


def reach(page: Page, words: str, *, role: str = "button") -> None:
    """Go to something by Tab alone, as somebody without a mouse does."""
    wanted = page.get_by_role(role, name=words, exact=True).first  # type: ignore[arg-type]
    for _ in range(150):
        if wanted.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{words} cannot be reached by keyboard")


def reach_field(page: Page, place: str) -> None:
    for _ in range(150):
        if page.evaluate("document.activeElement.id") == f"f-{place}":
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{place} cannot be reached by keyboard")


def type_in(page: Page, place: str, words: str) -> None:
    reach_field(page, place)
    page.keyboard.type(words)


def test_from_entering_to_withdrawing_by_keyboard(open_page: Open, office: Office) -> None:
    page = open_page("/orgs/fa/")
    for words in ("New certificate", "Scope certificate"):
        reach(page, words, role="link")
        with page.expect_navigation():
            page.keyboard.press("Enter")
    site, product = "/certificationScope/sites/0", "/certificationScope/productClasses/0"
    type_in(page, "number", "SC-7")
    type_in(page, "/name", "Organic fibre, ginning")
    type_in(page, "/holder/name", "Sunrise Gin")
    type_in(page, "/holder/id", "did:web:gin.example")
    type_in(page, f"{site}/facility/name", "Gin hall 1")
    type_in(page, f"{site}/facility/id", "https://register.example/facility/1")
    type_in(page, f"{site}/role", "M")
    reach_field(page, f"{site}/processes-ginning")
    page.keyboard.press("Space")
    type_in(page, f"{product}/code", "lint")
    type_in(page, f"{product}/composition/0/material", "cotton-organic")
    type_in(page, f"{product}/composition/0/share", "95")
    reach_field(page, f"{product}/labelGrade")
    page.keyboard.press("ArrowDown")
    reach(page, "Save as a draft")
    page.keyboard.press("Enter")
    page.wait_for_url("**/certificates/SC-7")
    for words in ("Approve", "Issue and sign"):
        reach(page, words)
        with page.expect_navigation():
            page.keyboard.press("Enter")
    assert "In force today, says Fibre Assurance." in page.inner_text(".verdict")
    reach(page, "Withdraw for good", role="link")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reach_field(page, "reason")
    page.keyboard.type("The certified sites")
    type_in(page, "typed", "SC-7")
    reach(page, "Withdraw for good")
    page.keyboard.press("Enter")
    page.wait_for_url("**/certificates/SC-7")
    assert "Withdrawn on 12 March 2026. The certified sites have closed." in page.inner_text(".verdict")


def test_a_row_is_added_where_one_is(open_page: Open) -> None:
    page = open_page(f"/orgs/fa/certificates/new?scheme={SCHEME}&kind=transaction")
    lines = "/transaction/productLines"
    page.fill(f'[id="f-{lines}/0/product/name"]', "Lint")
    page.get_by_role("button", name="Add a row: Product lines").click()
    page.wait_for_selector(f'[id="f-{lines}/1/product/name"]')
    assert page.evaluate("document.activeElement.id") == f"f-{lines}/1/product/name"
    page.keyboard.type("Waste")
    page.get_by_role("button", name="Remove: Product lines 1").click()
    page.wait_for_selector(f'[id="f-{lines}/1"]', state="detached")
    assert page.input_value(f'[id="f-{lines}/0/product/name"]') == "Waste"


def test_the_summary_leads_to_the_field(open_page: Open) -> None:
    page = open_page(f"/orgs/fa/certificates/new?scheme={SCHEME}&kind=scope")
    page.get_by_role("button", name="Save as a draft").click()
    page.wait_for_selector("#complaints")
    page.get_by_role("link", name="Issued to: Name").click()
    assert page.evaluate("document.activeElement.id") == "f-/holder/name"


def test_it_works_without_javascript(open_page: Open) -> None:
    page = open_page(f"/orgs/fa/certificates/new?scheme={SCHEME}&kind=scope", java_script_enabled=False)
    page.fill('[id="f-/name"]', "Kept")
    page.get_by_role("button", name="Add a row: Sites").click()
    assert page.locator('[id="f-/certificationScope/sites/1/facility/name"]').count() == 1
    assert page.input_value('[id="f-/name"]') == "Kept"


@pytest.mark.parametrize("lang", ["en", "ar"])
@pytest.mark.parametrize(
    "path",
    [
        "/orgs/fa/",
        f"/orgs/fa/certificates/new?scheme={SCHEME}&kind=transaction",
        "/orgs/fa/certificates/SC-1",
        "/orgs/fa/certificates/SC-1/acts/withdraw",
        "/orgs/fa/record",
        "/register",
        "/orgs/fa/credentials/SC-1",
    ],
)
def test_pages_fit_a_phone(open_page: Open, office: Office, path: str, lang: str) -> None:
    office.issued("scope", "SC-1", scope_data())
    address = path + ("&" if "?" in path else "?") + f"lang={lang}"
    page = open_page(
        address, viewport=PHONE, logged_in=path.startswith("/orgs") and "credentials" not in path
    )
    assert page.locator("h1").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")
