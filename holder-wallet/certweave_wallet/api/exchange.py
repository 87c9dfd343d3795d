"""Routes of offers (OpenID4VCI) and requests (OpenID4VP): look first, then accept, answer or refuse."""

from typing import Annotated

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, MalformedError
from certweave.exchange.vc_api import (
    make_create_response,
    make_derive_response,
    parse_create_presentation,
    parse_derive_request,
)
from certweave.exchange.vp_request import make_request_link
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import either, require
from certweave_edge.bodies import NoBody, read_json, takes
from certweave_edge.kit import kit_of, outbound
from certweave_edge.negotiate import wants_html
from certweave_wallet.here import done, find_text, need_text, read_body, wallet_of
from certweave_wallet.service.deriving import derive
from certweave_wallet.service.views import asked_json, holding_json, offer_json, request_json
from certweave_wallet.show.lists import documents_page, offer_page, requests_page
from certweave_wallet.show.words import kind_of, party_of, place_of, ways_to

router = APIRouter(tags=["exchange"])


@router.get("/orgs/{org}/offers", summary="Offers that wait for an answer")
async def offers(request: Request, org: str, who: Annotated[Principal, either(Scope.READ)]) -> Response:
    """Return open offers, newest first."""
    if wants_html(request):
        return kit_of(request).pages.redirect(request, f"/orgs/{org}/")
    return JSONResponse({"offers": [offer_json(one) for one in wallet_of(request).offers.open(who.org)]})


@router.post("/orgs/{org}/offers", summary="Look at an offer", status_code=201, openapi_extra=takes())
async def look_at_offer(
    request: Request, org: str, who: Annotated[Principal, either(Scope.ISSUE)]
) -> Response:
    """Look at ``{offer}`` (a link or the offer itself) or ``{offer_uri}`` (where it lies)."""
    body = await read_body(request)
    service = wallet_of(request).offers
    try:
        link = _offer(body)
        found = await outbound(request, lambda: service.look(who.org, link, actor=who.actor))
    except CertweaveError as error:
        if not wants_html(request):
            raise
        return documents_page(request, who, typed=str(body.get("offer", "")), error=error)
    return done(request, f"/orgs/{org}/offers/{found.offer_id}", offer_json(found), status=201)


@router.get("/orgs/{org}/offers/{offer_id}", summary="One offer")
async def offer(
    request: Request, org: str, offer_id: str, who: Annotated[Principal, either(Scope.READ)]
) -> Response:
    """Return who offers what."""
    found = wallet_of(request).offers.find(who.org, offer_id)
    if wants_html(request):
        return offer_page(request, found)
    return JSONResponse(offer_json(found))


@router.post("/orgs/{org}/offers/{offer_id}/accept", summary="Take an offer", openapi_extra=takes())
async def accept(
    request: Request, org: str, offer_id: str, who: Annotated[Principal, either(Scope.ISSUE)]
) -> Response:
    """Take what is offered; ``{code}`` where the issuer gave one. Answers ``{credentials}``."""
    code = find_text(await read_body(request), "code")
    service = wallet_of(request).offers
    try:
        kept = await outbound(request, lambda: service.accept(who.org, offer_id, actor=who.actor, code=code))
    except CertweaveError as error:
        if not wants_html(request):
            raise
        return offer_page(request, service.find(who.org, offer_id), error=error)
    path = f"/orgs/{org}/credentials/{kept[0].credential_id}" if len(kept) == 1 else f"/orgs/{org}/"
    return done(request, path, {"credentials": [holding_json(one) for one in kept]})


@router.post("/orgs/{org}/offers/{offer_id}/refuse", summary="Refuse an offer")
def refuse_offer(
    request: Request, org: str, offer_id: str, who: Annotated[Principal, either(Scope.ISSUE)], _: NoBody
) -> Response:
    """Do not take it."""
    found = wallet_of(request).offers.refuse(who.org, offer_id, actor=who.actor)
    return done(request, f"/orgs/{org}/", offer_json(found))


@router.get("/orgs/{org}/requests", summary="Requests to show something")
async def requests(request: Request, org: str, who: Annotated[Principal, either(Scope.READ)]) -> Response:
    """Return the latest requests, newest first."""
    if wants_html(request):
        return requests_page(request, who)
    found = wallet_of(request).requests.all(who.org)
    return JSONResponse({"requests": [request_json(one) for one in found]})


