"""How far does a certificate really speak for a claim about this product?

UNTP 0.7.0 leaves the verification of a product's graph open; these are our rules (docs/explanation/
shopper-page.md). The certificate itself must say so: that a maker links it proves nothing. It must be about
the claim (same criteria, or the scheme they belong to, or the same topic where no criteria are named), and
about the product: this batch, what it was made of, its model, or only the site or the party.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.product.address import ProductAddress, parse_product_url
from certweave.product.answer import Message
from certweave.product.pieces import id_of, ids_of, number_of, object_of, objects_of, text_of
from certweave.trust.claims import belongs_to

FIGURE_SLACK = 1e-6
"""Relative difference below which two figures are the same number."""


class Cover(IntEnum):
    """What of the product a certificate speaks for; a higher one is stronger."""

    NOTHING = 0
    PARTY = 1
    SITE = 2
    MODEL = 3
    INPUT = 4
    PRODUCT = 5


@dataclass(frozen=True, slots=True)
class Named:
    """A product as some document names it."""

    id: str
    batch: str = ""
    name: str = ""
    item: str = ""


@dataclass(frozen=True, slots=True)
class Scene:
    """What certificates are held against: the product, what it was made of, where, and by whom.

    ``gap`` says why a step could not be had or checked: then there may be more inputs than are known.
    """

    host: str
    address: ProductAddress
    product: JsonObject
    speaker: str
    inputs: tuple[Named, ...] = ()
    facilities: frozenset[str] = frozenset()
    gap: Message | None = None


def read_named(product: JsonObject) -> Named:
    """Read a product reference of UNTP's or of our extension's shape."""
    batch = id_of(product, "batchNumber") or id_of(product, "batch")
    return Named(id_of(product, "id"), batch, text_of(product, "name"), id_of(product, "itemNumber"))


def match_product(named: Named, scene: Scene) -> Cover:
    """Return PRODUCT where ``named`` is this very batch or item, MODEL where it is the model of it."""
    stated = id_of(scene.product, "batchNumber")
    lot, item = scene.address.lot or stated, scene.address.serial or id_of(scene.product, "itemNumber")
    if (named.batch and named.batch != lot) or (named.item and named.item != item):
        return Cover.NOTHING
    gtin, named_lot, serial = _keys(named.id)
    if gtin:
        same_lot = named_lot in (None, lot) and serial in (None, scene.address.serial)
        if gtin != scene.address.gtin or not same_lot:
            return Cover.NOTHING
        finer = named_lot or serial or named.batch or named.item
        return Cover.PRODUCT if finer or not lot else Cover.MODEL
    if named.id and named.id == id_of(scene.product, "id"):
        return Cover.PRODUCT if named.batch or named.item or not stated else Cover.MODEL
    return Cover.NOTHING


def same_named(one: Named, other: Named) -> bool:
    """Tell whether two documents name the same goods: the same id, and batches that do not differ."""
    return (
        bool(one.id)
        and one.id == other.id
        and (one.batch == other.batch or not (one.batch and other.batch))
        and (one.item == other.item or not (one.item and other.item))
    )


def find_part(attestation: JsonObject, claim: JsonObject, scene: Scene) -> JsonObject:
    """Return a certificate with those assessments only that answer a claim and concern its goods.

    What was found for other goods, or against other criteria, must not lend its word to these. Empty where
    nothing of it speaks of the claim.
    """
    found = _assessments(attestation)
    kept = [one for one in found if _answers(one, claim) and _concerns(one, scene)]
    part = {**attestation, "conformityAssessment": kept}
    return part if (kept or not found) and is_about(part, claim) else {}


def is_about(attestation: JsonObject, claim: JsonObject) -> bool:
    """Tell whether a certificate speaks of all that is claimed.

    What was assessed counts, and a profile only where no assessment says against which criteria it was.
    """
    wanted = ids_of(objects_of(claim, "referenceCriteria"))
    assessments = _assessments(attestation)
    criteria = ids_of(item for found in assessments for item in objects_of(found, "assessmentCriteria"))
    criteria = criteria or ids_of(objects_of(object_of(attestation, "referenceProfile"), "criterion"))
    if wanted and criteria:
        return wanted <= criteria
    if wanted:
        scheme = id_of(attestation, "referenceScheme", "id")
        return all(belongs_to(item, scheme) for item in wanted)
    topics = ids_of(objects_of(claim, "conformityTopic"))
    spoken = ids_of(topic for found in assessments for topic in objects_of(found, "conformityTopic"))
    return bool(topics) and topics <= spoken


def _answers(assessment: JsonObject, claim: JsonObject) -> bool:
    wanted = ids_of(objects_of(claim, "referenceCriteria"))
    criteria = ids_of(objects_of(assessment, "assessmentCriteria"))
    topics = ids_of(objects_of(claim, "conformityTopic"))
    if wanted:
        return not criteria or not wanted.isdisjoint(criteria)
    return not topics.isdisjoint(ids_of(objects_of(assessment, "conformityTopic")))


def _concerns(assessment: JsonObject, scene: Scene) -> bool:
    named = _assessed(assessment)
    return not named or any(_cover_of(read_named(item), scene) is not Cover.NOTHING for item in named)


def find_cover(attestation: JsonObject, scene: Scene) -> tuple[Cover, Named | None]:
    """Return what of the product a certificate speaks for, and the goods that it names for it."""
    best: tuple[Cover, Named | None] = (Cover.NOTHING, None)
    for named in products_of(attestation):
        cover = _cover_of(named, scene)
        if cover > best[0]:
            best = (cover, named)
    if best[0] is not Cover.NOTHING:
        return best
    for facility in facilities_of(attestation):
        if id_of(facility, "id") in scene.facilities:
            return Cover.SITE, Named(id_of(facility, "id"), name=text_of(facility, "name"))
    party = object_of(attestation, "issuedToParty")
    organisations = [party, *(object_of(a, "assessedOrganisation") for a in _assessments(attestation))]
    if not products_of(attestation) and scene.speaker in ids_of(organisations):
        return Cover.PARTY, Named(scene.speaker, name=text_of(party, "name"))
    return best


def _cover_of(named: Named, scene: Scene) -> Cover:
    cover = match_product(named, scene)
    if cover is Cover.NOTHING and any(same_named(named, item) for item in scene.inputs):
        return Cover.INPUT
    return cover


def products_of(attestation: JsonObject) -> tuple[Named, ...]:
    """Return every product that a certificate names, wherever its type keeps them."""
    return tuple(read_named(item) for item in _products(attestation))


def facilities_of(attestation: JsonObject) -> list[JsonObject]:
    """Return every site that a certificate speaks for, but not those certified by another one."""
    sites = objects_of(object_of(attestation, "certificationScope"), "sites")
    found = [object_of(site, "facility") for site in sites if site.get("role") != "separatelyCertified"]
    for assessment in _assessments(attestation):
        found += [object_of(item, "facility") for item in objects_of(assessment, "assessedFacility")]
    found.append(object_of(object_of(attestation, "inventoryConformance"), "facility"))
    return found


def is_unverified(attestation: JsonObject, named: Named | None) -> bool:
    """Tell whether the assessor names these goods without having made sure of their identity."""
    if named is None:
        return False
    for assessment in _assessments(attestation):
        for item in objects_of(assessment, "assessedProduct"):
            if same_named(read_named(object_of(item, "product")), named):
                return item.get("idVerifiedByCAB") is not True
    return False


def find_other_figure(attestation: JsonObject, claim: JsonObject) -> JsonObject | None:
    """Return the measure that a certificate gives where the claim gives another for the same metric.

    Empty where it gives none: then nobody checked the figure of the claim.
    """
    assessed = [
        item for found in _assessments(attestation) for item in objects_of(found, "assessedPerformance")
    ]
    for claimed in objects_of(claim, "claimedPerformance"):
        metric = id_of(claimed, "metric", "id")
        rivals = [item for item in assessed if metric and id_of(item, "metric", "id") == metric]
        if not any(_same_performance(claimed, rival) for rival in rivals):
            return next((found for item in rivals if (found := object_of(item, "measure"))), {})
    return None


def _same_performance(claimed: JsonObject, found: JsonObject) -> bool:
    measure, score = object_of(claimed, "measure"), id_of(claimed, "score", "code")
    return (not measure or _same_figure(measure, object_of(found, "measure"))) and (
        not score or score == id_of(found, "score", "code")
    )


def _same_figure(one: JsonObject, other: JsonObject) -> bool:
    first, second = number_of(one, "value"), number_of(other, "value")
    if first is None or second is None or one.get("unit") != other.get("unit"):
        return False
    slack = FIGURE_SLACK * max(abs(first), abs(second), 1.0)
    low, high = number_of(other, "lowerTolerance") or 0, number_of(other, "upperTolerance") or 0
    return second - abs(low) - slack <= first <= second + abs(high) + slack


def _assessments(attestation: JsonObject) -> list[JsonObject]:
    return objects_of(attestation, "conformityAssessment")


def _products(attestation: JsonObject) -> Iterator[JsonObject]:
    for assessment in _assessments(attestation):
        yield from _assessed(assessment)
    for line in objects_of(object_of(attestation, "transaction"), "productLines"):
        yield object_of(line, "product")
    sample = object_of(object_of(attestation, "laboratoryResult"), "sample")
    for found in (object_of(sample, "ofBatch"), object_of(object_of(attestation, "labelRelease"), "product")):
        if found:
            yield found


def _assessed(assessment: JsonObject) -> list[JsonObject]:
    return [object_of(item, "product") for item in objects_of(assessment, "assessedProduct")]


def _keys(url: str) -> tuple[str, str | None, str | None]:
    try:
        _, address = parse_product_url(url)
    except CertweaveError:
        return "", None, None
    return address.gtin, address.lot, address.serial
