"""What the wallet's rules need from outside: storage, network, identities, places in status lists, receipts.

The words of the domain are defined here; store, network and the edge implement the protocols.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Kind
from certweave.keys.model import Signer
from certweave_edge.gather import Find
from certweave_edge.ledger_client import Publisher
from certweave_edge.send import Answer
from certweave_edge.status_lists import Place, SignedList


class Origin(StrEnum):
    """Where a document in the wallet comes from."""

    RECEIVED = "received"
    OWN = "own"


class Standing(StrEnum):
    """Where an own document stands in its life; a received one is always ``CURRENT`` here."""

    CURRENT = "current"
    WITHDRAWN = "withdrawn"
    SUPERSEDED = "superseded"


@dataclass(frozen=True, slots=True)
class Looked:
    """How a document fared when it was examined last; ``report`` is its JSON form."""

    at: datetime
    verdict: str
    report: JsonObject = field(repr=False)


@dataclass(frozen=True, slots=True)
class Holding:
    """One document in the wallet.

    Attributes:
        credential_id: its name here: the number of an own document, with ``~2`` for the second version;
            ``~`` and random digits for a received one.
        url: the ``id`` of the document, where its issuer serves it.
        form: ``vc+jwt``, ``vc+sd-jwt``, ``vc+cose``, ``dc+sd-jwt`` or ``ldp_vc``.
        content: the secured bytes as they came or were signed.
        document: what it says; of an SD-JWT with every disclosure, of an SD-JWT VC its claims.
        types: its type names; ``expanded`` the IRIs they stand for. Of an SD-JWT VC, both are its ``vct``.
        kind: the type that says most.
        request_sha256: over what an own document was asked to say, so that asking again is no second act.
        place: the bit that withdraws an own document.
        successor: the ``credential_id`` of the version that takes its place.
        reason: why it was withdrawn or superseded, a code of docs/reference/status.md.
    """

    org: str
    credential_id: str
    origin: Origin
    url: str
    form: str
    content: bytes = field(repr=False)
    document: JsonObject = field(repr=False)
    types: tuple[str, ...]
    expanded: tuple[str, ...]
    kind: str
    name: str
    issuer: str
    issuer_name: str
    valid_from: datetime | None
    valid_until: datetime | None
    added: datetime
    looked: Looked | None = None
    published: bool = False
    standing: Standing = Standing.CURRENT
    number: str | None = None
    version: int = 1
    request_sha256: str | None = None
    place: Place | None = None
    successor: str | None = None
    reason: str | None = None
    ended: datetime | None = None
    receipt: str | None = field(default=None, repr=False)


class OfferState(StrEnum):
    """Where an offer stands. A pre-authorized code can be used once, so what failed half-way stays failed."""

    OPEN = "open"
    TAKING = "taking"
    ACCEPTED = "accepted"
    REFUSED = "refused"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OfferedKind:
    """One credential of an offer, in the issuer's words by language tag."""

    configuration_id: str
    format: str
    types: tuple[str, ...]
    names: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """An offer that was looked at. Nothing of it is proven: only the documents themselves are signed.

    Attributes:
        host: of the issuer, which is all that is known for certain.
        names: what the issuer calls itself, by language tag.
        asks_code: whether a transaction code has to be typed; ``code_help`` is what the issuer says of it.
        credentials: ids of what was received.
        problem: code and sentence of what went wrong.
    """

    org: str
    offer_id: str
    issuer: str
    host: str
    names: Mapping[str, str]
    kinds: tuple[OfferedKind, ...]
    asks_code: bool
    code_help: str
    offer: JsonObject = field(repr=False)
    created: datetime
    state: OfferState = OfferState.OPEN
    credentials: tuple[str, ...] = ()
    problem: tuple[str, str] | None = None


class RequestState(StrEnum):
    """Where a request for a presentation stands."""

    OPEN = "open"
    SENDING = "sending"
    ANSWERED = "answered"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class RequestRecord:
    """A request whose signature held when it was looked at.

    ``token`` is the signed request object; ``shown`` maps the parts of the question to what was shown.
    """

    org: str
    request_id: str
    did: str
    token: str = field(repr=False)
    created: datetime
    expires: datetime | None
    state: RequestState = RequestState.OPEN
    shown: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    next_url: str | None = None
    answered: datetime | None = None


@dataclass(frozen=True, slots=True)
class ExtraLink:
    """A further link of a product: to a document in the wallet, or to an address of its own.

    ``relation`` is a short name such as ``dcc`` or ``pip``; for a document it follows from its type.
    """

    credential_id: str | None = None
    href: str | None = None
    relation: str = ""
    title: str = ""
    media_type: str | None = None


@dataclass(frozen=True, slots=True)
class Product:
    """A product address of a brand and what lies behind it."""

    org: str
    host: str
    gtin: str
    lot: str | None
    serial: str | None
    name: str
    passport: str
    links: tuple[ExtraLink, ...] = ()


@dataclass(frozen=True, slots=True)
class Act:
    """One line of what happened to a document: who, when, what."""

    at: datetime
    actor: str
    act: str


