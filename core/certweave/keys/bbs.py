"""BBS signatures: many messages signed at once, any of them shown later, and nothing that links two showings.

Follows draft-irtf-cfrg-bbs-signatures (text of July 2025,
https://datatracker.ietf.org/doc/draft-irtf-cfrg-bbs-signatures/) §3, ciphersuite BLS12-381-SHA-256 with the
interface that the draft defines; functions bear the draft's names. **Not constant time**: who can measure how
long a signer or a prover works may learn about its secrets. Blind signatures and pseudonyms are not here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from certweave.errors import InvalidError, InvalidSignatureError, MalformedError
from certweave.keys.bbs_group import (
    H2S_DST,
    KEYGEN_DST,
    ORDER,
    POINT_BYTES,
    SCALAR_BYTES,
    Entropy,
    base_point,
    calculate_domain,
    calculate_random_scalars,
    create_generators,
    hash_to_scalar,
    messages_to_scalars,
    octets,
    parse_point,
    parse_scalar,
    require_curve,
    scalar,
    signed_sum,
    sum_of,
)

if TYPE_CHECKING:
    from py_arkworks_bls12381 import G1Point, G2Point

    _ReadProof = tuple[tuple[G1Point, G1Point, G1Point], tuple[int, int, int], list[int], int]

PUBLIC_BYTES: Final = 96
SIGNATURE_BYTES: Final = 80
PROOF_FLOOR: Final = 3 * POINT_BYTES + 4 * SCALAR_BYTES
"""Bytes of a proof that keeps no message."""


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

    return (G2Point() * scalar(_secret(secret))).to_compressed_bytes()


def check_public(raw: bytes) -> None:
    """octets_to_pubkey (draft §4.2.4.6): check that ``raw`` is a point of G2 that can be a key.

    Raises:
        MalformedError: no compressed point of the group (``key_malformed``).
        InvalidError: the identity (``key_weak``), or a second encoding of a point (``key_not_canonical``).
        UnsupportedError: the library for this curve is not installed.
    """
    _public_point(raw)


@lru_cache(maxsize=1024)
def _public_point(raw: bytes) -> "G2Point":
    require_curve()
    from py_arkworks_bls12381 import G2Point

    if len(raw) != PUBLIC_BYTES:
        raise MalformedError("a compressed point of G2 has 96 bytes", code="key_malformed")
    try:
        point = G2Point.from_compressed_bytes(raw)
    except ValueError:
        raise MalformedError("the key is no point of G2", code="key_malformed") from None
    if point == G2Point.identity():
        raise InvalidError("the BBS key is the identity of G2", code="key_weak")
    # The library of today takes second encodings of the identity only, which was refused above.
    if point.to_compressed_bytes() != raw:  # pragma: no cover - another version may take more
        raise InvalidError("the BBS key is a second encoding of its point", code="key_not_canonical")
    return point


def _secret(secret: bytes) -> int:
    number = int.from_bytes(secret)
    if len(secret) != SCALAR_BYTES or not 0 < number < ORDER:
        raise MalformedError("a BBS secret key is a number of 32 bytes from 1 to r - 1", code="key_malformed")
    return number


def sign(secret: bytes, header: bytes, messages: Sequence[bytes]) -> bytes:
    """Sign (draft §3.5.1, CoreSign §3.6.1): return the signature, 80 bytes. The same input gives the same."""
    number, public = _secret(secret), sk_to_pk(secret)
    scalars = messages_to_scalars(messages)
    domain = calculate_domain(public, len(messages), header)
    serialized = octets((number, *scalars, domain))
    e = hash_to_scalar(serialized, H2S_DST)
    a = signed_sum(domain, scalars) * scalar(pow(number + e, -1, ORDER))
    return a.to_compressed_bytes() + e.to_bytes(SCALAR_BYTES)


def verify(public: bytes, signature: bytes, header: bytes, messages: Sequence[bytes]) -> None:
    """Verify (draft §3.5.2, CoreVerify §3.6.2): check a signature over ``header`` and all ``messages``.

    Raises:
        InvalidSignatureError: of the wrong form, or not made by this key over them.
        MalformedError, InvalidError, UnsupportedError: as ``check_public``.
    """
    w = _public_point(public)
    from py_arkworks_bls12381 import GT, G2Point

    a, e = _octets_to_signature(signature)
    b = signed_sum(calculate_domain(public, len(messages), header), messages_to_scalars(messages))
    if not GT.pairing_check([a, b], [w + G2Point() * scalar(e), -G2Point()]):
        raise InvalidSignatureError("the BBS signature does not match")


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
    """ProofGen (draft §3.5.3, CoreProofGen §3.6.3): prove a signature, showing some messages only.

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
    require_curve()
    hidden = _others(disclosed_indexes, len(messages))
    signed = _octets_to_signature(signature)
    scalars = messages_to_scalars(messages)
    random = calculate_random_scalars(5 + len(hidden), entropy)
    domain = calculate_domain(public, len(messages), header)
    start = _proof_init(signed, random, domain, scalars, hidden)
    shown = [(index, scalars[index]) for index in disclosed_indexes]
    challenge = _proof_challenge_calculate(start, shown, presentation_header)
    return _proof_finalize(start, challenge, signed[1], random, [scalars[index] for index in hidden])


