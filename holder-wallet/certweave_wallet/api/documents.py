"""Routes of documents: listing, keeping, looking again, publishing; and what everybody may read."""

from typing import Annotated, Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.errors import CertweaveError, MalformedError
from certweave.exchange.vci_metadata import SD_JWT_VC
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import either
from certweave_edge.bodies import NoBody, media_type, takes
from certweave_edge.kit import kit_of, outbound
from certweave_edge.negotiate import choose, wants_html
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.web import public_bytes
from certweave_wallet.here import done, find_member, need_text, read_body, wallet_of
from certweave_wallet.ports import Holding
from certweave_wallet.service.presenting import can_withhold, shown_object
from certweave_wallet.service.reading import FORMATS, media_type_of, secured_bytes
from certweave_wallet.service.views import document_json, holding_json
from certweave_wallet.show.document import certificate_page
from certweave_wallet.show.lists import documents_page

router = APIRouter(tags=["documents"])

HTML: Final = "text/html"
_MAX_AGE: Final = 60
"""A document that is no longer published must be gone soon."""
_BARE: Final = frozenset(media_type_of(form) for form in FORMATS.values())


@router.get("/orgs/{org}/credentials", summary="The documents of a wallet")
async def documents(request: Request, org: str, who: Annotated[Principal, either(Scope.READ)]) -> Response:
    """Return a line about each, newest first; ``?kind=`` and ``?verdict=`` narrow the list."""
    if wants_html(request):
        return kit_of(request).pages.redirect(request, f"/orgs/{org}/")
    asked = request.query_params
    lines = [holding_json(one) for one in wallet_of(request).documents.all(who.org)]
    wanted = {name: asked[name] for name in ("kind", "verdict", "origin", "standing") if name in asked}
    found = [line for line in lines if all(line[name] == value for name, value in wanted.items())]
    return JSONResponse({"credentials": found})


@router.post("/orgs/{org}/credentials", summary="Keep a document", status_code=201, openapi_extra=takes())
async def keep(request: Request, org: str, who: Annotated[Principal, either(Scope.ISSUE)]) -> Response:
    """Examine and keep ``{verifiableCredential}``, a compact token or an object; or the bare bytes of one.

    A body is bare where its content type is that of a credential: ``application/vc+cose``, for one.
    """
    wallet = wallet_of(request)
    bare = media_type(request) in _BARE
    given = (await request.body()) if bare else (await read_body(request)).get("verifiableCredential")
    try:
        content = given if isinstance(given, bytes) else _secured(given)
        kept = await outbound(request, lambda: wallet.documents.keep(who.org, content, actor=who.actor))
    except CertweaveError as error:
        if not wants_html(request):
            raise
        return documents_page(request, who, pasted=given if isinstance(given, str) else "", error=error)
    return done(request, _path(kept), holding_json(kept), status=201)


@router.get("/orgs/{org}/credentials/{credential_id}", summary="One document")
async def document(request: Request, org: str, credential_id: str) -> Response:
    """Return a published document by Accept; its holder also gets what the wallet knows of it.

    ``application/vc+jwt`` (or the media type of another form) is the exact bytes that were signed;
    ``application/json`` the enveloped object; ``text/html`` a page. Everybody gets an SD-JWT without its
    disclosures, its holder with all. With ``?view=wallet``, the holder gets the report and history.
    """
    documents = wallet_of(request).documents
    member = await find_member(request, org)
    if member is None:
        holding = documents.find_public(org, credential_id)
    else:
        holding = documents.find(org, credential_id)
    exact = media_type_of(holding.form)
    others = () if holding.form == SD_JWT_VC else ("application/vc", "application/json")
    offers = list(dict.fromkeys((exact, *others, HTML)))
    form = HTML if wants_html(request) else choose(request.headers.get("accept", ""), offers)
    if form is None:
        detail = f"this document is offered as {', '.join(offers)}"
        raise RefusedError(detail, Refusal.NOT_ACCEPTABLE, code="form_unknown")
    if member is not None and (form == HTML or request.query_params.get("view") == "wallet"):
        history = documents.history(org, credential_id)
        if form == HTML:
            return certificate_page(request, holding, history, member=True)
        return JSONResponse(document_json(holding, history, wallet_of(request).tools))
    if form == HTML:
        return certificate_page(request, holding, (), member=False)
    content = holding.content
    if form != exact:
        content = secured_bytes(shown_object(holding, wallet_of(request).tools) or {})
    headers = _links(request, holding)
    if not holding.published or (member is not None and can_withhold(holding, wallet_of(request).tools)):
        return Response(content, media_type=form, headers={**headers, "Cache-Control": "no-store"})
    return public_bytes(request, content, form, max_age=_MAX_AGE, headers=headers)


