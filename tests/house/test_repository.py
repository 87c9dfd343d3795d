"""What the repository as a whole never holds."""

import json
import re

import pytest

from tests.support.house import walk
from tests.support.shared import ROOT

# One bracket in each, so that this file does not hold what it looks for.
NEVER = re.compile(
    r"/wor[k]/|/far[m]/|/tm[p]/[a-z]|/roo[t]/|/hom[e]/[a-z]+/|registry[.]n[p]mjs|pypi[.]o[r]g|python[h]osted|deb[.]deb[i]an"
)
TEXT = {
    "",
    ".py",
    ".md",
    ".toml",
    ".txt",
    ".json",
    ".jsonl",
    ".yml",
    ".yaml",
    ".cfg",
    ".ini",
    ".html",
    ".css",
    ".js",
}


def find_places(text: str) -> list[str]:
    """Return the lines that name a folder of one machine or the host of a package registry."""
    return [
        f"{number}: {line.strip()[:80]}"
        for number, line in enumerate(text.splitlines(), 1)
        if NEVER.search(line)
    ]


def test_no_file_names_one_machine_or_a_registry() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{place}"
        for path in walk()
        if path.suffix in TEXT and not path.name.startswith(".coverage")  # what a measurement leaves behind
        for place in find_places(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert not found


@pytest.mark.parametrize(
    "words",
    [("see ", "work", "main"), ("cp x ", "tmp", "y"), ("index = https:/", ".".join(("pypi", "org")), "x")],
)
def test_the_search_finds(words: tuple[str, ...]) -> None:
    assert find_places("/".join(words))


def test_every_json_file_can_be_read() -> None:
    for path in walk():
        if path.suffix == ".json":
            json.loads(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "name", ["LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "SECURITY.md", "README.md", ".ci/run"]
)
def test_a_reader_finds(name: str) -> None:
    assert (ROOT / name).read_text(encoding="utf-8").strip()
