"""The names by which a UNTP 0.7.0 document is recognised, without the models that read it.

https://untp.unece.org/docs/0.7.0/specification/. Loading the models takes longer than all the rest of a
verification, and most documents never need them.
"""

from typing import Final

UNTP: Final = "https://vocabulary.uncefact.org/untp/"
UNTP_CONTEXT: Final = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
CREDENTIAL_NAMES: Final = (
    "DigitalProductPassport",
    "DigitalConformityCredential",
    "DigitalTraceabilityEvent",
    "DigitalFacilityRecord",
    "DigitalIdentityAnchor",
)
"""The types of ``credential.untp.credentials``, in its order."""
