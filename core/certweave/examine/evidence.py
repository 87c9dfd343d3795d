"""What an examination stands on besides the credential itself (docs/reference/verdicts.md, Evidence)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """Sorts of document that an examination may need."""

    # That of the text itself, which is equal to it; that of Enum is a call of Python for each look-up.
    __hash__ = str.__hash__

    DID = "did"
    STATUS = "status"
    RECEIPT = "receipt"
    SCHEMA = "schema"
    CONTEXT = "context"
    CREDENTIAL = "credential"
    TYPE = "type"
    ISSUER = "issuer"


class Source(StrEnum):
    """Who got a document: we ourselves (the operator included), or somebody who hands it to us."""

    FETCHED = "fetched"
    SUPPLIED = "supplied"


@dataclass(frozen=True, slots=True, order=True)
class Need:
    """A document that would decide something, named by the https address where it is found."""

    kind: Kind
    url: str


@dataclass(frozen=True, slots=True)
class Fetched:
    """The bytes as they came, with when and from where.

    ``fetched_at`` counts only for ``Source.FETCHED``: what others hand in counts up to the times it is
    signed for, and what nobody signs not at all.
    """

    content: bytes
    final_url: str
    media_type: str
    fetched_at: datetime
    source: Source = Source.FETCHED
    status: int = 200


@dataclass(frozen=True, slots=True)
class Unavailable:
    """An attempt that failed. It is evidence too: an undecided verdict replays as itself.

    ``status`` is the HTTP code, 0 when nothing answered. A ``reason`` that starts with ``limit:`` names a
    bound of ours that was in the way. That a host has nothing counts only where we ourselves asked it.
    """

    reason: str
    at: datetime
    status: int = 0
    source: Source = Source.FETCHED

    @property
    def by_limit(self) -> bool:
        """Whether a bound of ours was in the way, rather than the host."""
        return self.reason.startswith("limit:")


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything gathered so far. Stored beside the report, it replays offline."""

    documents: Mapping[Need, Fetched | Unavailable] = field(default_factory=dict)

    def find(self, need: Need) -> Fetched | Unavailable | None:
        """Return what is known about ``need``, or None when nobody has tried."""
        return self.documents.get(need)

    def of_kind(self, kind: Kind) -> Iterator[tuple[Need, Fetched]]:
        """Yield every document of one sort that was really obtained, in a stable order."""
        for need in sorted(self.documents):
            found = self.documents[need]
            if need.kind is kind and isinstance(found, Fetched):
                yield need, found

    def plus(self, found: Mapping[Need, Fetched | Unavailable]) -> "Evidence":
        """Return this evidence and ``found`` together; ``found`` wins where both speak."""
        return Evidence({**self.documents, **found})
