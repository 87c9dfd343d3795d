"""A proofValue that is no CBOR, or CBOR made to cost more than it is worth."""

from typing import Any

import pytest
from tests.support.cost import spent, start
from tests.support.disclosing import SUITES, derive, examine, proof_bytes, with_proof_bytes
from tests.support.world import outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.limits import DEFAULT_LIMITS

BOMBS = {
    "nothing": (b"", "invalid:sd_value"),
    "cut short": (b"\x85\x58\x40", "invalid:sd_value"),
    "an array of 2^63 items": (b"\x9b\x7f" + b"\xff" * 7, "invalid:sd_value"),
    "a byte string of 2^40 bytes": (b"\x85\x5b\x00\x00\x01\x00\x00\x00\x00\x00", "invalid:sd_value"),
    "deep": (b"\x81" * 100_000 + b"\x00", "undecided:limit"),
    "wide": (b"\x85" + b"\x99\x75\x30" + b"\x00" * 30_000 + b"\x00" * 4, "undecided:limit"),
    "an array without an end": (b"\x9f" + b"\x00" * 5 + b"\xff", "invalid:sd_value"),
    "a byte string in pieces": (b"\x85\x5f\x41a\xff" + b"\x00" * 4, "invalid:sd_value"),
    "a tag": (b"\x85\xd8\x40\x41a" + b"\x00" * 4, "invalid:sd_value"),
    "a big number, tag 2": (b"\x85\xc2\x41a" + b"\x00" * 4, "invalid:sd_value"),
    "a longer form than needed": (b"\x98\x05" + b"\x00" * 5, "invalid:sd_value"),
    "no array": (b"\xa0", "invalid:sd_value"),
    "too few": (b"\x84" + b"\x00" * 4, "invalid:sd_value"),
    "too many": (b"\x86" + b"\x00" * 6, "invalid:sd_value"),
    "five of the wrong kind": (b"\x85" + b"\x00" * 5, "invalid:sd_value"),
}


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("case", BOMBS)
def test_it_is_refused_quickly(suite: str, case: str) -> None:
    derived = derive(suite, "/credentialSubject/name")
    inside, expected = BOMBS[case]
    spoilt = with_proof_bytes(derived, proof_bytes(derived)[:3] + inside)
    begun = start()
    assert outcome(examine(spoilt), "proof") == expected
    assert spent(begun) < 1


@pytest.mark.parametrize("suite", SUITES)
def test_what_stands_after_it_is_refused(suite: str) -> None:
    derived = derive(suite, "/credentialSubject/name")
    spoilt = with_proof_bytes(derived, proof_bytes(derived) + b"\x00")
    assert outcome(examine(spoilt), "proof") == "invalid:sd_value"


def test_a_proof_that_claims_many_hidden_messages_is_not_followed() -> None:
    """Each would need a point of the curve; their number follows from nothing but the length of the proof."""
    derived = derive("bbs-2023", "/credentialSubject/name")
    value = proof_bytes(derived)
    components: Any = decode_cbor(value[3:], limits=DEFAULT_LIMITS)
    components[0] += bytes(32) * 20_000
    begun = start()
    report = examine(with_proof_bytes(derived, value[:3] + encode_cbor(components)))
    assert outcome(report, "signature") == "undecided:limit"
    assert spent(begun) < 1
