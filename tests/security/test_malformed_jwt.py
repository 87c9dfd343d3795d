"""Attack: tokens with more, fewer or other parts than three, and texts that decode to the same bytes."""

import pytest
from tests.support.keys import signer

from certweave.encoding.multibase import base64url_encode
from certweave.errors import MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import parse_compact, sign_compact

TOKEN = sign_compact(b'{"a":1}', {"typ": "vc+jwt"}, signer())
HEADER, PAYLOAD, SIGNATURE = TOKEN.split(".")

CASES = {
    "nothing": "",
    "one part": HEADER,
    "two parts": f"{HEADER}.{PAYLOAD}",
    "four parts": f"{TOKEN}.",
    "five parts, as in JWE": f"{TOKEN}.AA.AA",
    "SD-JWT": f"{TOKEN}~",
    "padding": f"{HEADER}.{PAYLOAD}.{SIGNATURE}==",
    "blank before": f" {TOKEN}",
    "newline after": f"{TOKEN}\n",
    "standard alphabet": f"{HEADER}.{PAYLOAD}.{'+' * 86}",
    "stray bits at the end": f"{HEADER}.{PAYLOAD}.{SIGNATURE[:-1]}{'h' if SIGNATURE[-1] != 'h' else 'i'}",
    "look-alike letter": f"{HEADER}.{PAYLOAD}.{'А' * 86}",
    "percent sign": f"{HEADER}.{PAYLOAD}.%41",
    "no header": f".{PAYLOAD}.{SIGNATURE}",
    "header is an array": f"{base64url_encode(b'[]')}.{PAYLOAD}.{SIGNATURE}",
    "header is not JSON": f"{base64url_encode(b'alg')}.{PAYLOAD}.{SIGNATURE}",
    "header with byte-order mark": f"{base64url_encode(bytes([0xEF, 0xBB, 0xBF]) + b'{}')}.{PAYLOAD}.AA",
}


@pytest.mark.parametrize("token", CASES.values(), ids=CASES.keys())
def test_malformed_jwt(token: str) -> None:
    with pytest.raises(MalformedError):
        parse_compact(token, limits=DEFAULT_LIMITS)
    if token.isascii():
        with pytest.raises(MalformedError):
            parse_compact(token.encode(), limits=DEFAULT_LIMITS)


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(MalformedError):
        parse_compact(b"\xff.\xff.\xff", limits=DEFAULT_LIMITS)
