"""VCALM 1.0, ``presentations``: made in every way by holders for test suites, and believed."""

from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.benches import GONE, V1, V2, Benches, open_benches

DOMAIN = "suite.example"
CHALLENGE = "uAAECAwQFBgcICQoLDA0ODw"
EMBEDDED = {
    "eddsa-jcs-2022": ["ed25519"],
    "eddsa-rdfc-2022": ["ed25519"],
    "ecdsa-jcs-2019": ["p256", "p384"],
    "ecdsa-rdfc-2019": ["p256", "p384"],
    "ed25519signature2020": ["ed25519"],
}
NAMES = [
    *(f"{suite}-{key}" if len(keys) > 1 else suite for suite, keys in EMBEDDED.items() for key in keys),
    *("vp-jwt", "vp-sd-jwt", "vp-cose"),
]
NAME = "eddsa-jcs-2022"


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    with open_benches(tmp_path_factory.mktemp("benches")) as opened:
        yield opened


def presentation(**changes: Any) -> dict[str, Any]:
    document: dict[str, Any] = {"@context": [V2], "type": ["VerifiablePresentation"], **changes}
    return {name: value for name, value in document.items() if value is not GONE}


def judge(benches: Benches, secured: Any, **options: str) -> Any:
    body = {"verifiablePresentation": secured, "options": options}
    return benches.verifier.post("/conformance/presentations/verify", json=body)


