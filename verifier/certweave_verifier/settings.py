"""Settings of the verifier service, beside those that every service has."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from certweave.errors import InvalidError
from certweave_edge.budget import Allowance
from certweave_edge.settings_base import BaseSettings, load_settings, meaning

_USUAL = Allowance()
MOST_SECONDS = 60
"""A withdrawn certificate must not go on looking good for longer than a minute."""


@dataclass(frozen=True, kw_only=True)
class VerifierSettings(BaseSettings):
    """What the verifier is told."""

    policy: Path | None = field(
        default=None,
        metadata=meaning("File that says whom you trust; without it nobody vouches for an issuer"),
    )
    ledger_url: str = field(
        default="", metadata=meaning("Address of the ledger that publishes the verifier's own identity")
    )
    ledger_token: str = field(
        default="", repr=False, metadata=meaning("Token for that ledger, with the scope `keys`", secret=True)
    )
    check_hosts: int = field(
        default=_USUAL.hosts, metadata=meaning("Hosts that one check may ask for documents")
    )
    check_bytes: int = field(default=_USUAL.bytes, metadata=meaning("Bytes that one check may fetch"))
    check_seconds: float = field(default=_USUAL.seconds, metadata=meaning("Seconds that one check may take"))
    checks_waiting: int = field(
        default=500, metadata=meaning("Checks that may wait for their turn; more are told to come back")
    )
    evidence_seconds: int = field(
        default=0,
        metadata=meaning(
            "How long a fetched document answers further checks, 60 at most; "
            "0 shares only what is being fetched this moment"
        ),
    )
    keep_minutes: int = field(
        default=30, metadata=meaning("How long the answer to an anonymous check can be saved")
    )
    request_minutes: int = field(
        default=10, metadata=meaning("How long a request for a certificate can be answered")
    )

    brand_hosts: str = field(
        default="",
        metadata=meaning("Hosts of brands whose products are looked up here, commas between; empty is none"),
    )
    product_hosts: int = field(
        default=24, metadata=meaning("Hosts that one look at a product may ask: its whole chain is behind it")
    )

    @property
    def brands(self) -> frozenset[str]:
        """The hosts in ``brand_hosts``."""
        return frozenset(host for part in self.brand_hosts.lower().split(",") if (host := part.strip()))

    @property
    def product_allowance(self) -> Allowance:
        """What one look at a product may cost: more hosts than a check, no more bytes or seconds."""
        return Allowance(max(self.product_hosts, self.check_hosts), self.check_bytes, self.check_seconds)

    @property
    def allowance(self) -> Allowance:
        """What one check may cost."""
        return Allowance(self.check_hosts, self.check_bytes, self.check_seconds)


def make_settings(environ: Mapping[str, str], **given: Any) -> VerifierSettings:
    """Return checked settings: an argument wins over its variable, that over the default.

    Raises:
        MalformedError: a variable cannot be read as its type.
        InvalidError: together they are unsafe in production, or a bound makes no sense.
    """
    settings = load_settings(VerifierSettings, environ, **given)
    if not 0 <= settings.evidence_seconds <= MOST_SECONDS:
        raise InvalidError(f"evidence_seconds is from 0 to {MOST_SECONDS}", code="setting_evidence_seconds")
    if min(settings.check_hosts, settings.check_bytes, settings.check_seconds, settings.checks_waiting) <= 0:
        raise InvalidError("a check needs some hosts, bytes, seconds and room", code="setting_check")
    return settings
