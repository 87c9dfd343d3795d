"""Certificates handed out in every format, into our wallet and on to a verifier; and what stays behind."""

import json
from typing import Any

import httpx
import pytest

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.exchange.dcql_match import select_claim
from certweave.exchange.vci_metadata import FORMATS, parse_issuer_metadata
from certweave.exchange.vci_offer import parse_offer
from certweave.exchange.vci_proof import sign_proof_jwt
from certweave.exchange.vci_token import make_details, make_token_request, parse_token_response
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt
from certweave_issuer.service.offers import MOST_SIGNED
from tests.support.asking import ask, look, result
from tests.support.holding import Purse
from tests.support.issuing import PUBLIC, Office, scope_data
from tests.support.selective import shorten
from tests.support.verifier import Service

ISSUER = f"{PUBLIC}/orgs/fa"
BASE = "/orgs/fa/oid4vci"
TYPE = f"{PUBLIC}/types/ScopeCertificate"
IRI = "https://certweave.example/ns/v1#ScopeCertificate"
each = pytest.mark.parametrize("form", FORMATS)


def offer(office: Office, holder: str, form: str) -> JsonObject:
    office.issued("scope", "SC-1", scope_data(holder={"id": holder, "name": "Sunrise Mill"}))
    answer = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {"format": form})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


def take(purse: Purse, made: JsonObject, member: str = "link") -> JsonObject:
    """Take an offer with our wallet; return the one document that came."""
    seen = purse.call("POST", "/orgs/mill/offers", {"offer": made[member]})
    assert seen.status_code == 201, seen.text
    taken = purse.call("POST", f"/orgs/mill/offers/{seen.json()['offerId']}/accept", {})
    assert taken.status_code == 200, taken.text
    [kept] = taken.json()["credentials"]
    return dict(kept)


def configuration(form: str) -> str:
    return "ScopeCertificate" if form == "vc+jwt" else f"ScopeCertificate_{form}"


@each
def test_it_is_offered_and_taken(office: Office, purse: Purse, form: str) -> None:
    made = offer(office, purse.did(), form)
    assert made["offer"]["credential_configuration_ids"] == [configuration(form)]
    kept = take(purse, made, "shortLink")
    assert (kept["format"], kept["verdict"], kept["kind"]) == (form, "valid", "ScopeCertificate")
    assert (kept["issuer"], kept["name"]) == (office.did(), "Organic fibre, ginning")
    assert kept["validUntil"][:10] == "2027-02-28"
    whole = purse.call("GET", f"/orgs/mill/credentials/{kept['credentialId']}?view=wallet").json()
    assert bool(whole["withholdable"]) is form.endswith("sd-jwt")
    assert whole["report"]["notes"] == [] or "undated" not in json.dumps(whole["report"]["notes"])


def test_the_metadata_say_how_each_is_made(office: Office) -> None:
    found = office.client.get("/.well-known/openid-credential-issuer/orgs/fa").json()
    assert len(found["credential_configurations_supported"]) == 9 * len(FORMATS)
    for form in FORMATS:
        check_metadata(found, form)


def check_metadata(found: JsonObject, form: str) -> None:
    raw = found["credential_configurations_supported"][configuration(form)]
    assert raw["format"] == form
    shown = {one["locale"]: one["name"] for one in raw["credential_metadata"]["display"]}
    assert (shown["en"], sorted(shown)) == ("Scope certificate", ["ar", "de", "en"])
    assert len(set(shown.values())) == 3
    root = ["ld"] if form == "dc+sd-jwt" else []
    paths = [one["path"] for one in raw["credential_metadata"]["claims"]]
    assert paths == [
        [*root, *path]
        for path in (
            ["name"],
            ["credentialSubject", "issuedToParty"],
            ["credentialSubject", "certificationScope"],
        )
    ]
    one = parse_issuer_metadata(found, issuer=ISSUER).configurations[configuration(form)]
    assert one.algorithms == (("eddsa-rdfc-2022",) if form == "ldp_vc" else ("EdDSA",))
    assert ("vct" in raw, "credential_definition" in raw) == (form == "dc+sd-jwt", form != "dc+sd-jwt")


def query(form: str, *paths: list[Any]) -> JsonObject:
    meta: JsonObject = {"vct_values": [TYPE]} if form == "dc+sd-jwt" else {"type_values": [[IRI]]}
    root = ["ld"] if form == "dc+sd-jwt" else []
    claims = {"claims": [{"path": [*root, *path]} for path in paths]} if paths else {}
    return {"credentials": [{"id": "c", "format": form, "meta": meta, **claims}]}


def answer(purse: Purse, service: Service, asked: JsonObject | None, **more: Any) -> JsonObject:
    question = ask(service, asked, **more)
    seen = look(purse, question)
    said = purse.call("POST", f"/orgs/mill/requests/{seen['requestId']}/answer", {})
    assert said.status_code == 200, said.text
    [found] = result(service, question)["presentations"]
    return dict(found)


