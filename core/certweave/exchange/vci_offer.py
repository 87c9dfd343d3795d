"""Credential offers: what an issuer shows as a link or QR code so that a wallet comes for a credential.

OpenID for Verifiable Credential Issuance 1.0 §4 (https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html).
By value and by reference. Only the pre-authorized code grant is made; an offer with other grants is read.
Fetching a referenced offer and checking the transaction code are not done here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from certweave.canon.jcs import canonicalize
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.exchange.form import Form, is_https, is_identifier, make_link, parse_link
from certweave.limits import Limits

SCHEME: Final = "openid-credential-offer"
PRE_AUTHORIZED: Final = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
MAX_DESCRIPTION: Final = 300
"""Characters of a transaction code's description (§4.1.1)."""
MAX_CODE_LENGTH: Final = 64
"""Characters of a transaction code: somebody has to type it."""

_FORM: Final = Form(code="offer_malformed")
_INPUT_MODES: Final = ("numeric", "text")


@dataclass(frozen=True, slots=True)
class TransactionCode:
    """What the holder has to type; ``input_mode`` is ``numeric`` or ``text``."""

    input_mode: str = "numeric"
    length: int | None = None
    description: str | None = None


@dataclass(frozen=True, slots=True)
class Offer:
    """An offer that was read.

    Attributes:
        issuer: the Credential Issuer Identifier, whose metadata comes next.
        configuration_ids: which credentials are offered.
        code: the pre-authorized code, or None where the offer has no such grant.
        transaction_code: what must be typed beside the code, or None.
        authorization_server: which of the issuer's servers has the token endpoint, or None.
    """

    issuer: str
    configuration_ids: tuple[str, ...]
    code: str | None
    transaction_code: TransactionCode | None
    authorization_server: str | None


@dataclass(frozen=True, slots=True)
class OfferReference:
    """An offer that lies at an https address: fetch it, parse its JSON, and hand that to ``parse_offer``."""

    url: str


def make_offer(
    issuer: str, configuration_ids: Sequence[str], *, code: str, transaction_code: TransactionCode | None
) -> JsonObject:
    """Return the Credential Offer object (§4.1.1).

    Raises:
        MalformedError: what would be offered is no offer by ``parse_offer``.
    """
    grant: JsonObject = {"pre-authorized_code": code}
    if transaction_code is not None:
        # Present even when empty: its presence is what asks for a code.
        members = {"input_mode": transaction_code.input_mode, "length": transaction_code.length}
        members["description"] = transaction_code.description
        grant["tx_code"] = {name: value for name, value in members.items() if value is not None}
    offer = {
        "credential_issuer": issuer,
        "credential_configuration_ids": list(configuration_ids),
        "grants": {PRE_AUTHORIZED: grant},
    }
    parse_offer(offer)
    return offer


def make_offer_link(offer: JsonObject, *, base: str = f"{SCHEME}://") -> str:
    """Return a link with the offer by value (§4.1.2); ``base`` may be the https address of a wallet."""
    return make_link(base, {"credential_offer": canonicalize(offer).decode()})


def make_reference_link(url: str, *, base: str = f"{SCHEME}://") -> str:
    """Return a link with the offer by reference (§4.1.3): short enough for a QR code.

    Raises:
        MalformedError: ``url`` is no https address.
    """
    if not is_https(url):
        raise _FORM.refusal("an offer lies at an https address")
    return make_link(base, {"credential_offer_uri": url})


def parse_link_of_offer(text: str, *, limits: Limits) -> Offer | OfferReference:
    """Read a link as it comes out of a QR code: ``openid-credential-offer://?…`` or an https link.

    Raises:
        MalformedError: not a link with exactly one of the two parameters, or no offer in it.
        UndecidedError: too long (cause ``limit``).
    """
    fields = parse_link(text, SCHEME, _FORM, limits=limits)
    value, url = fields.get("credential_offer"), fields.get("credential_offer_uri")
    if (value is None) == (url is None):
        raise _FORM.refusal("the link holds either credential_offer or credential_offer_uri")
    if value is not None:
        return parse_offer(parse_object(value, limits=limits))
    return OfferReference(_FORM.https(fields, "credential_offer_uri"))


def parse_offer(obj: Any) -> Offer:
    """Read a Credential Offer object (§4.1.1); unknown parameters are ignored, as it demands.

    Raises:
        MalformedError: a parameter is missing or has the wrong form, with its path.
    """
    offer = _FORM.object(obj)
    issuer = _FORM.text(offer, "credential_issuer")
    if not is_identifier(issuer):
        detail = "an issuer is an https address without query and fragment"
        raise _FORM.refusal(detail, "/credential_issuer")
    ids = _FORM.texts(offer, "credential_configuration_ids")
    grants = _FORM.object(offer.get("grants", {}), "/grants")
    if PRE_AUTHORIZED not in grants:
        return Offer(issuer, ids, None, None, None)
    path = join("/grants", PRE_AUTHORIZED)
    grant = _FORM.object(grants[PRE_AUTHORIZED], path)
    code = _FORM.text(grant, "pre-authorized_code", path)
    server = _FORM.https(grant, "authorization_server", path) if "authorization_server" in grant else None
    asked = _parse_transaction_code(grant["tx_code"], join(path, "tx_code")) if "tx_code" in grant else None
    return Offer(issuer, ids, code, asked, server)


def _parse_transaction_code(value: Any, path: str) -> TransactionCode:
    asked = _FORM.object(value, path)
    mode = asked.get("input_mode", "numeric")
    if mode not in _INPUT_MODES:
        raise _FORM.refusal("input_mode is numeric or text", join(path, "input_mode"))
    length = asked.get("length")
    if "length" in asked and (type(length) is not int or not 0 < length <= MAX_CODE_LENGTH):
        raise _FORM.refusal(f"length is from 1 to {MAX_CODE_LENGTH}", join(path, "length"))
    description = _FORM.find_text(asked, "description", path)
    if description is not None and len(description) > MAX_DESCRIPTION:
        detail = f"the description has at most {MAX_DESCRIPTION} characters"
        raise _FORM.refusal(detail, join(path, "description"))
    return TransactionCode(mode, length, description)
