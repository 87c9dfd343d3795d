"""The VC API as test suites call it: the verifier's own routes, with the contexts of examples pinned as well.

Open only where the setting ``conformance`` is on, which production refuses.
"""

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from certweave_edge.bodies import takes
from certweave_verifier.api.verify import OPEN, judge_credential, judge_presentation
from certweave_verifier.service.checking import Checker

router = APIRouter(prefix="/conformance", tags=["conformance"])


@router.post(
    "/credentials/verify",
    summary="Verify a credential, for a test suite",
    openapi_extra={**OPEN, **takes()},
)
async def verify_credential(request: Request) -> Response:
    """Do as ``/credentials/verify``."""
    return await judge_credential(request, _checker(request))


@router.post(
    "/presentations/verify",
    summary="Verify a presentation, for a test suite",
    openapi_extra={**OPEN, **takes()},
)
async def verify_presentation(request: Request) -> Response:
    """Do as ``/presentations/verify``."""
    return await judge_presentation(request, _checker(request))


def _checker(request: Request) -> Checker:
    checker: Checker = request.app.state.conformance
    return checker
