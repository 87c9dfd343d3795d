"""The canonical form against a second implementation, written here from the text of RFC 8785."""

import json
import math
import string
import struct
from decimal import Decimal
from typing import Any

import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import MAX_INTEGER, parse_json
from certweave.errors import MalformedError, UndecidedError
from certweave.limits import DEFAULT_LIMITS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
ASCII_KEYS = st.text(string.printable, max_size=8)
LOOK_ALIKES = st.text('e+-0.1,]}:null"\\\x7f\ufb33\U0001f600', max_size=8)
"""Texts that look like the numbers and nulls of which a fast encoder's writing is doubted."""
INTEGERS = st.integers(-MAX_INTEGER, MAX_INTEGER)
FLOATS = st.floats(allow_nan=False, allow_infinity=False)
READABLE_FLOATS = st.floats(-MAX_INTEGER, MAX_INTEGER)


def documents(
    keys: st.SearchStrategy[str], floats: st.SearchStrategy[float] = FLOATS
) -> st.SearchStrategy[Any]:
    return st.recursive(
        st.none() | st.booleans() | INTEGERS | floats | TEXTS,
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(keys, inner, max_size=4),
        max_leaves=12,
    )


def number(value: float) -> str:
    """ECMA-262 Number::toString, from the shortest digits that Python finds."""
    if value == 0:
        return "0"
    if value < 0:
        return "-" + number(-value)
    _, digits_, exponent = Decimal(repr(value)).as_tuple()
    digits = "".join(map(str, digits_)).rstrip("0")
    k, n = len(digits), int(exponent) + len(digits_)
    if k <= n <= 21:
        return digits + "0" * (n - k)
    if 0 < n <= 21:
        return f"{digits[:n]}.{digits[n:]}"
    if -6 < n <= 0:
        return "0." + "0" * -n + digits
    mantissa = digits if k == 1 else f"{digits[0]}.{digits[1:]}"
    return f"{mantissa}e{'+' if n > 0 else '-'}{abs(n - 1)}"


SHORT = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r", 34: '\\"', 92: "\\\\"}


def text(value: str) -> str:
    escaped = (SHORT.get(ord(c)) or (f"\\u{ord(c):04x}" if ord(c) < 32 else c) for c in value)
    return '"' + "".join(escaped) + '"'


def second(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, str):
        return text(value)
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return number(value)
    if isinstance(value, list):
        return f"[{','.join(map(second, value))}]"
    names = sorted(value, key=lambda name: name.encode("utf-16-be"))
    return "{" + ",".join(f"{text(name)}:{second(value[name])}" for name in names) + "}"


@given(documents(TEXTS) | documents(ASCII_KEYS))
def test_both_implementations_agree(value: Any) -> None:
    assert canonicalize(value) == second(value).encode()


@given(documents(ASCII_KEYS) | documents(LOOK_ALIKES) | documents(TEXTS))
def test_the_fast_routes_give_the_bytes_of_the_library(value: Any) -> None:
    assert canonicalize(value) == rfc8785.dumps(value)
    assert canonicalize({"a": value}) == rfc8785.dumps({"a": value})


@given(documents(TEXTS, READABLE_FLOATS))
def test_canonical_bytes_are_read_back_and_stay_the_same(value: Any) -> None:
    again = parse_json(canonicalize(value), limits=DEFAULT_LIMITS)
    assert canonicalize(again) == canonicalize(value)


@given(documents(TEXTS, READABLE_FLOATS), st.booleans(), st.integers(0, 3))
def test_the_writing_does_not_matter(value: Any, ascii_only: bool, indent: int) -> None:
    written = json.dumps(value, ensure_ascii=ascii_only, indent=indent or None)
    found = parse_json(written, limits=DEFAULT_LIMITS)
    assert canonicalize(found) == canonicalize(value)


# RFC 8785 Appendix B: the bits of a double, and how it is written.
NUMBER_SAMPLES = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}


@pytest.mark.parametrize(("bits", "expected"), NUMBER_SAMPLES.items())
def test_numbers_of_the_rfc(bits: str, expected: str) -> None:
    value = struct.unpack(">d", bytes.fromhex(bits))[0]
    assert canonicalize(value) == expected.encode()
    assert number(value) == expected


def test_keys_are_sorted_by_utf_16() -> None:
    """RFC 8785 §3.2.3: the example of the text, by its keys."""
    keys = ["\r", "1", "\u0080", "ö", "€", "\U0001f600", "\ufb33"]
    assert list(json.loads(canonicalize(dict.fromkeys(reversed(keys))))) == keys


@pytest.mark.parametrize(
    "value",
    [
        math.nan,
        math.inf,
        -math.inf,
        2**53,
        -(2**53),
        "\ud800",
        {"\udfff": 1},
        {"a": math.nan},
        {"a": [-math.inf]},
        {"a": 2**53},
        {"a": 1e16, "b": 2**64},
        {"a": ["\ud800"]},
        {1: 2},
        {"a": b""},
        {1.5},
        [print],
    ],
    ids=repr,
)
def test_what_has_no_canonical_form(value: Any) -> None:
    with pytest.raises(MalformedError) as caught:
        canonicalize(value)
    assert caught.value.code == "jcs_domain"


def test_what_nests_too_deep() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(UndecidedError):
        canonicalize(loop)
