"""The outermost layer of every service: request ids, body limits, headers, the log line, the last handler.

Pure ASGI, so that streaming answers pass through untouched. A log line carries ids and codes, never
contents: not even an exception's message is written, because it may quote what it stumbled over.
"""

import logging
import re
import secrets
import traceback
from collections.abc import Sequence
from typing import Final

import anyio
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from certweave_edge.clock import monotonic
from certweave_edge.problem import Problem, internal_problem, status_problem
from certweave_edge.web_errors import answer_problem

_LOG: Final = logging.getLogger("certweave.web")
BODY_SECONDS: Final = 30.0
"""A body of 1 MiB takes a second on a poor line; whoever needs longer only holds the connection."""
CONTENT_POLICY: Final = (
    "default-src 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; form-action 'self'"
)
_HEADERS: Final = {
    "content-security-policy": CONTENT_POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "permissions-policy": "camera=(self), geolocation=(), microphone=(), payment=()",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
"""Defaults: a route that sets one of them itself keeps what it set."""
_CROSS_ORIGIN: Final = {"access-control-allow-origin": "*"}
_PREFLIGHT: Final = {
    **_CROSS_ORIGIN,
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "Accept, Authorization, Content-Type",
    "access-control-max-age": "3600",
}
"""Any origin, and never with cookies: what a page of others may do here, anybody may do without a page."""


class Envelope:
    """The ASGI layer.

    ``large_bodies`` are patterns of paths with limits of their own; ``cross_origin`` of paths that pages of
    other sites may call and read (CORS), such as wallets that run in a browser.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        body_bytes: int,
        large_bodies: Sequence[tuple[str, int]] = (),
        cross_origin: Sequence[str] = (),
        https: bool = False,
    ) -> None:
        self._app = app
        self._cross_origin = [re.compile(pattern) for pattern in cross_origin]
        self._body_bytes = body_bytes
        self._large = [(re.compile(pattern), limit) for pattern, limit in large_bodies]
        self._headers = dict(_HEADERS)
        if https:
            self._headers["strict-transport-security"] = "max-age=31536000"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        app, headers = self._app, self._headers
        if any(pattern.fullmatch(path) for pattern in self._cross_origin):
            headers = {**headers, **_CROSS_ORIGIN}
            if scope["method"] == "OPTIONS" and "access-control-request-method" in Headers(scope=scope):
                app = Response(status_code=204, headers=_PREFLIGHT)
        exchange = _Exchange(send, headers, bodiless=scope["method"] == "HEAD")
        scope.setdefault("state", {})["request_id"] = exchange.request_id
        if scope["method"] == "HEAD":
            # RFC 9110 §9.3.2: as GET, without the content. The server keeps its own scope, and knows.
            scope = {**scope, "method": "GET"}
        try:
            body = await self._read_body(scope, path, receive)
            if isinstance(body, Problem):
                await answer_problem(HTTPConnection(scope), body)(scope, receive, exchange.send)
            else:
                await app(scope, _Replay(body, receive), exchange.send)
        except Exception as error:
            # The outermost handler: what gets here is our mistake. Tell the log where, tell nobody what.
            exchange.failed(error)
            if exchange.status:
                raise
            await answer_problem(HTTPConnection(scope), internal_problem())(scope, receive, exchange.send)
        finally:
            exchange.log(scope)

    async def _read_body(self, scope: Scope, path: str, receive: Receive) -> bytes | Problem:
        limit = next((most for pattern, most in self._large if pattern.fullmatch(path)), self._body_bytes)
        too_large = status_problem(413, f"a request here has at most {limit} bytes")
        sent = Headers(scope=scope)
        if sent.get("content-encoding", "identity").strip().lower() != "identity":
            return status_problem(415, "a request here is not compressed: send it without Content-Encoding")
        declared = sent.get("content-length", "0")
        if not declared.isdecimal() or len(declared) > 18 or int(declared) > limit:
            return too_large
        pieces: list[bytes] = []
        size = 0
        with anyio.move_on_after(BODY_SECONDS):
            while True:
                message = await receive()
                if message["type"] == "http.disconnect":
                    return b"".join(pieces)
                size += len(message.get("body", b""))
                if size > limit:
                    return too_large
                pieces.append(message.get("body", b""))
                if not message.get("more_body", False):
                    return b"".join(pieces)
        return status_problem(408, f"the request did not arrive within {BODY_SECONDS:g} s")


class _Replay:
    """``receive`` for the app: the body in one piece, then whatever the server says next."""

    def __init__(self, body: bytes, receive: Receive) -> None:
        self._body: bytes | None = body
        self._receive = receive

    async def __call__(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        return await self._receive()


class _Exchange:
    """One request and its answer, as the log sees it."""

    def __init__(self, send: Send, headers: dict[str, str], *, bodiless: bool) -> None:
        self.request_id = secrets.token_hex(8)
        self._bodiless = bodiless
        self.status = 0
        self._send = send
        self._headers = headers
        self._began = monotonic()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(scope=message)
            for name, value in self._headers.items():
                headers.setdefault(name, value)
            headers["x-request-id"] = self.request_id
        elif self._bodiless:
            message = {**message, "body": b""}
        await self._send(message)

    def failed(self, error: Exception) -> None:
        places = traceback.extract_tb(error.__traceback__)[-6:]
        where = " < ".join(f"{place.name}:{place.lineno}" for place in reversed(places))
        _LOG.error("request=%s failed=%s at=%s", self.request_id, type(error).__name__, where)

    def log(self, scope: Scope) -> None:
        route = scope.get("route")
        _LOG.info(
            "request=%s method=%s route=%s status=%d ms=%d code=%s",
            self.request_id,
            scope["method"],
            getattr(route, "path", "-"),
            self.status,
            (monotonic() - self._began) * 1000,
            scope["state"].get("code", "-"),
        )
