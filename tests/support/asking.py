"""A wallet and a verifier service that talk to each other: asking, looking, and what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from certweave.encoding.strict_json import JsonObject
from tests.support.holding import Purse
from tests.support.verifier import PUBLIC, Service, open_verifier


class _Through:
    """The verifier's network, through the same wire as the wallet's."""

    def __init__(self, purse: Purse) -> None:
        self._purse = purse

    def session(self, *, fresh: bool = False) -> Any:
        return self._purse.wire.fetch


@contextmanager
def open_asking(purse: Purse, folder: Path) -> Iterator[Service]:
    """Open a verifier in the world of a wallet; each is on the other's wire."""
    with open_verifier(purse.world, folder, network=_Through(purse)) as opened:
        purse.wire.hosts[PUBLIC] = opened.client
        yield opened


def ask(service: Service, query: JsonObject | None, **body: Any) -> JsonObject:
    """Ask as ``fa``; return the question as it is passed on."""
    wanted = {"purpose": "We order yarn from you.", "dcql_query": query, **body}
    answer = service.client.post("/requests", json=wanted, headers=service.token("fa"))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def look(purse: Purse, question: JsonObject) -> JsonObject:
    """Look at a question as ``mill``."""
    answer = purse.call("POST", "/orgs/mill/requests", {"url": question["openid4vp"]})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def result(service: Service, question: JsonObject) -> JsonObject:
    """Return what came of a question."""
    answer = service.client.get(f"/requests/{question['id']}/result", headers=service.token("fa"))
    return dict(answer.json())
