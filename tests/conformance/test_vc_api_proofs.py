"""VC API, ``credentials/verify`` with sets and chains of proofs, and with proofs that were made wrongly.

What the library behind the Data Integrity suites of W3C (data-integrity-test-suite-assertion) expects of a
verifier, in cases of our own.
"""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from tests.support.benches import V1, Benches, Party, credential, open_benches

from certweave.canon.jcs import canonicalize
from certweave.canon.rdf import canonical_form
from certweave.canon.rdfc import Hash
from certweave.encoding.multibase import encode_multibase
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.contexts import load_context_store

FIRST = "urn:uuid:26329423-0000-4000-8000-000000000001"
ISSUED = {"purpose": "assertionMethod"}


@pytest.fixture(scope="module")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Benches]:
    with open_benches(tmp_path_factory.mktemp("benches")) as opened:
        yield opened


@pytest.fixture(scope="module")
def issuer() -> Party:
    return Party.make()


@pytest.fixture(scope="module")
def stranger() -> Party:
    return Party.make(bytes(reversed(range(32))))


@pytest.mark.parametrize("previous", [FIRST, [FIRST]])
def test_a_chain_that_a_stranger_began(
    benches: Benches, issuer: Party, stranger: Party, previous: str | list[str]
) -> None:
    first = stranger.sign(credential(issuer.did), at=benches.clock, proof_id=FIRST, **ISSUED)
    made = issuer.sign(first, at=benches.clock, previous_proof=previous, **ISSUED)
    answer = benches.verify(made)
    assert answer.status_code == 200, answer.text


def test_a_set(benches: Benches, issuer: Party) -> None:
    made = issuer.sign(
        issuer.sign(credential(issuer.did), at=benches.clock, **ISSUED), at=benches.clock, **ISSUED
    )
    assert len(made["proof"]) == 2
    assert benches.verify(made).status_code == 200


@pytest.mark.parametrize("previous", ["urn:uuid:none", [FIRST, "urn:uuid:none"], [], 5, [5]])
def test_a_chain_that_leads_nowhere(benches: Benches, issuer: Party, previous: Any) -> None:
    first = issuer.sign(credential(issuer.did), at=benches.clock, proof_id=FIRST, **ISSUED)
    made = issuer.sign(first, at=benches.clock, previous_proof=FIRST, **ISSUED)
    made["proof"][1]["previousProof"] = previous
    assert benches.verify(made).status_code in (400, 422)


@pytest.mark.parametrize("spoilt", [0, 1])
def test_each_proof_of_a_chain_has_to_hold(
    benches: Benches, issuer: Party, stranger: Party, spoilt: int
) -> None:
    first = stranger.sign(credential(issuer.did), at=benches.clock, proof_id=FIRST, **ISSUED)
    made = issuer.sign(first, at=benches.clock, previous_proof=FIRST, **ISSUED)
    made["proof"][spoilt]["proofValue"] = made["proof"][1 - spoilt]["proofValue"]
    assert benches.verify(made).status_code in (400, 422)


def test_a_chain_may_not_lose_its_beginning(benches: Benches, issuer: Party, stranger: Party) -> None:
    first = stranger.sign(credential(issuer.did), at=benches.clock, proof_id=FIRST, **ISSUED)
    made = issuer.sign(first, at=benches.clock, previous_proof=FIRST, **ISSUED)
    assert benches.verify({**made, "proof": made["proof"][1]}).status_code in (400, 422)


def test_without_the_issuer_nothing_is_issued(benches: Benches, issuer: Party, stranger: Party) -> None:
    made = stranger.sign(credential(issuer.did), at=benches.clock, **ISSUED)
    answer = benches.verify(made)
    assert (answer.status_code, answer.json()["code"]) == (422, "foreign_signer")


def test_an_issuer_that_is_an_address_is_noted(benches: Benches, issuer: Party) -> None:
    made = issuer.sign(credential("https://vc.example/issuers/5"), at=benches.clock, **ISSUED)
    answer = benches.verify(made)
    assert answer.status_code == 200
    assert "issuer_not_bound" in {note["code"] for note in answer.json()["notes"]}
    ordinary = benches.verifier.post("/credentials/verify", json={"verifiableCredential": made})
    assert (ordinary.status_code, ordinary.json()["code"]) == (422, "issuer_not_bound")


Make = Callable[[dict[str, Any]], bytes]


def rdf(document: dict[str, Any]) -> bytes:
    canonical = canonical_form(
        document, contexts=load_context_store(), hash_name=Hash.SHA256, limits=DEFAULT_LIMITS
    )
    return canonical.text.encode()


@pytest.mark.parametrize(
    ("form", "digest", "good"),
    [
        (rdf, hashlib.sha256, True),
        (rdf, hashlib.sha512, False),
        (rdf, hashlib.sha384, False),
        (canonicalize, hashlib.sha256, False),
    ],
)
@pytest.mark.parametrize("kind", ["eddsa-rdfc-2022", "Ed25519Signature2020"])
def test_only_its_own_way_of_making_is_believed(
    benches: Benches, issuer: Party, kind: str, *, form: Make, digest: Any, good: bool
) -> None:
    """The proof is made here by hand, stage by stage, so that one stage can be another."""
    document = credential(issuer.did)
    options: dict[str, Any] = {"type": "DataIntegrityProof", "cryptosuite": kind}
    if kind == "Ed25519Signature2020":
        document["@context"].append("https://w3id.org/security/suites/ed25519-2020/v1")
        options = {"type": kind}
    options |= {"created": "2026-03-12T09:00:00Z", "verificationMethod": issuer.signer.method}
    options |= {"proofPurpose": "assertionMethod"}
    hashed = (
        digest(form({**options, "@context": document["@context"]})).digest() + digest(form(document)).digest()
    )
    proof = {**options, "proofValue": encode_multibase(issuer.signer.sign(hashed))}
    answer = benches.verify({**document, "proof": proof})
    assert (answer.status_code == 200) is good, answer.text


@pytest.mark.parametrize("name", ["eddsa-rdfc-2022", "ecdsa-rdfc-2019-p256", "ed25519signature2020"])
@pytest.mark.parametrize(
    "changes",
    [
        {"credentialSubject": {"id": "relative/path"}},
        {"credentialSubject": {"id": "did:example:a-bale-of-cotton", "undefinedTerm": 5}},
        {"type": ["VerifiableCredential", "UndefinedType"]},
    ],
)
def test_nothing_is_lost_on_the_way_to_rdf(benches: Benches, name: str, changes: dict[str, Any]) -> None:
    """JSON-LD would drop each of these in silence, and the signature would hold over what is left."""
    assert benches.verify({**benches.issued(name), **changes}).status_code in (400, 422)
    assert benches.issue(name, credential(benches.did(name), **changes)).status_code in (400, 422)


@pytest.mark.parametrize("name", ["eddsa-jcs-2022", "eddsa-rdfc-2022", "ecdsa-rdfc-2019-p384"])
def test_version_1_1_needs_the_context_of_its_proof(benches: Benches, name: str) -> None:
    made = benches.issued(name, version=V1)
    assert benches.verify(made).status_code == 200
    assert benches.verify({**made, "@context": [V1]}).status_code in (400, 422)
