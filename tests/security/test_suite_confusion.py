"""Attack: a proof is relabelled, so that another suite reads it, or another key's proof."""

import pytest
from tests.support.keys import BY_ALGORITHM
from tests.support.suites import PAIRS, WHOLE, draft, judge, name_of, sign

from certweave.did.key import make_did_key_method
from certweave.keys.model import PrivateKey
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import TYPE, Suite


@pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)
def test_a_proof_holds_under_its_own_name_alone(suite: Suite, key: PrivateKey) -> None:
    signed = sign(draft(key), suite, key)
    assert judge(signed).verdict == "valid"
    for other in SUITES.values():
        if other is suite:
            continue
        proof = {name: value for name, value in signed["proof"].items() if name != "cryptosuite"}
        proof["type"] = other.type
        if other.type == TYPE:
            proof["cryptosuite"] = other.name
        for value in (proof["proofValue"], f"u{proof['proofValue'][1:]}"):
            assert judge({**signed, "proof": {**proof, "proofValue": value}}).verdict == "invalid"


@pytest.mark.parametrize(
    "name", ["EDDSA-JCS-2022", "eddsa-jcs-2022 ", "eddsa-jcs-2023", "none", "JcsEd25519"]
)
def test_a_name_that_is_nearly_right_is_unknown(name: str) -> None:
    suite, key = PAIRS[0]
    signed = sign(draft(key), suite, key)
    signed["proof"]["cryptosuite"] = name
    assert judge(signed).verdict == "undecided"


@pytest.mark.parametrize("name", ["", None, 5, [], ["eddsa-jcs-2022"], {"id": "eddsa-jcs-2022"}])
def test_a_suite_has_a_name(name: object) -> None:
    suite, key = PAIRS[0]
    signed = sign(draft(key), suite, key)
    signed["proof"]["cryptosuite"] = name
    assert judge(signed).verdict == "invalid"


@pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)
def test_a_key_of_another_kind_does_not_read_the_signature(suite: Suite, key: PrivateKey) -> None:
    for other in BY_ALGORITHM.values():
        if other == key:
            continue
        signed = sign(draft(other), suite, key)
        signed["proof"]["verificationMethod"] = make_did_key_method(other.public)
        assert judge(signed).verdict == "invalid"


@pytest.mark.parametrize("suite", WHOLE, ids=name_of)
def test_a_proof_of_another_document_proves_nothing(suite: Suite) -> None:
    key = BY_ALGORITHM[suite.algorithms[0]]
    one, other = sign(draft(key), suite, key), sign(draft(key, name="another"), suite, key)
    assert judge({**one, "proof": other["proof"]}).verdict == "invalid"
