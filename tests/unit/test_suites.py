"""The list of suites, and what each of them refuses before any cryptography."""

from functools import partial
from typing import Any

import pytest
from tests.support.keys import BY_ALGORITHM, ED25519, signer
from tests.support.suites import NOW, PAIRS, WHOLE, contexts, draft, name_of, sign

from certweave.errors import CertweaveError, InvalidError, MalformedProofError, UnsupportedError
from certweave.keys.model import Algorithm, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_jcs_proof, parse_proofs, verify_proof
from certweave.proof.suites.registry import SUITES, find_suite, get_suite, jcs_suite
from certweave.proof.suites.suite import NOTHING_AROUND, TYPE, Around, Suite

AROUND = Around(contexts(), DEFAULT_LIMITS)
EACH = pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)


def test_every_suite_is_found_by_its_name_and_type() -> None:
    for name, suite in SUITES.items():
        assert suite.name == name
        assert get_suite(name) is suite
        assert find_suite(suite.type, name) is suite
        assert suite.type in (TYPE, name)
        assert find_suite("Other", name) is None
    assert len(SUITES) == len(list(SUITES)) > 6
    assert find_suite(TYPE, "eddsa-2099") is None
    assert SUITES.get("eddsa-2099") is None
    assert find_suite(TYPE, "Ed25519Signature2020") is None
    with pytest.raises(UnsupportedError) as caught:
        get_suite("eddsa-2099")
    assert caught.value.code == "suite_unsupported"


@pytest.mark.parametrize("algorithm", [Algorithm.ED25519, Algorithm.P256, Algorithm.P384])
def test_a_key_has_one_suite_that_needs_no_context(algorithm: Algorithm) -> None:
    suite = jcs_suite(algorithm)
    assert not suite.contexts
    secured = add_jcs_proof({"id": "urn:1"}, signer(BY_ALGORITHM[algorithm]), created=NOW, purpose="p")
    unsecured, (proof,) = parse_proofs(secured, limits=DEFAULT_LIMITS)
    assert (proof.suite, proof.created, proof.purpose) == (suite.name, NOW, "p")
    key = BY_ALGORITHM[algorithm].public
    assert verify_proof(unsecured, proof, key, all_proofs=(proof,), around=NOTHING_AROUND) == {"id": "urn:1"}


def test_a_key_for_lists_has_no_such_suite() -> None:
    with pytest.raises(InvalidError) as caught:
        jcs_suite(Algorithm.BBS)
    assert caught.value.code == "suite_key_mismatch"


@EACH
def test_options_of_another_suite_are_not_signed(suite: Suite, key: PrivateKey) -> None:
    for options in ({"type": TYPE, "cryptosuite": "other"}, {"cryptosuite": suite.name}, {}):
        with pytest.raises(UnsupportedError) as caught:
            suite.create(draft(key), options, signer(key), AROUND, None)
        assert caught.value.code == "suite_unsupported"
        with pytest.raises(UnsupportedError):
            suite.verify(draft(key), options, bytes(2 * key.algorithm.size), key.public, AROUND)


@pytest.mark.parametrize("suite", WHOLE, ids=name_of)
def test_a_key_of_another_kind_signs_nothing(suite: Suite) -> None:
    for key in BY_ALGORITHM.values():
        if key.algorithm in suite.algorithms:
            continue
        for work in (
            partial(sign, draft(key), suite, key),
            partial(suite.verify, draft(key), {}, b"", key.public, AROUND),
        ):
            with pytest.raises(InvalidError) as caught:
                work()
            assert caught.value.code == "suite_key_mismatch"


@pytest.mark.parametrize("suite", WHOLE, ids=name_of)
@pytest.mark.parametrize("value", ["", "u2V0A", "m2V0A", "0", "z0", "zO", "z\u00e9"])
def test_a_value_of_another_base_is_malformed(suite: Suite, value: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        suite.parse_value(value)
    assert isinstance(caught.value, MalformedProofError) or caught.value.code == "base58"


@pytest.mark.parametrize("suite", [suite for suite in WHOLE if suite.contexts], ids=name_of)
def test_the_context_of_a_suite_is_appended_once(suite: Suite) -> None:
    key = BY_ALGORITHM[suite.algorithms[0]]
    older = draft(key, issuanceDate="2026-01-01T00:00:00Z", credentialSubject={"id": "urn:x:1"})
    del older["validFrom"]
    v1 = "https://www.w3.org/2018/credentials/v1"
    for given in (v1, [v1]):
        once = sign({**older, "@context": given}, suite, key)
        assert once["@context"] == [v1, suite.contexts[0]]
        assert sign(once, suite, key)["@context"] == once["@context"]
    bare = {"id": "urn:x:1", "type": suite.type}
    assert sign(bare, suite, key)["@context"] == [suite.contexts[0]]


def test_without_contexts_nothing_is_read_as_json_ld() -> None:
    cases: list[Any] = [suite for suite in WHOLE if suite.contexts and Algorithm.ED25519 in suite.algorithms]
    assert len(cases) == 2
    for suite in cases:
        options = {"type": suite.type}
        if suite.type == TYPE:
            options["cryptosuite"] = suite.name
        with pytest.raises(CertweaveError) as caught:
            suite.create(draft(ED25519), options, signer(), NOTHING_AROUND, None)
        assert caught.value.code == "context_unpinned"
        bare = {name: value for name, value in draft(ED25519).items() if name != "@context"}
        with pytest.raises(InvalidError):
            suite.create(bare, options, signer(), AROUND, None)
