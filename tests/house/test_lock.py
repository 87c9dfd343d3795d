"""Everything that is downloaded is pinned by version and hash, from no named place, under a known licence."""

import re
import tomllib

import pytest

from tests.support.shared import ROOT

LOCKS = ("constraints.txt", "constraints-dev.txt")
ALL_LOCKS = (*LOCKS, "constraints-peers.txt", "constraints-acapy.txt")
ROW = re.compile(
    r"^(?P<name>[a-z0-9-]+)==(?P<version>[^ \\;]+)(?: ; [^\\]+?)?"
    r"(?P<hashes>(?: \\\n    --hash=sha256:[0-9a-f]{64})+)$",
    re.MULTILINE,
)


def read_lock(name: str) -> dict[str, re.Match[str]]:
    """Return the rows of a lock by package."""
    return {row["name"]: row for row in ROW.finditer((ROOT / name).read_text(encoding="utf-8"))}


def normal(requirement: str) -> str:
    """Return the normalised name of a requirement (PEP 503)."""
    found = re.match(r"[A-Za-z0-9._-]+", requirement)
    return re.sub(r"[-_.]+", "-", found[0]).lower() if found else ""


@pytest.mark.parametrize("name", ALL_LOCKS)
def test_a_lock_is_rows_with_hashes_and_nothing_else(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert read_lock(name)
    assert not ROW.sub("", text).strip()


def test_the_two_locks_agree() -> None:
    run, dev = (read_lock(name) for name in LOCKS)
    assert {name: row["version"] for name, row in run.items()}.items() <= {
        name: row["version"] for name, row in dev.items()
    }.items()


def test_every_requirement_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    extras = project["project"]["optional-dependencies"]
    build = project["build-system"]["requires"]
    run, dev = (read_lock(name) for name in LOCKS)
    assert {
        normal(text) for text in [*project["project"]["dependencies"], *extras["services"], *build]
    } <= run.keys()
    assert {normal(text) for text in [*extras["dev"], *extras["postgres"]]} <= dev.keys()


def test_every_package_that_runs_has_its_licence_listed() -> None:
    page = (ROOT / "docs/reference/licences.md").read_text(encoding="utf-8")
    listed = set(re.findall(r"^\| `([a-z0-9-]+)` \|", page, re.MULTILINE))
    assert read_lock("constraints.txt").keys() <= listed
