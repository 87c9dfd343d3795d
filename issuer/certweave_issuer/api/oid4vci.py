"""OpenID for Verifiable Credential Issuance 1.0: metadata, offers, token, nonce, credential.

https://openid.net/specs/openid-4-verifiable-credential-issuance-1_0.html. Errors here are OAuth's (RFC 6749
§5.2, RFC 6750), not problem details. The well-known documents lie at the root of the host, before the
service's own prefix; ``serve all`` hands them on.
"""

from collections.abc import Callable
from typing import Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.exchange.form import make_error
from certweave_edge.auth import public
from certweave_edge.bodies import FORMS, takes
from certweave_edge.kit import kit_of, outbound
from certweave_edge.refused import RefusedError
from certweave_issuer.api.shapes import issuer_of
from certweave_issuer.service.offers import TokenRefusedError

router = APIRouter()

_NO_STORE: Final = {"Cache-Control": "no-store"}
_OPEN: Final = public("a wallet acts with the code of its offer")
_METADATA: Final = {"Cache-Control": "public, max-age=300", "Access-Control-Allow-Origin": "*"}


@router.get("/.well-known/openid-credential-issuer/orgs/{org}", summary="OID4VCI: issuer metadata")
async def metadata(request: Request, org: str) -> Response:
    """Return the Credential Issuer metadata."""
    return JSONResponse(issuer_of(request).offers.metadata(org), headers=_METADATA)


@router.get("/.well-known/oauth-authorization-server/orgs/{org}", summary="OID4VCI: token server metadata")
async def server_metadata(request: Request, org: str) -> Response:
    """Return the Authorization Server metadata (RFC 8414)."""
    return JSONResponse(issuer_of(request).offers.server_metadata(org), headers=_METADATA)


@router.get("/orgs/{org}/oid4vci/offers/{secret}", summary="OID4VCI: an offer by reference")
async def offer(request: Request, org: str, secret: str) -> Response:
    """Return an offer to who knows its address."""
    found = issuer_of(request).offers.by_reference(org, secret)
    return JSONResponse(found, headers=_NO_STORE)


@router.get(
    "/orgs/{org}/oid4vci/offers/{secret}/{form}", summary="OID4VCI: an offer by reference, of another format"
)
async def offer_of_format(request: Request, org: str, secret: str, form: str) -> Response:
    """Return an offer of another format than ``vc+jwt``."""
    found = issuer_of(request).offers.by_reference(org, secret, form)
    return JSONResponse(found, headers=_NO_STORE)


@router.post(
    "/orgs/{org}/oid4vci/token", openapi_extra={**_OPEN, **takes(FORMS[0])}, summary="OID4VCI: access token"
)
async def token(request: Request, org: str) -> Response:
    """Give the access token for a pre-authorised code, once."""
    body, offers = await request.body(), issuer_of(request).offers
    return await run_in_threadpool(
        _answer, request, lambda: offers.token(org, body), fallback="invalid_request"
    )


@router.post("/orgs/{org}/oid4vci/nonce", openapi_extra=_OPEN, summary="OID4VCI: nonce")
async def nonce(request: Request, org: str) -> Response:
    """Return a fresh nonce; nothing is asked and nothing stored."""
    issuer = issuer_of(request)
    issuer.office.profile(org)
    return JSONResponse(issuer.offers.nonce(org), headers=_NO_STORE)


@router.post(
    "/orgs/{org}/oid4vci/credential", openapi_extra={**_OPEN, **takes()}, summary="OID4VCI: credential"
)
async def credential(request: Request, org: str) -> Response:
    """Hand the credential out to who proves the holder's key."""
    body, offers = await request.body(), issuer_of(request).offers
    kind, _, secret = request.headers.get("authorization", "").partition(" ")

    def hand_out() -> JsonObject:
        if kind.lower() != "bearer" or not secret:
            raise TokenRefusedError("a token is needed", oauth="invalid_token", code="token_missing")
        return offers.credential(org, secret.strip(), body)

    def work() -> Response:
        return _answer(request, hand_out, fallback="invalid_credential_request")

    return await outbound(request, work)


def _answer(request: Request, work: Callable[[], JsonObject], *, fallback: str) -> Response:
    """Return what the work gives, or the OAuth error that it ran into; failures of one host are counted."""
    try:
        return JSONResponse(work(), headers=_NO_STORE)
    except RefusedError:
        raise
    except CertweaveError as error:
        _count_failure(request)
        request.scope.setdefault("state", {})["code"] = error.code
        said = make_error(error, fallback=fallback)
        if not isinstance(error, TokenRefusedError):
            return JSONResponse(said, 400, _NO_STORE)
        # RFC 6750 §3.1: who sent no token at all is told that one is needed, and nothing more.
        challenge = "Bearer" if error.code == "token_missing" else 'Bearer error="invalid_token"'
        return JSONResponse(said, 401, {**_NO_STORE, "WWW-Authenticate": challenge})


def _count_failure(request: Request) -> None:
    """Raise ``RefusedError`` 429 where one host failed too often: it is guessing."""
    kit = kit_of(request)
    host = request.client.host if request.client is not None else ""
    kit.host_throttle.spend(f"oid4vci:{host}", now=kit.clock())
