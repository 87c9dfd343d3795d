"""The plain suites against the vectors of the W3C (vc-di-eddsa, vc-di-ecdsa), at every stage.

Every signature is verified and made again: the publisher drew its ECDSA nonces by RFC 6979, as we do.
"""

from dataclasses import dataclass
from hashlib import sha256, sha384
from typing import Any

import pytest
from tests.support.shared import shared
from tests.support.vector_contexts import vector_around

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidSignatureError
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.keys.multikey import make_secret_multikey, parse_secret_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof, parse_proofs, verify_proof
from certweave.proof.proof_members import Proof
from certweave.proof.suites import (
    ecdsa_jcs_2019,
    ecdsa_rdfc_2019,
    ed25519_signature_2020,
    eddsa_jcs_2022,
    eddsa_rdfc_2022,
)
from certweave.proof.suites.registry import get_suite
from certweave.timestamps import parse_timestamp

EDDSA, ECDSA = "w3c/vc-di-eddsa/TestVectors", "w3c/vc-di-ecdsa/TestVectors"
EMPLOYED = "employmentAuth.json"
AROUND = vector_around()


@dataclass(frozen=True)
class Case:
    """Files of one vector: ``place/<stage><tag>``, made of ``unsigned`` with ``pair``."""

    suite: str
    root: str
    place: str
    tag: str
    unsigned: str
    pair: str

    def text(self, stage: str) -> str:
        return shared(self.root, self.place, f"{stage}{self.tag}.txt").read_text("utf-8").strip()

    def document(self, stage: str) -> JsonObject:
        return self.read(f"{self.place}/{stage}{self.tag}.json")

    def read(self, name: str) -> JsonObject:
        return parse_object(shared(self.root, name).read_bytes(), limits=DEFAULT_LIMITS)

    @property
    def signed(self) -> tuple[JsonObject, Proof]:
        unsecured, (proof,) = parse_proofs(self.document("signed"), limits=DEFAULT_LIMITS)
        return unsecured, proof

    @property
    def key(self) -> PrivateKey:
        pair = self.read(self.pair)
        secret = pair.get("secretKeyMultibase", pair.get("privateKeyMultibase"))
        key = parse_secret_multikey(secret)
        assert key.public.multikey == pair["publicKeyMultibase"]
        assert make_secret_multikey(key) == secret
        return key


def ecdsa(suite: str, curve: str, tag: str) -> list[Case]:
    place, pair = f"{suite}-{curve.lower()}", f"{curve.lower()}KeyPair.json"
    plain = Case(suite, ECDSA, place, f"{tag}ECDSA{curve}", "unsigned.json", pair)
    if suite == "ecdsa-jcs-2019":
        return [plain]
    return [plain, Case(suite, ECDSA, f"{place}/employ", f"ECDSA{curve}", EMPLOYED, pair)]


CASES = [
    Case("eddsa-jcs-2022", EDDSA, "eddsa-jcs-2022", "JCS", "unsigned.json", "keyPair.json"),
    Case("eddsa-rdfc-2022", EDDSA, "eddsa-rdfc-2022", "DataInt", "unsigned.json", "keyPair.json"),
    Case(
        "eddsa-rdfc-2022", EDDSA, "eddsa-rdfc-2022/employ", "DataInt", "employmentAuth.json", "keyPair.json"
    ),
    Case("Ed25519Signature2020", EDDSA, "Ed25519Signature2020", "EdSig", "unsigned.json", "keyPair.json"),
    *ecdsa("ecdsa-jcs-2019", "P256", "JCS"),
    *ecdsa("ecdsa-jcs-2019", "P384", "JCS"),
    *ecdsa("ecdsa-rdfc-2019", "P256", ""),
    *ecdsa("ecdsa-rdfc-2019", "P384", ""),
]
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case.place)


def work(case: Case) -> tuple[bytes, bytes, bytes]:
    """Return what the stages give: transformed document, proof configuration, hash data."""
    unsecured, proof = case.signed
    options, algorithm = proof.options, case.key.algorithm
    if case.suite == "eddsa-jcs-2022":
        suite: Any = eddsa_jcs_2022
        transformed, config = suite.transformation(unsecured, options), suite.proof_configuration(options)
        return transformed, config, suite.hashing(transformed, config)
    if case.suite == "ecdsa-jcs-2019":
        suite = ecdsa_jcs_2019
        transformed, config = suite.transformation(unsecured, options), suite.proof_configuration(options)
        return transformed, config, suite.hashing(transformed, config, algorithm)
    if case.suite == "ecdsa-rdfc-2019":
        suite = ecdsa_rdfc_2019
        transformed = suite.transformation(unsecured, options, algorithm, AROUND)
        config = suite.proof_configuration(unsecured, options, algorithm, AROUND)
        return transformed, config, suite.hashing(transformed, config, algorithm)
    suite = eddsa_rdfc_2022 if case.suite == "eddsa-rdfc-2022" else ed25519_signature_2020
    transformed = suite.transformation(unsecured, options, AROUND)
    config = suite.proof_configuration(unsecured, options, AROUND)
    return transformed, config, suite.hashing(transformed, config)


