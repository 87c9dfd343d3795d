"""A service of no use that exercises every part of the web kit."""

from collections.abc import Callable
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Form
from pydantic import BaseModel
from starlette.requests import Request
from starlette.responses import Response

from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError
from certweave_edge.accounts import Directory, Principal, Scope
from certweave_edge.auth import either, page, public, require, same_origin, visitor
from certweave_edge.kit import kit_of, outbound
from certweave_edge.pages import NavLink
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.settings_base import BaseSettings
from certweave_edge.web import make_app, public_bytes

ERRORS: dict[str, Exception] = {
    "malformed": MalformedError("a member is doubled", code="json_duplicate", path="/a"),
    "invalid": InvalidError("the period is over", code="expired"),
    "undecided": UndecidedError("the list did not answer", cause=Cause.UNREACHABLE),
    "conflict": RefusedError("this number is taken", Refusal.CONFLICT, code="number_taken"),
    "gone": RefusedError("this offer is over", Refusal.GONE, code="offer_gone"),
    "precondition": RefusedError("it has changed", Refusal.PRECONDITION, code="etag"),
    "many": RefusedError("too many", Refusal.TOO_MANY, code="too_many", retry_after=7),
    "bug": ZeroDivisionError("secret-content"),
}


class Body(BaseModel):
    number: str
    lines: list[int]


def make_demo(
    settings: BaseSettings, directory: Directory, clock: Callable[[], datetime], sample: dict[str, Any]
) -> FastAPI:
    app = make_app(
        title="Web kit",
        package="tests.services.kit_demo",
        settings=settings,
        directory=directory,
        clock=clock,
        nav=[
            NavLink("/", "Check"),
            NavLink("/orgs/{org}/", "Certificates", Scope.READ),
            NavLink("/orgs/{org}/keys", "Keys", Scope.KEYS),
        ],
        large_bodies=[(r"/public/.*", 4 << 20)],
    )

    @app.get("/")
    async def home(request: Request, who: Annotated[Principal | None, visitor()]) -> Response:
        return kit_of(request).pages.render(request, "demo.html", sample)

    @app.get("/fails/{how}")
    async def fails(how: str) -> Response:
        raise ERRORS[how]

    @app.get("/orgs/{org}/")
    async def listed(request: Request, org: str, who: Annotated[Principal, either(Scope.READ)]) -> Response:
        data = {"org": org, "actor": who.actor}
        return kit_of(request).pages.answer(request, "orgs.html", data)

    @app.post("/orgs/{org}/certificates")
    def issue(org: str, body: Body, who: Annotated[Principal, require(Scope.ISSUE)]) -> dict[str, str]:
        return {"number": body.number, "by": who.actor}

    @app.post("/orgs/{org}/withdraw")
    async def withdraw(
        request: Request,
        org: str,
        number: Annotated[str, Form()],
        who: Annotated[Principal, page(Scope.STATUS)],
    ) -> Response:
        return kit_of(request).pages.redirect(request, f"/orgs/{org}/")

    @app.post("/public/check", openapi_extra=public("verification is open to all"))
    async def check(request: Request, _: Annotated[None, Depends(same_origin)]) -> dict[str, int]:
        size = len(await request.body())
        return {"bytes": await outbound(request, lambda: size)}

    @app.get("/public/list")
    async def status_list(request: Request) -> Response:
        return public_bytes(request, b"{}", "application/json", max_age=60)

    @app.get("/address")
    async def address(request: Request) -> dict[str, str]:
        return {"public": kit_of(request).settings.public("/orgs/fa/status/3")}

    return app
