"""What the issuer service is told, beside what every service is (docs/reference/settings.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certweave_edge.settings_base import BaseSettings, load_settings, meaning


@dataclass(frozen=True, kw_only=True)
class IssuerSettings(BaseSettings):
    """Settings of the issuer."""

    ledger_url: str = field(
        default="",
        metadata=meaning("Address of the ledger service with its prefix; empty: receipts stay pending"),
    )
    ledger_token: str = field(
        default="",
        repr=False,
        metadata=meaning("Token for the ledger, with the scopes `keys` and `issue`", secret=True),
    )
    verifier_url: str = field(
        default="",
        metadata=meaning("Public address of a verifier, to which the pages of certificates lead"),
    )
    catalogues: Path | None = field(
        default=None, metadata=meaning("Folder with catalogues of further schemes, as JSON files")
    )
    four_eyes: bool = field(
        default=False,
        metadata=meaning("Whether somebody else than who entered a certificate must approve it"),
    )
    allow_non_untp: bool = field(
        default=False, metadata=meaning("Whether VC-API signs credentials of other types than UNTP's")
    )
    offer_minutes: int = field(
        default=60 * 24 * 7, metadata=meaning("How long a wallet may take up an offer, in minutes")
    )


def make_settings(environ: Mapping[str, str], **given: Any) -> IssuerSettings:
    """Return checked settings: an argument wins over its variable, that over the default.

    Raises:
        MalformedError: a variable cannot be read as its type.
        InvalidError: together they are unsafe in production.
    """
    return load_settings(IssuerSettings, environ, **given)
