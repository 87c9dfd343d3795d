"""Digests of related resources, with and without the bytes at hand."""

import base64
import hashlib

import pytest

from certweave.credential.related import check_related_resources
from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError

URL = "https://files.example/report.pdf"
CONTENT = b"a report"
SHA256, SHA384, SHA512 = (hashlib.new(name, CONTENT).digest() for name in ("sha256", "sha384", "sha512"))
OTHER = hashlib.sha256(b"another report").digest()
DIGESTS = {URL: SHA256.hex()}


def sri(name: str, digest: bytes) -> str:
    return f"{name}-{base64.b64encode(digest).decode()}"


def related(**digests: object) -> JsonObject:
    return {"relatedResource": {"id": URL, **digests}}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("digestSRI", sri("sha256", SHA256)),
        ("digestSRI", sri("sha384", SHA384)),
        ("digestSRI", f"{sri('sha512', SHA512)} {sri('sha256', OTHER)}"),
        ("digestMultibase", encode_multibase(b"\x12\x20" + SHA256)),
        ("digestMultibase", encode_multibase(b"\x20\x30" + SHA384, "u")),
        ("digestMultibase", encode_multibase(b"\x13\x40" + SHA512)),
        ("digestMultibase", encode_multibase(SHA256, "u")),
        ("digestMultibase", encode_multibase(SHA384)),
        ("digestMultibase", encode_multibase(SHA512, "u")),
        ("digestMultibase", [encode_multibase(b"\x12\x20" + SHA256), encode_multibase(SHA384)]),
    ],
)
def test_what_is_at_hand_is_compared(name: str, value: object) -> None:
    document = related(**{name: value})
    assert check_related_resources(document, {URL: CONTENT}) == ()
    with pytest.raises(CertweaveError) as caught:
        check_related_resources(document, {URL: b"another report!"})
    assert (caught.value.code, caught.value.path) == ("digest_mismatch", f"/relatedResource/{name}")


@pytest.mark.parametrize(
    ("digests", "code"),
    [
        ({"digestSRI": sri("sha256", SHA256), "digestMultibase": encode_multibase(OTHER)}, "digest_mismatch"),
        ({"digestSRI": "md5-AAAA"}, "digest_algorithm"),
        ({"digestSRI": "sha256"}, "digest_malformed"),
        ({"digestSRI": 5}, "related_resource_digest"),
        ({"digestMultibase": []}, "related_resource_digest"),
        ({"digestMultibase": [encode_multibase(SHA256), 5]}, "related_resource_digest"),
        ({"digestMultibase": [encode_multibase(SHA256), encode_multibase(OTHER)]}, "digest_mismatch"),
        ({"digestMultibase": "z"}, "digest_malformed"),
        ({"digestMultibase": encode_multibase(b"\x12\x20" + SHA256[:-1])}, "digest_malformed"),
        ({"digestMultibase": "mAAAA"}, "multibase_base"),
        ({"digestMultibase": encode_multibase(b"\x11\x14" + SHA256[:20])}, "digest_algorithm"),
    ],
)
def test_refused(digests: dict[str, object], code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        check_related_resources(related(**digests), {URL: CONTENT})
    assert caught.value.code == code


def test_what_is_not_at_hand_is_told() -> None:
    document: JsonObject = {
        "relatedResource": [
            {"id": "https://files.example/1", "digestSRI": sri("sha256", OTHER)},
            {"id": URL, "digestSRI": sri("sha256", SHA256)},
            {"id": "https://files.example/2", "digestSRI": sri("sha256", OTHER)},
        ]
    }
    assert check_related_resources(document, {URL: CONTENT}) == ("/relatedResource/0", "/relatedResource/2")
    assert check_related_resources({}, {}) == ()


@pytest.mark.parametrize(
    ("digests", "compared"),
    [
        ({"digestSRI": sri("sha256", SHA256)}, True),
        ({"digestSRI": f"md5-xyz {sri('sha256', SHA256)}?a"}, True),
        ({"digestSRI": "md5-xyz"}, False),
        ({"digestMultibase": encode_multibase(b"\x12\x20" + SHA256)}, True),
        ({"digestMultibase": encode_multibase(SHA256, "u")}, True),
        ({"digestSRI": sri("sha384", SHA384), "digestMultibase": encode_multibase(SHA256)}, True),
        ({"digestSRI": sri("sha384", SHA384)}, False),
        ({"digestSRI": f"{sri('sha384', SHA384)} {sri('sha256', OTHER)}"}, False),
        ({"digestMultibase": encode_multibase(b"\x20\x30" + SHA384)}, False),
        ({"digestMultibase": [encode_multibase(SHA384), encode_multibase(SHA256)]}, True),
        ({}, False),
    ],
)
def test_a_known_digest_decides_about_its_own_algorithm(digests: dict[str, object], compared: bool) -> None:
    left = check_related_resources(related(**digests), {}, digests=DIGESTS)
    assert left == (() if compared else ("/relatedResource",))


@pytest.mark.parametrize(
    "digests",
    [
        {"digestSRI": sri("sha256", OTHER)},
        {"digestMultibase": encode_multibase(OTHER)},
        {"digestMultibase": encode_multibase(b"\x12\x20" + OTHER)},
        {"digestMultibase": [encode_multibase(SHA256), encode_multibase(OTHER)]},
        {"digestSRI": sri("sha256", SHA256), "digestMultibase": encode_multibase(OTHER)},
    ],
)
def test_another_digest_than_the_known_one(digests: dict[str, object]) -> None:
    with pytest.raises(CertweaveError) as caught:
        check_related_resources(related(**digests), {}, digests=DIGESTS)
    assert caught.value.code == "digest_mismatch"
