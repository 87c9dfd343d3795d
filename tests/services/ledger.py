"""A ledger in this process with two invited organisations, ``fa`` and ``other``, for the tests of it."""

import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from certweave.did.key import make_did_key_method
from certweave.did.webvh.write import (
    MethodTemplate,
    WrittenLog,
    create_log,
    deactivate_log,
    make_document,
    make_location,
    rotate_log,
)
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave_edge.accounts import Scope
from certweave_ledger.app import make_app
from certweave_ledger.settings import LedgerSettings
from tests.services.conftest import Clock
from tests.support.client import Client, open_client

HOST = "ledger.example"


@dataclass
class World:
    """A running ledger. ``send`` puts a log as an organisation; ``tokens`` are theirs."""

    app: FastAPI
    client: Client
    clock: Clock
    tokens: dict[str, str]

    def bearer(self, org: str) -> dict[str, str]:
        return {"authorization": f"Bearer {self.tokens[org]}"}

    def send(self, org: str, path: str, log: bytes, **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.client.put(f"/dids/{path}/did.jsonl", content=log, headers=self.bearer(org) | named)

    def publish(self, org: str, path: str, written: WrittenLog) -> httpx.Response:
        """Send a log with the ETag of what is there."""
        there = self.client.get(f"/dids/{path}/did.jsonl")
        headers = {"if_match": there.headers["etag"]} if there.status_code == 200 else {}
        return self.send(org, path, written.log, **headers)

    def make(self, path: str = "fa", *, host: str = HOST, seed: int = 1) -> WrittenLog:
        """Return the first version of a DID; its keys are ``seed`` and, committed to, ``seed + 1``."""
        location = make_location(host, path=path.split("/") if path else ())
        document = make_document(location, [MethodTemplate(make_key(seed).public)])
        return create_log(
            document, signer=make_key(seed), time=self.clock(), next_keys=[make_key(seed + 1).public]
        )

    def extend(self, before: WrittenLog, *, seed: int) -> WrittenLog:
        """Return the log with one more version, a minute later, by the committed key ``seed``."""
        self.clock.now += timedelta(minutes=1)
        next_keys = [make_key(seed + 1).public]
        return rotate_log(
            before.did, before.log, signer=make_key(seed), time=self.clock(), next_keys=next_keys
        )

    def end(self, before: WrittenLog, *, seed: int) -> WrittenLog:
        self.clock.now += timedelta(minutes=1)
        return deactivate_log(before.did, before.log, signer=make_key(seed), time=self.clock())


@contextmanager
def open_ledger(data: Path, clock: Clock, **settings: Any) -> Iterator[World]:
    app = make_app(LedgerSettings(data=data, did_host=HOST, **settings), clock=clock)
    try:
        directory, ledger = app.state.directory, app.state.ledger
        tokens = {"ledger": _token(directory, "ledger", [Scope.ADMIN], clock)}
        for org in ("fa", "other"):
            if directory.find_organisation(org) is None:
                directory.add_organisation(org, org, now=clock())
            ledger.invitations.invite("ledger", org, org, actor="test")
            tokens[org] = _token(directory, org, [Scope.KEYS, Scope.ISSUE, Scope.READ], clock)
        with open_client(app) as client:
            yield World(app, client, clock, tokens)
    finally:
        app.state.close()


def _token(directory: Any, org: str, scopes: Sequence[Scope], clock: Clock) -> str:
    return str(directory.make_token(org, scopes, label="test", now=clock()))


def make_key(seed: int) -> KeySigner:
    private = make_private_key(Algorithm.ED25519, entropy=lambda size: bytes([seed]) * size)
    return KeySigner(make_did_key_method(private.public), private)


def code(answer: httpx.Response) -> tuple[int, str]:
    """Return the status and the problem's code of an answer."""
    return answer.status_code, answer.json().get("code", "")


def words(page: str) -> str:
    """Return the text of a page without its marks."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page))
