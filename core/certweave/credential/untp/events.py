"""UNTP 0.7.0 lifecycle events: made, moved, modified.

https://untp.unece.org/docs/0.7.0/specification/DigitalTraceabilityEvents. Which of the three an event is, its
``type`` must say.
"""

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from certweave.credential.untp.base import ClosedValue, Entity, Moment, Name, Uri
from certweave.credential.untp.credential import UntpCredential
from certweave.credential.untp.names import UNTP
from certweave.credential.untp.parties import FacilityReference, PartyRole, ProductReference, TracedProduct
from certweave.credential.untp.term import Term
from certweave.credential.untp.values import (
    Classification,
    Coordinate,
    Link,
    Measure,
    PerformanceMetric,
)

Disposition = Annotated[
    Literal[
        "new",
        "inTransit",
        "active",
        "repaired",
        "recalled",
        "expired",
        "consumed",
        "recycled",
        "disposed",
    ],
    Term(vocabulary=f"{UNTP}ProductStatus#"),
]


class SensorData(ClosedValue):
    """What a device measured while the event took place."""

    metric: PerformanceMetric
    measure: list[Measure]
    raw_data: list[Link] | None = None
    sensor: ProductReference | None = None
    geo_location: Coordinate | None = None


class EventProduct(ClosedValue):
    """A product that takes part in an event, with its quantity."""

    product: TracedProduct
    quantity: Measure | None = None
    disposition: Disposition | None = None


class LifecycleEvent(Entity):
    """What every event says."""

    id: Uri
    name: Name
    description: Name | None = None
    event_date: Moment
    sensor_data: list[SensorData] | None = None
    related_document: list[Link] | None = None
    activity_type: Classification
    related_party: list[PartyRole] | None = None


class MakeEvent(LifecycleEvent):
    """Products are made from others at a facility."""

    input_product: list[EventProduct]
    output_product: list[EventProduct]
    made_at_facility: FacilityReference


class MoveEvent(LifecycleEvent):
    """Products go from one facility to another."""

    moved_product: list[EventProduct]
    from_facility: FacilityReference
    to_facility: FacilityReference
    consignment_id: Uri | None = None


class ModifyEvent(LifecycleEvent):
    """Products are changed and stay what they are: repaired, inspected, recalled."""

    modified_product: list[EventProduct]
    modified_at_facility: FacilityReference


EVENTS: dict[str, type[LifecycleEvent]] = {
    "MakeEvent": MakeEvent,
    "MoveEvent": MoveEvent,
    "ModifyEvent": ModifyEvent,
}


def find_event_type(value: Any) -> str | None:
    """Return which event a raw subject says it is, or None."""
    if isinstance(value, LifecycleEvent):
        return value.class_name()
    names = value.get("type") if isinstance(value, dict) else None
    if not isinstance(names, list):
        return None
    return next((name for name in EVENTS if name in names), None)


AnyEvent = Annotated[
    Annotated[MakeEvent, Tag("MakeEvent")]
    | Annotated[MoveEvent, Tag("MoveEvent")]
    | Annotated[ModifyEvent, Tag("ModifyEvent")],
    Discriminator(find_event_type),
]


class DigitalTraceabilityEvent(UntpCredential):
    """One or more events in the life of products."""

    credential_subject: list[AnyEvent] = Field(min_length=1)
