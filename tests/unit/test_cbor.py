"""Strict CBOR: what is read, what is refused, and the one form in which we write."""

from contextlib import suppress

import pytest
from cbor2 import dumps
from hypothesis import given
from hypothesis import strategies as st

from certweave.encoding.cbor import CborValue, decode_cbor, encode_cbor
from certweave.errors import CertweaveError, UndecidedError
from certweave.limits import DEFAULT_LIMITS, Limits

# RFC 8949, Appendix A: encodings in hexadecimal and their values, of those that we read.
PUBLISHED: list[tuple[str, CborValue]] = [
    ("00", 0),
    ("17", 23),
    ("1818", 24),
    ("1903e8", 1000),
    ("1a000f4240", 1_000_000),
    ("1b000000e8d4a51000", 1_000_000_000_000),
    ("20", -1),
    ("3903e7", -1000),
    ("f93c00", 1.0),
    ("fa47c35000", 100_000.0),
    ("fb3ff199999999999a", 1.1),
    ("f4", False),
    ("f5", True),
    ("f6", None),
    ("4401020304", b"\x01\x02\x03\x04"),
    ("6449455446", "IETF"),
    ("62c3bc", "ü"),
    ("80", []),
    ("8301820203820405", [1, [2, 3], [4, 5]]),
    ("a0", {}),
    ("a201020304", {1: 2, 3: 4}),
    ("a26161016162820203", {"a": 1, "b": [2, 3]}),
    ("826161a161626163", ["a", {"b": "c"}]),
]


@pytest.mark.parametrize(("text", "value"), PUBLISHED)
def test_published_examples_are_read(text: str, value: CborValue) -> None:
    found = decode_cbor(bytes.fromhex(text), limits=DEFAULT_LIMITS)
    assert (found, type(found)) == (value, type(value))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "cbor_truncated"),
        ("18", "cbor_truncated"),
        ("4401", "cbor_truncated"),
        ("8201", "cbor_truncated"),
        ("a101", "cbor_truncated"),
        ("fb3ff1", "cbor_truncated"),
        ("9b7fffffffffffffff", "cbor_truncated"),
        ("bb7fffffffffffffff", "cbor_truncated"),
        ("0000", "cbor_trailing"),
        ("a0f6", "cbor_trailing"),
        ("1817", "cbor_not_shortest"),
        ("1900ff", "cbor_not_shortest"),
        ("1a0000ffff", "cbor_not_shortest"),
        ("1b00000000ffffffff", "cbor_not_shortest"),
        ("5801ff", "cbor_not_shortest"),
        ("9801f6", "cbor_not_shortest"),
        ("9f01ff", "cbor_indefinite"),
        ("bf6161f5ff", "cbor_indefinite"),
        ("5f42010243030405ff", "cbor_indefinite"),
        ("7f657374726561646d696e67ff", "cbor_indefinite"),
        ("c001", "cbor_tag"),
        ("d28440a0f640", "cbor_tag"),
        ("81c249010000000000000000", "cbor_tag"),
        ("a1010100", "cbor_trailing"),
        ("a201010102", "cbor_duplicate_key"),
        ("a2616101616102", "cbor_duplicate_key"),
        ("81a2200020f6", "cbor_duplicate_key"),
        ("a14000", "cbor_malformed"),
        ("a1f500", "cbor_malformed"),
        ("a18000", "cbor_malformed"),
        ("a1f93c0000", "cbor_malformed"),
        ("1c", "cbor_malformed"),
        ("f7", "cbor_malformed"),
        ("f0", "cbor_malformed"),
        ("f818", "cbor_malformed"),
        ("ff", "cbor_malformed"),
        ("62c328", "cbor_malformed"),
        ("a162c32800", "cbor_malformed"),
    ],
)
def test_refused(text: str, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        decode_cbor(bytes.fromhex(text), limits=DEFAULT_LIMITS)
    assert caught.value.code == code


def test_the_same_key_in_two_maps_is_two_keys() -> None:
    assert decode_cbor(bytes.fromhex("a201a1010102f6"), limits=DEFAULT_LIMITS) == {
        1: {1: 1},
        2: None,
    }


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(credential_bytes=6), "limit_bytes"),
        (Limits(depth=2), "limit_depth"),
        (Limits(members=5), "limit_members"),
    ],
)
def test_limits(limits: Limits, code: str) -> None:
    data = encode_cbor([[[1, 2], 3]])
    assert decode_cbor(data, limits=Limits(credential_bytes=7, depth=3, members=6)) == [[[1, 2], 3]]
    with pytest.raises(UndecidedError) as caught:
        decode_cbor(data + b"\x00" * (code == "limit_bytes"), limits=limits)
    assert caught.value.code == code


def test_keys_are_written_in_the_order_of_their_bytes() -> None:
    """RFC 8949 §4.2.1, the example of its last paragraph, without the keys that we do not read."""
    keys: list[int | str] = ["aa", -1, 100, "z", 10]
    found = encode_cbor({key: {2: 0, 1: 0} for key in keys})
    inner = "a201000200"
    assert found.hex() == f"a50a{inner}1864{inner}20{inner}617a{inner}626161{inner}"


leaves = st.one_of(st.none(), st.booleans(), st.integers(-(2**64), 2**64 - 1), st.binary(), st.text())
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.integers(-(2**64), 2**64 - 1) | st.text(), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(values)
def test_what_is_written_is_read_again_and_has_one_form(value: CborValue) -> None:
    data = encode_cbor(value)
    assert decode_cbor(data, limits=DEFAULT_LIMITS) == value
    assert encode_cbor(decode_cbor(data, limits=DEFAULT_LIMITS)) == data
    assert len(data) == len(dumps(value))


@given(st.binary(max_size=60))
def test_anything_else_is_refused_in_our_words(data: bytes) -> None:
    with suppress(CertweaveError):
        encode_cbor(decode_cbor(data, limits=DEFAULT_LIMITS))
