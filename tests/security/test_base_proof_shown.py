"""A base proof shown to a verifier: it holds the HMAC key, and with it all that was to stay hidden."""

import pytest
from tests.support.disclosing import SUITES, derive, examine, proof_bytes, secure, with_proof_bytes
from tests.support.world import outcome

from certweave.examine.report import Verdict

each = pytest.mark.parametrize("suite", SUITES)


@each
def test_it_is_refused_in_words_that_say_what_to_do(suite: str) -> None:
    report = examine(secure(suite))
    assert report.verdict is Verdict.INVALID
    found = next(check for check in report.checks if check.step == "proof")
    assert (found.code, found.path) == ("sd_base_proof", "/proof/proofValue")
    assert "derived" in found.detail


@each
def test_it_is_refused_under_the_header_of_a_derived_proof(suite: str) -> None:
    base, derived = secure(suite), derive(suite, "/credentialSubject/name")
    value = proof_bytes(derived)[:3] + proof_bytes(base)[3:]
    report = examine(with_proof_bytes(base, value))
    assert outcome(report, "proof") == "invalid:sd_value"


@each
def test_it_is_refused_beside_a_derived_proof(suite: str) -> None:
    derived = derive(suite, "/credentialSubject/name")
    both = {**derived, "proof": [derived["proof"], secure(suite)["proof"]]}
    assert examine(both).verdict is Verdict.INVALID
