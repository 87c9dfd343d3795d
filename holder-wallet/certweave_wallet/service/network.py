"""Other hosts as the wallet's acts reach them: one budget for each act (``ports.Network``)."""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from certweave.examine.evidence import Fetched, Kind, Need
from certweave.limits import Limits
from certweave_edge.budget import Allowance, Budget
from certweave_edge.clock import monotonic
from certweave_edge.fetch import Fetcher
from certweave_edge.gather import Find
from certweave_edge.hostmap import HostMap
from certweave_edge.network import FetchError
from certweave_edge.send import Answer, Sender
from certweave_edge.transport import Resolve, find_addresses


@dataclass(frozen=True, slots=True)
class Reach:
    """How far one act may reach; ``open`` starts one."""

    limits: Limits
    host_map: HostMap
    allowance: Allowance
    clock: Callable[[], datetime]
    resolve: Resolve = find_addresses
    tls: ssl.SSLContext | None = None

    def open(self) -> "EdgeNetwork":
        """Return the network of one act, with its whole budget."""
        budget = Budget(self.allowance, started=monotonic())
        fetcher = Fetcher(
            limits=self.limits,
            host_map=self.host_map,
            budget=budget,
            clock=self.clock,
            resolve=self.resolve,
            tls=self.tls,
        )
        sender = Sender(
            limits=self.limits, host_map=self.host_map, budget=budget, resolve=self.resolve, tls=self.tls
        )
        return EdgeNetwork(fetcher, sender)


@dataclass(frozen=True, slots=True)
class EdgeNetwork:
    """Fetches and posts by the rules of the edge: public hosts by https, or those the operator mapped."""

    fetcher: Fetcher
    sender: Sender

    def find(self) -> Find:
        """See ``Network.find``."""
        return self.fetcher.fetch

    def get(self, url: str, kind: Kind = Kind.CREDENTIAL) -> bytes:
        """See ``Network.get``."""
        found = self.fetcher.fetch(Need(kind, url))
        if isinstance(found, Fetched):
            return found.content
        raise FetchError(f"{url} could not be had: {found.reason}", status=found.status)

    def post(self, url: str, body: bytes, media_type: str, *, token: str | None = None) -> Answer:
        """See ``Network.post``."""
        return self.sender.post(url, body, media_type, token=token)
