"""A shopper scans a shirt: a real browser, on a poor line, without scripts, in the dark, right to left."""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
import zxingcpp
from playwright.sync_api import Browser, Page
from tests.support.brand import Stand, open_stand
from tests.support.png import read_png
from tests.support.shirt import HOST, SHIRT, Shirt

from certweave.product.address import parse_product_url
from certweave_edge.qr import qr_png

PHONE = {"width": 360, "height": 740}
DESKTOP = {"width": 1280, "height": 900}
BUDGET = 60_000
Open = Callable[..., Page]


@pytest.fixture
def stand(tmp_path: Path) -> Iterator[Stand]:
    with open_stand(tmp_path / "data", Shirt().publish()) as opened:
        yield opened


@pytest.fixture
def open_page(browser: Browser, request: pytest.FixtureRequest) -> Iterator[Open]:
    contexts = []

    def open_page(address: str, *, viewport: dict[str, int] | None = None, **options: Any) -> Page:
        context = browser.new_context(viewport=viewport or PHONE, **options)  # type: ignore[arg-type]
        contexts.append(context)
        page = context.new_page()
        if address:
            page.goto(address)
        return page

    yield open_page
    for context in contexts:
        context.close()


def scanned(stand: Stand) -> str:
    """Return where the printed code of the shirt leads a browser."""
    (found,) = zxingcpp.read_barcodes(read_png(qr_png(SHIRT)))
    host, address = parse_product_url(found.text)
    return f"{stand.brand}/{host}{address.path}"


def direct(stand: Stand, **query: str) -> str:
    address = f"{stand.verifier}/p/{HOST}{urlsplit(SHIRT).path}"
    return address + ("?" + "&".join(f"{name}={value}" for name, value in query.items()) if query else "")


