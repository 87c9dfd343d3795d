"""The web kit through its demonstration service: errors, guards, login, headers, limits, languages."""

import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from fastapi import FastAPI
from starlette.applications import Starlette
from starlette.routing import Mount

from certweave_edge.accounts import Directory, Scope
from certweave_edge.settings_base import BaseSettings, Environment
from certweave_edge.web import make_app, unguarded
from tests.services.conftest import PASSWORD, Clock
from tests.services.kit_demo import make_demo
from tests.services.kit_demo.sample import SAMPLE
from tests.support.client import Client, open_client

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
BODY = {"number": "2026-0117", "lines": [1]}


@pytest.fixture
def app(directory: Directory, clock: Clock) -> FastAPI:
    return make_demo(BaseSettings(body_bytes=1000), directory, clock, SAMPLE)


@pytest.fixture
def client(app: FastAPI) -> Iterator[Client]:
    with open_client(app) as opened:
        yield opened


def bearer(directory: Directory, clock: Clock, *scopes: Scope, org: str = "fa") -> dict[str, str]:
    secret = directory.make_token(org, scopes, label="test", now=clock(), expires=clock() + timedelta(days=1))
    return {"authorization": f"Bearer {secret}"}


def csrf_of(text: str) -> str:
    found = re.search(r'name="csrf" value="([0-9a-f]{64})"', text)
    assert found
    return found[1]


def log_in(client: Client, password: str = PASSWORD, **fields: str) -> int:
    form = client.get("/login", headers=HTML)
    data = {"csrf": csrf_of(form.text), "login": "clerk@fibre.example", "password": password, **fields}
    return client.post("/login", data=data, headers=HTML).status_code


@pytest.mark.parametrize(
    ("how", "status", "code"),
    [
        ("malformed", 400, "json_duplicate"),
        ("invalid", 422, "expired"),
        ("undecided", 422, "undecided"),
        ("conflict", 409, "number_taken"),
        ("gone", 410, "offer_gone"),
        ("precondition", 412, "etag"),
        ("many", 429, "too_many"),
        ("bug", 500, "internal"),
    ],
)
def test_errors_are_problem_details_and_pages(client: Client, how: str, status: int, code: str) -> None:
    answer = client.get(f"/fails/{how}")
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert problem["request"] == answer.headers["x-request-id"]
    assert {"type", "title", "detail", "path"} <= problem.keys()
    page = client.get(f"/fails/{how}", headers=HTML)
    assert page.status_code == status
    assert page.headers["content-type"].startswith("text/html")
    assert problem["title"] in page.text
    assert code in page.text


