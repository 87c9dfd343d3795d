"""What every part of the wallet's service works with, and the errors that they share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from certweave.credential.contexts import ContextStore
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.trust.policy import INTEGRITY, Policy
from certweave_edge.refused import Refusal, RefusedError
from certweave_wallet.ports import Identities, Network, Receipts, Status, Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Tools:
    """Made by the app, shared by the parts of the service.

    Attributes:
        networks: opens the network of one act.
        receipts: the ledger; None where the wallet has none, and own documents stay undated.
        address: the public address of a path of this service.
        name_of: how an organisation is called.
        verifier_url: below it lie the product pages.
        offer_life: how long an offer that was looked at stays open.
    """

    store: Store
    networks: Callable[[], Network]
    identities: Identities
    status: Status
    receipts: Receipts | None
    contexts: ContextStore
    clock: Callable[[], datetime]
    address: Callable[[str], str]
    name_of: Callable[[str], str]
    verifier_url: str = "/verifier"
    policy: Policy = INTEGRITY
    limits: Limits = field(default=DEFAULT_LIMITS)
    offer_life: timedelta = timedelta(days=30)


def unknown(what: str, code: str) -> RefusedError:
    """Return the error for something that this organisation does not have; others' things look the same."""
    return RefusedError(f"there is no such {what}", Refusal.NOT_FOUND, code=code)
