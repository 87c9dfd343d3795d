"""Login and logout of the pages.

Before a login there is no session, so the form is tied to a short-lived cookie of its own (login CSRF).
"""

import re
from typing import Annotated, Final

from fastapi import APIRouter, Form
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from certweave_edge.auth import check_csrf, cookie_name, find_session, public, secure_cookies
from certweave_edge.kit import kit_of
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.sessions import SESSION_HOURS, make_secret

router = APIRouter(tags=["login"])

_LOCAL: Final = re.compile(r"/(?![/\\])[!-\[\]-~]*\Z")
"""A path on this host: visible ASCII without backslash, and not ``//``, which would be another host."""
_BEFORE: Final = "_before"


@router.get("/login", summary="The login form")
async def show_login(request: Request, next: str = "/") -> Response:
    """Show the form, with a secret of its own."""
    return _form(request, next)


@router.post("/login", summary="Log in", openapi_extra=public("who logs in has no rights yet"))
async def log_in(
    request: Request,
    login: Annotated[str, Form(max_length=200)],
    password: Annotated[str, Form(max_length=1000)],
    next: Annotated[str, Form()] = "/",
) -> Response:
    """Check login and password, open a session, go on to where the reader wanted to be."""
    kit = kit_of(request)
    await check_csrf(request, request.cookies.get(cookie_name(request) + _BEFORE, ""))
    now = kit.clock()
    kit.host_throttle.spend(request.client.host if request.client else "", now=now)
    kit.login_throttle.spend(login.strip().lower(), now=now)
    try:
        principal = await run_in_threadpool(kit.directory.check_password, login, password)
    except RefusedError as error:
        if error.refusal is not Refusal.UNAUTHENTICATED:
            raise
        return _form(request, next, wrong=login)
    kit.login_throttle.forget(principal.label)
    secret = await run_in_threadpool(kit.sessions.open, principal.label, now=now)
    answer = kit.pages.redirect(request, next if _LOCAL.match(next) else "/")
    _set_cookie(request, answer, cookie_name(request), secret, SESSION_HOURS * 3600)
    answer.delete_cookie(
        cookie_name(request) + _BEFORE, path="/", secure=secure_cookies(request), httponly=True
    )
    return answer


@router.post("/logout", summary="Log out", openapi_extra=public("ends the caller's own session"))
async def log_out(request: Request) -> Response:
    """End the session, here and in the database."""
    kit = kit_of(request)
    if await find_session(request) is not None:
        await check_csrf(request, request.state.secret)
        await run_in_threadpool(kit.sessions.close, request.state.secret)
    answer = kit.pages.redirect(request, "/login")
    answer.delete_cookie(cookie_name(request), path="/", secure=secure_cookies(request), httponly=True)
    return answer


def _form(request: Request, wanted: str, *, wrong: str | None = None) -> Response:
    """Show the form; ``wrong`` is a login that did not fit its password, to be typed again."""
    kit = kit_of(request)
    name = cookie_name(request) + _BEFORE
    secret = request.cookies.get(name) or make_secret()
    request.state.secret = secret
    status = 200 if wrong is None else 401
    context = {"next": wanted, "wrong": wrong is not None, "login": wrong or ""}
    answer = kit.pages.render(request, "kit/login.html", context, status=status)
    _set_cookie(request, answer, name, secret, 3600)
    return answer


def _set_cookie(request: Request, answer: Response, name: str, value: str, seconds: int) -> None:
    answer.set_cookie(
        name, value, max_age=seconds, path="/", secure=secure_cookies(request), httponly=True, samesite="lax"
    )
