"""Whatever strangers send, the messages of an exchange are refused in our own words; and ours come back."""

import copy
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from hypothesis import given
from hypothesis import strategies as st
from tests.support.keys import signer

from certweave.canon.jcs import canonicalize
from certweave.errors import CertweaveError
from certweave.exchange.dcql import make_query, parse_query
from certweave.exchange.dcql_match import Held, check_answers, match_query, select_claim
from certweave.exchange.form import make_error, parse_error
from certweave.exchange.vc_api import (
    parse_create_presentation,
    parse_issue_request,
    parse_status_request,
    parse_verify_credential,
    parse_verify_presentation,
)
from certweave.exchange.vci_credential import parse_credential_request, parse_credential_response
from certweave.exchange.vci_metadata import (
    Configuration,
    make_authorization_server_metadata,
    make_issuer_metadata,
    metadata_url,
    parse_authorization_server_metadata,
    parse_issuer_metadata,
)
from certweave.exchange.vci_offer import TransactionCode, make_offer, parse_link_of_offer, parse_offer
from certweave.exchange.vci_proof import TYP as PROOF_TYP
from certweave.exchange.vci_proof import parse_proof_jwt, sign_proof_jwt
from certweave.exchange.vci_token import parse_nonce_response, parse_token_request, parse_token_response
from certweave.exchange.vp_request import TYP, VP_FORMATS, parse_request, parse_request_link
from certweave.exchange.vp_response import parse_response, parse_response_answer
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact

LEAVES = st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.text(max_size=12)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ISSUER = "https://issuer.example/a"
DID = "did:web:verifier.example"
CONFIGURATION = Configuration("a", "vc+jwt", ("T",), ("https://c.example",), {"en": "A"}, ("EdDSA",))
QUERY = make_query("a", format="vc+jwt", types=(("https://t.example/T",),), claims=(("x", None, 0),))
OFFER = make_offer(ISSUER, ["a"], code="c", transaction_code=TransactionCode("text", 4, "d"))
METADATA = make_issuer_metadata(
    ISSUER, [CONFIGURATION], credential_endpoint=ISSUER, nonce_endpoint=ISSUER, names={"en": "A"}
)
REQUEST = {
    "client_id": f"decentralized_identifier:{DID}",
    "client_metadata": {"vp_formats_supported": dict(VP_FORMATS)},
    "dcql_query": QUERY | {"credential_sets": [{"options": [["a"]]}]},
    "nonce": "n",
    "response_mode": "direct_post",
    "response_type": "vp_token",
    "response_uri": "https://verifier.example/r",
    "exp": 1,
}


def _signed(payload: Any) -> str:
    return sign_compact(canonicalize(payload), {"typ": TYP}, signer(did=DID))


def _proof(payload: Any) -> str:
    return sign_compact(canonicalize(payload), {"typ": PROOF_TYP}, signer())


SERVER = make_authorization_server_metadata(ISSUER, token_endpoint=ISSUER)
READERS: dict[str, tuple[Any, Callable[[Any], object]]] = {
    "offer": (OFFER, parse_offer),
    "metadata": (METADATA, lambda value: parse_issuer_metadata(value, issuer=ISSUER)),
    "server": (SERVER, lambda value: parse_authorization_server_metadata(value, issuer=ISSUER)),
    "token": (
        {
            "access_token": "t",
            "token_type": "Bearer",
            "expires_in": 1,
            "authorization_details": [
                {
                    "type": "openid_credential",
                    "credential_configuration_id": "a",
                    "credential_identifiers": ["b"],
                }
            ],
        },
        parse_token_response,
    ),
    "nonce": ({"c_nonce": "n"}, parse_nonce_response),
    "credential request": (
        {"credential_configuration_id": "a", "proofs": {"jwt": ["x"]}},
        lambda value: parse_credential_request(value, batch_size=2),
    ),
    "credential response": (
        {"credentials": [{"credential": "x"}], "notification_id": "n"},
        parse_credential_response,
    ),
    "query": (REQUEST["dcql_query"], lambda value: parse_query(value, limits=DEFAULT_LIMITS)),
    "request": (REQUEST, lambda value: parse_request(_signed(value), limits=DEFAULT_LIMITS)),
    "key proof": (
        {"aud": ISSUER, "iat": 1, "nonce": "n"},
        lambda value: parse_proof_jwt(_proof(value), limits=DEFAULT_LIMITS),
    ),
    "response answer": ({"redirect_uri": "https://a.example"}, parse_response_answer),
    "error": ({"error": "e", "error_description": "d"}, parse_error),
    "issue": ({"credential": {"a": 1}, "options": {"mandatoryPointers": ["x"]}}, parse_issue_request),
    "verify": ({"verifiableCredential": "x", "options": {"checks": []}}, parse_verify_credential),
    "present": ({"verifiablePresentation": {"a": 1}}, parse_verify_presentation),
    "create": ({"presentation": {"a": 1}}, parse_create_presentation),
    "status": (
        {"credentialId": "a", "credentialStatus": [{"type": "BitstringStatusList", "status": "1"}]},
        parse_status_request,
    ),
}


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found.append((value, key))
        found.extend(_places(item))
    return found