def proof_verify(
    public: bytes,
    proof: bytes,
    disclosed_messages: Sequence[bytes],
    disclosed_indexes: Sequence[int],
    *,
    header: bytes,
    presentation_header: bytes,
) -> None:
    """ProofVerify (draft §3.5.4, CoreProofVerify §3.6.4).

    The work grows with ``hidden_messages(proof)``: whoever takes proofs from strangers bounds that first.

    Raises:
        InvalidSignatureError: of the wrong form, or it does not prove this.
        MalformedError, InvalidError, UnsupportedError: as ``check_public``.
    """
    w = _public_point(public)
    from py_arkworks_bls12381 import GT, G2Point

    read = _octets_to_proof(proof)
    commitments, challenge = read[2:]
    count = len(disclosed_indexes) + len(commitments)
    try:
        hidden = _others(disclosed_indexes, count)
    except ValueError:
        raise InvalidSignatureError(
            "the indexes of the BBS proof do not fit", code="signature_form"
        ) from None
    if len(disclosed_messages) != len(disclosed_indexes):
        raise InvalidSignatureError("the BBS proof shows another number of messages", code="signature_form")
    shown = list(zip(disclosed_indexes, messages_to_scalars(disclosed_messages), strict=True))
    domain = calculate_domain(public, count, header)
    start = _proof_verify_init(read, domain, shown, hidden)
    if _proof_challenge_calculate(start, shown, presentation_header) != challenge:
        raise InvalidSignatureError("the BBS proof does not match")
    if not GT.pairing_check([start.a_bar, start.b_bar], [w, -G2Point()]):
        raise InvalidSignatureError("the BBS proof does not match")


