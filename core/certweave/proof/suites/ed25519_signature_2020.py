"""Proof type ``Ed25519Signature2020``, a suite by itself, for what was signed before Data Integrity 1.0.

Follows VC-DI-EdDSA v1.0 §A.2.1 step by step; the function names are the spec's own section titles.
https://www.w3.org/TR/vc-di-eddsa/#ed25519signature2020. Looser than the text in one thing: the verification
method may be a Multikey, as that of did:key is, and need not be an Ed25519VerificationKey2020. Hashing
(§A.2.1.4) is that of eddsa-jcs-2022 and imported from there.
"""

from typing import Final

from certweave.canon.rdf import Hash
from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import UnsupportedError
from certweave.keys.model import Algorithm, PublicKey, Signer
from certweave.proof.suites.eddsa_jcs_2022 import hashing
from certweave.proof.suites.rdf import canonical_bytes, canonical_configuration
from certweave.proof.suites.suite import Around, Json, Suite, require_algorithm

NAME: Final = "Ed25519Signature2020"
CONTEXT: Final = "https://w3id.org/security/suites/ed25519-2020/v1"
_KEYS: Final = (Algorithm.ED25519,)


def add_proof(unsecured: Json, options: Json, signer: Signer, around: Around) -> JsonObject:
    """§A.2.1.1 Add Proof: return ``options`` with ``proofValue`` added.

    Raises:
        UnsupportedError: ``options`` name another suite.
        InvalidError: the key is not an Ed25519 key (``suite_key_mismatch``), or JSON-LD would drop something.
        UndecidedError: a context is not pinned, or canonicalisation takes more than its budget.
    """
    require_algorithm(signer.algorithm, NAME, _KEYS)
    transformed = transformation(unsecured, options, around)
    hash_data = hashing(transformed, proof_configuration(unsecured, options, around))
    return {**options, "proofValue": encode_multibase(proof_serialization(hash_data, signer))}


def verify_proof(
    unsecured: Json, options: Json, proof_bytes: bytes, key: PublicKey, around: Around
) -> JsonObject:
    """§A.2.1.2 Verify Proof: return the verified document, which is ``unsecured``.

    Raises:
        as ``add_proof``; InvalidError ``context_mismatch``, where the proof has a ``@context`` of its own;
        InvalidSignatureError: the signature does not verify.
    """
    require_algorithm(key.algorithm, NAME, _KEYS)
    transformed = transformation(unsecured, options, around)
    hash_data = hashing(transformed, proof_configuration(unsecured, options, around))
    proof_verification(hash_data, proof_bytes, key)
    return dict(unsecured)


def transformation(unsecured: Json, options: Json, around: Around) -> bytes:
    """§A.2.1.3 Transformation."""
    _require_this_type(options)
    return canonical_bytes(unsecured, Hash.SHA256, around)


def proof_configuration(unsecured: Json, options: Json, around: Around) -> bytes:
    """§A.2.1.5 Proof Configuration. ``created`` is checked where proofs are read, for all suites alike."""
    _require_this_type(options)
    return canonical_configuration(unsecured, options, Hash.SHA256, around)


def proof_serialization(hash_data: bytes, signer: Signer) -> bytes:
    """§A.2.1.6 Proof Serialization."""
    return signer.sign(hash_data)


def proof_verification(hash_data: bytes, proof_bytes: bytes, key: PublicKey) -> None:
    """§A.2.1.7 Proof Verification."""
    key.verify(proof_bytes, hash_data)


def _require_this_type(options: Json) -> None:
    if options.get("type") != NAME:
        raise UnsupportedError(f"not a proof of type {NAME}", code="suite_unsupported")


SUITE: Final = Suite(
    NAME,
    _KEYS,
    create=lambda unsecured, options, signer, around, _: add_proof(unsecured, options, signer, around),
    verify=verify_proof,
    type=NAME,
    contexts=(CONTEXT,),
    created_required=True,
)
