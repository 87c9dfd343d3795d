"""Settings of the wallet service, beside those that every service has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certweave_edge.settings_base import BaseSettings, load_settings, meaning


@dataclass(frozen=True, kw_only=True)
class WalletSettings(BaseSettings):
    """What the wallet is told."""

    policy: Path | None = field(
        default=None,
        metadata=meaning("File that says whom you trust; without it nobody vouches for an issuer"),
    )
    ledger_url: str = field(
        default="", metadata=meaning("Address of the ledger that publishes identities and gives receipts")
    )
    ledger_token: str | None = field(
        default=None,
        repr=False,
        metadata=meaning("Token for that ledger, with the scopes `keys` and `issue`", secret=True),
    )
    verifier_url: str = field(
        default="/verifier",
        metadata=meaning("Where product pages are served; a product's code leads to `/p/…` below it"),
    )
    act_hosts: int = field(
        default=8, metadata=meaning("Hosts that one act, such as taking an offer, may call")
    )
    act_seconds: float = field(default=20.0, metadata=meaning("Seconds that one act may take"))
    offer_days: int = field(default=30, metadata=meaning("How long an offer that was looked at stays open"))


def make_settings(environ: Mapping[str, str], **given: Any) -> WalletSettings:
    """Return checked settings: an argument wins over its variable, that over the default.

    Raises:
        MalformedError: a variable cannot be read as its type.
        InvalidError: together they are unsafe in production.
    """
    return load_settings(WalletSettings, environ, **given)
