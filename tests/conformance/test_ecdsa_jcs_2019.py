"""ecdsa-jcs-2019 with P-256 against the vectors of the W3C (vc-di-ecdsa, Appendix A), at every stage."""

from hashlib import sha256
from typing import Any

import pytest
from tests.support.shared import shared

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidSignatureError, UnsupportedError
from certweave.keys.multikey import parse_multikey, parse_secret_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof import ecdsa_jcs_2019 as suite
from certweave.proof.data_integrity import Proof, parse_proofs, verify_proof
from certweave.proof.eddsa_jcs_2022 import hashing
from certweave.proof.suite import NOTHING_AROUND

FOLDER = "w3c/vc-di-ecdsa/TestVectors"
P256 = "ecdsa-jcs-2019-p256"


def text(name: str) -> str:
    return shared(FOLDER, P256, f"{name}JCSECDSAP256.txt").read_text("utf-8").strip()


def document(name: str) -> JsonObject:
    return parse_object(shared(FOLDER, name).read_bytes(), limits=DEFAULT_LIMITS)


def case() -> tuple[JsonObject, Proof]:
    unsecured, (proof,) = parse_proofs(document(f"{P256}/signedJCSECDSAP256.json"), limits=DEFAULT_LIMITS)
    return unsecured, proof


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        (lambda doc, opt: suite.transformation(doc, opt).decode(), "canonDoc"),
        (lambda doc, opt: sha256(suite.transformation(doc, opt)).hexdigest(), "docHash"),
        (lambda _, opt: suite.proof_configuration(opt).decode(), "proofCanon"),
        (lambda _, opt: sha256(suite.proof_configuration(opt)).hexdigest(), "proofHash"),
        (
            lambda doc, opt: hashing(suite.transformation(doc, opt), suite.proof_configuration(opt)).hex(),
            "combinedHash",
        ),
    ],
    ids=["transformation", "document hash", "proof configuration", "configuration hash", "hashing"],
)
def test_stage(stage: Any, name: str) -> None:
    unsecured, proof = case()
    assert stage(unsecured, proof.options) == text(name)


def test_signature() -> None:
    unsecured, proof = case()
    assert unsecured == document("unsigned.json")
    assert proof.options == document(f"{P256}/proofConfigJCSECDSAP256.json")
    assert proof.value.hex() == text("sigHex")
    assert encode_multibase(proof.value) == text("sigBTC58") == proof.raw["proofValue"]
    key = parse_multikey(document("p256KeyPair.json")["publicKeyMultibase"])
    assert verify_proof(unsecured, proof, key, all_proofs=(proof,), around=NOTHING_AROUND) == unsecured
    with pytest.raises(InvalidSignatureError):
        verify_proof({**unsecured, "name": "other"}, proof, key, all_proofs=(proof,), around=NOTHING_AROUND)


def test_key_pair() -> None:
    pair = document("p256KeyPair.json")
    assert parse_secret_multikey(pair["secretKeyMultibase"]).public.multikey == pair["publicKeyMultibase"]


def test_p384_is_left_undecided() -> None:
    with pytest.raises(UnsupportedError):
        parse_multikey(document("p384KeyPair.json")["publicKeyMultibase"])
