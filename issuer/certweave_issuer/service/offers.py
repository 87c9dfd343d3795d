"""Handing certificates to wallets: OpenID for Verifiable Credential Issuance 1.0, pre-authorised code.

https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html. The messages are core's
(``exchange.vci_*``); here are the decisions: which code is good, for how long, and that the key is the
holder's. An offer is taken up once; what rests in the database opens nothing.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from certweave.did.key import make_did_key
from certweave.did.syntax import parse_did_url
from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, ExchangeError, InvalidError
from certweave.exchange.vci_credential import (
    CredentialRequest,
    check_proofs_given,
    make_credential_response,
    parse_credential_request,
)
from certweave.exchange.vci_metadata import (
    FORMATS,
    VC_JWT,
    make_authorization_server_metadata,
    make_issuer_metadata,
)
from certweave.exchange.vci_offer import (
    TransactionCode,
    make_offer,
    make_offer_link,
    make_reference_link,
)
from certweave.exchange.vci_proof import KeyProof, check_proof, parse_proof_jwt, verify_proof
from certweave.exchange.vci_token import (
    TokenRequest,
    check_transaction_code,
    make_nonce_response,
    make_token_response,
    parse_token_request,
)
from certweave.keys.model import PublicKey
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import secured_digest
from certweave.status.record import State
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.ports import Certificate, Offer
from certweave_issuer.service.certificates import Certificates
from certweave_issuer.service.formats import (
    configuration_id,
    configurations,
    find_format,
    formats_of,
    hand_out,
)
from certweave_issuer.service.keys import find_key
from certweave_issuer.service.kinds import KINDS
from certweave_issuer.service.office import LOG, Office
from certweave_issuer.service.standing import Standing

TX_DIGITS: Final = 6
TX_TRIES: Final = 5
"""Tries at a transaction code after which an offer is dead: of 200,000 who guess one gets through."""
TOKEN_LIFE: Final = timedelta(minutes=10)
MOST_SIGNED: Final = 16
"""Signatures under one certificate within the life of a token: a wallet that lost an answer asks again."""
NONCE_LIFE: Final = timedelta(minutes=5)
_NONCE_BYTES: Final = 8 + 16 + 16


class TokenRefusedError(ExchangeError):
    """The access token is missing, unknown or over (RFC 6750 §3.1): the answer is 401."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Offered:
    """An offer as it is handed out: this is the only time that its secrets are seen.

    Attributes:
        link: by value; ``short_link`` is by reference and fits a QR code.
        tx_code: what the holder has to type, told to them another way; None where none was asked for.
    """

    offer_id: str
    offer: JsonObject
    link: str
    short_link: str
    tx_code: str | None
    expires: datetime


