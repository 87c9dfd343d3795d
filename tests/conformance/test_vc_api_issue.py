"""VC API, ``credentials/issue`` as test suites call it: what those of W3C expect, in cases of our own.

Each case is a change to a good credential. The suites are vc-api-issuer, vc-data-model-2.0 and the parts of
the Data Integrity suites that are about creating (docs/reference/conformance.md).
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.benches import V1, Benches, credential, open_benches
from tests.support.vc_api_cases import BAD, GOOD

NAME = "eddsa-jcs-2022"


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    with open_benches(tmp_path_factory.mktemp("benches")) as opened:
        yield opened


@pytest.mark.parametrize("changes", GOOD)
def test_it_is_issued_and_holds(benches: Benches, changes: dict[str, Any]) -> None:
    sent = credential(benches.did(NAME), **changes)
    answer = benches.issue(NAME, sent)
    assert answer.status_code == 201, answer.text
    made = answer.json()["verifiableCredential"]
    proof = made["proof"]
    assert (proof["type"], proof["cryptosuite"]) == ("DataIntegrityProof", "eddsa-jcs-2022")
    assert proof["proofPurpose"] == "assertionMethod"
    assert proof["verificationMethod"].partition("#")[0] == benches.did(NAME)
    assert proof["proofValue"].startswith("z")
    assert made["@context"][: len(sent["@context"])] == sent["@context"]
    kept = {name: made[name] for name in sent if name != "@context"}
    assert kept == {name: value for name, value in sent.items() if name != "@context"}


@pytest.mark.parametrize(
    ("options", "status"), [({}, 201), ({"options": {}}, 201), ({"options": {"mandatoryPointers": []}}, 201)]
)
def test_options_may_be_absent_or_empty(benches: Benches, options: dict[str, Any], status: int) -> None:
    assert benches.issue(NAME, credential(benches.did(NAME)), **options).status_code == status


def test_an_issuer_may_be_an_object(benches: Benches) -> None:
    issuer = {"id": benches.did(NAME), "name": {"@value": "Aussteller", "@language": "de"}}
    answer = benches.issue(NAME, credential("", issuer=issuer))
    assert answer.status_code == 201
    assert answer.json()["verifiableCredential"]["issuer"] == issuer


def test_version_1_1_gets_its_date_and_the_context_of_its_proof(benches: Benches) -> None:
    made = benches.issued(NAME, version=V1)
    assert made["issuanceDate"] == "2026-03-12T09:00:00Z"
    assert made["@context"] == [V1, "https://w3id.org/security/data-integrity/v2"]


@pytest.mark.parametrize(("changes", "path"), BAD)
def test_it_is_refused_with_its_place(benches: Benches, changes: dict[str, Any], path: str) -> None:
    answer = benches.issue(NAME, credential(benches.did(NAME), **changes))
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    problem = answer.json()
    assert problem["status"] == answer.status_code
    assert problem["code"]
    assert (problem["path"] or "").startswith(path)


@pytest.mark.parametrize(
    ("body", "path"),
    [
        ({}, "/credential"),
        ({"verifiableCredential": {"type": "VerifiableCredential"}}, "/verifiableCredential"),
        ({"credential": {"a": 1}, "options": {"unheard": 1}}, "/options/unheard"),
        ({"credential": []}, "/credential"),
        ({"credential": {}}, "/credential"),
        ({"credential": {"type": "VerifiableCredential"}, "options": []}, "/options"),
        ({"credential": {"a": 1}, "options": {"mandatoryPointers": 5}}, "/options/mandatoryPointers"),
        ({"credential": {"a": 1}, "options": {"mandatoryPointers": [5]}}, "/options/mandatoryPointers"),
        ({"credential": {"a": 1}, "options": {"credentialId": 5}}, "/options/credentialId"),
    ],
)
def test_a_body_of_another_form_is_400(benches: Benches, body: Any, path: str) -> None:
    answer = benches.issuer.post(f"/conformance/{NAME}/credentials/issue", json=body)
    assert answer.status_code == 400
    assert answer.json()["path"] == path


def test_a_doubled_member_is_refused(benches: Benches) -> None:
    answer = benches.issuer.post(
        f"/conformance/{NAME}/credentials/issue",
        content=b'{"credential": {"a": 1}, "credential": {"a": 2}}',
        headers={"content-type": "application/json"},
    )
    assert answer.status_code == 400


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("application/json", 201),
        ("application/json; charset=utf-8", 201),
        ("Application/LD+JSON", 201),
        (None, 201),
        ("text/plain", 415),
        ("application/x-www-form-urlencoded", 415),
        ("application/vc", 415),
        ("json", 415),
    ],
)
def test_a_body_is_called_json_or_nothing(benches: Benches, kind: str | None, status: int) -> None:
    content = json.dumps({"credential": credential(benches.did(NAME))})
    headers = {} if kind is None else {"content-type": kind}
    where = f"/conformance/{NAME}/credentials/issue"
    answer = benches.issuer.post(where, content=content, headers=headers)
    assert answer.status_code == status
    if status == 415:
        assert answer.headers["content-type"] == "application/problem+json"
        assert answer.json()["code"] == "media_type_unsupported"


def test_a_body_too_large_is_413(benches: Benches) -> None:
    answer = benches.issue(NAME, credential(benches.did(NAME), name="x" * (1 << 20)))
    assert answer.status_code == 413


def test_an_issuer_that_is_not_there_is_404(benches: Benches) -> None:
    assert benches.issue("eddsa-2099", credential("urn:x:1")).status_code == 404


def test_every_suite_has_an_issuer_for_each_kind_of_key(benches: Benches) -> None:
    listed = benches.issuer.get("/conformance").json()["issuers"]
    assert len({one["id"] for one in listed}) == len(listed) == len({one["name"] for one in listed})
    assert {"eddsa-jcs-2022", "ecdsa-rdfc-2019", "Ed25519Signature2020", "ecdsa-sd-2023", "vc+jwt"} <= {
        one["suite"] for one in listed
    }
    curves = {one["key"] for one in listed if one["suite"] == "ecdsa-rdfc-2019"}
    assert curves == {"P-256", "P-384"}


def test_other_instances_have_no_such_issuers(tmp_path: Path) -> None:
    from tests.support.issuing import open_office

    with open_office(tmp_path) as office:
        assert office.client.get("/conformance").status_code == 404
        assert office.client.post("/conformance/eddsa-jcs-2022/credentials/issue", json={}).status_code == 404


@pytest.mark.parametrize("name", ["vc-jwt", "vc-sd-jwt", "vc-cose"])
def test_an_enveloped_one_is_issued_and_holds(benches: Benches, name: str) -> None:
    made = benches.issued(name)
    assert made["type"] == "EnvelopedVerifiableCredential"
    assert made["id"].startswith(f"data:application/{name.replace('-', '+', 1)}")
    assert benches.verify(made).status_code == 200
    older = benches.issue(name, credential(benches.did(name), version=V1))
    assert (older.status_code, older.json()["code"]) == (422, "model_unfit")
