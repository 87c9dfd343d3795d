"""The tables of conformance name modules and tests that are there."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from tests.support.house import walk
from tests.support.shared import ROOT

PAGES = ("conformance-tokens.md", "conformance-data-integrity.md")
ROW = re.compile(r"^\| (?!§|-)(?P<cells>.+) \|$", re.MULTILINE)
NAME = re.compile(r"`([^`]+)`")


def is_there(name: str) -> bool:
    """Tell whether a dotted name, below ``certweave`` if not of another package, stands for something."""
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


def is_tested(name: str, files: list[Path]) -> bool:
    """Tell whether a file of tests is there, alone under its name, and the test in it."""
    place, _, test = name.partition("::")
    found = [path for path in files if path.as_posix().endswith(f"/{place}")]
    return len(found) == 1 and (not test or f"def {test}(" in found[0].read_text(encoding="utf-8"))


def test_what_is_not_there_is_found() -> None:
    files = [path for path in walk() if path.suffix == ".py"]
    assert is_there("proof.jose.check_header")
    assert not is_there("proof.jose.check_nothing")
    assert is_tested("test_alg_none.py::test_alg_none", files)
    assert not is_tested("test_alg_none.py::test_alg_some", files)
    assert not is_tested("test_nothing.py", files)


@pytest.mark.parametrize("page", PAGES)
def test_what_a_table_names_is_there(page: str) -> None:
    files = [path for path in walk() if path.suffix == ".py" and path.is_relative_to(ROOT / "tests")]
    missing = []
    for row in ROW.finditer((ROOT / "docs/reference" / page).read_text(encoding="utf-8")):
        cells = row["cells"].split(" | ")
        missing += [name for name in NAME.findall(cells[2]) if not is_there(name)]
        missing += [name for name in NAME.findall(cells[3]) if not is_tested(name, files)]
    assert not missing
