"""The clerk's API: from draft to issued, decisions, corrections, and what is refused."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from certweave.credential.extension_parts import PARTS
from certweave.examine.report import Verdict
from certweave_edge.audit import acts
from certweave_edge.web import unguarded
from certweave_issuer.service.kinds import KINDS
from tests.support.certificates import GIN, PART_DOCUMENTS
from tests.support.issuing import SCHEME, Office, open_office, scope_data, token_payload

URL = "/orgs/fa/certificates"
ENTRY = {"kind": "scope", "number": "SC-1", "scheme": SCHEME, "data": scope_data()}


def transaction_data(**changes: Any) -> dict[str, Any]:
    batch = {"id": "https://id.example/01/09521234000015/10/L1", "name": "Lint", "batch": "L1"}
    return {
        "name": "Lint sold",
        "holder": {"id": "did:web:gin.example", "name": "Sunrise Gin"},
        "transaction": {
            "seller": {"type": ["Party"], "id": "did:web:gin.example", "name": "Sunrise Gin"},
            "buyer": {"type": ["Party"], "id": "did:web:spinner.example", "name": "Ring Spinners"},
            "shipments": [{"date": "2026-03-01", "documentNumber": "BL-1"}],
            "productLines": [
                {
                    "line": 1,
                    "product": batch,
                    "netWeight": {"value": 1000, "unit": "KGM"},
                    "certifiedWeight": {"value": 980, "unit": "KGM"},
                }
            ],
            **changes,
        },
    }


def test_a_certificate_verifies_as_issued(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    assert (made["state"], made["receipt"]) == ("issued", "there")
    answer = office.client.get(office.path(made["url"]))
    assert answer.headers["content-type"] == "application/vc+jwt"
    assert office.examine(answer.content).verdict is Verdict.VALID


def test_a_transaction_certificate_has_an_address_that_cannot_be_guessed(office: Office) -> None:
    made = office.issued("transaction", "TC-1", transaction_data())
    key = made["url"].rsplit("/", 1)[1]
    assert key.startswith("TC-1~")
    assert len(key) >= len("TC-1~") + 22
    assert office.client.get("/orgs/fa/credentials/TC-1").status_code == 404
    answer = office.client.get(office.path(made["url"]))
    assert answer.headers["cache-control"].startswith("private")
    assert answer.headers["x-robots-tag"] == "noindex"


def test_the_same_number_and_content_give_the_same_certificate(office: Office) -> None:
    first = office.call("POST", URL, ENTRY)
    assert office.call("POST", URL, ENTRY).json() == first.json()
    other = office.call("POST", URL, {**ENTRY, "data": scope_data(name="Another")})
    assert (other.status_code, other.json()["code"]) == (409, "number_taken")
    issued = office.issued("scope", "SC-1", scope_data())
    again = office.call("POST", f"{URL}/SC-1/issue").json()
    assert (again["digest"], again["url"]) == (issued["digest"], issued["url"])


@pytest.mark.parametrize(
    ("changes", "status", "code", "path"),
    [
        ({"number": "../etc"}, 400, "number_malformed", "/number"),
        ({"number": ""}, 400, "number_malformed", "/number"),
        ({"kind": "passport"}, 422, "kind_unknown", "/kind"),
        ({"scheme": "https://ofs.example/none"}, 422, "scheme_unknown", "/scheme"),
        ({"scheme": None}, 422, "scheme_missing", "/scheme"),
        ({"data": scope_data(colour="red")}, 422, "data_unknown", "/colour"),
        ({"data": scope_data(name=" ")}, 422, "data_missing", "/name"),
        ({"data": scope_data(holder=None)}, 422, "data_missing", "/holder"),
        ({"data": scope_data(holder={"name": "No id"})}, 422, "untp_model", "/holder/id"),
        (
            {"data": scope_data(holder={"id": "did:x:1", "name": "N", "x": 1})},
            422,
            "term_unknown",
            "/holder/x",
        ),
        ({"data": scope_data(certificationScope=None)}, 422, "data_missing", "/certificationScope"),
        (
            {"data": scope_data(certificationScope={"schemes": [SCHEME], "sites": [], "productClasses": []})},
            422,
            "extension_model",
            "/certificationScope/sites",
        ),
        ({"data": scope_data(assessorLevel="friend")}, 422, "untp_model", "/assessorLevel"),
        ({"data": scope_data(assessments=[{"name": "x"}])}, 422, "untp_model", "/assessments/0/id"),
        ({"data": scope_data(validFrom="yesterday")}, 400, "data_date", "/validFrom"),
        ({"data": scope_data(validUntil="2020-01-01")}, 422, "period", "/validUntil"),
    ],
)
def test_errors_point_into_the_data(
    office: Office, changes: dict[str, Any], status: int, code: str, path: str
) -> None:
    answer = office.call("POST", URL, {**ENTRY, **changes})
    said = answer.json()
    assert (answer.status_code, said["code"], said["path"]) == (status, code, path), said


def test_a_doubled_member_is_refused(office: Office) -> None:
    text = '{"kind":"scope","number":"SC-1","scheme":"s","data":{"name":"a","name":"b"}}'
    headers = {"Authorization": f"Bearer {office.tokens['fa']}", "Content-Type": "application/json"}
    answer = office.client.post(URL, content=text, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "json_duplicate_member"), answer.text


def test_the_steps_have_an_order(office: Office) -> None:
    office.call("POST", URL, ENTRY)
    early = office.call("POST", f"{URL}/SC-1/issue")
    assert (early.status_code, early.json()["code"]) == (422, "status_transition")
    assert office.client.get("/orgs/fa/credentials/SC-1").status_code == 404
    assert office.call("POST", f"{URL}/SC-1/approve").json()["state"] == "approved"
    unknown = office.call("POST", f"{URL}/SC-2/approve")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "certificate_unknown")


def test_a_draft_is_entered_anew(office: Office) -> None:
    office.call("POST", URL, ENTRY)
    body = {"kind": "scope", "scheme": SCHEME, "data": scope_data(name="Better")}
    assert office.call("PUT", f"{URL}/SC-1", body).json()["name"] == "Better"
    assert office.call("GET", f"{URL}/SC-1").json()["document"]["name"] == "Better"
    other = office.call("PUT", f"{URL}/SC-1", {**body, "kind": "label"})
    assert other.status_code in {409, 422}
    office.call("POST", f"{URL}/SC-1/approve")
    late = office.call("PUT", f"{URL}/SC-1", {**body, "data": scope_data(name="Late")})
    assert (late.status_code, late.json()["code"]) == (409, "not_draft")
    assert office.call("PUT", f"{URL}/SC-9", body).status_code == 404
    history = office.call("GET", f"{URL}/SC-1").json()["history"]
    assert [line["act"] for line in history] == ["create", "revise", "approve"]


@pytest.mark.parametrize("type_name", PARTS)
def test_every_kind_is_issued_and_holds(office: Office, type_name: str) -> None:
    (kind,) = (kind for kind in KINDS.values() if kind.type_name == type_name)
    data = {
        "name": kind.words,
        "holder": GIN,
        "validFrom": "2026-03-01",
        kind.member: PART_DOCUMENTS[type_name],
    }
    made = office.issued(kind.name, "X-1", data)
    answer = office.client.get(office.path(made["url"]))
    report = office.examine(answer.content)
    assert report.verdict is Verdict.VALID, [check.detail for check in report.checks]


def test_an_identity_anchor(office: Office) -> None:
    identity = {
        "id": "did:web:gin.example",
        "registeredName": "Sunrise Gin",
        "registeredId": "IN-4711",
        "registeredDate": "2020-01-01",
        "idScheme": {"type": ["IdentifierScheme"], "id": "https://register.example", "name": "Register"},
        "registerType": "business",
    }
    made = office.issued("identity", "ID-1", {"name": "Registered", "identity": identity}, scheme=None)
    assert (made["holder"], made["holderName"]) == ("did:web:gin.example", "Sunrise Gin")
    source = office.client.get(office.path(made["url"])).content
    assert office.examine(source).verdict is Verdict.VALID
    bad = {**identity, "registerType": "moon"}
    body = {"kind": "identity", "number": "ID-2", "data": {"name": "R", "identity": bad}}
    assert office.call("POST", URL, body).json()["path"] == "/identity/registerType"


def test_a_plain_certificate_of_conformity(office: Office) -> None:
    data = {"name": "Meets the standard", "holder": GIN, "validUntil": "2027-01-01"}
    made = office.issued("conformity", "C-1", data)
    source = office.client.get(office.path(made["url"])).content
    assert office.examine(source).verdict is Verdict.VALID


def test_four_eyes(tmp_path: Path) -> None:
    with open_office(tmp_path, four_eyes=True) as office:
        office.call("POST", URL, ENTRY)
        alone = office.call("POST", f"{URL}/SC-1/approve")
        assert (alone.status_code, alone.json()["code"]) == (403, "four_eyes")


def test_a_ledger_that_is_down_delays_the_receipt_only(office: Office) -> None:
    office.ledger.down = True
    made = office.issued("scope", "SC-1", scope_data())
    assert (made["state"], made["receipt"]) == ("issued", "pending")
    receipt = f"{office.path(made['url'])}/receipt"
    waiting = office.client.get(receipt)
    assert (waiting.status_code, waiting.json()["code"]) == (404, "receipt_pending")
    office.ledger.down = False
    office.world.clock += timedelta(minutes=1)
    assert office.call("GET", f"{URL}/SC-1").json()["receipt"] == "there"
    assert office.client.get(receipt).headers["content-type"] == "application/jwt"


def test_suspended_reinstated_withdrawn(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    source = office.client.get(office.path(made["url"])).content
    office.world.clock += timedelta(minutes=1)
    suspended = {"reason": "audit_overdue", "typed": "SC-1"}
    assert office.call("POST", f"{URL}/SC-1/suspend", suspended).json()["inForce"] == "suspended"
    assert office.examine(source).verdict is Verdict.INVALID
    office.world.clock += timedelta(minutes=1)
    assert (
        office.call("POST", f"{URL}/SC-1/reinstate", {"reason": "audit_done"}).json()["inForce"] == "issued"
    )
    assert office.examine(source).verdict is Verdict.VALID
    office.world.clock += timedelta(minutes=1)
    ended = office.call("POST", f"{URL}/SC-1/withdraw", {"reason": "fraud", "typed": "SC-1"})
    assert ended.json()["state"] == "withdrawn"
    assert office.examine(source).verdict is Verdict.INVALID
    again = office.call("POST", f"{URL}/SC-1/reinstate", {"reason": "cleared"})
    assert (again.status_code, again.json()["code"]) == (422, "status_transition")
    shown = office.call("GET", f"{URL}/SC-1").json()
    acts_done = [line["act"] for line in shown["history"]]
    assert acts_done == ["create", "approve", "issue", "suspend", "reinstate", "withdraw"]
    assert shown["history"][-1]["sentence"] == "There is evidence of fraud."
    assert len(shown["records"]) == 3


@pytest.mark.parametrize(
    ("act", "body", "code"),
    [
        ("withdraw", {"reason": "fraud"}, "number_not_confirmed"),
        ("withdraw", {"reason": "fraud", "typed": "SC-2"}, "number_not_confirmed"),
        ("suspend", {"reason": "audit_overdue"}, "number_not_confirmed"),
        ("suspend", {"reason": "mood", "typed": "SC-1"}, "status_reason_unknown"),
        ("suspend", {"reason": "audit_done", "typed": "SC-1"}, "status_reason_unfit"),
        ("reinstate", {"reason": "audit_done"}, "status_transition"),
        (
            "suspend",
            {"reason": "fraud", "typed": "SC-1", "knownSince": "2027-01-01T00:00:00Z"},
            "status_record_order",
        ),
    ],
)
def test_a_decision_that_does_not_hold(office: Office, act: str, body: dict[str, str], code: str) -> None:
    office.issued("scope", "SC-1", scope_data())
    answer = office.call("POST", f"{URL}/SC-1/{act}", body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_a_withdrawal_that_takes_effect_later(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    source = office.client.get(office.path(made["url"])).content
    body = {"reason": "request_of_holder", "typed": "SC-1", "effectiveFrom": "2026-04-01T00:00:00Z"}
    taken = office.call("POST", f"{URL}/SC-1/withdraw", body).json()
    assert (taken["state"], taken["inForce"]) == ("withdrawn", "issued")
    assert office.examine(source).verdict is Verdict.VALID
    office.world.clock += timedelta(days=21)
    assert office.examine(source).verdict is Verdict.INVALID
    assert office.call("GET", f"{URL}/SC-1").json()["inForce"] == "withdrawn"


def test_corrected(office: Office) -> None:
    first = office.issued("scope", "SC-1", scope_data())
    office.world.clock += timedelta(minutes=1)
    body = {"data": scope_data(name="Corrected"), "reason": "error_in_certificate", "typed": "SC-1"}
    second = office.call("POST", f"{URL}/SC-1/correct", body)
    assert second.status_code == 201, second.text
    made = second.json()
    assert (made["version"], made["state"], made["predecessor"]) == (2, "issued", "SC-1")
    assert made["url"] == f"{first['url']}~v2"
    assert office.call("POST", f"{URL}/SC-1/correct", body).json()["url"] == made["url"]
    old = office.client.get(office.path(first["url"])).content
    new = office.client.get(office.path(made["url"])).content
    assert office.examine(old).verdict is Verdict.INVALID
    assert office.examine(new).verdict is Verdict.VALID
    shown = office.call("GET", f"{URL}/SC-1?version=1").json()
    assert (shown["state"], shown["successor"]) == ("superseded", "SC-1~v2")
    assert shown["history"][-1]["version"] == 2


def test_renewed(office: Office) -> None:
    first = office.issued("scope", "SC-1", scope_data())
    data = scope_data(validFrom="2027-03-01", validUntil="2028-02-28")
    body = {"data": data, "number": "SC-2"}
    second = office.call("POST", f"{URL}/SC-1/renew", body)
    assert second.status_code == 201, second.text
    assert office.call("POST", f"{URL}/SC-1/renew", body).json()["url"] == second.json()["url"]
    old = office.client.get(office.path(first["url"])).content
    assert office.examine(old).verdict is Verdict.VALID, "a renewed one is good until its own end"
    assert office.call("GET", f"{URL}/SC-1").json()["state"] == "superseded"


def test_expired(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    office.world.clock += timedelta(days=400)
    assert office.call("GET", f"{URL}/SC-1").json()["inForce"] == "expired"
    late = office.call("POST", f"{URL}/SC-1/suspend", {"reason": "fraud", "typed": "SC-1"})
    assert late.json()["code"] == "status_transition"


def test_a_certifier_names_who_vouches_for_it(office: Office) -> None:
    link = {
        "name": "Accreditation",
        "url": "https://aab.example/credentials/1",
        "digestMultibase": "zQmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG",
        "authority": "did:web:aab.example",
        "authorityName": "Anatolian Accreditation Board",
    }
    body = {"name": "Fibre Assurance", "role": "certifier", "authorisations": [link]}
    assert office.call("PUT", "/orgs/fa/profile", body).json() == body
    made = office.issued("scope", "SC-1", scope_data())
    token = office.client.get(office.path(made["url"])).text
    (found,) = token_payload(token)["credentialSubject"]["authorisation"]
    assert found["issuingAuthority"]["id"] == "did:web:aab.example"
    assert found["endorsementEvidence"]["digestMultibase"] == link["digestMultibase"]


@pytest.mark.parametrize(
    "changes", [{"role": "king"}, {"authorisations": [{"name": "x"}]}, {"name": ""}, {"more": 1}]
)
def test_a_profile_that_cannot_be(office: Office, changes: dict[str, Any]) -> None:
    body = {"name": "Fibre Assurance", "role": "certifier", "authorisations": [], **changes}
    assert office.call("PUT", "/orgs/fa/profile", body).status_code in {400, 422}


def test_what_was_built_on_a_certificate(office: Office) -> None:
    first = office.issued("transaction", "TC-1", transaction_data())
    drawn = {"certificate": first["url"], "line": 1, "weightDrawn": {"value": 900, "unit": "KGM"}}
    second = office.issued("transaction", "TC-2", transaction_data(inputs=[drawn]))
    assert office.call("GET", f"{URL}/TC-1").json()["builtOn"] == [second["url"]]


def test_the_list_is_narrowed(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    office.call("POST", URL, {**ENTRY, "number": "SC-2"})
    numbers = [one["number"] for one in office.call("GET", URL).json()["certificates"]]
    assert numbers == ["SC-2", "SC-1"]
    for query, found in (
        ("state=draft", ["SC-2"]),
        ("text=sc-1", ["SC-1"]),
        ("kind=label", []),
        ("page=2", []),
    ):
        answer = office.call("GET", f"{URL}?{query}").json()
        assert [one["number"] for one in answer["certificates"]] == found
    assert office.call("GET", f"{URL}?state=happy").status_code == 400


def test_acts_are_recorded_and_all_routes_guarded(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    done = [act.act for act in acts(office.app.state.directory.database, "fa")]
    assert done[:3] == ["certificate.issue", "certificate.approve", "certificate.create"]
    assert unguarded(office.app) == []
