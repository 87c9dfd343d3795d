"""Product addresses: registering, resolving with the coarser answer, the list of links."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from certweave.encoding.strict_json import parse_object
from certweave.limits import DEFAULT_LIMITS
from certweave.product.links import Relation, parse_linkset
from certweave_edge.refused import RefusedError
from tests.support.holding import Purse, facility, open_wallet, product

GTIN = "09521234543213"
BRAND = "mill.example"


@pytest.fixture
def purse(tmp_path: Path) -> Iterator[Purse]:
    with open_wallet(tmp_path, verifier_url="/verifier") as opened:
        opened.wallet.products.add_host("mill", BRAND)
        opened.issue("passport", "P-1", product())
        opened.call("POST", "/orgs/mill/credentials/P-1/publish")
        yield opened


def register(purse: Purse, **body: object) -> None:
    answer = purse.call("POST", "/orgs/mill/products", {"gtin": GTIN, "passport": "P-1", **body})
    assert answer.status_code == 201, answer.text


def test_a_code_leads_to_the_product_page(purse: Purse) -> None:
    register(purse, lot="17")
    for path in (f"/hosts/{BRAND}/01/{GTIN}/10/17", f"/01/{GTIN}/10/17"):
        answer = purse.client.get(path)
        assert answer.status_code == 307
        assert answer.headers["location"] == f"/verifier/p/{BRAND}/01/{GTIN}/10/17"
        assert (
            answer.headers["link"] == f'<https://{BRAND}/01/{GTIN}/10/17?linkType=linkset>; rel="linkset"; '
            'type="application/linkset+json"'
        )


@pytest.mark.parametrize("how", ["query", "accept"])
def test_the_list_names_what_is_published(purse: Purse, how: str) -> None:
    purse.issue("facility", "F-1", facility())
    purse.call("POST", "/orgs/mill/credentials/F-1/publish")
    page = {"href": "https://mill.example/care", "relation": "pip", "title": "Care"}
    register(purse, links=[{"credentialId": "F-1"}, page])
    asked = {"params": {"linkType": "linkset"}} if how == "query" else {}
    headers = {"accept": "application/linkset+json"} if how == "accept" else {}
    answer = purse.client.get(f"/hosts/{BRAND}/01/{GTIN}", headers=headers, **asked)
    assert answer.headers["content-type"] == "application/linkset+json"
    [context] = parse_linkset(parse_object(answer.content, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS)
    assert context.anchor == f"https://{BRAND}/01/{GTIN}"
    assert [link.href for link in context.of(Relation.PASSPORT)] == [
        "https://wallet.example/orgs/mill/credentials/P-1"
    ]
    assert len(context.of(Relation.FACILITY)) == 1
    assert context.of(Relation.PRODUCT_PAGE)[-1].href == "https://mill.example/care"
    purse.call("POST", "/orgs/mill/credentials/F-1/unpublish")
    again = purse.client.get(f"/hosts/{BRAND}/01/{GTIN}?linkType=linkset").json()
    assert "F-1" not in str(again)


@pytest.mark.parametrize(
    ("path", "anchors"),
    [
        (f"/01/{GTIN}/10/17/21/5", [f"/01/{GTIN}/10/17", f"/01/{GTIN}"]),
        (f"/01/{GTIN}/10/18", [f"/01/{GTIN}"]),
        (f"/01/{GTIN}/21/5", [f"/01/{GTIN}"]),
    ],
)
def test_the_coarser_answers_and_says_so(purse: Purse, path: str, anchors: list[str]) -> None:
    register(purse)
    register(purse, lot="17")
    said = purse.client.get(f"/hosts/{BRAND}{path}?linkType=linkset").json()
    assert [one["anchor"] for one in said["linkset"]] == [f"https://{BRAND}{anchor}" for anchor in anchors]
    assert "Nothing more is known" in said["linkset"][0]["description"]


def test_one_kind_of_link_is_followed(purse: Purse) -> None:
    register(purse)
    answer = purse.client.get(f"/hosts/{BRAND}/01/{GTIN}?linkType=dpp")
    assert answer.headers["location"] == "https://wallet.example/orgs/mill/credentials/P-1"
    assert purse.client.get(f"/hosts/{BRAND}/01/{GTIN}?linkType=dia").status_code == 404


@pytest.mark.parametrize(
    ("path", "status"),
    [("09521234543214", 422), ("952", 400), ("09521234543220", 404), (f"{GTIN}/99/1", 400)],
)
def test_other_addresses_are_refused(purse: Purse, path: str, status: int) -> None:
    register(purse)
    assert purse.client.get(f"/hosts/{BRAND}/01/{path}").status_code == status


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"gtin": "09521234543214"}, "gtin_check_digit"),
        ({"passport": "P-9"}, "document_unknown"),
        ({"host": "elsewhere.example"}, "host_taken"),
        ({"links": [{"href": "http://mill.example", "relation": "pip"}]}, "link_malformed"),
        ({"links": [{"relation": "pip"}]}, "link_malformed"),
    ],
)
def test_what_cannot_be_registered(purse: Purse, change: dict[str, object], code: str) -> None:
    answer = purse.call("POST", "/orgs/mill/products", {"gtin": GTIN, "passport": "P-1", **change})
    assert answer.json()["code"] == code


def test_a_passport_must_be_readable_by_everybody(purse: Purse) -> None:
    purse.call("POST", "/orgs/mill/credentials/P-1/unpublish")
    answer = purse.call("POST", "/orgs/mill/products", {"gtin": GTIN, "passport": "P-1"})
    assert answer.json()["code"] == "document_private"


def test_a_host_has_one_owner(purse: Purse) -> None:
    with pytest.raises(RefusedError) as caught:
        purse.wallet.products.add_host("other", BRAND)
    assert caught.value.code == "host_taken"


def test_labels_have_a_picture(purse: Purse) -> None:
    register(purse)
    address = f"https://{BRAND}/01/{GTIN}"
    answer = purse.call("GET", f"/orgs/mill/qr.png?address={address}")
    assert answer.content.startswith(b"\x89PNG")
    assert purse.call("GET", "/orgs/mill/qr.png?address=https://evil.example/").status_code == 400
