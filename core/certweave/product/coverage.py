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
from certweave.product.pieces import ids_of, number_of, object_of, objects_of, text_of

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


@dataclass(frozen=True, slots=True)
class Scene:
    """What certificates are held against: the product, what it was made of, where, and by whom."""

    host: str
    address: ProductAddress
    product: JsonObject
    speaker: str
    inputs: tuple[Named, ...] = ()
    facilities: frozenset[str] = frozenset()


def read_named(product: JsonObject) -> Named:
    """Read a product reference of UNTP's or of our extension's shape."""
    batch = text_of(product, "batchNumber") or text_of(product, "batch")
    return Named(text_of(product, "id"), batch, text_of(product, "name"))


def match_product(named: Named, scene: Scene) -> Cover:
    """Return PRODUCT where ``named`` is this very batch or item, MODEL where it is the model of it."""
    lot = scene.address.lot or text_of(scene.product, "batchNumber")
    if named.batch and named.batch != lot:
        return Cover.NOTHING
    gtin, named_lot, serial = _keys(named.id)
    if gtin:
        same_lot = named_lot in (None, lot) and serial in (None, scene.address.serial)
        if gtin != scene.address.gtin or not same_lot:
            return Cover.NOTHING
        return Cover.PRODUCT if named_lot or serial or named.batch or not lot else Cover.MODEL
    if named.id and named.id == text_of(scene.product, "id"):
        return Cover.PRODUCT
    return Cover.NOTHING


def same_named(one: Named, other: Named) -> bool:
    """Tell whether two documents name the same goods: the same id, and batches that do not differ."""
    return (
        bool(one.id) and one.id == other.id and (one.batch == other.batch or not (one.batch and other.batch))
    )


def is_about(attestation: JsonObject, claim: JsonObject) -> bool:
    """Tell whether a certificate speaks of what is claimed."""
    wanted = ids_of(objects_of(claim, "referenceCriteria"))
    assessments = objects_of(attestation, "conformityAssessment")
    profile = object_of(attestation, "referenceProfile")
    criteria = ids_of(
        [
            *objects_of(profile, "criterion"),
            *(item for found in assessments for item in objects_of(found, "assessmentCriteria")),
        ]
    )
    if wanted & criteria:
        return True
    if wanted and not criteria:
        scheme = text_of(attestation, "referenceScheme", "id").rstrip("/#")
        return bool(scheme) and any(item.startswith((f"{scheme}/", f"{scheme}#")) for item in wanted)
    if wanted:
        return False
    topics = ids_of(objects_of(claim, "conformityTopic"))
    return bool(
        topics & ids_of(topic for found in assessments for topic in objects_of(found, "conformityTopic"))
    )


def find_cover(attestation: JsonObject, scene: Scene) -> tuple[Cover, Named | None]:
    """Return what of the product a certificate speaks for, and the goods that it names for it."""
    best: tuple[Cover, Named | None] = (Cover.NOTHING, None)
    for named in products_of(attestation):
        cover = match_product(named, scene)
        if cover is Cover.NOTHING and any(same_named(named, item) for item in scene.inputs):
            cover = Cover.INPUT
        if cover > best[0]:
            best = (cover, named)
    if best[0] is not Cover.NOTHING:
        return best
    for facility in facilities_of(attestation):
        if text_of(facility, "id") in scene.facilities:
            return Cover.SITE, Named(text_of(facility, "id"), name=text_of(facility, "name"))
    party = object_of(attestation, "issuedToParty")
    organisations = [party, *(object_of(a, "assessedOrganisation") for a in _assessments(attestation))]
    if not products_of(attestation) and scene.speaker and scene.speaker in ids_of(organisations):
        return Cover.PARTY, Named(scene.speaker, name=text_of(party, "name"))
    return best


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
    """Return the measure that a certificate gives where the claim gives another for the same metric."""
    assessed = [
        item for found in _assessments(attestation) for item in objects_of(found, "assessedPerformance")
    ]
    for claimed in objects_of(claim, "claimedPerformance"):
        metric, measure = text_of(claimed, "metric", "id"), object_of(claimed, "measure")
        rivals = [
            object_of(item, "measure")
            for item in assessed
            if metric and text_of(item, "metric", "id") == metric and object_of(item, "measure")
        ]
        if measure and rivals and not any(_same_figure(measure, rival) for rival in rivals):
            return rivals[0]
    return None


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
        for item in objects_of(assessment, "assessedProduct"):
            yield object_of(item, "product")
    for line in objects_of(object_of(attestation, "transaction"), "productLines"):
        yield object_of(line, "product")
    sample = object_of(object_of(attestation, "laboratoryResult"), "sample")
    for found in (object_of(sample, "ofBatch"), object_of(object_of(attestation, "labelRelease"), "product")):
        if found:
            yield found


def _keys(url: str) -> tuple[str, str | None, str | None]:
    try:
        _, address = parse_product_url(url)
    except CertweaveError:
        return "", None, None
    return address.gtin, address.lot, address.serial
