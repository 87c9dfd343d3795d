"""Our extension types: what a transaction certificate and its kin say beyond UNTP's attestation.

Our own vocabulary, https://certweave.example/ns/v1#; see docs/reference/credential-types.md. Each is one
member of the ConformityAttestation of a DigitalConformityCredential that names the type first. The rules here
look at one certificate alone: balance over several certificates is the product examination's.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from certweave.credential.extension_values import (
    MASS_BALANCE_SLACK,
    Count,
    DrawnInput,
    ExtensionValue,
    Filled,
    LanguageMap,
    MaterialShare,
    Process,
    ProductReferenceValue,
    Reference,
    Region,
    Share,
    Shipment,
    Weight,
    check_distinct,
    check_order,
    check_shares,
)
from certweave.credential.untp.base import Day, Flag, Number
from certweave.credential.untp.parties import FacilityReference, Party
from certweave.credential.untp.term import Term

Code = Term(datatype="xsd:string")
Processes = Annotated[list[Annotated[Process, Code]], Field(min_length=1)]
References = Annotated[list[Reference], Field(min_length=1)]


class ExtensionPart(ExtensionValue):
    """What all extension parts share.

    Attributes:
        type_name: the credential type that announces the part.
        member: the member of the attestation that holds it.
    """

    type_name: ClassVar[str] = ""
    member: ClassVar[str] = ""


class ProductLine(ExtensionValue):
    """A line of a transaction certificate: a product with its weights."""

    line: Count
    product: ProductReferenceValue
    product_class: Filled | None = None
    label_grade: Filled | None = None
    composition: list[MaterialShare] | None = None
    document_number: Filled | None = None
    net_weight: Weight
    certified_weight: Weight

    @model_validator(mode="after")
    def _certifies_no_more_than_there_is(self) -> "ProductLine":
        check_shares(self.composition)
        if self.certified_weight.kilograms > self.net_weight.kilograms + MASS_BALANCE_SLACK:
            raise PydanticCustomError("certified_weight", "certifies more than the net weight")
        return self


class TransactionCertificate(ExtensionPart):
    """Goods sold as certified: by whom, to whom, how much, out of which earlier certificates.

    It speaks for the shipment dates that it lists, not for the day on which it is issued.
    """

    type_name: ClassVar[str] = "TransactionCertificate"
    member: ClassVar[str] = "transaction"

    seller: Party
    buyer: Party
    ship_to: FacilityReference | None = None
    shipments: list[Shipment] = Field(min_length=1)
    product_lines: list[ProductLine] = Field(min_length=1)
    inputs: list[DrawnInput] | None = None
    conversion_factor: Annotated[Number, Field(gt=0)] | None = None
    loss_factor: Annotated[Number, Field(ge=0, lt=1)] | None = None

    @model_validator(mode="after")
    def _agrees_with_itself(self) -> "TransactionCertificate":
        if self.conversion_factor is not None and self.loss_factor is not None:
            raise PydanticCustomError("factor", "has a conversion factor and a loss factor; one is enough")
        check_distinct([(item.date, item.document_number) for item in self.shipments], "a shipment")
        check_distinct([line.line for line in self.product_lines], "a line number")
        known = {item.document_number for item in self.shipments}
        named = {line.document_number for line in self.product_lines if line.document_number is not None}
        if not named <= known:
            raise PydanticCustomError("document_number", "has a line of a shipment that it does not list")
        return self


class Site(ExtensionValue):
    """A place under a scope certificate, and what is done there."""

    facility: FacilityReference
    role: Annotated[Literal["main", "own", "subcontracted", "separatelyCertified"], Code]
    processes: Processes
    certificate: Reference | None = None


class ProductClass(ExtensionValue):
    """A class of products under a scope certificate, with its composition and label grade."""

    code: Filled
    label: LanguageMap | None = None
    composition: list[MaterialShare] = Field(min_length=1)
    label_grade: Filled

    @model_validator(mode="after")
    def _composition_is_one_whole(self) -> "ProductClass":
        check_shares(self.composition)
        return self


class ScopeCertificate(ExtensionPart):
    """What an operator is certified for: sites, processes there, product classes; one or more schemes."""

    type_name: ClassVar[str] = "ScopeCertificate"
    member: ClassVar[str] = "certificationScope"

    schemes: References
    sites: list[Site] = Field(min_length=1)
    product_classes: list[ProductClass] = Field(min_length=1)

    @model_validator(mode="after")
    def _has_one_main_site(self) -> "ScopeCertificate":
        if sum(site.role == "main" for site in self.sites) != 1:
            raise PydanticCustomError("main_site", "has not exactly one main site")
        check_distinct([site.facility.id for site in self.sites], "a site")
        check_distinct([item.code for item in self.product_classes], "a product class")
        check_distinct(list(self.schemes), "a scheme")
        return self


class InventoryConformance(ExtensionPart):
    """How much of a chemical inventory is on a list of what may be used."""

    type_name: ClassVar[str] = "InventoryConformance"
    member: ClassVar[str] = "inventoryConformance"

    facility: FacilityReference
    list_id: Reference
    list_version: Filled
    period_start: Day
    period_end: Day
    formulations_total: Count
    formulations_conformant: Annotated[int, Field(ge=0), Term(datatype="xsd:integer")]
    share_by_mass: Share | None = None

    @model_validator(mode="after")
    def _counts_and_dates_agree(self) -> "InventoryConformance":
        check_order(self.period_start, self.period_end, "the period")
        if self.formulations_conformant > self.formulations_total:
            raise PydanticCustomError("formulations", "counts more conformant formulations than there are")
        return self


class Sample(ExtensionValue):
    """What was taken, of which batch, when and by whom."""

    id: Reference
    of_batch: ProductReferenceValue
    taken_on: Day
    taken_by: Filled | None = None
    seal_number: Filled | None = None

    @model_validator(mode="after")
    def _is_of_a_batch(self) -> "Sample":
        if self.of_batch.batch is None:
            raise PydanticCustomError("batch", "names no batch: a result speaks for one")
        return self


class Analyte(ExtensionValue):
    """One thing that was looked for, and what was found."""

    analyte: Filled
    finding: Annotated[Literal["detected", "notDetected", "quantified"], Code]
    amount: Annotated[Number, Field(ge=0)] | None = None
    amount_unit: Filled | None = None
    detection_limit: Annotated[Number, Field(ge=0)] | None = None

    @model_validator(mode="after")
    def _amount_is_whole(self) -> "Analyte":
        quantified = self.finding == "quantified"
        if quantified != (self.amount is not None) or quantified != (self.amount_unit is not None):
            raise PydanticCustomError(
                "amount", "has an amount and unit where, and only where, it is quantified"
            )
        return self


class LaboratoryResult(ExtensionPart):
    """A test of a sample of a batch: environmental DNA, isotopes, a marker, residues."""

    type_name: ClassVar[str] = "LaboratoryResult"
    member: ClassVar[str] = "laboratoryResult"

    laboratory: Party
    method: Annotated[Literal["eDNA", "isotope", "marker", "gmo", "residue", "fibre"], Code]
    method_standard: Filled | None = None
    sample: Sample
    received_on: Day
    tested_on: Day
    analytes: list[Analyte] = Field(min_length=1)
    outcome: Annotated[Literal["pass", "fail", "inconclusive"], Code]
    remark: LanguageMap | None = None

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> "LaboratoryResult":
        check_order(self.sample.taken_on, self.received_on, "the day of receipt")
        check_order(self.received_on, self.tested_on, "the day of the test")
        return self


class Delegation(ExtensionPart):
    """Who may act for whom, in what, until when: a co-operative for a farmer without a phone."""

    type_name: ClassVar[str] = "Delegation"
    member: ClassVar[str] = "delegation"

    principal: Party
    delegate: Party
    actions: Annotated[
        list[
            Annotated[Literal["hold", "present", "requestCertificate", "declareProduct", "recordEvent"], Code]
        ],
        Field(min_length=1),
    ]
    schemes: References | None = None
    facilities: References | None = None
    start_date: Day
    end_date: Day
    may_delegate: Flag | None = None

    @model_validator(mode="after")
    def _is_bounded(self) -> "Delegation":
        check_order(self.start_date, self.end_date, "the period")
        check_distinct(list(self.actions), "an action")
        if self.principal.id == self.delegate.id:
            raise PydanticCustomError("delegation", "lets somebody act for themselves")
        return self


class LabelRelease(ExtensionPart):
    """The scheme's leave to label one product, in one grade, under one licence number."""

    type_name: ClassVar[str] = "LabelRelease"
    member: ClassVar[str] = "labelRelease"

    product: ProductReferenceValue
    label_grade: Filled
    licence_number: Filled
    claim_text: LanguageMap
    certificate: Reference | None = None
    release_date: Day
    expiry_of_release: Day | None = None

    @model_validator(mode="after")
    def _dates_are_in_order(self) -> "LabelRelease":
        check_order(self.release_date, self.expiry_of_release, "the expiry")
        return self


class IssuerApproval(ExtensionPart):
    """What a body may certify: a scheme owner's approval, or an accreditation."""

    type_name: ClassVar[str] = "IssuerApproval"
    member: ClassVar[str] = "issuerApproval"

    kind: Annotated[Literal["schemeOwnerApproval", "accreditation"], Code]
    schemes: References
    processes: Processes
    product_classes: Annotated[list[Filled], Field(min_length=1)] | None = None
    regions: Annotated[list[Region], Field(min_length=1)] | None = None
    start_date: Day
    end_date: Day

    @model_validator(mode="after")
    def _is_bounded(self) -> "IssuerApproval":
        check_order(self.start_date, self.end_date, "the period")
        for values, what in ((self.schemes, "a scheme"), (self.processes, "a process")):
            check_distinct(list(values), what)
        return self


PARTS: dict[str, type[ExtensionPart]] = {
    part.type_name: part
    for part in (
        TransactionCertificate,
        ScopeCertificate,
        InventoryConformance,
        LaboratoryResult,
        Delegation,
        LabelRelease,
        IssuerApproval,
    )
}
"""The extension parts by the credential type that announces them."""
