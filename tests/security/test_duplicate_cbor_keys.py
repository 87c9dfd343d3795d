"""Attack: a header parameter twice, so that one reader takes the first and another the second.

RFC 9052 §3 and §9: such a message must not be processed.
"""

import pytest
from tests.support.keys import ED25519, signer

from certweave.encoding.cbor import encode_cbor
from certweave.errors import MalformedError
from certweave.examine.reader import read
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import parse_sign1

KID = encode_cbor(signer().method.encode())
OTHER = encode_cbor(b"did:web:evil.example#key")

HEADERS = [
    ("the algorithm", b"\xa3\x01\x27\x01\x26\x04" + KID, "cbor_duplicate_key"),
    ("the key", b"\xa3\x01\x27\x04" + KID + b"\x04" + OTHER, "cbor_duplicate_key"),
    ("the same value", b"\xa3\x01\x27\x04" + KID + b"\x01\x27", "cbor_duplicate_key"),
    ("another form of the same label", b"\xa3\x01\x27\x04" + KID + b"\x18\x01\x26", "cbor_not_shortest"),
    ("a big number for the same label", b"\xa3\x01\x27\x04" + KID + b"\xc2\x41\x01\x26", "cbor_tag"),
    ("a float for the same label", b"\xa3\x01\x27\x04" + KID + b"\xf9\x3c\x00\x26", "cbor_malformed"),
    ("truth for the same label", b"\xa3\x01\x27\x04" + KID + b"\xf5\x26", "cbor_malformed"),
    ("claims", b"\xa3\x01\x27\x04" + KID + b"\x0f\xa2\x01\x61\x61\x01\x61\x62", "cbor_duplicate_key"),
]


@pytest.mark.parametrize(
    ("header", "code"), [case[1:] for case in HEADERS], ids=[case[0] for case in HEADERS]
)
def test_in_the_protected_header(header: bytes, code: str) -> None:
    signature = ED25519.sign(encode_cbor(["Signature1", header, b"", b"{}"]))
    for data in (
        encode_cbor([header, {}, b"{}", signature]),
        b"\xd2" + encode_cbor([header, {}, b"{}", signature]),
    ):
        with pytest.raises(MalformedError) as caught:
            read(data, limits=DEFAULT_LIMITS)
        assert caught.value.code == code


def test_in_the_unprotected_header() -> None:
    """Nobody signed it, and nothing in it counts; but two readers must not see two messages."""
    good = encode_cbor([b"\xa1\x01\x27", {}, b"{}", bytes(64)])
    doubled = good.replace(b"\x43\xa1\x01\x27\xa0", b"\x43\xa1\x01\x27\xa2\x01\x27\x01\x26")
    assert doubled != good
    parse_sign1(good, limits=DEFAULT_LIMITS)
    with pytest.raises(MalformedError) as caught:
        parse_sign1(doubled, limits=DEFAULT_LIMITS)
    assert caught.value.code == "cbor_duplicate_key"
