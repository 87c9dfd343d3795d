"""Routes of an organisation's own identity, the same in every service that has some: see, rotate, link.

A service includes ``router`` and keeps its ``Identities`` at ``app.state.identities``. One that signs
documents keeps at ``app.state.settle_receipts`` what fetches the ledger's outstanding receipts of an
organisation and returns how many are still missing.
"""

from collections.abc import Callable
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query
from pydantic import BaseModel, ConfigDict
from starlette.requests import Request

from certweave.errors import MalformedError
from certweave.trust.policy import is_web_address
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import require
from certweave_edge.bodies import NoBody
from certweave_edge.identity import Identities
from certweave_edge.identity_store import Identity
from certweave_edge.kit import outbound
from certweave_edge.refused import Refusal, RefusedError

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
    request: Request,
    org: str,
    who: Annotated[Principal, require(Scope.KEYS)],
    _: NoBody,
    undated: Annotated[Literal["refuse", "accept"], Query()] = "refuse",
) -> dict[str, Any]:
    """Replace the keys for signing and for logging in; what was dated by the ledger stays valid.

    What was not dated yet would be undecided for good, so it is dated first. Where the ledger is silent the
    keys stay, unless ``undated=accept`` says that they must go now: they were stolen, for instance.
    """
    identities = _identities(request)
    settle: Callable[[str], int] | None = getattr(request.app.state, "settle_receipts", None)

    def change() -> Identity:
        missing = settle(org) if settle is not None else 0
        if missing and undated == "refuse":
            detail = (
                f"{missing} signed documents have no receipt of the ledger yet; try again when it answers"
            )
            raise RefusedError(detail, Refusal.CONFLICT, code="receipts_missing")
        return identities.rotate_identity(org)

    return _answer(await outbound(request, change))


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
