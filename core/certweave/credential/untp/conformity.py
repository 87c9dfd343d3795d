"""UNTP 0.7.0 conformity: attestation, assessments, schemes and profiles.

https://untp.unece.org/docs/0.7.0/specification/ConformityCredential. Scheme and profile are also the shape
of the catalogue (``credential.catalogue``).
"""

from typing import Annotated, Literal

from pydantic import Field

from certweave.credential.untp.base import Day, Entity, Flag, Name, Text, UntpModel, Uri
from certweave.credential.untp.credential import UntpCredential
from certweave.credential.untp.names import UNTP
from certweave.credential.untp.parties import (
    Criterion,
    FacilityReference,
    Party,
    ProductReference,
    Regulation,
    Standard,
    Status,
)
from certweave.credential.untp.term import Term
from certweave.credential.untp.values import (
    Classification,
    ConformityTopic,
    Image,
    Link,
    Performance,
    Score,
    ScoringFramework,
)

AssessorLevel = Annotated[
    Literal["self", "commercial", "buyer", "membership", "unspecified", "3rdParty", "hybrid"],
    Term(vocabulary=f"{UNTP}AssessorLevel#"),
]
AssessmentLevel = Annotated[
    Literal[
        "authority-benchmark",
        "authority-mandate",
        "authority-globalmra",
        "authority-peer",
        "authority-extended-mra",
        "scheme-self",
        "scheme-cab",
        "no-endorsement",
    ],
    Term(vocabulary=f"{UNTP}AssessmentLevel#"),
]
AttestationType = Annotated[
    Literal[
        "certification", "declaration", "inspection", "testing", "verification", "validation", "calibration"
    ],
    Term(vocabulary=f"{UNTP}AttestationType#"),
]
AlignmentLevel = Annotated[str, Term(vocabulary=f"{UNTP}SchemeAlignmentLevel#")]


class Endorsement(UntpModel):
    """An authority's word for a body or scheme, with the evidence of it."""

    name: Name
    trustmark: Image | None = None
    issuing_authority: Party
    endorsement_evidence: Link | None = None


class StandardAlignment(UntpModel):
    """How far a profile covers a standard."""

    standard: Standard
    alignment_level: AlignmentLevel


class RegulatoryAlignment(UntpModel):
    """How far a profile covers a regulation."""

    regulation: Regulation
    alignment_level: AlignmentLevel


class ConformityProfile(Entity):
    """A set of criteria for one purpose, in one version."""

    id: Uri
    name: Name
    description: Name | None = None
    version: Text | None = None
    valid_from: Day | None = None
    status: Status | None = None
    subject_type: Annotated[str, Term(vocabulary=f"{UNTP}AssessmentSubjectType#")] | None = None
    standard_alignment: list[StandardAlignment] | None = None
    regulatory_alignment: list[RegulatoryAlignment] | None = None
    criterion_scoring_framework: ScoringFramework | None = None
    documentation: Uri | None = None
    criterion: list[Criterion] | None = None
    scope: list[Classification] | None = None
    scheme: "ConformityScheme | None" = None


class ConformityScheme(Entity):
    """A certification scheme and its owner."""

    id: Uri
    name: Name
    description: Name | None = None
    owner: Party | None = None
    endorsement_level: Annotated[str, Term(vocabulary=f"{UNTP}SchemeEndorsementLevel#")] | None = None
    endorsement: list[Endorsement] | None = None
    scheme_scoring_framework: ScoringFramework | None = None
    documentation: Uri | None = None
    license_type: Annotated[str, Term(vocabulary=f"{UNTP}LicenseType#")] | None = None
    established_date: Day | None = None
    geographic_scope: list[Classification] | None = None
    industry_scope: list[Classification] | None = None
    trustmark: Image | None = None
    conforms_to: list[Link] | None = None
    included_profile: list[ConformityProfile] | None = None


class ProductVerification(UntpModel):
    """A product that was assessed, and whether the assessor made sure of its identity."""

    product: ProductReference
    id_verified_by_cab: Flag | None = Field(default=None, alias="idVerifiedByCAB")


class FacilityVerification(UntpModel):
    """A facility that was assessed, and whether the assessor made sure of its identity."""

    facility: FacilityReference
    id_verified_by_cab: Flag | None = Field(default=None, alias="idVerifiedByCAB")


class ConformityAssessment(Entity):
    """One assessment: what was held against which criteria, when, with which result."""

    id: Uri
    name: Name
    description: Name | None = None
    assessment_criteria: list[Criterion]
    assessment_date: Day
    assessed_performance: list[Performance]
    assessed_product: list[ProductVerification] | None = None
    assessed_facility: list[FacilityVerification] | None = None
    assessed_organisation: Party | None = None
    reference_standard: list[Standard] | None = None
    reference_regulation: list[Regulation] | None = None
    specified_condition: list[Text] | None = None
    evidence: list[Link] | None = None
    conformity_topic: list[ConformityTopic]
    conformance: Flag | None = None


class ConformityAttestation(Entity):
    """The certificate itself: who is certified, under which scheme, on which assessments."""

    id: Uri
    name: Name
    description: Name | None = None
    assessor_level: AssessorLevel
    assessment_level: AssessmentLevel
    attestation_type: AttestationType
    issued_to_party: Party
    authorisation: list[Endorsement] | None = None
    reference_scheme: ConformityScheme
    reference_profile: ConformityProfile | None = None
    profile_score: Score | None = None
    conformity_certificate: Link | None = None
    auditable_evidence: Link | None = None
    trustmark: Image | None = None
    conformity_assessment: list[ConformityAssessment] | None = None


class DigitalConformityCredential(UntpCredential):
    """A certificate, test report or other attestation of conformity."""

    credential_subject: ConformityAttestation
