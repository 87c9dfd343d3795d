"""What routes share: the service of the app, bodies as JSON or form, answers for programs and browsers."""

from collections.abc import Mapping
from typing import Any

from fastapi.security import HTTPBearer
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import find_session
from certweave_edge.bodies import FORMS, read_json
from certweave_edge.kit import kit_of
from certweave_edge.negotiate import wants_html
from certweave_wallet.service.wallet import Wallet

_BEARER = HTTPBearer(auto_error=False)
_MAX_TEXT = 1 << 20


def wallet_of(request: Request) -> Wallet:
    """Return the service of the app that serves a request."""
    wallet = request.app.state.wallet
    if not isinstance(wallet, Wallet):
        raise TypeError("this app is no wallet")
    return wallet


async def read_body(request: Request) -> JsonObject:
    """Return the members of a JSON object, or the filled fields of a form.

    Raises:
        MalformedError, RefusedError: it is neither.
    """
    if request.headers.get("content-type", "").startswith(FORMS):
        form = await request.form()
        fields = {name: value.strip() for name, value in form.items() if isinstance(value, str)}
        return {name: value for name, value in fields.items() if value and name != "csrf"}
    if not (await request.body()).strip():
        return {}
    return await read_json(request, limits=wallet_of(request).tools.limits)


def find_text(body: Mapping[str, Any], name: str) -> str | None:
    """Return a text of a body, or None where it is absent or null."""
    value = body.get(name)
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= _MAX_TEXT:
        raise MalformedError(f"{name} is a text, not empty", code="body_malformed", path=f"/{name}")
    return value


def need_text(body: Mapping[str, Any], name: str) -> str:
    """Return a text that must be there."""
    value = find_text(body, name)
    if value is None:
        raise MalformedError(f"{name} is missing", code="body_malformed", path=f"/{name}")
    return value


def done(request: Request, path: str, data: Mapping[str, Any], *, status: int = 200) -> Response:
    """Return what an act led to: as JSON to a program, while a browser goes on to a page."""
    if wants_html(request):
        return kit_of(request).pages.redirect(request, path)
    return JSONResponse(dict(data), status, {"Vary": "Accept"})


async def find_member(request: Request, org: str) -> Principal | None:
    """Return who reads, if they belong to the organisation and may read: by login or by token."""
    kit = kit_of(request)
    principal = await find_session(request)
    given = await _BEARER(request)
    if principal is None and given is not None:
        principal = await run_in_threadpool(kit.directory.find_token, given.credentials, now=kit.clock())
    if principal is None or principal.org != org or not principal.may(Scope.READ):
        return None
    return principal
