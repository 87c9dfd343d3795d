"""A holder in a browser: takes and refuses offers, answers a request, issues and publishes a passport."""

from collections.abc import Iterator

import pytest
import zxingcpp
from playwright.sync_api import Browser, Page
from tests.support.asking import ask, result
from tests.support.holding import PASSWORD, Purse
from tests.support.issuing import Office, scope_data
from tests.support.loopback import serving_app
from tests.support.page_facts import measure
from tests.support.png import read_png
from tests.support.verifier import PASSWORD as ASKERS_PASSWORD
from tests.support.verifier import Service

PHONE = {"width": 360, "height": 740}
ANY = {
    "credentials": [
        {
            "id": "any",
            "format": "vc+jwt",
            "meta": {"type_values": [["https://www.w3.org/2018/credentials#VerifiableCredential"]]},
            "claims": [{"path": ["credentialSubject", "name"]}],
        }
    ]
}
PASSPORT = {
    "number": "P-1",
    "name": "Baumwollverarbeitungsgenossenschaftsoberbekleidung “Meadow”",
    "gtin": "09521234543213",
    "lot": "17",
    "category": "28223",
    "categoryName": "T-shirts",
    "material": "Organic cotton",
    "share": "100",
    "facilityId": "https://mill.example/hall",
    "facilityName": "Sewing hall",
    "country": "TR",
}


@pytest.fixture
def purse(purse: Purse) -> Purse:
    purse.wallet.products.add_host("mill", "mill.example")
    return purse


@pytest.fixture
def page(browser: Browser, purse: Purse) -> Iterator[Page]:
    """Open the wallet as its clerk, held to no error, no refusal by the content policy, no other host."""
    said: list[str] = []
    with serving_app(purse.app) as base:
        context = browser.new_context(viewport=PHONE, locale="en-GB", base_url=base)  # type: ignore[arg-type]
        page = context.new_page()
        page.on("console", lambda line: said.append(line.text))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda sent: None if sent.url.startswith(base) else said.append(sent.url))
        page.goto("/login")
        page.fill("#f-login", "clerk@mill.example")
        page.fill("#f-password", PASSWORD)
        press(page, "Log in")
        yield page
        context.close()
    assert said == []


def press(page: Page, words: str) -> None:
    """Press a button; the page that it stands on, and the one that it leads to, can be read by everybody."""
    assert measure(page) == []
    with page.expect_navigation():
        page.get_by_role("button", name=words, exact=True).click()
    assert measure(page) == []


def follow(page: Page, words: str) -> None:
    with page.expect_navigation():
        page.get_by_role("link", name=words, exact=True).first.click()


def offered(office: Office, purse: Purse, number: str) -> str:
    office.issued("scope", number, scope_data(holder={"id": purse.did(), "name": "Sunrise Mill"}))
    answer = office.call("POST", f"/orgs/fa/certificates/{number}/offer", {})
    assert answer.is_success, answer.text
    return str(answer.json()["link"])


def look(page: Page, link: str) -> None:
    follow(page, "Certificates")
    page.fill("#f-offer", link)
    press(page, "Look at the offer")
    assert "Only the address is certain so far." in page.inner_text("main")


def test_a_holder_takes_what_they_want_and_shows_what_they_choose(
    page: Page, office: Office, purse: Purse, service: Service
) -> None:
    look(page, offered(office, purse, "SC-1"))
    press(page, "Do not take it")
    assert "No certificates yet" in page.inner_text("main")
    page.go_back()
    page.reload()
    assert "You did not take it." in page.inner_text("main")
    look(page, offered(office, purse, "SC-2"))
    press(page, "Take it")
    assert "Examined, and everything holds." in page.inner_text("main")

    question = ask(service, ANY)
    follow(page, "Requests")
    page.fill("#f-url", question["openid4vp"])
    press(page, "See who asks for what")
    told = page.locator("main h2").all_inner_texts()
    assert told == ["Who asks", "What they will see", "What stays with you"]
    press(page, "Show it")
    assert "You showed it on 12 March 2026" in page.inner_text("main")
    assert result(service, question)["state"] == "answered"


def test_a_maker_issues_a_passport_publishes_it_and_prints_its_code(page: Page, purse: Purse) -> None:
    follow(page, "Own documents")
    for name, value in PASSPORT.items():
        page.fill(f"#f-{name}", value)
    press(page, "Check and sign")
    assert page.get_by_role("heading", level=1).inner_text() == PASSPORT["name"]
    assert page.get_by_text("Only you, and those whom you show it to.").is_visible()
    press(page, "Show it to everybody")
    assert page.get_by_text("Everybody who has the address or the code.").is_visible()

    follow(page, "Products")
    page.fill("#f-gtin", PASSPORT["gtin"])
    page.fill("#f-lot", "17")
    press(page, "Register")
    for media in ("screen", "print"):
        page.emulate_media(media=media)
        (code,) = zxingcpp.read_barcodes(read_png(page.locator(".qr").screenshot()))
        assert code.text == "https://mill.example/01/09521234543213/10/17"


def test_who_waits_is_left_alone_until_there_is_an_answer(
    browser: Browser, purse: Purse, service: Service
) -> None:
    question = ask(service, ANY)
    seen = purse.call("POST", "/orgs/mill/requests", {"url": question["openid4vp"]}).json()
    with serving_app(service.app) as base, browser.new_context(base_url=base, locale="en-GB") as context:
        page = context.new_page()
        page.clock.install()
        page.goto(f"/login?next=/asked/{question['id']}")
        page.fill("#f-login", "clerk@fa.example")
        page.fill("#f-password", ASKERS_PASSWORD)
        press(page, "Log in")
        assert page.inner_text("h1") == "Waiting for an answer"
        page.evaluate("document.mine = true")
        with page.expect_response(f"**/asked/{question['id']}"):
            page.clock.run_for(6_000)
        assert page.evaluate("document.mine")
        assert purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/refuse").is_success
        with page.expect_navigation():
            page.clock.run_for(6_000)
        assert page.inner_text("h1") == "The holder did not show it"