@router.post("/orgs/{org}/requests", summary="See who asks for what", status_code=201, openapi_extra=takes())
async def look_at_request(
    request: Request, org: str, who: Annotated[Principal, either(Scope.ISSUE)]
) -> Response:
    """Look at ``{url}``: the link ``openid4vp://?…`` or an https link of that form.

    ``{client_id, request_uri}`` are the two parameters of the link by themselves.
    """
    body = await read_body(request)
    link = find_text(body, "url")
    if link is None:
        link = make_request_link(need_text(body, "client_id"), need_text(body, "request_uri"))
    service, chosen = wallet_of(request).requests, link
    try:
        found = await outbound(request, lambda: service.look(who.org, chosen, actor=who.actor))
    except CertweaveError as error:
        if not wants_html(request):
            raise
        return requests_page(request, who, typed=chosen, error=error)
    path = f"/orgs/{org}/requests/{found.record.request_id}"
    return done(request, path, asked_json(found), status=201)


@router.get("/orgs/{org}/requests/{request_id}", summary="One request")
async def one_request(
    request: Request, org: str, request_id: str, who: Annotated[Principal, either(Scope.READ)]
) -> Response:
    """Return who asks, what they will see, and what stays."""
    found = wallet_of(request).requests.show(who.org, request_id)
    if wants_html(request):
        data = {
            "org": org,
            "asked": found,
            "place": place_of,
            "party": party_of,
            "kind_of": kind_of,
            "ways_to": ways_to,
        }
        return kit_of(request).pages.render(request, "wallet/request.html", data)
    return JSONResponse(asked_json(found))


@router.post("/orgs/{org}/requests/{request_id}/answer", summary="Show it", openapi_extra=takes())
async def answer(
    request: Request, org: str, request_id: str, who: Annotated[Principal, either(Scope.ISSUE)]
) -> Response:
    """Show what is asked for; ``{choice: {part: [credentialId]}}`` where another document shall be shown."""
    choice = _choice(await read_body(request))
    service = wallet_of(request).requests
    record = await outbound(
        request, lambda: service.answer(who.org, request_id, actor=who.actor, choice=choice)
    )
    return done(request, f"/orgs/{org}/requests/{request_id}", request_json(record))


@router.post("/orgs/{org}/requests/{request_id}/refuse", summary="Show nothing")
async def refuse_request(
    request: Request, org: str, request_id: str, who: Annotated[Principal, either(Scope.ISSUE)], _: NoBody
) -> Response:
    """Show nothing, and say so to who asks."""
    service = wallet_of(request).requests
    record = await outbound(request, lambda: service.refuse(who.org, request_id, actor=who.actor))
    return done(request, f"/orgs/{org}/requests/{request_id}", request_json(record))


@router.post(
    "/orgs/{org}/presentations", summary="Sign a presentation", status_code=201, openapi_extra=takes()
)
async def create_presentation(
    request: Request, org: str, who: Annotated[Principal, require(Scope.ISSUE)]
) -> Response:
    """VC-API: ``{presentation, options: {domain, challenge}}`` → ``{verifiablePresentation}``."""
    wallet = wallet_of(request)
    asked = parse_create_presentation(await read_json(request, limits=wallet.tools.limits))
    secured = await run_in_threadpool(wallet.requests.present, who.org, asked)
    return JSONResponse(make_create_response(secured), 201)


@router.post(
    "/orgs/{org}/credentials/derive",
    summary="Show a part of a credential",
    status_code=201,
    openapi_extra=takes(),
)
async def derive_part(
    request: Request, org: str, who: Annotated[Principal, require(Scope.ISSUE)]
) -> Response:
    """VC-API: ``{verifiableCredential, options: {selectivePointers}}`` → ``{verifiableCredential}``."""
    tools = wallet_of(request).tools
    asked = parse_derive_request(await read_json(request, limits=tools.limits))
    derived = await run_in_threadpool(derive, asked, tools)
    return JSONResponse(make_derive_response(derived), 201)


def _offer(body: JsonObject) -> str | JsonObject:
    given = body.get("offer")
    if isinstance(given, dict) and given:
        return given
    return find_text(body, "offer") or need_text(body, "offer_uri")


def _choice(body: JsonObject) -> dict[str, list[str]] | None:
    """Return which documents to show; a form names one for each part as ``choice.{part}``."""
    fields = {
        name.removeprefix("choice."): [value] for name, value in body.items() if name.startswith("choice.")
    }
    if fields:
        return {name: [] if ids == ["-"] else ids for name, ids in fields.items()}
    given = body.get("choice")
    if given is None:
        return None
    good = isinstance(given, dict) and all(
        isinstance(ids, list) and all(isinstance(one, str) for one in ids) for ids in given.values()
    )
    if not good:
        detail = "choice is an object of lists of credential ids"
        raise MalformedError(detail, code="body_malformed", path="/choice")
    return {str(name): list(ids) for name, ids in dict(given).items()}
