"""Attack: bytes that one reader takes for JSON and another does not."""

import pytest

from certweave.encoding.strict_json import parse_json
from certweave.errors import MalformedError
from certweave.limits import DEFAULT_LIMITS

CASES = {
    "byte-order mark": b"\xef\xbb\xbf{}",
    "UTF-16": '{"a": 1}'.encode("utf-16"),
    "UTF-32 without mark": '{"a": 1}'.encode("utf-32-le"),
    "overlong slash": b'"\xc0\xaf"',
    "CESU-8 surrogates": b'"\xed\xa0\xbd\xed\xb8\x80"',
    "beyond Unicode": b'"\xf4\x90\x80\x80"',
    "cut inside a character": b'"\xe2\x82"',
    "lone surrogate, escaped": rb'"\ud800"',
    "surrogates in the wrong order": rb'"\udc00\ud800"',
    "surrogate after an escaped backslash": rb'"\\\ud800"',
    "NUL after the value": b"{}\x00",
    "two values": b"{}{}",
    "comment": b"{} // comment",
    "trailing comma": b"[1,]",
    "single quotes": b"{'a': 1}",
    "NaN": b"[NaN]",
    "Infinity": b"[Infinity]",
    "hexadecimal": b"[0x10]",
    "leading zero": b"[007]",
    "underscore": b"[1_000]",
    "full-width digits": "[１]".encode(),
    "integer beyond 53 bits": b"[9007199254740993]",
    "the same as a float": b"[9007199254740993.0]",
    "overflow to infinity": b"[1e400]",
    "control character in a text": b'"\x01"',
    "no-break space": "\u00a0{}".encode(),
    "nothing": b"",
    "only blanks": b" \n",
}


@pytest.mark.parametrize("data", CASES.values(), ids=CASES.keys())
def test_malformed_json(data: bytes) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_json(data, limits=DEFAULT_LIMITS)
    assert caught.value.code.startswith("json_")
