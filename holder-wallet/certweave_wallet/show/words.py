"""A document in plain words: its kind, how it fared, what of it can be withheld. Texts are marked here."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any, Final

from markupsafe import Markup

from certweave.encoding.strict_json import JsonObject
from certweave_edge.i18n import mark
from certweave_edge.told import quote
from certweave_wallet.ports import Holding, Standing
from certweave_wallet.show.labels import name_of

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
_BEGINNINGS: Final = ("ld", "credentialSubject")


def kind_of(holding: Holding) -> str:
    """Return the word for a kind of document; an unknown kind is its own word."""
    return KINDS.get(holding.kind, holding.kind)


def party_of(holding: Holding) -> Markup:
    """Return how the issuer calls itself, or where its identity lies."""
    return quote(holding.issuer_name) if holding.issuer_name else place_of(holding.issuer)


def place_of(did: str) -> Markup:
    """Return where an identity lies, host and path: a whole DID says nothing to people.

    Many organisations may share a host, so the path belongs to the name.
    """
    method, _, rest = did.removeprefix("did:").partition(":")
    parts = {"web": rest.split(":"), "webvh": rest.split(":")[1:]}.get(method, [])
    return quote("/".join(parts).replace("%3A", ":") or did)


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
            "detail": _detail(check),
            "code": check["code"],
            "why": check["detail"] if check["outcome"] in ("invalid", "undecided") else "",
        }
        for check in report["checks"]
    ]


def _detail(check: JsonObject) -> str:
    """Return what a step found; a key that holds without its address, which the text for technicians has."""
    detail = str(check["detail"])
    if check["step"] == "key" and check["outcome"] == "valid":
        return detail.partition(", ")[2] or detail
    return detail


def ways_to(places: Iterable[str]) -> list[list[str]]:
    """Return for each JSON Pointer the names on the way to it, as labels are written.

    Where every document begins is left out; an element of a list is counted from one.
    """
    return [_way_to(place) for place in places]


def _way_to(place: str) -> list[str]:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in place.split("/")[1:]]
    while len(steps) > 1 and steps[0] in _BEGINNINGS:
        steps.pop(0)
    return [str(int(step) + 1) if step.isascii() and step.isdigit() else name_of(step) for step in steps]