def test_a_mistake_of_ours_tells_nothing(client: Client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/fails/bug")
    logged = "\n".join(record.getMessage() for record in caplog.records)
    assert "secret-content" not in answer.text + logged
    assert f"request={answer.headers['x-request-id']} failed=ZeroDivisionError" in logged


def test_bad_input_names_its_place_and_not_its_value(
    client: Client, directory: Directory, clock: Clock
) -> None:
    headers = bearer(directory, clock, Scope.ISSUE)
    answer = client.post(
        "/orgs/fa/certificates", headers=headers, json={"number": "1", "lines": [1, "hidden-value"]}
    )
    assert answer.status_code == 400
    assert answer.json()["path"] == "/lines/1"
    assert "hidden-value" not in answer.text
    assert client.post("/orgs/fa/certificates", headers=headers, content=b"{").status_code == 400


def test_unknown_addresses_and_methods(client: Client) -> None:
    assert client.get("/nothing").json()["code"] == "http_not_found"
    assert client.put("/health").json()["code"] == "http_method_not_allowed"
    assert "There is nothing here" in client.get("/nothing", headers=HTML).text


def test_tokens(client: Client, directory: Directory, clock: Clock) -> None:
    url = "/orgs/fa/certificates"
    assert client.post(url, json=BODY).status_code == 401
    assert client.post(url, json=BODY, headers={"authorization": "Bearer cw_no"}).status_code == 401
    good = bearer(directory, clock, Scope.ISSUE)
    assert client.post(url, json=BODY, headers=good).json()["number"] == "2026-0117"
    assert client.post(url, json=BODY, headers=bearer(directory, clock, Scope.ADMIN)).status_code == 200
    assert client.post(url, json=BODY, headers=bearer(directory, clock, Scope.READ)).status_code == 403
    token = directory.tokens("fa")
    for record in token:
        directory.revoke_token("fa", record.token_id, now=clock())
    assert client.post(url, json=BODY, headers=good).status_code == 401


def test_a_token_ends(client: Client, directory: Directory, clock: Clock) -> None:
    good = bearer(directory, clock, Scope.ISSUE)
    clock.now += timedelta(days=1)
    assert client.post("/orgs/fa/certificates", json=BODY, headers=good).status_code == 401


def test_another_organisation_is_as_good_as_none(client: Client, directory: Directory, clock: Clock) -> None:
    theirs = bearer(directory, clock, Scope.ADMIN, org="other")
    answers = [client.post(f"/orgs/{org}/certificates", json=BODY, headers=theirs) for org in ("fa", "nix")]
    told = [{**answer.json(), "request": ""} for answer in answers]
    assert told[0] == told[1]
    assert told[0]["status"] == 404


def test_login_leads_back_and_logout_ends_the_session(client: Client) -> None:
    sent = client.get("/orgs/fa/", headers=HTML)
    assert (sent.status_code, sent.headers["location"]) == (303, "/login?next=/orgs/fa/")
    assert log_in(client) == 303
    page = client.get("/orgs/fa/", headers=HTML)
    assert "account:clerk@fibre.example" in page.text
    assert client.post("/logout", data={"csrf": "0" * 64}).status_code == 403
    assert client.post("/logout", data={"csrf": csrf_of(page.text)}).status_code == 303
    assert client.get("/orgs/fa/", headers=HTML).status_code == 303


def test_a_session_ends(client: Client, clock: Clock) -> None:
    assert log_in(client) == 303
    clock.now += timedelta(hours=12)
    assert client.get("/orgs/fa/", headers=HTML).status_code == 303


def test_a_form_needs_its_token_and_its_own_site(client: Client) -> None:
    assert log_in(client) == 303
    token = csrf_of(client.get("/orgs/fa/", headers=HTML).text)
    url = "/orgs/fa/withdraw"
    assert client.post(url, data={"number": "1"}).json()["code"] == "csrf"
    assert client.post(url, data={"number": "1", "csrf": token}).status_code == 303
    elsewhere = {"sec-fetch-site": "cross-site"}
    assert client.post(url, data={"number": "1", "csrf": token}, headers=elsewhere).status_code == 403
    assert client.post("/public/check", content=b"x", headers=elsewhere).status_code == 403


def test_a_login_form_of_another_session_is_refused(client: Client) -> None:
    data = {"csrf": "0" * 64, "login": "clerk@fibre.example", "password": PASSWORD}
    assert client.post("/login", data=data).json()["code"] == "csrf"


@pytest.mark.parametrize("place", ["//evil.example", "/\\evil.example", "https://evil.example", "x"])
def test_login_never_leads_away(client: Client, place: str) -> None:
    form = client.get("/login", headers=HTML)
    data = {"csrf": csrf_of(form.text), "login": "clerk@fibre.example", "password": PASSWORD, "next": place}
    assert client.post("/login", data=data).headers["location"] == "/"


def test_a_login_that_does_not_fit_is_said_where_it_was_typed(client: Client) -> None:
    form = client.get("/login", headers=HTML)
    data = {"csrf": csrf_of(form.text), "login": "clerk@fibre.example", "password": "wrong"}
    page = client.post("/login", data=data, headers=HTML)
    (field,) = re.findall(r'<input id="f-login"[^>]*>', page.text)
    assert 'value="clerk@fibre.example"' in field
    assert 'aria-invalid="true" autofocus' in field
    assert 'id="h-login"><strong>This login and password do not belong together.' in page.text


def test_guessing_a_password_is_slowed_down(client: Client, clock: Clock) -> None:
    assert [log_in(client, "wrong") for _ in range(10)] == [401] * 10
    form = client.get("/login", headers=HTML)
    data = {"csrf": csrf_of(form.text), "login": "clerk@fibre.example", "password": PASSWORD}
    page = client.post("/login", data=data, headers=HTML)
    assert page.status_code == 429
    assert "Try again in 16 minutes." in page.text
    clock.now += timedelta(minutes=16)
    assert log_in(client) == 303


def test_headers(client: Client) -> None:
    answer = client.get("/", headers=HTML)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-store"
    assert "style=" not in answer.text
    assert not re.search(r"<script(?![^>]*\ssrc=)", answer.text)


def test_cookies_over_plain_http_on_this_machine_are_kept_by_every_program(
    directory: Directory, clock: Clock
) -> None:
    settings = BaseSettings(public_url="https://certs.example")
    app = make_demo(settings, directory, clock, SAMPLE)
    with open_client(app, base_url="http://127.0.0.1:8080") as client:
        set_cookie = client.get("/login", headers=HTML).headers["set-cookie"]
        assert "Secure" not in set_cookie
        assert "HttpOnly" in set_cookie
    with open_client(app, base_url="http://certs.example") as client:
        assert "Secure" in client.get("/login", headers=HTML).headers["set-cookie"]
    settings = replace(settings, environment=Environment.PRODUCTION)
    with open_client(make_demo(settings, directory, clock, SAMPLE), base_url="http://127.0.0.1") as client:
        assert "Secure" in client.get("/login", headers=HTML).headers["set-cookie"]


def test_cookies_over_https_are_held_to_the_host(directory: Directory, clock: Clock) -> None:
    settings = BaseSettings(public_url="https://certs.example")
    app = make_demo(settings, directory, clock, SAMPLE)
    with open_client(app, base_url="https://certs.example") as client:
        set_cookie = client.get("/login", headers=HTML).headers["set-cookie"]
    assert set_cookie.startswith("__Host-certweave_session")
    for word in ("HttpOnly", "Secure", "SameSite=lax", "Path=/"):
        assert word in set_cookie


def test_bodies_are_bounded_before_anyone_reads_them(client: Client) -> None:
    assert client.post("/logout", content=b"x" * 1001).status_code == 413
    assert client.post("/public/check", content=b"x" * 2000).json() == {"bytes": 2000}

    async def stream() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    assert client.post("/logout", content=stream()).status_code == 413


def test_static_files_are_kept_for_good(client: Client) -> None:
    page = client.get("/", headers=HTML).text
    found = re.search(r'href="(/static/certweave\.[0-9a-f]{10}\.css)"', page)
    assert found
    answer = client.get(found[1])
    assert "immutable" in answer.headers["cache-control"]
    assert len(answer.content) <= 20 * 1024
    assert "immutable" not in client.get("/static/certweave.css").headers["cache-control"]
    assert client.get("/static/../auth.py").status_code == 404


def test_public_bytes_are_cached_and_shared(client: Client) -> None:
    answer = client.get("/public/list")
    assert answer.headers["access-control-allow-origin"] == "*"
    again = client.get("/public/list", headers={"if-none-match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("query", "header", "lang", "direction"),
    [
        ("", "", "en", "ltr"),
        ("", "fr, de;q=0.8, en;q=0.3", "de", "ltr"),
        ("?lang=ar", "de", "ar", "rtl"),
        ("?lang=xx", "de-AT", "de", "ltr"),
        ("", "de;q=x,ar;q=0.1", "ar", "rtl"),
    ],
)
def test_languages(client: Client, query: str, header: str, lang: str, direction: str) -> None:
    page = client.get("/login" + query, headers={**HTML, "accept-language": header})
    assert f'<html lang="{lang}" dir="{direction}">' in page.text
    assert page.headers["content-language"] == lang
    if query == "?lang=ar":
        assert 'action="/login?lang=ar"' in page.text
        assert "تسجيل الدخول" in page.text


def test_one_address_answers_people_and_programs(client: Client, directory: Directory, clock: Clock) -> None:
    headers = bearer(directory, clock, Scope.READ)
    assert client.get("/orgs/fa/", headers=headers).json()["org"] == "fa"
    assert client.get("/orgs/fa/").status_code == 401


def test_below_a_prefix(directory: Directory, clock: Clock) -> None:
    settings = BaseSettings(public_url="https://certs.example", prefix="/issuer")
    whole = Starlette(routes=[Mount("/issuer", make_demo(settings, directory, clock, SAMPLE))])
    with open_client(whole, base_url="https://certs.example") as client:
        page = client.get("/issuer/", headers=HTML)
        assert 'href="/issuer/static/certweave.' in page.text
        sent = client.get("/issuer/orgs/fa/", headers=HTML)
        assert sent.headers["location"] == "/issuer/login?next=/orgs/fa/"
        public = client.get("/issuer/address").json()["public"]
        assert public == "https://certs.example/issuer/orgs/fa/status/3"
        assert client.post("/issuer/public/check", content=b"x" * 2000).json() == {"bytes": 2000}


def test_openapi_tells_scopes_and_finds_what_is_unguarded(
    app: FastAPI, directory: Directory, clock: Clock
) -> None:
    assert unguarded(app) == []
    operation = app.openapi()["paths"]["/orgs/{org}/certificates"]["post"]
    assert operation["x-certweave-scope"] == "issue"
    assert operation["security"] == [{"token": ["issue"]}]
    assert "422" not in operation["responses"]
    bare = make_app(title="Bare", package=None, settings=BaseSettings(), directory=directory, clock=clock)
    bare.add_api_route("/change", lambda: {}, methods=["POST"])
    assert unguarded(bare) == ["POST /change"]
