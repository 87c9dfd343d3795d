"""Our OpenID4VCI messages in the eyes of another implementation: the models of the package ``openid4vci``.

They keep unknown members, so what is proven is that names, types and exclusions are those of 1.0.
"""

from typing import Any

import pytest
from tests.support.peers import ask_python

from certweave.errors import ExchangeError
from certweave.exchange.form import make_error
from certweave.exchange.vci_credential import (
    make_credential_request,
    make_credential_response,
)
from certweave.exchange.vci_metadata import (
    Configuration,
    make_authorization_server_metadata,
    make_issuer_metadata,
    metadata_url,
)
from certweave.exchange.vci_offer import TransactionCode, make_offer, parse_link_of_offer
from certweave.exchange.vci_token import make_nonce_response, make_token_response
from certweave.limits import DEFAULT_LIMITS

READ = """
import json, sys
from importlib import import_module
model = getattr(import_module("openid4vci.models." + sys.argv[1]), sys.argv[2])
print(json.dumps(model.model_validate(json.load(sys.stdin)).to_dict()))
"""
LINK = """
import json, sys
from openid4vci.models import metadata, offer
link = offer.offer_uri_by_value(offer.CredentialOffer.model_validate(json.load(sys.stdin)))
print(json.dumps([metadata.credential_issuer_metadata_url(sys.argv[1]), link]))
"""
ISSUER = "https://certweave.example/issuer/orgs/fa"
SCOPE = Configuration(
    "scope", "vc+jwt", ("T",), ("https://c.example",), {"en": "Scope", "de": "Rahmen"}, ("EdDSA",)
)
CARD = Configuration(
    "card", "ldp_vc", ("T",), ("https://c.example",), {"": "Card"}, ("eddsa-jcs-2022",), (), ()
)
METADATA = make_issuer_metadata(
    ISSUER,
    [SCOPE, CARD],
    credential_endpoint=f"{ISSUER}/oid4vci/credential",
    nonce_endpoint=f"{ISSUER}/oid4vci/nonce",
    names={"en": "Fibre Assurance"},
)
OFFER = make_offer(
    ISSUER, ["scope"], code="c0de", transaction_code=TransactionCode("numeric", 6, "by letter")
)
MESSAGES: list[tuple[str, str, dict[str, Any]]] = [
    ("metadata", "CredentialIssuerMetadata", METADATA),
    (
        "metadata",
        "AuthorizationServerMetadata",
        make_authorization_server_metadata(ISSUER, token_endpoint=f"{ISSUER}/oid4vci/token"),
    ),
    ("offer", "CredentialOffer", OFFER),
    ("oauth", "TokenResponse", make_token_response("t", expires_in=300, identifiers={"scope": ["s-1"]})),
    ("nonce", "NonceResponse", make_nonce_response("n")),
    (
        "credential",
        "CredentialRequest",
        make_credential_request(configuration_id="scope", identifier=None, proofs=["x.y.z"]),
    ),
    ("credential", "CredentialResponse", make_credential_response(["x", {"a": 1}], notification_id="n")),
    ("common", "ErrorResponse", make_error(ExchangeError("no", oauth="invalid_nonce"), fallback="x")),
]


@pytest.mark.parametrize(("module", "name", "message"), MESSAGES)
def test_the_peer_reads_what_we_write(module: str, name: str, message: dict[str, Any]) -> None:
    assert ask_python(READ, module, name, stdin=message) == message


def test_the_peer_finds_our_metadata_and_we_read_its_link() -> None:
    address, link = ask_python(LINK, ISSUER, stdin=OFFER)
    assert address == metadata_url(ISSUER)
    found = parse_link_of_offer(link, limits=DEFAULT_LIMITS)
    assert getattr(found, "transaction_code", None) == TransactionCode("numeric", 6, "by letter")
