"""Offers of certificates: looking at one, taking it, refusing it.

OpenID for Verifiable Credential Issuance 1.0, pre-authorized code flow; the messages are core's
(``exchange.vci_*``). A look fetches the offer and the issuer's metadata and changes nothing at the issuer.
What is received is examined before it is kept, and must be for this organisation.
"""

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

from certweave.encoding.strict_json import JsonObject, JsonValue, parse_json
from certweave.errors import CertweaveError, InvalidError, UndecidedError, UnsupportedError
from certweave.exchange.form import parse_error
from certweave.exchange.vci_credential import make_credential_request, parse_credential_response
from certweave.exchange.vci_metadata import (
    FORMATS,
    Configuration,
    IssuerMetadata,
    metadata_url,
    parse_authorization_server_metadata,
    parse_issuer_metadata,
    server_metadata_url,
)
from certweave.exchange.vci_offer import (
    PRE_AUTHORIZED,
    Offer,
    OfferReference,
    parse_link_of_offer,
    parse_offer,
)
from certweave.exchange.vci_proof import sign_proof_jwt
from certweave.exchange.vci_token import (
    Token,
    make_token_request,
    parse_nonce_response,
    parse_token_response,
)
from certweave_edge.i18n import mark
from certweave_edge.identity import AUTHENTICATION
from certweave_edge.network import FetchError
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.send import FORM, JSON, Answer
from certweave_wallet.ports import Holding, Network, OfferedKind, OfferRecord, OfferState
from certweave_wallet.service.documents import Documents
from certweave_wallet.service.reading import secured_bytes
from certweave_wallet.service.tools import Tools, unknown

T = TypeVar("T")
BUSY: Final = mark("the issuer has too many requests just now")
PATIENCE: Final = 60
"""Seconds to wait for a busy issuer that does not say how long."""


@dataclass(frozen=True, slots=True)
class _Name:
    """One credential to ask for: its configuration, and its identifier where the token came with some."""

    configuration: Configuration
    identifier: str | None


