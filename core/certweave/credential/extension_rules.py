"""Rules of our extension that join several members of one value, over plain objects.

See docs/reference/credential-types.md. A rule is asked of a value whose members are each of the right kind:
by the models, whose errors say what it found, and by ``untp.known``. One certificate alone is looked at;
balance over several of them is the product examination's.
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any

from certweave.encoding.strict_json import JsonObject

EXTENSION = "https://certweave.example/ns/v1#"
EXTENSION_CONTEXT = "https://certweave.example/ns/v1/context.jsonld"
KILOGRAMS = {"KGM": 1.0, "TNE": 1000.0, "GRM": 0.001, "LBR": 0.45359237}
"""Weight units (UN/CEFACT Recommendation 20) with their kilograms."""
MASS_BALANCE_SLACK = 1e-9
"""Weights are decimals in floats; a billionth of a kilogram is rounding, not fraud."""

Wrong = tuple[str, str]
"""What is wrong: a word for programs, and one for people that follows the name of the value."""
Rule = Callable[[JsonObject], Wrong | None]


def kilograms(weight: JsonObject) -> float:
    """Return a weight in kilograms."""
    return float(weight["value"]) * KILOGRAMS[weight["unit"]]


def _product_line(line: JsonObject) -> Wrong | None:
    if kilograms(line["certifiedWeight"]) > kilograms(line["netWeight"]) + MASS_BALANCE_SLACK:
        return "certified_weight", "certifies more than the net weight"
    return _composition(line)


def _composition(value: JsonObject) -> Wrong | None:
    if sum(float(item["share"]) for item in value.get("composition", ())) > 1 + MASS_BALANCE_SLACK:
        return "composition", "has a composition of more than the whole"
    return None


def _transaction(sale: JsonObject) -> Wrong | None:
    if "conversionFactor" in sale and "lossFactor" in sale:
        return "factor", "has a conversion factor and a loss factor; one is enough"
    known = [item["documentNumber"] for item in sale["shipments"]]
    named = {line["documentNumber"] for line in sale["productLines"] if "documentNumber" in line}
    if not named <= set(known):
        return "document_number", "has a line of a shipment that it does not list"
    shipments = zip((item["date"] for item in sale["shipments"]), known, strict=True)
    return _twice(shipments, "a shipment") or _twice(
        (line["line"] for line in sale["productLines"]), "a line number"
    )


def _scope(scope: JsonObject) -> Wrong | None:
    if sum(site["role"] == "main" for site in scope["sites"]) != 1:
        return "main_site", "has not exactly one main site"
    return (
        _twice((site["facility"]["id"] for site in scope["sites"]), "a site")
        or _twice((item["code"] for item in scope["productClasses"]), "a product class")
        or _twice(scope["schemes"], "a scheme")
    )


def _inventory(inventory: JsonObject) -> Wrong | None:
    if inventory["formulationsConformant"] > inventory["formulationsTotal"]:
        return "formulations", "counts more conformant formulations than there are"
    return _order(inventory["periodStart"], inventory["periodEnd"], "the period")


def _sample(sample: JsonObject) -> Wrong | None:
    return None if "batch" in sample["ofBatch"] else ("batch", "names no batch: a result speaks for one")


def _analyte(analyte: JsonObject) -> Wrong | None:
    quantified = analyte["finding"] == "quantified"
    if quantified != ("amount" in analyte) or quantified != ("amountUnit" in analyte):
        return "amount", "has an amount and unit where, and only where, it is quantified"
    return None


def _result(result: JsonObject) -> Wrong | None:
    return _order(result["sample"]["takenOn"], result["receivedOn"], "the day of receipt") or _order(
        result["receivedOn"], result["testedOn"], "the day of the test"
    )


def _delegation(delegation: JsonObject) -> Wrong | None:
    if delegation["principal"]["id"] == delegation["delegate"]["id"]:
        return "delegation", "lets somebody act for themselves"
    return _bounds(delegation) or _twice(delegation["actions"], "an action")


def is_of_holder(delegation: JsonObject, attestation: JsonObject) -> bool:
    """Tell whether a delegation is issued to the delegate: who holds it is who may act."""
    party = attestation.get("issuedToParty")
    return isinstance(party, dict) and party.get("id") == delegation["delegate"]["id"]


def _release(release: JsonObject) -> Wrong | None:
    return _order(release["releaseDate"], release.get("expiryOfRelease"), "the expiry")


def _approval(approval: JsonObject) -> Wrong | None:
    return (
        _bounds(approval)
        or _twice(approval["schemes"], "a scheme")
        or _twice(approval["processes"], "a process")
    )


def _bounds(value: JsonObject) -> Wrong | None:
    return _order(value["startDate"], value["endDate"], "the period")


def _order(first: str, second: str | None, what: str) -> Wrong | None:
    """A day is not before another (both ISO 8601, so that text order is time order)."""
    return ("date_order", f"{what} is out of order") if second is not None and second < first else None


def _twice(values: Iterable[Any], what: str) -> Wrong | None:
    """Nothing is listed twice."""
    listed = list(values)
    return ("twice", f"{what} is listed twice") if len(listed) != len(set(listed)) else None


RULES: Mapping[str, Rule] = MappingProxyType(
    {
        "ProductLine": _product_line,
        "TransactionCertificate": _transaction,
        "ProductClass": _composition,
        "ScopeCertificate": _scope,
        "InventoryConformance": _inventory,
        "Sample": _sample,
        "Analyte": _analyte,
        "LaboratoryResult": _result,
        "Delegation": _delegation,
        "LabelRelease": _release,
        "IssuerApproval": _approval,
    }
)
"""The rule of each class that has one, by the name of its model."""
