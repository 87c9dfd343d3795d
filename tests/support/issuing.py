"""An issuer service in this process, with a ledger of paper and a clock that a test moves."""

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx

from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence, Fetched, Need, Unavailable
from certweave.examine.report import Report
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import make_receipt
from certweave.trust.policy import INTEGRITY, Policy
from certweave_edge.accounts import Scope
from certweave_edge.gather import examine_with
from certweave_edge.ledger_client import LedgerError, LedgerInfo, make_etag
from certweave_issuer.app import make_app
from certweave_issuer.settings import IssuerSettings
from tests.support.client import Client, open_client
from tests.support.world import World, contexts

HOST = "ledger.example"
PUBLIC = "https://certs.example"
SCHEME = "https://ofs.example/scheme/organic-fibre"


@dataclass
class PaperLedger:
    """Takes DID logs and gives receipts, as a ledger does, without a wire."""

    world: World
    logs: dict[str, bytes] = field(default_factory=dict)
    down: bool = False
    dating: bool = True

    def about(self) -> LedgerInfo:
        return LedgerInfo(self.world.ledger.did, self.world.receipts_url, HOST)

    def put_log(self, path: str, log: bytes, etag: str | None) -> str:
        self._check_up()
        self.logs[path] = log
        return make_etag(log)

    def get_log(self, path: str) -> tuple[bytes, str] | None:
        self._check_up()
        return (self.logs[path], make_etag(self.logs[path])) if path in self.logs else None

    def request_receipts(self, digests: Sequence[bytes]) -> dict[bytes, str]:
        self._check_up()
        if not self.dating:
            raise LedgerError("the ledger gives no receipts today")
        ledger = self.world.ledger
        tokens = {
            digest: make_receipt(digest, at=self.world.clock, signer=ledger.signer, ledger=ledger.did)
            for digest in digests
        }
        self.world.receipts |= {digest.hex(): token.encode() for digest, token in tokens.items()}
        return tokens

    def _check_up(self) -> None:
        if self.down:
            raise LedgerError("the ledger cannot be reached")


@dataclass
class Office:
    """A running issuer with the organisations ``fa`` and ``other``, both with a DID."""

    world: World
    ledger: PaperLedger
    client: Client
    app: Any
    tokens: dict[str, str]

    @property
    def issuer(self) -> Any:
        return self.app.state.issuer

    def did(self, org: str = "fa") -> str:
        return str(self.app.state.identities.did_of(org))

    def call(
        self, method: str, path: str, body: Any = None, *, org: str = "fa", **headers: str
    ) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        authorised = {"Authorization": f"Bearer {self.tokens[org]}", **named}
        return self.client.request(method, path, json=body, headers=authorised)

    def issued(self, kind: str, number: str, data: JsonObject, *, scheme: str | None = SCHEME) -> JsonObject:
        """Enter, approve and issue; return what the API says."""
        body = {"kind": kind, "number": number, "scheme": scheme, "data": data}
        for path, sent in (("", body), (f"/{number}/approve", None), (f"/{number}/issue", None)):
            answer = self.call("POST", f"/orgs/fa/certificates{path}", sent)
            assert answer.is_success, answer.text
        return dict(answer.json())

    def path(self, url: str) -> str:
        assert url.startswith(PUBLIC), url
        return url.removeprefix(PUBLIC)

    def fetch(self, need: Need) -> Fetched | Unavailable:
        """Answer what an examination asks for: from this issuer, from the paper ledger, from the world."""
        if need.url.startswith(PUBLIC):
            accept = {"accept": "application/vc+jwt, application/vc;q=0.9, application/json;q=0.8"}
            answer = self.client.get(self.path(need.url), headers=accept)
            if answer.status_code != 200:
                return Unavailable("not found", self.world.clock, answer.status_code)
            media_type = answer.headers["content-type"]
            return Fetched(answer.content, need.url, media_type, self.world.clock)
        for path, log in self.ledger.logs.items():
            if need.url == f"https://{HOST}/{path}/did.jsonl":
                return Fetched(log, need.url, "text/jsonl", self.world.clock)
        return self.world.fetch(need)

    def examine(self, source: bytes, *, policy: Policy = INTEGRITY, at: datetime | None = None) -> Report:
        """Examine as a stranger would, fetching from here."""
        report, _ = examine_with(
            source,
            Evidence(),
            policy=policy,
            now=at or self.world.clock,
            limits=DEFAULT_LIMITS,
            contexts=contexts(),
            fetch=self.fetch,
        )
        return report


@contextmanager
def open_office(folder: Path, **given: Any) -> Iterator[Office]:
    """Open an issuer in a folder; ``given`` are settings."""
    world = World(clock=datetime(2026, 3, 12, 9, tzinfo=UTC))
    ledger = PaperLedger(world)
    settings = IssuerSettings(public_url=PUBLIC, data=folder, **given)
    holder: list[Office] = []

    def fetch() -> Any:
        return holder[0].fetch

    app = make_app(settings, clock=lambda: world.clock, ledger=ledger, fetch=fetch)
    try:
        tokens = {}
        for org, name in (("fa", "Fibre Assurance"), ("other", "Other Certifier")):
            app.state.directory.add_organisation(org, name, now=world.clock)
            app.state.identities.create_identity(org, host=HOST, path=org, ledger=ledger.about())
            tokens[org] = app.state.directory.make_token(org, [Scope.ADMIN], label="test", now=world.clock)
        with open_client(app, base_url=PUBLIC) as client:
            holder.append(Office(world, ledger, client, app, tokens))
            yield holder[0]
    finally:
        app.state.close()


def scope_data(**changes: Any) -> JsonObject:
    """Return the data of a good scope certificate."""
    return {
        "name": "Organic fibre, ginning",
        "holder": {"id": "did:web:gin.example", "name": "Sunrise Gin"},
        "validFrom": "2026-03-01",
        "validUntil": "2027-02-28",
        "idVerified": True,
        "certificationScope": {
            "schemes": [SCHEME],
            "sites": [
                {
                    "facility": {
                        "type": ["Facility"],
                        "id": "https://register.example/facility/1",
                        "name": "Gin hall 1",
                    },
                    "role": "main",
                    "processes": ["ginning"],
                }
            ],
            "productClasses": [
                {
                    "code": "lint",
                    "label": {"en": "Cotton lint"},
                    "composition": [{"material": "cotton-organic", "share": 0.95}],
                    "labelGrade": "organic",
                }
            ],
        },
        **changes,
    }


def token_payload(token: str) -> JsonObject:
    """Return the payload of a compact token, unverified."""
    from certweave.encoding.multibase import base64url_decode

    return dict(json.loads(base64url_decode(token.split(".")[1])))