PLACES = {
    "dc+sd-jwt": (["certificationScope", "sites"], ["certificationScope", "productClasses"]),
    "vc+sd-jwt": (["referenceProfile"], ["conformityAssessment"]),
}
"""Two things that the holder of a certificate may withhold."""


@pytest.mark.parametrize(
    ("form", "asks"),
    [("vc+jwt", True), ("ldp_vc", True), *((form, asks) for form in PLACES for asks in (True, False))],
)
def test_it_is_shown_on(office: Office, purse: Purse, service: Service, form: str, asks: bool) -> None:
    take(purse, offer(office, purse.did(), form))
    one, other = PLACES.get(form, PLACES["vc+sd-jwt"])
    found = answer(purse, service, query(form, *([["credentialSubject", *one]] if asks else [])))
    assert found["verdict"] == "valid", found["report"]["checks"]
    [document] = found["credentials"]
    document = document["sdJwtVc"]["ld"] if form == "dc+sd-jwt" else document
    whole = form not in PLACES
    shown = [bool(select_claim(document, ["credentialSubject", *path])) for path in (one, other)]
    assert shown == [whole or asks, whole]
    assert document["credentialSubject"]["issuedToParty"]["id"] == purse.did()


@pytest.mark.parametrize("form", ["vc+sd-jwt", "ldp_vc"])
def test_a_question_with_a_name_is_answered_in_any_form_of_w3c(
    office: Office, purse: Purse, service: Service, form: str
) -> None:
    take(purse, offer(office, purse.did(), form))
    found = answer(purse, service, None, preset="scope-certificate")
    assert (found["verdict"], found["query"].partition("_")[0]) == ("valid", "scope-certificate")
    assert "conformityAssessment" in found["credentials"][0]["credentialSubject"]


@pytest.mark.parametrize(
    ("form", "act", "reason"),
    [
        ("vc+sd-jwt", "suspend", "audit_overdue"),
        ("ldp_vc", "withdraw", "fraud"),
        ("dc+sd-jwt", "suspend", "audit_overdue"),
        ("dc+sd-jwt", "withdraw", "fraud"),
    ],
)
def test_its_end_is_found(office: Office, purse: Purse, form: str, act: str, reason: str) -> None:
    kept = take(purse, offer(office, purse.did(), form))
    path = f"/orgs/mill/credentials/{kept['credentialId']}"
    assert purse.call("POST", f"{path}/look").json()["verdict"] == "valid"
    said = office.call("POST", f"/orgs/fa/certificates/SC-1/{act}", {"reason": reason, "typed": "SC-1"})
    assert said.is_success, said.text
    again = purse.call("POST", f"{path}/look").json()
    assert again["verdict"] == "invalid"
    assert [one["step"] for one in again["report"]["checks"] if one["outcome"] == "invalid"] == ["status"]


@pytest.mark.parametrize("form", ["dc+sd-jwt", "ldp_vc"])
def test_its_receipt_outlives_the_key(office: Office, purse: Purse, form: str) -> None:
    office.ledger.dating = False
    kept = take(purse, offer(office, purse.did(), form))
    office.ledger.dating = True
    assert office.issuer.certificates.fetch_receipts("fa") == 0
    office.world.clock = office.world.clock.replace(hour=10)
    office.app.state.identities.rotate_identity("fa")
    office.world.clock = office.world.clock.replace(hour=11)
    again = purse.call("POST", f"/orgs/mill/credentials/{kept['credentialId']}/look").json()
    assert again["verdict"] == "valid", again["report"]["checks"]


def wallet(office: Office, made: JsonObject, signer: KeySigner, **asked: Any) -> Any:
    """Take an offer with a wallet of a few lines; return the answer to its credential request."""
    found = parse_offer(made["offer"])
    body = make_token_request(found.code or "", tx_code=None)
    form = {"content-type": "application/x-www-form-urlencoded"}
    if "identifier" in asked:
        details = make_details([asked["identifier"]])
        body += "&" + str(httpx.QueryParams(authorization_details=details))
    token = parse_token_response(office.client.post(f"{BASE}/token", content=body, headers=form).json())
    nonce = office.client.post(f"{BASE}/nonce").json()["c_nonce"]
    proof = sign_proof_jwt(signer, audience=ISSUER, nonce=nonce, issued_at=office.world.clock)
    named: JsonObject = {"credential_configuration_id": asked.get("configuration")}
    if "identifier" in asked:
        [identifier] = token.identifiers[asked["identifier"]]
        named = {"credential_identifier": identifier}
    request = {**named, "proofs": {"jwt": [proof]}}
    headers = {"authorization": f"Bearer {token.access_token}"}
    return office.client.post(f"{BASE}/credential", json=request, headers=headers)


@pytest.fixture
def stranger(office: Office) -> KeySigner:
    key = office.world.new_key()
    return KeySigner(make_did_key_method(key.public), key)


@each
def test_a_wallet_takes_the_format_that_it_knows(office: Office, stranger: KeySigner, form: str) -> None:
    made = offer(office, make_did_key(stranger.public), "vc+jwt")
    said = wallet(office, made, stranger, configuration=configuration(form))
    assert said.status_code == 200, said.text
    [one] = said.json()["credentials"]
    assert isinstance(one["credential"], dict if form == "ldp_vc" else str)
    if form.endswith("sd-jwt"):
        claims = parse_sd_jwt(str(one["credential"]), limits=DEFAULT_LIMITS).payload
        assert claims["cnf"] == {"jwk": make_public_jwk(stranger.public)}


