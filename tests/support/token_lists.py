"""Token status lists in both their forms, published by an issuer of the world, and tokens that name one."""

from datetime import timedelta
from typing import Any, Final

from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import Signer
from certweave.proof.vc_cose import sign_credential_cose
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.status.token_list import make_statuses, set_status, sign_token_list
from certweave.status.token_list_cwt import sign_token_list_cwt
from tests.support.selective import ietf, w3c
from tests.support.world import Party, plain_credential

FORMS: Final = ("jwt", "cwt")
LIST: Final = "https://certs.example/issuer/tokens/1"


def place(index: int = 0, url: str = LIST) -> JsonObject:
    """Return the claim ``status`` of a token."""
    return {"status_list": {"idx": index, "uri": url}}


def publish(
    issuer: Party, status: int = 0, *, form: str = "jwt", by: Signer | None = None, **more: Any
) -> bytes:
    """Publish a list with one status at its first place; return it."""
    data = make_statuses(100, 8)
    set_status(data, 0, status, 8)
    now = issuer.world.clock
    arguments = {"data": data, "bits": 8, "issued_at": now, "expires": now + timedelta(days=7), **more}
    signer = by or issuer.signer
    made = (
        sign_token_list(LIST, signer, **arguments).encode()
        if form == "jwt"
        else sign_token_list_cwt(LIST, signer, **arguments)
    )
    issuer.world.documents[LIST] = made
    return made


def sd_jwt_vc(issuer: Party, status: JsonObject | None = None) -> bytes:
    """Return an SD-JWT VC that names the list, or says something else as its ``status``."""
    return ietf(issuer, status=status or place()).encode()


def vc_cose(issuer: Party, **more: Any) -> bytes:
    """Return a credential as ``vc+cose`` that names the list."""
    document = plain_credential(issuer, **more)
    return sign_credential_cose(document, issuer.signer, issued_at=issuer.world.clock, status=place())


def vc_jwt(issuer: Party, **more: Any) -> bytes:
    """Return a credential as ``vc+jwt`` that names the list."""
    document = plain_credential(issuer, status=place(), **more)
    return sign_credential_jwt(document, issuer.signer, issued_at=issuer.world.clock).encode()


def tokens(issuer: Party, form: str) -> list[bytes]:
    """Return what may name a list of this form; that of an SD-JWT VC is a JWT."""
    last = sd_jwt_vc(issuer) if form == "jwt" else vc_cose(issuer)
    return [vc_jwt(issuer), w3c(issuer, status=place()).encode(), last]
