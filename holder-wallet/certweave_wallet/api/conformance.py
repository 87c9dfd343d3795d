"""The holder's part of the VC API as test suites call it: present and derive, open to all.

Open only where the setting ``conformance`` is on, which production refuses: holders that sign for anybody,
and know the context of examples. Nothing is kept.
"""

from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.encoding.strict_json import JsonObject
from certweave.exchange.vc_api import (
    make_create_response,
    make_derive_response,
    parse_create_presentation,
    parse_derive_request,
)
from certweave_edge.auth import public
from certweave_edge.bodies import read_json, takes
from certweave_wallet.service.conformance import Holders
from certweave_wallet.service.deriving import derive

router = APIRouter(prefix="/conformance", tags=["conformance"])

_DERIVE: Final = {**public("what is shown comes from the caller, and nothing is kept"), **takes()}
_PRESENT: Final = {**public("a test instance, which production refuses to be, signs for anybody"), **takes()}


@router.get("", summary="The holders for test suites")
def show_holders(request: Request) -> JsonObject:
    """List every holder: its name, its suite, its kind of key and its DID."""
    return {"holders": [one.to_json() for one in holders_of(request).benches.values()]}


@router.post(
    "/holders/{holder}/presentations",
    status_code=201,
    summary="VC API: sign a presentation, for a test suite",
    openapi_extra=_PRESENT,
)
async def present(request: Request, holder: str) -> Response:
    """Take ``{presentation, options?: {domain, challenge}}``, answer ``{verifiablePresentation}``."""
    holders = holders_of(request)
    asked = parse_create_presentation(await read_json(request, limits=holders.tools.limits))
    secured = await run_in_threadpool(holders.present, holder, asked)
    return JSONResponse(make_create_response(secured), 201)


@router.post(
    "/credentials/derive",
    status_code=201,
    summary="Show a part of a credential, for a test suite",
    openapi_extra=_DERIVE,
)
async def derive_part(request: Request) -> Response:
    """Take ``{verifiableCredential, options: {selectivePointers}}``, answer ``{verifiableCredential}``."""
    tools = holders_of(request).tools
    asked = parse_derive_request(await read_json(request, limits=tools.limits))
    derived = await run_in_threadpool(derive, asked, tools)
    return JSONResponse(make_derive_response(derived), 201)


@router.post(
    "/holders/{holder}/credentials/derive",
    status_code=201,
    summary="Show a part of a credential, as any holder for test suites does",
    openapi_extra=_DERIVE,
)
async def derive_as(request: Request, holder: str) -> Response:
    """Do as ``/conformance/credentials/derive``: deriving needs no key of the holder."""
    holders_of(request).find(holder)
    return await derive_part(request)


def holders_of(request: Request) -> Holders:
    """Return the holders for test suites of this app."""
    found = request.app.state.conformance
    if not isinstance(found, Holders):
        raise TypeError("this app was made without holders for test suites")
    return found