class Offers:
    """Offers of issued certificates, and what wallets make of them."""

    def __init__(self, office: Office, standing: Standing) -> None:
        self._office = office
        self._standing = standing
        self._certificates = Certificates(office)

    def make(self, org: str, number: str, *, with_code: bool, actor: str, form: str = VC_JWT) -> Offered:
        """Offer the latest version of a certificate to its holder, in a format.

        The format is what the offer says; its holder may take another one that the metadata name.

        Raises:
            RefusedError: 404; 409 ``not_issued``.
            InvalidError: ``not_offered``, this kind is not handed out; ``holder_no_did``; ``format_unfit``.
        """
        found, now = self._office.certificate(org, number), self._office.clock()
        self._check_good(found)
        _check_offered(found)
        if form not in formats_of(self._office, org):
            raise InvalidError(f"this issuer hands nothing out as {form[:40]!a}", code="format_unfit")
        if found.holder is None or not found.holder.startswith("did:"):
            raise InvalidError("it is issued to somebody without a DID", code="holder_no_did")
        secret = self._office.secret(32)
        code = _code_of(secret)
        tx_code = self._make_tx_code() if with_code else None
        offer = Offer(
            org=org,
            offer_id=_id_of(secret),
            key=found.key,
            code=_hash(code),
            tx_code=None if tx_code is None else _hash(f"{code}:{tx_code}"),
            created=now,
            expires=now + self._office.offer_life,
        )
        shown = self._object(offer, found, code, form)
        place = f"offers/{secret}" if form == VC_JWT else f"offers/{secret}/{form}"
        reference = make_reference_link(self._office.addresses.oid4vci(org, place))
        self._office.offers.add_offer(org, offer, actor=actor)
        return Offered(
            offer_id=offer.offer_id,
            offer=shown,
            link=make_offer_link(shown),
            short_link=reference,
            tx_code=tx_code,
            expires=offer.expires,
        )

    def by_reference(self, org: str, secret: str, form: str = VC_JWT) -> JsonObject:
        """Return an offer by what its address says; 404, or 410 where it is over or taken."""
        found = self._office.offers.find_offer(org, _id_of(secret))
        if found is None or form not in formats_of(self._office, org):
            raise RefusedError("there is no such offer", Refusal.NOT_FOUND, code="offer_unknown")
        if found.taken is not None or found.expires <= self._office.clock():
            raise RefusedError("this offer is over", Refusal.GONE, code="offer_over")
        certificate = self._office.store.find_by_key(org, found.key)
        if certificate is None:
            raise RefusedError("there is no such offer", Refusal.NOT_FOUND, code="offer_unknown")
        return self._object(found, certificate, _code_of(secret), form)

    def token(self, org: str, body: bytes) -> JsonObject:
        """Give the access token for a pre-authorised code (§6).

        Raises:
            ExchangeError: ``invalid_request``, ``invalid_grant`` and the others of §6.3.
        """
        request = parse_token_request(body, limits=DEFAULT_LIMITS)
        now = self._office.clock()
        offer = self._office.offers.find_by_code(org, _hash(request.code))
        if offer is None or offer.expires <= now or offer.taken is not None or offer.tries >= TX_TRIES:
            raise _grant("this code is unknown, used or over", code="code_invalid")
        self._check_tx_code(org, offer, request)
        certificate = self._office.store.find_by_key(org, offer.key)
        if certificate is None:
            raise _grant("this code is unknown, used or over", code="code_invalid")
        forms = {name: find_format(certificate, name) for name in request.configuration_ids}
        if None in forms.values():
            raise ExchangeError(
                "this offer is about another credential", oauth="invalid_request", code="offer_other"
            )
        token = self._office.secret(32)
        given = self._office.offers.take(
            org,
            offer.offer_id,
            _hash(token),
            client_id=request.client_id,
            expires=now + TOKEN_LIFE,
            now=now,
        )
        if not given:
            raise _grant("this code is unknown, used or over", code="code_invalid")
        identifiers = {name: [_identifier(certificate, form or "")] for name, form in forms.items()}
        return make_token_response(token, expires_in=int(TOKEN_LIFE.total_seconds()), identifiers=identifiers)

    def nonce(self, org: str) -> JsonObject:
        """Return a fresh nonce (§7); nothing is stored until it is used."""
        stamp = int(self._office.clock().timestamp()).to_bytes(8) + self._office.entropy(16)
        return make_nonce_response(base64url_encode(stamp + self._seal(org, stamp)))

    def credential(self, org: str, token: str, body: bytes) -> JsonObject:
        """Hand the credential out to who proves the holder's key (§8). This calls out to resolve a DID.

        Raises:
            TokenRefusedError: ``invalid_token``.
            ExchangeError: ``invalid_proof``, ``invalid_nonce`` and the others of §8.3.1.
        """
        now = self._office.clock()
        offer = self._office.offers.find_by_token(org, _hash(token))
        if offer is None or offer.token_expires is None or offer.token_expires <= now:
            raise TokenRefusedError(
                "this token is unknown or over", oauth="invalid_token", code="token_invalid"
            )
        certificate = self._office.store.find_by_key(org, offer.key)
        if certificate is None or certificate.token is None:
            raise _denied("the certificate is no longer there", code="certificate_gone")
        asked = parse_credential_request(parse_object(body, limits=DEFAULT_LIMITS), batch_size=1)
        form = _asked_format(asked, certificate)
        check_proofs_given(asked)
        key = self._check_holder(org, certificate, asked.proofs[0], offer.client_id)
        try:
            self._check_good(certificate)
        except RefusedError as error:
            raise _denied(error.detail, code=error.code) from None
        since = now - TOKEN_LIFE
        if form != VC_JWT and self._office.store.count_handed_out(org, certificate.key, since) >= MOST_SIGNED:
            raise _denied("it was handed out often enough for now", code="handed_out_often")
        handed = hand_out(self._office, certificate, form, key)
        self._office.offers.redeem(org, offer.offer_id, now=now)
        LOG.info("handed_out org=%s key=%s form=%s", org, certificate.key, form)
        if form != VC_JWT:
            digest = secured_digest(handed).hex()
            self._office.store.add_handed_out(org, certificate.key, form, digest, now=now)
            self._certificates.fetch_receipts(org)
        return make_credential_response([handed])

    def metadata(self, org: str) -> JsonObject:
        """Return the Credential Issuer metadata of an organisation (§12.2)."""
        addresses, name = self._office.addresses, self._office.profile(org).name
        return make_issuer_metadata(
            addresses.issuer(org),
            list(configurations(self._office, self._office.identities.signer(org).algorithm)),
            credential_endpoint=addresses.oid4vci(org, "credential"),
            nonce_endpoint=addresses.oid4vci(org, "nonce"),
            names={"en": name},
        )

    def server_metadata(self, org: str) -> JsonObject:
        """Return the Authorization Server metadata of an organisation (RFC 8414)."""
        self._office.profile(org)
        addresses = self._office.addresses
        return make_authorization_server_metadata(
            addresses.issuer(org), token_endpoint=addresses.oid4vci(org, "token")
        )

    def _object(self, offer: Offer, certificate: Certificate, code: str, form: str) -> JsonObject:
        asked = TransactionCode("numeric", TX_DIGITS) if offer.tx_code is not None else None
        return make_offer(
            self._office.addresses.issuer(offer.org),
            [configuration_id(certificate.type_name, form)],
            code=code,
            transaction_code=asked,
        )

    def _check_good(self, certificate: Certificate) -> None:
        if self._standing.in_force(certificate) not in {State.ISSUED, State.SUSPENDED}:
            raise RefusedError("the certificate is not in force", Refusal.CONFLICT, code="not_issued")

    def _check_tx_code(self, org: str, offer: Offer, request: TokenRequest) -> None:
        check_transaction_code(request, expected=offer.tx_code is not None)
        if offer.tx_code is None:
            return
        # Counted before it is compared: many guesses at once are still only so many.
        tries = self._office.offers.count_try(org, offer.offer_id)
        given = _hash(f"{request.code}:{request.tx_code}")
        if tries > TX_TRIES or not hmac.compare_digest(given, offer.tx_code):
            LOG.warning("tx_code_wrong org=%s offer=%s tries=%s", org, offer.offer_id, tries)
            raise _grant("the transaction code is wrong", code="tx_code_wrong")

    def _check_holder(
        self, org: str, certificate: Certificate, token: str, client_id: str | None
    ) -> PublicKey:
        """Return the key that was proved: one of the DID that the certificate is issued to (appendix F.4)."""
        now = self._office.clock()
        proof = parse_proof_jwt(token, limits=DEFAULT_LIMITS)
        check_proof(
            proof,
            audience=self._office.addresses.issuer(org),
            nonce_needed=True,
            anonymous=client_id is None,
            now=now,
            limits=DEFAULT_LIMITS,
        )
        nonce, expires = self._open_nonce(org, proof.nonce or "", now)
        if not self._is_by(proof, certificate.holder or "", now):
            raise _denied("the certificate is issued to another DID", code="holder_other")
        key = self._verify(proof, now)
        if not self._office.offers.use_nonce(org, nonce, expires=expires, now=now):
            raise _nonce("this nonce was used before")
        return key

    def _is_by(self, proof: KeyProof, holder: str, now: datetime) -> bool:
        """Tell whether a proof names the holder: its DID, or the one key that the DID itself is."""
        if proof.jwk is None:
            return proof.kid is not None and proof.kid.did.text == holder
        if holder.startswith("did:jwk:"):
            key = find_key(parse_did_url(f"{holder}#0"), fetch=self._office.fetch(), now=now)
            return key == proof.jwk
        return make_did_key(proof.jwk) == holder

    def _verify(self, proof: KeyProof, now: datetime) -> PublicKey:
        if proof.jwk is not None:
            verify_proof(proof, proof.jwk)
            return proof.jwk
        if proof.kid is None:
            raise ExchangeError("the proof names no key", oauth="invalid_proof", code="key_proof_malformed")
        try:
            key = find_key(proof.kid, fetch=self._office.fetch(), now=now)
        except ExchangeError:
            raise
        except CertweaveError as error:
            raise ExchangeError(error.detail, oauth="invalid_proof", code=error.code) from error
        verify_proof(proof, key)
        return key

    def _open_nonce(self, org: str, text: str, now: datetime) -> tuple[bytes, datetime]:
        """Return what is remembered of a nonce of ours, and until when."""
        try:
            raw = base64url_decode(text)
        except CertweaveError:
            raw = b""
        if len(raw) != _NONCE_BYTES or not hmac.compare_digest(raw[24:], self._seal(org, raw[:24])):
            raise _nonce("this nonce is not one of ours")
        age = now.timestamp() - int.from_bytes(raw[:8])
        if not 0 <= age <= NONCE_LIFE.total_seconds():
            raise _nonce("this nonce is too old")
        return hashlib.sha256(raw).digest(), now + NONCE_LIFE

    def _seal(self, org: str, stamp: bytes) -> bytes:
        key = self._office.offers.nonce_key(org)
        return hmac.new(key, stamp, hashlib.sha256).digest()[:16]

    def _make_tx_code(self) -> str:
        return f"{int.from_bytes(self._office.entropy(8)) % 10**TX_DIGITS:0{TX_DIGITS}}"


