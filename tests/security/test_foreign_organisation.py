"""Organisation B reads or writes nothing of A, on any route that the issuer's OpenAPI description lists."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.routing import APIRoute
from sqlalchemy import MetaData, select
from tests.support.client import Client, open_client
from tests.support.issuing import PUBLIC as HOST
from tests.support.issuing import Office, open_office, scope_data

from certweave_edge.accounts import Scope
from certweave_edge.auth import PUBLIC, SCOPE
from certweave_edge.sql import Database
from certweave_issuer.app import ROUTERS

PASSWORD = "correct horse battery"
SECRET = "Only for the eyes of A"
VALUES = {"org": "fa", "number": "SC-1", "key": "SC-1", "version": "1", "secret": "x", "act": "withdraw"}
OPEN = frozenset({"/orgs/{org}/credentials/{key}", "/register/{org}/{number}"})
"""Pages that anyone may see and that the description does not list."""
OWN = frozenset({"sessions", "audit", "nonces", "nonce_keys"})
"""Tables in which trying leaves a trace of the one who tried, never of A."""


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    with open_office(tmp_path) as opened:
        opened.issued("scope", "SC-1", scope_data())
        draft = {"kind": "scope", "number": "SC-2", "data": scope_data(name=SECRET)}
        opened.call("POST", "/orgs/fa/certificates", {**draft, "scheme": scope_data_scheme()})
        yield opened


def scope_data_scheme() -> str:
    return str(scope_data()["certificationScope"]["schemes"][0])


def dump(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    metadata = MetaData()
    metadata.reflect(database.engine)
    with database.read() as connection:
        return {
            name: [tuple(row) for row in connection.execute(select(table))]
            for name, table in metadata.tables.items()
            if name not in OWN
        }


def routes(office: Office) -> list[tuple[str, str, str | None]]:
    """Return method, path with A's values, and scope, of every route about an organisation.

    By the OpenAPI description, and by the app's own list: pages that are only read are not described.
    """
    described = office.app.openapi()["paths"]
    found = []
    for route in (route for router in ROUTERS for route in router.routes):
        if not isinstance(route, APIRoute) or "{org}" not in route.path:
            continue
        for method in sorted(route.methods or ()):
            operation = described.get(route.path, {}).get(method.lower())
            public = route.path in OPEN if operation is None else SCOPE not in operation
            scope = None if public else (operation or {}).get(SCOPE, Scope.READ.value)
            found.append((method, fill(route.path), scope))
    return found


def fill(path: str) -> str:
    for name, value in VALUES.items():
        path = path.replace(f"{{{name}}}", value)
    return path.replace("/status/SC-1", "/status/1")


def login(client: Client, office: Office) -> None:
    directory = office.app.state.directory
    directory.add_account("other", "clerk@other.example", PASSWORD, [Scope.ADMIN], now=office.world.clock)
    form = client.get("/login", headers={"accept": "text/html"}).text
    (csrf,) = re.findall(r'name="csrf" value="([0-9a-f]{64})"', form)
    data = {"login": "clerk@other.example", "password": PASSWORD, "csrf": csrf}
    answer = client.post("/login", data=data)
    assert answer.status_code == 303, answer.text


@pytest.mark.parametrize("accept", ["application/json", "text/html"])
def test_a_token_of_b_opens_nothing_of_a(office: Office, accept: str) -> None:
    before = dump(office.app.state.directory.database)
    guarded = [route for route in routes(office) if route[2] is not None]
    assert len(guarded) > 12
    for method, path, _ in guarded:
        answer = office.call(method, path, {}, org="other", accept=accept)
        # 405: this address has no such page, or no such call beside its page.
        assert answer.status_code in {303, 404, 405}, f"{method} {path}: {answer.status_code} {answer.text}"
        assert answer.status_code != 303 or "/login" in answer.headers["location"], f"{method} {path}"
        assert SECRET not in answer.text
    assert dump(office.app.state.directory.database) == before


def test_a_login_of_b_opens_nothing_of_a(office: Office) -> None:
    with open_client(office.app, base_url=HOST) as client:
        login(client, office)
        before = dump(office.app.state.directory.database)
        for method, path, scope in routes(office):
            if scope is not None:
                answer = client.request(method, path, headers={"accept": "text/html"})
                assert answer.status_code in {401, 403, 404, 405}, f"{method} {path}: {answer.status_code}"
                assert SECRET not in answer.text
    assert dump(office.app.state.directory.database) == before


def test_every_route_is_guarded_or_says_why_not(office: Office) -> None:
    for path, operations in office.app.openapi()["paths"].items():
        for method, operation in operations.items():
            assert method == "get" or SCOPE in operation or PUBLIC in operation, f"{method} {path}"


def test_routes_open_to_all_tell_b_no_more_than_anybody(office: Office) -> None:
    for listed in ("/orgs/fa/status/1", "/orgs/fa/status/1/tokens"):
        office.client.get(listed)  # a list is signed when it is first asked for
    before = dump(office.app.state.directory.database)
    for method, path, scope in routes(office):
        if scope is None:
            as_b, as_anybody = office.call(method, path, org="other"), office.client.request(method, path)
            assert SECRET not in as_b.text
            assert as_b.status_code == as_anybody.status_code
    assert dump(office.app.state.directory.database) == before


def test_b_may_use_the_same_number(office: Office) -> None:
    body = {"kind": "scope", "number": "SC-1", "scheme": scope_data_scheme(), "data": scope_data(name="B's")}
    answer = office.call("POST", "/orgs/other/certificates", body, org="other")
    assert answer.status_code == 201
    assert office.call("GET", "/orgs/fa/certificates/SC-1").json()["name"] != "B's"


def test_a_code_of_a_is_none_at_b(office: Office) -> None:
    party = office.world.party("gin")
    office.issued("scope", "SC-3", scope_data(holder={"id": party.did, "name": "Gin"}))
    offer = office.call("POST", "/orgs/fa/certificates/SC-3/offer", {}).json()["offer"]
    (grant,) = offer["grants"].values()
    body = {
        "grant_type": "urn:ietf:params:oauth:grant-type:pre-authorized_code",
        "pre-authorized_code": grant["pre-authorized_code"],
    }
    assert office.client.post("/orgs/other/oid4vci/token", data=body).json()["error"] == "invalid_grant"
    assert office.client.post("/orgs/fa/oid4vci/token", data=body).status_code == 200


@pytest.mark.parametrize("scopes", [[Scope.READ], [Scope.STATUS], [Scope.ISSUE], [Scope.KEYS]])
def test_a_scope_opens_its_own_doors_only(office: Office, scopes: list[Scope]) -> None:
    directory = office.app.state.directory
    office.tokens["fa"] = directory.make_token("fa", scopes, label="narrow", now=office.world.clock)
    for method, path, needed in routes(office):
        if needed is None or needed in {scope.value for scope in scopes}:
            continue
        answer = office.call(method, path, {})
        assert answer.status_code in {303, 403, 404, 405}, f"{method} {path}: {answer.status_code}"
        assert SECRET not in answer.text
