"""Randomness, which is handed in: the core has none of its own, and takes none that is short."""

from collections.abc import Callable

Entropy = Callable[[int], bytes]
"""Gives as many random bytes as it is asked for; the system's own in production, a known row in tests."""


def draw(entropy: Entropy, size: int) -> bytes:
    """Return ``size`` random bytes: a secret or a salt made of fewer could be found by trying.

    Raises:
        ValueError: the source gave another number of bytes.
    """
    found = entropy(size)
    if len(found) != size:
        raise ValueError("the source of entropy gave the wrong number of bytes")
    return found
