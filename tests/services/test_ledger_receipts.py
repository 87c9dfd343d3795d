"""Receipts: the first time stands, whoever asks, and under whichever key."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from certweave.did.webvh.fold import fold_log
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import Receipt, parse_receipt, verify_receipt
from tests.services.conftest import Clock
from tests.services.ledger import World, code, open_ledger

DIGESTS = [f"{number:064x}" for number in range(3)]


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    with open_ledger(tmp_path, clock) as opened:
        yield opened


def request(world: World, digests: list[str], org: str = "fa") -> list[dict[str, str]]:
    answer = world.client.post("/receipts", json={"digests": digests}, headers=world.bearer(org))
    assert answer.status_code == 200, answer.text
    found: list[dict[str, str]] = answer.json()["receipts"]
    return found


def check(world: World, token: str) -> Receipt:
    """Verify a receipt as a verifier does, from the ledger's public log."""
    receipt, jws = parse_receipt(token, limits=DEFAULT_LIMITS)
    log = world.client.get("/dids/.well-known/did.jsonl").content
    history = fold_log(receipt.ledger, log, fetched_at=world.clock(), now=world.clock())
    period = history.find_key(receipt.method, "assertionMethod", now=world.clock())
    assert period.retired is None
    verify_receipt(receipt, jws, period)
    return receipt


def test_receipts_come_in_order_and_verify(world: World) -> None:
    found = request(world, [DIGESTS[2], DIGESTS[0], DIGESTS[2]])
    assert [one["digest"] for one in found] == [DIGESTS[2], DIGESTS[0], DIGESTS[2]]
    for one in found:
        receipt = check(world, one["receipt"])
        assert (receipt.digest.hex(), receipt.at) == (one["digest"], world.clock())


def test_the_first_time_stands(world: World) -> None:
    first = request(world, DIGESTS[:2])
    world.clock.now += timedelta(days=1)
    again = request(world, DIGESTS, org="other")
    assert again[:2] == first
    assert again[2]["at"] != first[0]["at"]


def test_anyone_reads_a_receipt(world: World) -> None:
    made = request(world, DIGESTS[:1])[0]
    answer = world.client.get(f"/receipts/{DIGESTS[0]}")
    assert (answer.text, answer.headers["content-type"]) == (made["receipt"], "application/jwt")
    assert code(world.client.get(f"/receipts/{DIGESTS[1]}")) == (404, "receipt_unknown")
    assert code(world.client.get("/receipts/zz")) == (400, "digest_malformed")


def test_receipts_outlive_the_key_of_the_ledger(world: World) -> None:
    first = request(world, DIGESTS[:1])[0]
    world.clock.now += timedelta(days=1)
    world.app.state.ledger.own.rotate()
    read = world.client.get(f"/receipts/{DIGESTS[0]}").text
    again = request(world, DIGESTS[:1])[0]
    assert again["at"] == first["at"]
    for token in (read, again["receipt"]):
        assert token != first["receipt"]
        assert check(world, token).at == world.clock() - timedelta(days=1)


@pytest.mark.parametrize(
    ("digests", "expected"),
    [
        ([], (400, "digests_missing")),
        (["A" * 64], (400, "digest_malformed")),
        (["0" * 63], (400, "digest_malformed")),
        (["0" * 64 + "\n"], (400, "digest_malformed")),
        ([f"{number:064x}" for number in range(1001)], (413, "digests_many")),
        ("0" * 64, (400, "request_malformed")),
    ],
)
def test_other_requests_are_refused(world: World, digests: object, expected: tuple[int, str]) -> None:
    answer = world.client.post("/receipts", json={"digests": digests}, headers=world.bearer("fa"))
    assert code(answer) == expected


def test_a_stranger_gets_no_receipt(world: World) -> None:
    assert world.client.post("/receipts", json={"digests": DIGESTS}).status_code == 401


def test_a_thousand_at_once(world: World) -> None:
    digests = [f"{number:064x}" for number in range(1000)]
    assert [one["digest"] for one in request(world, digests)] == digests
