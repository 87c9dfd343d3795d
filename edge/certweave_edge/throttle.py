"""How often one caller may try something: a sliding window in this process.

It slows guessing down; it is no invariant, so it need not outlive a restart or be shared between processes.
"""

from collections import OrderedDict, deque
from datetime import datetime, timedelta
from threading import Lock

from certweave_edge.refused import Refusal, RefusedError

REMEMBERED = 10_000
"""Callers remembered at once; the oldest are forgotten, so that memory stays bounded."""


class Throttle:
    """At most ``times`` in ``window`` for each key."""

    def __init__(self, times: int, window: timedelta) -> None:
        self._times = times
        self._window = window
        self._seen: OrderedDict[str, deque[datetime]] = OrderedDict()
        self._lock = Lock()

    def spend(self, key: str, *, now: datetime) -> None:
        """Count one try; raise ``RefusedError`` 429, with the seconds to wait, where it is one too many."""
        with self._lock:
            tries = self._seen.setdefault(key, deque())
            self._seen.move_to_end(key)
            while tries and tries[0] <= now - self._window:
                tries.popleft()
            if len(tries) >= self._times:
                wait = int((tries[0] + self._window - now).total_seconds()) + 1
                raise RefusedError(
                    f"too many tries; wait {wait} s",
                    Refusal.TOO_MANY,
                    code="too_many_tries",
                    retry_after=wait,
                )
            tries.append(now)
            while len(self._seen) > REMEMBERED:
                self._seen.popitem(last=False)

    def forget(self, key: str) -> None:
        """Forget the tries of one key, after it succeeded."""
        with self._lock:
            self._seen.pop(key, None)
