"""BBS signatures: many messages signed at once, any of them shown later, and nothing that links two showings.

Follows draft-irtf-cfrg-bbs-signatures (text of July 2025,
https://datatracker.ietf.org/doc/draft-irtf-cfrg-bbs-signatures/) §3, ciphersuite BLS12-381-SHA-256 with the
interface that the draft defines; functions bear the draft's names. **Not constant time**: who can measure how
long a signer or a prover works may learn about its secrets. Signatures over what the signer does not see are
in ``bbs_blind``, pseudonyms in ``bbs_pseudonym``.
"""

from collections.abc import Sequence

from certweave.keys.bbs_core import (
    PROOF_FLOOR,
    core_proof_gen,
    core_proof_verify,
    core_verify,
    finalize_sign,
    octets_to_proof,
    octets_to_pubkey,
    pair_shown,
    read_secret,
)
from certweave.keys.bbs_group import (
    KEYGEN_DST,
    SCALAR_BYTES,
    calculate_domain,
    find_basis,
    hash_to_scalar,
    messages_to_scalars,
    octets,
    require_curve,
    scalar,
    signed_sum,
)
from certweave.keys.entropy import Entropy


def key_gen(key_material: bytes, key_info: bytes = b"", *, key_dst: bytes = KEYGEN_DST) -> bytes:
    """KeyGen (draft §3.4.1): return a secret key of 32 bytes made of at least 32 random bytes.

    Raises:
        ValueError: too little material, or too much information beside it.
    """
    if len(key_material) < SCALAR_BYTES or len(key_info) > 0xFFFF:
        raise ValueError("KeyGen takes at least 32 bytes of material and at most 65535 of information")
    derive_input = key_material + len(key_info).to_bytes(2) + key_info
    return hash_to_scalar(derive_input, key_dst).to_bytes(SCALAR_BYTES)


def sk_to_pk(secret: bytes) -> bytes:
    """SkToPk (draft §3.4.2): return the public key, a compressed point of G2."""
    require_curve()
    from py_arkworks_bls12381 import G2Point

    return (G2Point() * scalar(read_secret(secret))).to_compressed_bytes()


def check_public(raw: bytes) -> None:
    """Check that ``raw`` is a point of G2 that can be a key; raises as ``bbs_core.octets_to_pubkey``."""
    octets_to_pubkey(raw)


def sign(secret: bytes, header: bytes, messages: Sequence[bytes]) -> bytes:
    """Sign (draft §3.5.1, CoreSign §3.6.1): return the signature, 80 bytes. The same input gives the same."""
    number, public = read_secret(secret), sk_to_pk(secret)
    scalars, basis = messages_to_scalars(messages), find_basis(len(messages))
    domain = calculate_domain(public, basis, header)
    e = hash_to_scalar(octets((number, *scalars, domain)), basis.h2s_dst)
    return finalize_sign(number, e, signed_sum(basis, domain, scalars))


def verify(public: bytes, signature: bytes, header: bytes, messages: Sequence[bytes]) -> None:
    """Verify (draft §3.5.2): check a signature over ``header`` and all ``messages``.

    Raises:
        InvalidSignatureError: of the wrong form, or not made by this key over them.
        MalformedError, InvalidError, UnsupportedError: as ``check_public``.
    """
    core_verify(public, signature, find_basis(len(messages)), header, messages_to_scalars(messages))


def proof_gen(
    public: bytes,
    signature: bytes,
    messages: Sequence[bytes],
    disclosed_indexes: Sequence[int],
    *,
    header: bytes,
    presentation_header: bytes,
    entropy: Entropy,
) -> bytes:
    """ProofGen (draft §3.5.3): prove a signature, showing some messages only.

    Args:
        public: the signer's key; the caller has verified ``signature`` with it.
        signature: over ``header`` and all ``messages``.
        messages: all of them, in the order in which they were signed.
        disclosed_indexes: those to show, ascending.
        header: what the signer bound to all of them.
        presentation_header: what the prover binds to this proof.
        entropy: called once for each random number; two proofs must never get the same bytes.

    Raises:
        InvalidSignatureError: the signature has the wrong form.
        ValueError: the indexes are not ascending or out of range.
        UnsupportedError: the library for this curve is not installed.
    """
    return core_proof_gen(
        public,
        signature,
        find_basis(len(messages)),
        messages_to_scalars(messages),
        disclosed_indexes,
        header=header,
        presentation_header=presentation_header,
        entropy=entropy,
    )


def proof_verify(
    public: bytes,
    proof: bytes,
    disclosed_messages: Sequence[bytes],
    disclosed_indexes: Sequence[int],
    *,
    header: bytes,
    presentation_header: bytes,
) -> None:
    """ProofVerify (draft §3.5.4).

    The work grows with ``hidden_messages(proof)``: whoever takes proofs from strangers bounds that first.

    Raises:
        InvalidSignatureError: of the wrong form, or it does not prove this.
        MalformedError, InvalidError, UnsupportedError: as ``check_public``.
    """
    read = octets_to_proof(proof)
    core_proof_verify(
        public,
        read,
        find_basis(len(disclosed_indexes) + len(read.commitments)),
        pair_shown(disclosed_indexes, disclosed_messages),
        header=header,
        presentation_header=presentation_header,
    )


def hidden_messages(proof: bytes) -> int:
    """Return how many messages a proof keeps to itself, by its length alone; never below zero."""
    return max(0, (len(proof) - PROOF_FLOOR) // SCALAR_BYTES)
