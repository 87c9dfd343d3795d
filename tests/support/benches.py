"""The services for test suites, in this process: no socket, one clock, keys made anew."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Fetched, Need, Unavailable
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around
from certweave_edge.conformance import with_examples
from certweave_edge.contexts import load_context_store
from certweave_edge.gather import Find
from certweave_issuer.app import make_app as make_issuer
from certweave_issuer.settings import IssuerSettings
from certweave_verifier.app import make_app as make_verifier
from certweave_verifier.settings import VerifierSettings
from certweave_wallet.app import make_app as make_wallet
from certweave_wallet.settings import WalletSettings
from tests.support.client import Client, open_client

PUBLIC = "https://issuer.example"
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
GONE = object()


@dataclass
class Benches:
    """Running issuers, a verifier and a wallet for test suites; it is the verifier's network, too."""

    issuer: Client
    verifier: Client
    wallet: Client
    clock: datetime

    def did(self, name: str) -> str:
        """Return who an issuer is."""
        listed = self.issuer.get("/conformance").json()["issuers"]
        return next(str(one["id"]) for one in listed if one["name"] == name)

    def issue(self, name: str, credential: Any, **body: Any) -> httpx.Response:
        """Ask an issuer for a credential."""
        sent = {"credential": credential, **body}
        return self.issuer.post(f"/conformance/{name}/credentials/issue", json=sent)

    def issued(self, name: str, **changes: Any) -> JsonObject:
        """Return a good credential, issued."""
        answer = self.issue(name, credential(self.did(name), **changes))
        assert answer.status_code == 201, answer.text
        return dict(answer.json()["verifiableCredential"])

    def verify(self, secured: Any, **options: Any) -> httpx.Response:
        """Ask the verifier about a credential."""
        sent = {"verifiableCredential": secured, "options": {"checks": ["proof"], **options}}
        return self.verifier.post("/conformance/credentials/verify", json=sent)

    def derive(self, secured: Any, **options: Any) -> httpx.Response:
        """Ask the wallet for a part of a credential."""
        sent = {"verifiableCredential": secured, "options": options}
        return self.wallet.post("/conformance/credentials/derive", json=sent)

    def holder(self, name: str) -> str:
        """Return who a holder is."""
        listed = self.wallet.get("/conformance").json()["holders"]
        return next(str(one["id"]) for one in listed if one["name"] == name)

    def present(self, name: str, presentation: Any, **options: Any) -> httpx.Response:
        """Ask a holder for a presentation."""
        sent = {"presentation": presentation, "options": options}
        return self.wallet.post(f"/conformance/holders/{name}/presentations", json=sent)

    def session(self, *, fresh: bool = False) -> Find:
        """Be the verifier's network: what the issuer serves, and nothing else."""
        return self._fetch

    def _fetch(self, need: Need) -> Fetched | Unavailable:
        if not need.url.startswith(PUBLIC):
            return Unavailable("nobody is there", self.clock)
        answer = self.issuer.get(need.url.removeprefix(PUBLIC))
        if answer.status_code != 200:
            return Unavailable("not found", self.clock, answer.status_code)
        return Fetched(answer.content, need.url, answer.headers["content-type"], self.clock)


@dataclass(frozen=True)
class Party:
    """Somebody with a did:key of their own, who signs as a test suite would."""

    signer: KeySigner

    @classmethod
    def make(cls, secret: bytes = bytes(range(32)), algorithm: Algorithm = Algorithm.ED25519) -> "Party":
        """Return the party of a secret."""
        private = PrivateKey(algorithm, secret)
        return cls(KeySigner(make_did_key_method(private.public), private))

    @property
    def did(self) -> str:
        """Return who it is."""
        return make_did_key(self.signer.public)

    def sign(
        self, document: Any, *, purpose: str, at: datetime, suite: str = "eddsa-rdfc-2022", **options: Any
    ) -> JsonObject:
        """Return the document with one proof more."""
        around = Around(with_examples(load_context_store()), DEFAULT_LIMITS)
        return add_proof(
            document,
            self.signer,
            suite=get_suite(suite),
            around=around,
            created=at,
            purpose=purpose,
            **options,
        )


def credential(by: str, /, *, version: str = V2, **changes: Any) -> dict[str, Any]:
    """Return a good credential without proof; a change of ``GONE`` takes a member away."""
    document: dict[str, Any] = {
        "@context": [version],
        "id": "urn:uuid:0d1f9a52-7a52-4d7e-9b57-2f5d3b1c0a11",
        "type": ["VerifiableCredential"],
        "issuer": by,
        "credentialSubject": {"id": "did:example:a-bale-of-cotton"},
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not GONE}


@contextmanager
def open_benches(folder: Path) -> Iterator[Benches]:
    """Open both services in a folder."""
    clock = datetime(2026, 3, 12, 9, tzinfo=UTC)
    holder: list[Benches] = []
    issuer = make_issuer(
        IssuerSettings(public_url=PUBLIC, data=folder / "issuer", conformance=True), clock=lambda: clock
    )
    verifier = make_verifier(
        VerifierSettings(public_url="https://verifier.example", data=folder / "verifier", conformance=True),
        clock=lambda: clock,
        network=_Later(holder),
    )
    wallet = make_wallet(
        WalletSettings(public_url="https://wallet.example", data=folder / "wallet", conformance=True),
        clock=lambda: clock,
    )
    with (
        _open(issuer, PUBLIC) as asked,
        _open(verifier, "https://verifier.example") as judge,
        _open(wallet, "https://wallet.example") as shower,
    ):
        holder.append(Benches(asked, judge, shower, clock))
        yield holder[0]


@dataclass(frozen=True)
class _Later:
    holder: list[Benches]

    def session(self, *, fresh: bool = False) -> Find:
        return self.holder[0].session(fresh=fresh)


@contextmanager
def _open(app: FastAPI, base_url: str) -> Iterator[Client]:
    try:
        with open_client(app, base_url=base_url) as client:
            yield client
    finally:
        app.state.close()
