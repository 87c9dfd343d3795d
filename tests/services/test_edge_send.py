"""Posting to hosts that a message named: what goes on the wire, and what is refused."""

from collections.abc import Iterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from certweave.errors import UndecidedError
from certweave.limits import Limits
from certweave_edge.budget import Allowance, Budget
from certweave_edge.clock import monotonic
from certweave_edge.hostmap import HostMap, parse_host_map
from certweave_edge.network import FetchError
from certweave_edge.send import FORM, Sender
from tests.support.loopback import serving_app

SMALL = Limits(credential_bytes=1000, fetch_seconds=2.0)


async def echo(request: Request) -> Response:
    body = (await request.body()).decode()
    names = ("host", "content-type", "authorization", "accept-encoding")
    return JSONResponse({"body": body, **{name: request.headers.get(name) for name in names}}, 201)


async def away(_: Request) -> Response:
    return RedirectResponse("https://elsewhere.example/", 307)


async def flood(_: Request) -> Response:
    return Response(b"x" * 2000)


async def packed(_: Request) -> Response:
    return Response(b"x", headers={"content-encoding": "gzip"})


async def busy(request: Request) -> Response:
    return Response(status_code=429, headers={"retry-after": (await request.body()).decode()})


@pytest.fixture(scope="module")
def base() -> Iterator[str]:
    routes = [
        Route(f"/{work.__name__}", work, methods=["POST"]) for work in (echo, away, flood, packed, busy)
    ]
    with serving_app(Starlette(routes=routes)) as address:
        yield address


def sender(base: str | None, *, hosts: int = 8, bytes_: int = 10_000) -> Sender:
    allowance = Allowance(hosts, bytes_, 5.0)
    host_map = HostMap() if base is None else parse_host_map({"bank.example": base, "shop.example": base})
    return Sender(limits=SMALL, budget=Budget(allowance, started=monotonic()), host_map=host_map)


@pytest.mark.parametrize(
    ("said", "read"),
    [("150", 150), ("", None), ("-1", None), ("1" * 7, None), ("Fri, 31 Dec 1999 23:59:59 GMT", None)],
)
def test_how_long_to_wait(base: str, said: str, read: int | None) -> None:
    answer = sender(base).post("https://bank.example/busy", said.encode(), FORM)
    assert (answer.status, answer.retry_after) == (429, read)


def test_body_type_and_token_arrive(base: str) -> None:
    answer = sender(base).post("https://bank.example/echo", b"a=1", FORM, token="t-1")
    assert (answer.status, answer.media_type) == (201, "application/json")
    assert b'"body":"a=1"' in answer.content
    assert b'"authorization":"Bearer t-1"' in answer.content
    assert b'"accept-encoding":"identity"' in answer.content


def test_an_empty_body_has_no_type_and_no_token(base: str) -> None:
    answer = sender(base).post("https://bank.example/echo", b"", "")
    assert b'"content-type":null' in answer.content
    assert b'"authorization":null' in answer.content


def test_a_redirect_is_an_answer_and_not_followed(base: str) -> None:
    answer = sender(base).post("https://bank.example/away", b"secret", FORM)
    assert (answer.status, answer.content) == (307, b"")


@pytest.mark.parametrize(("path", "code"), [("flood", "limit"), ("packed", "encoding")])
def test_answers_that_are_too_much_are_refused(base: str, path: str, code: str) -> None:
    with pytest.raises(FetchError) as caught:
        sender(base).post(f"https://bank.example/{path}", b"", FORM)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://127.0.0.1:1/", "url_refused"),
        ("https://127.0.0.1/", "address_private"),
        ("https://[::1]/", "address_private"),
        ("ftp://bank.example/", "url_refused"),
    ],
)
def test_addresses_inside_are_refused(url: str, code: str) -> None:
    with pytest.raises(FetchError) as caught:
        sender(None).post(url, b"secret", FORM)
    assert caught.value.code == code


def test_the_budget_ends(base: str) -> None:
    spent = sender(base, bytes_=10)
    with pytest.raises(UndecidedError):
        spent.post("https://bank.example/echo", b"", FORM)


def test_nobody_listening_is_told(base: str) -> None:
    host_map = parse_host_map({"bank.example": "http://127.0.0.1:1"})
    deaf = Sender(limits=SMALL, budget=Budget(Allowance(), started=monotonic()), host_map=host_map)
    with pytest.raises(FetchError) as caught:
        deaf.post("https://bank.example/echo", b"", FORM)
    assert caught.value.code == "unreachable"
