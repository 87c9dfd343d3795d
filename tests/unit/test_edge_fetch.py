"""The fetcher against real servers on loopback."""

from dataclasses import replace
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler

import pytest
from tests.support.web import respond, serving

from certweave.examine.evidence import Fetched, Kind, Need, Source, Unavailable
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.budget import Allowance, Budget
from certweave_edge.clock import monotonic
from certweave_edge.fetch import Fetcher
from certweave_edge.hostmap import parse_host_map

AT = datetime(2026, 3, 1, tzinfo=UTC)
NEED = Need(Kind.DID, "https://ledger.example/dids/mill/did.jsonl")


def mapped(base: str, *, seconds: float = 5.0, budget: Budget | None = None) -> Fetcher:
    return Fetcher(
        limits=replace(DEFAULT_LIMITS, fetch_seconds=seconds),
        host_map=parse_host_map({"ledger.example": base}),
        budget=budget,
        clock=lambda: AT,
    )


def test_a_mapped_document_arrives_as_it_is() -> None:
    seen: list[tuple[str, str | None, str | None, str | None]] = []

    def answer(handler: BaseHTTPRequestHandler) -> None:
        headers = handler.headers
        seen.append((handler.path, headers["Accept-Encoding"], headers["Cookie"], headers["Accept"]))
        respond(handler, b"{}\n", media_type="Text/JSONL; charset=utf-8")

    with serving(answer) as base:
        found = mapped(base + "/ledger").fetch(NEED)
    assert found == Fetched(b"{}\n", NEED.url, "text/jsonl", AT, Source.FETCHED, 200)
    assert seen == [
        (
            "/ledger/dids/mill/did.jsonl",
            "identity",
            None,
            "application/did+json, application/json, text/jsonl, */*;q=0.1",
        )
    ]


@pytest.mark.parametrize("status", [204, 206, 401, 404, 410, 500, 503])
def test_another_status_is_unavailable_and_keeps_its_number(status: int) -> None:
    with serving(lambda handler: respond(handler, status=status)) as base:
        found = mapped(base).fetch(NEED)
    assert found == Unavailable(f"the host answered HTTP {status}", AT, status)


def test_nothing_listening_is_unavailable() -> None:
    with serving(respond) as base:
        pass
    found = mapped(base).fetch(NEED)
    assert found == Unavailable("nothing answers there", AT, 0)


def test_an_answer_that_is_no_http_is_unavailable() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"\x00\x01nonsense\r\n\r\n")

    with serving(answer) as base:
        assert mapped(base).fetch(NEED) == Unavailable("the connection failed", AT, 0)


def test_an_answer_cut_short_is_unavailable() -> None:
    def answer(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{}")

    with serving(answer) as base:
        assert mapped(base).fetch(NEED) == Unavailable("the connection failed", AT, 0)


def test_a_compressed_answer_is_refused() -> None:
    with serving(lambda handler: respond(handler, b"x", headers={"Content-Encoding": "gzip"})) as base:
        found = mapped(base).fetch(NEED)
    assert isinstance(found, Unavailable)
    assert "compressed" in found.reason


def test_a_typed_address_may_be_private() -> None:
    with serving(lambda handler: respond(handler, b"{}")) as base:
        found = Fetcher(limits=DEFAULT_LIMITS, clock=lambda: AT).fetch_typed(f"{base}/credential.json")
    assert isinstance(found, Fetched)
    assert found.content == b"{}"


def test_a_spent_budget_is_a_limit() -> None:
    budget = Budget(Allowance(hosts=1, bytes=4, seconds=60.0), started=monotonic())
    with serving(lambda handler: respond(handler, b"{  }")) as base:
        fetcher = mapped(base, budget=budget)
        assert isinstance(fetcher.fetch(NEED), Fetched)
        found = fetcher.fetch(NEED)
    assert isinstance(found, Unavailable)
    assert found.reason.startswith("limit: ")
    assert "budget_bytes" in found.reason
