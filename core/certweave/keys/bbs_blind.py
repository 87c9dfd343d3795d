"""Blind BBS signatures: a signer signs, beside its own messages, some that only the prover knows.

Follows draft-irtf-cfrg-bbs-blind-signatures-01 (3 March 2025,
https://datatracker.ietf.org/doc/draft-irtf-cfrg-bbs-blind-signatures/01/) §4 and §5, BLS12-381-SHA-256;
functions bear the draft's names. Where its text and its test vectors differ, this does what the vectors do,
and those of W3C: B is P1 + Q_1 * domain + …, the domain covers Q_2 (both corrected in the draft's text of May
2026), and ``e`` is the hash of the secret key and B alone. Messages that the prover committed to are never
shown here. Not constant time (``bbs``).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from certweave.errors import InvalidError, InvalidSignatureError, MalformedError
from certweave.keys.bbs import sk_to_pk
from certweave.keys.bbs_core import (
    ReadProof,
    core_proof_gen,
    core_proof_verify,
    core_verify,
    finalize_sign,
    octets_to_proof,
    pair_shown,
    parse_scalars,
    read_secret,
)
from certweave.keys.bbs_group import (
    POINT_BYTES,
    SCALAR_BYTES,
    SUITE_ID,
    Basis,
    blind_generators,
    calculate_domain,
    calculate_random_scalars,
    find_basis,
    hash_to_scalar,
    messages_to_scalars,
    octets,
    parse_point,
    require_curve,
    signed_sum,
    sum_of,
)
from certweave.keys.entropy import Entropy

if TYPE_CHECKING:
    from py_arkworks_bls12381 import G1Point

BLIND_API_ID: Final = SUITE_ID + b"BLIND_H2G_HM2S_"
COMMITMENT_FLOOR: Final = POINT_BYTES + 2 * SCALAR_BYTES
"""Bytes of a commitment with proof, to no message at all."""


def commit(committed_messages: Sequence[bytes], *, entropy: Entropy) -> tuple[bytes, int]:
    """Commit (draft §4.1.1): return the commitment with its proof, for the signer, and the secret blind.

    ``entropy`` is called once for each random number; two commitments must never get the same bytes.
    """
    return core_commit(messages_to_scalars(committed_messages, BLIND_API_ID), BLIND_API_ID, entropy)


def core_commit(scalars: Sequence[int], api_id: bytes, entropy: Entropy) -> tuple[bytes, int]:
    """CoreCommit (draft §4.3.1)."""
    generators = blind_generators(len(scalars) + 1, api_id)
    blind, *random = calculate_random_scalars(len(scalars) + 2, entropy)
    secrets = (blind, *scalars)
    commitment, masked = sum_of(generators, secrets), sum_of(generators, random)
    challenge = calculate_blind_challenge(commitment, masked, generators, api_id)
    answers = [mask + secret * challenge for mask, secret in zip(random, secrets, strict=True)]
    return commitment.to_compressed_bytes() + octets((*answers, challenge)), blind


def deserialize_and_validate_commit(commitment_with_proof: bytes, count: int, api_id: bytes) -> "G1Point":
    """Read a commitment to ``count`` messages and check its proof (draft §4.1.2, §4.3.2, §5.4.2).

    Stricter than the draft, which takes an empty text for a commitment to nothing.

    Raises:
        MalformedError: of another length than ``count`` messages make (``commitment_malformed``).
        InvalidError: a part of it is no point or number of the group, or the proof does not hold
            (``commitment_wrong``).
        UnsupportedError: the library for this curve is not installed.
    """
    require_curve()
    if len(commitment_with_proof) != COMMITMENT_FLOOR + count * SCALAR_BYTES:
        detail = f"a commitment to {count} messages has {COMMITMENT_FLOOR + count * SCALAR_BYTES} bytes"
        raise MalformedError(detail, code="commitment_malformed")
    try:
        commitment = parse_point(commitment_with_proof[:POINT_BYTES])
        *answers, challenge = parse_scalars(commitment_with_proof[POINT_BYTES:])
    except InvalidSignatureError as error:
        raise InvalidError(f"the commitment is none: {error.detail}", code="commitment_wrong") from None
    generators = blind_generators(count + 1, api_id)
    masked = sum_of((*generators, commitment), (*answers, -challenge))
    if calculate_blind_challenge(commitment, masked, generators, api_id) != challenge:
        detail = "the proof of the commitment does not hold: whoever sent it does not know what is inside"
        raise InvalidError(detail, code="commitment_wrong")
    return commitment


def blind_sign(
    secret: bytes, header: bytes, messages: Sequence[bytes], *, commitment_with_proof: bytes, committed: int
) -> bytes:
    """BlindSign (draft §4.2.1): return the signature, 80 bytes. The same input gives the same.

    Args:
        secret: the signer's key.
        header: what the signer binds to all messages.
        messages: those of the signer.
        commitment_with_proof: the prover's, to ``committed`` messages.
        committed: how many the signer expects.

    Raises:
        MalformedError, InvalidError, UnsupportedError: as ``deserialize_and_validate_commit``; the secret key
            is none.
    """
    commitment = deserialize_and_validate_commit(commitment_with_proof, committed, BLIND_API_ID)
    basis = find_basis(len(messages), api_id=BLIND_API_ID, blind=committed + 1)
    scalars = messages_to_scalars(messages, BLIND_API_ID)
    return finalize_blind_sign(
        secret, commitment, basis, header=header, scalars=(*scalars, *[0] * (committed + 1))
    )


def finalize_blind_sign(
    secret: bytes, commitment: "G1Point", basis: Basis, *, header: bytes, scalars: Sequence[int]
) -> bytes:
    """B_calculate (draft §5.2) and FinalizeBlindSign (draft §4.3.3).

    ``scalars`` are what the signer adds at each generator of ``basis``: zero where it adds nothing.
    """
    number = read_secret(secret)
    b = signed_sum(basis, calculate_domain(sk_to_pk(secret), basis, header), scalars) + commitment
    e = hash_to_scalar(octets((number,)) + b.to_compressed_bytes(), basis.h2s_dst)
    return finalize_sign(number, e, b)


def blind_verify(
    public: bytes,
    signature: bytes,
    header: bytes,
    messages: Sequence[bytes],
    *,
    committed_messages: Sequence[bytes],
    secret_prover_blind: int,
) -> None:
    """Verify (draft §4.2.2): check, as the prover, a signature over all messages.

    Raises:
        InvalidSignatureError: of the wrong form, or not made by this key over them and this commitment.
        MalformedError, InvalidError, UnsupportedError: as ``bbs.check_public``.
    """
    basis, scalars = prepare_parameters(messages, committed_messages, secret_prover_blind)
    core_verify(public, signature, basis, header, scalars)


def prepare_parameters(
    messages: Sequence[bytes],
    committed_messages: Sequence[bytes],
    secret_prover_blind: int,
    *,
    api_id: bytes = BLIND_API_ID,
    blind: int = 1,
) -> tuple[Basis, list[int]]:
    """prepare_parameters (draft §5.1), of who knows all messages.

    ``blind`` generators come beside those of the messages: one for the blind itself.
    """
    scalars = messages_to_scalars(messages, api_id)
    scalars += [secret_prover_blind, *messages_to_scalars(committed_messages, api_id)]
    return find_basis(len(messages), api_id=api_id, blind=len(committed_messages) + blind), scalars


def blind_proof_gen(
    public: bytes,
    signature: bytes,
    messages: Sequence[bytes],
    disclosed_indexes: Sequence[int],
    *,
    committed_messages: Sequence[bytes],
    secret_prover_blind: int,
    header: bytes,
    presentation_header: bytes,
    entropy: Entropy,
) -> bytes:
    """BlindProofGen (draft §4.2.3), showing messages of the signer only.

    Raises:
        InvalidSignatureError, ValueError, UnsupportedError: as ``bbs.proof_gen``.
    """
    basis, scalars = prepare_parameters(messages, committed_messages, secret_prover_blind)
    return core_proof_gen(
        public,
        signature,
        basis,
        scalars,
        disclosed_indexes,
        header=header,
        presentation_header=presentation_header,
        entropy=entropy,
    )


def blind_proof_verify(
    public: bytes,
    proof: bytes,
    disclosed_messages: Sequence[bytes],
    disclosed_indexes: Sequence[int],
    *,
    length: int,
    header: bytes,
    presentation_header: bytes,
) -> None:
    """BlindProofVerify (draft §4.2.4), of a proof that shows messages of the signer only.

    ``length`` is how many messages the signer signed that it saw. The work grows with
    ``bbs.hidden_messages(proof)``.

    Raises:
        InvalidSignatureError: of the wrong form, or it does not prove this.
        MalformedError, InvalidError, UnsupportedError: as ``bbs.check_public``.
    """
    read = octets_to_proof(proof)
    core_proof_verify(
        public,
        read,
        blind_basis(read, disclosed_indexes, length, BLIND_API_ID),
        pair_shown(disclosed_indexes, disclosed_messages, BLIND_API_ID),
        header=header,
        presentation_header=presentation_header,
    )


def blind_basis(read: ReadProof, disclosed_indexes: Sequence[int], length: int, api_id: bytes) -> Basis:
    """Return the generators of a proof of a blind signature (draft §4.2.4, the deserialization).

    Raises:
        InvalidSignatureError: the proof is for no more messages than the signer saw, or shows one that the
            signer did not see (``signature_form``).
    """
    blind = len(disclosed_indexes) + len(read.commitments) - length
    if length < 0 or blind < 1 or any(index >= length for index in disclosed_indexes):
        detail = "the BBS proof is for another number of messages than it says"
        raise InvalidSignatureError(detail, code="signature_form")
    return find_basis(length, api_id=api_id, blind=blind)


def calculate_blind_challenge(
    commitment: "G1Point", masked: "G1Point", generators: "Sequence[G1Point]", api_id: bytes
) -> int:
    """calculate_blind_challenge (draft §5.3)."""
    points = (*generators, commitment, masked)
    data = (len(generators) - 1).to_bytes(8) + b"".join(point.to_compressed_bytes() for point in points)
    return hash_to_scalar(data, api_id + b"H2S_")
