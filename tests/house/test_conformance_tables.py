"""Every module and test that a table of conformance names is there."""

import re
from collections.abc import Iterator
from importlib import import_module

from tests.support.shared import ROOT

HEAD = ("§", "rule", "module", "test", "deviation")
NAME = re.compile(r"`([^`]+)`")


def rows(text: str) -> Iterator[list[str]]:
    """Yield the rows of every table with that head."""
    inside = False
    for line in text.splitlines():
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")] if line.startswith("|") else []
        if tuple(cells) == HEAD:
            inside = True
        elif not cells:
            inside = False
        elif inside and not set(cells[0]) <= {"-"}:
            yield cells


def is_there(name: str) -> bool:
    """Tell whether a dotted name leads to a module, or to something inside of one."""
    parts = name.split(".") if name.startswith("certweave_") else ["certweave", *name.split(".")]
    for size in range(len(parts), 0, -1):
        try:
            found: object = import_module(".".join(parts[:size]))
        except ModuleNotFoundError:
            continue
        for part in parts[size:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def is_test(name: str) -> bool:
    """Tell whether a file of tests, and the test in it, is there."""
    file, _, test = name.partition("::")
    texts = [path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob(file)]
    return len(texts) == 1 and (not test or f"def {test}(" in texts[0])


def test_what_the_tables_name_is_there() -> None:
    missing: list[str] = []
    count = 0
    for page in sorted((ROOT / "docs/reference").glob("conformance*.md")):
        for cells in rows(page.read_text(encoding="utf-8")):
            count += 1
            if len(cells) != len(HEAD):
                missing.append(f"{page.name}: {cells[:2]}")
                continue
            _, _, modules, tests, deviation = cells
            missing += [f"{page.name}: {name}" for name in NAME.findall(modules) if not is_there(name)]
            missing += [f"{page.name}: {name}" for name in NAME.findall(tests) if not is_test(name)]
            if "–" in (modules, tests) and "left out" not in deviation:
                missing.append(f"{page.name}: {cells[1]}: neither kept nor left out")
    assert count > 50
    assert not missing


def test_the_search_finds() -> None:
    assert is_there("proof.jose.check_header")
    assert is_there("certweave_edge.fetch.Fetcher")
    assert not is_there("proof.jose.check_nothing")
    assert not is_there("proof.nothing")
    assert is_test("test_jose.py::test_sizes")
    assert not is_test("test_jose.py::test_nothing")
    assert not is_test("test_nothing.py")
    head = "| " + " | ".join(HEAD) + " |\n|---|---|---|---|---|\n"
    assert list(rows(f"{head}| 1 | a | b | c | |\n\n| x | y |\n")) == [["1", "a", "b", "c", ""]]
