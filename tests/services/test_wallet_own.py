"""Own documents: issued, repeated, corrected, withdrawn, published; and what their addresses give."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from certweave.did.key import make_did_key
from certweave.examine.report import Verdict
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from certweave.proof.vc_jwt import CREDENTIALS_V2, envelope
from certweave_edge import clock
from certweave_edge.web import unguarded
from certweave_wallet.service.reading import look_at
from tests.support.disclosing import secure, signer
from tests.support.holding import Purse, facility, open_wallet, product
from tests.support.world import START

URL = "/orgs/mill/credentials"


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path) as opened:
        yield opened


def verdict(purse: Purse, token: str) -> Verdict:
    return look_at(purse.wallet.tools, purse.wire, token.encode()).verdict


@pytest.mark.parametrize(
    ("kind", "subject", "name"),
    [
        ("passport", product(), "DigitalProductPassport"),
        ("facility", facility(), "DigitalFacilityRecord"),
    ],
)
def test_a_document_verifies_as_issued(purse: Purse, kind: str, subject: object, name: str) -> None:
    made = purse.issue(kind, "D-1", subject)
    assert (made["kind"], made["credentialId"], made["dated"]) == (name, "D-1", True)
    assert made["id"] == f"https://wallet.example{URL}/D-1"
    assert verdict(purse, made["verifiableCredential"]) is Verdict.VALID


def test_the_same_number_and_content_is_the_same_document(purse: Purse) -> None:
    first = purse.issue("facility", "F-1", facility())
    assert purse.issue("facility", "F-1", facility()) == first
    body = {"kind": "facility", "number": "F-1", "name": "Document F-1", "subject": facility("Elsewhere")}
    answer = purse.call("POST", "/orgs/mill/issue", body)
    assert (answer.status_code, answer.json()["code"]) == (409, "number_taken")


def test_what_the_model_refuses_is_told_with_its_place(purse: Purse) -> None:
    subject = {**facility(), "countryOfOperation": {"countryCode": 7}}
    body = {"kind": "facility", "number": "F-1", "name": "F", "subject": subject}
    answer = purse.call("POST", "/orgs/mill/issue", body)
    assert answer.status_code in (400, 422)
    assert answer.json()["path"].startswith("/credentialSubject/countryOfOperation")


def test_a_misspelt_member_is_refused(purse: Purse) -> None:
    body = {"kind": "facility", "number": "F-1", "name": "F", "subject": {**facility(), "adress": "x"}}
    answer = purse.call("POST", "/orgs/mill/issue", body)
    assert (answer.status_code, answer.json()["path"]) == (422, "/credentialSubject/adress")


def test_without_a_ledger_it_is_signed_and_dated_later(purse: Purse) -> None:
    purse.wire.ledger.down = True
    made = purse.issue("facility", "F-1", facility())
    assert made["dated"] is False
    purse.wire.ledger.down = False
    assert purse.call("POST", f"{URL}/F-1/receipt").json()["dated"] is True
    answer = purse.call("GET", f"{URL}/F-1/receipt")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/jwt")


def test_it_is_shown_to_everybody_only_when_published(purse: Purse) -> None:
    made = purse.issue("facility", "F-1", facility())
    assert purse.client.get(f"{URL}/F-1").status_code == 404
    assert purse.call("POST", f"{URL}/F-1/publish").json()["published"] is True
    exact = purse.client.get(f"{URL}/F-1", headers={"accept": "application/vc+jwt"})
    assert exact.text == made["verifiableCredential"]
    assert exact.headers["content-type"] == "application/vc+jwt"
    assert f'<https://wallet.example{URL}/F-1/receipt>; rel="describedby"' in exact.headers["link"]
    for form in ("application/vc", "application/json"):
        whole = purse.client.get(f"{URL}/F-1", headers={"accept": form})
        assert whole.json()["type"] == "EnvelopedVerifiableCredential"
    page = purse.client.get(f"{URL}/F-1", headers={"accept": "text/html"})
    assert (page.status_code, "Spinning hall" in page.text) == (200, True)
    assert purse.client.get(f"{URL}/F-1", headers={"accept": "image/png"}).status_code == 406
    purse.call("POST", f"{URL}/F-1/unpublish")
    assert purse.client.get(f"{URL}/F-1").status_code == 404


def test_withdrawing_reaches_verifiers(purse: Purse) -> None:
    made = purse.issue("facility", "F-1", facility())
    answer = purse.call("POST", f"{URL}/F-1/withdraw", {"reason": "issued_in_error"})
    assert answer.json()["standing"] == "withdrawn"
    assert verdict(purse, made["verifiableCredential"]) is Verdict.INVALID
    again = purse.call("POST", f"{URL}/F-1/withdraw", {"reason": "issued_in_error"})
    assert (again.status_code, again.json()["code"]) == (409, "document_ended")


def test_a_correction_has_an_address_of_its_own(purse: Purse) -> None:
    old = purse.issue("facility", "F-1", facility())
    purse.call("POST", f"{URL}/F-1/publish")
    body = {
        "kind": "facility",
        "number": "F-1",
        "name": "Document F-1",
        "subject": facility("Hall 2"),
        "reason": "error_in_certificate",
    }
    new = purse.call("POST", f"{URL}/F-1/correct", body)
    assert (new.status_code, new.json()["credentialId"]) == (201, "F-1~2")
    assert purse.call("POST", f"{URL}/F-1/correct", body).json()["id"] == new.json()["id"]
    assert verdict(purse, old["verifiableCredential"]) is Verdict.INVALID
    assert verdict(purse, new.json()["verifiableCredential"]) is Verdict.VALID
    assert purse.client.get(f"{URL}/F-1~2").status_code == 200
    seen = purse.call("GET", f"{URL}/F-1?view=wallet").json()
    assert (seen["standing"], seen["successor"], seen["reason"]) == (
        "superseded",
        "F-1~2",
        "error_in_certificate",
    )
    assert purse.issue("facility", "F-1", facility())["id"] == old["id"]


def test_the_status_list_comes_in_both_forms_and_as_it_stood(purse: Purse) -> None:
    purse.issue("facility", "F-1", facility())
    whole = purse.client.get("/orgs/mill/status/1", headers={"accept": "application/vc"})
    assert whole.json()["type"] == ["VerifiableCredential", "BitstringStatusListCredential"]
    token = purse.client.get("/orgs/mill/status/1", headers={"accept": "application/vc+jwt"})
    assert token.headers["content-type"] == "application/vc+jwt"
    then = purse.client.get("/orgs/mill/status/1", params={"timestamp": "2026-03-12T09:00:00Z"})
    assert then.status_code == 200
    assert purse.client.get("/orgs/mill/status/2").status_code == 404


def test_an_event_may_come_as_a_list(purse: Purse) -> None:
    event = {
        "type": ["MakeEvent", "LifecycleEvent"],
        "id": "https://mill.example/batch/1#made",
        "name": "Spinning",
        "eventDate": "2026-03-01T10:00:00Z",
        "activityType": facility()["processCategory"][0],
        "inputProduct": [],
        "outputProduct": [
            {
                "product": {
                    "type": ["Product"],
                    "id": "https://mill.example/batch/1",
                    "name": "Yarn",
                    "idGranularity": "batch",
                },
                "quantity": {"value": 380, "unit": "KGM"},
                "disposition": "new",
            }
        ],
        "madeAtFacility": {"type": ["Facility"], "id": "https://mill.example/hall", "name": "Hall"},
        "relatedParty": [
            {"role": "producer", "party": {"type": ["Party"], "id": purse.did(), "name": "Sunrise Mill"}}
        ],
    }
    made = purse.issue("event", "E-1", [event])
    assert verdict(purse, made["verifiableCredential"]) is Verdict.VALID


def test_vc_api_presents(purse: Purse) -> None:
    made = purse.issue("facility", "F-1", facility())
    shown = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "verifiableCredential": [
            {
                "@context": "https://www.w3.org/ns/credentials/v2",
                "id": f"data:application/vc+jwt,{made['verifiableCredential']}",
                "type": "EnvelopedVerifiableCredential",
            }
        ],
    }
    body = {"presentation": shown, "options": {"domain": "shop.example", "challenge": "n-1"}}
    answer = purse.call("POST", "/orgs/mill/presentations", body)
    assert answer.status_code == 201
    signed = answer.json()["verifiablePresentation"]
    assert signed["holder"] == purse.did()
    assert (signed["proof"]["challenge"], signed["proof"]["domain"]) == ("n-1", "shop.example")
    report = look_at(purse.wallet.tools, purse.wire, json.dumps(signed).encode())
    assert report.verdict is Verdict.VALID
    foreign = {"presentation": {**shown, "holder": purse.did("other")}}
    refused = purse.call("POST", "/orgs/mill/presentations", foreign)
    assert (refused.status_code, refused.json()["code"]) == (422, "holder_foreign")


@pytest.mark.parametrize(
    ("changes", "options", "path"),
    [
        ({"colour": "red"}, {}, "/presentation/colour"),
        ({"type": ["Show"]}, {}, "/presentation/type"),
        ({"verifiableCredential": [{"type": "VerifiableCredential"}]}, {}, "/presentation"),
        ({}, {"cryptosuite": "bbs-2023"}, "/options/cryptosuite"),
        ({}, {"verificationMethod": "did:example:another#key"}, "/options/verificationMethod"),
        ({}, {"created": "2020-01-01T00:00:00Z"}, "/options/created"),
    ],
)
def test_what_is_not_presented(
    purse: Purse, changes: dict[str, Any], options: dict[str, Any], path: str
) -> None:
    shown = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        **changes,
    }
    answer = purse.call("POST", "/orgs/mill/presentations", {"presentation": shown, "options": options})
    assert answer.status_code in (400, 422)
    assert answer.json()["path"].startswith(path)


def test_every_route_that_changes_something_has_a_guard(purse: Purse) -> None:
    assert not unguarded(purse.app)


def test_vc_api_derives(purse: Purse) -> None:
    secured = secure("ecdsa-sd-2023")
    body = {
        "verifiableCredential": secured,
        "options": {"selectivePointers": ["/credentialSubject/name"]},
    }
    answer = purse.call("POST", "/orgs/mill/credentials/derive", body)
    assert answer.status_code == 201
    derived = answer.json()["verifiableCredential"]
    assert derived["credentialSubject"] == {"type": ["Crew"], "name": "The crew"}
    report = look_at(purse.wallet.tools, purse.wire, json.dumps(derived).encode())
    assert report.verdict is Verdict.VALID
    body["options"] = {"selectivePointers": ["/credentialSubject/nothing"]}
    refused = purse.call("POST", "/orgs/mill/credentials/derive", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "sd_pointer_unmatched")
    again = purse.call("POST", "/orgs/mill/credentials/derive", {"verifiableCredential": derived})
    assert (again.status_code, again.json()["code"]) == (422, "sd_derived_proof")


def test_vc_api_shows_a_part_of_an_sd_jwt(purse: Purse) -> None:
    key = signer("ecdsa-sd-2023")
    document = {
        "@context": [CREDENTIALS_V2],
        "type": ["VerifiableCredential"],
        "issuer": make_did_key(key.public),
        "name": "Lot 7",
        "description": "three bales",
        "credentialSubject": {"id": "urn:lot:7"},
    }
    hidden = ("/name", "/description")
    token = sign_credential_sd_jwt(document, key, issued_at=START, hidden=hidden, entropy=clock.entropy)
    body = {"verifiableCredential": envelope(token), "options": {"selectivePointers": ["/name"]}}
    answer = purse.call("POST", "/orgs/mill/credentials/derive", body)
    assert answer.status_code == 201
    report = look_at(
        purse.wallet.tools, purse.wire, json.dumps(answer.json()["verifiableCredential"]).encode()
    )
    assert report.verdict is Verdict.VALID
    assert report.document is not None
    assert report.document["name"] == "Lot 7"
    assert "description" not in report.document
    body["options"] = {"selectivePointers": ["/nothing"]}
    refused = purse.call("POST", "/orgs/mill/credentials/derive", body)
    assert (refused.status_code, refused.json()["code"]) == (422, "sd_pointer_unmatched")
    body["verifiableCredential"] = envelope("a.b.c")
    assert purse.call("POST", "/orgs/mill/credentials/derive", body).status_code == 400
