"""eddsa-jcs-2022 against the vectors of the W3C (vc-di-eddsa, Appendix B), at every stage."""

import json
from hashlib import sha256
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.shared import shared

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, InvalidSignatureError
from certweave.keys.model import KeySigner, PublicKey
from certweave.keys.multikey import make_secret_multikey, parse_multikey, parse_secret_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof, parse_proofs, verify_proof
from certweave.proof.suites import eddsa_jcs_2022 as suite
from certweave.proof.suites.suite import NOTHING_AROUND
from certweave.timestamps import parse_timestamp

FOLDER = "w3c/vc-di-eddsa/TestVectors"


def text(name: str) -> str:
    return shared(FOLDER, name).read_text("utf-8").strip()


def document(name: str) -> JsonObject:
    return parse_object(shared(FOLDER, name).read_bytes(), limits=DEFAULT_LIMITS)


def case() -> tuple[JsonObject, JsonObject, bytes, PublicKey]:
    """Return the unsecured document, the proof options, the signature and the key."""
    unsecured, (proof,) = parse_proofs(document("eddsa-jcs-2022/signedJCS.json"), limits=DEFAULT_LIMITS)
    return (
        unsecured,
        proof.options,
        proof.value,
        parse_multikey(document("keyPair.json")["publicKeyMultibase"]),
    )


def signer() -> KeySigner:
    pair = document("keyPair.json")
    public = pair["publicKeyMultibase"]
    return KeySigner(f"did:key:{public}#{public}", parse_secret_multikey(pair["privateKeyMultibase"]))


def test_unsigned_document_is_that_of_the_vectors() -> None:
    unsecured, options, _, _ = case()
    assert unsecured == document("unsigned.json")
    assert options == document("eddsa-jcs-2022/proofConfigJCS.json")


@pytest.mark.parametrize(
    ("stage", "name"),
    [
        (lambda doc, opt: suite.transformation(doc, opt).decode(), "canonDocJCS.txt"),
        (lambda doc, opt: sha256(suite.transformation(doc, opt)).hexdigest(), "docHashJCS.txt"),
        (lambda _, opt: suite.proof_configuration(opt).decode(), "proofCanonJCS.txt"),
        (lambda _, opt: sha256(suite.proof_configuration(opt)).hexdigest(), "proofHashJCS.txt"),
        (
            lambda doc, opt: suite.hashing(
                suite.transformation(doc, opt), suite.proof_configuration(opt)
            ).hex(),
            "combinedHashJCS.txt",
        ),
    ],
    ids=["transformation", "document hash", "proof configuration", "configuration hash", "hashing"],
)
def test_stage(stage: Any, name: str) -> None:
    unsecured, options, _, _ = case()
    assert stage(unsecured, options) == text(f"eddsa-jcs-2022/{name}")


def test_signature() -> None:
    hash_data = bytes.fromhex(text("eddsa-jcs-2022/combinedHashJCS.txt"))
    signature = suite.proof_serialization(hash_data, signer())
    assert signature.hex() == text("eddsa-jcs-2022/sigHexJCS.txt")
    assert encode_multibase(signature) == text("eddsa-jcs-2022/sigBTC58JCS.txt")
    suite.proof_verification(hash_data, signature, case()[3])


def test_signed_document_verifies_and_is_made_again() -> None:
    unsecured, options, signature, key = case()
    assert suite.verify_proof(unsecured, options, signature, key) == unsecured
    signed = document("eddsa-jcs-2022/signedJCS.json")
    _, (proof,) = parse_proofs(signed, limits=DEFAULT_LIMITS)
    assert proof.created is not None
    made = add_proof(
        unsecured,
        signer(),
        suite=suite.SUITE,
        around=NOTHING_AROUND,
        created=proof.created,
        purpose=proof.purpose,
    )
    assert made == signed


@given(st.integers(0, 511))
def test_any_flipped_bit_of_the_signature_fails(bit: int) -> None:
    unsecured, options, signature, key = case()
    broken = bytearray(signature)
    broken[bit // 8] ^= 1 << bit % 8
    with pytest.raises(InvalidSignatureError):
        suite.verify_proof(unsecured, options, bytes(broken), key)


def test_removing_any_member_fails() -> None:
    unsecured, options, signature, key = case()
    for name in unsecured:
        less = {other: value for other, value in unsecured.items() if other != name}
        with pytest.raises(CertweaveError):
            suite.verify_proof(less, options, signature, key)
    for name in options:
        less = {other: value for other, value in options.items() if other != name}
        with pytest.raises(CertweaveError):
            suite.verify_proof(unsecured, less, signature, key)


def test_every_key_pair_of_the_vectors() -> None:
    pairs = [document("keyPair.json"), *document("proof-set-chain/multiKeyPairs.json").values()]
    assert len(pairs) == 5
    for pair in pairs:
        private = parse_secret_multikey(pair["privateKeyMultibase"])
        assert private.public.multikey == pair["publicKeyMultibase"]
        assert make_secret_multikey(private) == pair["privateKeyMultibase"]


def test_the_chain_of_the_vectors_made_with_this_suite() -> None:
    """Same documents, keys, ids and times as the published chain; only the suite is ours."""
    pairs = list(document("proof-set-chain/multiKeyPairs.json").values())
    secured, keys = document("proof-set-chain/unsigned.json"), []
    published = parse_proofs(document("proof-set-chain/signedProofChain2.json"), limits=DEFAULT_LIMITS)[1]
    for pair, like in zip(pairs, published, strict=True):
        raw = like.raw
        private = parse_secret_multikey(pair["privateKeyMultibase"])
        keys.append(private.public)
        secured = add_proof(
            secured,
            KeySigner(raw["verificationMethod"], private),
            suite=suite.SUITE,
            around=NOTHING_AROUND,
            created=parse_timestamp(raw["created"]),
            purpose=raw["proofPurpose"],
            proof_id=raw.get("id"),
            previous_proof=raw.get("previousProof"),
        )
    unsecured, proofs = parse_proofs(json.loads(json.dumps(secured)), limits=DEFAULT_LIMITS)
    assert [proof.previous for proof in proofs] == [like.previous for like in published]
    for proof, key in zip(proofs, keys, strict=True):
        assert verify_proof(unsecured, proof, key, all_proofs=proofs, around=NOTHING_AROUND) == unsecured
