"""VC-API: ready-made credentials, UNTP's and others, and their status."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from certweave.credential.build import make_attestation, make_credential, make_issuer
from certweave.credential.build_parts import make_party, make_reference
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.proof.vc_jwt import open_envelope
from tests.support.issuing import Office, open_office, token_payload

URL = "/orgs/fa/credentials/issue"
STATUS = "/orgs/fa/credentials/status"
ENTRY = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}


@pytest.fixture
def open_to_all(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path, allow_non_untp=True) as opened:
        yield opened


def untp(office: Office, **changes: Any) -> JsonObject:
    document = make_credential(
        "DigitalConformityCredential",
        id="https://fa.example/certificates/1",
        issuer=make_issuer(office.did(), "Fibre Assurance"),
        name="Certificate 1",
        valid_from=office.world.clock,
        subject=make_attestation(
            "https://fa.example/attestations/1",
            "Organic cotton",
            issued_to=make_party("did:web:gin.example", "Gin"),
            scheme=make_reference("ConformityScheme", "https://ofs.example/scheme", "Organic Fibre"),
            assessor_level="3rdParty",
            assessment_level="authority-peer",
            attestation_type="certification",
        ),
    )
    del document["id"]
    return {**document, **changes}


def plain(**changes: Any) -> JsonObject:
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:holder", "name": "A bale of cotton"},
        **changes,
    }


def issue(office: Office, credential: JsonObject, **options: Any) -> Any:
    return office.call("POST", URL, {"credential": credential, "options": options})


def test_untp_is_enveloped(office: Office) -> None:
    answer = issue(office, untp(office))
    assert answer.status_code == 201, answer.text
    made = answer.json()["verifiableCredential"]
    media_type, token = open_envelope(made)
    assert media_type == "application/vc+jwt"
    payload = token_payload(token)
    assert payload["credentialStatus"]["statusPurpose"] == "suspension"
    assert isinstance(payload["credentialStatus"]["statusListIndex"], int)
    assert office.client.get(office.path(payload["id"])).text == token
    assert office.examine(json.dumps(made).encode()).verdict is Verdict.VALID


def test_options_may_be_absent(office: Office) -> None:
    assert office.call("POST", URL, {"credential": untp(office)}).status_code == 201


def test_issuing_is_idempotent(office: Office) -> None:
    first = issue(office, untp(office)).json()
    assert issue(office, untp(office)).json() == first
    numbered = issue(office, untp(office), certificateNumber="C-1").json()
    assert numbered != first
    assert issue(office, untp(office), certificateNumber="C-1").json() == numbered
    other = issue(office, untp(office, name="Other"), certificateNumber="C-1")
    assert (other.status_code, other.json()["code"]) == (409, "number_taken")


def test_the_issuer_may_be_left_to_us(office: Office) -> None:
    credential = untp(office)
    del credential["issuer"], credential["validFrom"]
    made = issue(office, credential).json()["verifiableCredential"]
    payload = token_payload(open_envelope(made)[1])
    assert payload["issuer"]["id"] == office.did()
    assert payload["validFrom"] == "2026-03-12T09:00:00Z"


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"issuer": "did:web:elsewhere.example"}, "issuer_not_ours", "/credential/issuer"),
        ({"colour": "red"}, "term_unknown", "/credential/colour"),
        ({"credentialSubject": {}}, None, None),
        ({"id": "not a url"}, None, None),
        ({"credentialStatus": {"type": "X"}}, "status_given", "/credential/credentialStatus"),
        ({"proof": {}}, "proof_given", "/credential/proof"),
    ],
)
def test_what_is_not_issued(office: Office, changes: JsonObject, code: str | None, path: str | None) -> None:
    answer = issue(office, untp(office, **changes))
    assert answer.status_code in {400, 422}, answer.text
    said = answer.json()
    assert said["path"].startswith("/credential")
    assert code is None or (said["code"], said["path"]) == (code, path)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"credential": "x"}, 400),
        ({"credential": {}, "more": 1}, 400),
        ({"credential": {}, "options": {"unheard": 1}}, 400),
        ({"credential": {}, "options": {"created": "2026-03-12T09:00:00Z"}}, 400),
        ({"credential": {}, "options": {"credentialId": "urn:example:mine"}}, 422),
        ({"credential": {}, "options": {"certificateNumber": "a/b"}}, 400),
        ({"credential": {}}, 422),
    ],
)
def test_requests_that_cannot_be_read(office: Office, body: JsonObject, status: int) -> None:
    answer = office.call("POST", URL, body)
    assert answer.status_code == status
    if {"more", "unheard"} & {*body, *body.get("options", {})}:
        assert answer.json()["type"] == "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"


def test_other_types_only_where_allowed(office: Office) -> None:
    answer = issue(office, plain())
    assert (answer.status_code, answer.json()["code"]) == (422, "type_not_issued")


def test_other_types_get_an_embedded_proof(open_to_all: Office) -> None:
    answer = issue(open_to_all, plain())
    assert answer.status_code == 201, answer.text
    made = answer.json()["verifiableCredential"]
    assert made["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    assert made["issuer"] == open_to_all.did()
    assert isinstance(made["credentialStatus"]["statusListIndex"], str)
    source = open_to_all.client.get(open_to_all.path(made["id"]))
    assert source.headers["content-type"] == "application/vc"
    assert source.json() == made
    assert open_to_all.examine(source.content).verdict is Verdict.VALID


def test_another_issuers_status_list_is_kept(open_to_all: Office) -> None:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "5",
        "statusListCredential": "https://lists.example/1",
    }
    made = issue(open_to_all, plain(credentialStatus=entry)).json()["verifiableCredential"]
    assert made["credentialStatus"] == entry
    body = {"credentialId": made["id"], "credentialStatus": ENTRY, "status": True, "reason": "fraud"}
    answer = open_to_all.call("POST", STATUS, body)
    assert (answer.status_code, answer.json()["code"]) == (409, "no_status")


def test_the_status_is_changed(office: Office) -> None:
    made = issue(office, untp(office)).json()["verifiableCredential"]
    source = json.dumps(made).encode()
    payload = token_payload(open_envelope(made)[1])
    named, place = payload["id"], payload["credentialStatus"]
    entry = {**ENTRY, "statusListIndex": str(place["statusListIndex"])}
    body = {"credentialId": named, "credentialStatus": entry, "status": True, "reason": "fraud"}
    assert office.call("POST", STATUS, body).json()["inForce"] == "suspended"
    assert office.examine(source).verdict is Verdict.INVALID
    office.world.clock += timedelta(minutes=1)
    back = {**body, "credentialStatus": [{**entry, "status": "0"}], "reason": "cleared"}
    del back["status"]
    assert office.call("POST", STATUS, back).json()["inForce"] == "issued"
    ended = {**body, "credentialStatus": {**ENTRY, "statusPurpose": "revocation"}}
    assert office.call("POST", STATUS, ended).json()["inForce"] == "withdrawn"


@pytest.mark.parametrize(
    "changes",
    [
        {"credentialId": ""},
        {"credentialStatus": []},
        {"credentialStatus": {}},
        {"credentialStatus": {"type": "Other"}},
        {"credentialStatus": [ENTRY, ENTRY | {"statusPurpose": "revocation"}]},
        {"unheard": 1},
        {"status": "yes"},
        {"status": 1},
        {"reason": None},
    ],
)
def test_status_requests_that_cannot_be_read(office: Office, changes: JsonObject) -> None:
    made = issue(office, untp(office)).json()["verifiableCredential"]
    named = token_payload(open_envelope(made)[1])["id"]
    body = {"credentialId": named, "credentialStatus": ENTRY, "status": True, "reason": "fraud", **changes}
    assert office.call("POST", STATUS, body).status_code == 400


def test_a_status_changes_without_a_reason(office: Office) -> None:
    made = token_payload(open_envelope(issue(office, untp(office)).json()["verifiableCredential"])[1])
    for status, state in ((True, "suspended"), (False, "issued")):
        answer = office.call(
            "POST", STATUS, {"credentialId": made["id"], "credentialStatus": ENTRY, "status": status}
        )
        assert (answer.status_code, answer.json()["inForce"]) == (200, state)
    number = answer.json()["number"]
    records = office.call("GET", f"/orgs/fa/certificates/{number}").json()["records"]
    assert [token_payload(record)["reason"] for record in records] == ["not_stated"] * 2


def test_the_status_of_an_unknown_credential(office: Office) -> None:
    body = {
        "credentialId": "https://x.example/1",
        "credentialStatus": ENTRY,
        "status": True,
        "reason": "fraud",
    }
    assert office.call("POST", STATUS, body).status_code == 404


@pytest.mark.parametrize(
    "named", [{"statusListIndex": "131071"}, {"statusListCredential": "https://x.example/1"}]
)
def test_the_place_of_another_credential(office: Office, named: JsonObject) -> None:
    made = token_payload(open_envelope(issue(office, untp(office)).json()["verifiableCredential"])[1])
    body = {"credentialId": made["id"], "credentialStatus": ENTRY | named, "status": True, "reason": "fraud"}
    answer = office.call("POST", STATUS, body)
    assert (answer.status_code, answer.json()["code"]) == (422, "status_place_wrong")