@pytest.mark.parametrize("form", ["vc+jwt", "dc+sd-jwt"])
def test_identifiers_name_the_format_too(office: Office, stranger: KeySigner, form: str) -> None:
    made = offer(office, make_did_key(stranger.public), "vc+jwt")
    said = wallet(office, made, stranger, identifier=configuration(form))
    assert said.status_code == 200, said.text
    [one] = said.json()["credentials"]
    text = one["credential"]
    assert ("~" in text) is form.endswith("sd-jwt")


def test_one_token_does_not_have_signed_without_end(office: Office, stranger: KeySigner) -> None:
    made = offer(office, make_did_key(stranger.public), "dc+sd-jwt")
    now = office.world.clock
    for number in range(MOST_SIGNED):
        office.issuer.office.store.add_handed_out("fa", "SC-1", "dc+sd-jwt", f"{number:064}", now=now)
    said = wallet(office, made, stranger, configuration=configuration("dc+sd-jwt"))
    assert (said.status_code, said.json()["error"]) == (400, "credential_request_denied")
    again = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {}).json()
    assert wallet(office, again, stranger, configuration=configuration("vc+jwt")).status_code == 200


def test_a_configuration_that_is_none(office: Office, stranger: KeySigner) -> None:
    made = offer(office, make_did_key(stranger.public), "dc+sd-jwt")
    said = wallet(office, made, stranger, configuration="ScopeCertificate_vc+cose")
    assert (said.status_code, said.json()["error"]) == (400, "unknown_credential_configuration")
    for form in ("vc+cose", "jwt_vc_json", "mso_mdoc", "", "vc+jwt~"):
        refused = office.call("POST", "/orgs/fa/certificates/SC-1/offer", {"format": form})
        assert (refused.status_code, refused.json()["code"]) == (422, "format_unfit")


def test_who_buys_from_whom_may_be_withheld(office: Office, stranger: KeySigner) -> None:
    party = {"type": ["Party"], "id": "did:web:spinner.example", "name": "Ring Spinners"}
    weight = {"value": 1000, "unit": "KGM"}
    line = {
        "line": 1,
        "product": {"id": "https://id.example/01/09521234000015/10/L1", "name": "Lint", "batch": "L1"},
        "netWeight": weight,
        "certifiedWeight": weight,
    }
    shipment = {"date": "2026-03-01", "documentNumber": "BL-1"}
    trade = {"seller": party, "buyer": party, "shipments": [shipment], "productLines": [line]}
    holder = {"id": make_did_key(stranger.public), "name": "Sunrise Gin"}
    office.issued("transaction", "TC-1", {"name": "Lint sold", "holder": holder, "transaction": trade})
    made = office.call("POST", "/orgs/fa/certificates/TC-1/offer", {"format": "dc+sd-jwt"}).json()
    said = wallet(office, made, stranger, configuration="TransactionCertificate_dc+sd-jwt")
    token = str(said.json()["credentials"][0]["credential"])
    places = process_sd_jwt(parse_sd_jwt(token, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS).places
    trade_place = "/ld/credentialSubject/transaction"
    assert {f"{trade_place}/{name}" for name in trade} < set(places)
    assert "Ring Spinners" not in shorten(token)


def test_nothing_that_w3c_names_otherwise_stands_in_an_sd_jwt_vc(office: Office, stranger: KeySigner) -> None:
    """OpenID4VP 1.0 appendix B.3.7: claims of the SD-JWT VC stand for members of the document."""
    made = offer(office, make_did_key(stranger.public), "dc+sd-jwt")
    said = wallet(office, made, stranger, configuration=configuration("dc+sd-jwt"))
    sd_jwt = parse_sd_jwt(str(said.json()["credentials"][0]["credential"]), limits=DEFAULT_LIMITS)
    claims = process_sd_jwt(sd_jwt, limits=DEFAULT_LIMITS).payload
    assert sd_jwt.jws.header["typ"] == "dc+sd-jwt"
    assert (claims["vct"], claims["iss"], claims["sub"]) == (
        TYPE,
        office.did(),
        make_did_key(stranger.public),
    )
    assert claims["exp"] > claims["nbf"]
    assert claims["status"]["status_list"]["uri"] == f"{PUBLIC}/orgs/fa/status/1/tokens"
    assert not {"issuer", "validFrom", "validUntil", "credentialStatus"} & claims["ld"].keys()
    assert claims["ld"]["type"][0] == "ScopeCertificate"


def test_type_metadata_are_where_the_type_leads(office: Office) -> None:
    found = office.client.get("/types/ScopeCertificate")
    assert found.json()["vct"] == TYPE
    assert office.client.get("/types/Unknown").status_code == 404
    assert office.client.get("/orgs/fa/status/1/tokens").status_code == 404
