"""Attack: logs that are broken, huge, from the future, or somebody else's, sent to the ledger."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.services.conftest import Clock
from tests.services.ledger import World, code, open_ledger

from certweave.did.webvh.write import make_document


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_ledger(tmp_path, Clock(), log_bytes=50_000) as opened:
        yield opened


@pytest.mark.parametrize(
    "log",
    [
        b"",
        b"\n",
        b"\x00\xff",
        b"[]",
        b"{}\n",
        b"null\n",
        b'{"versionId":"1-x"',
        b'{"a":1,"a":2}\n',
        b"[" * 40_000,
        b'{"versionId":"1-a","versionTime":"x","parameters":{},"state":{},"proof":[]}\n',
        b'{"state":{"id":"did:web:ledger.example:fa"}}\n',
    ],
)
def test_what_is_no_log_is_refused_by_line(world: World, log: bytes) -> None:
    answer = world.send("fa", "fa", log)
    assert answer.status_code == 422
    problem = answer.json()
    assert problem["code"]
    assert "Traceback" not in answer.text
    assert world.client.get("/dids/fa/did.jsonl").status_code == 404


def test_the_problem_names_line_and_rule(world: World) -> None:
    first = world.make()
    second = world.extend(first, seed=2)
    lines = second.log.splitlines()
    entry = json.loads(lines[1])
    entry["state"]["alsoKnownAs"] = ["did:web:evil.example"]
    spoilt = lines[0] + b"\n" + json.dumps(entry).encode() + b"\n"
    problem = world.send("fa", "fa", spoilt).json()
    assert (problem["status"], problem["code"]) == (422, "entry_hash_mismatch")
    assert problem["path"] == "/1/versionId"
    assert problem["detail"].startswith("line 2: ")


def test_a_did_of_another_place_is_refused(world: World) -> None:
    for path, host in (("fa", "elsewhere.example"), ("fa/x", "ledger.example"), ("", "ledger.example")):
        answer = world.send("fa", "fa", world.make(path, host=host).log)
        assert code(answer) == (422, "did_elsewhere")


def test_a_version_from_the_future_is_refused(world: World) -> None:
    world.clock.now += timedelta(seconds=1)
    written = world.make()
    world.clock.now -= timedelta(seconds=1)
    assert code(world.send("fa", "fa", written.log)) == (422, "version_time_future")


def test_a_log_by_an_unauthorised_key_is_refused(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    lines = first.log + first.log
    answer = world.send("fa", "fa", lines, if_match=world.client.get("/dids/fa/did.jsonl").headers["etag"])
    assert code(answer) == (422, "version_number_wrong")


def test_a_huge_log_is_refused_before_it_is_read(world: World) -> None:
    answer = world.send("fa", "fa", world.make().log + b" " * 60_000)
    assert answer.status_code == 413
    assert world.client.get("/dids/fa/did.jsonl").status_code == 404


def test_markup_in_a_did_stays_text(world: World) -> None:
    page = world.client.get(
        "/look", params={"did": "<script>alert(1)</script>"}, headers={"accept": "text/html"}
    )
    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_documents_never_reach_the_log_lines(world: World, caplog: pytest.LogCaptureFixture) -> None:
    document = make_document("ledger.example:fa", [])
    world.send("fa", "fa", json.dumps({"secret-content": document}).encode())
    assert "secret-content" not in "\n".join(record.getMessage() for record in caplog.records)
