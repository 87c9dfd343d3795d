"""Evidence goes into a directory or a bundle and comes out the same; what was changed there is refused."""

import json
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Source, Unavailable
from certweave.examine.expectation import Expectation
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.bundle import Bundle, make_bundle, parse_bundle
from certweave_edge.evidence_dir import (
    as_supplied,
    load_evidence,
    pack_evidence,
    save_evidence,
    unpack_evidence,
)

AT = datetime(2026, 3, 1, 12, 0, 5, tzinfo=UTC)
LOG = Need(Kind.DID, "https://mill.example/did.jsonl")
LIST = Need(Kind.STATUS, "https://mill.example/status/1")
GONE = Need(Kind.STATUS, "https://mill.example/status/2")
EVIDENCE = Evidence(
    {
        LOG: Fetched(b'{"a":1}\n', LOG.url, "text/jsonl", AT),
        LIST: Fetched(b"\xff\x00", LIST.url, "", AT, Source.SUPPLIED),
        GONE: Unavailable("the host answered HTTP 404: füchse", AT, 404),
    }
)


def test_a_directory_comes_back_the_same(tmp_path: Path) -> None:
    save_evidence(EVIDENCE, tmp_path / "one" / "two")
    assert load_evidence(tmp_path / "one" / "two", limits=DEFAULT_LIMITS) == EVIDENCE


def test_a_directory_saved_again_is_the_same_bytes(tmp_path: Path) -> None:
    save_evidence(EVIDENCE, tmp_path / "a")
    save_evidence(load_evidence(tmp_path / "a", limits=DEFAULT_LIMITS), tmp_path / "b")
    first, second = ({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()} for name in "ab")
    assert first == second


def test_a_row_has_the_documented_members(tmp_path: Path) -> None:
    save_evidence(EVIDENCE, tmp_path, only=[LOG])
    assert json.loads((tmp_path / "evidence.json").read_bytes()) == [
        {
            "kind": "did",
            "url": "https://mill.example/did.jsonl",
            "status": 200,
            "mediaType": "text/jsonl",
            "fetchedAt": "2026-03-01T12:00:05Z",
            "source": "fetched",
            "sha256": sha256(b'{"a":1}\n').hexdigest(),
        }
    ]


def test_only_the_owner_may_read_it(tmp_path: Path) -> None:
    save_evidence(EVIDENCE, tmp_path / "kept")
    assert (tmp_path / "kept").stat().st_mode & 0o777 == 0o700
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "kept").iterdir()} == {0o600}


def test_a_failure_without_a_file_is_read(tmp_path: Path) -> None:
    row = row_of(tmp_path) | {"status": 0, "sha256": None, "mediaType": None}
    write(tmp_path, [row])
    found = load_evidence(tmp_path, limits=DEFAULT_LIMITS).find(LOG)
    assert found == Unavailable("nothing answered", AT, 0)


@pytest.mark.parametrize("left_out", [("sha256",), ("mediaType",), ("sha256", "mediaType")])
def test_a_failure_may_lack_what_is_said_of_a_file(tmp_path: Path, left_out: tuple[str, ...]) -> None:
    row = row_of(tmp_path) | {"status": 404, "sha256": "", "mediaType": None}
    write(tmp_path, [{name: value for name, value in row.items() if name not in left_out}])
    found = load_evidence(tmp_path, limits=DEFAULT_LIMITS).find(LOG)
    assert found == Unavailable("the host answered HTTP 404", AT, 404)


def test_the_body_of_a_failure_is_not_its_reason(tmp_path: Path) -> None:
    write(tmp_path, [row_of(tmp_path) | {"status": 503, "mediaType": "text/html"}])
    found = load_evidence(tmp_path, limits=DEFAULT_LIMITS).find(LOG)
    assert found == Unavailable("the host answered HTTP 503", AT, 503)


