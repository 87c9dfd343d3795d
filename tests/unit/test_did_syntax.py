"""DIDs as text and the addresses they name; what a URL parser would take for something else is refused."""

from collections.abc import Callable

import pytest

from certweave.did.syntax import MAX_DID_URL, Did, parse_did, parse_did_url, scid_of, to_urls, web_twin
from certweave.errors import CertweaveError, InvalidError, MalformedError, UnsupportedError

SCID = "QmZJebdzMGB7sogtGWYdws7ieNuMExfD45iu6ZHs1LKEh5"


@pytest.mark.parametrize(
    "text",
    ["did:key:z6Mk", "did:web:a.example%3A8443:b", "did:a1:b", "did:x::a", "did:x:a.b-c_d:%41"],
)
def test_did_reads_and_keeps_its_text(text: str) -> None:
    did = parse_did(text)
    assert str(did) == did.text == text == f"did:{did.method}:{did.method_id}"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "did",
        "did:web",
        "did:web:",
        "did:Web:a",
        "DID:web:a",
        "did:web:a:",
        "did::a",
        "did:web:a b",
        "did:web:a/b",
        "did:web:a?b",
        "did:web:a#b",
        "did:web:a%4",
        "did:web:a%GG",
        "did:web:müll.example",
        "did:web:a\n",
        " did:web:a",
        "did:web:" + "a" * MAX_DID_URL,
        None,
        7,
        ["did:web:a"],
    ],
)
def test_what_is_no_did_is_malformed(text: object) -> None:
    for parse in (parse_did, parse_did_url):
        if parse is parse_did_url and isinstance(text, str) and set(text) & set("/?#"):
            continue
        with pytest.raises(MalformedError):
            parse(text)


@pytest.mark.parametrize(
    ("text", "path", "query", "fragment"),
    [
        ("did:web:a.example", "", None, None),
        ("did:web:a.example#k", "", None, "k"),
        ("did:web:a.example#", "", None, ""),
        ("did:web:a.example/x/y?v=1#k/?", "/x/y", "v=1", "k/?"),
        ("did:web:a.example?a=b/c?d", "", "a=b/c?d", None),
        ("did:web:a.example//", "//", None, None),
    ],
)
def test_did_url_is_split(text: str, path: str, query: str | None, fragment: str | None) -> None:
    url = parse_did_url(text)
    assert (url.did.text, url.path, url.query, url.fragment) == ("did:web:a.example", path, query, fragment)


@pytest.mark.parametrize(
    "text", ["did:web:a#b#c", "did:web:a/ b", "did:web:a#%", "did:web:a/[x]", "#k", "/x"]
)
def test_what_is_no_did_url_is_malformed(text: str) -> None:
    with pytest.raises(MalformedError):
        parse_did_url(text)


