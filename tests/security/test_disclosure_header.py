"""Headers of a proofValue: those of the other suite, of other features of the suite, and of nothing."""

import pytest
from tests.support.disclosing import SUITES, derive, examine, proof_bytes, with_proof_bytes
from tests.support.world import outcome

HEADERS = [
    ("ecdsa-sd-2023", "d95d00", "invalid:sd_base_proof"),
    ("ecdsa-sd-2023", "d95d02", "invalid:sd_value"),
    ("ecdsa-sd-2023", "d95d03", "invalid:sd_value"),
    ("bbs-2023", "d95d00", "invalid:sd_value"),
    ("bbs-2023", "d95d01", "invalid:sd_value"),
    ("bbs-2023", "d95d02", "invalid:sd_base_proof"),
    ("bbs-2023", "d95d04", "invalid:sd_base_proof"),
    ("bbs-2023", "d95d06", "invalid:sd_base_proof"),
    ("bbs-2023", "d95d08", "invalid:sd_base_proof"),
    ("bbs-2023", "d95d05", "invalid:sd_value"),
    ("bbs-2023", "d95d07", "invalid:sd_value"),
    ("bbs-2023", "d95d09", "invalid:sd_value"),
    *((suite, header, "invalid:sd_value") for suite in SUITES for header in ("d95dff", "000001", "", "d9")),
]


@pytest.mark.parametrize(("suite", "header", "expected"), HEADERS)
def test_a_wrong_header_is_told_by_its_kind(suite: str, header: str, expected: str) -> None:
    derived = derive(suite, "/credentialSubject/name")
    spoilt = with_proof_bytes(derived, bytes.fromhex(header) + proof_bytes(derived)[3:])
    assert outcome(examine(spoilt), "proof") == expected


@pytest.mark.parametrize("suite", SUITES)
@pytest.mark.parametrize("base", ["z", "m", "", "U"])
def test_another_base_than_base64url_is_none_of_these_suites(suite: str, base: str) -> None:
    derived = derive(suite, "/credentialSubject/name")
    value = base + derived["proof"]["proofValue"][1:]
    report = examine({**derived, "proof": {**derived["proof"], "proofValue": value}})
    assert outcome(report, "proof") == "invalid:proof_malformed"
