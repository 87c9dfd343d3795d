"""What one anonymous verification may cost us: hosts asked, bytes fetched, seconds spent.

A document names URLs, and a stranger chooses the document; without a budget our verifier would be a tool
against others.
A spent budget says nothing about validity: it is ``UndecidedError``, cause ``limit``.
"""

from dataclasses import dataclass
from threading import Lock

from certweave.errors import Cause, UndecidedError


@dataclass(frozen=True, slots=True)
class Allowance:
    """The bounds of one request, each with its reason."""

    hosts: int = 8
    """A chain has an issuer, its certifier, an authority and a ledger, rarely on more than four hosts."""
    bytes: int = 24 << 20
    """Two DID logs at their limit and some status lists."""
    seconds: float = 20.0
    """A person waits no longer."""


class Budget:
    """What is left of an allowance. Several threads may spend from it."""

    def __init__(self, allowance: Allowance, *, started: float) -> None:
        """Start with the full allowance; ``started`` is a reading of a monotonic clock."""
        self._allowance = allowance
        self._started = started
        self._hosts: set[str] = set()
        self._bytes = 0
        self._lock = Lock()

    def spend_host(self, host: str) -> None:
        """Count a host; one that was asked before costs nothing."""
        with self._lock:
            if host not in self._hosts and len(self._hosts) >= self._allowance.hosts:
                raise _spent(f"asking more than {self._allowance.hosts} hosts", "budget_hosts")
            self._hosts.add(host)

    def spend_bytes(self, count: int) -> None:
        """Count bytes that arrived."""
        with self._lock:
            self._bytes += count
            if self._bytes > self._allowance.bytes:
                raise _spent(f"fetching more than {self._allowance.bytes} bytes", "budget_bytes")

    def seconds_left(self, reading: float) -> float:
        """Return the seconds that are left at a reading of the same clock; raise where there are none."""
        left = self._started + self._allowance.seconds - reading
        if left <= 0:
            raise _spent(f"taking more than {self._allowance.seconds:g} s", "budget_seconds")
        return left


def _spent(what: str, code: str) -> UndecidedError:
    return UndecidedError(f"this check would need {what}; we stop there", code=code, cause=Cause.LIMIT)
