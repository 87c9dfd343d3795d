"""VC API, ``credentials/verify`` as test suites call it: a valid credential is 200, a spoilt one 400 or 422.

The suites are vc-api-verifier and the parts of the Data Integrity suites that are about verifying
(docs/reference/conformance.md). Each case spoils what one of our own issuers signed.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.benches import GONE, V1, Benches, open_benches


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    with open_benches(tmp_path_factory.mktemp("benches")) as opened:
        yield opened


def spoilt(document: Any, path: str, value: Any) -> Any:
    """Return a copy in which one member is another, or is gone."""
    copied = dict(document)
    name, _, rest = path.partition("/")
    if rest:
        copied[name] = spoilt(copied[name], rest, value)
    elif value is GONE:
        del copied[name]
    else:
        copied[name] = value
    return copied


def test_each_issuer_is_believed(benches: Benches) -> None:
    names = [one["name"] for one in benches.issuer.get("/conformance").json()["issuers"]]
    for name in names:
        made = benches.issued(name)
        if name in ("ecdsa-sd-2023", "bbs-2023"):  # a base proof is for the holder alone
            assert benches.verify(made).status_code == 422
            pointers = ["/credentialSubject/id"]
            made = benches.derive(made, selectivePointers=pointers).json()["verifiableCredential"]
        answer = benches.verify(made)
        assert answer.status_code == 200, (name, answer.text)
        assert answer.json()["verified"] is True


@pytest.mark.parametrize("name", ["eddsa-jcs-2022", "ecdsa-jcs-2019-p256"])
def test_version_1_1_is_believed_too(benches: Benches, name: str) -> None:
    answer = benches.verify(benches.issued(name, version=V1))
    assert answer.status_code == 200, answer.text


MEMBERS = ["@context", "type", "issuer", "credentialSubject", "proof"]
PROOF = ["type", "cryptosuite", "verificationMethod", "proofPurpose", "proofValue", "created"]
OTHERS: dict[str, list[Any]] = {
    "@context": ["text", {}, None, 10, True, [[]], [None], [10], [True]],
    "type": ["text", {}, None, 10, True, [[]], [{}], [None], [10], [True]],
    "issuer": [[], None, 10, True, "did:example:other"],
    "credentialSubject": ["text", None, 10, True, []],
    "proof": ["text", None, 10, True, [], {}, [None]],
    "proof/type": ["Unknown", 5, None, ["DataIntegrityProof"]],
    "proof/cryptosuite": ["eddsa-2099", 5, None],
    "proof/proofPurpose": ["authentication", "undefined", 5, None],
    "proof/proofValue": ["", "z", "uAAAA", "zAAAA", "z0OIl", 5, None],
    "proof/verificationMethod": ["", "did:example:key#1", "did:key:z6Mk", 5, None],
    "proof/created": ["2026-03-12", "yesterday", 5, "2099-01-01T00:00:00Z"],
    "proof/expires": ["2020-01-01T00:00:00Z", "soon"],
    "proof/previousProof": ["urn:uuid:there-is-none"],
    "credentialSubject/id": ["did:example:another-bale"],
    "credentialSubject/undefined": [5],
    "validUntil": ["2020-01-01T00:00:00Z"],
}
CASES = [
    *((member, GONE) for member in MEMBERS),
    *((f"proof/{member}", GONE) for member in PROOF),
    *((path, value) for path, values in OTHERS.items() for value in values),
]


@pytest.mark.parametrize("name", ["eddsa-jcs-2022", "ecdsa-jcs-2019-p256"])
@pytest.mark.parametrize(("path", "value"), CASES)
def test_what_is_spoilt_is_refused(benches: Benches, name: str, path: str, value: Any) -> None:
    answer = benches.verify(spoilt(benches.issued(name), path, value))
    assert answer.status_code in (400, 422), answer.text
    problem = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["verified"] is False
    assert problem["problemDetails"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        {"verifiableCredential": None},
        {"verifiableCredential": []},
        {"credential": {"type": "VerifiableCredential"}},
        {"verifiableCredential": {"type": ["Nonconforming"]}, "options": 5},
        {"verifiableCredential": {"type": ["Nonconforming"]}, "options": {"checks": "proof"}},
        {"verifiableCredential": {"type": ["Nonconforming"]}, "verifiablePresentation": {}},
    ],
)
def test_a_body_of_another_form_is_400(benches: Benches, body: Any) -> None:
    answer = benches.verifier.post("/conformance/credentials/verify", json=body)
    assert answer.status_code == 400, answer.text


def test_a_document_that_does_not_conform_is_refused(benches: Benches) -> None:
    assert benches.verify({"type": ["Nonconforming"]}).status_code in (400, 422)
    body = {"verifiablePresentation": {"type": ["Nonconforming"]}, "options": {}}
    assert benches.verifier.post("/conformance/presentations/verify", json=body).status_code in (400, 422)


KINDS = [
    ({"proof": GONE}, "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
    ({"name": "Another"}, "https://w3id.org/security#PROOF_VERIFICATION_ERROR"),
    ({"issuer": 5}, "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"),
    ({"type": GONE}, "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"),
]


@pytest.mark.parametrize(("changes", "kind"), KINDS)
def test_a_problem_has_the_type_that_the_texts_of_w3c_name(
    benches: Benches, changes: dict[str, Any], kind: str
) -> None:
    made = benches.issued("eddsa-jcs-2022") | changes
    answer = benches.verify({name: value for name, value in made.items() if value is not GONE}).json()
    assert answer["type"] == answer["problemDetails"][0]["type"] == kind
    assert {"title", "detail"} <= answer["problemDetails"][0].keys()


def test_an_option_that_nobody_knows_has_its_own(benches: Benches) -> None:
    answer = benches.verify(benches.issued("eddsa-jcs-2022"), luck=True)
    assert (answer.status_code, answer.json()["path"]) == (400, "/options/luck")
    assert answer.json()["type"] == "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"


@pytest.mark.parametrize("name", ["eddsa-rdfc-2022", "vc-jwt", "bitstring"])
def test_the_answer_holds_what_was_asked_for(benches: Benches, name: str) -> None:
    made = benches.issued(name, validFrom="2026-01-01T00:00:00Z")
    plain = benches.verify(made).json()
    assert plain["problemDetails"] == []
    assert {"credential", "results"}.isdisjoint(plain)
    asked = {"returnCredential": True, "returnResults": True, "returnProblemDetails": False}
    full = benches.verify(made, **asked).json()
    assert (full["verified"], full["credential"], "problemDetails" in full) == (True, made, False)
    results = full["results"]
    assert results["validFrom"] == {"verified": True, "input": "2026-01-01T00:00:00Z"}
    assert [one["input"] for one in results["proof"]] == ([made["proof"]] if "proof" in made else [])
    if name == "bitstring":
        assert [one["input"] for one in results["credentialStatus"]] == made["credentialStatus"]
        assert all(one["verified"] for one in results["credentialStatus"])


def test_results_of_a_credential_that_does_not_hold(benches: Benches) -> None:
    made = benches.issued("eddsa-jcs-2022", validUntil="2099-01-01T00:00:00Z") | {"name": "Another"}
    results = benches.verify(made, returnResults=True).json()["results"]
    assert results == {
        "validUntil": {"verified": False, "input": "2099-01-01T00:00:00Z"},
        "proof": [{"verified": False, "input": made["proof"]}],
    }
