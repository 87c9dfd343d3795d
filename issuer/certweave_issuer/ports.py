"""The words of the issuer: certificates and offers, and what the service needs from the world.

Pure data and protocols. ``store`` implements ``Store``; keys, DIDs and receipts come from the edge.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Fetched, Need, Unavailable
from certweave.keys.model import KeySigner
from certweave.status.record import State
from certweave_edge.ledger_client import Publisher
from certweave_edge.status_lists import Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Certificate:
    """One version of one certificate of one organisation.

    Attributes:
        number: the issuer's own; unique per organisation and version.
        key: last segment of its address, which strangers cannot guess unless it is in the public register.
        type_name: its credential type.
        holder: id of whom it is issued to, or None.
        data: what the clerk entered; ``content`` is the SHA-256 of kind, scheme and data, in hexadecimal.
        document: the credential without its signature; without its status entry until it is issued.
        token: the signed bytes as they are served; ``digest`` is their SHA-256 in hexadecimal.
        state: as decided; ``service.standing`` tells what is in force at a moment.
        successor: key of what takes the place of a corrected or renewed one.
    """

    org: str
    number: str
    version: int
    key: str
    kind: str
    type_name: str
    scheme: str | None
    name: str
    holder: str | None
    holder_name: str
    data: JsonObject
    content: str
    document: JsonObject
    state: State
    valid_from: datetime | None
    valid_until: datetime | None
    created: datetime
    created_by: str
    approved_by: str | None = None
    issued: datetime | None = None
    place: Place | None = None
    token: str | None = None
    digest: str | None = None
    media_type: str = "application/vc+jwt"
    receipt: str | None = None
    receipt_at: datetime | None = None
    predecessor: str | None = None
    successor: str | None = None

    @property
    def public(self) -> bool:
        """Whether it stands in the public register: scope certificates only."""
        return self.kind == "scope" and self.issued is not None


@dataclass(frozen=True, slots=True)
class Profile:
    """What an organisation is here, and who vouches for it.

    ``authorisations`` link the approvals and accreditations that its certificates carry.
    """

    name: str
    role: str = "certifier"
    authorisations: tuple["Authorisation", ...] = ()


@dataclass(frozen=True, slots=True)
class Authorisation:
    """A link to an authority's credential about this organisation, its digest fixed."""

    name: str
    url: str
    digest: str
    authority: str
    authority_name: str


@dataclass(frozen=True, slots=True)
class Deed:
    """One line of a certificate's history: what was done, when, by whom, why."""

    at: datetime
    act: str
    actor: str
    version: int
    reason: str | None = None
    sentence: str | None = None
    effective_from: datetime | None = None
    known_since: datetime | None = None
    successor: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """What a list of certificates is narrowed to; ``text`` is looked for in number, name and holder."""

    state: State | None = None
    kind: str | None = None
    text: str = ""
    holder: str | None = None
    limit: int = 100
    skip: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A certificate that is offered to a wallet; secrets rest as SHA-256.

    Attributes:
        offer_id: from the hash of the offer's secret, so that it opens nothing.
        key: of the certificate.
        tx_code: hash of the pre-authorised code with the code that the holder types, or None.
        tries: at the transaction code so far.
        client_id: what the wallet called itself when it asked for the token, if anything.
        taken: when an access token was given for it, which happens once.
        redeemed: when the credential was fetched with that token.
    """

    org: str
    offer_id: str
    key: str
    code: bytes
    tx_code: bytes | None
    created: datetime
    expires: datetime
    client_id: str | None = None
    tries: int = 0
    taken: datetime | None = None
    token: bytes | None = None
    token_expires: datetime | None = None
    redeemed: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """What issuing adds to a certificate; ``place`` is None where it names somebody else's status list."""

    document: JsonObject
    place: Place | None
    token: str
    digest: str
    issued: datetime
    valid_from: datetime | None
    media_type: str = "application/vc+jwt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """A signed status record that moves a certificate from one state to another."""

    certificate: Certificate
    after: State
    record: str
    act: str
    actor: str
    successor: str | None = None


class Store(Protocol):
    """Keeps what the organisations issued. Every method takes the organisation first.

    Each write records the act in the same transaction; ``actor`` is who did it.
    """

    def add_certificate(self, org: str, made: Certificate, *, act: str, actor: str) -> None:
        """Keep a new version; 409 ``number_taken`` where the organisation has this number and version."""
        ...

    def find_certificate(self, org: str, number: str, version: int | None = None) -> Certificate | None:
        """Return a version, by default the latest."""
        ...

    def find_by_key(self, org: str, key: str) -> Certificate | None:
        """Return the version at an address."""
        ...

    def find_by_id(self, org: str, address: str) -> Certificate | None:
        """Return the certificate with this id, which may be an address of somebody else's."""
        ...

    def versions(self, org: str, number: str) -> tuple[Certificate, ...]:
        """Return all versions of a number, oldest first."""
        ...

    def certificates(self, org: str, query: Query) -> tuple[tuple[Certificate, ...], int]:
        """Return one page of certificates, newest first, and how many there are in all."""
        ...

    def revise(self, org: str, made: Certificate, *, actor: str, now: datetime) -> bool:
        """Put a draft in the place of the one with its key; False where that is no draft any more."""
        ...

    def approve(self, org: str, key: str, *, actor: str, now: datetime) -> bool:
        """Move a draft to approved; False where it is no draft any more."""
        ...

    def sign(self, org: str, key: str, signed: Signed, *, actor: str) -> bool:
        """Move an approved one to issued with what was signed; False where somebody else did before."""
        ...

    def decide(self, org: str, decision: Decision, *, now: datetime) -> bool:
        """Keep a status record and the state it leads to; False where the state has changed meanwhile."""
        ...

    def replace(
        self, org: str, decision: Decision, successor: Certificate, signed: Signed, *, now: datetime
    ) -> bool:
        """Keep the successor, issued, and the record that supersedes the old one: both or neither.

        False where the old one's state has changed; 409 ``number_taken`` as in ``add_certificate``.
        """
        ...

    def records(self, org: str, place: Place | None) -> tuple[str, ...]:
        """Return the signed status records of the certificate with this place, in the order taken."""
        ...

    def add_receipts(self, org: str, receipts: Mapping[str, tuple[str, datetime]]) -> None:
        """Keep receipts by the digest of the certificate; one that is there stays."""
        ...

    def lacking_receipts(self, org: str, limit: int) -> tuple[str, ...]:
        """Return digests of issued certificates without a receipt."""
        ...

    def count_handed_out(self, org: str, key: str, since: datetime) -> int:
        """Return how often a certificate was signed in another format since then."""
        ...

    def add_handed_out(self, org: str, key: str, form: str, digest: str, *, now: datetime) -> None:
        """Note what was signed in another format for a wallet, so that it gets a receipt, too."""
        ...

    def deeds(self, org: str, keys: Sequence[str]) -> tuple[tuple[datetime, str, str, str], ...]:
        """Return (when, act, actor, key) of everything done to these certificates, oldest first."""
        ...

    def built_on(self, org: str, url: str) -> tuple[Certificate, ...]:
        """Return the organisation's certificates that name another one by its address."""
        ...

    def cited(self, org: str, key: str) -> tuple[Certificate, ...]:
        """Return the organisation's certificates that this one names by their addresses."""
        ...

    def register(self, org: str | None, text: str, limit: int, skip: int) -> tuple[Certificate, ...]:
        """Return issued scope certificates, of one organisation or of all, latest version each."""
        ...

    def profile(self, org: str) -> Profile | None:
        """Return an organisation's profile, or None where it has none yet."""
        ...

    def save_profile(self, org: str, profile: Profile, *, actor: str, now: datetime) -> None:
        """Keep a profile in place of the old one."""
        ...


