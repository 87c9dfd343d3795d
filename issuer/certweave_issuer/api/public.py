"""What anyone may read: credentials by their address, receipts, status lists, the register of scopes.

These routes read what is stored and call nobody. A credential that is not in the register has an address that
cannot be guessed; nothing lists it.
"""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.proof.vc_jwt import VC_JWT
from certweave_edge.negotiate import choose
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.status_lists import EMBEDDED, TOKEN_LIST, StatusLists, parse_moment
from certweave_edge.web import public_bytes
from certweave_issuer.api.shapes import issuer_of, registered_json
from certweave_issuer.ports import Certificate
from certweave_issuer.service.certificates import secured_object
from certweave_issuer.service.formats import type_metadata
from certweave_issuer.service.register import PAGE

router = APIRouter()

JSON: Final = "application/json"
SECONDS: Final = 300
LIST_SECONDS: Final = 60
"""A suspension is seen by everybody who asks again within a minute."""


@router.get("/orgs/{org}/credentials/{key}", summary="A credential by its address")
async def credential(request: Request, org: str, key: str) -> Response:
    """Return the signed bytes (``application/vc+jwt``), or the credential as a JSON object, by Accept."""
    found = issuer_of(request).certificates.published(org, key)
    content, media_type = choose_form(found, request.headers.get("accept", ""))
    address = issuer_of(request).office.addresses.credential(org, key)
    headers = {
        "Vary": "Accept",
        "Link": f'<{address}/receipt>; rel="receipt"; type="application/jwt"',
        "Content-Disposition": f'inline; filename="{key}"',
    }
    if not found.public:
        headers["Cache-Control"] = f"private, max-age={SECONDS}"
        headers["X-Robots-Tag"] = "noindex"
    return public_bytes(request, content, media_type, max_age=SECONDS, headers=headers)


@router.get("/orgs/{org}/credentials/{key}/receipt", summary="The ledger's receipt for a credential")
async def receipt(request: Request, org: str, key: str) -> Response:
    """Return the stored receipt; 404 as long as the ledger has not given one."""
    token = issuer_of(request).certificates.receipt(org, key)
    return public_bytes(request, token.encode(), "application/jwt", max_age=SECONDS)


@router.get("/orgs/{org}/status/{number}", summary="A status list")
async def status_list(
    request: Request,
    org: str,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    timestamp: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Return the list as it stands, or with ``timestamp`` as it stood (Bitstring Status List 1.0)."""
    lists: StatusLists = request.app.state.status_lists
    form = choose(request.headers.get("accept", ""), [EMBEDDED, VC_JWT, JSON, "application/ld+json"])
    if form is None:
        raise _not_acceptable()
    kept = VC_JWT if form == VC_JWT else EMBEDDED
    at = None if timestamp is None else parse_moment(timestamp)
    now = issuer_of(request).office.clock()
    found = lists.find_list(org, number, form=kept, now=now, at=at)
    if found is None:
        found = await run_in_threadpool(lists.load_list, org, number, form=kept, now=now, at=at)
    return public_bytes(request, found.content, form, max_age=LIST_SECONDS, headers={"Vary": "Accept"})


@router.get("/orgs/{org}/status/{number}/tokens", summary="A status list for SD-JWT VC")
async def token_status_list(
    request: Request,
    org: str,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    time: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Return the same places as a token status list (draft-ietf-oauth-status-list), as they stand.

    For another ``time`` there is none (§8.4, historical resolution): ``iat`` says when a list was signed, and
    one of then would have to lie about it.
    """
    if time is not None:
        detail = "token status lists are had as they stand, not of another time"
        raise RefusedError(detail, Refusal.NOT_IMPLEMENTED, code="status_list_not_then")
    lists: StatusLists = request.app.state.status_lists
    now = issuer_of(request).office.clock()
    found = lists.find_list(org, number, form=TOKEN_LIST, now=now)
    if found is None:
        found = await run_in_threadpool(lists.load_list, org, number, form=TOKEN_LIST, now=now)
    return public_bytes(request, found.content, TOKEN_LIST, max_age=LIST_SECONDS)


@router.get("/types/{type_name}", summary="Type metadata of certificates as SD-JWT VC")
async def type_of(request: Request, type_name: str) -> Response:
    """Return what a certificate's ``vct`` leads to (SD-JWT VC §6)."""
    found = type_metadata(issuer_of(request).office, type_name)
    if found is None:
        raise RefusedError("there is no such type", Refusal.NOT_FOUND, code="type_unknown")
    headers = {"Access-Control-Allow-Origin": "*"}
    return public_bytes(request, canonicalize(found), JSON, max_age=SECONDS, headers=headers)


@router.get("/register", summary="The public register of scope certificates")
def register(
    request: Request,
    text: str = "",
    org: str | None = None,
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> JsonObject:
    """Return scope certificates by holder; others are not in the register."""
    found = issuer_of(request).register.search(text, org=org, page=page)
    return {"certificates": [registered_json(one) for one in found], "page": page, "more": len(found) == PAGE}


@router.get("/register/{org}/{number}", summary="One scope certificate of the register")
def registered(request: Request, org: str, number: str) -> JsonObject:
    """Return a scope certificate with its present state in words."""
    return registered_json(issuer_of(request).register.look_up(org, number))


def choose_form(certificate: Certificate, accept: str) -> tuple[bytes, str]:
    """Return the bytes and media type that a caller likes best; links fix the digest of the signed bytes.

    Raises:
        RefusedError: 406, the caller takes none of them.
    """
    signed = (certificate.token or "").encode()
    if certificate.media_type != VC_JWT:
        form = choose(accept, [EMBEDDED, JSON, "application/ld+json"])
        if form is None:
            raise _not_acceptable()
        return signed, form
    form = choose(accept, [VC_JWT, EMBEDDED, JSON])
    if form is None:
        raise _not_acceptable()
    return (signed if form == VC_JWT else canonicalize(secured_object(certificate))), form


def _not_acceptable() -> RefusedError:
    return RefusedError(
        "it can be had as application/vc+jwt, application/vc or application/json",
        Refusal.NOT_ACCEPTABLE,
        code="not_acceptable",
    )
