"""Attack: thousands of type names, each of which brings its own terms and costs their reading."""

import pytest
from tests.support.cost import spent, start
from tests.support.world import World, outcome, plain_credential

from certweave.canon.weight import MAX_TYPES
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict

V2 = "https://www.w3.org/ns/credentials/v2"
ONE = {"id": "did:example:a", "type": "BitstringStatusListEntry"}
CASES: dict[str, JsonObject] = {
    "one list": {"type": ["VerifiableCredential"] * 10_000},
    "many objects": {"credentialSubject": [ONE] * 4000},
    "an alias": {
        "@context": [V2, {"kind": "@type"}],
        "credentialSubject": {"id": "did:example:a", "kind": ["VerifiableCredential"] * 10_000},
    },
    "an alias of an alias": {
        "@context": [V2, {"kind": {"@id": "sort"}, "sort": "type"}],
        "credentialSubject": {"id": "did:example:a", "kind": ["VerifiableCredential"] * 10_000},
    },
}


@pytest.mark.parametrize("case", CASES)
def test_many_types_are_a_limit(case: str) -> None:
    world = World()
    issuer = world.party("fa")
    source = issuer.embed(plain_credential(issuer, **CASES[case]))
    begun = start()
    report = world.examine(source)
    # Without a limit, two to nine seconds.
    assert spent(begun) < 2
    assert outcome(report, "rules") == "undecided:limit"
    assert report.verdict is Verdict.UNDECIDED


def test_an_honest_number_is_none() -> None:
    world = World()
    issuer = world.party("fa")
    subjects = [{**ONE, "id": f"urn:{number}"} for number in range(MAX_TYPES // 10)]
    report = world.examine(issuer.embed(plain_credential(issuer, credentialSubject=subjects)))
    assert outcome(report, "rules") == "valid:rules_holds"
