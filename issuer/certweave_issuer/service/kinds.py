"""The kinds of certificates that are issued here, and how each is assessed (docs/reference/issuer.md).

Levels are UNTP 0.7.0's codes, https://untp.unece.org/docs/0.7.0/specification/ConformityCredential.
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from certweave.credential.extension_parts import PARTS
from certweave_edge.i18n import mark

ANCHOR: Final = "DigitalIdentityAnchor"
CONFORMITY: Final = "DigitalConformityCredential"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of certificate.

    Attributes:
        words: what people call it; translated where it is shown.
        member: the member of ``data`` that holds what is special about it; empty where nothing is.
        purpose: of its bit in a status list: certificates can be suspended, statements only revoked.
    """

    name: str
    type_name: str
    words: str
    attestation_type: str = "certification"
    assessor_level: str = "3rdParty"
    assessment_level: str = "scheme-cab"
    purpose: str = "suspension"

    @property
    def member(self) -> str:
        """The member of ``data`` for what is special about this kind."""
        if self.type_name == ANCHOR:
            return "identity"
        return PARTS[self.type_name].member if self.type_name in PARTS else ""


KINDS: Final = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            Kind("scope", "ScopeCertificate", mark("Scope certificate")),
            Kind("transaction", "TransactionCertificate", mark("Transaction certificate")),
            Kind("inventory", "InventoryConformance", mark("Inventory conformance"), "verification"),
            Kind("laboratory", "LaboratoryResult", mark("Laboratory result"), "testing"),
            Kind("label", "LabelRelease", mark("Label release"), assessment_level="scheme-self"),
            Kind(
                "delegation",
                "Delegation",
                mark("Delegation"),
                "declaration",
                assessor_level="self",
                assessment_level="no-endorsement",
            ),
            Kind("approval", "IssuerApproval", mark("Approval of an issuer"), assessment_level="scheme-self"),
            Kind("identity", ANCHOR, mark("Identity anchor")),
            Kind("conformity", CONFORMITY, mark("Certificate of conformity")),
        )
    }
)
"""By their names in the API."""

VC_API: Final = "vc-api"
"""The kind of what came ready-made through VC-API."""


def kind_words(name: str) -> str:
    """Return what people call a kind, in English, to be translated."""
    return KINDS[name].words if name in KINDS else mark("Credential")
