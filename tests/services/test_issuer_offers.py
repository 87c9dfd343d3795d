"""OpenID for Verifiable Credential Issuance 1.0: a whole issuance, and each refusal with its exact code."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from certweave.canon.jcs import canonicalize
from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.exchange.vci_credential import make_credential_request, parse_credential_response
from certweave.exchange.vci_metadata import (
    metadata_url,
    parse_authorization_server_metadata,
    parse_issuer_metadata,
    server_metadata_url,
)
from certweave.exchange.vci_offer import Offer, OfferReference, parse_link_of_offer, parse_offer
from certweave.exchange.vci_proof import sign_proof_jwt
from certweave.exchange.vci_token import make_details, make_token_request, parse_token_response
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner, PublicKey
from certweave.limits import DEFAULT_LIMITS
from tests.support.issuing import PUBLIC, Office, scope_data
from tests.support.world import Party

ISSUER = f"{PUBLIC}/orgs/fa"
BASE = "/orgs/fa/oid4vci"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def gin(office: Office) -> Party:
    """The holder, whose DID lies at the world's ledger."""
    return office.world.party("gin")


def offer_to(office: Office, holder: str, *, code: bool = False) -> JsonObject:
    office.issued("scope", "SC-1", scope_data(holder={"id": holder, "name": "Sunrise Gin"}))
    answer = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {"txCode": code})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def read(offer: JsonObject) -> Offer:
    found = parse_link_of_offer(offer["link"], limits=DEFAULT_LIMITS)
    assert isinstance(found, Offer)
    return found


def ask_token(office: Office, code: str, tx_code: str | None = None, **more: str) -> httpx.Response:
    body = make_token_request(code, tx_code=tx_code)
    if more:
        body += "&" + str(httpx.QueryParams(more))
    return office.client.post(f"{BASE}/token", content=body, headers=FORM)


def ask_nonce(office: Office) -> str:
    answer = office.client.post(f"{BASE}/nonce")
    assert answer.headers["cache-control"] == "no-store"
    return str(answer.json()["c_nonce"])


def ask(office: Office, token: str, body: Any) -> httpx.Response:
    return office.client.post(f"{BASE}/credential", json=body, headers={"authorization": f"Bearer {token}"})


def request(office: Office, signer: KeySigner, **changes: Any) -> JsonObject:
    nonce = changes.pop("nonce") if "nonce" in changes else ask_nonce(office)
    made = sign_proof_jwt(
        signer,
        audience=changes.pop("audience", ISSUER),
        nonce=nonce,
        issued_at=changes.pop("at", office.world.clock),
        by_jwk=changes.pop("by_jwk", False),
    )
    body = make_credential_request(configuration_id="ScopeCertificate", identifier=None, proofs=[made])
    return {**body, **changes}


def token_for(office: Office, holder: str) -> str:
    answer = ask_token(office, read(offer_to(office, holder)).code or "")
    return str(answer.json()["access_token"])


def refused(answer: httpx.Response) -> tuple[int, str]:
    assert answer.headers["cache-control"] == "no-store", answer.text
    return answer.status_code, answer.json()["error"]


def test_a_whole_issuance(office: Office, gin: Party) -> None:
    made = offer_to(office, gin.did, code=True)
    offer = read(made)
    where = office.path(metadata_url(offer.issuer))
    assert where == "/.well-known/openid-credential-issuer/orgs/fa"
    metadata = parse_issuer_metadata(office.client.get(where).json(), issuer=ISSUER)
    assert metadata.configurations[offer.configuration_ids[0]].format == "vc+jwt"
    server = office.client.get(office.path(server_metadata_url(metadata.authorization_server)))
    parsed = parse_authorization_server_metadata(server.json(), issuer=ISSUER)
    assert (parsed.token_endpoint, parsed.anonymous) == (f"{ISSUER}/oid4vci/token", True)
    answer = ask_token(office, offer.code or "", made["txCode"])
    assert answer.headers["cache-control"] == "no-store"
    token = parse_token_response(answer.json())
    handed = ask(office, token.access_token, request(office, gin.signer))
    assert handed.status_code == 200, handed.text
    (credential,) = parse_credential_response(handed.json()).credentials
    published = office.client.get("/orgs/fa/credentials/SC-1").text
    assert credential == published


def test_an_offer_by_reference(office: Office, gin: Party) -> None:
    made = offer_to(office, gin.did)
    found = parse_link_of_offer(made["shortLink"], limits=DEFAULT_LIMITS)
    assert isinstance(found, OfferReference)
    answer = office.client.get(office.path(found.url))
    assert answer.headers["cache-control"] == "no-store"
    assert parse_offer(answer.json()) == read(made)
    assert office.client.get(f"{BASE}/offers/{'x' * 43}").status_code == 404
    ask_token(office, read(made).code or "")
    assert office.client.get(office.path(found.url)).status_code == 410


