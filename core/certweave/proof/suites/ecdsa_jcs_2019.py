"""Cryptosuite ``ecdsa-jcs-2019`` with P-256 and P-384.

Follows VC-DI-ECDSA v1.0 §3.3 step by step; the function names are the spec's own section titles.
https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-jcs-2019. What the text shares word by word with
eddsa-jcs-2022 is imported from there.
"""

from hashlib import sha256, sha384
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import Algorithm, PublicKey, Signer
from certweave.proof.suites.eddsa_jcs_2022 import signed_context
from certweave.proof.suites.suite import Json, Suite, require_algorithm, require_suite

NAME: Final = "ecdsa-jcs-2019"
_KEYS: Final = (Algorithm.P256, Algorithm.P384)


def create_proof(unsecured: Json, options: Json, signer: Signer) -> JsonObject:
    """§3.3.1 Create Proof: return ``options`` with ``@context`` and ``proofValue`` added.

    Raises:
        UnsupportedError: ``options`` name another suite.
        InvalidError: the key is for neither curve (``suite_key_mismatch``).
        MalformedError: the document or the options have no canonical form.
    """
    require_algorithm(signer.algorithm, NAME, _KEYS)
    # Step 2: the proof keeps the context it was made under, whatever is appended later.
    context = {"@context": unsecured["@context"]} if "@context" in unsecured else {}
    proof = {**options, **context}
    transformed = transformation(unsecured, options)
    hash_data = hashing(transformed, proof_configuration(proof), signer.algorithm)
    return {**proof, "proofValue": encode_multibase(proof_serialization(hash_data, signer))}


def verify_proof(unsecured: Json, options: Json, proof_bytes: bytes, key: PublicKey) -> JsonObject:
    """§3.3.2 Verify Proof, from step 4 on; steps 1 to 3 split the document.

    Returns:
        The verified document: ``unsecured`` with the ``@context`` of the proof, where it has one.

    Raises:
        UnsupportedError: ``options`` name another suite.
        InvalidError: the contexts disagree (``context_mismatch``), or the key is for neither curve.
        InvalidSignatureError: the signature does not verify.
    """
    require_algorithm(key.algorithm, NAME, _KEYS)
    document = signed_context(unsecured, options)
    transformed = transformation(document, options)
    hash_data = hashing(transformed, proof_configuration(options), key.algorithm)
    proof_verification(hash_data, proof_bytes, key)
    return document


def transformation(unsecured: Json, options: Json) -> bytes:
    """§3.3.3 Transformation."""
    require_suite(options, NAME)
    return canonicalize(dict(unsecured))


def hashing(transformed: bytes, canonical_proof_config: bytes, algorithm: Algorithm) -> bytes:
    """§3.3.4 Hashing (and §3.2.4): SHA-256 for P-256, SHA-384 for P-384; the configuration's hash first."""
    digest = sha384 if algorithm is Algorithm.P384 else sha256
    return digest(canonical_proof_config).digest() + digest(transformed).digest()


def proof_configuration(options: Json) -> bytes:
    """§3.3.5 Proof Configuration. ``created`` is checked where proofs are read, for all suites alike."""
    require_suite(options, NAME)
    return canonicalize(dict(options))


def proof_serialization(hash_data: bytes, signer: Signer) -> bytes:
    """§3.3.6 Proof Serialization: r and s, 32 bytes each for P-256, 48 for P-384."""
    return signer.sign(hash_data)


def proof_verification(hash_data: bytes, proof_bytes: bytes, key: PublicKey) -> None:
    """§3.3.7 Proof Verification."""
    key.verify(proof_bytes, hash_data)


SUITE: Final = Suite(
    NAME,
    _KEYS,
    create=lambda unsecured, options, signer, _around, _hiding: create_proof(unsecured, options, signer),
    verify=lambda unsecured, options, value, key, _around: verify_proof(unsecured, options, value, key),
)
