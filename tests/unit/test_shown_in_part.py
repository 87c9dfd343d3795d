"""What its kind demands of a certificate that is shown in part: what is not shown is not known (ADR 0017)."""

import copy
from typing import Any

import pytest
from tests.support.selective import entropy, shorten
from tests.support.shirt import Shirt

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
