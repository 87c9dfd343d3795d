"""The identity of the verifier itself: a did:webvh at the ledger, made when it first asks for something."""

from dataclasses import dataclass, field
from threading import Lock

from certweave.keys.model import Signer
from certweave_edge.identity import AUTHENTICATION, Identities
from certweave_edge.ledger_client import LedgerClient

ORG = "verifier"
"""The organisation in whose name this service asks; its DID lies at this path of the ledger."""


@dataclass(slots=True)
class LedgerSpeaker:
    """The ``Speaker`` of ports.py. The ledger may start after this service, so it is asked late."""

    identities: Identities
    ledger: LedgerClient
    _lock: Lock = field(default_factory=Lock)

    @property
    def did(self) -> str:
        """The DID; it is made and published where there is none.

        Raises:
            LedgerError: the ledger is down or refuses.
        """
        found = self.identities.store.find(ORG)
        if found is not None:
            return found.did
        with self._lock:
            about = self.ledger.about()
            return self.identities.create_identity(ORG, host=about.did_host, path=ORG, ledger=about).did

    def signer(self) -> Signer:
        """Return what signs requests: the key for authentication."""
        return self.identities.signer(ORG, AUTHENTICATION)