@dataclass(frozen=True, slots=True)
class Offers:
    """Threads may share it. Looking and taking call other hosts."""

    tools: Tools
    documents: Documents

    def look(self, org: str, link: str | JsonObject, *, actor: str) -> OfferRecord:
        """Read an offer, by value or by reference, and ask the issuer what it is. Nothing is taken yet.

        Args:
            org: to whom it was made.
            link: ``openid-credential-offer://?…``, an https link of that form, the plain address of an offer
                (``credential_offer_uri``), or the offer itself.
            actor: who looks.

        Raises:
            CertweaveError: it cannot be read, or the issuer's metadata is somebody else's.
            FetchError: a host was refused or did not answer.
            RefusedError: 409 ``identity_missing``: the organisation has no DID to be issued to.
        """
        self.tools.identities.did_of(org)
        network = self.tools.networks()
        offer, raw = self._read(link, network)
        if offer.code is None:
            detail = "this offer wants a login at the issuer, which this wallet does not do"
            raise UnsupportedError(detail, code="offer_grant")
        metadata = self._metadata(offer, network)
        kinds = _kinds(metadata, offer.configuration_ids)
        asked = offer.transaction_code
        record = OfferRecord(
            org=org,
            offer_id=secrets.token_hex(16),
            issuer=offer.issuer,
            host=urlsplit(offer.issuer).netloc,
            names=dict(metadata.names),
            kinds=kinds,
            asks_code=asked is not None,
            code_help="" if asked is None else asked.description or "",
            offer=raw,
            created=self.tools.clock(),
        )
        self.tools.store.add_offer(org, record, actor=actor)
        return record

    def find(self, org: str, offer_id: str) -> OfferRecord:
        """Return an offer that was looked at; 404 ``offer_unknown``."""
        found = self.tools.store.find_offer(org, offer_id)
        if found is None:
            raise unknown("offer", "offer_unknown")
        return found

    def open(self, org: str) -> Sequence[OfferRecord]:
        """Return the offers that wait for an answer."""
        return self.tools.store.offers(org, since=self.tools.clock() - self.tools.offer_life)

    def accept(self, org: str, offer_id: str, *, actor: str, code: str | None = None) -> tuple[Holding, ...]:
        """Take what is offered, examine it, and keep it.

        Until the issuer gave a token, an offer stays open; what fails after that stays failed, and says why.

        Args:
            org: whose offer.
            offer_id: of an offer that was looked at.
            actor: who takes it.
            code: the transaction code, where the offer asks for one.

        Raises:
            CertweaveError: the issuer refuses (``issuer_refused``), or what came does not hold.
            FetchError: a host did not answer.
            RefusedError: 409 ``offer_done``.
        """
        record = self.find(org, offer_id)
        if record.asks_code == (code is None):
            detail = "type the code that the issuer gave you" if record.asks_code else "no code was asked for"
            raise InvalidError(detail, code="offer_code", path="/code")
        network = self.tools.networks()
        self._move(record, OfferState.OPEN, OfferState.TAKING, actor)
        try:
            metadata, token = self._begin(record, code, network)
        except CertweaveError:
            # Nothing was given yet: a mistyped code, or an issuer that did not answer. It may be tried again.
            self._move(record, OfferState.TAKING, OfferState.OPEN, actor)
            raise
        try:
            kept = self._take(record, metadata, token, network, actor=actor)
        except CertweaveError as error:
            self._move(
                record, OfferState.TAKING, OfferState.FAILED, actor, problem=(error.code, error.detail)
            )
            raise
        ids = [holding.credential_id for holding in kept]
        self._move(record, OfferState.TAKING, OfferState.ACCEPTED, actor, credentials=ids)
        return kept

    def refuse(self, org: str, offer_id: str, *, actor: str) -> OfferRecord:
        """Do not take an offer. The issuer is not told: the protocol has no word for it."""
        self.find(org, offer_id)
        now = self.tools.clock()
        self.tools.store.move_offer(org, offer_id, OfferState.OPEN, OfferState.REFUSED, actor=actor, now=now)
        return self.find(org, offer_id)

    def _read(self, link: str | JsonObject, network: Network) -> tuple[Offer, JsonObject]:
        """Return the offer, and its JSON made again from what was read."""
        limits = self.tools.limits
        if isinstance(link, dict):
            offer = parse_offer(link)
            return offer, _offer_json(offer)
        if link.startswith("{"):
            return self._object(link.encode())
        if "?" not in link and link.startswith("https://"):
            return self._object(network.get(link))
        found = parse_link_of_offer(link, limits=limits)
        if isinstance(found, OfferReference):
            return self._object(network.get(found.url))
        return found, _offer_json(found)

    def _object(self, content: bytes) -> tuple[Offer, JsonObject]:
        value = parse_json(content, limits=self.tools.limits)
        offer = parse_offer(value)
        return offer, _offer_json(offer)

    def _metadata(self, offer: Offer, network: Network) -> IssuerMetadata:
        content = network.get(metadata_url(offer.issuer))
        value = parse_json(content, limits=self.tools.limits)
        return parse_issuer_metadata(value, issuer=offer.issuer)

    def _begin(self, record: OfferRecord, code: str | None, network: Network) -> tuple[IssuerMetadata, Token]:
        offer = parse_offer(record.offer)
        metadata = self._metadata(offer, network)
        return metadata, self._token(offer, metadata, code, network)

    def _take(
        self,
        record: OfferRecord,
        metadata: IssuerMetadata,
        token: Token,
        network: Network,
        *,
        actor: str,
    ) -> tuple[Holding, ...]:
        kept: list[Holding] = []
        for kind in record.kinds:
            configuration = _configuration(metadata, kind.configuration_id)
            for identifier in token.identifiers.get(configuration.id, (None,)):
                wanted = _Name(configuration, identifier)
                kept.extend(
                    self.documents.keep_from(
                        record.org,
                        content,
                        network,
                        actor=actor,
                        types=configuration.types,
                        form=configuration.format,
                    )
                    for content in self._request(record.org, metadata, wanted, token, network)
                )
        return tuple(kept)

    def _move(
        self, record: OfferRecord, before: OfferState, after: OfferState, actor: str, **more: Any
    ) -> None:
        now = self.tools.clock()
        self.tools.store.move_offer(record.org, record.offer_id, before, after, actor=actor, now=now, **more)

    def _token(self, offer: Offer, metadata: IssuerMetadata, code: str | None, network: Network) -> Token:
        server = offer.authorization_server or metadata.authorization_server
        if metadata.authorization_servers and server not in metadata.authorization_servers:
            detail = "the offer names a token server that is not the issuer's"
            raise InvalidError(detail, code="offer_foreign_server")
        value = parse_json(network.get(server_metadata_url(server)), limits=self.tools.limits)
        found = parse_authorization_server_metadata(value, issuer=server)
        body = make_token_request(offer.code or "", tx_code=code)
        answer = network.post(found.token_endpoint, body.encode(), FORM)
        return parse_token_response(self._answer(answer))

    def _request(
        self,
        org: str,
        metadata: IssuerMetadata,
        wanted: "_Name",
        token: Token,
        network: Network,
    ) -> list[bytes]:
        """Return the credentials of one configuration, as they came."""
        proofs = []
        if wanted.configuration.binding_methods:
            nonce = None
            if metadata.nonce_endpoint is not None:
                answer = network.post(metadata.nonce_endpoint, b"", "")
                nonce = parse_nonce_response(self._answer(answer))
            proofs.append(self._proof(org, metadata.issuer, wanted.configuration, nonce))
        request = make_credential_request(
            configuration_id=None if wanted.identifier else wanted.configuration.id,
            identifier=wanted.identifier,
            proofs=proofs,
        )
        answer = network.post(
            metadata.credential_endpoint, secured_bytes(request), JSON, token=token.access_token
        )
        response = parse_credential_response(self._answer(answer))
        if response.transaction_id is not None:
            detail = "the issuer says that it is not ready yet; ask it for a new offer later"
            raise UndecidedError(detail, code="issuer_not_ready")
        return [secured_bytes(credential) for credential in response.credentials]

    def _proof(self, org: str, issuer: str, configuration: Configuration, nonce: str | None) -> str:
        """Return the key proof: by our DID, or by the bare key for an issuer that binds to keys only."""
        signer = self.tools.identities.signer(org, AUTHENTICATION)
        method = ":".join(signer.method.split(":")[:2])
        methods = configuration.binding_methods
        return sign_proof_jwt(
            signer,
            audience=issuer,
            nonce=nonce,
            issued_at=self.tools.clock(),
            by_jwk="jwk" in methods and method not in methods,
        )

    def _answer(self, answer: Answer) -> JsonValue:
        """Return the JSON of an answer; an error of the issuer's is told in its words."""
        value = _reading(lambda: parse_json(answer.content, limits=self.tools.limits))
        if 200 <= answer.status < 300 and value is not None:
            return value
        if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
            wait = answer.retry_after or PATIENCE
            raise FetchError(BUSY, code="issuer_busy", status=answer.status, retry_after=wait)
        said = _reading(lambda: parse_error(value))
        if said is None:
            raise FetchError(f"the issuer answered HTTP {answer.status}", status=answer.status)
        words = said[1] or said[0]
        raise RefusedError(f"the issuer refuses: {words[:500]}", Refusal.CONFLICT, code="issuer_refused")


