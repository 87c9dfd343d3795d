"""The pages without a twin for programs: the beginning, the list, the forms, the printed card."""

from typing import Annotated

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import page, visitor
from certweave_edge.kit import kit_of
from certweave_wallet.here import wallet_of
from certweave_wallet.service.issuing import KINDS
from certweave_wallet.show.document import card_page
from certweave_wallet.show.issue import issue_page
from certweave_wallet.show.lists import documents_page

router = APIRouter()


@router.get("/", include_in_schema=False)
async def home(request: Request, who: Annotated[Principal | None, visitor()]) -> Response:
    """Lead members to their documents, and say to everybody what this is."""
    pages = kit_of(request).pages
    if who is not None:
        return pages.redirect(request, f"/orgs/{who.org}/")
    return pages.render(request, "wallet/home.html", {})


@router.get("/orgs/{org}/", include_in_schema=False)
async def documents(request: Request, org: str, who: Annotated[Principal, page(Scope.READ)]) -> Response:
    """List the documents and the offers that wait."""
    return documents_page(request, who)


@router.get("/orgs/{org}/issue", include_in_schema=False)
async def form(request: Request, org: str, who: Annotated[Principal, page(Scope.ISSUE)]) -> Response:
    """Show the form of a kind of document."""
    kind = request.query_params.get("kind", "passport")
    return issue_page(request, who.org, {"kind": kind if kind in KINDS else "passport"}, None)


@router.get("/orgs/{org}/credentials/{credential_id}/card", include_in_schema=False)
async def card(
    request: Request, org: str, credential_id: str, who: Annotated[Principal, page(Scope.READ)]
) -> Response:
    """Show a card to print."""
    return card_page(request, wallet_of(request).documents.find(who.org, credential_id))
