"""Acts that take no body refuse one: what stands in it might be meant as a condition, and is not ignored."""

from collections.abc import Iterable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from certweave_app.serve.parts import make_service, read_settings
from certweave_edge.bodies import check_no_body
from tests.support.issuing import SCHEME, Office, open_office, scope_data

NUMBERS = count(1)

READ_BY_HAND = {
    "/logout",  # forms of pages
    "/checks",
    "/orgs/{org}/certificates/new",
    "/orgs/{org}/certificates/{number}/acts/approve",
    "/orgs/{org}/certificates/{number}/acts/issue",
    "/orgs/{org}/certificates/{number}/acts/offer",
    "/orgs/{org}/certificates/{number}/acts/{act}",
    "/orgs/{org}/certificates/{number}/forms/{act}",
    "/orgs/{org}/oid4vci/nonce",  # OpenID4VCI says what wallets send
}
"""Routes that say nothing of a body in their description, and read one."""


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    with open_office(tmp_path_factory.mktemp("office")) as opened:
        yield opened


def calls(dependant: Dependant) -> Iterator[Any]:
    for inner in dependant.dependencies:
        yield inner.call
        yield from calls(inner)


def bodiless(routes: Iterable[Any]) -> Iterator[APIRoute]:
    for route in routes:
        if hasattr(route, "original_router"):  # one that was included
            yield from bodiless(route.original_router.routes)
        if isinstance(route, APIRoute) and route.methods and route.methods.isdisjoint({"GET", "HEAD"}):
            described = "requestBody" in (route.openapi_extra or {})
            if route.body_field is None and not described:
                yield route


def test_every_act_reads_its_body_or_refuses_one(tmp_path: Path) -> None:
    open_: set[str] = set()
    for service in ("ledger", "issuer", "wallet", "verifier"):
        app = make_service(service, read_settings(service, {}, data=tmp_path / service, prefix=f"/{service}"))
        open_ |= {route.path for route in bodiless(app.routes) if check_no_body not in calls(route.dependant)}
        app.state.kit.directory.database.close()
    assert open_ == READ_BY_HAND


@pytest.mark.parametrize(
    ("body", "media_type", "code"),
    [
        (b"", "", None),
        (b" \n", "application/json", None),
        (b"{}", "application/json", None),
        (b"csrf=x", "application/x-www-form-urlencoded", None),
        (b'{"undated": "accept"}', "application/json", "option_unknown"),
        (b'{"undated": "accept"}', "", "option_unknown"),
        (b"csrf=x&reason=fraud", "application/x-www-form-urlencoded", "option_unknown"),
        (b"[]", "application/json", "json_not_object"),
        (b"now", "text/plain", "json_syntax"),
    ],
)
def test_what_is_sent_all_the_same(office: Office, body: bytes, media_type: str, code: str | None) -> None:
    number = f"SC-{next(NUMBERS)}"
    entry = {"kind": "scope", "number": number, "scheme": SCHEME, "data": scope_data()}
    assert office.call("POST", "/orgs/fa/certificates", entry).is_success
    headers = {"Authorization": f"Bearer {office.tokens['fa']}", "content-type": media_type}
    path = f"/orgs/fa/certificates/{number}/approve"
    answer = office.client.post(path, content=body, headers={k: v for k, v in headers.items() if v})
    assert (answer.status_code, answer.json().get("code")) == ((200, None) if code is None else (400, code))
    state = office.call("GET", f"/orgs/fa/certificates/{number}").json()["state"]
    assert state == ("approved" if code is None else "draft")
    assert office.client.post(path, content=body).status_code == 401
