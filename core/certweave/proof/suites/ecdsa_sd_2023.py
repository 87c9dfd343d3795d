"""Cryptosuite ``ecdsa-sd-2023``: each statement signed on its own, so that the holder chooses which to show.

Follows VC-DI-ECDSA v1.0 §3.5 and §3.6 step by step; the function names are the spec's own section titles.
https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023. P-256 only, as the text has it. The issuer makes a *base
proof* for the holder; the holder derives from it what a verifier sees. A base proof shown to a verifier is
refused: it holds the key to everything that was to stay hidden. Two derived credentials of one base proof can
be linked by its signature; bbs-2023 is for those who mind.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, InvalidSignatureError
from certweave.keys.entropy import draw
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, PrivateKey, PublicKey, Signer
from certweave.proof.suites.ecdsa_sd_2023_values import (
    HMAC_BYTES,
    BaseValue,
    DerivedValue,
    key_bytes,
    parse_base_proof_value,
    parse_derived_proof_value,
    serialize_base_proof_value,
    serialize_derived_proof_value,
)
from certweave.proof.suites.sd import configuration
from certweave.proof.suites.sd.disclosure import Disclosure, disclose, read_statements, require_hiding
from certweave.proof.suites.sd.grouping import (
    create_hmac_id_label_map_function,
    hash_mandatory_nquads,
)
from certweave.proof.suites.sd.transformation import Transformed, transform
from certweave.proof.suites.suite import DATA_INTEGRITY, Around, Hiding, Json, Suite, require_algorithm

NAME: Final = "ecdsa-sd-2023"
_KEYS: Final = (Algorithm.P256,)


@dataclass(frozen=True, slots=True)
class Hashed:
    """What Base Proof Hashing adds (§3.6.3)."""

    proof_hash: bytes
    mandatory_hash: bytes


@dataclass(frozen=True, slots=True)
class VerifyData:
    """What createVerifyData returns (§3.5.9)."""

    base_signature: bytes
    proof_hash: bytes
    public_key: PublicKey
    signatures: tuple[bytes, ...]
    non_mandatory: tuple[str, ...]
    mandatory_hash: bytes


def create_base_proof(
    unsecured: Json, options: Json, signer: Signer, around: Around, hiding: Hiding | None
) -> JsonObject:
    """§3.6.1 Create Base Proof: return ``options`` with ``proofValue`` added.

    Raises:
        UnsupportedError: ``options`` name another suite or a previous proof (``sd_chain``), or the document
            has a form that cannot be taken apart (``sd_structure``).
        InvalidError: the key is not a P-256 key (``suite_key_mismatch``); a pointer leads to nothing; and as
            ``canon.rdf.to_quads``.
        MalformedError: not a JSON Pointer (``sd_pointer``).
        UndecidedError: as ``canon.rdf.to_quads``; ``limit_statements``.
        ValueError: there is no ``hiding``.
    """
    require_algorithm(signer.algorithm, NAME, _KEYS)
    given = require_hiding(hiding)
    config = base_proof_configuration(options, unsecured, around)
    hmac_key = draw(given.entropy, HMAC_BYTES)
    transformed = base_proof_transformation(unsecured, given.mandatory_pointers, hmac_key, around)
    # Proof-scoped: it signs the statements of this one proof, and nobody keeps it.
    scoped = make_private_key(Algorithm.P256, entropy=given.entropy)
    value = base_proof_serialization(base_proof_hashing(transformed, config), transformed, signer, scoped)
    return {**options, "proofValue": encode_multibase(value, "u")}


def base_proof_transformation(
    unsecured: Json, mandatory_pointers: Sequence[str], hmac_key: bytes, around: Around
) -> Transformed:
    """§3.6.2 Base Proof Transformation."""
    factory = create_hmac_id_label_map_function(hmac_key)
    return transform(unsecured, mandatory_pointers, hmac_key, factory, around)


def base_proof_hashing(transformed: Transformed, canonical_proof_config: bytes) -> Hashed:
    """§3.6.3 Base Proof Hashing."""
    return Hashed(
        configuration.hash_configuration(canonical_proof_config),
        hash_mandatory_nquads(transformed.mandatory.values()),
    )


def base_proof_configuration(options: Json, unsecured: Json, around: Around) -> bytes:
    """§3.6.4 Base Proof Configuration."""
    return configuration.base_proof_configuration(options, unsecured, NAME, around)


def base_proof_serialization(
    hashed: Hashed, transformed: Transformed, signer: Signer, scoped: PrivateKey
) -> bytes:
    """§3.6.5 Base Proof Serialization, without Multibase."""
    signatures = tuple(scoped.sign(nquad.encode()) for nquad in transformed.non_mandatory.values())
    to_sign = serialize_sign_data(hashed.proof_hash, scoped.public, hashed.mandatory_hash)
    return serialize_base_proof_value(
        BaseValue(
            signer.sign(to_sign),
            scoped.public,
            transformed.hmac_key,
            signatures,
            transformed.mandatory_pointers,
        )
    )


def serialize_sign_data(proof_hash: bytes, public_key: PublicKey, mandatory_hash: bytes) -> bytes:
    """§3.5.1 serializeSignData."""
    return proof_hash + key_bytes(public_key) + mandatory_hash


def create_disclosure_data(
    document: JsonObject, base: BaseValue, selective_pointers: Sequence[str], around: Around
) -> tuple[DerivedValue, Disclosure]:
    """§3.5.4 createDisclosureData, after parseBaseProofValue.

    Raises:
        InvalidError: nothing is selected (``sd_nothing_selected``), a pointer leads to nothing, or the base
            proof is not one of this document (``sd_statement_count``).
        InvalidSignatureError: a statement to show is not the one that was signed.
        UndecidedError, UnsupportedError, MalformedError: as ``canonicalize_and_group``.
    """
    disclosure = disclose(
        document,
        create_hmac_id_label_map_function(base.hmac_key),
        base.mandatory_pointers,
        selective_pointers,
        contexts=around.contexts,
        limits=around.limits,
    )
    if len(base.signatures) != len(disclosure.non_mandatory):
        raise _statement_count()
    shown = [disclosure.non_mandatory[index] for index in disclosure.selective_indexes]
    signatures = tuple(base.signatures[index] for index in disclosure.selective_indexes)
    # The text does not check them; the holder would learn from the verifier that they do not hold.
    _verify_statements(base.public_key, signatures, shown)
    value = DerivedValue(
        base.base_signature,
        base.public_key,
        signatures,
        disclosure.label_map,
        disclosure.mandatory_indexes,
    )
    return value, disclosure


def add_derived_proof(
    unsecured: JsonObject,
    options: Json,
    value: bytes,
    selective_pointers: Sequence[str],
    around: Around,
) -> JsonObject:
    """§3.6.6 Add Derived Proof.

    Args:
        unsecured: the document without proofs.
        options: the base proof without its ``proofValue``.
        value: its ``proofValue``, decoded.
        selective_pointers: JSON Pointers to what shall be shown beside what must be.
        around: contexts and limits.

    Raises:
        as ``create_disclosure_data`` and ``parse_base_proof_value``.
    """
    base = parse_base_proof_value(value, limits=around.limits)
    derived, disclosure = create_disclosure_data(unsecured, base, selective_pointers, around)
    proof_value = encode_multibase(serialize_derived_proof_value(derived), "u")
    return {**disclosure.reveal_document, "proof": {**options, "proofValue": proof_value}}


def create_verify_data(unsecured: Json, options: Json, value: bytes, around: Around) -> VerifyData:
    """§3.5.9 createVerifyData."""
    derived = parse_derived_proof_value(value, limits=around.limits)
    proof_hash = configuration.hash_configuration(base_proof_configuration(options, unsecured, around))
    mandatory, non_mandatory = read_statements(
        unsecured, derived.label_map, derived.mandatory_indexes, around
    )
    return VerifyData(
        derived.base_signature,
        proof_hash,
        derived.public_key,
        derived.signatures,
        non_mandatory,
        hash_mandatory_nquads(mandatory),
    )


def verify_derived_proof(
    unsecured: Json, options: Json, value: bytes, key: PublicKey, around: Around
) -> JsonObject:
    """§3.6.7 Verify Derived Proof; returns the verified document.

    Raises:
        MalformedProofError: the ``proofValue`` cannot be read (``sd_value``).
        InvalidError: a base proof (``sd_base_proof``); indexes, label map or number of signatures that do not
            fit the document (``sd_indexes``, ``sd_label_map``, ``sd_statement_count``); a key that is not for
            P-256; and as ``canon.rdf.to_quads``.
        InvalidSignatureError: the issuer's signature, or that of a statement, does not match.
        UndecidedError, UnsupportedError: as ``create_base_proof``.
    """
    require_algorithm(key.algorithm, NAME, _KEYS)
    data = create_verify_data(unsecured, options, value, around)
    if len(data.signatures) != len(data.non_mandatory):
        raise _statement_count()
    key.verify(
        data.base_signature, serialize_sign_data(data.proof_hash, data.public_key, data.mandatory_hash)
    )
    _verify_statements(data.public_key, data.signatures, data.non_mandatory)
    return dict(unsecured)


def _verify_statements(key: PublicKey, signatures: Sequence[bytes], nquads: Sequence[str]) -> None:
    for signature, nquad in zip(signatures, nquads, strict=True):
        try:
            key.verify(signature, nquad.encode())
        except InvalidSignatureError:
            raise InvalidSignatureError(
                "a statement is not one that was signed", code="sd_statement"
            ) from None


def _statement_count() -> InvalidError:
    detail = "the proof holds another number of signatures than the document has statements for them"
    return InvalidError(detail, code="sd_statement_count")


SUITE: Final = Suite(
    NAME,
    _KEYS,
    create=create_base_proof,
    verify=verify_derived_proof,
    contexts=DATA_INTEGRITY,
    bases="u",
    selective=True,
    check=lambda value, limits: parse_derived_proof_value(value, limits=limits),
)
