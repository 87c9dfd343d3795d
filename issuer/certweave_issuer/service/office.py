"""What the parts of the service share: storage, keys, ledger, catalogues, clock, addresses."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from certweave.credential.catalogue import Catalogue
from certweave.credential.contexts import ContextStore
from certweave.encoding.multibase import base64url_encode
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.throttle import Throttle
from certweave_issuer.ports import (
    Addresses,
    Certificate,
    Fetch,
    Identities,
    Ledger,
    Lists,
    OfferStore,
    Profile,
    Store,
)

LOG: Final = logging.getLogger("certweave.issuer")


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """Made once, in ``app``; every part of the service has it.

    Attributes:
        ledger: None where none is configured; receipts then stay pending.
        names: the registered name of an organisation, or None where it is not registered.
        fetch: makes a fetcher with a budget of its own, for one request of a stranger.
    """

    store: Store
    offers: OfferStore
    lists: Lists
    identities: Identities
    ledger: Ledger | None
    catalogues: Mapping[str, Catalogue]
    contexts: ContextStore
    addresses: Addresses
    clock: Callable[[], datetime]
    entropy: Callable[[int], bytes]
    names: Callable[[str], str | None]
    fetch: Callable[[], Fetch]
    four_eyes: bool = False
    allow_non_untp: bool = False
    offer_life: timedelta = timedelta(days=7)
    retries: Throttle = field(default_factory=lambda: Throttle(1, timedelta(seconds=30)))
    """How often reads alone may ask a ledger for receipts that are missing."""

    def secret(self, size: int = 16) -> str:
        """Return an unguessable text of URL-safe letters."""
        return base64url_encode(self.entropy(size))

    def profile(self, org: str) -> Profile:
        """Return what an organisation is here; one without a profile has its registered name."""
        name = self.names(org)
        if name is None:
            raise RefusedError("there is no such organisation here", Refusal.NOT_FOUND, code="org_unknown")
        return self.store.profile(org) or Profile(name)

    def certificate(self, org: str, number: str, version: int | None = None) -> Certificate:
        """Return a version of a certificate, by default the latest; 404 ``certificate_unknown``."""
        found = self.store.find_certificate(org, number, version)
        if found is None:
            raise RefusedError(
                "there is no certificate with this number", Refusal.NOT_FOUND, code="certificate_unknown"
            )
        return found


def raced() -> RefusedError:
    """Return the error for an act that somebody else overtook."""
    return RefusedError(
        "somebody else changed this certificate at the same moment; look again",
        Refusal.CONFLICT,
        code="act_raced",
    )
