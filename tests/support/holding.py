"""A wallet service in this process, on a world in memory: other apps answer under their public hosts."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from argon2 import PasswordHasher

from certweave.credential.build_parts import (
    make_address,
    make_classification,
    make_country,
    make_facility,
    make_identifier_scheme,
    make_product,
    make_reference,
)
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Fetched, Kind, Need, Unavailable
from certweave_edge.accounts import Directory, Scope
from certweave_edge.gather import Find
from certweave_edge.network import FetchError
from certweave_edge.send import Answer
from certweave_wallet.app import make_app
from certweave_wallet.service.wallet import Wallet
from certweave_wallet.settings import WalletSettings
from tests.support.client import Client, open_client
from tests.support.issuing import HOST, PaperLedger
from tests.support.world import World

PUBLIC = "https://wallet.example"
PASSWORD = "correct horse battery"
ACCEPT = "application/vc+jwt, application/vc;q=0.9, application/json;q=0.8, */*;q=0.1"
Post = Callable[[bytes, str, str | None], Answer]


@dataclass
class Wire:
    """The ``Network`` port: ``hosts`` are apps by their public origin, ``posts`` stand-ins by address."""

    world: World
    ledger: PaperLedger
    hosts: dict[str, Client] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)
    sent: list[tuple[str, bytes, str | None]] = field(default_factory=list)

    def find(self) -> Find:
        return self.fetch

    def fetch(self, need: Need) -> Fetched | Unavailable:
        origin, path = _split(need.url)
        if origin in self.hosts:
            answer = self.hosts[origin].get(path, headers={"accept": ACCEPT})
            if answer.status_code != 200:
                return Unavailable("not there", self.world.clock, answer.status_code)
            media_type = answer.headers["content-type"].partition(";")[0]
            return Fetched(answer.content, need.url, media_type, self.world.clock)
        for name, log in self.ledger.logs.items():
            if need.url == f"https://{HOST}/{name}/did.jsonl":
                return Fetched(log, need.url, "text/jsonl", self.world.clock)
        return self.world.fetch(need)

    def get(self, url: str, kind: Kind = Kind.CREDENTIAL) -> bytes:
        found = self.fetch(Need(kind, url))
        if isinstance(found, Fetched):
            return found.content
        raise FetchError(found.reason, status=found.status)

    def post(self, url: str, body: bytes, media_type: str, *, token: str | None = None) -> Answer:
        self.sent.append((url, body, token))
        if url in self.posts:
            return self.posts[url](body, media_type, token)
        origin, path = _split(url)
        if origin not in self.hosts:
            raise FetchError("nothing answers there", code="unreachable")
        headers = {"accept": "application/json", **({"content-type": media_type} if media_type else {})}
        if token is not None:
            headers["authorization"] = f"Bearer {token}"
        answer = self.hosts[origin].post(path, content=body, headers=headers)
        return Answer(
            answer.status_code, answer.headers.get("content-type", "").partition(";")[0], answer.content
        )


@dataclass
class Purse:
    """A running wallet with the organisations ``mill`` and ``other``, both with a DID."""

    world: World
    wire: Wire
    client: Client
    app: Any
    tokens: dict[str, str]

    @property
    def wallet(self) -> Wallet:
        found = self.app.state.wallet
        assert isinstance(found, Wallet)
        return found

    def did(self, org: str = "mill") -> str:
        return str(self.app.state.identities.did_of(org))

    def call(
        self, method: str, path: str, body: Any = None, *, org: str = "mill", **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        authorised = {"Authorization": f"Bearer {self.tokens[org]}", **named}
        return self.client.request(method, path, json=body, headers=authorised)

    def issue(self, kind: str, number: str, subject: Any, **more: Any) -> JsonObject:
        """Issue as ``mill`` and return what the API says."""
        body = {"kind": kind, "number": number, "name": f"Document {number}", "subject": subject, **more}
        answer = self.call("POST", "/orgs/mill/issue", body)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def keep(self, token: bytes, org: str = "mill") -> JsonObject:
        """Keep a document that somebody handed over."""
        answer = self.call(
            "POST", f"/orgs/{org}/credentials", {"verifiableCredential": token.decode()}, org=org
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def log_in(self, org: str = "mill") -> None:
        """Log in on the pages."""
        page = self.client.get("/login", headers={"accept": "text/html"})
        form = {"login": f"clerk@{org}.example", "password": PASSWORD, "next": "/", "csrf": csrf_of(page)}
        answer = self.client.post("/login", data=form, headers={"accept": "text/html"})
        assert answer.status_code == 303, answer.text

    def page(self, path: str, **options: Any) -> httpx.Response:
        return self.client.get(path, headers={"accept": "text/html"}, **options)

    def submit(self, path: str, **fields: str) -> httpx.Response:
        """Send a form with the CSRF token of the page that holds it."""
        org = path.split("/")[2]
        token = csrf_of(self.page(f"/orgs/{org}/"))
        return self.client.post(path, data={"csrf": token, **fields}, headers={"accept": "text/html"})


def csrf_of(page: httpx.Response) -> str:
    """Return the CSRF token of the first form of a page."""
    _, mark, rest = page.text.partition('name="csrf" value="')
    return rest.partition('"')[0] if mark else ""


@contextmanager
def open_wallet(
    folder: Path,
    *,
    world: World | None = None,
    ledger: PaperLedger | None = None,
    hosts: Mapping[str, Client] | None = None,
    **given: Any,
) -> Iterator[Purse]:
    """Open a wallet in a folder; ``given`` are settings."""
    world = world or World(clock=datetime(2026, 3, 12, 9, tzinfo=UTC))
    ledger = ledger or PaperLedger(world)
    wire = Wire(world, ledger, dict(hosts or {}))
    settings = WalletSettings(public_url=PUBLIC, data=folder, **given)
    app = make_app(settings, clock=lambda: world.clock, networks=lambda: wire, ledger=ledger)
    try:
        found = app.state.directory
        directory = Directory(
            found.database, hasher=PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
        )
        tokens = {}
        for org, name in (("mill", "Sunrise Mill"), ("other", "Other Mill")):
            directory.add_organisation(org, name, now=world.clock)
            directory.add_account(org, f"clerk@{org}.example", PASSWORD, [Scope.ADMIN], now=world.clock)
            app.state.identities.create_identity(org, host=HOST, path=f"wallet/{org}", ledger=ledger.about())
            tokens[org] = directory.make_token(org, [Scope.ADMIN], label="test", now=world.clock)
        with open_client(app, base_url=PUBLIC) as client:
            wire.hosts[PUBLIC] = client
            yield Purse(world, wire, client, app, tokens)
    finally:
        app.state.close()


def _split(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}", parts.path + (f"?{parts.query}" if parts.query else "")


def facility(name: str = "Spinning hall") -> JsonObject:
    """Return a subject that the UN model takes."""
    country = make_country("TR", "Türkiye")
    process = make_classification(
        "spinning", "Spinning", scheme="https://certweave.example/ns/v1#Process", scheme_name="Processes"
    )
    address = make_address("Mill Road 1", postcode="64000", town="Uşak", region="Uşak", country=country)
    return make_facility(
        "https://mill.example/hall", name, country=country, processes=[process], address=address
    )


def product(identifier: str = "https://mill.example/01/09521234543213") -> JsonObject:
    """Return the subject of a passport."""
    return make_product(
        identifier,
        "T-shirt",
        scheme=make_identifier_scheme("https://id.gs1.org/01/", "GTIN"),
        granularity="model",
        categories=[
            make_classification("28231", "T-shirts", scheme="https://unstats.un.org/cpc/", scheme_name="CPC")
        ],
        facility=make_reference("Facility", "https://mill.example/hall", "Spinning hall"),
        country=make_country("TR", "Türkiye"),
    )
