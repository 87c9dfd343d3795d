"""Makers of the parts of UNTP 0.7.0 credentials: parties, products, facilities, events, links, measures.

https://untp.unece.org/docs/0.7.0/specification/. They put members in place and leave out what is not said;
the models judge the whole (``credential.build``).
"""

from collections.abc import Sequence
from typing import Any

from certweave.encoding.multihash import make_digest_multibase
from certweave.encoding.strict_json import JsonObject

TOPICS = "https://vocabulary.uncefact.org/conformity-topic/"
METRICS = "https://vocabulary.uncefact.org/performance-metric/"


def drop_none(members: JsonObject) -> JsonObject:
    """Return the members that say something."""
    return {name: value for name, value in members.items() if value is not None}


def make_reference(class_name: str, id: str, name: str, **members: Any) -> JsonObject:
    """Return a reference to something with a UNTP class: a scheme, profile, criterion, facility, product."""
    return drop_none({"type": [class_name], "id": id, "name": name, **members})


def make_party(
    id: str,
    name: str,
    *,
    registered_id: str | None = None,
    scheme: JsonObject | None = None,
    country: JsonObject | None = None,
    description: str | None = None,
) -> JsonObject:
    """Return a party; ``scheme`` is the register that the registered id belongs to."""
    return make_reference(
        "Party",
        id,
        name,
        description=description,
        registeredId=registered_id,
        idScheme=scheme,
        registrationCountry=country,
    )


def make_identifier_scheme(id: str, name: str) -> JsonObject:
    """Return the register or scheme of an identifier."""
    return make_reference("IdentifierScheme", id, name)


def make_topic(code: str, name: str) -> JsonObject:
    """Return a UNTP conformity topic by its code."""
    return make_reference("ConformityTopic", f"{TOPICS}{code}", name)


def make_metric(code: str, name: str) -> JsonObject:
    """Return a UNTP performance metric by its code; a full URL stands for itself."""
    return make_reference("PerformanceMetric", code if ":" in code else f"{METRICS}{code}", name)


def make_link(
    url: str,
    name: str,
    *,
    content: bytes | None = None,
    media_type: str | None = None,
    link_type: str | None = None,
) -> JsonObject:
    """Return a link; with ``content``, its digest is fixed in it."""
    digest = None if content is None else make_digest_multibase(content)
    return drop_none(
        {
            "linkURL": url,
            "linkName": name,
            "digestMultibase": digest,
            "mediaType": media_type,
            "linkType": link_type,
        }
    )


def make_measure(value: float, unit: str) -> JsonObject:
    """Return a measure; ``unit`` is a code of UN/CEFACT Recommendation 20."""
    return {"value": value, "unit": unit}


def make_performance(
    metric: JsonObject | None = None, *, measure: JsonObject | None = None, score: JsonObject | None = None
) -> JsonObject:
    """Return a result."""
    return drop_none({"metric": metric, "measure": measure, "score": score})


def make_classification(code: str, name: str, *, scheme: str, scheme_name: str) -> JsonObject:
    """Return a code in a classification."""
    return {"code": code, "name": name, "schemeId": scheme, "schemeName": scheme_name}


def make_country(code: str, name: str | None = None) -> JsonObject:
    """Return a country by its two-letter code."""
    return drop_none({"countryCode": code, "countryName": name})


def make_address(street: str, *, postcode: str, town: str, region: str, country: JsonObject) -> JsonObject:
    """Return a postal address."""
    return {
        "streetAddress": street,
        "postalCode": postcode,
        "addressLocality": town,
        "addressRegion": region,
        "addressCountry": country,
    }


def make_facility(
    id: str,
    name: str,
    *,
    country: JsonObject,
    processes: Sequence[JsonObject],
    address: JsonObject,
    location: JsonObject | None = None,
    operator: JsonObject | None = None,
    claims: Sequence[JsonObject] = (),
) -> JsonObject:
    """Return the subject of a facility record. Where nothing is said of the place, nothing is published."""
    return make_reference(
        "Facility",
        id,
        name,
        countryOfOperation=country,
        processCategory=list(processes),
        relatedParty=None if operator is None else [{"role": "operator", "party": operator}],
        locationInformation=location if location is not None else {},
        address=address,
        performanceClaim=list(claims) or None,
    )


def make_material(
    name: str, *, kind: JsonObject, country: JsonObject, share: float, recycled: float | None = None
) -> JsonObject:
    """Return a material with its share of the mass."""
    return drop_none(
        {
            "name": name,
            "originCountry": country,
            "materialType": kind,
            "massFraction": share,
            "recycledMassFraction": recycled,
        }
    )


def make_claim(
    id: str,
    name: str,
    *,
    criteria: Sequence[JsonObject],
    date: str,
    topics: Sequence[JsonObject],
    performance: Sequence[JsonObject] = (),
    evidence: Sequence[JsonObject] = (),
) -> JsonObject:
    """Return a claim about a product or facility; ``evidence`` links the certificates behind it."""
    return make_reference(
        "Claim",
        id,
        name,
        referenceCriteria=list(criteria),
        claimDate=date,
        claimedPerformance=list(performance),
        evidence=list(evidence) or None,
        conformityTopic=list(topics),
    )


def make_product(
    id: str,
    name: str,
    *,
    scheme: JsonObject,
    granularity: str,
    categories: Sequence[JsonObject],
    facility: JsonObject,
    country: JsonObject,
    materials: Sequence[JsonObject] = (),
    claims: Sequence[JsonObject] = (),
    **members: Any,
) -> JsonObject:
    """Return the subject of a passport; ``members`` are further UNTP members by their own names."""
    return make_reference(
        "Product",
        id,
        name,
        idScheme=scheme,
        idGranularity=granularity,
        productCategory=list(categories),
        producedAtFacility=facility,
        countryOfProduction=country,
        materialProvenance=list(materials) or None,
        performanceClaim=list(claims) or None,
        **members,
    )


def make_event_product(
    product: JsonObject, *, quantity: JsonObject | None = None, disposition: str | None = None
) -> JsonObject:
    """Return a product's part in an event; the product names its ``idGranularity``."""
    return drop_none({"product": product, "quantity": quantity, "disposition": disposition})


def make_event(
    kind: str, id: str, name: str, *, date: str, activity: JsonObject, **members: Any
) -> JsonObject:
    """Return an event, kind MakeEvent, MoveEvent or ModifyEvent, with that kind's own members by name."""
    event = make_reference(kind, id, name, eventDate=date, activityType=activity, **members)
    return {**event, "type": [kind, "LifecycleEvent"]}
