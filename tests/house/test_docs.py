"""The documents hold together: links lead somewhere, and pages that come from the code are up to date."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from tools.reference import PAGES

from tests.support.house import walk
from tests.support.shared import ROOT

LINK = re.compile(r"\]\((?P<target>[^)\s]+)\)|(?:src|srcset|href)=\"(?P<other>[^\"]+)\"")
FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)
HEADING = re.compile(r"^#{1,6} (?P<text>.+)$", re.MULTILINE)


def slug(heading: str) -> str:
    """Return the anchor that hosts of Markdown give to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def pages() -> list[Path]:
    """Every Markdown page of the project."""
    return [path for path in walk() if path.suffix == ".md"]


def find_dead(page: Path) -> Iterator[str]:
    """Yield the links of a page that lead nowhere; links to other hosts are not followed."""
    text = FENCE.sub("", page.read_text(encoding="utf-8"))
    for link in LINK.finditer(text):
        target = link["target"] or link["other"]
        if re.match(r"[a-z]+:", target):
            continue
        name, _, anchor = target.partition("#")
        goal = (page.parent / name).resolve() if name else page
        if not goal.exists():
            yield target
        elif anchor and goal.suffix == ".md":
            headings = HEADING.finditer(goal.read_text(encoding="utf-8"))
            if anchor not in {slug(heading["text"]) for heading in headings}:
                yield target


def test_links_lead_somewhere() -> None:
    dead = {str(page.relative_to(ROOT)): targets for page in pages() if (targets := list(find_dead(page)))}
    assert not dead


def test_the_search_finds(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("# One two\n[a](#one-two) [b](#three) [c](gone.md) [d](page.md)\n", encoding="utf-8")
    assert list(find_dead(page)) == ["#three", "gone.md"]


def test_every_page_is_in_the_index() -> None:
    index = (ROOT / "docs/README.md").read_text(encoding="utf-8")
    docs = ROOT / "docs"
    missing = [
        name
        for path in pages()
        if path.is_relative_to(docs) and path.name != "README.md"
        for name in [path.relative_to(docs).as_posix()]
        if f"({name})" not in index
    ]
    assert not missing


INSIDE = {"authority_in_part", "presentation_inside", "receipt_key_retired"}
"""Of an examination inside of another: their sentences come out, and their codes do not."""


def test_every_code_of_the_core_is_met_in_a_test() -> None:
    """Programs key on them. What an error class says for want of another code is not given by itself."""
    page = (ROOT / "docs/reference/codes.md").read_text(encoding="utf-8")
    given = re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", page, re.MULTILINE)
    own = {code for code, by in given if "`certweave." in by and by != "`certweave.errors`"}
    sources = [path for path in walk() if path.is_relative_to(ROOT / "tests") and path.suffix == ".py"]
    words = set(re.findall(r"\w+", "\n".join(path.read_text(encoding="utf-8") for path in sources)))
    assert own - words - INSIDE == set()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_from_the_code_is_up_to_date(name: str) -> None:
    """Run ``make docs`` when this fails."""
    there = set((ROOT / name).read_text(encoding="utf-8").splitlines())
    due = set(PAGES[name]().splitlines())
    assert sorted(there ^ due)[:5] == []
