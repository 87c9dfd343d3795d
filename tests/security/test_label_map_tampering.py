"""A label map that does not fit: labels exchanged, missing, doubled, to spare, or of another form."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.disclosing import SUITES, derive, examine, proof_bytes, with_proof_bytes
from tests.support.world import outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.limits import DEFAULT_LIMITS

PLACE = {"ecdsa-sd-2023": 3, "bbs-2023": 1}
LabelMap = dict[Any, Any]


def spare(label_map: LabelMap) -> Any:
    """Return a label that no node has."""
    first = label_map[0]
    return b"\x07" * 32 if isinstance(first, bytes) else max(label_map.values()) + 1


def spoilt(suite: str, change: Callable[[LabelMap], Any]) -> JsonObject:
    """Return the crew's boats under a changed label map."""
    derived = derive(suite, "/credentialSubject/boats")
    value = proof_bytes(derived)
    components: Any = decode_cbor(value[3:], limits=DEFAULT_LIMITS)
    components[PLACE[suite]] = change(dict(components[PLACE[suite]]))
    return with_proof_bytes(derived, value[:3] + encode_cbor(components))


CHANGES: dict[str, tuple[Callable[[LabelMap], Any], str]] = {
    "two labels exchanged": (lambda found: {**found, 0: found[1], 1: found[0]}, "signature"),
    "a label that no node has": (lambda found: {**found, 0: spare(found)}, "signature"),
    "one label for two nodes": (lambda found: {**found, 0: found[1]}, "signature:invalid:sd_label_map"),
    "a node without a label": (
        lambda found: {key: found[key] for key in list(found)[:-1]},
        "signature:invalid:sd_label_map",
    ),
    "a label to spare": (
        lambda found: {**found, len(found): spare(found)},
        "signature:invalid:sd_label_map",
    ),
    "no labels": (lambda _found: {}, "signature:invalid:sd_label_map"),
    "a number left out": (
        lambda found: {**found, len(found) + 1: spare(found)},
        "proof:invalid:sd_label_map",
    ),
    "a negative number": (lambda found: {**found, -1: spare(found)}, "proof:invalid:sd_label_map"),
    "a text for a number": (lambda found: {**found, "0": spare(found)}, "proof:invalid:sd_value"),
    "a text for a label": (lambda found: {**found, 0: "b0"}, "proof:invalid:sd_value"),
    "an array": (lambda found: list(found.values()), "proof:invalid:sd_value"),
    "nothing": (lambda _found: None, "proof:invalid:sd_value"),
}


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("case", CHANGES)
def test_it_is_invalid(suite: str, case: str) -> None:
    change, expected = CHANGES[case]
    report = examine(spoilt(suite, change))
    assert report.verdict is Verdict.INVALID
    step, _, found = expected.partition(":")
    assert outcome(report, step).startswith(found or "invalid:")


@pytest.mark.parametrize(("number", "expected"), [(-1, "invalid:sd_label_map"), (1 << 40, "undecided:limit")])
def test_a_number_out_of_range_is_no_label_of_bbs(number: int, expected: str) -> None:
    report = examine(spoilt("bbs-2023", lambda found: {**found, 0: number}))
    assert outcome(report, "proof") == expected
