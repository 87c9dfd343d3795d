"""Routes of products: registering an address, and answering whoever reads the code on a product."""

from functools import partial
from typing import Annotated, Final

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, MalformedError
from certweave.product.links import LINK_TYPE_QUERY, LINKSET_MEDIA_TYPE
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import either
from certweave_edge.bodies import takes
from certweave_edge.negotiate import choose, wants_html
from certweave_edge.qr import qr_png
from certweave_edge.web import public_bytes
from certweave_wallet.here import done, find_text, need_text, read_body, wallet_of
from certweave_wallet.ports import ExtraLink
from certweave_wallet.service.products import Found, wants_linkset
from certweave_wallet.service.reading import secured_bytes
from certweave_wallet.service.views import product_json
from certweave_wallet.show.products import products_page

router = APIRouter(tags=["products"])

_MAX_AGE: Final = 60


@router.get("/orgs/{org}/products", summary="The products of a brand")
async def products(request: Request, org: str, who: Annotated[Principal, either(Scope.READ)]) -> Response:
    """Return products with their addresses, and the hosts that the brand answers for."""
    service = wallet_of(request).products
    if wants_html(request):
        return products_page(request, who.org, {})
    rows = [product_json(one) for one in service.all(who.org)]
    return JSONResponse({"hosts": list(service.hosts(who.org)), "products": rows})


@router.post("/orgs/{org}/products", summary="Register a product", status_code=201, openapi_extra=takes())
async def register(request: Request, org: str, who: Annotated[Principal, either(Scope.ISSUE)]) -> Response:
    """Register ``{gtin, lot?, serial?, passport, host?, name?, links?}``; again replaces what was there.

    ``passport`` is the ``credentialId`` of a published passport; each of ``links`` names the
    ``credentialId`` of another published document, or ``{href, relation, title, type?}``.
    """
    body = await read_body(request)
    try:
        work = partial(
            wallet_of(request).products.register,
            who.org,
            gtin=need_text(body, "gtin"),
            passport=need_text(body, "passport"),
            actor=who.actor,
            host=find_text(body, "host"),
            lot=find_text(body, "lot"),
            serial=find_text(body, "serial"),
            name=find_text(body, "name") or "",
            links=_links(body),
        )
        made = await run_in_threadpool(work)
    except CertweaveError as error:
        if not wants_html(request):
            raise
        return products_page(request, who.org, body, error)
    return done(request, f"/orgs/{org}/products", product_json(made), status=201)


@router.get("/orgs/{org}/qr.png", summary="A QR code for a label")
async def label(
    request: Request,
    org: str,
    who: Annotated[Principal, either(Scope.READ)],
    address: Annotated[str, Query(max_length=500)],
) -> Response:
    """Return the QR code of one of the brand's product addresses as PNG."""
    known = {product_json(one)["address"] for one in wallet_of(request).products.all(who.org)}
    if address not in known:
        raise MalformedError("this is no product address of yours", code="address_unknown", path="/address")
    return Response(qr_png(address), media_type="image/png")


@router.get("/01/{rest:path}", summary="What lies behind a product's code")
async def resolve(request: Request, rest: str) -> Response:
    """Lead to the product's page (307), or give the list of links (RFC 9264).

    The list comes with ``?linkType=linkset`` or ``Accept: application/linkset+json``; another ``linkType``
    leads to the first link of that kind.
    """
    return _resolve(request, request.headers.get("host", "").lower())


@router.get("/hosts/{host}/01/{rest:path}", summary="The same for a host that is mapped here")
async def resolve_host(request: Request, host: str, rest: str) -> Response:
    """Answer for a brand's host whose map leads to this path."""
    return _resolve(request, host.lower(), skip=f"/hosts/{host}")


def _resolve(request: Request, host: str, *, skip: str = "") -> Response:
    root = request.scope.get("root_path", "")
    # The path as it was sent: a lot may contain an encoded slash.
    raw = request.scope.get("raw_path", b"").decode("latin-1").partition("?")[0]
    path = raw.removeprefix(root).removeprefix(skip)
    found = wallet_of(request).products.resolve(host, path)
    link_type = request.query_params.get(LINK_TYPE_QUERY)
    accept = request.headers.get("accept", "")
    by_accept = LINKSET_MEDIA_TYPE in accept and choose(accept, [LINKSET_MEDIA_TYPE, "text/html"])
    if wants_linkset(link_type) or by_accept == LINKSET_MEDIA_TYPE:
        content = secured_bytes(found.linkset())
        return public_bytes(
            request, content, LINKSET_MEDIA_TYPE, max_age=_MAX_AGE, headers=_headers(request, found)
        )
    target = found.page if link_type is None else found.find_link(link_type).href
    return RedirectResponse(target, 307, _headers(request, found))


def _headers(request: Request, found: Found) -> dict[str, str]:
    listed = f"{found.address.at(found.host)}?{LINK_TYPE_QUERY}=linkset"
    return {
        "Link": f'<{listed}>; rel="linkset"; type="{LINKSET_MEDIA_TYPE}"',
        "Vary": "Accept",
        "Access-Control-Allow-Origin": "*",
        "Access-Control-Expose-Headers": "Link",
    }


def _links(body: JsonObject) -> list[ExtraLink]:
    given = body.get("links", [])
    if not isinstance(given, list):
        raise MalformedError("links is a list", code="body_malformed", path="/links")
    found = []
    for place, one in enumerate(given):
        if not isinstance(one, dict):
            raise MalformedError("a link is an object", code="body_malformed", path=join("/links", place))
        found.append(
            ExtraLink(
                credential_id=find_text(one, "credentialId"),
                href=find_text(one, "href"),
                relation=find_text(one, "relation") or "",
                title=find_text(one, "title") or "",
                media_type=find_text(one, "type"),
            )
        )
    return found
