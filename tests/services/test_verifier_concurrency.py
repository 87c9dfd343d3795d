"""Two hundred verifications at once over real sockets: all decided, none fails, few fetches are made."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from certweave.examine.evidence import Fetched, Kind, Need, Unavailable
from certweave_verifier.app import make_app
from certweave_verifier.service.network import SharedDocuments
from certweave_verifier.settings import VerifierSettings
from tests.support.loopback import serving_app, serving_world, write_host_map
from tests.support.world import START, World, plain_credential

NEED = Need(Kind.DID, "https://ledger.example/fa/did.jsonl")
FOUND = Fetched(b"{}", NEED.url, "text/jsonl", START)


def test_two_hundred_at_once(tmp_path: Path) -> None:
    world = World()
    issuer = world.party("fa")
    tokens = [
        issuer.issue(plain_credential(issuer, credentialStatus=issuer.entry(number))).decode()
        for number in range(20)
    ]
    with serving_world(world) as hosts:
        write_host_map(tmp_path, hosts)
        app = make_app(VerifierSettings(data=tmp_path), clock=lambda: world.clock)
        with serving_app(app) as base, httpx.Client(base_url=base, timeout=60, trust_env=False) as client:

            def verify(number: int) -> tuple[int, str]:
                body = {"verifiableCredential": tokens[number % len(tokens)]}
                answer = client.post("/credentials/verify", json=body)
                return answer.status_code, answer.json().get("verdict", json.dumps(answer.json()))

            with ThreadPoolExecutor(200) as pool:
                answers = list(pool.map(verify, range(200)))
        app.state.close()
    assert set(answers) == {(200, "valid")}
    assert len(world.fetched) < 400


def test_one_fetch_serves_all_who_wait() -> None:
    shared = SharedDocuments()
    asked, gate = [], threading.Event()

    def ask(need: Need) -> Fetched:
        asked.append(need)
        gate.wait(5)
        return FOUND

    with ThreadPoolExecutor(10) as pool:
        waiting = [pool.submit(shared.fetch, NEED, ask) for _ in range(10)]
        while not asked:
            pass
        gate.set()
        answers = [one.result() for one in waiting]
    assert answers == [FOUND] * 10
    assert len(asked) < 10


def test_a_spent_budget_is_not_passed_on() -> None:
    shared = SharedDocuments()
    started, gate = threading.Event(), threading.Event()

    def poor(need: Need) -> Unavailable:
        started.set()
        gate.wait(5)
        return Unavailable("limit: this check would need more hosts (budget_hosts)", START)

    with ThreadPoolExecutor(2) as pool:
        first = pool.submit(shared.fetch, NEED, poor)
        started.wait(5)
        second = pool.submit(shared.fetch, NEED, lambda need: FOUND)
        gate.set()
        assert isinstance(first.result(), Unavailable)
        assert second.result() == FOUND


def test_what_is_kept_stays_bounded() -> None:
    shared = SharedDocuments(60)
    large = Fetched(bytes(30 << 20), NEED.url, "text/jsonl", START)
    needs = [Need(Kind.DID, f"https://ledger.example/{number}/did.jsonl") for number in range(3)]
    for need in needs:
        shared.fetch(need, lambda need: large)
    asked: list[Need] = []

    def ask(need: Need) -> Fetched:
        asked.append(need)
        return FOUND

    for need in needs:
        shared.fetch(need, ask)
    assert needs[0] in asked
    assert needs[2] not in asked


def test_a_failure_is_never_kept() -> None:
    shared = SharedDocuments(60)
    assert shared.fetch(NEED, lambda need: Unavailable("no answer", START)) != FOUND
    assert shared.fetch(NEED, lambda need: FOUND) == FOUND
