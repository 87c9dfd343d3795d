"""A buyer checks a certificate in a browser: pasting, dropping, without JavaScript, on narrow screens."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from tests.support.loopback import serving_app, serving_world, write_host_map
from tests.support.world import Party, World, plain_credential

from certweave_verifier.app import make_app
from certweave_verifier.settings import VerifierSettings

DROP = """([selector, name, text]) => {
  const dropped = new DataTransfer();
  dropped.items.add(new File([text], name));
  const form = document.querySelector(selector);
  for (const kind of ["dragenter", "dragover", "drop"])
    form.dispatchEvent(new DragEvent(kind, { dataTransfer: dropped, bubbles: true, cancelable: true }));
}"""


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("fa")


@pytest.fixture
def address(world: World, tmp_path: Path) -> Iterator[str]:
    """Run a verifier on loopback; yield its address."""
    with serving_world(world) as hosts:
        write_host_map(tmp_path, hosts)
        app = make_app(VerifierSettings(data=tmp_path), clock=lambda: world.clock)
        with serving_app(app) as base:
            yield base
        app.state.close()


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """Open the check page, and hold it to no error, no refusal by the content policy, no other host."""
    context = browser.new_context(viewport={"width": 1100, "height": 900}, locale="en-GB")
    page = context.new_page()
    said: list[str] = []
    # A browser notes each refused request; the page tells the reader why.
    page.on("console", lambda message: None if "status of 400" in message.text else said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: None if request.url.startswith(address) else said.append(request.url))
    page.goto(f"{address}/")
    yield page
    context.close()
    assert said == []


def paste(page: Page, token: bytes) -> str:
    """Paste a certificate, press the button, return the heading of the answer."""
    page.fill("#f-text", token.decode())
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector(".verdict")
    return page.inner_text(".verdict h1")


def test_a_certificate_is_pasted(page: Page, issuer: Party) -> None:
    token = issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(3)))
    assert paste(page, token) == "Everything holds"
    assert page.locator(".steps li").count() == 10
    assert re.search(r"/checks/[0-9a-f]{32}$", page.url)
    assert "Everything holds" in page.title()
    with page.expect_download() as saved:
        page.get_by_role("link", name="Save bundle").click()
    assert saved.value.suggested_filename.endswith(".cwbundle")
    page.go_back()
    page.wait_for_selector("#f-text")


def test_a_file_is_dropped(page: Page, issuer: Party) -> None:
    issuer.set_status(3, True)
    token = issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(3))).decode()
    page.evaluate(DROP, ["form.drop", "certificate.jwt", token])
    page.wait_for_selector(".verdict.invalid")
    assert "suspended or withdrawn" in page.inner_text(".verdict")


def test_trying_again_helps_once_the_host_answers(page: Page, world: World, issuer: Party) -> None:
    world.down.add("certs.example")
    token = issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(3)))
    assert paste(page, token) == "We could not decide"
    world.down.clear()
    page.get_by_role("button", name="Try again").click()
    page.wait_for_selector(".verdict.valid")


def test_it_works_without_javascript(browser: Browser, address: str, issuer: Party) -> None:
    with browser.new_context(java_script_enabled=False, locale="en-GB") as context:
        page = context.new_page()
        page.goto(f"{address}/")
        assert paste(page, issuer.issue(plain_credential(issuer))) == "Everything holds"


@pytest.mark.parametrize("lang", ["en", "de", "ar"])
@pytest.mark.parametrize("width", [360, 1100])
def test_nothing_runs_over_the_edge(
    browser: Browser, address: str, issuer: Party, width: int, lang: str
) -> None:
    token = issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(3)))
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        page = context.new_page()
        for path in ("/policy", "/"):
            page.goto(f"{address}{path}?lang={lang}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.fill("#f-text", token.decode())
        page.locator("button.primary").click()
        page.wait_for_selector(".verdict.valid")
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.dir") == ("rtl" if lang == "ar" else "ltr")


def test_who_enlarges_the_text_alone_gets_one_column(browser: Browser, address: str) -> None:
    with browser.new_context(viewport={"width": 1100, "height": 900}, bypass_csp=True) as context:
        page = context.new_page()
        page.goto(f"{address}/")
        columns = (
            "getComputedStyle(document.querySelector('main.split')).gridTemplateColumns.split(' ').length"
        )
        assert page.evaluate(columns) == 2
        page.add_style_tag(content=":root { font-size: 200% }")
        assert page.evaluate(columns) == 1
        assert page.evaluate("document.documentElement.scrollWidth") <= 1100


def test_the_keyboard_begins_at_what_has_to_be_mended(page: Page, browser: Browser, address: str) -> None:
    page.get_by_role("button", name="Check", exact=True).click()
    page.wait_for_selector("text=there is nothing to check")
    assert page.evaluate("document.activeElement.id") == "f-text"
    with browser.new_context(java_script_enabled=False, locale="en-GB") as context:
        plain = context.new_page()
        plain.goto(f"{address}/")
        plain.get_by_role("button", name="Check", exact=True).click()
        assert plain.locator("#f-text:focus").count() == 1
