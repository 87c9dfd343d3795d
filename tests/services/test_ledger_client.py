"""Our client against our ledger: an identity published over HTTP, receipts, and a ledger that is down."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest

from certweave.did.webvh.fold import fold_log
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import parse_receipt
from certweave.trust.policy import INTEGRITY, receipts_sources
from certweave_edge.accounts import Directory
from certweave_edge.identity import Identities
from certweave_edge.keystore import Keystore
from certweave_edge.ledger_client import LedgerClient, LedgerError
from certweave_edge.settings_base import Environment
from certweave_edge.sql import Database
from tests.services.conftest import Clock
from tests.services.ledger import World, open_ledger


class Bridge(httpx.BaseTransport):
    """Sends to the app in this process; ``down`` refuses, ``answer`` answers instead of the ledger."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.down: Exception | None = None
        self.answer: httpx.Response | None = None

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.down is not None:
            raise self.down
        if self.answer is not None:
            return self.answer
        found = self.world.client.request(
            request.method, str(request.url), content=request.read(), headers=dict(request.headers)
        )
        return httpx.Response(found.status_code, headers=found.headers, content=found.content)


@pytest.fixture
def bridge(tmp_path: Path, clock: Clock) -> Iterator[Bridge]:
    with open_ledger(tmp_path / "ledger", clock) as world:
        yield Bridge(world)


@pytest.fixture
def ledger(bridge: Bridge) -> Iterator[LedgerClient]:
    with LedgerClient("http://127.0.0.1:8000", bridge.world.tokens["fa"], transport=bridge) as client:
        yield client


@pytest.fixture
def identities(
    tmp_path: Path, database: Database, directory: Directory, ledger: LedgerClient, clock: Clock
) -> Identities:
    keystore = Keystore.open(tmp_path / "keys", None, environment=Environment.DEVELOPMENT)
    return Identities(database, keystore, ledger, clock=clock)


def test_an_organisation_gets_an_identity_and_receipts(
    identities: Identities, ledger: LedgerClient, bridge: Bridge, clock: Clock
) -> None:
    about = ledger.about()
    made = identities.create_identity("fa", host=about.did_host, path="fa", ledger=about)
    clock.now += timedelta(minutes=1)
    identities.rotate_identity("fa")
    log = bridge.world.client.get("/dids/fa/did.jsonl").content
    history = fold_log(made.did, log, fetched_at=clock(), now=clock())
    assert len(history.versions) == 2
    source = receipts_sources(INTEGRITY, history.versions[-1].document.services)[0]
    assert (source.did, source.receipts_url) == (about.did, about.receipts)
    digests = [bytes([number]) * 32 for number in range(3)]
    for digest, token in ledger.request_receipts(digests).items():
        receipt, _ = parse_receipt(token, limits=DEFAULT_LIMITS)
        assert (receipt.digest, receipt.ledger) == (digest, about.did)
        assert ledger.get_receipt(digest) == token
    assert ledger.get_receipt(b"\xff" * 32) is None
    assert ledger.request_receipts([]) == {}


def test_many_digests_go_in_batches(ledger: LedgerClient) -> None:
    digests = [number.to_bytes(32) for number in range(1100)]
    assert list(ledger.request_receipts(digests)) == digests


def test_a_refusal_keeps_its_code(ledger: LedgerClient, bridge: Bridge) -> None:
    with pytest.raises(LedgerError) as caught:
        ledger.put_log("other", bridge.world.make("other").log, None)
    assert (caught.value.status, caught.value.refusal) == (403, "namespace_foreign")
    assert ledger.get_log("other") is None


@pytest.mark.parametrize(
    "down", [httpx.ConnectError("no"), httpx.ReadTimeout("slow"), httpx.ReadError("cut")]
)
def test_a_ledger_that_is_down_is_told(ledger: LedgerClient, bridge: Bridge, down: Exception) -> None:
    bridge.down = down
    for act in (ledger.about, lambda: ledger.get_log("fa"), lambda: ledger.request_receipts([bytes(32)])):
        with pytest.raises(LedgerError) as caught:
            act()
        assert (caught.value.code, caught.value.status) == ("ledger_unreachable", 0)


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, json=[]),
        httpx.Response(200, json={"did": 1, "receipts": [], "didHost": ""}),
        httpx.Response(200, json={"receipts": [{"digest": "00" * 32}, None, {"digest": 5, "receipt": "x"}]}),
    ],
)
def test_an_answer_that_is_no_ledgers_is_told(
    ledger: LedgerClient, bridge: Bridge, answer: httpx.Response
) -> None:
    bridge.answer = answer
    for act in (ledger.about, lambda: ledger.request_receipts([bytes(32)])):
        with pytest.raises(LedgerError) as caught:
            act()
        assert caught.value.code == "ledger_answer"


def test_a_redirect_is_not_followed(ledger: LedgerClient, bridge: Bridge) -> None:
    bridge.answer = httpx.Response(307, headers={"location": "http://evil.example/"})
    with pytest.raises(LedgerError) as caught:
        ledger.request_receipts([bytes(32)])
    assert caught.value.code == "ledger_refused"
