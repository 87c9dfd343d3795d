"""From an identity to a verdict: a receipt lets a credential outlive the key that signed it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause
from certweave.examine.evidence import Evidence, Fetched, Need, Unavailable
from certweave.examine.report import Report, Verdict
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import secured_digest
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.trust.policy import INTEGRITY
from certweave_edge.accounts import Directory
from certweave_edge.contexts import load_context_store
from certweave_edge.gather import examine_with
from certweave_edge.identity import Identities
from certweave_edge.keystore import Keystore
from certweave_edge.ledger_client import LedgerClient
from certweave_edge.settings_base import Environment
from certweave_edge.sql import Database
from tests.services.conftest import Clock
from tests.services.ledger import HOST, World, open_ledger
from tests.services.test_ledger_client import Bridge


@pytest.fixture
def world(tmp_path: Path, clock: Clock) -> Iterator[World]:
    with open_ledger(tmp_path / "ledger", clock, public_url="https://ledger.example") as opened:
        yield opened


@pytest.fixture
def ledger(world: World) -> Iterator[LedgerClient]:
    with LedgerClient("http://127.0.0.1:8000", world.tokens["fa"], transport=Bridge(world)) as client:
        yield client


@pytest.fixture
def identities(
    tmp_path: Path, database: Database, directory: Directory, ledger: LedgerClient, clock: Clock
) -> Identities:
    keystore = Keystore.open(tmp_path / "keys", None, environment=Environment.DEVELOPMENT)
    made = Identities(database, keystore, ledger, clock=clock)
    about = ledger.about()
    made.create_identity("fa", host=about.did_host, path="fa", ledger=about)
    return made


def examine(world: World, source: str) -> Report:
    def find(need: Need) -> Fetched | Unavailable:
        path = need.url.removeprefix(f"https://{HOST}")
        answer = world.client.get(path if path.startswith("/receipts") else f"/dids{path}")
        if answer.status_code != 200:
            return Unavailable("not found", world.clock(), answer.status_code)
        return Fetched(answer.content, need.url, answer.headers["content-type"], world.clock())

    report, _ = examine_with(
        source.encode(),
        Evidence(),
        policy=INTEGRITY,
        now=world.clock(),
        limits=DEFAULT_LIMITS,
        contexts=load_context_store(),
        fetch=find,
    )
    return report


def issue(identities: Identities, clock: Clock) -> str:
    credential: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "id": "https://certs.example/credentials/1",
        "issuer": identities.did_of("fa"),
        "validFrom": "2026-03-01T00:00:00Z",
        "credentialSubject": {"id": "did:example:holder", "name": "A bale of cotton"},
    }
    return sign_credential_jwt(credential, identities.signer("fa"), issued_at=clock())


@pytest.mark.parametrize("dated", [True, False])
def test_a_receipt_outlives_both_keys(
    world: World, identities: Identities, ledger: LedgerClient, clock: Clock, dated: bool
) -> None:
    clock.now += timedelta(minutes=1)
    token = issue(identities, clock)
    assert examine(world, token).verdict is Verdict.VALID
    if dated:
        ledger.request_receipts([secured_digest(token)])
    clock.now += timedelta(days=100)
    identities.rotate_identity("fa")
    clock.now += timedelta(days=100)
    world.app.state.ledger.own.rotate()
    report = examine(world, token)
    if dated:
        assert report.verdict is Verdict.VALID
    else:
        assert report.verdict is Verdict.UNDECIDED
        assert Cause.SIGNING_TIME_UNPROVEN in {check.cause for check in report.checks}
