"""Whose goods a passport is about, and which pictures the page of a product shows."""

import pytest
from tests.support.shirt import ADDRESS, HOST, SHIRT
from tests.support.world import START

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Report
from certweave.product.address import make_product_address
from certweave.product.answer import Picture
from certweave.product.identity import contradicts, read_identity
from certweave.product.pieces import Piece

ITEM = make_product_address(ADDRESS.gtin, lot="17", serial="4")
OTHER = make_product_address("09506000134369", lot="17").at(HOST)


@pytest.mark.parametrize(
    ("product", "other"),
    [
        ({"id": SHIRT}, False),
        ({"id": SHIRT, "batchNumber": "17", "itemNumber": "4"}, False),
        ({"id": SHIRT, "batchNumber": "18"}, True),
        ({"id": SHIRT, "itemNumber": "5"}, True),
        ({"id": OTHER}, True),
        ({"id": make_product_address(ADDRESS.gtin, lot="17", serial="5").at(HOST)}, True),
        ({"id": "urn:uuid:3e2f"}, None),
        ({}, None),
    ],
)
def test_a_passport_is_about_these_goods_or_others(product: JsonObject, other: bool | None) -> None:
    assert contradicts(product, ITEM) is other


DIGEST = "uEiAAAA"
LINK = {"linkURL": "https://x.example/a.png", "linkName": "A", "mediaType": "image/png"}
PICTURES: list[tuple[JsonObject, Picture | None]] = [
    ({}, None),
    ({"linkURL": 5}, None),
    ({"linkURL": "data:image/png;base64,AAAA", "linkName": "A"}, Picture("A", "image/png", data="AAAA")),
    ({"linkURL": "data:text/html;base64,AAAA", "linkName": "A"}, None),
    ({"linkURL": "data:image/png,AAAA", "linkName": "A"}, None),
    (LINK, None),
    (
        {**LINK, "digestMultibase": DIGEST},
        Picture("A", "image/png", url="https://x.example/a.png", digest=DIGEST),
    ),
    ({**LINK, "digestMultibase": DIGEST, "linkURL": "http://x.example/a.png"}, None),
    ({**LINK, "digestMultibase": DIGEST, "mediaType": "text/html"}, None),
]


@pytest.mark.parametrize(("link", "picture"), PICTURES)
def test_a_picture_is_shown_only_where_nothing_can_change_it(
    link: JsonObject, picture: Picture | None
) -> None:
    document: JsonObject = {"credentialSubject": {"id": SHIRT, "name": "T-shirt", "productImage": link}}
    passport = Piece("https://x.example/passport", Report((), START, "integrity", document=document))
    assert read_identity(passport, ADDRESS, ADDRESS).picture == picture
