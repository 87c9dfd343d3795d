"""Attack: proofs are added beside a good one, doubled, named alike, or chained in a circle, in every suite.

None of them may be invalid, one must be the issuer's, and every chain must end.
"""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.forging import Finding, finding, judge
from tests.support.keys import OTHER_ED25519
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    PRESENTED,
    credential,
    presented,
    shown,
    signer_of,
)
from tests.support.suites import NOW, sign
from tests.support.ways import show

from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.registry import SUITES

ONE, TWO = "urn:uuid:00000000-0000-4000-8000-000000000001", "urn:uuid:00000000-0000-4000-8000-000000000002"
UNKNOWN: JsonObject = {"type": "FutureProof2030", "id": TWO}
Proofs = Callable[[JsonObject], Any]


def invalid(code: str, path: str, step: str = "proof") -> Finding:
    return ("invalid", step, code, path)


SETS: dict[str, tuple[Proofs, Finding]] = {
    "itself, in a list": (lambda it: [it], ("valid", "", "", None)),
    "itself twice": (lambda it: [it, it], ("valid", "", "", None)),
    "an unknown one beside": (lambda it: [it, UNKNOWN], ("valid", "", "", None)),
    "an unknown one before": (lambda it: [UNKNOWN, it], ("valid", "", "", None)),
    "unknown ones only": (lambda _: [UNKNOWN], ("undecided", "proof", "suite_unsupported", "/proof")),
    "a stripped one beside": (
        lambda it: [it, {name: value for name, value in it.items() if name != "proofValue"}],
        invalid("proof_malformed", "/proof/1/proofValue"),
    ),
    "an emptied one before": (
        lambda it: [{**it, "proofValue": ""}, it],
        invalid("proof_malformed", "/proof/0/proofValue"),
    ),
    "nothing beside": (lambda it: [it, None], invalid("proof_malformed", "/proof/1")),
    "an empty object beside": (lambda it: [it, {}], invalid("proof_malformed", "/proof/1")),
    "a list beside": (lambda it: [it, [it]], invalid("proof_malformed", "/proof/1")),
    "one that is over beside": (
        lambda it: [it, {**it, "expires": "2026-01-02T00:00:00Z"}],
        invalid("proof_expired", "/proof/1/expires"),
    ),
    "one of the future beside": (
        lambda it: [it, {**it, "created": "2030-01-02T00:00:00Z"}],
        invalid("proof_from_future", "/proof/1/created"),
    ),
    "one for another purpose beside": (
        lambda it: [it, {**it, "proofPurpose": "authentication"}],
        invalid("proof_purpose", "/proof/1/proofPurpose"),
    ),
    "two of one name": (
        lambda it: [{**it, "id": ONE}, {**UNKNOWN, "id": ONE}],
        invalid("proof_id_repeated", "/proof"),
    ),
    "a name that is none": (
        lambda it: [it, {**UNKNOWN, "id": "two"}],
        invalid("proof_malformed", "/proof/1/id"),
    ),
    "one that builds on nothing": (
        lambda it: [{**it, "previousProof": ONE}],
        invalid("previous_proof_missing", "/proof/0/previousProof"),
    ),
    "one that builds on itself": (
        lambda it: [{**it, "id": ONE, "previousProof": ONE}],
        invalid("proof_chain_loop", "/proof"),
    ),
    "two that build on each other": (
        lambda it: [{**it, "id": ONE, "previousProof": TWO}, {**it, "id": TWO, "previousProof": ONE}],
        invalid("proof_chain_loop", "/proof"),
    ),
    "an unknown one in the circle": (
        lambda it: [{**it, "id": ONE, "previousProof": TWO}, {**UNKNOWN, "previousProof": ONE}],
        invalid("proof_chain_loop", "/proof"),
    ),
    "one that builds on an unknown one": (
        lambda it: [{**it, "previousProof": [TWO]}, UNKNOWN],
        ("undecided", "proof", "suite_unsupported", "/proof/1"),
    ),
    "one that builds on no text": (
        lambda it: [{**it, "previousProof": [7]}],
        invalid("proof_malformed", "/proof/0/previousProof"),
    ),
    "a chain that says nothing": (
        lambda it: [{**it, "previousProof": []}],
        invalid("proof_malformed", "/proof/0/previousProof"),
    ),
    "more than anybody needs": (
        lambda it: [it] * (DEFAULT_LIMITS.proofs + 1),
        ("undecided", "proof", "limit_proofs", "/proof"),
    ),
}


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("name", SETS)
def test_proofs_beside_a_good_one(way: str, name: str) -> None:
    document = json.loads(shown(way))
    proofs, found = SETS[name]
    assert finding(judge({**document, "proof": proofs(document["proof"])})) == found


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_chain_that_was_made_up_afterwards(way: str) -> None:
    """The good proof stays the first; a link that it was not made with changes what it is over."""
    document = json.loads(shown(way))
    own = document["proof"]
    for proofs in (
        [{**own, "id": ONE}, {**own, "id": TWO, "previousProof": ONE}],
        [{**own, "id": ONE}],
        [own, {**own, "id": TWO}],
    ):
        assert finding(judge({**document, "proof": proofs}))[:2] == ("invalid", "signature")


@pytest.mark.parametrize("way", EMBEDDED)
def test_strangers_beside_the_issuer(way: str) -> None:
    """Anybody may add a good proof of their own; it neither helps a bad one nor stands for the issuer's."""
    document = json.loads(shown(way))
    own = document["proof"]
    both = sign(document, SUITES["eddsa-rdfc-2022"], OTHER_ED25519)
    stranger = both["proof"][1]
    assert judge(both).verdict == "valid"
    assert judge({**both, "proof": both["proof"][::-1]}).verdict == "valid"
    alone = finding(judge({**document, "proof": stranger}))
    assert alone == ("invalid", "key", "foreign_signer", "/proof")
    broken = {**stranger, "proofValue": both["proof"][1]["proofValue"][:-1] + "1"}
    assert finding(judge({**document, "proof": [own, broken]}))[:2] == ("invalid", "signature")
    named = {**own, "verificationMethod": stranger["verificationMethod"]}
    assert judge({**document, "proof": [named, stranger]}).verdict == "invalid"
    other = show(credential(way, validFrom="2025-01-01T00:00:00Z"), signer_of(way), way, now=NOW)
    spoilt = {**document, "proof": [json.loads(other)["proof"], stranger]}
    assert finding(judge(spoilt))[:3] == ("invalid", "signature", "signature_mismatch")


@pytest.mark.parametrize("way", [way for way in PRESENTED if way in EMBEDDED])
@pytest.mark.parametrize("name", [name for name in SETS if "purpose" not in name])
def test_proofs_beside_that_of_a_presentation(way: str, name: str) -> None:
    document = json.loads(presented(way))
    proofs, found = SETS[name]
    assert finding(judge({**document, "proof": proofs(document["proof"])}, expect=ASKED)) == found
