"""Attack: the proof that says no is taken away, or the part of it that binds."""

from typing import Any

import pytest
from tests.support.keys import OTHER_ED25519
from tests.support.suites import PAIRS, draft, judge, name_of, sign

from certweave.keys.model import PrivateKey
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import Suite

EACH = pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)
FIRST = "urn:uuid:6a1676b8-b51f-11ed-937b-d76685a20ff5"


@EACH
def test_a_document_without_its_proof_is_not_valid(suite: Suite, key: PrivateKey) -> None:
    signed = sign(draft(key), suite, key)
    nothing: Any
    for nothing in ({}, [], None, "", [{}], [None], {"type": "DataIntegrityProof"}):
        assert judge({**signed, "proof": nothing}).verdict == "invalid"
    assert judge({name: value for name, value in signed.items() if name != "proof"}).verdict == "invalid"


@EACH
def test_a_proof_loses_no_member(suite: Suite, key: PrivateKey) -> None:
    options = {"challenge": "c", "domain": "d", "proof_id": FIRST}
    signed = sign(draft(key), suite, key, **options)
    assert judge(signed).verdict == "valid"
    for name in signed["proof"]:
        less = {other: value for other, value in signed["proof"].items() if other != name}
        found = judge({**signed, "proof": less})
        # Without its suite or type, nobody can tell what it is.
        assert found.verdict in ("invalid", "undecided"), name
        assert found.verdict == "invalid" or name in ("type", "cryptosuite")


@EACH
def test_a_chain_needs_its_first_proof(suite: Suite, key: PrivateKey) -> None:
    """A second party confirms the first proof; who takes the first away keeps nothing that holds."""
    first = sign(draft(key), suite, key, proof_id=FIRST)
    chain = sign(first, SUITES["eddsa-rdfc-2022"], OTHER_ED25519, previous_proof=FIRST)
    assert judge(chain).verdict == "valid"
    assert judge({**chain, "proof": chain["proof"][:1]}).verdict == "valid"
    for proofs in (chain["proof"][1:], chain["proof"][1], [*chain["proof"][1:], *chain["proof"][1:]]):
        assert judge({**chain, "proof": proofs}).verdict == "invalid"
    unchained = {name: value for name, value in chain["proof"][1].items() if name != "previousProof"}
    assert judge({**chain, "proof": [chain["proof"][0], unchained]}).verdict == "invalid"
    renamed = [
        {**chain["proof"][0], "id": "urn:uuid:1"},
        {**chain["proof"][1], "previousProof": "urn:uuid:1"},
    ]
    assert judge({**chain, "proof": renamed}).verdict == "invalid"
