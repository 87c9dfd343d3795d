"""The core of BBS: operations over scalars and generators, whichever Interface made these.

Follows draft-irtf-cfrg-bbs-signatures (text of July 2025,
https://datatracker.ietf.org/doc/draft-irtf-cfrg-bbs-signatures/) §3.6 and §3.7; functions bear the draft's
names. The Interfaces above are ``bbs`` (the draft's own), ``bbs_blind`` and ``bbs_pseudonym``. Not constant
time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from certweave.errors import InvalidError, InvalidSignatureError, MalformedError
from certweave.keys.bbs_group import (
    API_ID,
    ORDER,
    POINT_BYTES,
    SCALAR_BYTES,
    Basis,
    base_point,
    calculate_domain,
    calculate_random_scalars,
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
from certweave.keys.entropy import Entropy

if TYPE_CHECKING:
    from py_arkworks_bls12381 import G1Point, G2Point

PUBLIC_BYTES: Final = 96
SIGNATURE_BYTES: Final = 80
PROOF_FLOOR: Final = 3 * POINT_BYTES + 4 * SCALAR_BYTES
"""Bytes of a proof that keeps no message."""


@dataclass(frozen=True, slots=True)
class Start:
    """What ProofInit returns (draft §3.7.1)."""

    a_bar: "G1Point"
    b_bar: "G1Point"
    d: "G1Point"
    t1: "G1Point"
    t2: "G1Point"
    domain: int


@dataclass(frozen=True, slots=True)
class ReadProof:
    """A proof as octets_to_proof reads it (draft §4.2.4.5).

    Attributes:
        points: A_bar, B_bar and D.
        answers: e^, r1^ and r3^.
        commitments: one for each message that is kept.
        challenge: what the proof says that its own hash is.
    """

    points: "tuple[G1Point, G1Point, G1Point]"
    answers: tuple[int, int, int]
    commitments: tuple[int, ...]
    challenge: int


@lru_cache(maxsize=1024)
def octets_to_pubkey(raw: bytes) -> "G2Point":
    """octets_to_pubkey (draft §4.2.4.6): read a point of G2 that can be a key.

    Raises:
        MalformedError: no compressed point of the group (``key_malformed``).
        InvalidError: the identity (``key_weak``), or a second encoding of a point (``key_not_canonical``).
        UnsupportedError: the library for this curve is not installed.
    """
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


def read_secret(secret: bytes) -> int:
    """Read a secret key.

    Raises:
        MalformedError: it is no number from 1 to r - 1 in 32 bytes (``key_malformed``).
    """
    number = int.from_bytes(secret)
    if len(secret) != SCALAR_BYTES or not 0 < number < ORDER:
        raise MalformedError("a BBS secret key is a number of 32 bytes from 1 to r - 1", code="key_malformed")
    return number


def finalize_sign(secret: int, e: int, b: "G1Point") -> bytes:
    """Return the signature over B: the last two steps of CoreSign (draft §3.6.1)."""
    return (b * scalar(pow(secret + e, -1, ORDER))).to_compressed_bytes() + e.to_bytes(SCALAR_BYTES)


def core_verify(public: bytes, signature: bytes, basis: Basis, header: bytes, scalars: Sequence[int]) -> None:
    """CoreVerify (draft §3.6.2).

    Raises:
        InvalidSignatureError: of the wrong form, or not made by this key over them.
        MalformedError, InvalidError, UnsupportedError: as ``octets_to_pubkey``.
    """
    w = octets_to_pubkey(public)
    from py_arkworks_bls12381 import GT, G2Point

    a, e = octets_to_signature(signature)
    b = signed_sum(basis, calculate_domain(public, basis, header), scalars)
    if not GT.pairing_check([a, b], [w + G2Point() * scalar(e), -G2Point()]):
        raise InvalidSignatureError("the BBS signature does not match")


def core_proof_gen(
    public: bytes,
    signature: bytes,
    basis: Basis,
    scalars: Sequence[int],
    disclosed_indexes: Sequence[int],
    *,
    header: bytes,
    presentation_header: bytes,
    entropy: Entropy,
) -> bytes:
    """CoreProofGen (draft §3.6.3); raises as ``bbs.proof_gen``."""
    require_curve()
    hidden = others(disclosed_indexes, len(scalars))
    signed = octets_to_signature(signature)
    random = calculate_random_scalars(5 + len(hidden), entropy)
    domain = calculate_domain(public, basis, header)
    start = proof_init(signed, basis, domain, random, scalars=scalars, hidden=hidden)
    shown = [(index, scalars[index]) for index in disclosed_indexes]
    challenge = proof_challenge_calculate(start, basis, shown, presentation_header)
    return proof_finalize(start, challenge, signed[1], random, [scalars[index] for index in hidden])


def core_proof_verify(
    public: bytes,
    proof: ReadProof,
    basis: Basis,
    shown: Sequence[tuple[int, int]],
    *,
    header: bytes,
    presentation_header: bytes,
) -> None:
    """CoreProofVerify (draft §3.6.4); ``shown`` are the messages as scalars, by index.

    Raises:
        InvalidSignatureError: it does not prove this, or the indexes do not fit.
        MalformedError, InvalidError, UnsupportedError: as ``octets_to_pubkey``.
    """
    start = proof_verify_init(public, proof, basis, shown, header)
    if proof_challenge_calculate(start, basis, shown, presentation_header) != proof.challenge:
        raise mismatch()
    check_pairing(public, start)


def check_pairing(public: bytes, start: Start) -> None:
    """Check that e(A_bar, W) = e(B_bar, BP2), the last step of CoreProofVerify (draft §3.6.4).

    Raises:
        InvalidSignatureError: it is not.
    """
    from py_arkworks_bls12381 import GT, G2Point

    if not GT.pairing_check([start.a_bar, start.b_bar], [octets_to_pubkey(public), -G2Point()]):
        raise mismatch()


def mismatch() -> InvalidSignatureError:
    """Return the error for a proof that does not prove what it should."""
    return InvalidSignatureError("the BBS proof does not match")


def proof_init(
    signed: "tuple[G1Point, int]",
    basis: Basis,
    domain: int,
    random: Sequence[int],
    *,
    scalars: Sequence[int],
    hidden: Sequence[int],
) -> Start:
    """ProofInit (draft §3.7.1)."""
    a, e = signed
    r1, r2, e_tilde, r1_tilde, r3_tilde, *m_tilde = random
    d = signed_sum(basis, domain, scalars) * scalar(r2)
    a_bar = a * scalar(r1 * r2)
    b_bar = sum_of((d, a_bar), (r1, -e))
    t1 = sum_of((a_bar, d), (e_tilde, r1_tilde))
    t2 = sum_of((d, *(basis.generators[index + 1] for index in hidden)), (r3_tilde, *m_tilde))
    return Start(a_bar, b_bar, d, t1, t2, domain)


def proof_verify_init(
    public: bytes, proof: ReadProof, basis: Basis, shown: Sequence[tuple[int, int]], header: bytes
) -> Start:
    """ProofVerifyInit (draft §3.7.3), each sum in one multiplication of many points.

    ``basis`` is for as many messages as the proof keeps and shows.

    Raises:
        InvalidSignatureError: the indexes do not fit the basis (``signature_form``).
    """
    try:
        hidden = others([index for index, _ in shown], basis.messages)
    except ValueError:
        detail = "the indexes of the BBS proof do not fit"
        raise InvalidSignatureError(detail, code="signature_form") from None
    (a_bar, b_bar, d), (e, r1, r3), challenge = proof.points, proof.answers, proof.challenge
    q_1, *h = basis.generators
    domain = calculate_domain(public, basis, header)
    t1 = sum_of((b_bar, a_bar, d), (challenge, e, r1))
    t2 = sum_of(
        (base_point(), q_1, d, *(h[index] for index, _ in shown), *(h[index] for index in hidden)),
        (
            challenge,
            domain * challenge,
            r3,
            *(message * challenge for _, message in shown),
            *proof.commitments,
        ),
    )
    return Start(a_bar, b_bar, d, t1, t2, domain)


def proof_finalize(
    start: Start, challenge: int, e: int, random: Sequence[int], hidden: Sequence[int]
) -> bytes:
    """ProofFinalize (draft §3.7.2)."""
    r1, r2, e_tilde, r1_tilde, r3_tilde, *m_tilde = random
    numbers = [e_tilde + e * challenge, r1_tilde - r1 * challenge]
    numbers.append(r3_tilde - pow(r2, -1, ORDER) * challenge)
    numbers += [tilde + message * challenge for tilde, message in zip(m_tilde, hidden, strict=True)]
    points = (start.a_bar, start.b_bar, start.d)
    return b"".join(point.to_compressed_bytes() for point in points) + octets((*numbers, challenge))


def proof_challenge_calculate(
    start: Start,
    basis: Basis,
    shown: Sequence[tuple[int, int]],
    presentation_header: bytes,
    more: "Sequence[G1Point]" = (),
) -> int:
    """ProofChallengeCalculate (draft §3.7.4): the messages that are shown, by index.

    ``more`` are the points that ``bbs_pseudonym`` puts behind T2.
    """
    data = len(shown).to_bytes(8)
    data += b"".join(index.to_bytes(8) + message.to_bytes(SCALAR_BYTES) for index, message in shown)
    for point in (start.a_bar, start.b_bar, start.d, start.t1, start.t2, *more):
        data += point.to_compressed_bytes()
    data += octets((start.domain,))
    data += len(presentation_header).to_bytes(8) + presentation_header
    return hash_to_scalar(data, basis.h2s_dst)


def octets_to_signature(signature: bytes) -> "tuple[G1Point, int]":
    """octets_to_signature (draft §4.2.4.3)."""
    if len(signature) != SIGNATURE_BYTES:
        raise InvalidSignatureError("a BBS signature has 80 bytes", code="signature_form")
    return parse_point(signature[:POINT_BYTES]), parse_scalar(signature[POINT_BYTES:])


def octets_to_proof(proof: bytes) -> ReadProof:
    """octets_to_proof (draft §4.2.4.5).

    Raises:
        InvalidSignatureError: of another length, or a point or a number is none (``signature_form``).
        UnsupportedError: the library for this curve is not installed.
    """
    require_curve()
    if len(proof) < PROOF_FLOOR or (len(proof) - PROOF_FLOOR) % SCALAR_BYTES:
        detail = "a BBS proof has 272 bytes and 32 for each message that it keeps"
        raise InvalidSignatureError(detail, code="signature_form")
    a_bar, b_bar, d = (
        parse_point(proof[start : start + POINT_BYTES]) for start in range(0, 3 * POINT_BYTES, POINT_BYTES)
    )
    e, r1, r3, *commitments, challenge = parse_scalars(proof[3 * POINT_BYTES :])
    return ReadProof((a_bar, b_bar, d), (e, r1, r3), tuple(commitments), challenge)


def parse_scalars(data: bytes) -> list[int]:
    """Read numbers of 32 bytes each, from 1 to r - 1; ``data`` has a whole number of them.

    Raises:
        InvalidSignatureError: one is out of range (``signature_form``).
    """
    starts = range(0, len(data), SCALAR_BYTES)
    return [parse_scalar(data[start : start + SCALAR_BYTES]) for start in starts]


def pair_shown(
    indexes: Sequence[int], messages: Sequence[bytes], api_id: bytes = API_ID
) -> list[tuple[int, int]]:
    """Return the messages that are shown as scalars, by index.

    Raises:
        InvalidSignatureError: there are not as many messages as indexes (``signature_form``).
    """
    if len(messages) != len(indexes):
        raise InvalidSignatureError("the BBS proof shows another number of messages", code="signature_form")
    return list(zip(indexes, messages_to_scalars(messages, api_id), strict=True))


def others(indexes: Sequence[int], count: int) -> list[int]:
    """Return the indexes below ``count`` that are not in ``indexes``, which must ascend.

    Raises:
        ValueError: they do not, or one is out of range.
    """
    if list(indexes) != sorted(set(indexes)) or (indexes and not 0 <= indexes[0] <= indexes[-1] < count):
        raise ValueError("indexes ascend and stay below the number of messages")
    given = set(indexes)
    return [index for index in range(count) if index not in given]
