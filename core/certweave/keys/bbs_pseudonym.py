"""BBS with pseudonyms: a holder is the same one to one verifier, and nobody's acquaintance to two.

Follows draft-irtf-cfrg-bbs-per-verifier-linkability-01 (3 March 2025,
https://datatracker.ietf.org/doc/draft-irtf-cfrg-bbs-per-verifier-linkability/01/), BLS12-381-SHA-256;
functions bear the draft's names. It is the revision that fits the vectors of W3C for bbs-2023, with one
``prover_nym``; later ones have a list of them, and other proofs. A pseudonym is a point that a context
(whoever asks) and the holder's secret give together; the proof shows that the signer signed this secret, of
which it knows a summand only. The deviations of ``bbs_blind`` are here, too. Not constant time (``bbs``).
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from certweave.errors import InvalidSignatureError, MalformedError
from certweave.keys.bbs_blind import (
    blind_basis,
    core_commit,
    deserialize_and_validate_commit,
    finalize_blind_sign,
    prepare_parameters,
)
from certweave.keys.bbs_core import (
    check_pairing,
    core_verify,
    mismatch,
    octets_to_proof,
    octets_to_signature,
    others,
    pair_shown,
    proof_challenge_calculate,
    proof_finalize,
    proof_init,
    proof_verify_init,
)
from certweave.keys.bbs_group import (
    ORDER,
    SCALAR_BYTES,
    SUITE_ID,
    Basis,
    calculate_domain,
    calculate_random_scalars,
    find_basis,
    messages_to_scalars,
    parse_point,
    require_curve,
    scalar,
    sum_of,
)
from certweave.keys.entropy import Entropy

if TYPE_CHECKING:
    from py_arkworks_bls12381 import G1Point

PSEUDONYM_API_ID: Final = SUITE_ID + b"H2G_HM2S_PSEUDONYM_"


def commit_with_nym(
    committed_messages: Sequence[bytes], prover_nym: bytes, *, entropy: Entropy
) -> tuple[bytes, int]:
    """CommitWithNym (draft §6.1.1): return the commitment with its proof, for the signer, and a secret blind.

    ``prover_nym`` is the prover's part of the secret, a number in 32 bytes; the rest as ``bbs_blind.commit``.

    Raises:
        MalformedError: ``prover_nym`` is no number from 1 to r - 1 (``nym_malformed``).
    """
    scalars = [*messages_to_scalars(committed_messages, PSEUDONYM_API_ID), read_nym(prover_nym)]
    return core_commit(scalars, PSEUDONYM_API_ID, entropy)


def blind_sign_with_nym(
    secret: bytes,
    header: bytes,
    messages: Sequence[bytes],
    *,
    commitment_with_proof: bytes,
    committed: int,
    signer_nym_entropy: bytes,
) -> bytes:
    """BlindSignWithNym (draft §6.1.2, B_calculate_with_nym §6.1.2.1): return the signature, 80 bytes.

    ``committed`` counts the committed messages, the nym included; ``signer_nym_entropy`` is the signer's part
    of the secret, random and not secret, the same again for the same pseudonyms.

    Raises:
        MalformedError, InvalidError, UnsupportedError: as ``bbs_blind.blind_sign``; ``nym_malformed``.
    """
    commitment = deserialize_and_validate_commit(commitment_with_proof, committed, PSEUDONYM_API_ID)
    basis = find_basis(len(messages), api_id=PSEUDONYM_API_ID, blind=committed + 1)
    scalars = messages_to_scalars(messages, PSEUDONYM_API_ID)
    scalars += [*[0] * committed, read_nym(signer_nym_entropy)]
    return finalize_blind_sign(secret, commitment, basis, header=header, scalars=scalars)


def verify_finalize_with_nym(
    public: bytes,
    signature: bytes,
    header: bytes,
    messages: Sequence[bytes],
    *,
    committed_messages: Sequence[bytes],
    prover_nym: bytes,
    signer_nym_entropy: bytes,
    secret_prover_blind: int,
) -> bytes:
    """VerifyFinalizeWithNym (draft §6.1.3): check a signature as the prover; return nym_secret, 32 bytes.

    Raises:
        InvalidSignatureError: of the wrong form, or not made by this key over them and this commitment.
        MalformedError: a part of the secret is none (``nym_malformed``).
        InvalidError, UnsupportedError: as ``bbs.check_public``.
    """
    basis, scalars = _prepare(messages, committed_messages, secret_prover_blind)
    nym_secret = (read_nym(prover_nym) + read_nym(signer_nym_entropy)) % ORDER
    core_verify(public, signature, basis, header, (*scalars, nym_secret))
    return nym_secret.to_bytes(SCALAR_BYTES)


def proof_gen_with_nym(
    public: bytes,
    signature: bytes,
    messages: Sequence[bytes],
    disclosed_indexes: Sequence[int],
    *,
    committed_messages: Sequence[bytes],
    nym_secret: bytes,
    context_id: bytes,
    secret_prover_blind: int,
    header: bytes,
    presentation_header: bytes,
    entropy: Entropy,
) -> tuple[bytes, bytes]:
    """ProofGenWithNym (draft §6.2, CoreProofGenWithNym §7.1): return the proof and the pseudonym, 48 bytes.

    Messages of the signer only are shown. ``context_id`` is whom the pseudonym is for.

    Raises:
        InvalidSignatureError: the signature has the wrong form.
        MalformedError: ``nym_secret`` is none (``nym_malformed``).
        ValueError, UnsupportedError: as ``bbs.proof_gen``.
    """
    basis, scalars = _prepare(messages, committed_messages, secret_prover_blind)
    scalars.append(read_nym(nym_secret))
    hidden = others(disclosed_indexes, len(scalars))
    signed = octets_to_signature(signature)
    random = calculate_random_scalars(5 + len(hidden), entropy)
    domain = calculate_domain(public, basis, header)
    start = proof_init(signed, basis, domain, random, scalars=scalars, hidden=hidden)
    # PseudonymProofInit (draft §7.3.1): the randomness of the last message, which is nym_secret.
    place = _place_of(context_id)
    pseudonym, masked = place * scalar(scalars[-1]), place * scalar(random[-1])
    shown = [(index, scalars[index]) for index in disclosed_indexes]
    challenge = proof_challenge_calculate(
        start, basis, shown, presentation_header, (pseudonym, place, masked)
    )
    proof = proof_finalize(start, challenge, signed[1], random, [scalars[index] for index in hidden])
    return proof, pseudonym.to_compressed_bytes()


def proof_verify_with_nym(
    public: bytes,
    proof: bytes,
    disclosed_messages: Sequence[bytes],
    disclosed_indexes: Sequence[int],
    *,
    pseudonym: bytes,
    context_id: bytes,
    length: int,
    header: bytes,
    presentation_header: bytes,
) -> None:
    """ProofVerifyWithNym (draft §6.3, CoreProofVerifyWithNym §7.2), of what ``proof_gen_with_nym`` made.

    Holds for ``context_id`` alone. ``length`` and the work as in ``bbs_blind.blind_proof_verify``.

    Raises:
        InvalidSignatureError: of the wrong form, or it does not prove this.
        MalformedError, InvalidError, UnsupportedError: as ``bbs.check_public``.
    """
    read = octets_to_proof(proof)
    point = parse_point(pseudonym)
    basis = blind_basis(read, disclosed_indexes, length, PSEUDONYM_API_ID)
    if basis.messages - length < 2:
        detail = "the BBS proof keeps no secret that a pseudonym could come from"
        raise InvalidSignatureError(detail, code="signature_form")
    shown = pair_shown(disclosed_indexes, disclosed_messages, PSEUDONYM_API_ID)
    start = proof_verify_init(public, read, basis, shown, header)
    # PseudonymProofVerifyInit (draft §7.3.2): the last commitment is that to nym_secret.
    place = _place_of(context_id)
    masked = sum_of((place, point), (read.commitments[-1], -read.challenge))
    challenge = proof_challenge_calculate(start, basis, shown, presentation_header, (point, place, masked))
    if _is_identity(masked) or challenge != read.challenge:
        raise mismatch()
    check_pairing(public, start)


def read_nym(number: bytes) -> int:
    """Read a part of the secret behind pseudonyms, or all of it.

    Raises:
        MalformedError: it is no number from 1 to r - 1 in 32 bytes (``nym_malformed``).
    """
    found = int.from_bytes(number)
    if len(number) != SCALAR_BYTES or not 0 < found < ORDER:
        detail = "a secret behind pseudonyms is a number of 32 bytes from 1 to r - 1"
        raise MalformedError(detail, code="nym_malformed")
    return found


def _prepare(
    messages: Sequence[bytes], committed_messages: Sequence[bytes], secret_prover_blind: int
) -> tuple[Basis, list[int]]:
    """Return the generators, one more for nym_secret, and all scalars but that (draft §6.1.3 and §6.2)."""
    return prepare_parameters(
        messages, committed_messages, secret_prover_blind, api_id=PSEUDONYM_API_ID, blind=2
    )


def _place_of(context_id: bytes) -> "G1Point":
    """Return OP, the point of a context (draft §4): hash_to_curve_g1 with the Interface's identifier."""
    require_curve()
    from py_arkworks_bls12381 import G1Point

    return G1Point.hash_to_curve(context_id, PSEUDONYM_API_ID)


def _is_identity(point: "G1Point") -> bool:
    from py_arkworks_bls12381 import G1Point

    return bool(point == G1Point.identity())
