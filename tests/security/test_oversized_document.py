"""Attack: an answer without end, in size or in time."""

import time
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest
from tests.support.web import Answer, respond, serving

from certweave.examine.evidence import Kind, Need, Unavailable
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave_edge.fetch import Fetcher
from certweave_edge.hostmap import parse_host_map

SMALL = replace(DEFAULT_LIMITS, did_log_bytes=1000, status_list_packed_bytes=500, credential_bytes=1000)


def ask(answer: Answer, limits: Limits, kind: Kind = Kind.DID) -> Unavailable:
    with serving(answer) as base:
        fetcher = Fetcher(limits=limits, host_map=parse_host_map({"big.example": base}))
        found = fetcher.fetch(Need(kind, "https://big.example/"))
    assert isinstance(found, Unavailable)
    return found


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        (Kind.DID, "did_log_bytes"),
        (Kind.STATUS, "status_list_packed_bytes"),
        (Kind.CREDENTIAL, "credential_bytes"),
        (Kind.CONTEXT, "credential_bytes"),
    ],
)
def test_a_declared_size_is_refused_unread(kind: Kind, name: str) -> None:
    found = ask(lambda handler: respond(handler, b"x" * 1001), SMALL, kind)
    assert found.reason == f"limit: the answer is larger than 1000 bytes ({name})"


def test_an_undeclared_size_is_cut_off() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n")
        for _ in range(10_000):
            handler.wfile.write(b"x" * 10_000)

    assert ask(answer, SMALL).reason.startswith("limit: the answer is larger")


def test_headers_without_end_are_cut_off() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\n")
        for number in range(100_000):
            handler.wfile.write(b"X-%d: %s\r\n" % (number, b"y" * 1000))

    assert ask(answer, SMALL).reason == "the connection failed"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\n\r\n"])
def test_a_drip_of_bytes_ends_at_the_deadline(head: bytes) -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(head)
        for _ in range(600):
            handler.wfile.write(b"H")
            handler.wfile.flush()
            time.sleep(0.05)

    started = time.monotonic()
    found = ask(answer, replace(SMALL, fetch_seconds=0.4))
    assert found.reason == "no complete answer in time"
    assert time.monotonic() - started < 15


def test_a_resolver_that_hangs_ends_at_the_deadline() -> None:
    def hang(host: str, port: int) -> list[str]:
        time.sleep(5)
        return []

    fetcher = Fetcher(limits=replace(SMALL, fetch_seconds=0.2), resolve=hang)
    started = time.monotonic()
    found = fetcher.fetch(Need(Kind.DID, "https://slow.example/"))
    assert isinstance(found, Unavailable)
    assert time.monotonic() - started < 4
