"""Our extension types: what a transaction certificate and its kin say beyond UNTP's attestation.

Our own vocabulary, https://certweave.example/ns/v1#; see docs/reference/credential-types.md. Each is one
member of the ConformityAttestation of a DigitalConformityCredential that names the type first. What members
mean to each other is in ``extension_rules``.
"""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from certweave.credential.extension_values import (
    Count,
    DrawnInput,
    ExtensionValue,
    Filled,
    LanguageMap,
    Loss,
    MaterialShare,
    NotNegative,
    Positive,
    Process,
    ProductReferenceValue,
    Reference,
    Region,
    Share,
    Shipment,
    Tally,
    Weight,
)
from certweave.credential.untp.base import Day, Flag
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


class TransactionCertificate(ExtensionPart):
    """Goods sold as certified: by whom, to whom, how much, out of which earlier certificates.

    It speaks for the shipment dates that it lists, not for the day on which it is issued.
    """

    type_name: ClassVar[str] = "TransactionCertificate"
    member: ClassVar[str] = "transaction"

    seller: Party
    buyer: Party
    ship_to: FacilityReference | None = None
    shipments: Annotated[list[Shipment], Field(min_length=1)]
    product_lines: Annotated[list[ProductLine], Field(min_length=1)]
    inputs: list[DrawnInput] | None = None
    conversion_factor: Positive | None = None
    loss_factor: Loss | None = None


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
    composition: Annotated[list[MaterialShare], Field(min_length=1)]
    label_grade: Filled


class ScopeCertificate(ExtensionPart):
    """What an operator is certified for: sites, processes there, product classes; one or more schemes."""

    type_name: ClassVar[str] = "ScopeCertificate"
    member: ClassVar[str] = "certificationScope"

    schemes: References
    sites: Annotated[list[Site], Field(min_length=1)]
    product_classes: Annotated[list[ProductClass], Field(min_length=1)]


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
    formulations_conformant: Tally
    share_by_mass: Share | None = None


class Sample(ExtensionValue):
    """What was taken, of which batch, when and by whom."""

    id: Reference
    of_batch: ProductReferenceValue
    taken_on: Day
    taken_by: Filled | None = None
    seal_number: Filled | None = None


class Analyte(ExtensionValue):
    """One thing that was looked for, and what was found."""

    analyte: Filled
    finding: Annotated[Literal["detected", "notDetected", "quantified"], Code]
    amount: NotNegative | None = None
    amount_unit: Filled | None = None
    detection_limit: NotNegative | None = None


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
    analytes: Annotated[list[Analyte], Field(min_length=1)]
    outcome: Annotated[Literal["pass", "fail", "inconclusive"], Code]
    remark: LanguageMap | None = None


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
