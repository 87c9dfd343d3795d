"""The clock and the source of randomness: the only places that ask the machine for either.

Core takes both as arguments. Nothing here knows what they are used for.
"""

import os
import time
from datetime import UTC, datetime


def now() -> datetime:
    """Return the present moment in UTC, in whole seconds.

    Whole seconds, because every time that is kept is written that way: what was stored as text must come
    back as the same moment, or a stored verdict would not replay byte for byte.
    """
    return datetime.now(UTC).replace(microsecond=0)


def monotonic() -> float:
    """Return seconds on a clock that never steps back, for deadlines."""
    return time.monotonic()


def entropy(size: int) -> bytes:
    """Return ``size`` unpredictable bytes from the operating system."""
    return os.urandom(size)
