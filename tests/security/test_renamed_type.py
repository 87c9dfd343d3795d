"""Attack: a type goes by another name, or without its context, so that none of its rules applies."""

import json

import pytest
from tests.security.test_renamed_member import V2, sign
from tests.support.world import World, outcome, plain_credential

UNTP = "https://vocabulary.uncefact.org/untp/"
CASES: dict[str, tuple[dict[str, str], str]] = {
    "another name for a type of UNTP": ({"T2": f"{UNTP}DigitalConformityCredential"}, "T2"),
    "its own name without its context": (
        {"DigitalConformityCredential": f"{UNTP}DigitalConformityCredential"},
        "DigitalConformityCredential",
    ),
    "another name for a type of ours": ({"T2": "https://certweave.example/ns/v1#LabelRelease"}, "T2"),
    "the whole IRI": ({"a": "urn:x:a"}, "https://certweave.example/ns/v1#LabelRelease"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_type_is_not_disguised(case: str) -> None:
    terms, kind = CASES[case]
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer, type=["VerifiableCredential", kind])
    signed = sign(world, {**document, "@context": [V2, terms]})
    report = world.examine(json.dumps(signed).encode())
    assert outcome(report, "signature").startswith("valid")
    assert outcome(report, "rules") in ("invalid:term_renamed", "invalid:type_unknown")


def test_types_of_others_may_have_any_name() -> None:
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer, type=["VerifiableCredential", "Bale"])
    signed = sign(world, {**document, "@context": [V2, {"Bale": "https://mill.example/types/7"}]})
    assert outcome(world.examine(json.dumps(signed).encode()), "rules") == "valid:rules_holds"
