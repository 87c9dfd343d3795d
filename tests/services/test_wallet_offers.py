"""Taking certificates from the issuer service by OpenID4VCI: looking, accepting, refusing."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from certweave.encoding.strict_json import JsonObject
from certweave_edge.send import JSON, Answer
from tests.support.holding import Purse
from tests.support.issuing import PUBLIC, Office, scope_data


def offer(office: Office, did: str, number: str = "SC-1", **options: Any) -> JsonObject:
    """Issue a scope certificate to a DID and offer it."""
    office.issued("scope", number, scope_data(holder={"id": did, "name": "Sunrise Mill"}))
    answer = office.call("POST", f"/orgs/fa/certificates/{number}/offer", options)
    assert answer.is_success, answer.text
    return dict(answer.json())


def look(purse: Purse, link: Any, name: str = "offer") -> JsonObject:
    answer = purse.call("POST", "/orgs/mill/offers", {name: link})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


@pytest.mark.parametrize("member", ["link", "shortLink", "offer"])
def test_an_offer_is_looked_at_and_taken(office: Office, purse: Purse, member: str) -> None:
    seen = look(purse, offer(office, purse.did())[member])
    assert (seen["host"], seen["names"], seen["state"]) == (
        "certs.example",
        {"en": "Fibre Assurance"},
        "open",
    )
    assert [kind["configurationId"] for kind in seen["credentials"]] == ["ScopeCertificate"]
    assert "code" not in str(seen).replace("asksCode", "").replace("codeHelp", "")
    assert [one["offerId"] for one in purse.call("GET", "/orgs/mill/offers").json()["offers"]] == [
        seen["offerId"]
    ]
    taken = purse.call("POST", f"/orgs/mill/offers/{seen['offerId']}/accept", {})
    assert taken.status_code == 200, taken.text
    [kept] = taken.json()["credentials"]
    assert (kept["kind"], kept["verdict"], kept["origin"]) == ("ScopeCertificate", "valid", "received")
    assert kept["issuer"] == office.did()
    listed = purse.call("GET", "/orgs/mill/credentials").json()["credentials"]
    assert [one["credentialId"] for one in listed] == [kept["credentialId"]]
    assert purse.call("GET", "/orgs/mill/offers").json()["offers"] == []
    again = purse.call("POST", f"/orgs/mill/offers/{seen['offerId']}/accept", {})
    assert (again.status_code, again.json()["code"]) == (409, "offer_done")


def test_an_offer_lies_at_an_address(office: Office, purse: Purse) -> None:
    made = offer(office, purse.did())
    url = parse_qs(urlsplit(made["shortLink"]).query)["credential_offer_uri"][0]
    assert look(purse, url, "offer_uri")["host"] == "certs.example"


def test_a_transaction_code_is_asked_for(office: Office, purse: Purse) -> None:
    made = offer(office, purse.did(), txCode=True)
    seen = look(purse, made["link"])
    assert seen["asksCode"] is True
    path = f"/orgs/mill/offers/{seen['offerId']}/accept"
    assert purse.call("POST", path, {}).json()["code"] == "offer_code"
    wrong = purse.call("POST", path, {"code": "0" * len(made["txCode"])})
    assert (wrong.status_code, wrong.json()["code"]) == (409, "issuer_refused")
    purse.log_in()
    page = purse.submit(f"{path}?lang=de", code="0" * len(made["txCode"]))
    assert page.status_code == 409
    assert "der Aussteller lehnt ab: der Code stimmt nicht. Prüfen Sie den Code" in page.text
    assert purse.call("POST", path, {"code": made["txCode"]}).status_code == 200


def test_a_refused_offer_is_not_taken(office: Office, purse: Purse) -> None:
    seen = look(purse, offer(office, purse.did())["link"])
    sent = len(purse.wire.sent)
    said = purse.call("POST", f"/orgs/mill/offers/{seen['offerId']}/refuse").json()
    assert said["state"] == "refused"
    assert len(purse.wire.sent) == sent
    answer = purse.call("POST", f"/orgs/mill/offers/{seen['offerId']}/accept", {})
    assert answer.json()["code"] == "offer_done"


def test_what_the_issuer_refuses_is_told_in_its_words(office: Office, purse: Purse) -> None:
    seen = look(purse, offer(office, "did:web:somebody.example")["link"])
    path = f"/orgs/mill/offers/{seen['offerId']}"
    answer = purse.call("POST", f"{path}/accept", {})
    assert (answer.status_code, answer.json()["code"]) == (409, "issuer_refused")
    assert "another DID" in answer.json()["detail"]
    failed = purse.call("GET", path).json()
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "issuer_refused")


def test_a_suspension_is_found_by_looking_again(office: Office, purse: Purse) -> None:
    seen = look(purse, offer(office, purse.did())["link"])
    [kept] = purse.call("POST", f"/orgs/mill/offers/{seen['offerId']}/accept", {}).json()["credentials"]
    office.call("POST", "/orgs/fa/certificates/SC-1/suspend", {"reason": "audit_overdue", "typed": "SC-1"})
    again = purse.call("POST", f"/orgs/mill/credentials/{kept['credentialId']}/look").json()
    assert again["verdict"] == "invalid"
    status = next(check for check in again["report"]["checks"] if check["step"] == "status")
    assert status["outcome"] == "invalid"


def test_a_received_certificate_may_be_shown_to_everybody(office: Office, purse: Purse) -> None:
    seen = look(purse, offer(office, purse.did())["link"])
    [kept] = purse.call("POST", f"/orgs/mill/offers/{seen['offerId']}/accept", {}).json()["credentials"]
    path = f"/orgs/mill/credentials/{kept['credentialId']}"
    assert purse.client.get(path).status_code == 404
    purse.call("POST", f"{path}/publish")
    assert purse.client.get(path).headers["content-type"] == "application/vc+jwt"
    assert purse.call("POST", f"{path}/withdraw", {"reason": "issued_in_error"}).json()["code"] == (
        "document_not_own"
    )


@pytest.mark.parametrize("endpoint", ["token", "nonce", "credential"])
@pytest.mark.parametrize("busy", [Answer(429, "", b"", 150), Answer(429, JSON, b'{"error": "slow_down"}')])
def test_an_issuer_that_is_busy_is_said_to_be(
    office: Office, purse: Purse, endpoint: str, busy: Answer
) -> None:
    seen = look(purse, offer(office, purse.did())["link"])
    path = f"/orgs/mill/offers/{seen['offerId']}/accept"
    address = f"{PUBLIC}/orgs/fa/oid4vci/{endpoint}"
    purse.wire.posts[address] = lambda *_: busy
    answer = purse.call("POST", path, {})
    said = answer.json()
    assert (answer.status_code, said["code"]) == (502, "issuer_busy")
    assert said["title"] == "Another service has too many requests just now"
    assert said["detail"] == "the issuer has too many requests just now"
    assert answer.headers["retry-after"] == str(busy.retry_after or 60)


def test_a_holder_reads_how_long_a_busy_issuer_asks_to_wait(office: Office, purse: Purse) -> None:
    seen = look(purse, offer(office, purse.did())["link"])
    purse.wire.posts[f"{PUBLIC}/orgs/fa/oid4vci/token"] = lambda *_: Answer(429, "", b"", 150)
    purse.log_in()
    page = purse.submit(f"/orgs/mill/offers/{seen['offerId']}/accept")
    assert "the issuer has too many requests just now. Try again in 3 minutes." in page.text
    assert "Take it" in page.text