def test_a_holder_with_a_bare_key(office: Office) -> None:
    key = office.world.new_key()
    signer = KeySigner(make_did_key_method(key.public), key)
    token = token_for(office, make_did_key(key.public))
    assert ask(office, token, request(office, signer)).status_code == 200


def make_did_jwk(key: PublicKey) -> str:
    return f"did:jwk:{base64url_encode(canonicalize(make_public_jwk(key)))}"


@pytest.mark.parametrize("make", [make_did_key, make_did_jwk])
def test_a_key_by_jwk(office: Office, make: Callable[[PublicKey], str]) -> None:
    key, other = office.world.new_key(), office.world.new_key()
    token = token_for(office, make(key.public))
    for used, status in ((other, 400), (key, 200)):
        signer = KeySigner(f"{make(used.public)}#0", used)
        assert ask(office, token, request(office, signer, by_jwk=True)).status_code == status
    if make is make_did_jwk:
        assert ask(office, token, request(office, signer)).status_code == 200


def test_with_authorization_details(office: Office, gin: Party) -> None:
    offer = read(offer_to(office, gin.did))
    details = make_details(offer.configuration_ids)
    found = parse_token_response(ask_token(office, offer.code or "", authorization_details=details).json())
    (identifier,) = found.identifiers["ScopeCertificate"]
    body = request(office, gin.signer, credential_identifier=identifier)
    del body["credential_configuration_id"]
    assert ask(office, found.access_token, {**body, "credential_identifier": "other"}).json()["error"] == (
        "unknown_credential_identifier"
    )
    assert ask(office, found.access_token, body).status_code == 200


def test_a_code_is_good_once_and_for_its_time(office: Office, gin: Party) -> None:
    offer = read(offer_to(office, gin.did))
    assert ask_token(office, offer.code or "").status_code == 200
    assert refused(ask_token(office, offer.code or "")) == (400, "invalid_grant")
    late = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {}).json()
    office.world.clock += timedelta(days=8)
    assert refused(ask_token(office, read(late).code or "")) == (400, "invalid_grant")


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ("", "invalid_request"),
        ("grant_type=authorization_code&code=x", "unsupported_grant_type"),
        ("grant_type=urn%3Aietf%3Aparams%3Aoauth%3Agrant-type%3Apre-authorized_code", "invalid_request"),
        (make_token_request("unknown", tx_code=None), "invalid_grant"),
        (make_token_request("a", tx_code=None) + "&pre-authorized_code=b", "invalid_request"),
    ],
)
def test_token_requests_that_are_none(office: Office, body: str, error: str) -> None:
    answer = office.client.post(f"{BASE}/token", content=body, headers=FORM)
    assert refused(answer) == (400, error)


def test_transaction_codes(office: Office, gin: Party) -> None:
    made = offer_to(office, gin.did, code=True)
    code = read(made).code or ""
    assert refused(ask_token(office, code)) == (400, "invalid_request")
    wrong = f"{(int(made['txCode']) + 1) % 10**6:06}"
    for _ in range(5):
        assert refused(ask_token(office, code, wrong)) == (400, "invalid_grant")
    assert refused(ask_token(office, code, made["txCode"])) == (400, "invalid_grant"), "five tries are all"
    plain = read(office.call("POST", "/orgs/fa/certificates/SC-1/offer", {}).json())
    assert refused(ask_token(office, plain.code or "", "123456")) == (400, "invalid_request")


def test_one_host_that_guesses_is_slowed_down(office: Office) -> None:
    answers = [ask_token(office, f"guess-{number}").status_code for number in range(101)]
    assert (answers[99], answers[100]) == (400, 429)


def test_access_tokens(office: Office, gin: Party) -> None:
    body = request(office, gin.signer)
    none = office.client.post(f"{BASE}/credential", json=body)
    assert (none.status_code, none.json()["error"]) == (401, "invalid_token")
    assert none.headers["www-authenticate"] == "Bearer"
    wrong = ask(office, "unknown", body)
    assert refused(wrong) == (401, "invalid_token")
    assert wrong.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    token = token_for(office, gin.did)
    office.world.clock += timedelta(minutes=11)
    assert refused(ask(office, token, request(office, gin.signer))) == (401, "invalid_token")


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"credential_configuration_id": "Unknown"}, "unknown_credential_configuration"),
        ({"credential_configuration_id": "LabelRelease"}, "unknown_credential_configuration"),
        ({"credential_identifier": "SC-1"}, "invalid_credential_request"),
        ({"format": "vc+jwt"}, "invalid_credential_request"),
        ({"proof": {"proof_type": "jwt"}}, "invalid_proof"),
        ({"proofs": {}}, "invalid_proof"),
        ({"proofs": {"jwt": []}}, "invalid_proof"),
        ({"proofs": {"jwt": ["a.b.c"]}}, "invalid_proof"),
        ({"proofs": {"jwt": ["x", "y"]}}, "invalid_proof"),
        ({"credential_response_encryption": {}}, "invalid_encryption_parameters"),
        ({"audience": "https://certs.example/orgs/other"}, "invalid_proof"),
        ({"nonce": None}, "invalid_proof"),
        ({"nonce": "invented"}, "invalid_nonce"),
        ({"nonce": "A" * 54}, "invalid_nonce"),
    ],
)
def test_credential_requests_that_are_refused(
    office: Office, gin: Party, changes: dict[str, Any], error: str
) -> None:
    token = token_for(office, gin.did)
    assert refused(ask(office, token, request(office, gin.signer, **changes))) == (400, error)


