"""An organisation's DID: made, rotated, extended, and not lost when the ledger is away."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from certweave.did.webvh.fold import fold_log
from certweave.errors import CertweaveError
from certweave.keys.model import Algorithm
from certweave_edge.accounts import Directory
from certweave_edge.identity import Identities
from certweave_edge.identity_store import PENDING
from certweave_edge.keystore import Keystore
from certweave_edge.ledger_client import LedgerError, LedgerInfo, make_etag
from certweave_edge.refused import RefusedError
from certweave_edge.settings_base import Environment
from certweave_edge.sql import Database
from tests.services.conftest import Clock

LEDGER = LedgerInfo(
    "did:webvh:QmYXH5kH1ejPk9XxzFh1kSdzXbCkDk9h7a3v7cGv2pP5Yr:ledger.example",
    "https://ledger.example/receipts",
    "ledger.example",
)


@dataclass
class Shelf:
    """A publisher in memory; ``down`` before or after the log arrived."""

    logs: dict[str, bytes] = field(default_factory=dict)
    down: str = ""

    def put_log(self, path: str, log: bytes, etag: str | None) -> str:
        if self.down == "before":
            raise LedgerError("down")
        there = self.logs.get(path)
        if (None if there is None else make_etag(there)) != etag:
            raise LedgerError("changed", code="ledger_refused", status=412)
        self.logs[path] = log
        if self.down == "after":
            raise LedgerError("down")
        return make_etag(log)

    def get_log(self, path: str) -> tuple[bytes, str] | None:
        log = self.logs.get(path)
        return None if log is None else (log, make_etag(log))


@pytest.fixture
def shelf() -> Shelf:
    return Shelf()


@pytest.fixture
def keystore(tmp_path: Path) -> Keystore:
    return Keystore.open(tmp_path / "keys", "a passphrase", environment=Environment.PRODUCTION, cost=1 << 4)


@pytest.fixture
def identities(
    database: Database, directory: Directory, keystore: Keystore, shelf: Shelf, clock: Clock
) -> Identities:
    def pause(seconds: float) -> None:
        clock.now += timedelta(seconds=seconds)

    return Identities(database, keystore, shelf, clock=clock, pause=pause)


def make(identities: Identities) -> str:
    return identities.create_identity("fa", host="ledger.example", path="fa", ledger=LEDGER).did


def test_a_did_names_its_ledger_and_its_twin(identities: Identities, shelf: Shelf, clock: Clock) -> None:
    did = make(identities)
    document = fold_log(did, shelf.logs["fa"], fetched_at=clock(), now=clock()).versions[-1].document
    assert document.services == (
        {
            "id": f"{did}#ledger",
            "type": "CertweaveLedger",
            "serviceEndpoint": {"did": LEDGER.did, "receipts": LEDGER.receipts},
        },
    )
    assert document.also_known_as == ("did:web:ledger.example:fa",)
    assert make(identities) == did


def test_signers_are_those_of_the_document(identities: Identities, shelf: Shelf, clock: Clock) -> None:
    did = make(identities)
    history = fold_log(did, shelf.logs["fa"], fetched_at=clock(), now=clock())
    for purpose in ("assertionMethod", "authentication"):
        signer = identities.signer("fa", purpose)
        assert history.find_key(signer.method, purpose, now=clock()).key == signer.public
    with pytest.raises(CertweaveError):
        history.find_key(identities.signer("fa").method, "authentication", now=clock())


def test_rotation_takes_the_old_keys_away_and_keeps_the_services(
    identities: Identities, shelf: Shelf, keystore: Keystore, clock: Clock
) -> None:
    did = make(identities)
    old = identities.signer("fa")
    before = identities.identity("fa")
    start = clock()
    identities.add_services(
        "fa", [{"id": "#anchor", "type": "IdentityAnchor", "serviceEndpoint": "https://a.example/1"}]
    )
    assert identities.signer("fa").method == old.method
    after = identities.rotate_identity("fa")
    assert clock() - start == timedelta(seconds=2)
    history = fold_log(did, shelf.logs["fa"], fetched_at=clock(), now=clock())
    assert len(history.versions) == 3
    assert [one["id"] for one in history.versions[-1].document.services] == [f"{did}#ledger", f"{did}#anchor"]
    assert history.find_key(old.method, "assertionMethod", now=clock()).retired == clock()
    assert not before.keys & after.keys
    for key in before.keys:
        record = keystore.find_key("fa", key)
        assert record is not None
        assert (record.retired is None, record.sealed) == (False, "")


def test_the_same_service_again_changes_nothing(identities: Identities) -> None:
    make(identities)
    service = {"id": "#anchor", "type": "IdentityAnchor", "serviceEndpoint": "https://a.example/1"}
    once = identities.add_services("fa", [service])
    assert identities.add_services("fa", [service]) == once


@pytest.mark.parametrize("moment", ["before", "after"])
def test_nothing_is_lost_while_the_ledger_is_down(
    identities: Identities, shelf: Shelf, clock: Clock, moment: str
) -> None:
    shelf.down = moment
    with pytest.raises(LedgerError):
        make(identities)
    with pytest.raises(RefusedError, match="no published DID"):
        identities.signer("fa")
    shelf.down = ""
    did = identities.publish_pending("fa").did
    clock.now += timedelta(minutes=1)
    old = identities.signer("fa").method
    shelf.down = moment
    with pytest.raises(LedgerError):
        identities.rotate_identity("fa")
    assert identities.signer("fa").method == old
    assert identities.store.all_pending() == ("fa",)
    shelf.down = ""
    assert identities.publish_pending("fa").did == did
    assert identities.signer("fa").method != old
    assert identities.store.find("fa", PENDING) is None
    identities.rotate_identity("fa")
    assert len(fold_log(did, shelf.logs["fa"], fetched_at=clock(), now=clock()).versions) == 3


def test_another_history_on_the_ledger_is_told(identities: Identities, shelf: Shelf, clock: Clock) -> None:
    make(identities)
    clock.now += timedelta(minutes=1)
    shelf.logs["fa"] += b"{}\n"
    with pytest.raises(LedgerError) as caught:
        identities.rotate_identity("fa")
    assert caught.value.code == "ledger_diverged"


def test_two_changes_at_once_never_continue_the_same_version(identities: Identities, clock: Clock) -> None:
    make(identities)
    first = identities.identity("fa")
    clock.now += timedelta(minutes=1)
    identities.rotate_identity("fa")
    with pytest.raises(RefusedError) as caught:
        identities.store.add_pending("fa", first, first.log)
    assert caught.value.code == "identity_pending"


def test_a_clock_that_was_set_back_is_told(identities: Identities, clock: Clock) -> None:
    make(identities)
    clock.now -= timedelta(hours=1)
    with pytest.raises(RefusedError) as caught:
        identities.rotate_identity("fa")
    assert caught.value.code == "clock_behind"


@pytest.mark.parametrize("act", [Identities.rotate_identity, Identities.publish_pending, Identities.did_of])
def test_organisations_are_apart(identities: Identities, act: Callable[[Identities, str], object]) -> None:
    make(identities)
    with pytest.raises(RefusedError) as caught:
        act(identities, "other")
    assert caught.value.code == "identity_missing"


def test_an_identity_stays_in_its_place(identities: Identities) -> None:
    make(identities)
    with pytest.raises(RefusedError) as caught:
        identities.create_identity("fa", host="ledger.example", path="fa2", ledger=LEDGER)
    assert caught.value.code == "identity_elsewhere"


def test_keys_that_are_not_of_the_log_are_left_alone(
    identities: Identities, keystore: Keystore, clock: Clock
) -> None:
    """Another service may keep keys of the same organisation in the same keystore."""
    theirs = keystore.create_key("fa", "assertionMethod", Algorithm.ED25519, now=clock())
    make(identities)
    clock.now += timedelta(days=1)
    identities.rotate_identity("fa")
    record = keystore.find_key("fa", theirs)
    assert record is not None
    assert record.retired is None


def test_a_place_that_was_a_mistake_is_given_up(identities: Identities, shelf: Shelf) -> None:
    shelf.down = "before"
    with pytest.raises(LedgerError):
        identities.create_identity("fa", host="ledger.example", path="mistake", ledger=LEDGER)
    shelf.down = ""
    assert make(identities).endswith(":ledger.example:fa")
    assert list(shelf.logs) == ["fa"]


def test_a_place_that_the_ledger_took_is_kept(identities: Identities, shelf: Shelf) -> None:
    shelf.down = "after"
    with pytest.raises(LedgerError):
        identities.create_identity("fa", host="ledger.example", path="taken", ledger=LEDGER)
    shelf.down = ""
    with pytest.raises(RefusedError) as caught:
        make(identities)
    assert caught.value.code == "identity_elsewhere"