class Store(Protocol):
    """What organisations keep in their wallets. Every method takes the organisation first."""

    def add(self, org: str, holding: Holding, *, actor: str, act: str, now: datetime) -> None:
        """Keep a document; 409 ``document_known`` where its number and version, or its bytes, are there."""

    def find(self, org: str, credential_id: str) -> Holding | None:
        """Return one document, or None: other organisations have none."""

    def find_content(self, org: str, sha256: str) -> Holding | None:
        """Return the document with these secured bytes, or None."""

    def versions(self, org: str, number: str) -> Sequence[Holding]:
        """Return every version of an own document, newest first."""

    def all(self, org: str) -> Sequence[Holding]:
        """Return all documents of an organisation, newest first."""

    def published(self, org: str, ids: Sequence[str]) -> Sequence[Holding]:
        """Return those of the named documents that are published and current."""

    def set_looked(self, org: str, credential_id: str, looked: Looked) -> None:
        """Keep the latest look; an older one never replaces a newer."""

    def set_receipt(self, org: str, credential_id: str, receipt: str) -> None:
        """Keep the ledger's receipt; the first stays."""

    def set_published(
        self, org: str, credential_id: str, published: bool, *, actor: str, now: datetime
    ) -> None:
        """Show a document to everybody, or no longer."""

    def end(
        self,
        org: str,
        holding: Holding,
        record: str,
        standing: Standing,
        reason: str,
        *,
        successor: Holding | None,
        actor: str,
        now: datetime,
    ) -> None:
        """Withdraw or replace an own document with its signed record, in one transaction with its successor.

        409 where it is no longer current: of two callers at once one wins.
        """

    def history(self, org: str, credential_id: str) -> Sequence[Act]:
        """Return what happened to a document, newest first."""

    def add_offer(self, org: str, offer: OfferRecord, *, actor: str) -> None:
        """Keep an offer that was looked at."""

    def find_offer(self, org: str, offer_id: str) -> OfferRecord | None:
        """Return an offer, or None."""

    def offers(self, org: str, *, since: datetime) -> Sequence[OfferRecord]:
        """Return the open offers that were looked at since then, newest first."""

    def move_offer(
        self,
        org: str,
        offer_id: str,
        before: OfferState,
        after: OfferState,
        *,
        credentials: Sequence[str] = (),
        problem: tuple[str, str] | None = None,
        actor: str,
        now: datetime,
    ) -> None:
        """Move an offer on; 409 where it is not in the state ``before``: two callers never both take it."""

    def add_request(self, org: str, request: RequestRecord, *, actor: str) -> None:
        """Keep a request that was looked at."""

    def find_request(self, org: str, request_id: str) -> RequestRecord | None:
        """Return a request, or None."""

    def requests(self, org: str, *, limit: int = 50) -> Sequence[RequestRecord]:
        """Return the latest requests, newest first."""

    def move_request(
        self,
        org: str,
        request_id: str,
        before: RequestState,
        after: RequestState,
        *,
        shown: Mapping[str, Sequence[str]] | None = None,
        next_url: str | None = None,
        actor: str,
        now: datetime,
    ) -> None:
        """Move a request on; 409 where it is not in the state ``before``."""

    def add_host(self, org: str, host: str, *, now: datetime) -> None:
        """Give a host for product addresses to an organisation; 409 where another has it."""

    def find_owner(self, host: str) -> str | None:
        """Return the organisation that a host was given to."""

    def hosts(self, org: str) -> Sequence[str]:
        """Return the hosts of an organisation."""

    def put_product(self, org: str, product: Product, *, actor: str, now: datetime) -> None:
        """Register a product address, or replace what lies behind it; 409 where the host is another's."""

    def products(self, org: str) -> Sequence[Product]:
        """Return the products of an organisation."""

    def find_products(self, host: str | None, gtin: str) -> Sequence[Product]:
        """Return the products of a GTIN at a host, whosever they are; ``None`` looks at every host."""


class Network(Protocol):
    """Other hosts, within the budget of one act: make one for each."""

    def find(self) -> Find:
        """Return what fetches evidence."""

    def get(self, url: str, kind: Kind = Kind.CREDENTIAL) -> bytes:
        """Fetch an address that a message named; raises ``FetchError``."""

    def post(self, url: str, body: bytes, media_type: str, *, token: str | None = None) -> Answer:
        """Post to an address that a message named; raises ``FetchError``."""


class Identities(Protocol):
    """The organisations' DIDs."""

    def did_of(self, org: str) -> str:
        """Return the DID; 409 where there is none yet."""

    def signer(self, org: str, purpose: str = "assertionMethod") -> Signer:
        """Return what signs for an organisation, for ``assertionMethod`` or ``authentication``."""


class Status(Protocol):
    """Places in the organisations' status lists."""

    def reserve_index(self, org: str, purpose: str, *, now: datetime) -> Place:
        """Reserve a place; two callers never get the same."""

    def find_list(
        self, org: str, number: int, *, form: str, now: datetime, at: datetime | None = None
    ) -> SignedList | None:
        """Return the signed list if it need not be made."""

    def load_list(
        self, org: str, number: int, *, form: str, now: datetime, at: datetime | None = None
    ) -> SignedList:
        """Return the signed list."""


class Receipts(Protocol):
    """The ledger, which dates digests."""

    def request_receipts(self, digests: Sequence[bytes]) -> Mapping[bytes, str]:
        """Return a receipt for each digest; raises ``LedgerError``."""


class Ledger(Receipts, Publisher, Protocol):
    """The whole ledger: it publishes DID logs, too."""


Networks = Callable[[], Network]
"""Makes the network of one act."""
