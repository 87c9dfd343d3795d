"""UNTP's models and our extension in an examination: what breaks them is invalid, whoever signed it."""

import pytest
from tests.support.certificates import extension_document
from tests.support.world import World, outcome

from certweave.encoding.strict_json import JsonObject


def examine(document: JsonObject) -> str:
    """Return the outcome of the rules, of a document that somebody signed."""
    world = World()
    issuer = world.party("fa")
    owned = {**document, "issuer": {**document["issuer"], "id": issuer.did}}
    return outcome(world.examine(issuer.embed(owned)), "rules")


@pytest.mark.parametrize(
    ("changes", "part", "expected"),
    [
        ({}, {}, "valid:rules_holds"),
        ({"name": ["a", "b"]}, {}, "invalid:untp_model"),
        ({}, {"sites": []}, "invalid:extension_model"),
    ],
)
def test_a_certificate_fits_the_model_and_the_extension(
    changes: JsonObject, part: JsonObject, expected: str
) -> None:
    document = extension_document("ScopeCertificate") | changes
    document["credentialSubject"]["certificationScope"] |= part
    assert examine(document) == expected


def test_a_type_of_untp_stands_alone() -> None:
    document = extension_document("ScopeCertificate")
    document["type"] = [*document["type"], "DigitalProductPassport"]
    assert examine(document) == "invalid:untp_type_missing"
