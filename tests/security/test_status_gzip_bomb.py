"""A status list that unpacks to gigabytes costs us no more than the limit, and decides nothing."""

import tracemalloc
import zlib

import pytest
from tests.support.status import read, status_list, with_subject

from certweave.encoding.multibase import base64url_encode
from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.status.bitstring import decode_list, encode_list, make_bits


def bomb(megabytes: int) -> str:
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    block = bytes(1 << 20)
    packed = b"".join(packer.compress(block) for _ in range(megabytes))
    return "u" + base64url_encode(packed + packer.flush())


def test_bomb_is_stopped_at_the_limit() -> None:
    text = bomb(400)
    assert len(text) < DEFAULT_LIMITS.status_list_packed_bytes
    tracemalloc.start()
    try:
        with pytest.raises(UndecidedError) as caught:
            read(with_subject(status_list(), encodedList=text))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert caught.value.cause is Cause.LIMIT
    assert peak < 4 * DEFAULT_LIMITS.status_list_unpacked_bytes


def test_exactly_the_limit_is_read() -> None:
    most = DEFAULT_LIMITS.status_list_unpacked_bytes
    assert len(decode_list(encode_list(bytes(most)), limits=DEFAULT_LIMITS)) == most
    with pytest.raises(UndecidedError):
        decode_list(encode_list(bytes(most + 1)), limits=DEFAULT_LIMITS)


def test_packed_size_is_checked_before_reading() -> None:
    with pytest.raises(UndecidedError) as caught:
        decode_list("u" + "A" * 100, limits=Limits(status_list_packed_bytes=60))
    assert caught.value.cause is Cause.LIMIT


def test_second_member_and_trailing_bytes_are_refused() -> None:
    """Two readers could otherwise see two lists."""
    packed = zlib.compress(bytes(make_bits()), 6, 31)
    for more in (packed, b"\0", b"garbage"):
        with pytest.raises(MalformedError) as caught:
            decode_list("u" + base64url_encode(packed + more), limits=DEFAULT_LIMITS)
        assert caught.value.code == "status_list_encoding"


def test_broken_checksum_is_refused() -> None:
    packed = bytearray(zlib.compress(bytes(make_bits()), 6, 31))
    packed[-5] ^= 1
    with pytest.raises(MalformedError):
        decode_list("u" + base64url_encode(bytes(packed)), limits=DEFAULT_LIMITS)
