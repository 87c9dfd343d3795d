"""How long hostile input kept a thread busy, in tests that bound it."""

import sys
import time
from typing import Final

TRACED: Final = 5
"""How many times as long a line takes, at the most, while coverage counts it."""


def start() -> float:
    """Return the processor time of this thread, in seconds."""
    return time.thread_time()


def spent(since: float) -> float:
    """Return how many seconds it has worked since, or would have without being traced."""
    return (time.thread_time() - since) / (1 if sys.gettrace() is None else TRACED)