@EACH
def test_every_stage(case: Case) -> None:
    transformed, config, hash_data = work(case)
    digest = sha384 if case.key.algorithm is Algorithm.P384 else sha256
    assert transformed.decode().strip() == case.text("canonDoc")
    assert digest(transformed).hexdigest() == case.text("docHash")
    assert config.decode().strip() == case.text("proofCanon")
    assert digest(config).hexdigest() == case.text("proofHash")
    assert hash_data.hex() == case.text("combinedHash")
    assert bytes.fromhex(case.text("sigHex")) == case.signed[1].value
    case.key.public.verify(bytes.fromhex(case.text("sigHex")), hash_data)
    assert encode_multibase(bytes.fromhex(case.text("sigHex"))) == case.text("sigBTC58")


@EACH
def test_the_signed_document_verifies(case: Case) -> None:
    unsecured, proof = case.signed
    config = case.document("proofConfig")
    assert {**proof.options, "@context": unsecured["@context"]} == {
        **config,
        "@context": unsecured["@context"],
    }
    wanted = case.read(case.unsigned)
    assert {**wanted, "@context": unsecured["@context"]} == unsecured
    assert verify_proof(unsecured, proof, case.key.public, all_proofs=(proof,), around=AROUND) == unsecured
    for changed in ({**unsecured, "name": "other"}, {**unsecured, "validFrom": "2023-01-01T00:00:01Z"}):
        with pytest.raises(InvalidSignatureError):
            verify_proof(changed, proof, case.key.public, all_proofs=(proof,), around=AROUND)


@EACH
def test_the_signed_document_is_made_again(case: Case) -> None:
    _, proof = case.signed
    signer = KeySigner(proof.method, case.key)
    made = add_proof(
        case.read(case.unsigned),
        signer,
        suite=get_suite(case.suite),
        around=AROUND,
        created=proof.created,
        purpose=proof.purpose,
    )
    assert made == case.document("signed")


CHAIN = f"{EDDSA}/proof-set-chain"


def chained(name: str) -> JsonObject:
    return parse_object(shared(CHAIN, f"{name}.json").read_bytes(), limits=DEFAULT_LIMITS)


def chain_keys() -> list[PrivateKey]:
    pairs = chained("multiKeyPairs").values()
    keys = [parse_secret_multikey(pair["privateKeyMultibase"]) for pair in pairs]
    assert [key.public.multikey for key in keys] == [pair["publicKeyMultibase"] for pair in pairs]
    return keys


@pytest.mark.parametrize(
    ("name", "count"),
    [("signedProofSet1", 1), ("signedProofSet2", 2), ("signedProofChain1", 3), ("signedProofChain2", 4)],
)
def test_sets_and_chains_verify(name: str, count: int) -> None:
    unsecured, proofs = parse_proofs(chained(name), limits=DEFAULT_LIMITS)
    assert unsecured == chained("unsigned")
    for proof, key in zip(proofs, chain_keys()[:count], strict=True):
        assert verify_proof(unsecured, proof, key.public, all_proofs=proofs, around=AROUND) == unsecured


def test_sets_and_chains_are_made_again() -> None:
    """Each step: the options, what the chain's proof is over, the proof, and the document so far."""
    secured, keys = chained("unsigned"), chain_keys()
    steps = (("Set", 1, None), ("Set", 2, None), ("Chain", 1, "TempDoc1"), ("Chain", 2, "TempDoc2"))
    for key, (kind, number, over) in zip(keys, steps, strict=True):
        config = chained(f"proof{kind}Config{number}")
        before = secured
        secured = add_proof(
            secured,
            KeySigner(config["verificationMethod"], key),
            suite=eddsa_rdfc_2022.SUITE,
            around=AROUND,
            created=parse_timestamp(config["created"]),
            purpose=config["proofPurpose"],
            proof_id=config.get("id"),
            previous_proof=config.get("previousProof"),
        )
        signed = chained(f"signedProof{kind}{number}")
        assert as_list(secured["proof"]) == as_list(signed["proof"])
        assert as_list(secured["proof"])[-1] == chained(f"proof{kind}ConfigSigned{number}")
        if over is not None:
            named = [one for one in before["proof"] if one["id"] in as_list(config["previousProof"])]
            assert chained(f"proofChain{over}") == {**chained("unsigned"), "proof": named}


def as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def test_a_chain_breaks_where_a_link_is_changed() -> None:
    signed = chained("signedProofChain1")
    unsecured, proofs = parse_proofs(signed, limits=DEFAULT_LIMITS)
    signed["proof"][0]["created"] = "2023-02-24T23:36:39Z"
    _, changed = parse_proofs(signed, limits=DEFAULT_LIMITS)
    keys = [key.public for key in chain_keys()]
    verify_proof(unsecured, proofs[1], keys[1], all_proofs=changed, around=AROUND)
    for number in (0, 2):
        with pytest.raises(InvalidSignatureError):
            verify_proof(unsecured, changed[number], keys[number], all_proofs=changed, around=AROUND)
