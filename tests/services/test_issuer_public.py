"""What anyone may read: credentials by Accept, status lists of now and of then, the register."""

import hashlib
from datetime import timedelta

import pytest

from certweave.encoding.multihash import check_digest_multibase
from certweave.examine.report import Verdict
from certweave.trust.policy import parse_policy
from certweave_issuer.ports import Profile
from tests.support.issuing import SCHEME, Office, scope_data, token_payload

URL = "/orgs/fa/certificates"
LIST = "/orgs/fa/status/1"


@pytest.mark.parametrize(
    ("accept", "media_type"),
    [
        ("", "application/vc+jwt"),
        ("*/*", "application/vc+jwt"),
        ("application/vc+jwt", "application/vc+jwt"),
        ("application/vc", "application/vc"),
        ("application/json", "application/json"),
    ],
)
def test_a_credential_by_accept(office: Office, accept: str, media_type: str) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    answer = office.client.get(office.path(made["url"]), headers={"accept": accept})
    assert answer.headers["content-type"] == media_type
    assert office.examine(answer.content).verdict is Verdict.VALID
    again = {"accept": accept, "if-none-match": answer.headers["etag"]}
    assert office.client.get(office.path(made["url"]), headers=again).status_code == 304


def test_the_digest_is_stable_and_links_lead_to_the_receipt(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    answer = office.client.get(office.path(made["url"]))
    assert hashlib.sha256(answer.content).hexdigest() == made["digest"]
    found = office.issuer.certificates.published("fa", "SC-1")
    link = office.issuer.register.authorisation(found, "Fibre Assurance")
    check_digest_multibase(answer.content, link.digest)
    assert answer.links["receipt"]["url"] == f"{made['url']}/receipt"
    receipt = office.client.get(office.path(answer.links["receipt"]["url"]))
    assert receipt.text == office.world.receipts[made["digest"]].decode()


def test_a_form_that_we_do_not_have(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    answer = office.client.get(office.path(made["url"]), headers={"accept": "image/png"})
    assert answer.status_code == 406
    assert office.client.get(LIST, headers={"accept": "image/png"}).status_code == 406


def test_a_status_list_in_both_forms(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    embedded = office.client.get(LIST)
    assert embedded.headers["content-type"] == "application/vc"
    document = embedded.json()
    assert document["id"] == f"https://certs.example{LIST}"
    assert document["proof"]["cryptosuite"] == "eddsa-jcs-2022"
    assert document["issuer"] == office.did()
    assert len(embedded.content) < 20_000
    token = office.client.get(LIST, headers={"accept": "application/vc+jwt"})
    assert token_payload(token.text)["id"] == document["id"]
    assert "max-age=60" in embedded.headers["cache-control"]


def test_a_status_list_as_it_stood(office: Office) -> None:
    made = office.issued("scope", "SC-1", scope_data())
    source = office.client.get(office.path(made["url"])).content
    office.world.clock += timedelta(days=10)
    office.call("POST", f"{URL}/SC-1/suspend", {"reason": "fraud", "typed": "SC-1"})
    office.world.clock += timedelta(days=100)
    office.app.state.identities.rotate_identity("fa")
    office.world.clock += timedelta(hours=1)
    start = office.world.clock - timedelta(days=110, hours=1)
    assert office.examine(source, at=start + timedelta(days=5)).verdict is Verdict.VALID
    assert office.examine(source, at=start + timedelta(days=50)).verdict is Verdict.INVALID
    assert office.examine(source).verdict is Verdict.INVALID
    then = office.client.get(f"{LIST}?timestamp=2026-03-15T00:00:00Z").json()
    assert (then["validFrom"], then["validUntil"]) == ("2026-03-12T09:00:00Z", "2026-03-22T09:00:00Z")


def test_a_token_status_list_is_had_as_it_stands(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    found = office.client.get(f"{LIST}/tokens")
    assert (found.status_code, found.headers["content-type"]) == (200, "application/statuslist+jwt")
    assert found.headers["access-control-allow-origin"] == "*"
    then = office.client.get(f"{LIST}/tokens?time=1686925000")
    assert (then.status_code, then.json()["code"]) == (501, "status_list_not_then")


@pytest.mark.parametrize(
    ("query", "status", "code"),
    [
        ("timestamp=yesterday", 400, "status_timestamp"),
        ("timestamp=", 400, "status_timestamp"),
        ("timestamp=2026-03-12", 400, "status_timestamp"),
        ("timestamp=2020-01-01T00:00:00Z", 404, "status_list_not_then"),
        ("timestamp=2030-01-01T00:00:00Z", 404, "status_list_not_then"),
        ("timestamp=2026-03-12T10:00:00%2B01:00", 200, None),
        ("timestamp=2026-03-12T10:00:00+01:00", 200, None),
    ],
)
def test_times_of_a_status_list(office: Office, query: str, status: int, code: str | None) -> None:
    office.issued("scope", "SC-1", scope_data())
    answer = office.client.get(f"{LIST}?{query}")
    assert answer.status_code == status
    assert code is None or answer.json()["code"] == code
    if status == 404:
        retrieval = "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"
        assert answer.json()["type"] == retrieval


def test_a_list_is_signed_again_before_it_runs_out(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    first = office.client.get(LIST).json()
    office.world.clock += timedelta(days=19)
    assert office.client.get(LIST).json() == first
    office.world.clock += timedelta(days=2)
    second = office.client.get(LIST).json()
    assert second["validFrom"] == first["validFrom"]
    assert second["validUntil"] > first["validUntil"]
    office.app.state.identities.rotate_identity("fa")
    third = office.client.get(LIST).json()
    assert third["proof"]["verificationMethod"] != second["proof"]["verificationMethod"]


def test_there_is_no_such_thing(office: Office) -> None:
    for path in ("/orgs/fa/status/9", "/orgs/none/status/1", "/orgs/fa/credentials/x", "/register/fa/x"):
        assert office.client.get(path).status_code == 404
    assert office.client.get("/orgs/fa/status/one").status_code == 400


def test_the_register_has_scope_certificates_only(office: Office) -> None:
    office.issued("scope", "SC-1", scope_data())
    delegated = {
        "name": "Acts for the farmer",
        "holder": {"id": "did:web:coop.example", "name": "Co-operative"},
        "delegation": {
            "principal": {"type": ["Party"], "id": "did:key:z6Mkx", "name": "Ayşe Demir"},
            "delegate": {"type": ["Party"], "id": "did:web:coop.example", "name": "Co-operative"},
            "actions": ["hold"],
            "startDate": "2026-01-01",
            "endDate": "2026-12-31",
        },
    }
    office.issued("delegation", "DG-1", delegated)
    draft = {"kind": "scope", "number": "SC-2", "scheme": None, "data": scope_data()}
    office.call("POST", URL, {**draft, "scheme": "https://ofs.example/scheme/organic-fibre"})
    found = office.client.get("/register").json()["certificates"]
    assert [(one["number"], one["state"], one["issuer"]) for one in found] == [
        ("SC-1", "issued", "Fibre Assurance")
    ]
    assert office.client.get("/register?text=sunrise").json()["certificates"] == found
    assert office.client.get("/register?text=nobody").json()["certificates"] == []
    assert office.client.get("/register/fa/SC-1").json() == found[0]
    for number in ("DG-1", "SC-2"):
        assert office.client.get(f"/register/fa/{number}").status_code == 404
    office.call("POST", f"{URL}/SC-1/suspend", {"reason": "fraud", "typed": "SC-1"})
    assert "suspended" in office.client.get("/register/fa/SC-1").json()["words"]


def test_a_chain_of_authority_from_certificate_to_scheme_owner(office: Office) -> None:
    """One organisation approves the other, whose certificates then name the approval."""
    approval = {
        "kind": "schemeOwnerApproval",
        "schemes": [SCHEME],
        "processes": ["ginning"],
        "startDate": "2026-01-01",
        "endDate": "2028-12-31",
    }
    data = {
        "name": "Approval of Fibre Assurance",
        "holder": {"id": office.did("fa"), "name": "Fibre Assurance"},
        "validFrom": "2026-01-01",
        "issuerApproval": approval,
    }
    body = {"kind": "approval", "number": "AP-1", "scheme": SCHEME, "data": data}
    for path, sent in (("", body), ("/AP-1/approve", None), ("/AP-1/issue", None)):
        answer = office.call("POST", f"/orgs/other/certificates{path}", sent, org="other")
        assert answer.is_success, answer.text
    policy = parse_policy(
        {
            "name": "cotton buyers",
            "roots": [
                {"id": office.did("other"), "name": "Owner", "role": "scheme_owner", "schemes": [SCHEME]}
            ],
            "schemes": {SCHEME: ["approval"]},
            "ledgers": [{"did": office.world.ledger.did, "receipts": office.world.receipts_url}],
        }
    )
    before = office.client.get(office.path(office.issued("scope", "SC-0", scope_data())["url"])).content
    assert office.examine(before, policy=policy).verdict is Verdict.UNDECIDED
    found = office.issuer.certificates.published("other", answer.json()["url"].rsplit("/", 1)[1])
    link = office.issuer.register.authorisation(found, "Owner")
    profile = Profile("Fibre Assurance", "certifier", (link,))
    office.issuer.register.save_profile("fa", profile, actor="test")
    source = office.client.get(office.path(office.issued("scope", "SC-1", scope_data())["url"])).content
    report = office.examine(source, policy=policy)
    assert report.verdict is Verdict.VALID, [check.detail for check in report.checks]
    withdrawn = {"reason": "nonconformity", "typed": "AP-1"}
    office.call("POST", "/orgs/other/certificates/AP-1/withdraw", withdrawn, org="other")
    assert office.examine(source, policy=policy).verdict is Verdict.INVALID


@pytest.mark.parametrize("accept", [False, True])
def test_keys_go_only_when_everything_is_dated(office: Office, accept: bool) -> None:
    office.ledger.dating = False
    made = office.issued("scope", "SC-1", scope_data())
    source = office.client.get(office.path(made["url"])).content
    rotate = "/orgs/fa/identity/rotate"
    office.world.clock += timedelta(days=1)
    refused = office.call("POST", rotate)
    assert (refused.status_code, refused.json()["code"]) == (409, "receipts_missing")
    if accept:  # the keys were stolen, say: they go now, and what nobody dated is undecided from now on
        assert office.call("POST", f"{rotate}?undated=accept").status_code == 200
    office.ledger.dating = True
    if not accept:
        office.app.state.issuer.certificates.fetch_receipts("fa")
        office.world.clock += timedelta(seconds=1)
        assert office.call("POST", rotate).status_code == 200
    office.world.clock += timedelta(days=1)
    assert office.examine(source).verdict is (Verdict.UNDECIDED if accept else Verdict.VALID)
