"""The contract of the issuer's stores, on SQLite and on PostgreSQL: what happens once happens once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from certweave.did.key import make_did_key_method
from certweave.keys.model import KeySigner
from certweave.status.reasons import Action
from certweave.status.record import State, StatusRecord, sign_record
from certweave_edge.audit import acts
from certweave_edge.refused import RefusedError
from certweave_edge.sql import Database, open_database
from certweave_edge.status_lists import StatusLists
from certweave_edge.status_tables import STATUS
from certweave_edge.tables import SHARED, organisations
from certweave_issuer.ports import Certificate, Decision, Offer, Profile, Query, Signed
from certweave_issuer.store.certificates import SqlStore
from certweave_issuer.store.offers import SqlOffers
from certweave_issuer.store.tables import ISSUER
from tests.support.keys import ED25519
from tests.support.postgres import postgres

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = f"sqlite:///{tmp_path / 'issuer.sqlite'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("server")
    with open_database(url, SHARED, STATUS, ISSUER) as opened:
        with opened.write() as to:
            for metadata in (ISSUER, STATUS, SHARED):
                for table in reversed(metadata.sorted_tables):
                    to.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608
            for org in ("fa", "other"):
                to.execute(organisations.insert().values(org=org, name=org, created=NOW))
        yield opened


def signer(org: str = "fa") -> KeySigner:
    key = ED25519
    return KeySigner(make_did_key_method(key.public), key)


@pytest.fixture
def lists(database: Database) -> StatusLists:
    return StatusLists(
        database, address=lambda org, number: f"https://certs.example/{org}/{number}", signer=signer
    )


@pytest.fixture
def store(database: Database, lists: StatusLists) -> SqlStore:
    return SqlStore(database, lists)


def certificate(number: str = "SC-1", **members: Any) -> Certificate:
    made = Certificate(
        org="fa",
        number=number,
        version=1,
        key=number,
        kind="scope",
        type_name="ScopeCertificate",
        scheme="https://ofs.example/scheme",
        name="Organic fibre",
        holder="did:web:gin.example",
        holder_name="Sunrise Gin",
        data={"name": "Organic fibre"},
        content="0" * 64,
        document={"id": f"https://certs.example/{number}"},
        state=State.DRAFT,
        valid_from=NOW,
        valid_until=None,
        created=NOW,
        created_by="token:1",
    )
    return replace(made, **members)


def add(store: SqlStore, made: Certificate) -> Certificate:
    store.add_certificate("fa", made, act="create", actor="token:1")
    return made


def signed(lists: StatusLists, text: str = "a.b.c") -> Signed:
    place = lists.reserve_index("fa", "suspension", now=NOW)
    return Signed(
        document={"id": "https://certs.example/SC-1"},
        place=place,
        token=text,
        digest="1" * 64,
        issued=NOW,
        valid_from=NOW,
    )


def issue(store: SqlStore, lists: StatusLists) -> Certificate:
    add(store, certificate())
    assert store.approve("fa", "SC-1", actor="token:2", now=NOW)
    assert store.sign("fa", "SC-1", signed(lists), actor="token:3")
    found = store.find_certificate("fa", "SC-1")
    assert found is not None
    return found


def decision(found: Certificate, **members: Any) -> Decision:
    address = str(found.document["id"])
    record = StatusRecord(address, Action.SUSPEND, "fraud", NOW, NOW, NOW)
    made = Decision(
        certificate=found,
        after=State.SUSPENDED,
        record=sign_record(record, signer()),
        act="suspend",
        actor="token:4",
    )
    return replace(made, **members)


def together(count: int, act: Callable[[], object]) -> list[object]:
    """Do the same in many threads; return the answers, and of refusals their codes."""

    def attempt(_: int) -> object:
        try:
            return act()
        except RefusedError as error:
            return error.code

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(attempt, range(count)))


def test_what_goes_in_comes_out(store: SqlStore) -> None:
    made = add(store, certificate())
    assert store.find_certificate("fa", "SC-1") == made
    assert store.find_certificate("fa", "SC-1", 1) == store.find_by_key("fa", "SC-1") == made
    assert store.find_certificate("fa", "SC-1", 2) is None
    assert store.find_by_id("fa", "https://certs.example/SC-1") == made


def test_another_organisation_sees_nothing(store: SqlStore, lists: StatusLists) -> None:
    found = issue(store, lists)
    assert store.find_certificate("other", "SC-1") is None
    assert store.find_by_key("other", "SC-1") is None
    assert store.find_by_id("other", "https://certs.example/SC-1") is None
    assert store.versions("other", "SC-1") == ()
    assert store.certificates("other", Query()) == ((), 0)
    assert store.records("other", found.place) == ()
    assert store.lacking_receipts("other", 9) == ()
    assert store.deeds("other", ["SC-1"]) == ()
    assert store.register("other", "", 9, 0) == ()
    assert not store.approve("other", "SC-1", actor="x", now=NOW)
    assert not store.decide("other", decision(found), now=NOW)


def test_a_number_is_taken_once(store: SqlStore) -> None:
    answers = together(12, lambda: add(store, certificate(key=f"SC-1~{id(object())}")) and "kept")
    assert sorted(map(str, answers)) == ["kept"] + ["number_taken"] * 11


def test_each_step_is_taken_once(store: SqlStore, lists: StatusLists) -> None:
    add(store, certificate())
    approved = together(8, lambda: store.approve("fa", "SC-1", actor="token:2", now=NOW))
    assert approved.count(True) == 1
    issued = together(8, lambda: store.sign("fa", "SC-1", signed(lists), actor="token:3"))
    assert issued.count(True) == 1
    found = store.find_certificate("fa", "SC-1")
    assert found is not None
    decided = together(8, lambda: store.decide("fa", decision(found), now=NOW))
    assert decided.count(True) == 1
    assert len(store.records("fa", found.place)) == 1
    assert [act for _, act, _, _ in store.deeds("fa", ["SC-1"])] == ["create", "approve", "issue", "suspend"]


def test_acts_are_recorded_with_the_act(store: SqlStore, database: Database, lists: StatusLists) -> None:
    issue(store, lists)
    done = [(act.act, act.actor, act.target) for act in acts(database, "fa")]
    assert done == [
        ("certificate.issue", "token:3", "SC-1"),
        ("certificate.approve", "token:2", "SC-1"),
        ("certificate.create", "token:1", "SC-1"),
    ]


def test_a_successor_and_the_end_of_the_old_go_together(store: SqlStore, lists: StatusLists) -> None:
    old = issue(store, lists)
    record = StatusRecord(
        str(old.document["id"]), Action.CORRECT, "error_in_certificate", NOW, NOW, NOW, "https://x.example/2"
    )
    ends = decision(
        old,
        after=State.SUPERSEDED,
        act="correct",
        record=sign_record(record, signer()),
        successor="SC-1~v2",
    )
    new = certificate(version=2, key="SC-1~v2", predecessor="SC-1")
    taken = certificate("SC-1", key="SC-1~w")
    with pytest.raises(RefusedError):
        store.replace("fa", ends, taken, signed(lists, "d.e.f"), now=NOW)
    assert store.records("fa", old.place) == ()
    assert store.replace("fa", ends, new, signed(lists, "d.e.f"), now=NOW)
    assert not store.replace("fa", ends, new, signed(lists, "d.e.f"), now=NOW)
    found = store.find_certificate("fa", "SC-1")
    assert found is not None
    assert (found.version, found.state, found.token) == (2, State.ISSUED, "d.e.f")
    first = store.find_by_key("fa", "SC-1")
    assert first is not None
    assert (first.state, first.successor) == (State.SUPERSEDED, "SC-1~v2")
    assert [one.version for one in store.register(None, "", 9, 0)] == [2]


def test_receipts(store: SqlStore, lists: StatusLists) -> None:
    issue(store, lists)
    digest = "1" * 64
    assert store.lacking_receipts("fa", 9) == (digest,)
    store.add_receipts("other", {digest: ("other", NOW)})
    store.add_receipts("fa", {digest: ("first", NOW)})
    store.add_receipts("fa", {digest: ("second", NOW + timedelta(days=1))})
    found = store.find_certificate("fa", "SC-1")
    assert found is not None
    assert (found.receipt, found.receipt_at) == ("first", NOW)
    assert store.lacking_receipts("fa", 9) == ()


def test_profiles(store: SqlStore) -> None:
    assert store.profile("fa") is None
    for profile in (Profile("Fibre Assurance"), Profile("Fibre", "laboratory")):
        store.save_profile("fa", profile, actor="token:1", now=NOW)
        assert store.profile("fa") == profile
    assert store.profile("other") is None


def offer(**members: Any) -> Offer:
    made = Offer(
        org="fa",
        offer_id="1",
        key="SC-1",
        code=b"code",
        tx_code=None,
        created=NOW,
        expires=NOW + timedelta(days=1),
    )
    return replace(made, **members)


def test_an_offer_is_taken_once(store: SqlStore, database: Database) -> None:
    add(store, certificate())
    offers = SqlOffers(database)
    offers.add_offer("fa", offer(), actor="token:1")
    assert offers.find_offer("fa", "1") == offers.find_by_code("fa", b"code") == offer()
    assert offers.find_offer("other", "1") is None
    assert offers.find_by_code("other", b"code") is None
    later = NOW + timedelta(minutes=10)
    taken = together(8, lambda: offers.take("fa", "1", b"token", client_id=None, expires=later, now=NOW))
    assert taken.count(True) == 1
    assert not offers.take("other", "1", b"other", client_id=None, expires=later, now=NOW)
    assert offers.find_by_token("fa", b"token") is not None
    assert offers.find_by_token("other", b"token") is None
    assert sorted(map(str, together(4, lambda: offers.count_try("fa", "1")))) == ["1", "2", "3", "4"]


def test_a_nonce_is_used_once(database: Database) -> None:
    offers = SqlOffers(database)
    later = NOW + timedelta(minutes=5)
    used = together(8, lambda: offers.use_nonce("fa", b"nonce", expires=later, now=NOW))
    assert used.count(True) == 1
    assert offers.use_nonce("other", b"nonce", expires=later, now=NOW)
    assert offers.use_nonce("fa", b"nonce", expires=later, now=later + timedelta(seconds=1))


def test_one_nonce_key_for_all(database: Database) -> None:
    offers = SqlOffers(database)
    keys = together(8, lambda: offers.nonce_key("fa"))
    assert len(set(keys)) == 1
    assert offers.nonce_key("other") not in keys


def test_a_nul_is_in_nothing(store: SqlStore) -> None:
    add(store, certificate())
    assert store.find_certificate("fa", "SC-1\0") is None
    assert store.find_by_key("fa\0", "SC-1") is None
    assert store.find_by_id("fa", "\0") is None
    assert store.versions("fa", "\0") == ()
    assert store.register("\0", "\0", 9, 0) == ()
    assert store.certificates("fa", Query(text="\0"))[1] == 0


def test_a_draft_is_revised_until_it_is_approved(store: SqlStore) -> None:
    add(
        store,
        certificate(document={"id": "https://certs.example/SC-1", "certificate": "https://x.example/1"}),
    )
    changed = certificate(
        name="Other", document={"id": "https://certs.example/SC-1", "certificate": "https://x.example/2"}
    )
    assert store.revise("fa", changed, actor="token:9", now=NOW)
    assert not store.revise("other", changed, actor="token:9", now=NOW)
    found = store.find_certificate("fa", "SC-1")
    assert found is not None
    assert found.name == "Other"
    assert store.built_on("fa", "https://x.example/1") == ()
    assert store.built_on("fa", "https://x.example/2") == (found,)
    store.approve("fa", "SC-1", actor="token:2", now=NOW)
    assert not store.revise("fa", changed, actor="token:9", now=NOW)
