"""Attack: contexts are swapped, in the document or in the proof, so that signed words mean something else."""

from typing import Any

import pytest
from tests.support.suites import PAIRS, draft, judge, name_of, sign

from certweave.keys.model import PrivateKey
from certweave.proof.suites.suite import Suite

V2, DID_V1 = "https://www.w3.org/ns/credentials/v2", "https://www.w3.org/ns/did/v1"
ONE = {"mass": "https://one.example/mass", "length": "https://one.example/length"}
SWAPPED = {"mass": ONE["length"], "length": ONE["mass"]}
EACH = pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)
SUBJECT = {"id": "https://id.example/1", "mass": "1", "length": "2"}


def signed(suite: Suite, key: PrivateKey) -> dict[str, Any]:
    document = sign(draft(key, **{"@context": [V2, ONE], "credentialSubject": SUBJECT}), suite, key)
    assert judge(document).verdict == "valid"
    return document


@EACH
def test_words_do_not_change_their_meaning(suite: Suite, key: PrivateKey) -> None:
    document = signed(suite, key)
    contexts = document["@context"]
    others: list[Any] = [
        [V2, SWAPPED, *contexts[2:]],
        [V2, ONE, SWAPPED, *contexts[2:]],
        [V2, SWAPPED, ONE, *contexts[2:]] if not suite.contexts else [V2, {}],
        [V2],
        V2,
        [V2, {"@vocab": "https://two.example/"}],
        [*contexts, {"name": "https://evil.example/name"}],
    ]
    for other in others:
        changed = {**document, "@context": other}
        report = judge(changed)
        if suite.contexts or other[: len(contexts)] != contexts:
            assert report.verdict == "invalid", other
        else:
            # Appended: the document that was signed is the one without it.
            assert report.document is not None
            assert report.document["@context"] == contexts


@EACH
@pytest.mark.parametrize(
    "own", [[V2, SWAPPED], [V2], V2, {}, [], None, "x", [V2, ONE, DID_V1], DID_V1], ids=str
)
def test_a_proof_brings_no_context_of_its_own(suite: Suite, key: PrivateKey, own: Any) -> None:
    document = signed(suite, key)
    document["proof"]["@context"] = own
    assert judge(document).verdict == "invalid"


@EACH
def test_the_context_of_the_document_may_stand_in_the_proof(suite: Suite, key: PrivateKey) -> None:
    document = signed(suite, key)
    document["proof"]["@context"] = document["@context"]
    assert judge(document).verdict == "valid"


@EACH
def test_a_context_inside_changes_nothing(suite: Suite, key: PrivateKey) -> None:
    document = signed(suite, key)
    document["credentialSubject"] = {**SUBJECT, "@context": SWAPPED}
    assert judge(document).verdict == "invalid"
