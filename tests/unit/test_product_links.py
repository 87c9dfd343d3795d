"""Product addresses and the list of links behind them."""

import json

import jsonschema
import pytest
from tests.support.shared import shared

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError, UndecidedError
from certweave.limits import DEFAULT_LIMITS
from certweave.product.address import (
    ProductAddress,
    check_digit,
    make_product_address,
    parse_product_address,
    parse_product_url,
)
from certweave.product.links import (
    LinkContext,
    ProductLink,
    Relation,
    find_context,
    find_relation,
    make_linkset,
    parse_linkset,
)

GTIN = "09521234543213"
HOST = "meadow.example"

GOOD = {
    f"/01/{GTIN}": ProductAddress(GTIN),
    f"/01/{GTIN}/10/17": ProductAddress(GTIN, "17"),
    f"/01/{GTIN}/21/A-1": ProductAddress(GTIN, serial="A-1"),
    f"/01/{GTIN}/10/17/21/A%2F1": ProductAddress(GTIN, "17", "A/1"),
}

BAD: dict[str, tuple[type[CertweaveError], str]] = {
    "": (MalformedError, "product_address"),
    "/01": (MalformedError, "product_address"),
    f"/02/{GTIN}": (MalformedError, "product_address"),
    "/01/9521234543213": (MalformedError, "product_address"),
    "/01/0952123454321３": (MalformedError, "product_address"),
    "/01/09521234543214": (InvalidError, "gtin_check_digit"),
    f"/01/{GTIN}/": (MalformedError, "product_address"),
    f"/01/{GTIN}/10": (MalformedError, "product_address"),
    f"/01/{GTIN}/10/": (MalformedError, "product_address"),
    f"/01/{GTIN}/21/1/10/17": (MalformedError, "product_address"),
    f"/01/{GTIN}/10/17/10/18": (MalformedError, "product_address"),
    f"/01/{GTIN}/99/x": (MalformedError, "product_address"),
    f"/01/{GTIN}/10/{'x' * 21}": (MalformedError, "product_address"),
    f"/01/{GTIN}/10/%C3%A9": (MalformedError, "product_address"),
    f"/01/{GTIN}/10/a b": (MalformedError, "product_address"),
    f"/01/{GTIN}/10/%00": (MalformedError, "product_address"),
    f"x/01/{GTIN}": (MalformedError, "product_address"),
}


@pytest.mark.parametrize("path", GOOD)
def test_address_is_read_and_written(path: str) -> None:
    address = parse_product_address(path)
    assert address == GOOD[path]
    assert address.path == path
    assert parse_product_url(f"https://{HOST}{path}") == (HOST, address)


@pytest.mark.parametrize("path", BAD)
def test_address_is_refused(path: str) -> None:
    kind, code = BAD[path]
    with pytest.raises(kind) as caught:
        parse_product_address(path)
    assert caught.value.code == code


@pytest.mark.parametrize(
    "url",
    [
        "http://meadow.example/01/" + GTIN,
        "https:///01/" + GTIN,
        "https://a@b/01/x",
        "https://[::1/01/" + GTIN,
    ],
)
def test_url_is_refused(url: str) -> None:
    with pytest.raises(MalformedError):
        parse_product_url(url)


def test_falls_back_from_item_to_model() -> None:
    item = make_product_address(GTIN, lot="17", serial="5")
    assert [address.granularity for address in item.fallbacks()] == ["item", "batch", "model"]
    assert make_product_address(GTIN, serial="5").fallbacks()[1:] == (ProductAddress(GTIN),)
    assert ProductAddress(GTIN).fallbacks() == (ProductAddress(GTIN),)


def test_check_digit() -> None:
    assert check_digit("0952123454321") == 3
    assert check_digit("0000000000000") == 0


