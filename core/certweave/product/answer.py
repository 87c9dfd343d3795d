"""What a product's page says: plain values, in words that the edge translates.

A sentence is a ``Message``: a stable key and parameters, which are texts from documents, numbers, or one of
the small forms made below (a day, a country, a quantity, a list). docs/explanation/shopper-page.md tells what
each part means; nothing here decides anything.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.timestamps import format_timestamp

FORMAT: Final = 1
"""Goes up when keys or members change their meaning: an answer that was kept in another form is made anew."""


class Tone(StrEnum):
    """How something is shown; ``SAID`` is the maker's word, neither confirmed nor refuted."""

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"
    SAID = "said"


class Assurance(StrEnum):
    """Who looked, from UNTP's assessorLevel and assessmentLevel."""

    SELF = "self"
    BUYER = "buyer"
    PEER = "peer"
    THIRD_PARTY = "third_party"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence to be: ``key`` is in the edge's table of words."""

    key: str
    params: Mapping[str, Any] = field(default_factory=dict)


def day(text: str) -> JsonObject:
    """Return the form of a day (``2026-03-12``, or a moment of which the day counts)."""
    return {"day": text[:10]}


def month(text: str) -> JsonObject:
    """Return the form of a month, from a day or a moment."""
    return {"month": text[:7]}


def country(code: str) -> JsonObject:
    """Return the form of a country."""
    return {"country": code}


def quantity(value: float, unit: str) -> JsonObject:
    """Return the form of a measure; ``unit`` is a code of UN/CEFACT Recommendation 20."""
    return {"value": value, "unit": unit}


def names(items: Sequence[str]) -> JsonObject:
    """Return the form of a list of names, each once."""
    return {"names": list(dict.fromkeys(items))}


def term(identifier: str, name: str) -> JsonObject | str:
    """Return the form of what a scheme's catalogue may know: its id beside the name that was signed."""
    return {"term": identifier, "name": name} if identifier and name else name


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the product: inside the passport (``data``, base64), or a link with its digest."""

    label: str
    media_type: str
    data: str | None = None
    url: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Identity:
    """Which product this is about. ``granularity`` is what was found, ``asked`` what the code names."""

    name: str
    gtin: str
    lot: str | None
    serial: str | None
    size: str
    colour: str
    asked: str
    granularity: str
    maker: str
    brand: str
    picture: Picture | None


@dataclass(frozen=True, slots=True)
class ClaimAnswer:
    """One claim with its own standing; ``certificates`` are the addresses of those that were counted."""

    title: str
    basis: tuple[Message, ...]
    tone: Tone
    standing: Message
    weaknesses: tuple[Message, ...] = ()
    assurance: Assurance | None = None
    certificates: tuple[str, ...] = ()
    checked_by: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One of the four questions."""

    question: str
    tone: Tone
    sentences: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Knot:
    """One step from field to shelf. ``stage`` is a process code, or empty with ``title`` in its place."""

    stage: str
    title: str
    sentences: tuple[Message, ...]
    hidden: bool = False
    tone: Tone = Tone.VALID


@dataclass(frozen=True, slots=True)
class Label:
    """A label that the scheme released for this product."""

    scheme: str
    claim: Mapping[str, str]
    grade: str
    licence: str
    picture: Picture | None
    scheme_id: str = ""


@dataclass(frozen=True, slots=True)
class Source:
    """One examined document, for those who want to see the ten steps."""

    url: str
    kind: str
    name: str
    issuer: str
    verdict: Verdict
    checks: tuple[JsonObject, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ProductAnswer:
    """Everything that the page says, as of ``at``."""

    address: str
    at: datetime
    verdict: Verdict
    summary: Message
    identity: Identity | None
    claims: tuple[ClaimAnswer, ...]
    questions: tuple[Answer, ...]
    journey: tuple[Knot, ...]
    labels: tuple[Label, ...]
    compare: tuple[str, ...]
    sources: tuple[Source, ...]

    def to_json(self) -> JsonObject:
        """Return the answer as JSON; pages are made from this form, so that a stored one reads the same."""
        return {"format": FORMAT, **as_json(self)}


def as_json(value: Any) -> Any:
    """Return a value of this module as JSON."""
    if is_dataclass(value) and not isinstance(value, type):
        return {item.name: as_json(getattr(value, item.name)) for item in fields(value)}
    if isinstance(value, datetime):
        return format_timestamp(value)
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, Mapping):
        return {name: as_json(item) for name, item in value.items()}
    if isinstance(value, list | tuple):
        return [as_json(item) for item in value]
    return value
