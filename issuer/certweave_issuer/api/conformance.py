"""Routes of the issuers for test suites: ``/conformance/{issuer}/…``, open to all, never in production."""

from typing import Final

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.encoding.strict_json import JsonObject
from certweave_edge.auth import public
from certweave_edge.bodies import takes
from certweave_edge.negotiate import choose
from certweave_edge.refused import NoStatusListError
from certweave_edge.status_lists import EMBEDDED
from certweave_issuer.api.shapes import StrictJson
from certweave_issuer.service.conformance import Conformance

router = APIRouter(prefix="/conformance", tags=["conformance"])

_OPEN: Final = {**public("a test instance, which production refuses to be, signs for anybody"), **takes()}


@router.get("", summary="The issuers for test suites")
def show_issuers(request: Request) -> JsonObject:
    """List every issuer: its name, its suite, its kind of key and its DID."""
    return {"issuers": [one.to_json() for one in conformance_of(request).benches.values()]}


@router.post(
    "/{issuer}/credentials/issue",
    status_code=201,
    summary="VC-API: issue a credential, for a test suite",
    openapi_extra=_OPEN,
)
def issue(request: Request, issuer: str, body: StrictJson) -> JsonObject:
    """Sign ``{credential, options?}`` in the form that this issuer gives."""
    return {"verifiableCredential": conformance_of(request).issue(issuer, body)}


@router.post(
    "/{issuer}/credentials/status",
    summary="VC-API: change the status of a credential, for a test suite",
    openapi_extra=_OPEN,
)
def set_status(request: Request, issuer: str, body: StrictJson) -> JsonObject:
    """Set or clear bits: ``{credentialId, credentialStatus, status?}``."""
    conformance_of(request).set_status(issuer, body)
    return {}


@router.get("/{issuer}/status/{purpose}", summary="A status list of an issuer for test suites")
def show_list(request: Request, issuer: str, purpose: str, timestamp: str | None = None) -> Response:
    """Return the list as it stands, with an embedded proof; how it stood at a ``timestamp`` is not kept."""
    if timestamp is not None:
        raise NoStatusListError("no list of a past time is kept", code="status_list_not_then")
    found = conformance_of(request).status_list(issuer, purpose)
    form = choose(request.headers.get("accept", ""), [EMBEDDED, "application/json", "application/ld+json"])
    headers = {"Cache-Control": "no-store", "Vary": "Accept"}
    return JSONResponse(found, media_type=form or EMBEDDED, headers=headers)


def conformance_of(request: Request) -> Conformance:
    """Return the issuers for test suites of this app."""
    found = request.app.state.conformance
    if not isinstance(found, Conformance):
        raise TypeError("this app was made without issuers for test suites")
    return found
