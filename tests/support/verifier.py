"""The verifier service around a world in memory, for tests: one app, one client, two organisations."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from fastapi import FastAPI

from certweave.keys.model import Signer
from certweave.trust.policy import Policy
from certweave_edge.accounts import Directory, Scope
from certweave_edge.clock import monotonic
from certweave_edge.gather import Find
from certweave_verifier.app import make_app
from certweave_verifier.ports import Network
from certweave_verifier.service.network import SharedDocuments
from certweave_verifier.settings import VerifierSettings
from tests.support.client import Client, open_client
from tests.support.world import Party, World

PASSWORD = "correct horse battery"
PUBLIC = "https://verifier.example"


@dataclass(frozen=True)
class WorldNetwork:
    """The ``Network`` port, answered by the world in memory."""

    world: World

    def session(self, *, fresh: bool = False) -> Find:
        return self.world.fetch


@dataclass(frozen=True)
class PartySpeaker:
    """The ``Speaker`` port: a party of the world."""

    party: Party

    @property
    def did(self) -> str:
        return self.party.did

    def signer(self) -> Signer:
        return self.party.signer


@dataclass
class Service:
    """A running verifier."""

    world: World
    app: FastAPI
    client: Client
    directory: Directory
    data: Path

    def token(self, org: str, scope: Scope = Scope.READ) -> dict[str, str]:
        """Return the header of a caller of an organisation."""
        now = self.world.clock
        expires = now + timedelta(days=1)
        secret = self.directory.make_token(org, [scope], label="test", now=now, expires=expires)
        return {"Authorization": f"Bearer {secret}"}

    def verify(self, source: bytes | dict[str, Any], **options: str) -> Any:
        """Send a credential to the VC API."""
        secured = source.decode() if isinstance(source, bytes) else source
        return self.client.post(
            "/credentials/verify", json={"verifiableCredential": secured, "options": options}
        )


@contextmanager
def open_verifier(
    world: World,
    data: Path,
    *,
    policy: Policy | None = None,
    network: Network | None = None,
    asking: bool = True,
    **settings: Any,
) -> Iterator[Service]:
    """Run a verifier on a world; ``fa`` and ``other`` are organisations with accounts there."""
    data.mkdir(exist_ok=True)
    if policy is not None:
        file = data / "policy.json"
        file.write_text(json.dumps(policy.to_json()), encoding="utf-8")
        settings["policy"] = file
    made = VerifierSettings(data=data, public_url=PUBLIC, **settings)
    app = make_app(
        made,
        clock=lambda: world.clock,
        network=network or WorldNetwork(world),
        speaker=PartySpeaker(world.party("verifier")) if asking else None,
    )
    directory = Directory(
        app.state.directory.database, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    )
    for org in ("fa", "other"):
        directory.add_organisation(org, org.upper(), now=world.clock)
        directory.add_account(org, f"clerk@{org}.example", PASSWORD, [Scope.ADMIN], now=world.clock)
    # Https, so that the browser's cookies are those of production.
    with open_client(app, base_url=PUBLIC) as client:
        try:
            yield Service(world, app, client, directory, data)
        finally:
            app.state.close()


class OutsideWorld:
    """The production network with its shared documents, fed by the world instead of a client."""

    def __init__(self, world: World, *, keep_seconds: float = 0.0) -> None:
        self.world = world
        self.shared = SharedDocuments(keep_seconds)

    def session(self, *, fresh: bool = False) -> Find:
        since = monotonic() if fresh else None
        return lambda need: self.shared.fetch(need, self.world.fetch, since=since)