def _check_offered(certificate: Certificate) -> None:
    if certificate.kind not in KINDS:
        raise InvalidError("credentials of this kind are not offered to wallets", code="not_offered")


def _asked_format(asked: CredentialRequest, certificate: Certificate) -> str:
    """Return the format that is asked for: any of the certificate's, whichever was offered."""
    if asked.identifier is not None:
        found = next((form for form in FORMATS if _identifier(certificate, form) == asked.identifier), None)
        if found is None:
            raise ExchangeError(
                "the token is not for this credential",
                oauth="unknown_credential_identifier",
                code="credential_other",
                path="/credential_identifier",
            )
        return found
    found = find_format(certificate, asked.configuration_id or "")
    if found is None:
        raise ExchangeError(
            "the token is not for this kind of credential",
            oauth="unknown_credential_configuration",
            code="credential_other",
            path="/credential_configuration_id",
        )
    return found


def _identifier(certificate: Certificate, form: str) -> str:
    return certificate.key if form == VC_JWT else f"{certificate.key}/{form}"


def _id_of(secret: str) -> str:
    return hashlib.sha256(b"offer " + secret.encode()).hexdigest()[:32]


def _code_of(secret: str) -> str:
    return base64url_encode(hashlib.sha256(b"code " + secret.encode()).digest())


def _hash(text: str) -> bytes:
    return hashlib.sha256(text.encode()).digest()


def _grant(detail: str, *, code: str) -> ExchangeError:
    return ExchangeError(detail, oauth="invalid_grant", code=code)


def _denied(detail: str, *, code: str) -> ExchangeError:
    return ExchangeError(detail, oauth="credential_request_denied", code=code)


def _nonce(detail: str) -> ExchangeError:
    return ExchangeError(detail, oauth="invalid_nonce", code="nonce_invalid", path="/nonce")
