"""Which web addresses are read, and where a mapped one leads."""

import pytest

from certweave.errors import MalformedError
from certweave_edge.hostmap import parse_host_map
from certweave_edge.network import FetchError, check_public, parse_web_address


@pytest.mark.parametrize(
    ("url", "text"),
    [
        ("https://Example.COM", "https://example.com/"),
        ("https://example.com:443/a?b=c#d", "https://example.com/a?b=c"),
        ("https://example.com:8443/a", "https://example.com:8443/a"),
        ("http://127.0.0.1:8000/x", "http://127.0.0.1:8000/x"),
        ("https://[2001:db8::1]/x", "https://[2001:db8::1]/x"),
        ("https://a_b.example/", "https://a_b.example/"),
    ],
)
def test_an_address_is_read(url: str, text: str) -> None:
    assert parse_web_address(url).text == text


@pytest.mark.parametrize(
    "url",
    [
        "",
        "example.com",
        "ftp://example.com/",
        "file:///etc/passwd",
        "https://user@example.com/",
        "https://user:secret@example.com/",
        "https://@example.com/",
        "https://example.com:0/",
        "https://example.com:99999/",
        "https://exa mple.com/",
        "https://example.com/\r\nHost: other",
        "https://example.com\\@other.example/",
        "https://ex%61mple.com/",
        "https://exämple.com/",
        "https://2130706433/",
        "https://0x7f000001/",
        "https://0x7f.1/",
        "https://127.1/",
        "https://0177.0.0.1/",
        "https://1.2.3.0x4/",
        "https://example.com./",
        "https://-example.com/",
        "https://[::1%25eth0]/",
        "https://[fe80::1%eth0]/",
        "https://[1.2.3.4]/",
        "https://[::1/",
        "https://",
        "https:///path",
        "https://example.com/" + "a" * 5000,
    ],
)
def test_an_address_in_another_form_is_refused(url: str) -> None:
    with pytest.raises(FetchError):
        parse_web_address(url)


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"])
def test_a_public_address_passes(address: str) -> None:
    check_public(address)


def test_a_mapped_host_is_served_below_its_base() -> None:
    hosts = parse_host_map({"Ledger.example": "http://127.0.0.1:8000/ledger/", "a.example:8443": "http://b"})
    found = hosts.find(parse_web_address("https://ledger.example/dids/mill/did.jsonl?x=1"))
    assert found is not None
    assert found.text == "http://127.0.0.1:8000/ledger/dids/mill/did.jsonl?x=1"
    assert hosts.find(parse_web_address("https://a.example/")) is None
    other = hosts.find(parse_web_address("https://a.example:8443/"))
    assert other is not None
    assert other.text == "http://b/"


@pytest.mark.parametrize(
    ("host", "base"),
    [
        ("ledger.example/x", "http://localhost"),
        ("user@ledger.example", "http://localhost"),
        ("", "http://localhost"),
        ("ledger.example", "localhost"),
        ("ledger.example", "http://localhost/?q"),
        ("ledger.example", "http://localhost/#f"),
        ("ledger.example", 8000),
    ],
)
def test_a_wrong_host_map_is_refused(host: str, base: object) -> None:
    with pytest.raises(MalformedError, match="host"):
        parse_host_map({host: base})
