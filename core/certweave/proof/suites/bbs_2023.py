"""Cryptosuite ``bbs-2023``: the holder chooses what to show, and two proofs do not tell that they are kin.

Follows VC-DI-BBS (Candidate Recommendation) §3.3 and §3.4 step by step; the function names are the spec's own
section titles. https://www.w3.org/TR/vc-di-bbs/#bbs-2023. What differs by feature option is in
``bbs_2023_features``. It needs the extra ``bbs``; its arithmetic is not constant time (``keys.bbs``).
What is shown can tell that two credentials are kin where the proofs do not: a unique ``id``, a status index,
the second in which ``created`` says that it was signed. An issuer who cares leaves these out, or coarse.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, InvalidSignatureError
from certweave.keys.entropy import Entropy, draw
from certweave.keys.model import Algorithm, MessagesSigner, PublicKey, Signer
from certweave.limits import Limits
from certweave.proof.suites.bbs_2023_features import HolderSecrets, Showing, check_length, prove, sign, verify
from certweave.proof.suites.bbs_2023_values import (
    HMAC_BYTES,
    BaseValue,
    DerivedValue,
    parse_base_proof_value,
    parse_derived_proof_value,
    serialize_base_proof_value,
    serialize_derived_proof_value,
)
from certweave.proof.suites.sd import configuration
from certweave.proof.suites.sd.disclosure import (
    Disclosure,
    check_indexes,
    disclose,
    read_statements,
    require_hiding,
)
from certweave.proof.suites.sd.grouping import (
    create_shuffled_id_label_map_function,
    hash_mandatory_nquads,
)
from certweave.proof.suites.sd.transformation import Transformed, transform
from certweave.proof.suites.sd.value import check_count
from certweave.proof.suites.suite import (
    DATA_INTEGRITY,
    Around,
    Hiding,
    Json,
    Pseudonym,
    Suite,
    require_algorithm,
)

NAME: Final = "bbs-2023"
_KEYS: Final = (Algorithm.BBS,)


@dataclass(frozen=True, slots=True)
class VerifyData:
    """What createVerifyData returns (§3.3.8)."""

    derived: DerivedValue
    proof_hash: bytes
    mandatory_hash: bytes
    non_mandatory: tuple[str, ...]


def create_base_proof(
    unsecured: Json, options: Json, signer: Signer, around: Around, hiding: Hiding | None
) -> JsonObject:
    """§3.4.1 Create Base Proof: return ``options`` with ``proofValue`` added.

    Raises:
        UnsupportedError: ``options`` name another suite or a previous proof (``sd_chain``); the document has
            a form that cannot be taken apart (``sd_structure``); the extra is missing (``bbs_missing``).
        InvalidError: the key is not a BBS key, or its signer signs no lists (``suite_key_mismatch``); a
            pointer leads to nothing; a holder's commitment does not hold (``commitment_wrong``); and as
            ``canon.rdf.to_quads``.
        MalformedError: not a JSON Pointer (``sd_pointer``); as ``bbs_2023_features.sign``.
        UndecidedError: as ``canon.rdf.to_quads``; ``limit_statements``.
        ValueError: there is no ``hiding``.
    """
    require_algorithm(signer.algorithm, NAME, _KEYS)
    given = require_hiding(hiding, commitments=True)
    config = base_proof_configuration(options, unsecured, around)
    hmac_key = draw(given.entropy, HMAC_BYTES)
    transformed = base_proof_transformation(unsecured, given.mandatory_pointers, hmac_key, around)
    header = base_proof_hashing(transformed, config)
    value = base_proof_serialization(header, transformed, signer, given)
    return {**options, "proofValue": encode_multibase(value, "u")}


def base_proof_transformation(
    unsecured: Json, mandatory_pointers: Sequence[str], hmac_key: bytes, around: Around
) -> Transformed:
    """§3.4.2 Base Proof Transformation."""
    factory = create_shuffled_id_label_map_function(hmac_key)
    return transform(unsecured, mandatory_pointers, hmac_key, factory, around)


def base_proof_hashing(transformed: Transformed, canonical_proof_config: bytes) -> bytes:
    """§3.4.3 Base Proof Hashing: proofHash and mandatoryHash, together the header of the signature."""
    proof_hash = configuration.hash_configuration(canonical_proof_config)
    return proof_hash + hash_mandatory_nquads(transformed.mandatory.values())


def base_proof_configuration(options: Json, unsecured: Json, around: Around) -> bytes:
    """§3.4.4 Base Proof Configuration."""
    return configuration.base_proof_configuration(options, unsecured, NAME, around)


def base_proof_serialization(
    bbs_header: bytes, transformed: Transformed, signer: Signer, hiding: Hiding
) -> bytes:
    """§3.4.5 Base Proof Serialization, without Multibase."""
    if not isinstance(signer, MessagesSigner):
        raise InvalidError("this signer signs no lists of messages", code="suite_key_mismatch")
    messages = [nquad.encode() for nquad in transformed.non_mandatory.values()]
    bbs_signature, feature, signer_nym_entropy = sign(bbs_header, messages, signer, hiding)
    return serialize_base_proof_value(
        BaseValue(
            bbs_signature,
            bbs_header,
            signer.public.raw,
            transformed.hmac_key,
            transformed.mandatory_pointers,
            feature,
            signer_nym_entropy,
        )
    )


def create_disclosure_data(
    document: JsonObject,
    base: BaseValue,
    selective_pointers: Sequence[str],
    around: Around,
    *,
    presentation_header: bytes,
    entropy: Entropy,
    holder: HolderSecrets | None = None,
    nym_domain: str | None = None,
) -> tuple[DerivedValue, Disclosure]:
    """§3.3.3 createDisclosureData, after parseBaseProofValue.

    Raises:
        InvalidSignatureError: the base proof is not one of this document and these secrets.
        InvalidError: nothing is selected (``sd_nothing_selected``), or a pointer leads to nothing; and as
            ``bbs_2023_features.prove``.
        UndecidedError, UnsupportedError, MalformedError: as ``canonicalize_and_group``; ``bbs_missing``.
    """
    disclosure = disclose(
        document,
        create_shuffled_id_label_map_function(base.hmac_key),
        base.mandatory_pointers,
        selective_pointers,
        contexts=around.contexts,
        limits=around.limits,
    )
    messages = [nquad.encode() for nquad in disclosure.non_mandatory]
    showing = Showing(messages, disclosure.selective_indexes, presentation_header, entropy)
    bbs_proof, feature, bound = prove(base, showing, holder, nym_domain)
    value = DerivedValue(
        bbs_proof,
        disclosure.label_map,
        disclosure.mandatory_indexes,
        disclosure.selective_indexes,
        presentation_header,
        feature,
        bound,
    )
    return value, disclosure


def add_derived_proof(
    unsecured: JsonObject,
    options: Json,
    value: bytes,
    selective_pointers: Sequence[str],
    around: Around,
    *,
    presentation_header: bytes,
    entropy: Entropy,
    holder: HolderSecrets | None = None,
    nym_domain: str | None = None,
) -> JsonObject:
    """§3.4.6 Add Derived Proof.

    Args:
        unsecured: the document without proofs.
        options: the base proof without its ``proofValue``.
        value: its ``proofValue``, decoded.
        selective_pointers: JSON Pointers to what shall be shown beside what must be.
        around: contexts and limits.
        presentation_header: bytes that the proof is bound to; a verifier reads them in it.
        entropy: what hides the rest; two proofs must never get the same bytes.
        holder: the secrets that the base proof is bound to, where it is.
        nym_domain: whom a pseudonym is for, where the base proof gives pseudonyms.

    Raises:
        as ``create_disclosure_data`` and ``parse_base_proof_value``.
    """
    base = parse_base_proof_value(value, limits=around.limits)
    derived, disclosure = create_disclosure_data(
        unsecured,
        base,
        selective_pointers,
        around,
        presentation_header=presentation_header,
        entropy=entropy,
        holder=holder,
        nym_domain=nym_domain,
    )
    config = base_proof_configuration(options, unsecured, around)
    header = configuration.hash_configuration(config) + hash_mandatory_nquads(disclosure.mandatory)
    if header != base.bbs_header:
        raise InvalidSignatureError("the base proof was made for other options or other mandatory pointers")
    proof_value = encode_multibase(serialize_derived_proof_value(derived), "u")
    return {**disclosure.reveal_document, "proof": {**options, "proofValue": proof_value}}


def create_verify_data(unsecured: Json, options: Json, value: bytes, around: Around) -> VerifyData:
    """§3.3.8 createVerifyData."""
    derived = parse_derived_proof_value(value, limits=around.limits)
    length = check_length(derived)
    check_count(len(derived.mandatory_indexes) + length, around.limits)
    check_indexes(derived.selective_indexes, length)
    proof_hash = configuration.hash_configuration(base_proof_configuration(options, unsecured, around))
    mandatory, non_mandatory = read_statements(
        unsecured, derived.label_map, derived.mandatory_indexes, around
    )
    return VerifyData(derived, proof_hash, hash_mandatory_nquads(mandatory), non_mandatory)


def verify_derived_proof(
    unsecured: Json, options: Json, value: bytes, key: PublicKey, around: Around
) -> JsonObject:
    """§3.4.7 Verify Derived Proof; returns the verified document.

    Raises:
        MalformedProofError: the ``proofValue`` cannot be read (``sd_value``).
        InvalidError: a base proof (``sd_base_proof``); indexes or label map that do not fit the document
            (``sd_indexes``, ``sd_label_map``, ``sd_statement_count``, ``bbs_length``); a pseudonym for
            somebody else (``audience_wrong``); a key that is not for BBS; and as ``canon.rdf.to_quads``.
        InvalidSignatureError: the proof does not match.
        UndecidedError, UnsupportedError: as ``create_base_proof``; ``pseudonym_audience``.
    """
    require_algorithm(key.algorithm, NAME, _KEYS)
    data = create_verify_data(unsecured, options, value, around)
    if len(data.derived.selective_indexes) != len(data.non_mandatory):
        detail = "the proof shows another number of statements than the document has"
        raise InvalidError(detail, code="sd_statement_count")
    verify(
        key.raw,
        data.derived,
        [nquad.encode() for nquad in data.non_mandatory],
        header=data.proof_hash + data.mandatory_hash,
        audience=around.audience,
    )
    return dict(unsecured)


def find_pseudonym(value: bytes, limits: Limits) -> Pseudonym | None:
    """Return how a derived proof names its holder; None where it does not. Raises as the parser."""
    derived = parse_derived_proof_value(value, limits=limits)
    if derived.bound is None or derived.bound.pseudonym is None:
        return None
    return Pseudonym(derived.bound.pseudonym, derived.presentation_header)


SUITE: Final = Suite(
    NAME,
    _KEYS,
    create=create_base_proof,
    verify=verify_derived_proof,
    contexts=DATA_INTEGRITY,
    bases="u",
    selective=True,
    check=lambda value, limits: parse_derived_proof_value(value, limits=limits),
    pseudonym=find_pseudonym,
)
