"""Fetching for many checks at once: each has its own budget, and no address is asked twice at a time.

A check that needs a document which another is fetching this moment waits for that answer. With
``keep_seconds`` an answer serves for as long as that; what failed is never kept. Failures are passed on to
those who waited, except for a spent budget, which is one check's own affair.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from threading import Event, Lock

from certweave.examine.evidence import Fetched, Need, Unavailable
from certweave.limits import Limits
from certweave_edge.budget import Allowance, Budget
from certweave_edge.clock import monotonic
from certweave_edge.fetch import Fetcher
from certweave_edge.gather import Find
from certweave_edge.hostmap import HostMap

KEPT_BYTES = 64 << 20
"""Six DID logs at their limit, or thousands of common ones."""
KEPT_DOCUMENTS = 4_096


@dataclass(slots=True)
class _Flight:
    """One fetch that is under way."""

    landed: Event = field(default_factory=Event)
    answer: Fetched | Unavailable | None = None


@dataclass(slots=True)
class SharedDocuments:
    """Documents that several checks share. Threads may use it; it holds at most ``KEPT_BYTES``."""

    keep_seconds: float = 0.0
    wait_seconds: float = 30.0
    _kept: "OrderedDict[Need, tuple[float, Fetched]]" = field(default_factory=OrderedDict)
    _bytes: int = 0
    _flights: dict[Need, _Flight] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def fetch(self, need: Need, ask: Find, *, since: float | None = None) -> Fetched | Unavailable | None:
        """Return what ``ask`` says about ``need``, or what another check has just been told.

        With ``since`` (a reading of the monotonic clock) an answer from before is not taken.
        """
        with self._lock:
            kept = self._kept.get(need)
            oldest = max(monotonic() - self.keep_seconds, since or 0.0)
            if kept is not None and kept[0] > oldest:
                self._kept.move_to_end(need)
                return kept[1]
            flight = None if since is not None else self._flights.get(need)
            mine = flight is None
            if flight is None:
                flight = self._flights[need] = _Flight()
        if mine:
            return self._fly(need, flight, ask)
        flight.landed.wait(self.wait_seconds)
        answer = flight.answer
        if answer is None or (isinstance(answer, Unavailable) and answer.by_limit):
            return ask(need)
        return answer

    def _fly(self, need: Need, flight: _Flight, ask: Find) -> Fetched | Unavailable | None:
        begun = monotonic()
        try:
            flight.answer = ask(need)
        finally:
            with self._lock:
                if self._flights.get(need) is flight:
                    del self._flights[need]
                if isinstance(flight.answer, Fetched) and self.keep_seconds > 0:
                    self._keep(need, begun, flight.answer)
            flight.landed.set()
        return flight.answer

    def _keep(self, need: Need, at: float, found: Fetched) -> None:
        before = self._kept.pop(need, None)
        self._bytes += len(found.content) - (len(before[1].content) if before else 0)
        self._kept[need] = (at, found)
        while self._kept and (self._bytes > KEPT_BYTES or len(self._kept) > KEPT_DOCUMENTS):
            _, (_, dropped) = self._kept.popitem(last=False)
            self._bytes -= len(dropped.content)


@dataclass(frozen=True, slots=True)
class Outside:
    """The network, for checks that anybody may ask for: https and public, unless the operator mapped it."""

    limits: Limits
    host_map: HostMap
    allowance: Allowance
    clock: Callable[[], datetime]
    shared: SharedDocuments = field(default_factory=SharedDocuments)

    def session(self, *, fresh: bool = False) -> Find:
        """Return what fetches for one check; ``fresh`` takes nothing that was fetched before now."""
        begun = monotonic()
        budget = Budget(self.allowance, started=begun)
        fetcher = Fetcher(limits=self.limits, host_map=self.host_map, budget=budget, clock=self.clock)
        since = begun if fresh else None

        def find(need: Need) -> Fetched | Unavailable | None:
            return self.shared.fetch(need, fetcher.fetch, since=since)

        return find
