"""Who may call a route: bearer tokens (RFC 6750) for the API, sessions with CSRF tokens for the pages.

A route declares its scope, and OpenAPI shows it: ``who: Annotated[Principal, require(Scope.ISSUE)]``. A
route under ``/orgs/{org}/`` answers another organisation's caller exactly as if that organisation did not
exist.
"""

from typing import Annotated, Any, Final

from fastapi import Depends, Security
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer, SecurityScopes
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from certweave_edge.accounts import Principal, Scope
from certweave_edge.kit import kit_of
from certweave_edge.negotiate import wants_html
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sessions import csrf_matches
from certweave_edge.settings_base import Environment
from certweave_edge.web_errors import LoginNeededError

COOKIE: Final = "certweave_session"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
PUBLIC: Final = "x-certweave-public"
SCOPE: Final = "x-certweave-scope"
_LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})

_BEARER: Final = HTTPBearer(scheme_name="token", description="A token of one organisation", auto_error=False)
_COOKIE: Final = APIKeyCookie(
    name=COOKIE, scheme_name="session", description="Set by the login page", auto_error=False
)


def require(scope: Scope) -> Any:
    """Declare that a route of the API needs a token with a scope; the value is the ``Principal``."""
    return Security(_token_guard, scopes=[scope.value])


def page(scope: Scope) -> Any:
    """Declare that a page needs a login with a scope, and for a POST the CSRF token; gives ``Principal``."""
    return Security(_page_guard, scopes=[scope.value])


def either(scope: Scope) -> Any:
    """Declare that a route takes a token or a login; the value is the ``Principal``."""
    return Security(_either_guard, scopes=[scope.value])


def visitor() -> Any:
    """Declare that anyone may see a page; the value is the ``Principal`` who is logged in, or None."""
    return Depends(_visitor)


def public(reason: str) -> dict[str, Any]:
    """Mark a route that changes something and is open to all: ``openapi_extra=public("the reason")``."""
    return {PUBLIC: reason}


def secure_cookies(request: Request) -> bool:
    """Return whether cookies are for https only: always where we are reached by https.

    A developer who reaches a service with an https address over plain http on this very machine (the
    demonstration is so) gets plain ones: programs and some browsers keep no ``Secure`` cookie of http.
    """
    settings = kit_of(request).settings
    here = request.url.scheme == "http" and request.url.hostname in _LOOPBACK
    return settings.https and not (here and settings.environment is Environment.DEVELOPMENT)


def cookie_name(request: Request) -> str:
    """Return the session cookie's name; over https the browser itself then holds it to this host.

    Services that share a host have accounts of their own, so each has a cookie of its own, too.
    """
    name = COOKIE + kit_of(request).settings.prefix.replace("/", "_")
    return f"__Host-{name}" if secure_cookies(request) else name


async def same_origin(request: Request) -> None:
    """Refuse a form that another site's page sent; for the forms that are open to all."""
    # Our Referrer-Policy makes Origin "null" on forms, so the browser's own word is asked (Fetch Metadata).
    if request.headers.get("sec-fetch-site", "none") not in {"same-origin", "none"}:
        raise RefusedError("this form was sent by another site", Refusal.FORBIDDEN, code="form_elsewhere")


async def find_session(request: Request) -> Principal | None:
    """Return who is logged in, and let the page know; None where nobody is."""
    kit = kit_of(request)
    secret = request.cookies.get(cookie_name(request), "")
    if not secret:
        return None
    principal = await run_in_threadpool(kit.sessions.find, secret, now=kit.clock())
    if principal is not None:
        request.state.principal = principal
        request.state.secret = secret
    return principal


async def check_csrf(request: Request, secret: str) -> None:
    """Raise ``RefusedError`` 403 unless a form carries the token that belongs to a secret."""
    await same_origin(request)
    token = request.headers.get("x-csrf-token")
    if token is None:
        form = await request.form()
        given = form.get("csrf")
        token = given if isinstance(given, str) else ""
    if not csrf_matches(secret, token):
        raise RefusedError(
            "this form is too old; go back, load the page again and send it once more",
            Refusal.FORBIDDEN,
            code="csrf",
        )


async def _visitor(request: Request) -> Principal | None:
    return await find_session(request)


async def _token_guard(
    request: Request,
    needed: SecurityScopes,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> Principal:
    kit = kit_of(request)
    if given is None:
        raise RefusedError("this needs a token", Refusal.UNAUTHENTICATED, code="token_missing")
    principal = await run_in_threadpool(kit.directory.find_token, given.credentials, now=kit.clock())
    if principal is None:
        raise RefusedError(
            "this token is unknown, expired or revoked", Refusal.UNAUTHENTICATED, code="token_invalid"
        )
    _check(request, principal, needed)
    return principal


async def _page_guard(
    request: Request, needed: SecurityScopes, _cookie: Annotated[str | None, Depends(_COOKIE)]
) -> Principal:
    principal = await find_session(request)
    if principal is None:
        raise LoginNeededError
    if request.method not in SAFE:
        await check_csrf(request, request.state.secret)
    _check(request, principal, needed)
    return principal


async def _either_guard(
    request: Request,
    needed: SecurityScopes,
    given: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
    cookie: Annotated[str | None, Depends(_COOKIE)],
) -> Principal:
    browser = cookie_name(request) in request.cookies or wants_html(request)
    if given is None and browser:
        return await _page_guard(request, needed, cookie)
    return await _token_guard(request, needed, given)


def _check(request: Request, principal: Principal, needed: SecurityScopes) -> None:
    if request.path_params.get("org", principal.org) != principal.org:
        raise RefusedError(
            "there is no such organisation here, or it is not yours", Refusal.NOT_FOUND, code="org_unknown"
        )
    for name in needed.scopes:
        if not principal.may(Scope(name)):
            raise RefusedError(f"this needs the scope {name}", Refusal.FORBIDDEN, code="scope_lacking")