def hidden_messages(proof: bytes) -> int:
    """Return how many messages a proof keeps to itself, by its length alone; never below zero."""
    return max(0, (len(proof) - PROOF_FLOOR) // SCALAR_BYTES)


@dataclass(frozen=True, slots=True)
class _Start:
    """What ProofInit returns (draft §3.7.1)."""

    a_bar: "G1Point"
    b_bar: "G1Point"
    d: "G1Point"
    t1: "G1Point"
    t2: "G1Point"
    domain: int


def _proof_init(
    signed: "tuple[G1Point, int]",
    random: Sequence[int],
    domain: int,
    scalars: Sequence[int],
    hidden: Sequence[int],
) -> _Start:
    """ProofInit (draft §3.7.1)."""
    a, e = signed
    r1, r2, e_tilde, r1_tilde, r3_tilde, *m_tilde = random
    generators = create_generators(len(scalars) + 1)
    d = signed_sum(domain, scalars) * scalar(r2)
    a_bar = a * scalar(r1 * r2)
    b_bar = sum_of((d, a_bar), (r1, -e))
    t1 = sum_of((a_bar, d), (e_tilde, r1_tilde))
    t2 = sum_of((d, *(generators[index + 1] for index in hidden)), (r3_tilde, *m_tilde))
    return _Start(a_bar, b_bar, d, t1, t2, domain)


def _proof_verify_init(
    proof: "_ReadProof", domain: int, shown: Sequence[tuple[int, int]], hidden: Sequence[int]
) -> _Start:
    """ProofVerifyInit (draft §3.7.3), each sum in one multiplication of many points."""
    (a_bar, b_bar, d), (e, r1, r3), commitments, challenge = proof
    q_1, *h = create_generators(len(shown) + len(hidden) + 1)
    t1 = sum_of((b_bar, a_bar, d), (challenge, e, r1))
    t2 = sum_of(
        (base_point(), q_1, d, *(h[index] for index, _ in shown), *(h[index] for index in hidden)),
        (challenge, domain * challenge, r3, *(message * challenge for _, message in shown), *commitments),
    )
    return _Start(a_bar, b_bar, d, t1, t2, domain)


def _proof_finalize(
    start: _Start, challenge: int, e: int, random: Sequence[int], hidden: Sequence[int]
) -> bytes:
    """ProofFinalize (draft §3.7.2)."""
    r1, r2, e_tilde, r1_tilde, r3_tilde, *m_tilde = random
    numbers = [e_tilde + e * challenge, r1_tilde - r1 * challenge]
    numbers.append(r3_tilde - pow(r2, -1, ORDER) * challenge)
    numbers += [tilde + message * challenge for tilde, message in zip(m_tilde, hidden, strict=True)]
    points = (start.a_bar, start.b_bar, start.d)
    return b"".join(point.to_compressed_bytes() for point in points) + octets((*numbers, challenge))


def _proof_challenge_calculate(
    start: _Start, shown: Sequence[tuple[int, int]], presentation_header: bytes
) -> int:
    """ProofChallengeCalculate (draft §3.7.4): the messages that are shown, by index."""
    data = len(shown).to_bytes(8)
    data += b"".join(index.to_bytes(8) + message.to_bytes(SCALAR_BYTES) for index, message in shown)
    for point in (start.a_bar, start.b_bar, start.d, start.t1, start.t2):
        data += point.to_compressed_bytes()
    data += octets((start.domain,))
    data += len(presentation_header).to_bytes(8) + presentation_header
    return hash_to_scalar(data, H2S_DST)


def _octets_to_signature(signature: bytes) -> "tuple[G1Point, int]":
    """octets_to_signature (draft §4.2.4.3)."""
    if len(signature) != SIGNATURE_BYTES:
        raise InvalidSignatureError("a BBS signature has 80 bytes", code="signature_form")
    return parse_point(signature[:POINT_BYTES]), parse_scalar(signature[POINT_BYTES:])


def _octets_to_proof(proof: bytes) -> "_ReadProof":
    """octets_to_proof (draft §4.2.4.5)."""
    if len(proof) < PROOF_FLOOR or (len(proof) - PROOF_FLOOR) % SCALAR_BYTES:
        detail = "a BBS proof has 272 bytes and 32 for each message that it keeps"
        raise InvalidSignatureError(detail, code="signature_form")
    a_bar, b_bar, d = (
        parse_point(proof[start : start + POINT_BYTES]) for start in range(0, 3 * POINT_BYTES, POINT_BYTES)
    )
    starts = range(3 * POINT_BYTES, len(proof), SCALAR_BYTES)
    e, r1, r3, *commitments, challenge = (
        parse_scalar(proof[start : start + SCALAR_BYTES]) for start in starts
    )
    return (a_bar, b_bar, d), (e, r1, r3), commitments, challenge


def _others(indexes: Sequence[int], count: int) -> list[int]:
    """Return the indexes below ``count`` that are not in ``indexes``, which must ascend."""
    if list(indexes) != sorted(set(indexes)) or (indexes and not 0 <= indexes[0] <= indexes[-1] < count):
        raise ValueError("indexes ascend and stay below the number of messages")
    given = set(indexes)
    return [index for index in range(count) if index not in given]