def test_there_is_a_holder_for_each_way(benches: Benches) -> None:
    listed = benches.wallet.get("/conformance").json()["holders"]
    assert sorted(one["name"] for one in listed) == sorted(NAMES)
    assert len({one["id"] for one in listed}) == len(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_what_it_presents_is_believed_by_the_one_who_asked(benches: Benches, name: str) -> None:
    shown = [benches.issued("eddsa-rdfc-2022"), benches.issued("vc-jwt"), benches.issued("vc-cose")]
    made = benches.present(name, presentation(verifiableCredential=shown), domain=DOMAIN, challenge=CHALLENGE)
    assert made.status_code == 201, made.text
    secured = made.json()["verifiablePresentation"]
    assert ("proof" in secured) is not name.startswith("vp-")
    answer = judge(benches, secured, domain=DOMAIN, challenge=CHALLENGE)
    assert answer.status_code == 200, answer.text
    assert judge(benches, secured, domain=DOMAIN, challenge="another").status_code == 422
    assert judge(benches, secured, domain="another.example", challenge=CHALLENGE).status_code == 422


@pytest.mark.parametrize("name", [NAME, "ecdsa-rdfc-2019-p384", "vp-jwt"])
def test_it_names_itself_and_nobody_else(benches: Benches, name: str) -> None:
    did = benches.holder(name)
    for holder in (GONE, did, {"id": did}):
        assert benches.present(name, presentation(holder=holder)).status_code == 201
    answer = benches.present(name, presentation(holder="did:example:another"))
    assert (answer.status_code, answer.json()["code"]) == (422, "holder_foreign")


@pytest.mark.parametrize(
    ("name", "options", "status"),
    [
        (NAME, {"type": "DataIntegrityProof", "cryptosuite": NAME, "proofPurpose": "authentication"}, 201),
        (NAME, {"cryptosuite": "eddsa-rdfc-2022"}, 422),
        (NAME, {"type": "Ed25519Signature2020"}, 422),
        (NAME, {"proofPurpose": "assertionMethod"}, 422),
        (NAME, {"verificationMethod": "did:example:another#key"}, 422),
        (NAME, {"created": "2026-01-01T00:00:00Z"}, 400),
        (NAME, {"challenge": ""}, 400),
        (NAME, {"unheard": 1}, 400),
        ("ed25519signature2020", {"type": "Ed25519Signature2020"}, 201),
        ("ed25519signature2020", {"cryptosuite": "Ed25519Signature2020"}, 422),
        ("vp-jwt", {"proofPurpose": "authentication"}, 201),
        ("vp-jwt", {"type": "DataIntegrityProof"}, 422),
    ],
)
def test_options_are_what_it_does_anyway(
    benches: Benches, name: str, options: dict[str, Any], status: int
) -> None:
    answer = benches.present(name, presentation(), **options)
    assert answer.status_code == status, answer.text
    if status != 201:
        problem = answer.json()
        assert problem["path"] == f"/options/{next(iter(options))}"
        assert (status == 422) is (problem["code"] == "option_unfit")


BAD: list[tuple[dict[str, Any], str]] = [
    ({"@context": ["https://www.w3.org/ns/credentials/examples/v2"]}, "/presentation/@context"),
    ({"type": "Show"}, "/presentation/type"),
    ({"undefined": 5}, "/presentation/undefined"),
    ({"proof": {}}, "/presentation/proof"),
    ({"holder": "no address"}, "/presentation/holder"),
    ({"verifiableCredential": ["x.y.z"]}, "/presentation/verifiableCredential"),
    (
        {"verifiableCredential": [{"@context": [V2], "type": ["VerifiableCredential"]}]},
        "/presentation/verifiableCredential/0",
    ),
    (
        {"verifiableCredential": {"@context": V2, "type": "EnvelopedVerifiableCredential", "id": "urn:x"}},
        "/presentation/verifiableCredential/id",
    ),
]


@pytest.mark.parametrize("name", [NAME, "eddsa-rdfc-2022", "vp-jwt", "vp-cose"])
@pytest.mark.parametrize(("changes", "path"), BAD)
def test_what_is_no_presentation_is_not_signed(
    benches: Benches, name: str, changes: dict[str, Any], path: str
) -> None:
    answer = benches.present(name, presentation(**changes))
    assert answer.status_code in (400, 422), answer.text
    assert answer.json()["path"].startswith(path), answer.text


def test_a_presentation_of_1_1_has_a_proof_and_no_envelope(benches: Benches) -> None:
    older = presentation(**{"@context": [V1]})
    made = benches.present("ed25519signature2020", older)
    assert made.status_code == 201, made.text
    answer = benches.present("vp-jwt", older)
    assert (answer.status_code, answer.json()["code"]) == (422, "model_unfit")


@pytest.mark.parametrize("suite", ["ecdsa-sd-2023"])
def test_a_base_proof_stays_with_its_holder(benches: Benches, suite: str) -> None:
    base = benches.issued(suite)
    for name in (NAME, "vp-jwt"):
        answer = benches.present(name, presentation(verifiableCredential=[base]))
        assert (answer.status_code, answer.json()["code"]) == (422, "sd_base_proof")
    derived = benches.derive(base, selectivePointers=["/credentialSubject"]).json()["verifiableCredential"]
    assert benches.present(NAME, presentation(verifiableCredential=[derived])).status_code == 201


def test_a_proof_that_it_does_not_know_is_not_shown(benches: Benches) -> None:
    made = benches.issued("eddsa-jcs-2022")
    made["proof"]["cryptosuite"] = "eddsa-2099"
    answer = benches.present(NAME, presentation(verifiableCredential=[made]))
    assert (answer.status_code, answer.json()["code"]) == (422, "suite_unsupported")


def test_who_is_not_there_presents_and_derives_nothing(benches: Benches) -> None:
    assert benches.present("nobody", presentation()).status_code == 404
    body = {"verifiableCredential": {"a": 1}, "options": {}}
    assert benches.wallet.post("/conformance/holders/nobody/credentials/derive", json=body).status_code == 404


def test_a_holder_derives_as_all_do(benches: Benches) -> None:
    base = benches.issued("ecdsa-sd-2023")
    body = {"verifiableCredential": base, "options": {"selectivePointers": ["/credentialSubject"]}}
    answer = benches.wallet.post(f"/conformance/holders/{NAME}/credentials/derive", json=body)
    assert answer.status_code == 201, answer.text
    assert benches.verify(answer.json()["verifiableCredential"]).status_code == 200