def test_a_nonce_is_good_once_and_for_minutes(office: Office, gin: Party) -> None:
    token = token_for(office, gin.did)
    first = request(office, gin.signer)
    assert ask(office, token, first).status_code == 200
    assert refused(ask(office, token, first)) == (400, "invalid_nonce")
    nonce = ask_nonce(office)
    office.world.clock += timedelta(minutes=6)
    assert refused(ask(office, token, request(office, gin.signer, nonce=nonce))) == (400, "invalid_nonce")


def test_a_nonce_of_another_organisation(office: Office, gin: Party) -> None:
    token = token_for(office, gin.did)
    nonce = office.client.post("/orgs/other/oid4vci/nonce").json()["c_nonce"]
    assert refused(ask(office, token, request(office, gin.signer, nonce=nonce))) == (400, "invalid_nonce")


def test_only_the_holder_gets_it(office: Office, gin: Party) -> None:
    token = token_for(office, gin.did)
    thief = office.world.party("thief")
    assert refused(ask(office, token, request(office, thief.signer))) == (400, "credential_request_denied")
    forged = KeySigner(gin.signer.method, office.world.new_key())
    assert refused(ask(office, token, request(office, forged))) == (400, "invalid_proof")
    retired = gin.signer
    office.world.clock += timedelta(seconds=5)
    gin.rotate()
    office.world.clock += timedelta(seconds=5)
    assert refused(ask(office, token, request(office, retired))) == (400, "invalid_proof")
    assert ask(office, token, request(office, gin.signer)).status_code == 200


def test_a_holder_whose_host_is_down(office: Office, gin: Party) -> None:
    token = token_for(office, gin.did)
    office.world.down.add("ledger.example")
    assert refused(ask(office, token, request(office, gin.signer))) == (400, "invalid_proof")
    office.world.down.clear()
    assert ask(office, token, request(office, gin.signer)).status_code == 200


def test_what_was_withdrawn_is_not_handed_out(office: Office, gin: Party) -> None:
    token = token_for(office, gin.did)
    office.call("POST", "/orgs/fa/certificates/SC-1/withdraw", {"reason": "fraud", "typed": "SC-1"})
    answer = ask(office, token, request(office, gin.signer))
    assert refused(answer) == (400, "credential_request_denied")
    again = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {})
    assert (again.status_code, again.json()["code"]) == (409, "not_issued")


def test_who_has_no_did_gets_no_offer(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data(holder={"id": "https://gin.example", "name": "Gin"}))
    answer = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {})
    assert (answer.status_code, answer.json()["code"]) == (422, "holder_no_did")


def test_metadata_of_nobody(office: Office) -> None:
    assert office.client.get("/.well-known/openid-credential-issuer/orgs/none").status_code == 404
    assert office.client.post("/orgs/none/oid4vci/nonce").status_code == 404


def test_no_secret_rests_in_the_database(office: Office, gin: Party) -> None:
    made = offer_to(office, gin.did, code=True)
    code = read(made).code or ""
    token = ask_token(office, code, made["txCode"]).json()["access_token"]
    secret = made["shortLink"].rsplit("%2F", 1)[-1].rsplit("/", 1)[-1]
    database = office.app.state.directory.database
    with database.write() as connection:
        connection.exec_driver_sql("SELECT 1")
    folder = Path(database.engine.url.database).parent
    stored = b"".join(path.read_bytes() for path in folder.glob("issuer.sqlite*"))
    for text in (code, token, secret):
        assert text.encode() not in stored


@pytest.mark.parametrize("path", ["token", "nonce", "credential"])
def test_a_wallet_in_a_browser_may_call(office: Office, path: str) -> None:
    asked = {"origin": "https://wallet.example", "access-control-request-method": "POST"}
    said = office.client.request("OPTIONS", f"{BASE}/{path}", headers=asked)
    assert (said.status_code, said.content) == (204, b"")
    assert "POST" in said.headers["access-control-allow-methods"]
    assert "Authorization" in said.headers["access-control-allow-headers"]
    answer = office.client.post(f"{BASE}/{path}", headers={"origin": "https://wallet.example"})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in said.headers.keys() | answer.headers.keys()


def test_a_page_of_others_may_call_nothing_else(office: Office) -> None:
    asked = {"origin": "https://wallet.example", "access-control-request-method": "POST"}
    for path in ("/orgs/fa/certificates", "/orgs/fa/credentials/issue", "/login"):
        said = office.client.request("OPTIONS", path, headers=asked)
        assert (said.status_code, "allow" in said.headers) == (405, True)
        assert "access-control-allow-origin" not in said.headers
