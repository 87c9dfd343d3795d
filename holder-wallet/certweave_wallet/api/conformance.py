"""The holder's part of the VC API as test suites call it: derive, open to all, with the context of examples.

Open only where the setting ``conformance`` is on, which production refuses. Nothing is kept.
"""

from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.encoding.strict_json import parse_object
from certweave.exchange.vc_api import make_derive_response, parse_derive_request
from certweave_edge.auth import public
from certweave_wallet.service.deriving import derive
from certweave_wallet.service.tools import Tools

router = APIRouter(prefix="/conformance", tags=["conformance"])

_BODY: Final[dict[str, Any]] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}}
}


@router.post(
    "/credentials/derive",
    status_code=201,
    summary="Show a part of a credential, for a test suite",
    openapi_extra={**public("what is shown comes from the caller, and nothing is kept"), **_BODY},
)
async def derive_part(request: Request) -> Response:
    """Take ``{verifiableCredential, options: {selectivePointers}}``, answer ``{verifiableCredential}``."""
    tools: Tools = request.app.state.conformance
    asked = parse_derive_request(parse_object(await request.body(), limits=tools.limits))
    derived = await run_in_threadpool(derive, asked, tools)
    return JSONResponse(make_derive_response(derived), 201)
