"""The ground under BBS: BLS12-381, hashing to its scalars, the generators.

Follows draft-irtf-cfrg-bbs-signatures (text of July 2025,
https://datatracker.ietf.org/doc/draft-irtf-cfrg-bbs-signatures/) §4, BLS12-381-SHA-256; functions bear its
names. Hashing is RFC 9380 §5 (https://www.rfc-editor.org/rfc/rfc9380). Points and pairings come from
py_arkworks_bls12381, which the extra ``bbs`` brings and which is imported on first use. Not constant time.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from certweave.errors import InvalidSignatureError, UnsupportedError

if TYPE_CHECKING:
    from py_arkworks_bls12381 import G1Point, Scalar

ORDER: Final = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
"""Of the groups G1 and G2 (the draft's r)."""
POINT_BYTES, SCALAR_BYTES = 48, 32
_EXPAND_LEN: Final = 48
_SUITE_ID: Final = b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_"
_API_ID: Final = _SUITE_ID + b"H2G_HM2S_"
H2S_DST: Final = _API_ID + b"H2S_"
_MAP_DST: Final = _API_ID + b"MAP_MSG_TO_SCALAR_AS_HASH_"
KEYGEN_DST: Final = _SUITE_ID + b"KEYGEN_DST_"
_P1: Final = bytes.fromhex(
    "a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9"
)

Entropy = Callable[[int], bytes]
"""Gives as many random bytes as it is asked for."""


def require_curve() -> None:
    """Check that the library for BLS12-381 is installed.

    Raises:
        UnsupportedError: it is not (``bbs_missing``).
    """
    try:
        import py_arkworks_bls12381  # noqa: F401  # only whether it is there
    except ImportError:
        detail = "BBS needs the extra: pip install 'certweave[bbs]'"
        raise UnsupportedError(detail, code="bbs_missing") from None


# One growing list for the process: making a generator takes a quarter of a millisecond.
_GENERATORS: "list[G1Point]" = []
_GENERATORS_LOCK = Lock()
_NEXT: list[bytes] = []


def create_generators(count: int) -> "list[G1Point]":
    """create_generators (draft §4.1.1): the first ``count``; what was made is kept, for it never changes."""
    require_curve()
    from py_arkworks_bls12381 import G1Point

    seed_dst, generator_dst = _API_ID + b"SIG_GENERATOR_SEED_", _API_ID + b"SIG_GENERATOR_DST_"
    with _GENERATORS_LOCK:
        if not _NEXT:
            _NEXT.append(expand_message(_API_ID + b"MESSAGE_GENERATOR_SEED", seed_dst, _EXPAND_LEN))
        while len(_GENERATORS) < count:
            number = len(_GENERATORS) + 1
            _NEXT[0] = expand_message(_NEXT[0] + number.to_bytes(8), seed_dst, _EXPAND_LEN)
            _GENERATORS.append(G1Point.hash_to_curve(_NEXT[0], generator_dst))
        return _GENERATORS[:count]


def messages_to_scalars(messages: Iterable[bytes]) -> list[int]:
    """messages_to_scalars (draft §4.1.2)."""
    return [hash_to_scalar(message, _MAP_DST) for message in messages]


def calculate_random_scalars(count: int, entropy: Entropy) -> list[int]:
    """calculate_random_scalars (draft §4.2.1): one call of ``entropy`` for each."""
    return [int.from_bytes(entropy(_EXPAND_LEN)) % ORDER for _ in range(count)]


def hash_to_scalar(message: bytes, dst: bytes) -> int:
    """hash_to_scalar (draft §4.2.2)."""
    return int.from_bytes(expand_message(message, dst, _EXPAND_LEN)) % ORDER


@lru_cache(maxsize=256)
def _generator_octets(count: int) -> bytes:
    return b"".join(point.to_compressed_bytes() for point in create_generators(count))


def calculate_domain(public: bytes, count: int, header: bytes) -> int:
    """calculate_domain (draft §4.2.3), for ``count`` messages."""
    data = public + count.to_bytes(8) + _generator_octets(count + 1) + _API_ID
    return hash_to_scalar(data + len(header).to_bytes(8) + header, H2S_DST)


def expand_message(message: bytes, dst: bytes, size: int) -> bytes:
    """expand_message_xmd (RFC 9380 §5.3.1) with SHA-256.

    Raises:
        ValueError: more than 255 hashes, or a ``dst`` of more than 255 bytes.
    """
    rounds = -(-size // 32)
    if rounds > 255 or len(dst) > 255:
        raise ValueError("expand_message_xmd gives at most 255 hashes under a dst of at most 255 bytes")
    dst_prime = dst + bytes([len(dst)])
    b_0 = hashlib.sha256(bytes(64) + message + size.to_bytes(2) + b"\0" + dst_prime).digest()
    block = hashlib.sha256(b_0 + b"\1" + dst_prime).digest()
    blocks = [block]
    for number in range(2, rounds + 1):
        mixed = bytes(left ^ right for left, right in zip(b_0, block, strict=True))
        block = hashlib.sha256(mixed + bytes([number]) + dst_prime).digest()
        blocks.append(block)
    return b"".join(blocks)[:size]


def parse_point(data: bytes) -> "G1Point":
    """octets_to_point_E1, with the checks that the draft asks of every point of a signature or a proof.

    Raises:
        InvalidSignatureError: no point of the group, the identity, or a second encoding (``signature_form``).
    """
    from py_arkworks_bls12381 import G1Point

    try:
        point = G1Point.from_compressed_bytes(data)
    except ValueError:
        raise InvalidSignatureError("a part of it is no point of G1", code="signature_form") from None
    # The library reads several byte strings as the identity, which the draft refuses here in any form.
    if point == G1Point.identity() or point.to_compressed_bytes() != data:
        detail = "a point is the identity or has a second encoding"
        raise InvalidSignatureError(detail, code="signature_form")
    return point


def parse_scalar(data: bytes) -> int:
    """Read a number from 1 to r - 1.

    Raises:
        InvalidSignatureError: out of range (``signature_form``).
    """
    number = int.from_bytes(data)
    if not 0 < number < ORDER:
        raise InvalidSignatureError("a number of the signature is out of range", code="signature_form")
    return number


def scalar(number: int) -> "Scalar":
    """Return ``number`` modulo r as the library wants it."""
    from py_arkworks_bls12381 import Scalar

    return Scalar.from_be_bytes((number % ORDER).to_bytes(SCALAR_BYTES))


def octets(numbers: Iterable[int]) -> bytes:
    """Serialize (draft §4.2.4.1), of scalars alone: each modulo r, in 32 bytes."""
    return b"".join((number % ORDER).to_bytes(SCALAR_BYTES) for number in numbers)


def sum_of(points: "Sequence[G1Point]", numbers: Sequence[int]) -> "G1Point":
    """Return the sum of points, each multiplied by its number."""
    from py_arkworks_bls12381 import G1Point

    return G1Point.multiexp_unchecked(list(points), [scalar(number) for number in numbers])


def signed_sum(domain: int, scalars: Sequence[int]) -> "G1Point":
    """Return P1 + Q_1 * domain + H_1 * msg_1 + … + H_L * msg_L, of draft §3.6."""
    return sum_of((base_point(), *create_generators(len(scalars) + 1)), (1, domain, *scalars))


@lru_cache(maxsize=1)
def base_point() -> "G1Point":
    """Return P1 of the ciphersuite (draft §7.2.2)."""
    from py_arkworks_bls12381 import G1Point

    return G1Point.from_compressed_bytes(_P1)
