"""Points and numbers of BBS that would prove nothing: identity, second encodings, zero, out of range."""

from typing import Any

import pytest
from tests.support.disclosing import derive, examine, proof_bytes, signer, with_proof_bytes
from tests.support.world import outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, InvalidSignatureError, MalformedError
from certweave.keys import bbs
from certweave.keys.bbs_group import ORDER
from certweave.keys.model import Algorithm, PublicKey
from certweave.limits import DEFAULT_LIMITS

IDENTITY = b"\xc0" + bytes(47)
POINTS = {
    "the identity": IDENTITY,
    "the identity with bits to spare": b"\xe0" + bytes(47),
    "the identity with a tail": b"\xc0" + bytes(46) + b"\x01",
    "nothing but ones": b"\xff" * 48,
    "not compressed": bytes(48),
    "no point of the curve": b"\x80" + bytes(46) + b"\x01",
    # x = 4 is on the curve, but outside the group of prime order.
    "a point of another group": b"\x80" + bytes(46) + b"\x04",
}


def spoilt(start: int, part: bytes) -> JsonObject:
    """Return a derived credential with a part of its BBS proof replaced."""
    derived = derive("bbs-2023", "/credentialSubject/name")
    value = proof_bytes(derived)
    components: Any = decode_cbor(value[3:], limits=DEFAULT_LIMITS)
    proof = components[0]
    components[0] = proof[:start] + part + proof[start + len(part) :]
    return with_proof_bytes(derived, value[:3] + encode_cbor(components))


@pytest.mark.parametrize("place", [0, 48, 96], ids=["A_bar", "B_bar", "D"])
@pytest.mark.parametrize("case", POINTS)
def test_a_proof_with_such_a_point_is_invalid(place: int, case: str) -> None:
    assert outcome(examine(spoilt(place, POINTS[case])), "signature") == "invalid:signature_form"


@pytest.mark.parametrize("number", [0, ORDER, (1 << 256) - 1], ids=["zero", "the order", "the largest"])
@pytest.mark.parametrize("place", [0, 1, 2, 3, -1], ids=["e", "r1", "r3", "a message", "challenge"])
def test_a_proof_with_such_a_number_is_invalid(place: int, number: int) -> None:
    proof: Any = decode_cbor(
        proof_bytes(derive("bbs-2023", "/credentialSubject/name"))[3:], limits=DEFAULT_LIMITS
    )
    start = len(proof[0]) - 32 if place < 0 else 144 + 32 * place
    assert outcome(examine(spoilt(start, number.to_bytes(32))), "signature") == "invalid:signature_form"


def test_three_identities_prove_nothing() -> None:
    """With all three the pairing equation holds for every key and every message."""
    assert outcome(examine(spoilt(0, IDENTITY * 3)), "signature") == "invalid:signature_form"


@pytest.mark.parametrize("size", [0, 48, 271, 273])
def test_a_proof_of_another_length_is_none(size: int) -> None:
    with pytest.raises(InvalidSignatureError) as caught:
        bbs.proof_verify(
            signer("bbs-2023").public.raw, b"\x01" * size, [], [], header=b"", presentation_header=b""
        )
    assert caught.value.code == "signature_form"


@pytest.mark.parametrize("case", POINTS)
def test_a_signature_with_such_a_point_is_invalid(case: str) -> None:
    own = signer("bbs-2023")
    signature = own.sign_messages(b"header", [b"message"])
    bbs.verify(own.public.raw, signature, b"header", [b"message"])
    with pytest.raises(InvalidSignatureError) as caught:
        bbs.verify(own.public.raw, POINTS[case] + signature[48:], b"header", [b"message"])
    assert caught.value.code == "signature_form"


KEYS = {
    "the identity": (b"\xc0" + bytes(95), "key_weak"),
    "nothing but ones": (b"\xff" * 96, "key_weak"),
    "not compressed": (bytes(96), "key_malformed"),
    "a point of another group": (b"\x80" + bytes(94) + b"\x02", "key_malformed"),
    "too short": (b"\xc0" + bytes(94), "key_malformed"),
}


@pytest.mark.parametrize("case", KEYS)
def test_such_a_point_is_no_key(case: str) -> None:
    raw, code = KEYS[case]
    with pytest.raises((MalformedError, InvalidError)) as caught:
        PublicKey(Algorithm.BBS, raw)
    assert caught.value.code == code
