"""Attack: rewriting the history of an identity, by its own owner or by the thief of its keys."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread

import pytest
from tests.services.conftest import Clock
from tests.services.ledger import World, code, open_ledger

from certweave_edge.ledger_client import make_etag
from certweave_edge.refused import RefusedError
from certweave_ledger.service.logs import Condition


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_ledger(tmp_path, Clock()) as opened:
        yield opened


def test_what_was_published_can_only_be_continued(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    second = world.extend(first, seed=2)
    world.publish("fa", "fa", second)
    other_second = world.extend(first, seed=2)
    assert other_second.log != second.log
    for log in (first.log, other_second.log, world.make(seed=5).log, b"\n" + second.log, b""):
        answer = world.send("fa", "fa", log, if_match=make_etag(second.log))
        assert code(answer) == (409, "log_not_extended")
    assert world.client.get("/dids/fa/did.jsonl").content == second.log


def test_blanks_cannot_be_added_to_the_last_line(world: World) -> None:
    first = world.make()
    open_end = replace(first, log=first.log.removesuffix(b"\n"))
    world.publish("fa", "fa", open_end)
    answer = world.send("fa", "fa", open_end.log + b" \n", if_match=make_etag(open_end.log))
    assert code(answer) == (409, "log_not_extended")
    assert world.publish("fa", "fa", world.extend(first, seed=2)).status_code == 200


def test_an_update_names_what_it_replaces(world: World) -> None:
    first = world.make()
    assert code(world.send("fa", "fa", first.log, if_match='"x"')) == (409, "log_precondition")
    world.publish("fa", "fa", first)
    second = world.extend(first, seed=2)
    for headers in ({}, {"if_match": '"x"'}, {"if_match": "*"}, {"if_none_match": "*"}):
        assert code(world.send("fa", "fa", second.log, **headers)) == (409, "log_precondition")


def test_of_two_continuations_at_once_one_is_taken(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    rivals = [world.extend(first, seed=2) for _ in range(4)]
    logs = world.app.state.ledger.logs
    start, taken = Barrier(len(rivals)), list[str]()

    def send(log: bytes) -> None:
        start.wait()
        try:
            logs.take("fa", "fa", log, Condition(if_match=make_etag(first.log)), actor="test")
        except RefusedError as error:
            taken.append(error.code)
        else:
            taken.append("taken")

    threads = [Thread(target=send, args=(rival.log,)) for rival in rivals]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert taken.count("taken") == 1
    assert set(taken) <= {"taken", "log_changed", "log_precondition", "log_not_extended"}


def test_the_end_of_an_identity_is_the_end(world: World) -> None:
    first = world.make()
    world.publish("fa", "fa", first)
    last = world.end(first, seed=2)
    world.publish("fa", "fa", last)
    world.clock.now += timedelta(minutes=1)
    line = first.log.replace(b'"versionId":"1-', b'"versionId":"3-')
    answer = world.send("fa", "fa", last.log + line, if_match=make_etag(last.log))
    assert code(answer) == (422, "after_deactivation")
