"""Attack: writing an identity of somebody else's, or giving oneself a place on the ledger."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.services.conftest import Clock
from tests.services.ledger import World, code, open_ledger

from certweave_edge.accounts import Scope


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with open_ledger(tmp_path, Clock()) as opened:
        yield opened


def test_another_organisation_cannot_write_here(world: World) -> None:
    first = world.make()
    assert code(world.send("other", "fa", first.log)) == (403, "namespace_foreign")
    assert world.publish("fa", "fa", first).status_code == 201
    # Even a rightful continuation, signed by the rightful key, comes only from the rightful organisation.
    second = world.extend(first, seed=2)
    assert code(world.publish("other", "fa", second)) == (403, "namespace_foreign")
    assert world.client.get("/dids/fa/did.jsonl").content == first.log


def test_a_namespace_that_nobody_has_answers_alike(world: World) -> None:
    taken = world.send("other", "fa", world.make().log).json()
    free = world.send("other", "free", world.make("free").log).json()
    assert {**taken, "request": ""} == {**free, "request": ""}


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer cw_guess"}, {"authorization": "Basic eDp4"}]
)
def test_a_stranger_is_asked_for_a_token(world: World, headers: dict[str, str]) -> None:
    answer = world.client.put("/dids/fa/did.jsonl", content=world.make().log, headers=headers)
    assert answer.status_code == 401
    assert world.client.get("/dids/fa/did.jsonl").status_code == 404


def test_a_token_for_receipts_publishes_nothing(world: World) -> None:
    token = world.app.state.directory.make_token("fa", [Scope.ISSUE], label="t", now=world.clock())
    headers = {"authorization": f"Bearer {token}"}
    answer = world.client.put("/dids/fa/did.jsonl", content=world.make().log, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", [".well-known", "fa/../other", "other/../fa", "fa//x", "fa/", "FA", "fa%2Fx"]
)
def test_the_host_itself_and_crooked_paths_are_out_of_reach(world: World, path: str) -> None:
    own = world.client.get("/dids/.well-known/did.jsonl").content
    assert world.send("other", path, world.make().log).status_code in {400, 403, 404, 422}
    assert world.client.get("/dids/.well-known/did.jsonl").content == own


@pytest.mark.parametrize("org", ["fa", "ledger"])
def test_nobody_else_sees_or_gives_namespaces(world: World, org: str) -> None:
    theirs = world.bearer("other")
    assert world.client.get(f"/orgs/{org}/namespaces", headers=theirs).status_code == 404
    body = {"organisation": "other", "namespace": "more"}
    assert world.client.post(f"/orgs/{org}/namespaces", json=body, headers=theirs).status_code in {403, 404}
    assert world.client.post(f"/orgs/{org}/namespaces", json=body).status_code == 401
