"""docs/conformance.json is whole, reaches the bars, and says what docs/reference/conformance.md says."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from tools.conformance.plan import SUITES

DOCS = Path(__file__).resolve().parents[2] / "docs"
RECORD: list[dict[str, Any]] = json.loads((DOCS / "conformance.json").read_bytes())["suites"]


def test_every_suite_is_there() -> None:
    assert [one["suite"] for one in RECORD] == [suite.folder for suite in SUITES]


@pytest.mark.parametrize("row", RECORD, ids=lambda row: str(row["suite"]))
def test_a_row_adds_up_and_reaches_its_bar(row: dict[str, Any]) -> None:
    suite = next(one for one in SUITES if one.folder == row["suite"])
    states = Counter(test["result"] for test in row["tests"])
    assert (states["pass"], states["skip"]) == (row["passed"], row["skipped"])
    assert states["pass"] + states["fail"] == row["total"]
    assert row["passed"] >= row["bar"] == suite.bar
    assert row["always400"] < row["passed"]
    assert re.fullmatch(r"[0-9a-f]{40}", row["commit"])
    failed = {test["test"]: test["why"] for test in row["tests"] if test["result"] == "fail"}
    assert failed == dict(suite.known)


def test_the_page_says_the_same() -> None:
    page = (DOCS / "reference" / "conformance.md").read_text(encoding="utf-8")
    for row in RECORD:
        line = f"| {row['suite']} | {row['passed']} | {row['total']} | {row['always400']} |"
        assert line in page
        for place in (test["test"] for test in row["tests"] if test["result"] == "fail"):
            assert f"`{place}`" in page