@given(st.data())
def test_only_our_errors_leave(data: st.DataObject) -> None:
    """Good messages with one place changed, and anything at all."""
    good, read = READERS[data.draw(st.sampled_from(sorted(READERS)))]
    read(good)
    value = copy.deepcopy(good)
    if data.draw(st.booleans()):
        holder, key = data.draw(st.sampled_from(_places(value)))
        holder[key] = data.draw(JSON)
    else:
        value = data.draw(JSON)
    try:
        read(value)
    except CertweaveError as error:
        answer = make_error(error, fallback="invalid_request")
        assert answer["error_description"].isascii()


@given(
    st.text(max_size=80) | st.sampled_from(["openid4vp://?", "openid-credential-offer://?"]),
    st.text(max_size=40),
)
def test_links_and_tokens_are_read_or_refused(start: str, rest: str) -> None:
    for read in (parse_link_of_offer, parse_request_link, parse_request, parse_proof_jwt):
        with suppress(CertweaveError):
            read(start + rest, limits=DEFAULT_LIMITS)
    with suppress(CertweaveError):
        metadata_url(start)


@given(st.binary(max_size=120), st.dictionaries(st.text(max_size=20), st.text(max_size=20), max_size=4))
def test_bodies_are_read_or_refused(body: bytes, fields: dict[str, str]) -> None:
    for read in (parse_token_request, parse_response):
        for one in (body, urlencode(fields).encode(), b"vp_token=" + body):
            with suppress(CertweaveError):
                read(one, limits=DEFAULT_LIMITS)


@given(JSON, st.lists(st.none() | st.integers(0, 3) | st.text(max_size=8), min_size=1, max_size=4))
def test_a_path_selects_or_not(document: Any, path: list[Any]) -> None:
    assert isinstance(select_claim({"x": document}, path), list)


@given(
    st.lists(st.sampled_from("abc"), max_size=4),
    st.lists(st.lists(st.sampled_from("abc"), min_size=1, unique=True), max_size=3),
)
def test_what_the_wallet_selects_the_verifier_accepts(names: list[str], options: list[list[str]]) -> None:
    asked = [
        {"id": name, "format": "vc+jwt", "meta": {"type_values": [[f"https://t.example/{name}"]]}}
        for name in "abc"
    ]
    sets = {"credential_sets": [{"options": [option]} for option in options]} if options else {}
    query = parse_query({"credentials": asked} | sets, limits=DEFAULT_LIMITS)
    held = {name: Held(name, "vc+jwt", frozenset([f"https://t.example/{name}"]), {}) for name in names}
    found = match_query(query, list(held.values()))
    if found.answerable:
        check_answers(query, {name: [held[found.candidates[name][0]]] for name in found.selected})
    else:
        assert not found.candidates
        assert not found.selected


@given(
    st.text(min_size=1, max_size=40).filter(str.isprintable),
    st.text(min_size=1, max_size=40).filter(str.isprintable),
)
def test_what_we_sign_comes_back(audience: str, nonce: str) -> None:
    moment = datetime(2026, 3, 12, tzinfo=UTC)
    token = sign_proof_jwt(signer(), audience=audience, nonce=nonce, issued_at=moment)
    proof = parse_proof_jwt(token, limits=DEFAULT_LIMITS)
    assert (proof.audience, proof.nonce, proof.issued_at) == (audience, nonce, moment)
    assert json.loads(proof.jws.payload)["aud"] == audience
