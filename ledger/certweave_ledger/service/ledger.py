"""All that a ledger does, in one hand: what the routes and pages are given."""

from dataclasses import dataclass

from certweave_ledger.ports import Shelf
from certweave_ledger.service.logs import Logs
from certweave_ledger.service.own import Invitations, Own
from certweave_ledger.service.receipts import Receipts
from certweave_ledger.service.resolver import Resolver


@dataclass(frozen=True, slots=True)
class Ledger:
    """One ledger. ``receipts_url`` is where others read its receipts; ``did_host`` is that of its DIDs."""

    logs: Logs
    receipts: Receipts
    resolver: Resolver
    own: Own
    invitations: Invitations
    shelf: Shelf
    receipts_url: str
    did_host: str
    did_max_age: int

    def about(self) -> dict[str, str]:
        """Return what a client has to know; see ``certweave_edge.ledger_client.LedgerInfo``."""
        return {"did": self.own.did(), "receipts": self.receipts_url, "didHost": self.did_host}