@router.get("/orgs/{org}/credentials/{credential_id}/receipt", summary="The ledger's receipt")
async def receipt(request: Request, org: str, credential_id: str) -> Response:
    """Return when the ledger saw a document (``application/jwt``)."""
    documents = wallet_of(request).documents
    member = await find_member(request, org)
    find = documents.find_public if member is None else documents.find
    found = find(org, credential_id).receipt
    if found is None:
        raise RefusedError("there is no receipt yet", Refusal.NOT_FOUND, code="receipt_missing")
    return public_bytes(request, found.encode(), "application/jwt", max_age=_MAX_AGE)


@router.post("/orgs/{org}/credentials/{credential_id}/receipt", summary="Ask the ledger again")
async def ask_receipt(
    request: Request,
    org: str,
    credential_id: str,
    who: Annotated[Principal, either(Scope.ISSUE)],
    _: NoBody,
) -> Response:
    """Ask for the receipt of an own document that has none."""
    documents = wallet_of(request).documents
    holding = documents.find(who.org, credential_id)
    dated = await outbound(request, lambda: documents.ensure_receipt(holding))
    return done(request, _path(dated), holding_json(dated))


@router.post("/orgs/{org}/credentials/{credential_id}/look", summary="Examine a document again")
async def look(
    request: Request,
    org: str,
    credential_id: str,
    who: Annotated[Principal, either(Scope.READ)],
    _: NoBody,
) -> Response:
    """Examine a document now and keep the verdict."""
    documents = wallet_of(request).documents
    seen = await outbound(request, lambda: documents.look(who.org, credential_id))
    return done(request, _path(seen), document_json(seen, (), wallet_of(request).tools))


@router.post("/orgs/{org}/credentials/{credential_id}/publish", summary="Show a document to everybody")
def publish(
    request: Request,
    org: str,
    credential_id: str,
    who: Annotated[Principal, either(Scope.ISSUE)],
    _: NoBody,
) -> Response:
    """Publish a document."""
    shown = wallet_of(request).documents.publish(who.org, credential_id, True, actor=who.actor)
    return done(request, _path(shown), holding_json(shown))


@router.post("/orgs/{org}/credentials/{credential_id}/unpublish", summary="Show it to everybody no longer")
def unpublish(
    request: Request,
    org: str,
    credential_id: str,
    who: Annotated[Principal, either(Scope.ISSUE)],
    _: NoBody,
) -> Response:
    """Take a document back from the public."""
    hidden = wallet_of(request).documents.publish(who.org, credential_id, False, actor=who.actor)
    return done(request, _path(hidden), holding_json(hidden))


@router.post(
    "/orgs/{org}/credentials/{credential_id}/withdraw",
    summary="Withdraw an own document",
    openapi_extra=takes(),
)
async def withdraw(
    request: Request, org: str, credential_id: str, who: Annotated[Principal, either(Scope.STATUS)]
) -> Response:
    """Withdraw an own document for good: ``{reason}``, and from a form the number typed as well."""
    body = await read_body(request)
    reason = need_text(body, "reason")
    wallet = wallet_of(request)
    if wants_html(request) and body.get("number") != credential_id:
        error = MalformedError("the number typed is another one", code="number_mistyped", path="/number")
        history = wallet.documents.history(who.org, credential_id)
        holding = wallet.documents.find(who.org, credential_id)
        return certificate_page(request, holding, history, member=True, error=error)
    issuing = wallet.issuing
    ended = await outbound(
        request, lambda: issuing.withdraw(who.org, credential_id, reason=reason, actor=who.actor)
    )
    return done(request, _path(ended), holding_json(ended))


def _secured(given: object) -> bytes:
    if not isinstance(given, str | dict) or not given:
        detail = "verifiableCredential is a compact token or an object"
        raise MalformedError(detail, code="body_malformed", path="/verifiableCredential")
    return secured_bytes(given)


def _path(holding: Holding) -> str:
    return f"/orgs/{holding.org}/credentials/{holding.credential_id}"


def _links(request: Request, holding: Holding) -> dict[str, str]:
    if holding.receipt is None:
        return {"Vary": "Accept"}
    address = wallet_of(request).tools.address(f"{_path(holding)}/receipt")
    return {"Vary": "Accept", "Link": f'<{address}>; rel="describedby"; type="application/jwt"'}
