"""What the five UNTP 0.7.0 credentials share, beside their subjects.

https://untp.unece.org/docs/0.7.0/specification/. They are in ``credentials``, ``conformity``, ``events``.
"""

from typing import ClassVar

from pydantic import Field

from certweave.credential.untp.base import Moment, Shape, UntpModel, Uri
from certweave.credential.untp.parties import CredentialIssuer
from certweave.credential.untp.values import BitstringStatusListEntry, IssuingSoftware, RenderTemplate2024


class UntpCredential(UntpModel):
    """What all five credentials share."""

    shape: ClassVar[Shape] = "credential"
    own_vocabulary: ClassVar[bool] = True

    context: list[str] = Field(alias="@context", min_length=2)
    type: list[str]
    id: Uri
    issuer: CredentialIssuer
    valid_from: Moment
    valid_until: Moment | None = None
    name: str
    credential_status: BitstringStatusListEntry | None = None
    render_method: list[RenderTemplate2024] | None = None
    issuing_software: IssuingSoftware | None = None
