"""Step ``model``: the data model that a credential claims to follow, W3C's or that of SD-JWT VC."""

from certweave.credential.vcdm import check_credential
from certweave.encoding.strict_json import JsonObject
from certweave.examine.reading import Form, Reading
from certweave.examine.securing import Verified
from certweave.proof.vc_jwt import check_envelope

SD_JWT_VC = "sdJwtVc"
"""The member that holds the claims of an SD-JWT VC in what a report gives as its document."""
TYPE = "SdJwtVc"


def check_model(reading: Reading) -> str:
    """Check the rules of the data model; return its name.

    Raises:
        InvalidError, MalformedError: a rule is broken; ``path`` names the place.
    """
    if reading.form is Form.SD_JWT_VC and reading.processed is not None:
        from certweave.proof.sd_jwt.sd_jwt_vc import check_sd_jwt_vc

        check_sd_jwt_vc(reading.processed)
        return f"SD-JWT VC of the type {reading.payload['vct'][:200]}"
    version = check_credential(reading.document)
    if reading.envelope is not None:
        check_envelope(reading.envelope)
    return f"Verifiable Credentials Data Model {version}"


def report_document(verified: Verified) -> JsonObject:
    """Return the document that a report hands on.

    The claims of an SD-JWT VC are put into a member of their own: nobody shall take them, which no rule of
    W3C or UNTP was applied to, for those of a W3C credential.
    """
    if verified.reading.form is Form.SD_JWT_VC:
        return {"type": [TYPE], "issuer": verified.speaker, SD_JWT_VC: verified.document}
    return verified.document
