"""UNTP 0.7.0 values: small classes that other classes hold, most of them closed.

https://untp.unece.org/docs/0.7.0/specification/. Facts (members, types, code lists) are those of the
published JSON Schemas; the words are ours.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from certweave.credential.untp.base import (
    ClosedValue,
    CountryCode,
    Day,
    Digest,
    Entity,
    MediaType,
    Name,
    Number,
    Picture,
    SchemaText,
    Text,
    Unit,
    UntpModel,
    Uri,
    Whole,
)
from certweave.credential.untp.names import UNTP
from certweave.credential.untp.term import TERMS, Term

Latitude = Annotated[int | float, Field(ge=-90, le=90), TERMS["latitude"]]
Longitude = Annotated[int | float, Field(ge=-180, le=180), TERMS["longitude"]]
# UNTP has an integer, W3C a string of digits; we write the integer and read both.
StatusIndex = Annotated[int, Field(ge=0)] | Annotated[str, Field(pattern="^(0|[1-9][0-9]*)$")]


class Measure(ClosedValue):
    """A number with its unit (UN/CEFACT Recommendation 20 code)."""

    value: Number
    upper_tolerance: Number | None = None
    lower_tolerance: Number | None = None
    unit: Unit


class Link(ClosedValue):
    """A document elsewhere, with a digest of it where the linking party wants it fixed."""

    link_url: Uri = Field(alias="linkURL")
    link_name: Text
    digest_multibase: Digest | None = None
    media_type: MediaType | None = None
    link_type: Text | None = None


class Score(ClosedValue):
    """A grade in somebody's scoring framework."""

    code: Text
    rank: Whole | None = None
    definition: Text | None = None


class Classification(ClosedValue):
    """A code in a named classification scheme."""

    code: Text
    name: Name
    definition: Text | None = None
    scheme_id: Uri
    scheme_name: Text


class Country(ClosedValue):
    """A country by its ISO 3166 code."""

    country_code: CountryCode
    country_name: Text | None = None


class Address(ClosedValue):
    """A postal address."""

    street_address: SchemaText
    postal_code: SchemaText
    address_locality: SchemaText
    address_region: SchemaText
    address_country: Country


class Image(ClosedValue):
    """A picture carried inside the credential."""

    name: Name
    description: Name | None = None
    image_data: Picture
    media_type: MediaType


class Period(ClosedValue):
    """From one day to another, both included."""

    start_date: Day
    end_date: Day
    period_information: Text | None = None


class Coordinate(ClosedValue):
    """A point, WGS 84. Exact points of fields are never public by default."""

    latitude: Latitude
    longitude: Longitude


class Location(UntpModel):
    """Where a facility is: an area code, a point or an outline."""

    plus_code: Uri | None = None
    geo_location: Coordinate | None = None
    geo_boundary: list[Coordinate] | None = None


class Dimension(UntpModel):
    """Size and weight of one unit."""

    weight: Measure | None = None
    length: Measure | None = None
    width: Measure | None = None
    height: Measure | None = None
    volume: Measure | None = None


class Characteristics(UntpModel):
    """Whatever an industry says about its products: the one place where UNTP names no member at all."""

    free: ClassVar[bool] = True
    own_vocabulary: ClassVar[bool] = True


class IdentifierScheme(Entity):
    """The register or scheme that an identifier belongs to."""

    closed: ClassVar[bool] = True
    own_vocabulary: ClassVar[bool] = False

    id: Uri
    name: Name


class ConformityTopic(Entity):
    """A subject of conformity in UNTP's own list of topics."""

    closed: ClassVar[bool] = True
    own_vocabulary: ClassVar[bool] = False

    id: Uri
    name: Name
    definition: Text | None = None


class PerformanceMetric(Entity):
    """What is measured: water per kilogram, a share of recycled matter."""

    own_vocabulary: ClassVar[bool] = False

    id: Uri
    name: Name
    description: Name | None = None
    improvement_direction: Annotated[str, Term(vocabulary=f"{UNTP}ImprovementIndicator#")] | None = None
    aggregation_method: Annotated[str, Term(vocabulary=f"{UNTP}AggregationType#")] | None = None
    allowed_unit: list[Unit] | None = None


class Performance(ClosedValue):
    """A result: metric with measure, or a score."""

    metric: PerformanceMetric | None = None
    measure: Measure | None = None
    score: Score | None = None

    @model_validator(mode="after")
    def _measure_needs_its_metric(self) -> "Performance":
        if self.measure is not None and self.metric is None:
            raise PydanticCustomError("measure_without_metric", "a measure needs the metric that it measures")
        return self


class ScoringFramework(UntpModel):
    """A list of scores with their meaning."""

    name: Name
    description: Name | None = None
    score: list[Score] | None = None


class BitstringStatusListEntry(ClosedValue):
    """Where the status of a credential is kept: one bit in a published list."""

    type: Literal["BitstringStatusListEntry"]
    id: Uri | None = None
    status_purpose: Literal["refresh", "revocation", "suspension", "message"]
    status_list_index: StatusIndex
    status_list_credential: Uri


class SoftwareVendor(ClosedValue):
    """Who makes the issuing software."""

    own_vocabulary: ClassVar[bool] = True

    id: Uri
    name: Name


class IssuingSoftware(ClosedValue):
    """The software that issued a credential."""

    own_vocabulary: ClassVar[bool] = True

    id: Uri
    name: Name
    version: Text
    vendor: SoftwareVendor


class RenderTemplate2024(Entity):
    """A template that renders a credential for people."""

    closed: ClassVar[bool] = True
    own_vocabulary: ClassVar[bool] = False

    name: str | None = None
    media_query: Text | None = None
    template: Text | None = None
    url: Uri | None = None
    media_type: MediaType | None = None
    digest_multibase: Digest | None = None
