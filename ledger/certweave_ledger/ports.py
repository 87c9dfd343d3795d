"""What the ledger needs from its database, in the words of the ledger.

``Store`` is what an organisation does: the organisation comes first in each method. ``Shelf`` is what anyone
may read: it knows no organisation, because all that it returns is public.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Author:
    """Who does something, and when; it goes into the record of acts."""

    actor: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Namespace:
    """The first segment of the paths that an organisation may write; empty for the host's own DID."""

    org: str
    name: str
    invited: datetime


@dataclass(frozen=True, slots=True)
class PublishedLog:
    """A DID log as it is served.

    Attributes:
        path: of the DID below the host; empty for the host itself.
        log: the whole did.jsonl.
        twin: the did.json; None once the DID is deactivated.
        versions: how many versions the log has.
        updated: when it arrived here.
    """

    org: str
    path: str
    did: str
    log: bytes
    twin: bytes | None
    versions: int
    updated: datetime


@dataclass(frozen=True, slots=True)
class SignedReceipt:
    """A receipt: the digest in hexadecimal, when it was first seen, the signed token, the key that signed."""

    digest: str
    at: datetime
    token: str
    method: str


class Store(Protocol):
    """What organisations do."""

    def invite(self, org: str, name: str, *, author: Author) -> None:
        """Give a namespace to an organisation.

        Atomic: of two organisations that are given the same, one gets it. Repeating it changes nothing.

        Raises:
            RefusedError: ``namespace_taken`` (409); ``org_unknown`` (404).
        """
        ...

    def namespaces(self, org: str) -> tuple[Namespace, ...]:
        """Return the namespaces of an organisation by name."""
        ...

    def owns(self, org: str, name: str) -> bool:
        """Return whether a namespace is this organisation's."""
        ...

    def put_log(self, org: str, published: PublishedLog, *, replaces: bytes | None, author: Author) -> None:
        """Publish a log in place of the one that has exactly the bytes ``replaces`` (None: of none).

        Atomic: of two callers that replace the same log one succeeds.

        Raises:
            RefusedError: ``log_changed`` (409).
        """
        ...

    def add_receipts(
        self, org: str, fresh: Sequence[SignedReceipt], *, author: Author
    ) -> Mapping[str, SignedReceipt]:
        """Keep receipts and return what is kept for each digest.

        Atomic: for each digest the first that arrives stands for good, whoever sends it.
        """
        ...

    def replace_receipt(self, org: str, receipt: SignedReceipt) -> None:
        """Keep the same receipt under another key: digest and time must be those that are kept."""
        ...


class Shelf(Protocol):
    """What anyone may read."""

    def find_log(self, path: str) -> PublishedLog | None:
        """Return the log at a path, or None."""
        ...

    def find_receipts(self, digests: Sequence[str]) -> Mapping[str, SignedReceipt]:
        """Return the receipts that there are."""
        ...

    def count(self) -> tuple[int, int]:
        """Return how many DIDs and how many receipts there are."""
        ...
