"""What can be measured of a page in a browser: contrast, names of fields, headings, sizes, directions.

The relative luminance and the ratios are those of WCAG 2.2, 1.4.3 and 1.4.11; the size of targets is our own
44 px.
A link within a sentence may be smaller (WCAG 2.5.8, "inline").
"""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

MEASURE = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")

FOCUS = r"""() => {
  const one = document.activeElement;
  if (!one || one === document.body) return null;
  const style = getComputedStyle(one);
  const box = one.getBoundingClientRect();
  const text = (one.innerText || one.getAttribute("aria-label") || one.name || one.href || "").trim();
  return {
    key: [...document.querySelectorAll("*")].indexOf(one),
    name: `${one.tagName.toLowerCase()} “${text.slice(0, 40)}”`,
    shown: parseFloat(style.outlineWidth) >= 2 && style.outlineStyle !== "none",
    seen: box.width > 0 && box.height > 0,
  };
}"""

ACTIONS = r"""() => [...document.querySelectorAll("button, a.button, summary")]
  .filter((one) => one.checkVisibility() && !one.disabled && !one.closest("[aria-hidden=true]"))
  .map((one) => [...document.querySelectorAll("*")].indexOf(one))"""


def measure(page: Page) -> list[str]:
    """Return what is wrong with the page as it stands; empty if nothing is."""
    return list(page.evaluate(MEASURE))


def walk(page: Page, *, most: int = 200) -> list[str]:
    """Go through the page by Tab alone; return actions not reached, and places without a visible focus."""
    wanted = set(page.evaluate(ACTIONS))
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
    faults: list[str] = []
    reached: set[int] = set()
    first: int | None = None
    for _ in range(most):
        page.keyboard.press("Tab")
        found: dict[str, Any] | None = page.evaluate(FOCUS)
        if found is None:  # the window itself, between the end of the page and its beginning
            continue
        if found["key"] == first and len(reached) > 1:
            break
        first = found["key"] if first is None else first
        reached.add(found["key"])
        if not found["shown"] or not found["seen"]:
            faults.append(f"focus is not seen: {found['name']}")
    if missed := wanted - reached:
        faults.append(f"{len(missed)} actions are not reached by keyboard")
    return faults
