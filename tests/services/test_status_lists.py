"""Places in status lists are given once, whoever asks at the same time; bits follow signed records."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import text

from certweave.did.key import make_did_key_method
from certweave.encoding.strict_json import parse_object
from certweave.errors import InvalidError, MalformedError
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.status.bitstring import decode_list, get_bit
from certweave.status.reasons import Action
from certweave.status.record import StatusRecord, sign_record
from certweave_edge.refused import RefusedError
from certweave_edge.sql import Database, open_database
from certweave_edge.status_lists import EMBEDDED, Place, SignedList, StatusLists, parse_moment, shuffle
from certweave_edge.status_tables import STATUS
from certweave_edge.tables import SHARED, organisations
from tests.support.keys import ED25519
from tests.support.postgres import postgres

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def server() -> Iterator[str]:
    with postgres() as url:
        yield url


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    sqlite = f"sqlite:///{tmp_path / 'status.sqlite'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("server")
    with open_database(url, SHARED, STATUS) as opened:
        with opened.write() as to:
            for table in reversed([*SHARED.sorted_tables, *STATUS.sorted_tables]):
                to.execute(text(f'DELETE FROM "{table.name}"'))  # noqa: S608
            for org in ("fa", "other"):
                to.execute(organisations.insert().values(org=org, name=org, created=NOW))
        yield opened


def signer(org: str = "fa") -> KeySigner:
    key = ED25519
    return KeySigner(make_did_key_method(key.public), key)


def make_lists(database: Database, *, size: int = 131_072) -> StatusLists:
    return StatusLists(
        database,
        address=lambda org, number: f"https://certs.example/orgs/{org}/status/{number}",
        signer=signer,
        size=size,
    )


def apply(
    lists: StatusLists, database: Database, place: Place, action: Action, reason: str, *, now: datetime
) -> None:
    record = StatusRecord(f"https://certs.example/{place.index}", action, reason, now, now, now)
    with database.write() as to:
        lists.apply_record(to, "fa", place, sign_record(record, signer()), now=now)


def bit(found: SignedList, place: Place) -> bool:
    document = parse_object(found.content, limits=DEFAULT_LIMITS)
    return get_bit(
        decode_list(document["credentialSubject"]["encodedList"], limits=DEFAULT_LIMITS), place.index
    )


def test_two_callers_never_get_the_same(database: Database) -> None:
    lists = make_lists(database)
    with ThreadPoolExecutor(40) as pool:
        found = list(pool.map(lambda _: lists.reserve_index("fa", "suspension", now=NOW), range(200)))
    assert len({(place.number, place.index) for place in found}) == 200
    assert {place.number for place in found} == {1}


def test_a_full_list_is_followed_by_another(database: Database) -> None:
    lists = make_lists(database, size=5)
    found = [lists.reserve_index("fa", "suspension", now=NOW) for _ in range(12)]
    assert [place.number for place in found] == [1] * 5 + [2] * 5 + [3] * 2
    assert {place.index for place in found[:5]} == set(range(5))


def test_lists_of_purposes_and_organisations_are_apart(database: Database) -> None:
    lists = make_lists(database)
    places = [
        lists.reserve_index(org, purpose, now=NOW)
        for org, purpose in (("fa", "suspension"), ("fa", "revocation"), ("other", "suspension"))
    ]
    assert [place.url.split("/", 4)[-1] for place in places] == [
        "fa/status/1",
        "fa/status/2",
        "other/status/1",
    ]


@pytest.mark.parametrize("size", [1, 5, 1000, 131_072])
def test_the_order_is_a_permutation(size: int) -> None:
    assert sorted(shuffle(number, b"seed", size) for number in range(size)) == list(range(size))


def test_the_order_tells_nothing(database: Database) -> None:
    lists = make_lists(database)
    found = [lists.reserve_index("fa", "suspension", now=NOW).index for _ in range(20)]
    assert found != sorted(found)
    assert len({after - before for before, after in pairwise(found)}) > 10


def test_bits_follow_records_and_versions_are_kept(database: Database) -> None:
    lists = make_lists(database)
    place, bystander = (lists.reserve_index("fa", "suspension", now=NOW) for _ in range(2))
    moments = [NOW + number * MINUTE for number in range(4)]
    states = [lists.load_list("fa", 1, form=EMBEDDED, now=NOW)]
    for moment, action, reason in (
        (moments[1], Action.SUSPEND, "fraud"),
        (moments[2], Action.REINSTATE, "cleared"),
        (moments[3], Action.WITHDRAW, "fraud"),
    ):
        apply(lists, database, place, action, reason, now=moment)
        states.append(lists.load_list("fa", 1, form=EMBEDDED, now=moment))
    assert [bit(state, place) for state in states] == [False, True, False, True]
    assert not any(bit(state, bystander) for state in states)
    assert [state.since for state in states] == moments
    later = moments[3] + 400 * MINUTE
    for moment, state in zip(moments, states, strict=True):
        then = lists.load_list("fa", 1, form=EMBEDDED, now=later, at=moment + timedelta(seconds=30))
        assert bit(then, place) == bit(state, place)
        assert then.since == state.since
    kept = lists.find_list("fa", 1, form=EMBEDDED, now=later)
    assert kept == lists.load_list("fa", 1, form=EMBEDDED, now=later)


def test_two_changes_in_one_second(database: Database) -> None:
    lists = make_lists(database)
    first, second = (lists.reserve_index("fa", "suspension", now=NOW) for _ in range(2))
    apply(lists, database, first, Action.SUSPEND, "fraud", now=NOW)
    assert not bit(lists.load_list("fa", 1, form=EMBEDDED, now=NOW), second)
    apply(lists, database, second, Action.SUSPEND, "fraud", now=NOW)
    found = lists.load_list("fa", 1, form=EMBEDDED, now=NOW)
    assert bit(found, first)
    assert bit(found, second)


def test_a_list_is_made_once_by_many(database: Database) -> None:
    lists = make_lists(database)
    lists.reserve_index("fa", "suspension", now=NOW)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda _: lists.load_list("fa", 1, form=EMBEDDED, now=NOW), range(16)))
    assert len({one.content for one in found}) == 1


def test_a_record_that_does_not_hold_changes_nothing(database: Database) -> None:
    lists = make_lists(database)
    place = lists.reserve_index("fa", "suspension", now=NOW)
    with pytest.raises((InvalidError, MalformedError)), database.write() as to:
        lists.apply_record(to, "fa", place, "no.token.here", now=NOW)
    assert lists.records("fa", place) == ()


@pytest.mark.parametrize("at", [NOW - MINUTE, NOW + timedelta(days=1)])
def test_no_list_of_that_time(database: Database, at: datetime) -> None:
    lists = make_lists(database)
    lists.reserve_index("fa", "suspension", now=NOW)
    with pytest.raises(RefusedError) as caught:
        lists.load_list("fa", 1, form=EMBEDDED, now=NOW, at=at)
    assert caught.value.code == "status_list_not_then"


def test_moments() -> None:
    assert parse_moment("2026-03-12T09:00:00Z") == NOW
    assert parse_moment("2026-03-12T10:00:00 01:00") == NOW
    with pytest.raises(MalformedError):
        parse_moment("now")