CONTEXTS = (
    LinkContext(
        f"https://{HOST}/01/{GTIN}/10/17",
        (
            ProductLink(
                Relation.PASSPORT, "https://w.example/7", "Passport", "application/vc+jwt", ("en", "de")
            ),
            ProductLink(Relation.CONFORMITY, "https://i.example/1", "Scope", "application/vc+jwt"),
            ProductLink(Relation.CONFORMITY, "https://i.example/2", "Test"),
            ProductLink(Relation.PRODUCT_PAGE, f"https://{HOST}/shirt", "The shirt", "text/html"),
        ),
        "T-shirt, lot 17",
    ),
    LinkContext(
        f"https://{HOST}/01/{GTIN}", (ProductLink(Relation.PASSPORT, "https://w.example/1", "Model"),)
    ),
)


def test_linkset_round_trip() -> None:
    document = make_linkset(CONTEXTS)
    assert parse_linkset(json.loads(json.dumps(document)), limits=DEFAULT_LIMITS) == CONTEXTS


def test_linkset_fits_the_published_schema() -> None:
    schema = json.loads(shared("untp/0.7.0/schema/LinksetSchema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(make_linkset(CONTEXTS))


def test_finds_the_finest_context() -> None:
    addresses = [a.at(HOST) for a in make_product_address(GTIN, lot="17", serial="5").fallbacks()]
    assert find_context(CONTEXTS, addresses) is CONTEXTS[0]
    assert find_context(CONTEXTS, addresses[2:]) is CONTEXTS[1]
    assert find_context(CONTEXTS, ["https://other.example/01/" + GTIN]) is None


SPELLINGS = [
    {"untp:dpp": [{"href": "https://w.example/7"}]},
    {"link": [{"href": "https://w.example/7", "rel": ["untp:dpp"], "title": ""}]},
    {
        "https://vocabulary.uncefact.org/untp/linkType#digitalProductPassport": [
            {"href": "https://w.example/7"}
        ]
    },
]


@pytest.mark.parametrize("members", SPELLINGS)
def test_reads_other_spellings(members: JsonObject) -> None:
    (context,) = parse_linkset(
        {"linkset": [{"anchor": "https://a.example", **members}]}, limits=DEFAULT_LIMITS
    )
    assert context.of(Relation.PASSPORT)[0].href == "https://w.example/7"


PASSED_OVER = [
    {"alternate": [{"href": "https://w.example/7"}]},
    {"untp:dpp": [{"href": "https://w.example/6", "rel": ["predecessor-version"]}]},
    {"untp:dte": [{"href": "https://w.example/events", "method": ["POST"]}]},
]


@pytest.mark.parametrize("members", PASSED_OVER)
def test_passes_over_what_is_not_to_be_shown(members: JsonObject) -> None:
    (context,) = parse_linkset(
        {"linkset": [{"anchor": "https://a.example", **members}]}, limits=DEFAULT_LIMITS
    )
    assert context.links == ()


MALFORMED: list[tuple[JsonObject, str]] = [
    ({}, "/linkset"),
    ({"linkset": {}}, "/linkset"),
    ({"linkset": ["x"]}, "/linkset/0"),
    ({"linkset": [{}]}, "/linkset/0"),
    ({"linkset": [{"anchor": "https://a.example", "untp:dpp": {}}]}, "/linkset/0/untp:dpp"),
    ({"linkset": [{"anchor": "https://a.example", "untp:dpp": [{}]}]}, "/linkset/0/untp:dpp/0"),
]


@pytest.mark.parametrize(("document", "path"), MALFORMED)
def test_refuses_a_malformed_list(document: JsonObject, path: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_linkset(document, limits=DEFAULT_LIMITS)
    assert (caught.value.code, caught.value.path) == ("linkset_malformed", path)


def test_a_list_without_end_is_a_limit() -> None:
    links = [{"href": f"https://w.example/{number}"} for number in range(501)]
    with pytest.raises(UndecidedError) as caught:
        parse_linkset(
            {"linkset": [{"anchor": "https://a.example", "untp:dcc": links}]}, limits=DEFAULT_LIMITS
        )
    assert caught.value.code == "limit_links"


def test_relations() -> None:
    assert find_relation(Relation.CONFORMITY.url) is Relation.CONFORMITY
    assert find_relation("gs1:defaultLink") is Relation.DEFAULT
    assert find_relation("nonsense") is None
