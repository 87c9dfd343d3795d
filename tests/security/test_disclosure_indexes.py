"""Indexes that repeat, go back, or lead out of what was signed."""

from typing import Any

import pytest
from tests.support.disclosing import derive, examine, proof_bytes, with_proof_bytes
from tests.support.world import outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS

PLACES = [
    ("ecdsa-sd-2023", 4, "mandatory"),
    ("bbs-2023", 2, "mandatory"),
    ("bbs-2023", 3, "selective"),
]


def spoilt(suite: str, place: int, change: Any) -> JsonObject:
    derived = derive(suite, "/credentialSubject/boats")
    value = proof_bytes(derived)
    components: Any = decode_cbor(value[3:], limits=DEFAULT_LIMITS)
    components[place] = change(list(components[place]))
    return with_proof_bytes(derived, value[:3] + encode_cbor(components))


CHANGES: dict[str, tuple[Any, str]] = {
    "one twice": (lambda found: [found[0], *found], "proof:invalid:sd_indexes"),
    "in another order": (lambda found: found[::-1], "proof:invalid:sd_indexes"),
    "one beyond the end": (lambda found: [*found, 1000], "signature:invalid:sd_indexes"),
    "one beyond any document": (lambda found: [*found, 1 << 62], "signature:invalid:sd_indexes"),
    "a negative one": (lambda found: [-1, *found], "proof:invalid:sd_value"),
    "a text": (lambda found: [*found[:-1], str(found[-1])], "proof:invalid:sd_value"),
    "a fraction": (lambda found: [*found[:-1], found[-1] + 0.5], "proof:invalid:sd_value"),
    "a truth value": (lambda found: [False, *found[1:]], "proof:invalid:sd_value"),
    "no array": (lambda _found: 0, "proof:invalid:sd_value"),
}


@pytest.mark.parametrize(("suite", "place", "which"), PLACES)
@pytest.mark.parametrize("case", CHANGES)
def test_they_are_refused(suite: str, place: int, which: str, case: str) -> None:
    change, expected = CHANGES[case]
    step, _, found = expected.partition(":")
    assert outcome(examine(spoilt(suite, place, change)), step) == found, which


@pytest.mark.parametrize(("suite", "place", "which"), PLACES)
def test_one_left_out_leaves_a_statement_without_its_place(suite: str, place: int, which: str) -> None:
    report = examine(spoilt(suite, place, lambda found: found[1:]))
    assert outcome(report, "signature") == "invalid:sd_statement_count", which


def test_one_moved_by_one_is_another_message() -> None:
    report = examine(spoilt("bbs-2023", 3, lambda found: [*found[:-1], found[-1] + 1]))
    assert outcome(report, "signature") == "invalid:signature_mismatch"
