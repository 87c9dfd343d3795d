"""Random numbers that are known, as the BBS draft mocks them for its proofs."""

from collections.abc import Callable
from typing import Final

from certweave.keys.bbs_group import expand_message

SEED: Final = bytes.fromhex("332e313431353932363533353839373933323338343632363433333833323739")
"""Of draft-irtf-cfrg-bbs-signatures §8, and of the W3C's vectors for bbs-2023."""
_DST: Final = b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_MOCK_RANDOM_SCALARS_DST_"


def mocked_entropy(count: int, seed: bytes = SEED, dst: bytes = _DST) -> Callable[[int], bytes]:
    """Return the draft's seeded_random_scalars (§8.1) as a source of random bytes for ``count`` numbers."""
    stream = iter(expand_message(seed, dst, 48 * count))
    return lambda size: bytes(next(stream) for _ in range(size))
