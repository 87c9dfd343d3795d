"""The FastAPI app that every service starts from: errors, headers, limits, login, static files, health.

A service adds its routers. It may be mounted under a prefix (``serve all``) or stand alone; addresses are
made with ``url`` in templates and ``settings.public`` elsewhere, so it need not know which.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from anyio import CapacityLimiter
from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from starlette.middleware import Middleware
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from certweave_edge import clock as system_clock
from certweave_edge import login, web_errors
from certweave_edge.accounts import Directory
from certweave_edge.auth import PUBLIC, SAFE, SCOPE
from certweave_edge.envelope import Envelope
from certweave_edge.kit import Kit
from certweave_edge.pages import NavLink, Pages
from certweave_edge.sessions import Sessions
from certweave_edge.settings_base import BaseSettings

THREADS: Final = 40
"""Size of the server's own thread pool (AnyIO's default); work that calls out gets at most half as many."""


def make_app(
    *,
    title: str,
    package: str | None,
    settings: BaseSettings,
    directory: Directory,
    nav: Sequence[NavLink] = (),
    clock: Callable[[], datetime] = system_clock.now,
    large_bodies: Sequence[tuple[str, int]] = (),
    cross_origin: Sequence[str] = (),
) -> FastAPI:
    """Make the app of a service.

    Args:
        title: its name, as people read it; marked for translation by the caller.
        package: import name of the service, which may have ``templates``, ``locales`` and ``static``.
        settings: checked settings.
        directory: organisations, accounts and tokens.
        nav: links of the navigation.
        clock: the present moment; a test hands in its own.
        large_bodies: patterns of paths (below the prefix) that take more than ``settings.body_bytes``.
        cross_origin: patterns of paths (below the prefix) that pages of other sites may call.
    """
    packages = ("certweave_edge",) if package is None else ("certweave_edge", package)
    pages = Pages(title=title, packages=packages, nav=nav)
    envelope = Middleware(
        Envelope,
        body_bytes=settings.body_bytes,
        large_bodies=large_bodies,
        cross_origin=cross_origin,
        https=settings.https,
    )
    app = FastAPI(title=title, docs_url=None, redoc_url=None, middleware=[envelope])
    app.state.pages = pages
    app.state.kit = Kit(
        settings=settings,
        clock=clock,
        directory=directory,
        sessions=Sessions(directory.database),
        pages=pages,
        outbound_limiter=CapacityLimiter(min(settings.outbound_threads, THREADS // 2)),
    )
    web_errors.register(app)
    app.include_router(login.router)
    app.router.routes.append(pages.assets.route())
    app.add_api_route("/health", _health, methods=["GET"], summary="Whether this service runs")
    app.openapi = lambda: _describe(app)  # type: ignore[method-assign]
    return app


def unguarded(app: FastAPI) -> list[str]:
    """Return the routes that change something with neither a scope nor a reason to be open, by OpenAPI."""
    return [
        f"{method.upper()} {path}"
        for path, operations in app.openapi()["paths"].items()
        for method, operation in operations.items()
        if method.upper() not in SAFE and SCOPE not in operation and PUBLIC not in operation
    ]


def public_bytes(
    request: HTTPConnection,
    content: bytes,
    media_type: str,
    *,
    max_age: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Return public bytes for caches and other sites, with ETag; 304 where the caller has them."""
    tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    shared = {
        "ETag": tag,
        "Cache-Control": f"public, max-age={max_age}",
        "Access-Control-Allow-Origin": "*",
        "Cross-Origin-Resource-Policy": "cross-origin",
        **(headers or {}),
    }
    known = [item.strip().removeprefix("W/") for item in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=shared)
    return Response(content, media_type=media_type, headers=shared)


async def _health() -> Response:
    return JSONResponse({"status": "up"})


def _describe(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description, with each operation's scope and the true answer to bad input."""
    if app.openapi_schema is None:
        described = get_openapi(title=app.title, version=app.version, routes=app.routes)
        for operations in described["paths"].values():
            for operation in operations.values():
                _describe_operation(operation)
        app.openapi_schema = described
    return app.openapi_schema


def _describe_operation(operation: dict[str, Any]) -> None:
    scopes = {
        scope for scheme in operation.get("security", []) for names in scheme.values() for scope in names
    }
    if scopes:
        operation[SCOPE] = " ".join(sorted(scopes))
    answers = operation.get("responses", {})
    if "HTTPValidationError" in str(answers.get("422", "")):
        del answers["422"]
        answers["400"] = {
            "description": "The request cannot be read",
            "content": {"application/problem+json": {"schema": {"type": "object"}}},
        }
