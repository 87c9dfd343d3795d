"""What the verifier's rules need from outside: documents, storage, an identity of their own.

The words of the domain are defined here; store, network and identity implement the protocols.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import Signer
from certweave_edge.gather import Find


@dataclass(frozen=True, slots=True)
class Kept:
    """One check that was kept.

    Attributes:
        check_id: 128 random bits; whoever knows them may see an anonymous check.
        at: when it was made.
        verdict: what was found.
        title: what was checked, in its own words; empty where nothing was proven.
        bundle: input, evidence, report and policy (``.cwbundle``): enough to make the report again.
    """

    check_id: str
    at: datetime
    verdict: str
    title: str
    bundle: bytes


@dataclass(frozen=True, slots=True)
class Asked:
    """A request for a certificate, as an organisation made it (OpenID4VP 1.0).

    Attributes:
        state: comes back with the answer and tells it from others.
        nonce: must stand in the presentation.
        error: what the wallet said instead of presenting, ``access_denied`` for one.
        verdict: that of the answer; None while there is none.
    """

    request_id: str
    org: str
    purpose: str
    query: JsonObject
    client_id: str
    nonce: str
    state: str
    created: datetime
    expires: datetime
    answered: datetime | None = None
    verdict: str | None = None
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """One presentation of an answer: for which part of the query, and the examined bundle."""

    query_id: str
    verdict: str
    bundle: bytes


class Store(Protocol):
    """What organisations keep: their checks, their requests and the answers to them."""

    def keep_check(self, org: str, kept: Kept, *, actor: str) -> None:
        """Keep a check, and record who made it."""

    def find_check(self, org: str, check_id: str) -> Kept | None:
        """Return a kept check, or None: other organisations have none."""

    def checks(self, org: str, *, limit: int = 200) -> Sequence[Kept]:
        """Return the latest checks of an organisation without their bundles, newest first."""

    def add_request(self, org: str, asked: Asked, *, actor: str) -> None:
        """Store a request, and record who made it."""

    def find_request(self, request_id: str) -> Asked | None:
        """Return a request by its unguessable id: whoever has the link may answer."""

    def requests(self, org: str, *, limit: int = 100) -> Sequence[Asked]:
        """Return the latest requests of an organisation, newest first."""

    def answer_request(
        self,
        org: str,
        request_id: str,
        *,
        at: datetime,
        verdict: str | None,
        error: str | None,
        shown: Sequence[Shown],
    ) -> None:
        """Store the answer. Only the first ever comes in, however many arrive at once: else 410."""

    def answer_of(self, org: str, request_id: str) -> Sequence[Shown]:
        """Return the presentations of the answer, in the order of the query."""


class Network(Protocol):
    """Where documents come from."""

    def session(self, *, fresh: bool = False) -> Find:
        """Return what fetches for one check, within the budget of one check.

        With ``fresh``, nothing that was fetched before this call is handed out.
        """


class Speaker(Protocol):
    """The verifier's own identity, under which it asks."""

    @property
    def did(self) -> str:
        """Its did:webvh."""

    def signer(self) -> Signer:
        """Return what signs in its name, by an ``authentication`` key of its DID document."""
