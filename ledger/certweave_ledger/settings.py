"""What a ledger is told (docs/reference/settings.md)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from certweave.did.syntax import parse_did, to_urls
from certweave.errors import CertweaveError, InvalidError
from certweave_edge.settings_base import BaseSettings, Environment, load_settings, meaning

DEFAULT_HOST = "ledger.example"
"""For development. A DID bears its host for good, so production has to choose one."""


@dataclass(frozen=True, kw_only=True)
class LedgerSettings(BaseSettings):
    """The settings of every service, and those of the ledger."""

    did_host: str = field(
        default=DEFAULT_HOST,
        metadata=meaning("Host of the DIDs that lie here; https://DID_HOST/ has to lead to `/dids/`"),
    )
    log_bytes: int = field(
        default=2 << 20,
        metadata=meaning("Largest DID log that is taken, in bytes; 2 MiB hold some 1,000 versions"),
    )
    did_max_age: int = field(
        default=60, metadata=meaning("Seconds for which others may keep a DID log or document")
    )


def make_settings(environ: Mapping[str, str], **given: Any) -> LedgerSettings:
    """Read and check the settings; an argument that is not None wins over its variable.

    Raises:
        MalformedError: a variable cannot be read.
        InvalidError: the host cannot be one of DIDs, or production and its name is an example.
    """
    settings = load_settings(LedgerSettings, environ, **given)
    try:
        to_urls(parse_did("did:web:" + settings.did_host.replace(":", "%3A")))
    except CertweaveError as error:
        raise InvalidError(f"did_host: {error.detail}", code="setting_did_host") from None
    if settings.environment is Environment.PRODUCTION and settings.did_host == DEFAULT_HOST:
        raise InvalidError("production needs a did_host of your own", code="setting_did_host")
    return settings