@pytest.mark.parametrize("viewport", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_from_the_code_to_the_page(stand: Stand, open_page: Open, viewport: dict[str, int]) -> None:
    page = open_page(scanned(stand), viewport=viewport)
    assert page.url == direct(stand)
    assert page.get_by_role("heading", level=1).inner_text() == "T-shirt “Meadow”"
    assert page.get_by_text("Checked by Fibre Assurance on 20 February 2026").is_visible()
    assert page.locator("header img").evaluate("image => image.naturalWidth > 0")
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0


def test_a_poor_line(stand: Stand, open_page: Open) -> None:
    """400 kbit/s with 400 ms each way: the first view is there soon, and weighs little."""
    page = open_page("")
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    conditions = {"offline": False, "latency": 400, "downloadThroughput": 50_000, "uploadThroughput": 50_000}
    session.send("Network.emulateNetworkConditions", conditions)
    weights: list[float] = []
    session.on("Network.loadingFinished", lambda event: weights.append(event["encodedDataLength"]))
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(direct(stand), wait_until="networkidle")
    assert sum(weights) <= BUDGET, weights
    assert {urlsplit(url).netloc for url in asked} == {urlsplit(stand.verifier).netloc}
    painted = page.evaluate("performance.getEntriesByName('first-contentful-paint')[0].startTime")
    assert painted < 4_000
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0


def test_the_last_answer_then_the_new_one(stand: Stand, open_page: Open) -> None:
    open_page(direct(stand))
    stand.shirt.world.clock += timedelta(hours=3)
    page = open_page("", java_script_enabled=False)
    page.goto(direct(stand), wait_until="commit")
    assert page.get_by_text("Checked 3 hours ago.").is_visible()
    page = open_page(direct(stand))
    page.get_by_text("Checked just now.").wait_for()
    assert page.locator("[data-check]").count() == 0
    assert page.get_by_role("heading", level=1).inner_text() == "T-shirt “Meadow”"


def test_an_outage_while_checking_again(stand: Stand, open_page: Open) -> None:
    open_page(direct(stand))
    stand.shirt.world.clock += timedelta(hours=3)
    stand.shirt.world.down.add(HOST)
    page = open_page(direct(stand))
    page.get_by_text("We could not check again just now.").first.wait_for()
    assert page.get_by_text("Checked 3 hours ago.").is_visible()
    assert page.locator(".mark.valid").count() == 2


def test_the_network_is_cut_after_load(stand: Stand, open_page: Open) -> None:
    page = open_page(direct(stand))
    page.context.set_offline(True)
    page.get_by_text("How this was checked").click()
    assert page.get_by_text("Each document goes through ten steps.").is_visible()
    assert page.locator(".sources li").count() == 10
    assert page.locator("header img").evaluate("image => image.naturalWidth > 0")


def test_cut_while_checking_again(stand: Stand, open_page: Open) -> None:
    open_page(direct(stand))
    stand.shirt.world.clock += timedelta(hours=3)
    page = open_page("")
    page.route("**/*check=now*", lambda route: route.abort())
    page.goto(direct(stand))
    page.get_by_text("We could not check again just now.").wait_for()
    assert page.locator(".card.claim").count() == 3


def test_without_scripts(stand: Stand, open_page: Open) -> None:
    page = open_page(direct(stand), java_script_enabled=False)
    assert page.get_by_text("Said by the maker, not checked").is_visible()
    page.get_by_text("How this was checked").click()
    assert page.get_by_text("Each document goes through ten steps.").is_visible()
    assert not page.get_by_role("button", name="Print").is_visible()


CONTRAST = """
() => {
  const curve = (c) => c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  const channel = (value) => curve(value / 255);
  const parse = (text) => text.match(/[\\d.]+/g).map(Number);
  const light = ([r, g, b]) => 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
  const ground = (element) => {
    for (let at = element; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return parse(getComputedStyle(document.documentElement).backgroundColor);
  };
  const low = [];
  for (const element of document.querySelectorAll("body *")) {
    const own = [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || !element.checkVisibility()) continue;
    const [one, other] = [light(parse(getComputedStyle(element).color)), light(ground(element))];
    const ratio = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
    if (ratio < 4.5) low.push(`${element.className} ${ratio} ${element.textContent.slice(0, 30)}`);
  }
  return low;
}
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_can_be_read(stand: Stand, open_page: Open, scheme: str) -> None:
    """WCAG 2.2 AA: contrast of every text, order of headings, names, targets."""
    stand.shirt.withdraw("organic")
    stand.shirt.world.down.add(stand.shirt.world.parties["lab"].list_url)
    page = open_page(direct(stand), color_scheme=scheme)
    page.get_by_text("How this was checked").click()
    assert page.evaluate(CONTRAST) == []
    levels = page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(h => Number(h.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
    assert page.locator("img:not([alt])").count() == 0
    assert page.locator("html").get_attribute("lang") == "en"
    small = page.evaluate(
        "[...document.querySelectorAll('main a, summary, .foot a, button')].filter(e => e.checkVisibility())"
        ".filter(e => e.getBoundingClientRect().height < 44).map(e => e.outerHTML)"
    )
    assert small == []


def test_the_keyboard_reaches_everything(stand: Stand, open_page: Open) -> None:
    page = open_page(direct(stand))
    reached = []
    for _ in range(6):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.textContent.trim()"))
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid", reached
    for wanted in ("To the content", "How this was checked", "Deutsch", "العربية"):
        assert wanted in reached, reached


def test_outcomes_differ_in_shape_word_and_colour(stand: Stand, open_page: Open) -> None:
    stand.shirt.withdraw("organic")
    stand.shirt.world.down.add(stand.shirt.world.parties["lab"].list_url)
    page = open_page(direct(stand))
    marks = page.locator(".card.claim .mark")
    shapes = marks.locator("use").evaluate_all("all => all.map(one => one.getAttribute('href'))")
    assert shapes == ["#i-invalid", "#i-undecided", "#i-said"]
    colours = marks.evaluate_all("all => all.map(one => getComputedStyle(one).color)")
    borders = marks.evaluate_all("all => all.map(one => getComputedStyle(one).borderTopStyle)")
    assert len(set(colours)) == 3
    assert borders == ["solid", "dashed", "solid"]
    assert len(set(marks.all_inner_texts())) == 3


@pytest.mark.parametrize(("lang", "direction"), [("de", "ltr"), ("ar", "rtl")])
def test_other_languages(stand: Stand, open_page: Open, lang: str, direction: str) -> None:
    page = open_page(direct(stand, lang=lang))
    assert page.locator("html").get_attribute("dir") == direction
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0
    knot = page.locator(".thread li").first
    box, style = knot.bounding_box(), knot.evaluate("e => getComputedStyle(e).borderRightWidth")
    assert box is not None
    assert (style == "4px") is (direction == "rtl")
    assert page.locator(f'.langs a[lang="{lang}"]').get_attribute("aria-current") == "true"
    page.get_by_text("English").click()
    page.get_by_text("What is claimed").wait_for()


def test_it_prints(stand: Stand, open_page: Open) -> None:
    page = open_page(direct(stand), color_scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
    assert not page.locator(".foot").is_visible()
    pdf = page.pdf(format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 3
