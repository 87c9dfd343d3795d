"""OpenID4VCI 1.0: what we make can be read; what breaks a rule is refused with the code of the protocol."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.support.keys import ED25519, OTHER_ED25519, P256, signer

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.errors import Cause, ExchangeError, InvalidError, MalformedError, UndecidedError
from certweave.exchange.form import MAX_TEXT, make_error, parse_error
from certweave.exchange.vci_credential import (
    check_proofs_given,
    make_credential_request,
    make_credential_response,
    parse_credential_request,
    parse_credential_response,
)
from certweave.exchange.vci_metadata import (
    Configuration,
    make_authorization_server_metadata,
    make_issuer_metadata,
    metadata_url,
    parse_authorization_server_metadata,
    parse_issuer_metadata,
    server_metadata_url,
)
from certweave.exchange.vci_offer import (
    Offer,
    OfferReference,
    TransactionCode,
    make_offer,
    make_offer_link,
    make_reference_link,
    parse_link_of_offer,
    parse_offer,
)
from certweave.exchange.vci_proof import TYP, check_proof, parse_proof_jwt, sign_proof_jwt, verify_proof
from certweave.exchange.vci_token import (
    check_transaction_code,
    make_details,
    make_nonce_response,
    make_token_request,
    make_token_response,
    parse_nonce_response,
    parse_token_request,
    parse_token_response,
)
from certweave.keys.jwk import make_private_jwk, make_public_jwk
from certweave.keys.model import PrivateKey
from certweave.limits import DEFAULT_LIMITS

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
ISSUER = "https://certweave.example/issuer/orgs/fa"
GRANT = "urn:ietf:params:oauth:grant-type:pre-authorized_code"
SCOPE = Configuration(
    id="scope-certificate",
    format="vc+jwt",
    types=("DigitalConformityCredential", "VerifiableCredential"),
    contexts=("https://www.w3.org/ns/credentials/v2",),
    names={"en": "Scope certificate", "de": "Rahmenzertifikat"},
    algorithms=("EdDSA",),
)
GOOD_TOKEN_REQUEST = make_token_request("c", tx_code=None).encode()
NO_DETAILS = ("invalid_authorization_details", "authorization_details_malformed")


def metadata() -> dict[str, Any]:
    return make_issuer_metadata(
        ISSUER,
        [SCOPE],
        credential_endpoint=f"{ISSUER}/oid4vci/credential",
        nonce_endpoint=f"{ISSUER}/oid4vci/nonce",
        names={"en": "Fibre Assurance"},
    )


def offer(transaction_code: TransactionCode | None = None) -> dict[str, Any]:
    return make_offer(ISSUER, [SCOPE.id], code="c0de", transaction_code=transaction_code)


# --- metadata ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("issuer", "url"),
    [
        ("https://a.example", "https://a.example/.well-known/openid-credential-issuer"),
        ("https://a.example/", "https://a.example/.well-known/openid-credential-issuer"),
        ("https://a.example:8443/t", "https://a.example:8443/.well-known/openid-credential-issuer/t"),
        (ISSUER, "https://certweave.example/.well-known/openid-credential-issuer/issuer/orgs/fa"),
    ],
)
def test_the_well_known_string_stands_between_host_and_path(issuer: str, url: str) -> None:
    assert metadata_url(issuer) == url
    assert server_metadata_url(issuer) == url.replace(
        "openid-credential-issuer", "oauth-authorization-server"
    )


@pytest.mark.parametrize(
    "issuer",
    ["http://a.example", "https://a.example?x", "https://a.example#x", "https://u@a.example", "a", ""],
)
def test_an_issuer_is_an_https_address(issuer: str) -> None:
    with pytest.raises(MalformedError) as caught:
        metadata_url(issuer)
    assert caught.value.code == "metadata_malformed"


def test_metadata_comes_back() -> None:
    found = parse_issuer_metadata(json.loads(json.dumps(metadata())), issuer=ISSUER)
    assert found.configurations == {SCOPE.id: SCOPE}
    assert (found.names, found.batch_size, found.authorization_server) == (
        {"en": "Fibre Assurance"},
        1,
        ISSUER,
    )
    assert "credential_metadata" in metadata()["credential_configurations_supported"][SCOPE.id]


def test_a_configuration_without_binding_asks_for_no_proof() -> None:
    card = Configuration(
        "card", "ldp_vc", ("A",), ("https://c.example",), {"": "Card"}, ("eddsa-jcs-2022",), (), ()
    )
    made = make_issuer_metadata(
        ISSUER, [card], credential_endpoint=ISSUER, nonce_endpoint=ISSUER, names={"": "FA"}
    )["credential_configurations_supported"]["card"]
    assert "proof_types_supported" not in made
    assert "cryptographic_binding_methods_supported" not in made


def test_an_sd_jwt_vc_is_described_by_its_vct() -> None:
    """Appendix A.3; drafts of it meant the same by a name that is an extension of ours now."""
    claim = {"path": ["name"], "mandatory": True}
    bale = Configuration("bale", "dc+sd-jwt", ("urn:x:y",), (), {"": "Bale"}, ("ES256",), claims=(claim,))
    made = make_issuer_metadata(
        ISSUER, [bale], credential_endpoint=ISSUER, nonce_endpoint=ISSUER, names={"": "FA"}
    )
    one = made["credential_configurations_supported"]["bale"]
    assert (one["vct"], "credential_definition" in one) == ("urn:x:y", False)
    assert one["credential_metadata"]["claims"] == [claim]
    assert parse_issuer_metadata(made, issuer=ISSUER).configurations["bale"] == replace(bale, claims=())
    draft = {**made, "credential_configurations_supported": {"bale": {**one, "format": "vc+sd-jwt"}}}
    assert parse_issuer_metadata(draft, issuer=ISSUER).configurations["bale"].types == ()
    del one["vct"]
    with pytest.raises(MalformedError) as caught:
        parse_issuer_metadata(made, issuer=ISSUER)
    assert caught.value.path == "/credential_configurations_supported/bale/vct"


SPOIL_METADATA: dict[str, Callable[[dict[str, Any]], Any]] = {
    "no endpoint": lambda m: m.pop("credential_endpoint"),
    "http endpoint": lambda m: m.update(credential_endpoint="http://a.example"),
    "no configurations": lambda m: m.update(credential_configurations_supported={}),
    "binding without proofs": lambda m: _first(m).pop("proof_types_supported"),
    "proofs without binding": lambda m: _first(m).pop("cryptographic_binding_methods_supported"),
    "no type": lambda m: _first(m)["credential_definition"].pop("type"),
    "one language twice": lambda m: m.update(display=[{"name": "a", "locale": "en"}] * 2),
    "batch of one": lambda m: m.update(batch_credential_issuance={"batch_size": 1}),
    "two displays, one without a language": lambda m: m.update(display=[{"name": "a"}, {"name": 1}]),
    "server over http": lambda m: m.update(authorization_servers=["http://a.example"]),
}


def _first(found: dict[str, Any]) -> dict[str, Any]:
    first: dict[str, Any] = next(iter(found["credential_configurations_supported"].values()))
    return first


@pytest.mark.parametrize("name", SPOIL_METADATA)
def test_spoilt_metadata_is_refused(name: str) -> None:
    spoilt = metadata()
    SPOIL_METADATA[name](spoilt)
    with pytest.raises(MalformedError) as caught:
        parse_issuer_metadata(spoilt, issuer=ISSUER)
    assert caught.value.code == "metadata_malformed"
    assert caught.value.path


def test_metadata_of_another_issuer_is_invalid() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_issuer_metadata(metadata(), issuer=f"{ISSUER}/")
    assert caught.value.code == "metadata_issuer_mismatch"


def test_metadata_of_no_address_is_malformed() -> None:
    with pytest.raises(MalformedError) as caught:
        parse_issuer_metadata(
            metadata() | {"credential_issuer": "http://a.example"}, issuer="http://a.example"
        )
    assert caught.value.path == "/credential_issuer"


def test_two_configurations_of_one_id_are_not_published() -> None:
    with pytest.raises(MalformedError) as caught:
        make_issuer_metadata(
            ISSUER, [SCOPE, SCOPE], credential_endpoint=ISSUER, nonce_endpoint=ISSUER, names={"": "FA"}
        )
    assert caught.value.path == "/credential_configurations_supported"


def test_a_display_may_say_a_language_only() -> None:
    found = metadata()
    found["display"] = [{"locale": "fr"}, {"locale": "en", "name": "FA"}]
    assert parse_issuer_metadata(found, issuer=ISSUER).names == {"en": "FA"}


def test_an_issuer_says_how_many_it_gives_at_once() -> None:
    found = metadata()
    assert parse_issuer_metadata(found, issuer=ISSUER).batch_size == 1
    found["batch_credential_issuance"] = {"batch_size": 2}
    assert parse_issuer_metadata(found, issuer=ISSUER).batch_size == 2


def test_foreign_formats_do_not_hide_ours() -> None:
    found = metadata()
    found["credential_configurations_supported"]["mdl"] = {
        "format": "mso_mdoc",
        "doctype": "org.iso.18013.5.1.mDL",
        "credential_signing_alg_values_supported": [-7],
    }
    found["credential_configurations_supported"]["bare"] = {"format": "mso_mdoc"}
    found["credential_configurations_supported"]["attested"] = {
        "format": "mso_mdoc",
        "cryptographic_binding_methods_supported": ["cose_key"],
        "proof_types_supported": {"attestation": {"proof_signing_alg_values_supported": ["ES256"]}},
    }
    read = parse_issuer_metadata(found, issuer=ISSUER)
    assert read.configurations["mdl"].types == ()
    assert read.configurations["bare"].algorithms == ()
    assert read.configurations["attested"].binding_methods == ("cose_key",)
    assert read.configurations["attested"].proof_algorithms == ()
    assert SCOPE.id in read.configurations


def test_the_server_takes_anonymous_requests_with_a_code() -> None:
    made = make_authorization_server_metadata(ISSUER, token_endpoint=f"{ISSUER}/oid4vci/token")
    found = parse_authorization_server_metadata(made, issuer=ISSUER)
    assert found.takes_pre_authorized
    assert found.anonymous
    assert made["authorization_details_types_supported"] == ["openid_credential"]
    with pytest.raises(InvalidError) as caught:
        parse_authorization_server_metadata(made, issuer="https://other.example")
    assert caught.value.code == "metadata_issuer_mismatch"


# --- offers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked", [None, TransactionCode(), TransactionCode("text", 6, "You find it in our letter of today.")]
)
@pytest.mark.parametrize("base", ["openid-credential-offer://", "https://wallet.example/offers?lang=de"])
def test_an_offer_by_value_comes_back(asked: TransactionCode | None, base: str) -> None:
    link = make_offer_link(offer(asked), base=base)
    assert parse_link_of_offer(link, limits=DEFAULT_LIMITS) == Offer(ISSUER, (SCOPE.id,), "c0de", asked, None)


def test_an_offer_by_reference_is_short() -> None:
    link = make_reference_link("https://a.example/offers/1")
    assert parse_link_of_offer(link, limits=DEFAULT_LIMITS) == OfferReference("https://a.example/offers/1")
    assert len(link) < 100


def test_an_offer_lies_at_an_https_address() -> None:
    with pytest.raises(MalformedError) as caught:
        make_reference_link("http://a.example/offers/1")
    assert caught.value.code == "offer_malformed"


def test_a_link_has_an_end() -> None:
    link = make_reference_link("https://a.example/offers/1")
    parse_link_of_offer(link, limits=replace(DEFAULT_LIMITS, credential_bytes=len(link)))
    with pytest.raises(UndecidedError) as caught:
        parse_link_of_offer(link, limits=replace(DEFAULT_LIMITS, credential_bytes=len(link) - 1))
    assert (caught.value.code, caught.value.cause) == ("limit_bytes", Cause.LIMIT)


def test_an_empty_tx_code_still_asks_for_one() -> None:
    made = offer(TransactionCode())
    made["grants"][GRANT]["tx_code"] = {}
    assert parse_offer(made).transaction_code == TransactionCode()


@pytest.mark.parametrize(
    "link",
    [
        "openid-credential-offer://",
        "openid-credential-offer://?",
        "openid-credential-offer://?x=1",
        "openid-credential-offer://?credential_offer=%7B%7D",
        "openid-credential-offer://?credential_offer_uri=http://a.example",
        "openid-credential-offer://?credential_offer=%7B%7D&credential_offer_uri=https://a.example",
        "openid-credential-offer://?credential_offer_uri=https://a.example&credential_offer_uri=https://b.example",
        "openid-credential-offer://?credential_offer_uri=https://a.example%zz",
        f"openid-credential-offer://?credential_offer_uri=https://a.example/{'x' * MAX_TEXT}",
        "openid-credential-offer://?credential_offer_uri=https://a.example&x=ü",
        "openid-credential-offer://?credential_offer_uri=https://a.example&x=a b",
        "openid-credential-offer://?credential_offer_uri=https://a.example&x=\x7f",
        "openid-credential-offer://?credential_offer_uri=https://a.example&x=#y",
        "openid4vp://?credential_offer_uri=https://a.example",
        "http://wallet.example?credential_offer_uri=https://a.example",
        "openid-credential-offer://?credential_offer_uri=https://a.example/\n",
        "openid-credential-offer://?credential_offer_uri=https://a.example/ ",
    ],
)
def test_other_links_are_no_offers(link: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_link_of_offer(link, limits=DEFAULT_LIMITS)
    assert caught.value.code == "offer_malformed"


def test_an_offer_is_an_object() -> None:
    with pytest.raises(MalformedError) as caught:
        parse_link_of_offer("openid-credential-offer://?credential_offer=[]", limits=DEFAULT_LIMITS)
    assert caught.value.code == "json_not_object"


@pytest.mark.parametrize(
    "change",
    [
        {"credential_issuer": "http://a.example"},
        {"credential_configuration_ids": []},
        {"credential_configuration_ids": ["a", "a"]},
        {"grants": []},
        {"grants": {GRANT: {}}},
        {"grants": {GRANT: {"pre-authorized_code": ""}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": None}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": {"input_mode": "voice"}}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": {"length": True}}}},
        {"grants": {GRANT: {"pre-authorized_code": "c", "tx_code": {"description": "x" * 301}}}},
    ],
)
def test_a_spoilt_offer_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_offer(offer() | change)
    assert caught.value.code == "offer_malformed"
    assert caught.value.path


def test_an_offer_of_another_grant_has_no_code() -> None:
    found = parse_offer(offer() | {"grants": {"authorization_code": {}}, "unknown": 1})
    assert found.code is None


# --- tokens -----------------------------------------------------------------------------------------------


def test_a_token_request_comes_back() -> None:
    request = parse_token_request(make_token_request("c0de", tx_code="49 35").encode(), limits=DEFAULT_LIMITS)
    assert (request.code, request.tx_code, request.client_id) == ("c0de", "49 35", None)
    check_transaction_code(request, expected=True)


def test_authorization_details_narrow_a_token() -> None:
    body = (
        make_token_request("c", tx_code=None)
        + "&"
        + urlencode({"authorization_details": make_details(["a"])})
    )
    assert parse_token_request(body.encode(), limits=DEFAULT_LIMITS).configuration_ids == ("a",)


@pytest.mark.parametrize(
    ("body", "oauth", "code"),
    [
        (b"grant_type=authorization_code&code=x", "unsupported_grant_type", "grant_unsupported"),
        (GOOD_TOKEN_REQUEST + b"&authorization_details=x", "invalid_authorization_details", "json_syntax"),
        *(
            (body, "invalid_request", "token_request_malformed")
            for body in (
                b"",
                urlencode({"grant_type": GRANT}).encode(),
                urlencode({"grant_type": GRANT, "pre-authorized_code": ""}).encode(),
                urlencode([("grant_type", GRANT)] * 2 + [("pre-authorized_code", "c")]).encode(),
                "grant_type=ü".encode(),
                b"grant_type=%FF",
            )
        ),
        *(
            (GOOD_TOKEN_REQUEST + b"&authorization_details=" + details, *NO_DETAILS)
            for details in (b"%5B%5D", b"%5B%7B%22type%22%3A%22payment%22%7D%5D")
        ),
    ],
)
def test_a_token_request_is_refused_in_the_words_of_oauth(body: bytes, oauth: str, code: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_token_request(body, limits=DEFAULT_LIMITS)
    assert (caught.value.oauth, caught.value.code) == (oauth, code)


def test_a_token_request_has_an_end() -> None:
    limits = replace(DEFAULT_LIMITS, credential_bytes=len(GOOD_TOKEN_REQUEST) - 1)
    with pytest.raises(UndecidedError) as caught:
        parse_token_request(GOOD_TOKEN_REQUEST, limits=limits)
    assert (caught.value.code, caught.value.cause) == ("limit_bytes", Cause.LIMIT)


@pytest.mark.parametrize(
    ("tx_code", "expected", "code"), [(None, True, "tx_code_missing"), ("1", False, "tx_code_unexpected")]
)
def test_a_transaction_code_missing_or_unexpected(tx_code: str | None, expected: bool, code: str) -> None:
    request = parse_token_request(make_token_request("c", tx_code=tx_code).encode(), limits=DEFAULT_LIMITS)
    with pytest.raises(ExchangeError) as caught:
        check_transaction_code(request, expected=expected)
    assert (caught.value.oauth, caught.value.code) == ("invalid_request", code)


def test_a_token_response_comes_back_without_a_nonce() -> None:
    made = make_token_response("t0ken", expires_in=300, identifiers={"a": ["a-1", "a-2"]})
    assert "c_nonce" not in made
    token = parse_token_response(made | {"token_type": "bearer"})
    assert (token.access_token, token.expires_in, token.identifiers) == ("t0ken", 300, {"a": ("a-1", "a-2")})
    foreign = {"authorization_details": [{"type": "payment"}, *made["authorization_details"]]}
    assert parse_token_response(made | foreign).identifiers == token.identifiers
    assert parse_nonce_response(make_nonce_response("n")) == "n"


@pytest.mark.parametrize("seconds", [1, 2**31 - 1])
def test_a_token_lives_for_some_seconds(seconds: int) -> None:
    made = make_token_response("t", expires_in=seconds, identifiers={})
    assert parse_token_response(made).expires_in == seconds


@pytest.mark.parametrize("response", [[], {}, {"c_nonce": ""}, {"c_nonce": 1}])
def test_a_nonce_is_a_text(response: Any) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_nonce_response(response)
    assert caught.value.code == "nonce_response_malformed"


@pytest.mark.parametrize(
    "change",
    [
        {"token_type": "DPoP"},
        {"access_token": ""},
        {"expires_in": "9"},
        {"expires_in": 0},
        {"expires_in": 2**31},
        {"authorization_details": []},
    ],
)
def test_a_spoilt_token_response_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_token_response(make_token_response("t", expires_in=1, identifiers={}) | change)
    assert (caught.value.code, caught.value.path) == ("token_response_malformed", f"/{next(iter(change))}")


# --- credential requests ----------------------------------------------------------------------------------


def test_a_credential_request_comes_back() -> None:
    made = make_credential_request(configuration_id="a", identifier=None, proofs=["x.y.z"])
    found = parse_credential_request(made, batch_size=1)
    assert (found.configuration_id, found.identifier, found.proofs) == ("a", None, ("x.y.z",))
    check_proofs_given(found)


@pytest.mark.parametrize(
    ("request_", "oauth"),
    [
        ([], "invalid_credential_request"),
        ({}, "invalid_credential_request"),
        ({"credential_configuration_id": "a", "credential_identifier": "b"}, "invalid_credential_request"),
        ({"credential_configuration_id": 1}, "invalid_credential_request"),
        ({"credential_configuration_id": "a", "format": "vc+jwt"}, "invalid_credential_request"),
        ({"credential_configuration_id": "a", "proof": {"proof_type": "jwt", "jwt": "x"}}, "invalid_proof"),
        ({"credential_configuration_id": "a", "proofs": {}}, "invalid_proof"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": []}}, "invalid_proof"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": "x"}}, "invalid_proof"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": [{}]}}, "invalid_proof"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": ["x", "y"]}}, "invalid_proof"),
        ({"credential_configuration_id": "a", "proofs": {"di_vp": [{}]}}, "invalid_proof"),
        ({"credential_configuration_id": "a", "proofs": {"jwt": ["x"], "di_vp": [{}]}}, "invalid_proof"),
        (
            {"credential_configuration_id": "a", "credential_response_encryption": {}},
            "invalid_encryption_parameters",
        ),
    ],
)
def test_a_credential_request_is_refused_with_the_exact_code(request_: Any, oauth: str) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_credential_request(request_, batch_size=1)
    codes = {
        "invalid_credential_request": "credential_request_malformed",
        "invalid_proof": "proofs_malformed",
        "invalid_encryption_parameters": "response_encryption",
    }
    assert (caught.value.oauth, caught.value.code) == (oauth, codes[oauth])


def test_where_a_key_is_bound_a_proof_is_needed() -> None:
    with pytest.raises(ExchangeError) as caught:
        check_proofs_given(parse_credential_request({"credential_identifier": "a", "x": 1}, batch_size=1))
    assert (caught.value.oauth, caught.value.code) == ("invalid_proof", "proofs_missing")


def test_credential_responses_come_back() -> None:
    now = parse_credential_response(make_credential_response(["x", {"a": 1}], notification_id="n"))
    assert (now.credentials, now.notification_id) == (("x", {"a": 1}), "n")
    assert make_credential_response(["x"]) == {"credentials": [{"credential": "x"}]}
    assert make_credential_request(configuration_id="a", identifier=None, proofs=[]) == {
        "credential_configuration_id": "a"
    }
    later = parse_credential_response({"transaction_id": "t", "interval": 1})
    assert (later.transaction_id, later.interval) == ("t", 1)


@pytest.mark.parametrize(
    "response",
    [
        {},
        {"credentials": []},
        {"credentials": ["x"]},
        {"credentials": [{"credential": ""}]},
        {"credentials": [{"credential": "x"}], "transaction_id": "t", "interval": 1},
        {"credentials": [{"credential": "x"}], "interval": 1},
        {"transaction_id": "t"},
        {"transaction_id": "t", "interval": 0},
        {"transaction_id": "t", "interval": 1, "notification_id": "n"},
    ],
)
def test_a_spoilt_credential_response_is_refused(response: dict[str, Any]) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_credential_response(response)
    assert caught.value.code == "credential_response_malformed"


# --- key proofs -------------------------------------------------------------------------------------------


def proof_token(header: dict[str, Any], payload: dict[str, Any], key: PrivateKey = ED25519) -> str:
    head = {"typ": TYP, "alg": key.algorithm.jws} | header
    text = f"{base64url_encode(canonicalize(head))}.{base64url_encode(canonicalize(payload))}"
    return f"{text}.{base64url_encode(key.sign(text.encode()))}"


PAYLOAD = {"aud": ISSUER, "iat": int(NOW.timestamp()), "nonce": "n0nce"}
KID = {"kid": "did:web:a.example#k"}


@pytest.mark.parametrize("key", [ED25519, P256])
def test_a_key_proof_holds(key: PrivateKey) -> None:
    made_by = signer(key)
    token = sign_proof_jwt(made_by, audience=ISSUER, nonce="n0nce", issued_at=NOW)
    proof = parse_proof_jwt(token, limits=DEFAULT_LIMITS)
    check_proof(proof, audience=ISSUER, nonce_needed=True, anonymous=True, now=NOW, limits=DEFAULT_LIMITS)
    verify_proof(proof, key.public)
    assert proof.kid is not None
    assert (proof.kid.text, proof.nonce, proof.client_id) == (made_by.method, "n0nce", None)


def test_a_key_proof_may_be_by_the_bare_key() -> None:
    token = sign_proof_jwt(signer(P256), audience=ISSUER, nonce="n", issued_at=NOW, by_jwk=True)
    proof = parse_proof_jwt(token, limits=DEFAULT_LIMITS)
    verify_proof(proof, P256.public)
    assert (proof.kid, proof.jwk) == (None, P256.public)


def test_a_key_proof_without_a_nonce_has_none() -> None:
    token = sign_proof_jwt(signer(ED25519), audience=ISSUER, nonce=None, issued_at=NOW)
    assert parse_proof_jwt(token, limits=DEFAULT_LIMITS).nonce is None


def test_a_key_proof_is_of_a_moment_with_a_zone() -> None:
    with pytest.raises(ValueError, match="time zone"):
        sign_proof_jwt(signer(ED25519), audience=ISSUER, nonce="n", issued_at=NOW.replace(tzinfo=None))


def test_a_key_proof_may_bring_its_key() -> None:
    token = proof_token({"jwk": make_public_jwk(P256.public)}, PAYLOAD, P256)
    proof = parse_proof_jwt(token, limits=DEFAULT_LIMITS)
    assert proof.jwk == P256.public
    verify_proof(proof, P256.public)


@pytest.mark.parametrize(
    ("header", "payload", "code"),
    [
        ({}, PAYLOAD, "key_proof_malformed"),
        (KID | {"jwk": make_public_jwk(ED25519.public)}, PAYLOAD, "key_proof_malformed"),
        ({"x5c": ["MIIB"]}, PAYLOAD, "key_proof_malformed"),
        (KID | {"x5c": ["MIIB"]}, PAYLOAD, "key_proof_malformed"),
        ({"jwk": make_private_jwk(ED25519)}, PAYLOAD, "jwk_private"),
        ({"kid": "did:web:a.example"}, PAYLOAD, "key_proof_malformed"),
        ({"kid": "key-1"}, PAYLOAD, "did_malformed"),
        (KID | {"typ": "JWT"}, PAYLOAD, "typ_wrong"),
        (KID | {"alg": "none"}, PAYLOAD, "alg_refused"),
        (KID | {"alg": "HS256"}, PAYLOAD, "alg_refused"),
        (KID | {"alg": "RS256"}, PAYLOAD, "alg_unsupported"),
        (KID | {"crit": ["x"]}, PAYLOAD, "crit_unknown"),
        (KID, PAYLOAD | {"aud": [ISSUER]}, "key_proof_malformed"),
        (KID, {"aud": ISSUER}, "key_proof_malformed"),
        (KID, PAYLOAD | {"iat": "now"}, "key_proof_malformed"),
        (KID, PAYLOAD | {"iat": True}, "key_proof_malformed"),
        (KID, PAYLOAD | {"iat": -1}, "key_proof_malformed"),
        (KID, PAYLOAD | {"iat": 253_402_300_800}, "key_proof_malformed"),
        (KID, PAYLOAD | {"nonce": ""}, "key_proof_malformed"),
        (KID, PAYLOAD | {"iss": 1}, "key_proof_malformed"),
    ],
)
def test_a_spoilt_key_proof_is_an_invalid_proof(
    header: dict[str, Any], payload: dict[str, Any], code: str
) -> None:
    with pytest.raises(ExchangeError) as caught:
        parse_proof_jwt(proof_token(header, payload), limits=DEFAULT_LIMITS)
    assert (caught.value.oauth, caught.value.code) == ("invalid_proof", code)


def test_a_key_proof_names_its_type() -> None:
    head = canonicalize({"alg": "EdDSA"} | KID)
    with pytest.raises(ExchangeError):
        parse_proof_jwt(
            f"{base64url_encode(head)}.{base64url_encode(canonicalize(PAYLOAD))}.AA", limits=DEFAULT_LIMITS
        )


@pytest.mark.parametrize(
    ("payload", "now", "code"),
    [
        (PAYLOAD | {"aud": "https://other.example"}, NOW, "key_proof_audience"),
        ({"aud": ISSUER, "iat": PAYLOAD["iat"]}, NOW, "key_proof_nonce_missing"),
        (PAYLOAD | {"iss": "me"}, NOW, "key_proof_iss"),
        (PAYLOAD, NOW - timedelta(minutes=5, seconds=1), "key_proof_future"),
        (PAYLOAD, NOW + timedelta(minutes=10, seconds=1), "key_proof_old"),
    ],
)
def test_what_a_key_proof_claims_is_checked(payload: dict[str, Any], now: datetime, code: str) -> None:
    proof = parse_proof_jwt(proof_token(KID, payload), limits=DEFAULT_LIMITS)
    with pytest.raises(ExchangeError) as caught:
        check_proof(proof, audience=ISSUER, nonce_needed=True, anonymous=True, now=now, limits=DEFAULT_LIMITS)
    assert (caught.value.oauth, caught.value.code) == ("invalid_proof", code)


@pytest.mark.parametrize("now", [NOW - timedelta(minutes=5), NOW + timedelta(minutes=10)])
def test_a_key_proof_holds_for_a_while(now: datetime) -> None:
    proof = parse_proof_jwt(proof_token(KID, PAYLOAD), limits=DEFAULT_LIMITS)
    check_proof(proof, audience=ISSUER, nonce_needed=True, anonymous=True, now=now, limits=DEFAULT_LIMITS)


def test_a_wallet_that_is_known_may_name_itself_and_needs_no_nonce_where_there_is_none() -> None:
    payload = {"aud": ISSUER, "iat": PAYLOAD["iat"], "iss": "me"}
    proof = parse_proof_jwt(proof_token(KID, payload), limits=DEFAULT_LIMITS)
    check_proof(proof, audience=ISSUER, nonce_needed=False, anonymous=False, now=NOW, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize("iat", [0, 253_402_300_799])
def test_a_key_proof_is_of_any_second_that_a_calendar_has(iat: int) -> None:
    proof = parse_proof_jwt(proof_token(KID, PAYLOAD | {"iat": iat}), limits=DEFAULT_LIMITS)
    assert proof.issued_at == datetime.fromtimestamp(iat, UTC)


@pytest.mark.parametrize("key", [OTHER_ED25519, P256])
def test_a_key_proof_of_another_key_does_not_verify(key: PrivateKey) -> None:
    proof = parse_proof_jwt(proof_token(KID, PAYLOAD), limits=DEFAULT_LIMITS)
    with pytest.raises(ExchangeError) as caught:
        verify_proof(proof, key.public)
    assert caught.value.oauth == "invalid_proof"


# --- errors on the wire -----------------------------------------------------------------------------------


def test_an_error_goes_out_in_ascii_and_comes_back() -> None:
    body = make_error(ExchangeError('the "Füße"', oauth="invalid_nonce"), fallback="invalid_request")
    assert body == {"error": "invalid_nonce", "error_description": "the 'F''e'"}
    assert parse_error(body) == ("invalid_nonce", "the 'F''e'")


@pytest.mark.parametrize("answer", [[], {}, {"error": ""}, {"error": "e", "error_description": 5}])
def test_an_error_names_itself(answer: Any) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_error(answer)
    assert caught.value.code == "oauth_error_malformed"
    assert make_error(MalformedError("no"), fallback="invalid_request")["error"] == "invalid_request"
