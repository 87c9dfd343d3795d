"""Cryptosuite ``ecdsa-rdfc-2019`` with P-256 and P-384.

Follows VC-DI-ECDSA v1.0 §3.2 step by step; the function names are the spec's own section titles.
https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-rdfc-2019. The curve decides the hash, in canonicalisation too. What
the text shares word by word with other suites is imported from there.
"""

from typing import Final

from certweave.canon.rdf import Hash
from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import Algorithm, PublicKey, Signer
from certweave.proof.suites.ecdsa_jcs_2019 import hashing
from certweave.proof.suites.rdf import canonical_bytes, canonical_configuration
from certweave.proof.suites.suite import DATA_INTEGRITY, Around, Json, Suite, require_algorithm, require_suite

NAME: Final = "ecdsa-rdfc-2019"
_KEYS: Final = (Algorithm.P256, Algorithm.P384)
_HASHES: Final = {Algorithm.P256: Hash.SHA256, Algorithm.P384: Hash.SHA384}


def create_proof(unsecured: Json, options: Json, signer: Signer, around: Around) -> JsonObject:
    """§3.2.1 Create Proof: return ``options`` with ``proofValue`` added.

    Raises:
        UnsupportedError: ``options`` name another suite.
        InvalidError: the key is for neither curve (``suite_key_mismatch``), or JSON-LD would drop something.
        UndecidedError: a context is not pinned, or canonicalisation takes more than its budget.
    """
    require_algorithm(signer.algorithm, NAME, _KEYS)
    proof_config = proof_configuration(unsecured, options, signer.algorithm, around)
    transformed = transformation(unsecured, options, signer.algorithm, around)
    hash_data = hashing(transformed, proof_config, signer.algorithm)
    return {**options, "proofValue": encode_multibase(proof_serialization(hash_data, signer))}


def verify_proof(
    unsecured: Json, options: Json, proof_bytes: bytes, key: PublicKey, around: Around
) -> JsonObject:
    """§3.2.2 Verify Proof, from step 4 on; steps 1 to 3 split the document.

    Returns:
        The verified document, which is ``unsecured``.

    Raises:
        as ``create_proof``; InvalidError ``context_mismatch``, where the proof has a ``@context`` of its own;
        InvalidSignatureError: the signature does not verify.
    """
    require_algorithm(key.algorithm, NAME, _KEYS)
    transformed = transformation(unsecured, options, key.algorithm, around)
    proof_config = proof_configuration(unsecured, options, key.algorithm, around)
    proof_verification(hashing(transformed, proof_config, key.algorithm), proof_bytes, key)
    return dict(unsecured)


def transformation(unsecured: Json, options: Json, algorithm: Algorithm, around: Around) -> bytes:
    """§3.2.3 Transformation."""
    require_suite(options, NAME)
    return canonical_bytes(unsecured, _HASHES[algorithm], around)


def proof_configuration(unsecured: Json, options: Json, algorithm: Algorithm, around: Around) -> bytes:
    """§3.2.5 Proof Configuration. ``created`` is checked where proofs are read, for all suites alike."""
    require_suite(options, NAME)
    return canonical_configuration(unsecured, options, _HASHES[algorithm], around)


def proof_serialization(hash_data: bytes, signer: Signer) -> bytes:
    """§3.2.6 Proof Serialization: r and s, 32 bytes each for P-256, 48 for P-384."""
    return signer.sign(hash_data)


def proof_verification(hash_data: bytes, proof_bytes: bytes, key: PublicKey) -> None:
    """§3.2.7 Proof Verification."""
    key.verify(proof_bytes, hash_data)


SUITE: Final = Suite(
    NAME,
    _KEYS,
    create=lambda unsecured, options, signer, around, _: create_proof(unsecured, options, signer, around),
    verify=verify_proof,
    contexts=DATA_INTEGRITY,
)
