"""Digests that name their algorithm."""

import base64
import hashlib

import pytest

from certweave.encoding.multibase import encode_multibase
from certweave.encoding.multihash import (
    check_digest_multibase,
    check_digest_sri,
    make_digest_multibase,
    sha256_multihash,
)
from certweave.errors import InvalidError, MalformedError, UnsupportedError

DATA = b"a related document"


def sri(name: str, data: bytes = DATA) -> str:
    return f"{name}-{base64.b64encode(hashlib.new(name, data).digest()).decode()}"


def test_sha256_multihash() -> None:
    assert sha256_multihash(DATA) == b"\x12\x20" + hashlib.sha256(DATA).digest()
    check_digest_multibase(DATA, make_digest_multibase(DATA))


@pytest.mark.parametrize(
    "text",
    [
        encode_multibase(sha256_multihash(DATA), "u"),
        encode_multibase(b"\x20\x30" + hashlib.sha384(DATA).digest()),
        encode_multibase(b"\x13\x40" + hashlib.sha512(DATA).digest()),
    ],
)
def test_other_forms_of_multihash_hold(text: str) -> None:
    check_digest_multibase(DATA, text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (make_digest_multibase(b"other"), InvalidError),
        ("z", MalformedError),
        (encode_multibase(b"\x12\x20short"), MalformedError),
        (encode_multibase(sha256_multihash(DATA) + b"\0"), MalformedError),
        (encode_multibase(b"\x12\x1f" + hashlib.sha256(DATA).digest()[:31]), MalformedError),
        (encode_multibase(b"\x16\x20" + bytes(32)), UnsupportedError),
        (hashlib.sha256(DATA).hexdigest(), UnsupportedError),
    ],
)
def test_multihash_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_digest_multibase(DATA, text)


@pytest.mark.parametrize(
    "text",
    [
        sri("sha256"),
        sri("sha384"),
        f"{sri('sha512')}?foo",
        f"{sri('sha384', b'other')} {sri('sha384')}",
        f"{sri('sha256', b'other')} {sri('sha512')}",
        f"md5-xyz {sri('sha256')}",
        sri("sha384").replace("+", "-").replace("/", "_"),
        sri("sha256").rstrip("="),
        f"{sri('sha384')}==",
    ],
)
def test_integrity_holds(text: str) -> None:
    check_digest_sri(DATA, text)


@pytest.mark.parametrize(
    ("text", "error"),
    [
        (sri("sha256", b"other"), InvalidError),
        (f"{sri('sha256')} {sri('sha512', b'other')}", InvalidError),
        ("", MalformedError),
        ("sha256", MalformedError),
        ("sha256-####", MalformedError),
        ("sha256-AAAA", MalformedError),
        ("sha256-é", MalformedError),
        (f"{sri('sha384')}===", MalformedError),
        (f"{sri('sha256')}AAAA", MalformedError),
        (sri("md5"), UnsupportedError),
    ],
)
def test_integrity_refused(text: str, error: type[Exception]) -> None:
    with pytest.raises(error):
        check_digest_sri(DATA, text)
