"""The contract of the wallet's store, on SQLite and on PostgreSQL."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.status.reasons import Action
from certweave.status.record import StatusRecord, sign_record
from certweave_edge.audit import acts
from certweave_edge.refused import RefusedError
from certweave_edge.sql import Database, open_database
from certweave_edge.status_lists import StatusLists
from certweave_edge.status_tables import STATUS
from certweave_edge.tables import SHARED
from certweave_wallet.ports import (
    ExtraLink,
    Holding,
    Looked,
    OfferedKind,
    OfferRecord,
    OfferState,
    Origin,
    Product,
    RequestRecord,
    RequestState,
    Standing,
)
from certweave_wallet.store.sql import SqlStore
from certweave_wallet.store.tables import WALLET
from tests.support.postgres import postgres

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
LATER = NOW + timedelta(minutes=1)
KEY = make_private_key(Algorithm.ED25519, entropy=lambda size: bytes(range(size)))
SIGNER = KeySigner("did:example:mill#key", KEY)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = f"sqlite:///{tmp_path / 'wallet.sqlite'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("server")
    with open_database(url, SHARED, STATUS, WALLET) as opened:
        with opened.write() as to:
            for metadata in (WALLET, STATUS, SHARED):
                for table in reversed(metadata.sorted_tables):
                    to.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608
        yield opened


@pytest.fixture
def lists(database: Database) -> StatusLists:
    return StatusLists(
        database, address=lambda org, n: f"https://wallet.example/{org}/{n}", signer=lambda _: SIGNER
    )


@pytest.fixture
def store(database: Database, lists: StatusLists) -> SqlStore:
    return SqlStore(database, lists)


def holding(name: str = "F-1", **members: object) -> Holding:
    made = Holding(
        org="mill",
        credential_id=name,
        origin=Origin.OWN,
        url=f"https://wallet.example/{name}",
        form="vc+jwt",
        content=f"a.{name}.c".encode(),
        document={"name": "ıŞ"},
        types=("DigitalFacilityRecord", "VerifiableCredential"),
        expanded=("https://e.example/DigitalFacilityRecord",),
        kind="DigitalFacilityRecord",
        name="Hall",
        issuer="did:example:mill",
        issuer_name="Mill",
        valid_from=NOW,
        valid_until=None,
        added=NOW,
        number=name,
    )
    return replace(made, **members)  # type: ignore[arg-type]


def add(store: SqlStore, one: Holding, org: str = "mill") -> None:
    store.add(org, one, actor="token:1", act="document.issue", now=NOW)


def refusal(act: Callable[[], object]) -> str:
    with pytest.raises(RefusedError) as caught:
        act()
    return caught.value.code


def together(works: Sequence[Callable[[], None]]) -> list[str]:
    """Do all at once; return the code of each refusal."""

    def run(work: Callable[[], None]) -> str:
        try:
            work()
        except RefusedError as error:
            return error.code
        return ""

    with ThreadPoolExecutor(len(works)) as pool:
        return sorted(pool.map(run, works))


def test_what_is_kept_comes_back_whole(store: SqlStore) -> None:
    one = holding(looked=Looked(NOW, "valid", {"checks": []}), receipt="r")
    add(store, one)
    assert store.find("mill", "F-1") == one
    assert store.find_content("mill", sha256(one.content).hexdigest()) == one
    assert store.all("mill") == [one]
    assert store.versions("mill", "F-1") == [one]


def test_every_method_keeps_organisations_apart(store: SqlStore) -> None:
    add(store, holding())
    add(store, holding(name="x"), org="other")
    assert store.find("mill", "F-1") != store.find("other", "F-1")
    assert store.find("third", "F-1") is None
    assert (store.all("third"), store.versions("third", "F-1"), store.history("third", "F-1")) == ([], [], [])
    store.set_published("third", "F-1", True, actor="t", now=NOW)
    assert store.published("mill", ["F-1"]) == []


@pytest.mark.parametrize("change", [{"credential_id": "F-2", "number": "F-2"}, {"content": b"other"}])
def test_one_document_one_number(store: SqlStore, change: dict[str, Any]) -> None:
    add(store, holding())
    assert refusal(lambda: add(store, holding(**change))) == "document_known"


def test_of_many_at_once_one_gets_the_number(store: SqlStore) -> None:
    works = [partial(add, store, holding(content=b"%d" % n)) for n in range(6)]
    assert together(works) == ["", *["document_known"] * 5]


def test_an_older_look_never_replaces_a_newer(store: SqlStore) -> None:
    add(store, holding())
    store.set_looked("mill", "F-1", Looked(LATER, "invalid", {}))
    store.set_looked("mill", "F-1", Looked(NOW, "valid", {}))
    found = store.find("mill", "F-1")
    assert found is not None
    assert found.looked == Looked(LATER, "invalid", {})


def test_the_first_receipt_stays(store: SqlStore) -> None:
    add(store, holding())
    store.set_receipt("mill", "F-1", "first")
    store.set_receipt("mill", "F-1", "second")
    found = store.find("mill", "F-1")
    assert found is not None
    assert found.receipt == "first"


def test_acts_are_recorded_with_who_did_them(store: SqlStore, database: Database) -> None:
    add(store, holding())
    for _ in range(2):
        store.set_published("mill", "F-1", True, actor="account:ayse", now=LATER)
    said = [(act.actor, act.act) for act in store.history("mill", "F-1")]
    assert said == [("account:ayse", "document.publish"), ("token:1", "document.issue")]
    assert [act.act for act in acts(database, "mill")] == ["document.publish", "document.issue"]


def test_a_document_ends_once(store: SqlStore, lists: StatusLists) -> None:
    place = lists.reserve_index("mill", "revocation", now=NOW)
    one = holding(place=place)
    add(store, one)
    record = sign_record(
        StatusRecord(one.url, Action.WITHDRAW, "issued_in_error", LATER, LATER, LATER), SIGNER
    )

    def end() -> None:
        store.end(
            "mill",
            one,
            record,
            Standing.WITHDRAWN,
            "issued_in_error",
            successor=None,
            actor="t",
            now=LATER,
        )

    assert together([end] * 4) == ["", *["document_ended"] * 3]
    assert len(lists.records("mill", place)) == 1
    found = store.find("mill", "F-1")
    assert found is not None
    assert (found.standing, found.ended) == (Standing.WITHDRAWN, LATER)


def test_a_successor_that_cannot_be_kept_leaves_the_old_one_standing(
    store: SqlStore, lists: StatusLists
) -> None:
    place = lists.reserve_index("mill", "revocation", now=NOW)
    one, taken = holding(place=place), holding("F-2")
    add(store, one)
    add(store, taken)
    record = sign_record(
        StatusRecord(one.url, Action.CORRECT, "scope_changed", LATER, LATER, LATER, taken.url), SIGNER
    )
    code = refusal(
        lambda: store.end(
            "mill",
            one,
            record,
            Standing.SUPERSEDED,
            "scope_changed",
            successor=taken,
            actor="t",
            now=LATER,
        )
    )
    assert code == "document_known"
    assert store.find("mill", "F-1") == one
    assert lists.records("mill", place) == ()


def test_an_offer_is_taken_once(store: SqlStore) -> None:
    kind = OfferedKind("scope", "vc+jwt", ("A", "B"), {"en": "Scope"})
    offer = OfferRecord(
        "mill", "o1", "https://i.example", "i.example", {"en": "I"}, (kind,), False, "", {"a": 1}, NOW
    )
    store.add_offer("mill", offer, actor="t")
    assert store.find_offer("mill", "o1") == offer
    assert store.find_offer("other", "o1") is None
    assert (store.offers("mill", since=NOW), store.offers("mill", since=LATER)) == ([offer], [])

    def take() -> None:
        store.move_offer("mill", "o1", OfferState.OPEN, OfferState.TAKING, actor="t", now=NOW)

    assert together([take] * 4) == ["", *["offer_done"] * 3]
    store.move_offer(
        "mill", "o1", OfferState.TAKING, OfferState.FAILED, problem=("code", "words"), actor="t", now=NOW
    )
    found = store.find_offer("mill", "o1")
    assert found is not None
    assert (found.state, found.problem) == (OfferState.FAILED, ("code", "words"))
    assert store.offers("mill", since=NOW) == []


def test_a_request_is_answered_once(store: SqlStore) -> None:
    asked = RequestRecord("mill", "r1", "did:example:v", "a.b.c", NOW, LATER)
    store.add_request("mill", asked, actor="t")
    assert store.find_request("mill", "r1") == asked
    assert store.find_request("other", "r1") is None

    def begin() -> None:
        store.move_request("mill", "r1", RequestState.OPEN, RequestState.SENDING, actor="t", now=NOW)

    assert together([begin] * 4) == ["", *["request_done"] * 3]
    store.move_request(
        "mill",
        "r1",
        RequestState.SENDING,
        RequestState.ANSWERED,
        shown={"q": ["F-1"]},
        next_url="https://v.example",
        actor="t",
        now=LATER,
    )
    [found] = store.requests("mill")
    assert (found.shown, found.next_url, found.answered) == ({"q": ("F-1",)}, "https://v.example", LATER)
    assert store.requests("other") == []


def test_products_belong_to_the_owner_of_their_host(store: SqlStore) -> None:
    add(store, holding())
    add(store, holding(), org="other")
    store.add_host("mill", "mill.example", now=NOW)
    store.add_host("mill", "mill.example", now=NOW)
    assert refusal(lambda: store.add_host("other", "mill.example", now=NOW)) == "host_taken"
    links = (ExtraLink(href="https://mill.example/care", relation="pip", title="Care"),)
    one = Product("mill", "mill.example", "09521234543213", "17", None, "Shirt", "F-1", links)
    for name in ("First", "Shirt"):
        store.put_product("mill", replace(one, name=name), actor="t", now=NOW)
    assert store.products("mill") == [one]
    assert store.find_products("mill.example", one.gtin) == store.find_products(None, one.gtin) == [one]
    assert store.find_products("other.example", one.gtin) == []
    theirs = replace(one, org="other")
    assert refusal(lambda: store.put_product("other", theirs, actor="t", now=NOW)) == "host_taken"
    assert store.products("other") == []
    assert store.hosts("mill") == ["mill.example"]
