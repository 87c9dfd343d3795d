"""A document in plain words: its kind, what it says line by line, how it fared. Texts are marked here."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from certweave.encoding.strict_json import JsonObject
from certweave_edge.i18n import LANGUAGES, mark
from certweave_wallet.ports import Holding, Standing

KINDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "VerifiableCredential": mark("Certificate"),
        "DigitalProductPassport": mark("Product passport"),
        "DigitalConformityCredential": mark("Certificate"),
        "DigitalFacilityRecord": mark("Facility record"),
        "DigitalTraceabilityEvent": mark("Event"),
        "DigitalIdentityAnchor": mark("Proof of identity"),
        "TransactionCertificate": mark("Transaction certificate"),
        "ScopeCertificate": mark("Scope certificate"),
        "ScopeCredential": mark("Scope certificate"),
        "InventoryConformance": mark("Chemical inventory"),
        "LaboratoryResult": mark("Laboratory result"),
        "LabResult": mark("Laboratory result"),
        "Delegation": mark("Delegation"),
        "LabelRelease": mark("Label release"),
    }
)
VERDICTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "valid": mark("Examined, and everything holds"),
        "invalid": mark("Examined, and it does not hold"),
        "undecided": mark("Examined, and not everything could be checked"),
    }
)
STANDINGS: Final[Mapping[Standing, str]] = MappingProxyType(
    {
        Standing.CURRENT: mark("Stands"),
        Standing.WITHDRAWN: mark("Withdrawn by you"),
        Standing.SUPERSEDED: mark("Replaced by a newer version"),
    }
)
REASONS: Final[tuple[tuple[str, str], ...]] = (
    ("issued_in_error", mark("It should not have been issued")),
    ("error_in_certificate", mark("It contains an error")),
    ("sites_closed", mark("The place it is about has closed")),
    ("key_compromise", mark("Our signing key may be in the wrong hands")),
)
ACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "document.keep": mark("Received, examined and kept"),
        "document.issue": mark("Signed"),
        "document.publish": mark("Shown to everybody"),
        "document.unpublish": mark("No longer shown to everybody"),
        "document.withdraw": mark("Withdrawn"),
        "document.correct": mark("Replaced by a newer version"),
    }
)
_SILENT: Final = frozenset(
    {
        "type",
        "id",
        "digestMultibase",
        "mediaType",
        "linkType",
        "schemeId",
        "idScheme",
        "idGranularity",
        "schemeName",
    }
)
_BESIDE: Final = {"countryCode": "countryName", "code": "name"}
"""A code is left out where the words for it stand beside it."""
_LANGUAGES: Final = frozenset(LANGUAGES)
_BEGINNINGS: Final = ("ld", "credentialSubject")
_MOST_LINES: Final = 60
_HUMP: Final = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of what a document says; a measure has its unit, and a text may come in several languages."""

    label: str
    value: str | float | Mapping[str, str]
    unit: str = ""
    depth: int = 0


def tell(document: JsonObject) -> list[Line]:
    """Return what a document says of its subject, line by line; the raw text has what is cut."""
    found: list[Line] = []
    subject = document.get("credentialSubject")
    for one in subject if isinstance(subject, list) else [subject]:
        for line in _lines(one, "", 0):
            if len(found) == _MOST_LINES:
                return found
            found.append(line)
    return found


def kind_of(holding: Holding) -> str:
    """Return the word for a kind of document; an unknown kind is its own word."""
    return KINDS.get(holding.kind, holding.kind)


def party_of(holding: Holding) -> str:
    """Return how the issuer calls itself, or where its identity lies: a whole DID says nothing to people."""
    if holding.issuer_name:
        return holding.issuer_name
    method, _, rest = holding.issuer.removeprefix("did:").partition(":")
    return "/".join(rest.split(":")[1 if method == "webvh" else 0 :]) or holding.issuer


def state_of(holding: Holding, now: datetime) -> tuple[str, str]:
    """Return outcome and words for a list: an end outweighs the last look."""
    if holding.standing is not Standing.CURRENT:
        return "invalid", STANDINGS[holding.standing]
    if holding.valid_until is not None and holding.valid_until <= now:
        return "invalid", mark("Has expired")
    if holding.looked is None:
        return "not_applicable", mark("Signed by you")
    return holding.looked.verdict, VERDICTS[holding.looked.verdict]


def steps_of(report: JsonObject) -> list[dict[str, Any]]:
    """Return the rows of the kit's ``steps`` from the JSON of a report; ``name`` is the template's to say."""
    return [
        {
            "number": check["number"],
            "step": check["step"],
            "outcome": check["outcome"],
            "detail": check["detail"],
            "code": check["code"],
            "why": check["detail"] if check["outcome"] in ("invalid", "undecided") else "",
        }
        for check in report["checks"]
    ]


def _lines(value: Any, label: str, depth: int) -> Iterator[Line]:
    if isinstance(value, dict):
        if set(value) >= {"value", "unit"} and isinstance(value["value"], int | float):
            yield Line(label, value["value"], str(value["unit"]), depth)
            return
        if not _LANGUAGES.isdisjoint(value) and all(isinstance(text, str) for text in value.values()):
            yield Line(label, value, "", depth)
            return
        if isinstance(value.get("@value"), str):
            yield Line(label, value["@value"], "", depth)
            return
        named = value.get("name") or value.get("linkName")
        if label and isinstance(named, str):
            yield Line(label, named, "", depth)
        rest = {
            name: item
            for name, item in value.items()
            if name not in _SILENT
            and not (label and name in ("name", "linkName", "linkURL"))
            and _BESIDE.get(name) not in value
        }
        for name, item in rest.items():
            yield from _lines(item, _label(name), depth + bool(label))
    elif isinstance(value, list):
        for item in value:
            yield from _lines(item, label, depth)
    elif isinstance(value, bool):
        yield Line(label, mark("yes") if value else mark("no"), "", depth)
    elif isinstance(value, str | int | float) and value != "" and not str(value).startswith("data:"):
        yield Line(label, value, "", depth)


def ways_to(places: Iterable[str]) -> list[list[str]]:
    """Return for each JSON Pointer the names on the way to it, as ``tell`` writes them.

    Where every document begins is left out; an element of a list is counted from one.
    """
    return [_way_to(place) for place in places]


def _way_to(place: str) -> list[str]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:]]
    while len(steps) > 1 and steps[0] in _BEGINNINGS:
        steps.pop(0)
    return [str(int(step) + 1) if step.isascii() and step.isdigit() else _label(step) for step in steps]


def _label(name: str) -> str:
    words = _HUMP.sub(" ", name).lower()
    return words[:1].upper() + words[1:]
