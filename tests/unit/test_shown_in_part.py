"""What its kind demands of a certificate that is shown in part: what is not shown is not known (ADR 0017)."""

import copy
import json
from typing import Any

import pytest
from tests.support.selective import entropy, shorten, w3c
from tests.support.shirt import Shirt
from tests.support.world import World

from certweave.examine.report import Report, Step
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt

PARTY = "/credentialSubject/issuedToParty"
RESULT = "/credentialSubject/laboratoryResult"


def show(name: str, hidden: str, *, in_part: bool, **subject: Any) -> Report:
    """Examine a certificate of the shirt as an SD-JWT, with or without what can be withheld."""
    shirt = Shirt()
    document = copy.deepcopy(shirt.documents[name])
    document["credentialSubject"] |= subject
    signer = shirt.signers[name].signer
    whole = sign_credential_sd_jwt(
        document, signer, issued_at=shirt.world.clock, hidden=[hidden], entropy=entropy()
    )
    return shirt.world.examine((shorten(whole) if in_part else whole).encode())


def rules(report: Report) -> tuple[str, str, str | None]:
    check = report.check(Step.RULES)
    return check.outcome.value, check.code, check.path


@pytest.mark.parametrize(("name", "hidden"), [("organic", PARTY), ("laboratory", RESULT)])
def test_what_is_withheld_is_open_and_not_wrong(name: str, hidden: str) -> None:
    assert rules(show(name, hidden, in_part=False))[0] == "valid"
    report = show(name, hidden, in_part=True)
    assert rules(report) == ("undecided", "member_withheld", hidden)
    assert report.verdict.value == "undecided"


@pytest.mark.parametrize("in_part", [False, True])
def test_what_is_shown_and_wrong_stays_wrong(in_part: bool) -> None:
    found = rules(show("organic", PARTY, in_part=in_part, assessorLevel=7))
    assert found == ("invalid", "untp_model", "/credentialSubject/assessorLevel")


def test_what_nobody_can_have_left_out_is_missing() -> None:
    shirt = Shirt()
    del shirt.documents["organic"]["credentialSubject"]["issuedToParty"]
    report = shirt.world.examine(shirt.signers["organic"].issue(shirt.documents["organic"]))
    assert rules(report) == ("invalid", "untp_model", PARTY)
    assert report.check(Step.RULES).detail == "the member issuedToParty is missing"


NAMED = {"required": ["name"]}
SHORT = {"properties": {"id": {"maxLength": 1}}}


@pytest.mark.parametrize(
    ("schemas", "in_part", "found"),
    [
        ([NAMED], False, ("valid", "rules_holds", None)),
        ([NAMED], True, ("undecided", "member_withheld", "/credentialSubject")),
        (
            [{"dependentRequired": {"id": ["name"]}}],
            True,
            ("undecided", "member_withheld", "/credentialSubject"),
        ),
        ([{**NAMED, **SHORT}], True, ("invalid", "schema_mismatch", None)),
        ([NAMED, SHORT], True, ("invalid", "schema_mismatch", "/credentialSubject/id")),
        ([{"required": ["grade"]}], False, ("invalid", "schema_mismatch", "/credentialSubject")),
    ],
)
def test_what_its_schema_demands_may_be_withheld_as_well(
    schemas: list[dict[str, Any]], in_part: bool, found: tuple[str, str, str | None]
) -> None:
    world = World()
    entries = []
    for number, subject in enumerate(schemas):
        url = f"https://schemas.example/{number}"
        draft = "https://json-schema.org/draft/2020-12/schema"
        schema = {"$id": url, "$schema": draft, "properties": {"credentialSubject": subject}}
        world.documents[url] = json.dumps(schema).encode()
        entries.append({"id": url, "type": "JsonSchema"})
    subject = {"id": "https://mill.example/bale", "name": "A bale"}
    whole = w3c(
        world.party("fa"), "/credentialSubject/name", credentialSchema=entries, credentialSubject=subject
    )
    outcome, code, path = rules(world.examine((shorten(whole) if in_part else whole).encode()))
    assert (outcome, code, found[2] and path) == found
