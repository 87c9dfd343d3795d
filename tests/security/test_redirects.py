"""Attack: a host that may be asked sends us on to one that may not, or round and round."""

from http.server import BaseHTTPRequestHandler

import pytest
from tests.support.web import respond, serving

from certweave.examine.evidence import Fetched, Kind, Need, Unavailable
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.fetch import Fetcher
from certweave_edge.hostmap import parse_host_map

NEED = Need(Kind.DID, "https://ledger.example/did.json")


def sending_to(location: str) -> Fetched | Unavailable:
    """Ask a mapped host that answers each path but ``/end`` with a redirect to ``location``."""

    def answer(handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/end":
            respond(handler, b"{}")
        else:
            respond(handler, status=302, headers={"Location": location})

    with serving(answer) as base:
        fetcher = Fetcher(limits=DEFAULT_LIMITS, host_map=parse_host_map({"ledger.example": base}))
        return fetcher.fetch(NEED)


@pytest.mark.parametrize("location", ["/end", "https://ledger.example/end"])
def test_a_redirect_within_the_host_is_followed(location: str) -> None:
    found = sending_to(location)
    assert isinstance(found, Fetched)
    assert found.content == b"{}"


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("https://127.0.0.1/end", "private"),
        ("https://localhost:1/end", "private"),
        ("http://127.0.0.1:1/end", "https"),
        ("file:///etc/passwd", "https"),
        ("https://user@ledger.example/end", "user information"),
        ("https://[::1", "no address"),
        ("https://2130706433/end", "disguise"),
    ],
)
def test_each_hop_is_judged(location: str, reason: str) -> None:
    found = sending_to(location)
    assert isinstance(found, Unavailable)
    assert reason in found.reason


@pytest.mark.parametrize("location", ["/again", ""])
def test_a_loop_ends_at_the_limit(location: str) -> None:
    found = sending_to(location)
    assert isinstance(found, Unavailable)
    assert found.reason == "limit: more than 3 redirects (fetch_redirects)"


def test_what_the_operator_typed_does_not_cover_where_it_leads() -> None:
    with (
        serving(lambda handler: respond(handler, b"secret")) as inside,
        serving(lambda handler: respond(handler, status=307, headers={"Location": inside})) as typed,
    ):
        found = Fetcher(limits=DEFAULT_LIMITS).fetch_typed(typed)
    assert isinstance(found, Unavailable)
