"""The verifier asks in its own name: a did:webvh at a real ledger, which a wallet resolves and believes."""

from pathlib import Path

from certweave.did.webvh.fold import fold_log
from certweave.exchange.vp_request import parse_request, verify_request
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.accounts import Scope
from certweave_verifier.app import make_app
from certweave_verifier.settings import VerifierSettings
from tests.services.conftest import Clock
from tests.services.ledger import open_ledger
from tests.support.client import Client, open_client
from tests.support.loopback import serving_app

ASK = {"purpose": "We order yarn from you.", "preset": "scope-certificate"}


def ask(client: Client, token: str) -> tuple[int, dict[str, str]]:
    answer = client.post("/requests", json=ASK, headers={"authorization": f"Bearer {token}"})
    return answer.status_code, answer.json()


def test_it_gets_a_did_when_it_first_asks(tmp_path: Path, clock: Clock) -> None:
    with open_ledger(tmp_path / "ledger", clock) as ledger, serving_app(ledger.app) as base:
        ledger.app.state.directory.add_organisation("verifier", "Verifier", now=clock())
        ledger.app.state.ledger.invitations.invite("ledger", "verifier", "verifier", actor="test")
        key = ledger.app.state.directory.make_token(
            "verifier", [Scope.KEYS, Scope.ISSUE], label="test", now=clock()
        )
        settings = VerifierSettings(
            data=tmp_path / "verifier",
            public_url="https://verifier.example",
            ledger_url=base,
            ledger_token=key,
        )
        for _ in range(2):  # the second time it starts with what it has
            app = make_app(settings, clock=clock)
            if app.state.directory.find_organisation("fa") is None:
                app.state.directory.add_organisation("fa", "FA", now=clock())
            token = app.state.directory.make_token("fa", [Scope.READ], label="test", now=clock())
            with open_client(app) as client:
                status, question = ask(client, token)
                assert status == 201, question
                request = parse_request(client.get(f"/requests/{question['id']}").text, limits=DEFAULT_LIMITS)
            app.state.close()
            log = ledger.client.get("/dids/verifier/did.jsonl").content
            history = fold_log(request.did, log, fetched_at=clock(), now=clock(), limits=DEFAULT_LIMITS)
            period = history.find_keys(request.kid.text, "authentication", now=clock())[0]
            verify_request(request, period.key)


def test_a_ledger_that_is_down_is_told(tmp_path: Path, clock: Clock) -> None:
    settings = VerifierSettings(
        data=tmp_path,
        public_url="https://verifier.example",
        ledger_url="http://127.0.0.1:9",
        ledger_token="x",
    )
    app = make_app(settings, clock=clock)
    app.state.directory.add_organisation("fa", "FA", now=clock())
    token = app.state.directory.make_token("fa", [Scope.READ], label="test", now=clock())
    with open_client(app) as client:
        status, problem = ask(client, token)
        assert status == 502
        assert problem["code"].startswith("ledger")
        assert client.get("/").status_code == 200
    app.state.close()
