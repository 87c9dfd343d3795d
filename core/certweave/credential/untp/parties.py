"""UNTP 0.7.0 parties, facilities, products and what is claimed about them.

https://untp.unece.org/docs/0.7.0/specification/. UNTP often asks less of a thing that is only referred to
than of the thing itself; such a reference is a model of its own here, with the same class name and terms.
"""

from typing import Annotated, ClassVar, Literal

from certweave.credential.untp.base import (
    ClosedValue,
    Day,
    Entity,
    Flag,
    Fraction,
    Name,
    Text,
    UntpModel,
    Uri,
)
from certweave.credential.untp.names import UNTP
from certweave.credential.untp.term import Term
from certweave.credential.untp.values import (
    Address,
    Characteristics,
    Classification,
    ConformityTopic,
    Country,
    Dimension,
    IdentifierScheme,
    Image,
    Link,
    Location,
    Measure,
    Performance,
    Period,
)

Granularity = Annotated[Literal["model", "batch", "item"], Term(vocabulary=f"{UNTP}ProductIDGranularity#")]
Role = Annotated[
    Literal[
        "owner",
        "producer",
        "manufacturer",
        "processor",
        "remanufacturer",
        "recycler",
        "operator",
        "serviceProvider",
        "inspector",
        "certifier",
        "logisticsProvider",
        "carrier",
        "consignor",
        "consignee",
        "importer",
        "exporter",
        "distributor",
        "retailer",
        "brandOwner",
        "regulator",
    ],
    Term(vocabulary=f"{UNTP}PartyRole#"),
]
Status = Annotated[str, Term(vocabulary=f"{UNTP}CriterionStatus#")]


class Party(Entity):
    """A person or organisation."""

    id: Uri
    name: Name
    description: Name | None = None
    registered_id: Text | None = None
    id_scheme: IdentifierScheme | None = None
    registration_country: Country | None = None
    party_address: Address | None = None
    organisation_website: Uri | None = None
    industry_category: list[Classification] | None = None
    party_also_known_as: "list[Party] | None" = None


class PartyRole(ClosedValue):
    """A party and what it does here."""

    role: Role
    party: Party


class CredentialIssuer(Entity):
    """Who issues a credential: a DID, a name, and entries in registers."""

    id: Uri
    name: Name
    issuer_also_known_as: list[Party] | None = None


class Standard(Entity):
    """A published standard."""

    id: Uri
    name: Name
    description: Name | None = None
    issuing_party: Party | None = None
    issue_date: Day | None = None


class Regulation(Entity):
    """A law or regulation."""

    id: Uri
    name: Name
    description: Name | None = None
    jurisdiction_country: Country | None = None
    administered_by: Party | None = None
    effective_date: Day | None = None


class Criterion(Entity):
    """One rule of a scheme, in one version."""

    id: Uri
    name: Name
    description: Name | None = None
    version: Text | None = None
    status: Status | None = None
    documentation: Uri | None = None
    conformity_topic: list[ConformityTopic] | None = None
    tag: list[Text] | None = None
    required_performance: list[Performance] | None = None


class Claim(Entity):
    """What somebody says about a product or place, against named criteria."""

    id: Uri
    name: Name
    description: Name | None = None
    reference_criteria: list[Criterion]
    reference_regulation: list[Regulation] | None = None
    reference_standard: list[Standard] | None = None
    claim_date: Day
    applicable_period: Period | None = None
    claimed_performance: list[Performance]
    evidence: list[Link] | None = None
    conformity_topic: list[ConformityTopic]


class Material(UntpModel):
    """A material in a product: its kind, origin and share of the mass."""

    name: Name
    origin_country: Country
    material_type: Classification
    mass_fraction: Fraction
    mass: Measure | None = None
    recycled_mass_fraction: Fraction | None = None
    hazardous: Flag | None = None
    symbol: Image | None = None
    material_safety_information: Link | None = None


class MaterialUsage(ClosedValue):
    """Materials that a facility used in a period."""

    applicable_period: Period | None = None
    material_consumed: list[Material]


class FacilityFacts(Entity):
    """The members that a facility and a reference to one share."""

    untp_name: ClassVar[str | None] = "Facility"

    id: Uri
    name: Name
    description: Name | None = None
    registered_id: Text | None = None
    id_scheme: IdentifierScheme | None = None
    related_party: list[PartyRole] | None = None
    related_document: list[Link] | None = None
    facility_also_known_as: "list[FacilityReference] | None" = None
    material_usage: MaterialUsage | None = None
    performance_claim: list[Claim] | None = None


class FacilityReference(FacilityFacts):
    """A facility that is only referred to."""

    country_of_operation: Country | None = None
    process_category: list[Classification] | None = None
    location_information: Location | None = None
    address: Address | None = None


class Facility(FacilityFacts):
    """A place where something is made or done."""

    country_of_operation: Country
    process_category: list[Classification]
    location_information: Location
    address: Address


class Package(UntpModel):
    """What a product is packed in."""

    description: Name
    dimensions: Dimension
    material_used: list[Material]
    package_label: list[Image] | None = None
    performance_claim: list[Claim] | None = None


class ProductFacts(Entity):
    """The members that a product and a reference to one share."""

    untp_name: ClassVar[str | None] = "Product"

    id: Uri
    name: Name
    description: Name | None = None
    model_number: Text | None = None
    batch_number: Text | None = None
    item_number: Text | None = None
    product_image: Link | None = None
    characteristics: Characteristics | None = None
    related_document: list[Link] | None = None
    related_party: list[PartyRole] | None = None
    production_date: Day | None = None
    expiry_date: Day | None = None
    dimensions: Dimension | None = None
    material_provenance: list[Material] | None = None
    packaging: Package | None = None
    product_label: list[Image] | None = None
    performance_claim: list[Claim] | None = None


class LooseProduct(ProductFacts):
    """A product that is only referred to: whatever it may say beside its id and name."""

    id_scheme: IdentifierScheme | None = None
    product_category: list[Classification] | None = None
    produced_at_facility: FacilityReference | None = None
    country_of_production: Country | None = None


class ProductReference(LooseProduct):
    """A product that an assessment or a sensor refers to."""

    id_granularity: Granularity | None = None


class TracedProduct(LooseProduct):
    """A product in an event: model, batch or item must be told apart."""

    id_granularity: Granularity


class Product(ProductFacts):
    """A product as its passport describes it."""

    id_scheme: IdentifierScheme
    id_granularity: Granularity
    product_category: list[Classification]
    produced_at_facility: FacilityReference
    country_of_production: Country
