"""The VC API of organisations, held to the same contract as the issuers for test suites."""

import base64
import hashlib
import json
from collections.abc import Iterator
from typing import Any

import pytest

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.multihash import make_digest_multibase
from certweave.examine.report import Step, Verdict
from tests.support.benches import GONE, V1, V2
from tests.support.issuing import Office, open_office
from tests.support.vc_api_cases import BAD, GOOD

URL = "/orgs/fa/credentials/issue"
SRI = "sha384-" + base64.b64encode(hashlib.sha384(b"a picture").digest()).decode()
MULTIBASE = make_digest_multibase(b"a picture")
EXAMPLES = "https://www.w3.org/ns/credentials/examples/v2"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office"), allow_non_untp=True) as opened:
        yield opened


def credential(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {
        "@context": [V2],
        "id": "urn:uuid:0d1f9a52-7a52-4d7e-9b57-2f5d3b1c0a11",
        "type": ["VerifiableCredential"],
        "credentialSubject": {"id": "did:example:a-bale-of-cotton"},
    }
    document.update(changes)
    return {name: value for name, value in document.items() if value is not GONE}


def issue(office: Office, document: Any, **options: Any) -> Any:
    return office.call("POST", URL, {"credential": document, "options": options})


@pytest.mark.parametrize(
    "changes", [case for case in GOOD if EXAMPLES not in case.get("@context", ()) and "id" not in case]
)
def test_it_is_issued(office: Office, changes: dict[str, Any]) -> None:
    named = {"id": f"urn:example:{GOOD.index(changes)}"}
    answer = issue(office, credential(**named, **changes))
    assert answer.status_code == 201, answer.text
    made = answer.json()["verifiableCredential"]
    assert made["issuer"] == office.did()
    assert {name: made[name] for name in changes if name != "@context"} == {
        name: value for name, value in changes.items() if name != "@context"
    }


@pytest.mark.parametrize(("changes", "path"), [case for case in BAD if case[0].get("issuer") is not GONE])
def test_it_is_refused_with_its_place(office: Office, changes: dict[str, Any], path: str) -> None:
    answer = issue(office, credential(**changes))
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    said = answer.json()["path"] or ""
    # That the issuer is not this one is said before anything about its name.
    assert said.startswith(path) or (said, path[:18]) == ("/credential/issuer", "/credential/issuer")


def test_version_1_1_is_issued_and_holds(office: Office) -> None:
    made = issue(office, credential(**{"@context": [V1], "id": GONE})).json()["verifiableCredential"]
    assert made["@context"][:2] == [V1, "https://w3id.org/security/data-integrity/v2"]
    assert made["@context"][2:] == ["https://www.w3.org/ns/credentials/status/v1"]
    assert made["issuanceDate"] == "2026-03-12T09:00:00Z"
    report = office.examine(json.dumps(made).encode())
    assert report.verdict is Verdict.VALID, [check.detail for check in report.decisive()]
    assert "1.1" in report.check(Step.MODEL).detail


@pytest.mark.parametrize("digest", ["digestSRI", "digestMultibase"])
@pytest.mark.parametrize(
    ("served", "status", "code"),
    [
        (b"a picture", 201, None),
        (b"another picture", 422, "digest_mismatch"),
        (None, 422, "related_resource_not_compared"),
    ],
)
def test_what_it_points_to_is_fetched_and_compared(
    office: Office, digest: str, *, served: bytes | None, status: int, code: str | None
) -> None:
    url = f"https://brand.example/{digest}/{code}.png"
    if served is not None:
        office.world.documents[url] = served
    wanted = {
        "digestSRI": SRI,
        "digestMultibase": MULTIBASE,
    }
    related = [{"id": url, digest: wanted[digest]}]
    answer = issue(office, credential(id=f"urn:example:{digest}:{code}", relatedResource=related))
    assert answer.status_code == status, answer.text
    assert code is None or answer.json()["code"] == code
    assert code is None or answer.json()["path"].startswith("/credential/relatedResource/0")


def test_the_published_context_is_known_by_its_digest(office: Office) -> None:
    published = bytes.fromhex("59955ced6697d61e03f2b2556febe5308ab16842846f5b586d7f1f7adec92734")
    for digest, status in ((published, 201), (published[::-1], 422)):
        related = [{"id": V2, "digestMultibase": encode_multibase(b"\x12\x20" + digest)}]
        answer = issue(office, credential(id=f"urn:example:{status}", relatedResource=related))
        assert answer.status_code == status, answer.text


@pytest.mark.parametrize("flag", [{}, {"status": True}])
def test_a_status_without_a_flag_is_set(office: Office, flag: dict[str, Any]) -> None:
    made = issue(office, credential(id=f"urn:example:status:{len(flag)}")).json()["verifiableCredential"]
    entry = {"type": "BitstringStatusListEntry", "statusPurpose": "suspension"}
    body = {"credentialId": made["id"], "credentialStatus": entry, "reason": "fraud", **flag}
    answer = office.call("POST", "/orgs/fa/credentials/status", body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["inForce"] == "suspended"
