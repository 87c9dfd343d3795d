"""SD-JWT VCLD: a W3C credential inside of an SD-JWT VC, for wallets and verifiers that read nothing else.

Follows OpenID for Verifiable Presentations 1.0 appendix B.3.7
(https://openid.net/specs/openid-4-verifiable-presentations-1_0.html): type, issuer, period and status are
claims of the SD-JWT VC, and the claim ``ld`` holds the rest of the document. Signing it is in sd_jwt_vc.py.
What stands in ``ld`` is judged by nobody here: who reads it relies on the rules of the SD-JWT VC around it.
"""

from typing import Final

from certweave.credential.shapes import issuer_id
from certweave.credential.vcdm import validity
from certweave.encoding.strict_json import JsonObject
from certweave.proof.vc_jwt import numeric_date

LD: Final = "ld"
COUNTERPARTS: Final = ("issuer", "validFrom", "validUntil", "credentialStatus")
"""Members of VCDM for which an SD-JWT VC has claims of its own."""


def make_vcld_claims(
    document: JsonObject, *, vct: str, holder: str | None, status: tuple[str, int] | None
) -> JsonObject:
    """Return the claims of an SD-JWT VC that says what a credential of VCDM 2.0 says.

    Args:
        document: the credential, not secured.
        vct: the type that the SD-JWT VC has.
        holder: the claim ``sub``.
        status: address and index in a token status list; what ``credentialStatus`` says is left out.
    """
    since, until = validity(document)
    claims: JsonObject = {"vct": vct, "iss": issuer_id(document)}
    if holder is not None:
        claims["sub"] = holder
    if since is not None:
        claims["nbf"] = numeric_date(since)
    if until is not None:
        claims["exp"] = numeric_date(until)
    if status is not None:
        claims["status"] = {"status_list": {"uri": status[0], "idx": status[1]}}
    return {**claims, LD: {name: value for name, value in document.items() if name not in COUNTERPARTS}}
