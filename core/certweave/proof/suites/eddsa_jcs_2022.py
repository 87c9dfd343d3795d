"""Cryptosuite ``eddsa-jcs-2022``.

Follows VC-DI-EdDSA v1.0 §3.3 step by step; the function names are the spec's own section titles.
https://www.w3.org/TR/vc-di-eddsa/#eddsa-jcs-2022. Proof sets and chains are in data_integrity.py.
"""

from hashlib import sha256
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.keys.model import Algorithm, PublicKey, Signer
from certweave.proof.suites.suite import Json, Suite, require_algorithm, require_suite

NAME: Final = "eddsa-jcs-2022"
_KEYS: Final = (Algorithm.ED25519,)


def create_proof(unsecured: Json, options: Json, signer: Signer) -> JsonObject:
    """§3.3.1 Create Proof: return ``options`` with ``@context`` and ``proofValue`` added.

    Raises:
        UnsupportedError: ``options`` name another suite.
        InvalidError: the key is not an Ed25519 key (``suite_key_mismatch``).
        MalformedError: the document or the options have no canonical form.
    """
    require_algorithm(signer.algorithm, NAME, _KEYS)
    # Step 2: the proof keeps the context it was made under, whatever is appended later.
    context = {"@context": unsecured["@context"]} if "@context" in unsecured else {}
    proof = {**options, **context}
    hash_data = hashing(transformation(unsecured, options), proof_configuration(proof))
    return {**proof, "proofValue": encode_multibase(proof_serialization(hash_data, signer))}


def verify_proof(unsecured: Json, options: Json, proof_bytes: bytes, key: PublicKey) -> JsonObject:
    """§3.3.2 Verify Proof, from step 4 on; steps 1 to 3 split the document.

    Returns:
        The verified document: ``unsecured`` with the ``@context`` of the proof, where it has one.

    Raises:
        UnsupportedError: ``options`` name another suite.
        InvalidError: the contexts disagree (``context_mismatch``), or the key is not an Ed25519 key.
        InvalidSignatureError: the signature does not verify.
    """
    require_algorithm(key.algorithm, NAME, _KEYS)
    document = signed_context(unsecured, options)
    hash_data = hashing(transformation(document, options), proof_configuration(options))
    proof_verification(hash_data, proof_bytes, key)
    return document


def signed_context(unsecured: Json, options: Json) -> JsonObject:
    """§3.3.2 step 4: the proof's ``@context`` must be a prefix of the document's, and replaces it."""
    if "@context" not in options:
        return dict(unsecured)
    secured_contexts, proof_contexts = _as_list(unsecured.get("@context")), _as_list(options["@context"])
    if not proof_contexts or secured_contexts[: len(proof_contexts)] != proof_contexts:
        # Stricter than the text: an empty @context, which is a prefix of any, is refused.
        detail = "the @context of the document does not start with that of the proof"
        raise InvalidError(detail, code="context_mismatch", path="/@context")
    return {**unsecured, "@context": options["@context"]}


def transformation(unsecured: Json, options: Json) -> bytes:
    """§3.3.3 Transformation."""
    require_suite(options, NAME)
    return canonicalize(dict(unsecured))


def hashing(transformed: bytes, canonical_proof_config: bytes) -> bytes:
    """§3.3.4 Hashing. The configuration's hash comes first."""
    return sha256(canonical_proof_config).digest() + sha256(transformed).digest()


def proof_configuration(options: Json) -> bytes:
    """§3.3.5 Proof Configuration. ``created`` is checked where proofs are read, for all suites alike."""
    require_suite(options, NAME)
    return canonicalize(dict(options))


def proof_serialization(hash_data: bytes, signer: Signer) -> bytes:
    """§3.3.6 Proof Serialization."""
    return signer.sign(hash_data)


def proof_verification(hash_data: bytes, proof_bytes: bytes, key: PublicKey) -> None:
    """§3.3.7 Proof Verification."""
    key.verify(proof_bytes, hash_data)


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


SUITE: Final = Suite(
    NAME,
    _KEYS,
    create=lambda unsecured, options, signer, _around, _hiding: create_proof(unsecured, options, signer),
    verify=lambda unsecured, options, value, key, _around: verify_proof(unsecured, options, value, key),
)
