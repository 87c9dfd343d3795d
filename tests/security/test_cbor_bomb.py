"""Attack: a few bytes of CBOR that promise gigabytes, or nest until the reader falls over."""

import pytest

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.errors import CertweaveError, MalformedError, UndecidedError
from certweave.examine.reader import read
from certweave.limits import DEFAULT_LIMITS

PROMISES = [
    "5b7fffffffffffffff",  # bytes
    "7b7fffffffffffffff",  # text
    "9b7fffffffffffffff",  # array
    "bb7fffffffffffffff",  # map
    "9affffffff" + "00" * 100,
    "ba7fffffff" + "0001" * 50,
    "82" + "5affffffff",
]


@pytest.mark.parametrize("text", PROMISES)
@pytest.mark.parametrize("around", ["", "d284"])
def test_a_length_beyond_the_data_reserves_no_memory(text: str, around: str) -> None:
    with pytest.raises(MalformedError) as caught:
        read_or_decode(bytes.fromhex(around + text))
    assert caught.value.code in {"cbor_truncated", "cbor_malformed"}


@pytest.mark.parametrize("opening", [b"\x81", b"\xa1\x00", b"\x82\x00", b"\x9a\x00\x01\x00\x00"])
def test_depth_costs_no_recursion(opening: bytes) -> None:
    with pytest.raises(CertweaveError):
        decode_cbor(opening * 100_000 + b"\x00", limits=DEFAULT_LIMITS)
    with pytest.raises(UndecidedError) as caught:
        decode_cbor(b"\x81" * (DEFAULT_LIMITS.depth + 1) + b"\x00", limits=DEFAULT_LIMITS)
    assert caught.value.code == "limit_depth"


def test_many_small_items_are_counted_before_they_are_built() -> None:
    crowd = b"\x9a\x00\x0f\x00\x00" + b"\x80" * 0x0F0000
    with pytest.raises(UndecidedError) as caught:
        decode_cbor(crowd, limits=DEFAULT_LIMITS)
    assert caught.value.code == "limit_members"


def test_a_bomb_inside_the_protected_header() -> None:
    """The header is bytes inside of bytes: it is held to the same limits."""
    bomb = b"\x81" * 100_000 + b"\x00"
    with pytest.raises(UndecidedError) as caught:
        read(encode_cbor([bomb, {}, b"{}", b""]), limits=DEFAULT_LIMITS)
    assert caught.value.code == "limit_depth"


def read_or_decode(data: bytes) -> object:
    reader = read if data[:1] == b"\xd2" else decode_cbor
    return reader(data, limits=DEFAULT_LIMITS)
