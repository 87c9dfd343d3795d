"""The web kit as plain HTTP: HEAD, compressed bodies, and what it says of a body that it cannot take."""

from collections.abc import Iterator

import pytest

from certweave_edge.accounts import Directory, Scope
from certweave_edge.settings_base import BaseSettings
from tests.services.conftest import Clock
from tests.services.kit_demo import make_demo
from tests.services.kit_demo.sample import SAMPLE
from tests.services.test_web_kit import BODY, bearer
from tests.support.client import Client, open_client


@pytest.fixture
def client(directory: Directory, clock: Clock) -> Iterator[Client]:
    with open_client(make_demo(BaseSettings(body_bytes=1000), directory, clock, SAMPLE)) as opened:
        yield opened


@pytest.mark.parametrize("path", ["/health", "/login", "/nowhere"])
def test_head_is_get_without_the_content(client: Client, path: str) -> None:
    whole, head = client.get(path), client.request("HEAD", path)
    assert head.status_code == whole.status_code
    assert head.content == b""
    for name in ("content-type", "content-length", "cache-control"):
        assert head.headers[name] == whole.headers[name]


def test_compressed_bodies_are_refused_as_such(client: Client) -> None:
    answer = client.post("/login", content=b"\x1f\x8b", headers={"content-encoding": "gzip"})
    assert (answer.status_code, answer.json()["code"]) == (415, "http_unsupported_media_type")


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ("{", "the body is not JSON"),
        ("[]", "a JSON object is expected here"),
        ("{}", "this is missing"),
        ('{"number": 1, "lines": [1]}', "a text is expected here"),
    ],
)
def test_what_is_wrong_with_a_body_is_said_in_our_words(
    client: Client, directory: Directory, clock: Clock, body: str, detail: str
) -> None:
    headers = {"content-type": "application/json", **bearer(directory, clock, Scope.ISSUE)}
    answer = client.post("/orgs/fa/certificates", content=body, headers=headers)
    assert (answer.status_code, answer.json()["detail"]) == (400, detail)
    assert client.post("/orgs/fa/certificates", json=BODY, headers=headers).is_success