@pytest.mark.parametrize(
    ("place", "base"),
    [
        ("example.com", "https://example.com/"),
        ("Example.COM", "https://example.com/"),
        ("issuer.example.com", "https://issuer.example.com/"),
        ("example.com:dids:issuer", "https://example.com/dids/issuer/"),
        ("example.com%3A3000:dids:issuer", "https://example.com:3000/dids/issuer/"),
        ("example.com%3a3000", "https://example.com:3000/"),
        (
            "jp%E7%B4%8D%E8%B1%86.%E4%BE%8B.jp:%E7%94%A8%E6%88%B7",
            "https://xn--jp-cd2fp15c.xn--fsq.jp/%E7%94%A8%E6%88%B7/",
        ),
        ("example.com:%252E%252E", "https://example.com/%252E%252E/"),
        ("example.com:a%20b%3F", "https://example.com/a%20b%3F/"),
        ("example.com:A", "https://example.com/A/"),
    ],
)
def test_place_maps_to_addresses(place: str, base: str) -> None:
    folder = base if ":" in place else base + ".well-known/"
    web, webvh = to_urls(parse_did(f"did:web:{place}")), to_urls(parse_did(f"did:webvh:{SCID}:{place}"))
    assert (web.base, web.document_url) == (base, folder + "did.json")
    assert (webvh.base, webvh.log_url, webvh.document_url) == (
        base,
        folder + "did.jsonl",
        folder + "did.json",
    )


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("127.0.0.1", "did_host_is_address"),
        ("127.0.0.1%3A80", "did_host_is_address"),
        ("127%2E0%2E0%2E1", "did_host_is_address"),
        ("169%2e254%2e169%2e254", "did_host_is_address"),
        ("127.1", "did_host_is_address"),
        ("2130706433", "did_host_is_address"),
        ("0x7f.1", "did_host_is_address"),
        ("a.0x7f000001", "did_host_is_address"),
        ("0177.0.0.01", "did_host_is_address"),
        ("%5B%3A%3A1%5D", "did_host_is_address"),
        ("%3A%3A1", "did_host"),
        ("%3A%3Affff%3A127.0.0.1", "did_host_is_address"),
        ("%EF%BC%91%EF%BC%92%EF%BC%97.%EF%BC%90.%EF%BC%90.%EF%BC%91", "did_host"),
        ("example%E3%80%82com", "did_host"),
        ("localhost", "did_host"),
        ("com", "did_host"),
        ("a..example", "did_host"),
        ("a.example.", "did_host"),
        (".example", "did_host"),
        ("-a.example", "did_host"),
        ("a-.example", "did_host"),
        ("a_b.example", "did_host"),
        ("a%2Eb.example", "did_host"),
        ("%61.example", "did_host"),
        ("user%40evil.example", "did_host"),
        ("a.example%2Fb", "did_host"),
        ("a.example%23b", "did_host"),
        ("a.example%00", "did_host"),
        ("a.example%FF", "did_host"),
        ("xn--0.example", "did_host"),
        ("a" * 64 + ".example", "did_host"),
        (".".join(["a" * 60] * 5), "did_host"),
        ("a.example%3A0", "did_port"),
        ("a.example%3A65536", "did_port"),
        ("a.example%3A", "did_host"),
        ("a.example%3Ax", "did_host"),
        ("a.example%3A123456", "did_host"),
        ("a.example:..:b", "did_path"),
        ("a.example:.", "did_path"),
        ("a.example:%2E%2E", "did_path"),
        ("a.example:%2e", "did_path"),
        ("a.example:a%2Fb", "did_path"),
        ("a.example:a%5Cb", "did_path"),
        ("a.example:a%00", "did_path"),
        ("a.example:%0A", "did_path"),
        ("a.example:%20a", "did_path"),
        ("a.example:a%E3%80%80", "did_path"),
        ("a.example::b", "did_path"),
        ("a.example:%FF", "did_path"),
    ],
)
def test_place_that_cannot_be_one_is_refused(place: str, code: str) -> None:
    for text in (f"did:web:{place}", f"did:webvh:{SCID}:{place}"):
        with pytest.raises(InvalidError) as caught:
            to_urls(parse_did(text))
        assert caught.value.code == code


@pytest.mark.parametrize("scid", ["Qm", SCID + "1", SCID[:-1] + "0", SCID[:-1] + "l", "%41" * 46, ""])
def test_identifier_of_the_wrong_form_is_refused(scid: str) -> None:
    with pytest.raises(InvalidError) as caught:
        to_urls(parse_did(f"did:webvh:{scid}:a.example"))
    assert caught.value.code == "did_scid"


def test_webvh_without_a_place_and_other_methods_have_no_address() -> None:
    with pytest.raises(InvalidError):
        to_urls(parse_did(f"did:webvh:{SCID}"))
    with pytest.raises(UnsupportedError):
        to_urls(parse_did("did:key:z6Mk"))


def test_twin_is_at_the_same_place() -> None:
    did = parse_did(f"did:webvh:{SCID}:a.example%3A8443:x")
    assert web_twin(did).text == "did:web:a.example%3A8443:x"
    assert scid_of(did) == SCID
    with pytest.raises(CertweaveError):
        scid_of(parse_did("did:web:a.example"))


@pytest.mark.parametrize("text", ["did:webvh:short:a.example", "did:web:a.example", "did:key:z6Mk"])
@pytest.mark.parametrize("act", [scid_of, web_twin])
def test_what_certifies_nothing_has_no_twin(text: str, act: Callable[[Did], object]) -> None:
    with pytest.raises(InvalidError) as caught:
        act(parse_did(text))
    assert caught.value.code == "did_scid"