def _reading(read: Callable[[], T]) -> T | None:
    try:
        return read()
    except CertweaveError:
        return None


def _configuration(metadata: IssuerMetadata, name: str) -> Configuration:
    found = metadata.configurations.get(name)
    if found is None:
        detail = f"the issuer does not know {name[:80]!a}, which the offer names"
        raise InvalidError(detail, code="offer_unknown_configuration")
    return found


def _kinds(metadata: IssuerMetadata, names: Sequence[str]) -> tuple[OfferedKind, ...]:
    """Return what of an offer can be kept here: an issuer may offer one thing in formats for many wallets."""
    found = [_configuration(metadata, name) for name in names]
    kept = [one for one in found if one.format in FORMATS and one.types]
    if not kept:
        detail = f"this wallet cannot keep the format {found[0].format[:40]!a}"
        raise UnsupportedError(detail, code="offer_format")
    return tuple(OfferedKind(one.id, one.format, one.types, dict(one.names)) for one in kept)


def _offer_json(offer: Offer) -> JsonObject:
    """Return an offer as it is kept: what was read of it, and nothing else."""
    grant: JsonObject = {"pre-authorized_code": offer.code}
    if offer.transaction_code is not None:
        asked = offer.transaction_code
        members = {
            "input_mode": asked.input_mode,
            "length": asked.length,
            "description": asked.description,
        }
        grant["tx_code"] = {name: value for name, value in members.items() if value is not None}
    if offer.authorization_server is not None:
        grant["authorization_server"] = offer.authorization_server
    kept: JsonObject = {
        "credential_issuer": offer.issuer,
        "credential_configuration_ids": list(offer.configuration_ids),
    }
    return {**kept, "grants": {PRE_AUTHORIZED: grant}} if offer.code is not None else kept