@pytest.mark.parametrize("left_out", ["sha256", "url", "source", "fetchedAt"])
def test_a_document_has_what_identifies_it(tmp_path: Path, left_out: str) -> None:
    write(tmp_path, [{name: value for name, value in row_of(tmp_path).items() if name != left_out}])
    with pytest.raises(MalformedError):
        load_evidence(tmp_path, limits=DEFAULT_LIMITS)


def row_of(directory: Path) -> dict[str, Any]:
    """Save one document, and return its row."""
    save_evidence(EVIDENCE, directory, only=[LOG])
    rows: list[dict[str, Any]] = json.loads((directory / "evidence.json").read_bytes())
    return rows[0]


def write(directory: Path, rows: object) -> None:
    (directory / "evidence.json").write_text(json.dumps(rows), encoding="utf-8")


@pytest.mark.parametrize(
    "change",
    [
        {"kind": "secret"},
        {"kind": ["did"]},
        {"url": None},
        {"status": "200"},
        {"status": True},
        {"status": 600},
        {"fetchedAt": "yesterday"},
        {"fetchedAt": "2026-03-01T12:00:05"},
        {"source": "guessed"},
        {"sha256": None},
        {"sha256": "../evidence.json"},
        {"sha256": "0" * 64},
        {"more": 1},
    ],
    ids=str,
)
def test_a_wrong_row_is_refused(tmp_path: Path, change: dict[str, Any]) -> None:
    write(tmp_path, [row_of(tmp_path) | change])
    with pytest.raises(MalformedError):
        load_evidence(tmp_path, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize("rows", [{}, None, [1], ["a"], [{}]], ids=str)
def test_another_form_is_refused(tmp_path: Path, rows: object) -> None:
    write(tmp_path, rows)
    with pytest.raises(MalformedError):
        load_evidence(tmp_path, limits=DEFAULT_LIMITS)


def test_two_rows_for_one_need_are_refused(tmp_path: Path) -> None:
    row = row_of(tmp_path)
    write(tmp_path, [row, row])
    with pytest.raises(MalformedError, match="same need"):
        load_evidence(tmp_path, limits=DEFAULT_LIMITS)


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    digest = row_of(tmp_path)["sha256"]
    (tmp_path / digest).write_bytes(b"other")
    with pytest.raises(InvalidError) as refused:
        load_evidence(tmp_path, limits=DEFAULT_LIMITS)
    assert refused.value.code == "evidence_digest"
    assert refused.value.path == "/0"


def test_a_link_is_not_followed(tmp_path: Path) -> None:
    digest = row_of(tmp_path)["sha256"]
    (tmp_path / digest).rename(tmp_path / "elsewhere")
    (tmp_path / digest).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MalformedError):
        load_evidence(tmp_path, limits=DEFAULT_LIMITS)


def test_what_others_hand_in_counts_as_supplied() -> None:
    supplied = as_supplied(EVIDENCE)
    assert {found.source for found in supplied.documents.values()} == {Source.SUPPLIED}
    files = pack_evidence(supplied)
    assert unpack_evidence(lambda name, _: files[name], limits=DEFAULT_LIMITS) == supplied


BUNDLE = Bundle(b"a.b.c", EVIDENCE, b'{"verdict":"valid"}\n', b'{"name":"x"}', Expectation("me", None))


def test_a_bundle_comes_back_the_same() -> None:
    assert parse_bundle(make_bundle(BUNDLE), limits=DEFAULT_LIMITS) == BUNDLE


def test_equal_bundles_are_equal_bytes() -> None:
    assert make_bundle(BUNDLE) == make_bundle(parse_bundle(make_bundle(BUNDLE), limits=DEFAULT_LIMITS))


@pytest.mark.parametrize("cut", [0, 1, 4, 30, 200])
def test_a_bundle_cut_short_is_refused(cut: int) -> None:
    with pytest.raises(CertweaveError):
        parse_bundle(make_bundle(BUNDLE)[:cut], limits=DEFAULT_LIMITS)
