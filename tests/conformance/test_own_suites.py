"""Vectors of our own making (own/suites.json) for every plain suite, with all that lies before the signature.

Each is checked by the product at every stage, and by a second implementation: the JSON-LD library's own way
to N-Quads and its URDNA2015 (which RDFC-1.0 standardised), ``cryptography`` itself for the signature.
"""

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from pyld import jsonld
from pyld.canon import URDNA2015

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.keys.multikey import parse_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import parse_proofs, verify_proof
from certweave.proof.proof_members import Proof
from certweave.proof.suites.suite import Around
from certweave_edge.contexts import load_context_store

AROUND = Around(load_context_store(None), DEFAULT_LIMITS)
CASES = json.loads((Path(__file__).parent / "own" / "suites.json").read_text("utf-8"))
EACH = pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])


def parts(case: JsonObject) -> tuple[JsonObject, Proof]:
    unsecured, (proof,) = parse_proofs(case["document"], limits=DEFAULT_LIMITS)
    return unsecured, proof


@EACH
def test_it_verifies(case: JsonObject) -> None:
    unsecured, proof = parts(case)
    key = parse_multikey(proof.method.partition("#")[2])
    assert verify_proof(unsecured, proof, key, all_proofs=(proof,), around=AROUND) == unsecured
    key.verify(proof.value, bytes.fromhex(case["hash"]))


@EACH
def test_no_member_can_be_taken_away(case: JsonObject) -> None:
    unsecured, proof = parts(case)
    key = parse_multikey(proof.method.partition("#")[2])
    for name in unsecured:
        less = {other: value for other, value in unsecured.items() if other != name}
        with pytest.raises(CertweaveError):
            verify_proof(less, proof, key, all_proofs=(proof,), around=AROUND)
    for name in ("created", "verificationMethod", "proofPurpose"):
        raw = {other: value for other, value in proof.raw.items() if other != name}
        other = Proof(raw, proof.path, known=True, suite=proof.suite, value=proof.value)
        with pytest.raises(CertweaveError):
            verify_proof(unsecured, other, key, all_proofs=(other,), around=AROUND)


class Canon384(URDNA2015):  # type: ignore[misc]
    """The library's canonicalisation with the other hash that RDFC-1.0 names."""

    def create_hash(self) -> Any:
        return hashlib.sha384()


def load(url: str, _options: object = None) -> JsonObject:
    document = json.loads(json.dumps(AROUND.contexts.get(url)))
    return {
        "contentType": "application/ld+json",
        "contextUrl": None,
        "documentUrl": url,
        "document": document,
    }


def nquads(document: JsonObject, *, wide: bool) -> str:
    dataset = jsonld.to_rdf(document, {"documentLoader": load})
    return str((Canon384() if wide else URDNA2015()).main(dataset, {"format": "application/n-quads"}))


@EACH
def test_a_second_implementation_comes_to_the_same_bytes(case: JsonObject) -> None:
    unsecured, proof = parts(case)
    transformed, configuration = "\n".join(case["transformed"]), "\n".join(case["configuration"])
    if "jcs" in proof.suite:
        assert canonicalize(unsecured).decode() == transformed
        assert canonicalize(proof.options).decode() == configuration
    else:
        transformed, configuration = f"{transformed}\n", f"{configuration}\n"
        wide = case["name"].endswith("P-384")
        assert nquads(unsecured, wide=wide) == transformed
        options = {**proof.options, "@context": unsecured["@context"]}
        assert nquads(options, wide=wide) == configuration
    digest = hashlib.sha384 if case["name"].endswith("P-384") else hashlib.sha256
    both = digest(configuration.encode()).hexdigest() + digest(transformed.encode()).hexdigest()
    assert both == case["hash"]


@EACH
def test_a_second_implementation_verifies_the_signature(case: JsonObject) -> None:
    _, proof = parts(case)
    raw = simple_base58(proof.method.partition("#z")[2])[2:]
    signature, data = simple_base58(proof.raw["proofValue"][1:]), bytes.fromhex(case["hash"])
    if len(raw) == 32:
        Ed25519PublicKey.from_public_bytes(raw).verify(signature, data)
        return
    size = len(raw) - 1
    curve, digest = {32: (ec.SECP256R1(), hashes.SHA256()), 48: (ec.SECP384R1(), hashes.SHA384())}[size]
    r, s = int.from_bytes(signature[:size]), int.from_bytes(signature[size:])
    key = ec.EllipticCurvePublicKey.from_encoded_point(curve, raw)
    key.verify(encode_dss_signature(r, s), data, ec.ECDSA(digest))


ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def simple_base58(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")
