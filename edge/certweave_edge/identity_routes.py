"""Routes of an organisation's own identity, the same in every service that has some: see, rotate, link.

A service includes ``router`` and keeps its ``Identities`` at ``app.state.identities``.
"""

from typing import Annotated, Any

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from certweave.errors import MalformedError
from certweave.trust.policy import is_web_address
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import require
from certweave_edge.identity import Identities
from certweave_edge.identity_store import Identity
from certweave_edge.kit import outbound

router = APIRouter(tags=["identity"])


class Anchor(BaseModel):
    """Where the register's credential about this organisation lies."""

    model_config = ConfigDict(extra="forbid", strict=True)

    url: str


@router.get("/orgs/{org}/identity", summary="The organisation's DID")
def show(request: Request, org: str, who: Annotated[Principal, require(Scope.READ)]) -> dict[str, Any]:
    """Return the DID and the keys in force."""
    return _answer(_identities(request).identity(org))


@router.post("/orgs/{org}/identity/rotate", summary="Change the keys")
async def rotate(
    request: Request, org: str, who: Annotated[Principal, require(Scope.KEYS)]
) -> dict[str, Any]:
    """Replace the keys for signing and for logging in; what was dated by the ledger stays valid."""
    identities = _identities(request)
    return _answer(await outbound(request, lambda: identities.rotate_identity(org)))


@router.post("/orgs/{org}/identity/anchors", summary="Link the entry of a register")
async def link(
    request: Request, org: str, body: Anchor, who: Annotated[Principal, require(Scope.KEYS)]
) -> dict[str, Any]:
    """Link a register's credential from the DID document; a later one takes its place."""
    if not is_web_address(body.url):
        raise MalformedError("url is a web address", code="body_malformed", path="/url")
    service = {"id": "#identity-anchor", "type": "IdentityAnchor", "serviceEndpoint": body.url}
    identities = _identities(request)
    return _answer(await outbound(request, lambda: identities.add_services(org, [service])))


def _identities(request: Request) -> Identities:
    found = request.app.state.identities
    if not isinstance(found, Identities):
        raise TypeError("this app has no identities")
    return found


def _answer(found: Identity) -> dict[str, Any]:
    return {
        "did": found.did,
        "assertionMethod": f"{found.did}#{found.assertion_key}",
        "authentication": f"{found.did}#{found.authentication_key}",
    }
