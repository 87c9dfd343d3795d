"""The ground under BBS: BLS12-381, hashing to its scalars, the generators.

Follows draft-irtf-cfrg-bbs-signatures (text of July 2025,
https://datatracker.ietf.org/doc/draft-irtf-cfrg-bbs-signatures/) §4, BLS12-381-SHA-256; functions bear its
names. Hashing is RFC 9380 §5 (https://www.rfc-editor.org/rfc/rfc9380). Points and pairings come from
py_arkworks_bls12381, which the extra ``bbs`` brings and which is imported on first use. Not constant time.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from threading import Lock
from typing import TYPE_CHECKING, Final

from certweave.errors import InvalidSignatureError, UnsupportedError
from certweave.keys.entropy import Entropy, draw

if TYPE_CHECKING:
    from py_arkworks_bls12381 import G1Point, Scalar

ORDER: Final = 0x73EDA753299D7D483339D80809A1D80553BDA402FFFE5BFEFFFFFFFF00000001
"""Of the groups G1 and G2 (the draft's r)."""
POINT_BYTES, SCALAR_BYTES = 48, 32
_EXPAND_LEN: Final = 48
SUITE_ID: Final = b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_"
API_ID: Final = SUITE_ID + b"H2G_HM2S_"
"""The identifier of the Interface that the draft itself defines (§3.5)."""
_BLIND: Final = b"BLIND_"
KEYGEN_DST: Final = SUITE_ID + b"KEYGEN_DST_"
_P1: Final = bytes.fromhex(
    "a8ce256102840821a3e94ea9025e4662b205762f9776b3a766c872b948f1fd225e7c59698588e70d11406d161b4e28c9"
)


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


@dataclass(slots=True)
class _Supply:
    """The generators of one identifier that were made so far, and what the next is made of."""

    made: "list[G1Point]"
    state: bytes


# Growing lists for the process: making a generator takes a quarter of a millisecond.
_SUPPLIES: dict[bytes, _Supply] = {}
_SUPPLIES_LOCK = Lock()


def create_generators(count: int, api_id: bytes = API_ID) -> "list[G1Point]":
    """create_generators (draft §4.1.1): the first ``count``; what was made is kept, for it never changes."""
    require_curve()
    from py_arkworks_bls12381 import G1Point

    seed_dst, generator_dst = api_id + b"SIG_GENERATOR_SEED_", api_id + b"SIG_GENERATOR_DST_"
    with _SUPPLIES_LOCK:
        if api_id not in _SUPPLIES:
            seed = expand_message(api_id + b"MESSAGE_GENERATOR_SEED", seed_dst, _EXPAND_LEN)
            _SUPPLIES[api_id] = _Supply([], seed)
        supply = _SUPPLIES[api_id]
        while len(supply.made) < count:
            number = len(supply.made) + 1
            supply.state = expand_message(supply.state + number.to_bytes(8), seed_dst, _EXPAND_LEN)
            supply.made.append(G1Point.hash_to_curve(supply.state, generator_dst))
        return supply.made[:count]


@dataclass(frozen=True, slots=True)
class Basis:
    """The generators that one operation runs over, and the Interface that made them.

    Attributes:
        api_id: the identifier of the Interface.
        generators: Q_1 and one for each message; of blind signatures, Q_2 and one for each committed message
            follow, which is one more message for all that is done with them.
        octets: the generators, serialized.
    """

    api_id: bytes
    generators: "tuple[G1Point, ...]"
    octets: bytes

    @property
    def messages(self) -> int:
        """How many messages they are for."""
        return len(self.generators) - 1

    @property
    def h2s_dst(self) -> bytes:
        """The tag under which an Interface hashes to scalars."""
        return self.api_id + b"H2S_"


@lru_cache(maxsize=64)
def find_basis(count: int, *, api_id: bytes = API_ID, blind: int = 0) -> Basis:
    """Return the generators for ``count`` messages, and ``blind`` of those that only a prover knows."""
    points = create_generators(count + 1, api_id)
    if blind:
        points += create_generators(blind, _BLIND + api_id)
    return Basis(api_id, tuple(points), b"".join(point.to_compressed_bytes() for point in points))


def blind_generators(count: int, api_id: bytes) -> "list[G1Point]":
    """Return Q_2, J_1, …: the first ``count`` generators for what only a prover knows."""
    return create_generators(count, _BLIND + api_id)


def messages_to_scalars(messages: Iterable[bytes], api_id: bytes = API_ID) -> list[int]:
    """messages_to_scalars (draft §4.1.2)."""
    map_dst = api_id + b"MAP_MSG_TO_SCALAR_AS_HASH_"
    return [hash_to_scalar(message, map_dst) for message in messages]


def calculate_random_scalars(count: int, entropy: Entropy) -> list[int]:
    """calculate_random_scalars (draft §4.2.1): one call of ``entropy`` for each."""
    return [int.from_bytes(draw(entropy, _EXPAND_LEN)) % ORDER for _ in range(count)]


def hash_to_scalar(message: bytes, dst: bytes) -> int:
    """hash_to_scalar (draft §4.2.2)."""
    return int.from_bytes(expand_message(message, dst, _EXPAND_LEN)) % ORDER


def calculate_domain(public: bytes, basis: Basis, header: bytes) -> int:
    """calculate_domain (draft §4.2.3)."""
    data = public + basis.messages.to_bytes(8) + basis.octets + basis.api_id
    return hash_to_scalar(data + len(header).to_bytes(8) + header, basis.h2s_dst)


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


def signed_sum(basis: Basis, domain: int, scalars: Sequence[int]) -> "G1Point":
    """Return P1 + Q_1 * domain + H_1 * msg_1 + … + H_L * msg_L, of draft §3.6."""
    return sum_of((base_point(), *basis.generators), (1, domain, *scalars))


@lru_cache(maxsize=1)
def base_point() -> "G1Point":
    """Return P1 of the ciphersuite (draft §7.2.2)."""
    from py_arkworks_bls12381 import G1Point

    return G1Point.from_compressed_bytes(_P1)
