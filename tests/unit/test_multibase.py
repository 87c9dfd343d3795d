"""Text forms of bytes: fixed examples and everything that must be refused."""

import pytest

from certweave.encoding.multibase import (
    MAX_BASE58_TEXT,
    base58_decode,
    base58_encode,
    base64url_decode,
    base64url_encode,
    decode_multibase,
    encode_multibase,
)
from certweave.errors import Cause, MalformedError, UndecidedError, UnsupportedError

# The first three are the examples of draft-msporny-base58-03.
BASE58 = [
    (b"Hello World!", "2NEpo7TZRRrLZSi2U"),
    (
        b"The quick brown fox jumps over the lazy dog.",
        "USm3fpXnKG5EUBx2ndxBDMPVciP5hGey2Jh4NDv6gmeo1LkMeiKrLJUUBk6Z",
    ),
    (bytes.fromhex("0000287fb4cd"), "11233QC4"),
    (b"", ""),
    (b"\0", "1"),
]
# RFC 4648 §10, without padding.
BASE64 = [
    (b"", ""),
    (b"f", "Zg"),
    (b"fo", "Zm8"),
    (b"foo", "Zm9v"),
    (b"foob", "Zm9vYg"),
    (b"\xfb\xff", "-_8"),
]


@pytest.mark.parametrize(("data", "text"), BASE58)
def test_base58(data: bytes, text: str) -> None:
    assert base58_encode(data) == text
    assert base58_decode(text) == data


@pytest.mark.parametrize(("data", "text"), BASE64)
def test_base64url(data: bytes, text: str) -> None:
    assert base64url_encode(data) == text
    assert base64url_decode(text) == data


@pytest.mark.parametrize(
    "text", ["Zg==", "Zh", "Zm9=", "Zm+v", "Zm/v", "Z", "Zm9vY", "Zm 9", "Zm9v\n", "Zé", "Zm9"]
)
def test_base64url_has_one_text_per_value(text: str) -> None:
    with pytest.raises(MalformedError) as caught:
        base64url_decode(text)
    assert caught.value.code == "base64url"


@pytest.mark.parametrize("text", ["0", "O", "I", "l", "a b", "é", "z\n"])
def test_base58_alphabet(text: str) -> None:
    with pytest.raises(MalformedError):
        base58_decode(text)


def test_base58_is_bounded_because_it_is_quadratic() -> None:
    base58_decode("z" * MAX_BASE58_TEXT)
    with pytest.raises(UndecidedError) as caught:
        base58_decode("z" * (MAX_BASE58_TEXT + 1))
    assert (caught.value.code, caught.value.cause) == ("limit_multibase", Cause.LIMIT)


def test_multibase() -> None:
    assert encode_multibase(b"Hello World!") == "z2NEpo7TZRRrLZSi2U"
    assert encode_multibase(b"foo", "u") == "uZm9v"
    assert decode_multibase("z2NEpo7TZRRrLZSi2U") == b"Hello World!"
    assert decode_multibase("uZm9v") == b"foo"
    with pytest.raises(MalformedError):
        decode_multibase("")
    for text in ("f666f6f", "mZm9v", "UZm9v", "\0"):
        with pytest.raises(UnsupportedError):
            decode_multibase(text)