class OfferStore(Protocol):
    """Keeps offers and what became of them. Each step forward happens once, whoever asks at the same time."""

    def add_offer(self, org: str, offer: Offer, *, actor: str) -> None:
        """Keep a new offer."""
        ...

    def find_offer(self, org: str, offer_id: str) -> Offer | None:
        """Return an offer by its public id."""
        ...

    def find_by_code(self, org: str, code: bytes) -> Offer | None:
        """Return an offer by the hash of its pre-authorised code."""
        ...

    def find_by_token(self, org: str, token: bytes) -> Offer | None:
        """Return an offer by the hash of the access token that was given for it."""
        ...

    def count_try(self, org: str, offer_id: str) -> int:
        """Count a try at the transaction code and return how many there were, this one included."""
        ...

    def take(
        self,
        org: str,
        offer_id: str,
        token: bytes,
        *,
        client_id: str | None,
        expires: datetime,
        now: datetime,
    ) -> bool:
        """Give the offer's one access token; False where it was given before."""
        ...

    def redeem(self, org: str, offer_id: str, *, now: datetime) -> None:
        """Note that the credential was fetched."""
        ...

    def use_nonce(self, org: str, nonce: bytes, *, expires: datetime, now: datetime) -> bool:
        """Use a nonce up; False where it was used before. Expired ones are forgotten."""
        ...

    def nonce_key(self, org: str) -> bytes:
        """Return the key under which an organisation's nonces are made; the same in every process."""
        ...


class Identities(Protocol):
    """DIDs and signers of the organisations."""

    def did_of(self, org: str) -> str:
        """Return the organisation's DID; raise ``RefusedError`` ``identity_missing``."""
        ...

    def signer(self, org: str) -> KeySigner:
        """Return what signs its credentials now; raises as ``did_of``."""
        ...


class Ledger(Protocol):
    """Where receipts come from."""

    def request_receipts(self, digests: Sequence[bytes]) -> dict[bytes, str]:
        """Return a receipt for each digest; raise ``LedgerError``."""
        ...


class WholeLedger(Ledger, Publisher, Protocol):
    """A ledger that takes DID logs too."""


class Lists(Protocol):
    """Where places in status lists come from."""

    def reserve_index(self, org: str, purpose: str, *, now: datetime) -> Place:
        """Reserve a place: two callers never get the same."""
        ...


class Fetch(Protocol):
    """Fetches a document from another host, under a budget."""

    def __call__(self, need: Need) -> Fetched | Unavailable:
        """Return what was found there, or why nothing was."""
        ...


@dataclass(frozen=True, slots=True)
class Addresses:
    """The public addresses of this service; ``base`` ends without a slash."""

    base: str

    def credential(self, org: str, key: str) -> str:
        """Return where a credential is found, which is also its id."""
        return f"{self.base}/orgs/{org}/credentials/{key}"

    def status_list(self, org: str, number: int) -> str:
        """Return where a status list is found, which is also its id."""
        return f"{self.base}/orgs/{org}/status/{number}"

    def type(self, type_name: str) -> str:
        """Return the type (``vct``) of certificates as SD-JWT VC, where its metadata is found."""
        return f"{self.base}/types/{type_name}"

    def issuer(self, org: str) -> str:
        """Return the Credential Issuer Identifier of an organisation (OID4VCI 1.0 §12.2.1)."""
        return f"{self.base}/orgs/{org}"

    def oid4vci(self, org: str, name: str) -> str:
        """Return an endpoint of the issuance protocol."""
        return f"{self.base}/orgs/{org}/oid4vci/{name}"
