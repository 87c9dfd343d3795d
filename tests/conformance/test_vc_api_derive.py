"""VC API, ``credentials/derive``: what the suites of selective disclosure expect of issuer and holder."""

import importlib.util
from collections.abc import Iterator
from typing import Any

import pytest
from tests.support.benches import V1, V2, Benches, open_benches
from tests.support.committing import committed
from tests.support.disclosing import around, entropy

from certweave.proof.derive import derive_credential
from certweave.proof.suites.bbs_2023_json import commitment_json
from certweave.proof.suites.bbs_2023_values import Feature

BBS = pytest.mark.skipif(
    importlib.util.find_spec("py_arkworks_bls12381") is None, reason="bbs: the extra is not installed"
)
NAMES = ["ecdsa-sd-2023", pytest.param("bbs-2023", marks=BBS)]
VALID = "2026-01-01T00:00:00Z"


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    with open_benches(tmp_path_factory.mktemp("benches")) as opened:
        yield opened


def subject(**members: Any) -> dict[str, Any]:
    return {"id": "did:example:a-bale", "https://x.example/weight": 5, "name": "a bale", **members}


def issued(benches: Benches, name: str, **options: Any) -> dict[str, Any]:
    made = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": benches.did(name),
        "validFrom": VALID,
        "credentialSubject": subject(),
    }
    answer = benches.issue(name, made, options=options)
    assert answer.status_code == 201, answer.text
    return dict(answer.json()["verifiableCredential"])


@pytest.mark.parametrize("name", NAMES)
def test_what_is_selected_is_shown_and_believed(benches: Benches, name: str) -> None:
    answer = benches.derive(issued(benches, name), selectivePointers=["/credentialSubject/name"])
    assert answer.status_code == 201, answer.text
    shown = answer.json()["verifiableCredential"]
    # Who names none gets those pointers without which a verifier cannot judge: the holder cannot hide them.
    assert shown["issuer"] == benches.did(name)
    assert shown["validFrom"] == VALID
    assert shown["credentialSubject"]["name"] == "a bale"
    assert "https://x.example/weight" not in shown["credentialSubject"]
    assert shown["proof"]["cryptosuite"] == name
    assert shown["proof"]["proofValue"].startswith("u")
    assert benches.verify(shown).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_what_is_mandatory_cannot_be_hidden(benches: Benches, name: str) -> None:
    made = issued(benches, name, mandatoryPointers=["/issuer", "/credentialSubject/name"])
    shown = benches.derive(made, selectivePointers=["/validFrom"]).json()["verifiableCredential"]
    assert shown["credentialSubject"]["name"] == "a bale"
    assert benches.verify(shown).status_code == 200


@pytest.mark.parametrize("name", NAMES)
def test_version_1_1(benches: Benches, name: str) -> None:
    made = benches.issued(name, version=V1)
    shown = benches.derive(made, selectivePointers=["/credentialSubject/id"]).json()["verifiableCredential"]
    assert shown["issuanceDate"] == made["issuanceDate"]
    assert benches.verify(shown).status_code == 200


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("path", ["credentialSubject", "validFrom", "issuer", "proof"])
def test_what_is_spoilt_afterwards_is_refused(benches: Benches, name: str, path: str) -> None:
    answer = benches.derive(issued(benches, name), selectivePointers=["/credentialSubject/name"])
    shown = answer.json()["verifiableCredential"]
    spoilt = {
        "credentialSubject": {**shown["credentialSubject"], "name": "another bale"},
        "validFrom": "2025-01-01T00:00:00Z",
        "issuer": "did:example:other",
        "proof": {**shown["proof"], "proofValue": "u2V0BhA"},
    }
    assert benches.verify({**shown, path: spoilt[path]}).status_code in (400, 422)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "options",
    [
        {"mandatoryPointers": ["no pointer"]},
        {"mandatoryPointers": ["/credentialSubject/nothing"]},
        {"mandatoryPointers": [5]},
        {"mandatoryPointers": "/issuer"},
    ],
)
def test_bad_mandatory_pointers(benches: Benches, name: str, options: dict[str, Any]) -> None:
    sent = {"@context": [V2], "type": ["VerifiableCredential"], "issuer": benches.did(name)}
    answer = benches.issue(name, {**sent, "credentialSubject": subject()}, options=options)
    assert answer.status_code in (400, 422), answer.text


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "pointers", [[], ["no pointer"], ["/credentialSubject/nothing"], [5], "/issuer", None]
)
def test_bad_selective_pointers(benches: Benches, name: str, pointers: Any) -> None:
    made = issued(benches, name, mandatoryPointers=[])
    assert benches.derive(made, selectivePointers=pointers).status_code in (400, 422)


@pytest.mark.parametrize("body", [{}, {"verifiableCredential": "token"}, {"verifiableCredential": {}}, []])
def test_a_body_of_another_form_is_400(benches: Benches, body: Any) -> None:
    assert benches.wallet.post("/conformance/credentials/derive", json=body).status_code == 400


def test_nothing_is_derived_from_another_suite(benches: Benches) -> None:
    made = benches.issued("eddsa-rdfc-2022")
    answer = benches.derive(made, selectivePointers=["/credentialSubject"])
    assert (answer.status_code, answer.json()["code"]) == (422, "sd_no_base_proof")


@BBS
def test_a_credential_is_bound_to_what_its_holder_committed_to(benches: Benches) -> None:
    commitment, secrets = committed(Feature.HOLDER_BINDING)
    base = issued(benches, "bbs-2023", commitment=commitment_json(commitment))
    # The holder's secrets never leave it: the wallet for test suites cannot derive from this, its holder can.
    assert benches.derive(base, selectivePointers=["/credentialSubject"]).status_code == 422
    derived = derive_credential(
        base, ("/credentialSubject",), around=around(), entropy=entropy("show"), holder=secrets
    )
    assert benches.verify(derived).status_code == 200


@BBS
@pytest.mark.parametrize(
    ("name", "changes", "path"),
    [
        ("ecdsa-sd-2023", {}, "/options/commitment"),
        ("eddsa-jcs-2022", {}, "/options/commitment"),
        ("bbs-2023", {"more": 1}, "/options/commitment"),
        ("bbs-2023", {"featureOption": 5}, "/options/commitment/featureOption"),
        ("bbs-2023", {"commitmentWithProof": "x"}, "/options/commitment/commitmentWithProof"),
    ],
)
def test_a_commitment_that_fits_nothing(
    benches: Benches, name: str, changes: dict[str, Any], path: str
) -> None:
    commitment = commitment_json(committed(Feature.HOLDER_BINDING)[0]) | changes
    made = {
        "@context": [V2],
        "type": ["VerifiableCredential"],
        "issuer": benches.did(name),
        "credentialSubject": {"id": "did:example:a-bale"},
    }
    answer = benches.issue(name, made, options={"commitment": commitment})
    assert answer.status_code in (400, 422)
    assert answer.json()["path"] == path
