"""Attack: a document names an address inside of our own network (server-side request forgery)."""

import socket
from http.server import BaseHTTPRequestHandler

import pytest
from tests.support.web import respond, serving

from certweave.examine.evidence import Kind, Need, Unavailable
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.fetch import Fetcher
from certweave_edge.network import FetchError, check_public
from certweave_edge.transport import Resolve


def answering(*addresses: str) -> Resolve:
    """Return a resolver that knows one answer to everything."""
    return lambda host, port: list(addresses)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "0.0.0.0",  # noqa: S104
        "10.1.2.3",
        "100.64.0.1",
        "169.254.169.254",
        "172.16.0.1",
        "192.0.0.1",
        "192.0.2.1",
        "192.168.1.1",
        "198.18.0.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::ffff:127.0.0.1",
        "::ffff:8.8.8.8",
        "::127.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::808:808",
        "64:ff9b:1::1",
        "2001:0:4136:e378:8000:63bf:3fff:fdd2",
        "2001:db8::1",
        "2002:7f00:1::",
        "fc00::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
        "not an address",
    ],
)
def test_an_address_that_is_not_public_is_refused(address: str) -> None:
    with pytest.raises(FetchError) as refused:
        check_public(address)
    assert refused.value.code == "address_private"
    assert address not in refused.value.detail


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/did.json",
        "https://[::1]/did.json",
        "https://[::ffff:127.0.0.1]/did.json",
        "https://169.254.169.254/latest/meta-data/",
        "https://localhost/did.json",
    ],
)
def test_a_document_cannot_name_it(url: str) -> None:
    found = Fetcher(limits=DEFAULT_LIMITS).fetch(Need(Kind.DID, url))
    assert isinstance(found, Unavailable)
    assert "private" in found.reason


def test_a_name_that_leads_there_is_refused() -> None:
    fetcher = Fetcher(limits=DEFAULT_LIMITS, resolve=answering("10.0.0.7"))
    found = fetcher.fetch(Need(Kind.STATUS, "https://innocent.example/status/1"))
    assert isinstance(found, Unavailable)
    assert "private" in found.reason
    assert "10.0.0.7" not in found.reason


def test_one_private_address_among_public_ones_is_enough() -> None:
    fetcher = Fetcher(limits=DEFAULT_LIMITS, resolve=answering("93.184.215.14", "127.0.0.1"))
    found = fetcher.fetch(Need(Kind.STATUS, "https://innocent.example/status/1"))
    assert isinstance(found, Unavailable)
    assert "private" in found.reason


def test_the_name_is_asked_for_once() -> None:
    """DNS rebinding: a second look-up would answer with another address than the one that was judged."""
    asked: list[str] = []

    def rebinding(host: str, port: int) -> list[str]:
        asked.append(host)
        return ["10.0.0.7"] if len(asked) == 1 else ["127.0.0.1"]

    Fetcher(limits=DEFAULT_LIMITS, resolve=rebinding).fetch(Need(Kind.DID, "https://rebind.example/did.json"))
    assert asked == ["rebind.example"]


def test_plain_http_in_a_document_is_refused() -> None:
    asked: list[str] = []

    def resolve(host: str, port: int) -> list[str]:
        asked.append(host)
        return []

    with serving(lambda handler: respond(handler, b"{}")) as base:
        fetcher = Fetcher(limits=DEFAULT_LIMITS, resolve=resolve)
        found = fetcher.fetch(Need(Kind.STATUS, f"{base}/status/1"))
    assert isinstance(found, Unavailable)
    assert "https" in found.reason
    assert asked == []


def test_the_environment_names_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        seen.append(handler.path)
        respond(handler, b"{}")

    with serving(answer) as base:
        monkeypatch.setenv("HTTP_PROXY", base)
        monkeypatch.setenv("HTTPS_PROXY", base)
        monkeypatch.setenv("ALL_PROXY", base)
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            port = unused.getsockname()[1]
        found = Fetcher(limits=DEFAULT_LIMITS).fetch_typed(f"http://127.0.0.1:{port}/x")
    assert isinstance(found, Unavailable)
    assert seen == []
