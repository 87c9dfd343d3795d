"""The front door of ``serve all``: one address, below which each service has its own.

Some addresses have to stand at the root of a host, whoever serves them: a product's ``/01/…`` is the
wallet's, and ``/.well-known/{name}/{service}/…`` (RFC 8615, as OID4VCI 1.0 §12.2.2 and RFC 8414 §3 insert it
before the path) is that service's. They are handed on inside this process, without a redirect.
"""

import re
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount
from starlette.types import ASGIApp, Receive, Scope, Send

from certweave_app.serve.parts import PACKAGES
from certweave_edge import web_errors
from certweave_edge.envelope import Envelope
from certweave_edge.i18n import mark
from certweave_edge.pages import Pages

_WELL_KNOWN: Final = re.compile(rf"(/\.well-known/[^/]+)/({'|'.join(PACKAGES)})(/.*)\Z")
_BODY_BYTES: Final = 1000
"""The front page takes no forms."""


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who can log in to the demonstration."""

    service: str
    org: str
    name: str
    login: str
    password: str


@dataclass(frozen=True, slots=True)
class Place:
    """An address that is worth a look, and what is there."""

    path: str
    words: str


@dataclass(slots=True)
class Landing:
    """What the front page tells beside the four services; the demonstration fills it in."""

    accounts: list[Account] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)


def make_front(
    services: Mapping[str, FastAPI],
    *,
    landing: Landing,
    https: bool,
    wrap: Callable[[str, ASGIApp], ASGIApp] = lambda _, app: app,
) -> ASGIApp:
    """Return the app that has the four under it, and starts and stops with them.

    ``wrap`` may put a layer around a service; a demonstration stops the ledger with it.
    """

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with AsyncExitStack() as running:
            for app in services.values():
                # Some close their database themselves; closing it again changes nothing.
                running.callback(app.state.kit.directory.database.close)
                await running.enter_async_context(app.router.lifespan_context(app))
            yield

    mounts = [Mount(f"/{name}", wrap(name, app)) for name, app in services.items()]
    root = Starlette(routes=[*mounts, Mount("/", _make_landing(landing, https=https))], lifespan=lifespan)

    async def front(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            path = find_place(scope["path"])
            if path != scope["path"]:
                raw = find_place(scope.get("raw_path", b"").decode("latin-1")).encode("latin-1")
                scope = {**scope, "path": path, "raw_path": raw}
        await root(scope, receive, send)

    return front


def find_place(path: str) -> str:
    """Return where an address of the root is served: the wallet for products, its service for well-known."""
    if path.startswith("/01/"):
        return f"/wallet{path}"
    found = _WELL_KNOWN.fullmatch(path)
    return f"/{found[2]}{found[1]}{found[3]}" if found else path


def _make_landing(landing: Landing, *, https: bool) -> FastAPI:
    pages = Pages(title=mark("Certweave"), packages=("certweave_edge", "certweave_app"))
    envelope = Middleware(Envelope, body_bytes=_BODY_BYTES, https=https)
    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, middleware=[envelope])
    app.state.pages = pages
    web_errors.register(app)
    app.router.routes.append(pages.assets.route())

    @app.get("/")
    async def show(request: Request) -> Response:
        return pages.render(request, "front.html", {"landing": landing})

    @app.get("/health")
    async def health() -> Response:
        return JSONResponse({"status": "up"})

    return app
