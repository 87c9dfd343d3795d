"""Attack: a certifier whose approval has ended signs on, and lets the certificate begin on an earlier day.

An earlier day of signing can be written just as well: no receipt is asked for, and the report says so.
"""

import json
from datetime import timedelta

import pytest
from tests.support.shirt import Shirt
from tests.support.world import outcome

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Report
from certweave.proof.data_integrity import add_jcs_proof

APRIL = timedelta(days=40)


def examine(days: int, *, end: str, twice: bool = False, embedded: bool = False) -> Report:
    """Examine on 10 April what begins on 1 March, and was signed ``days`` after that by its own account."""
    shirt = Shirt()
    world, certifier = shirt.world, shirt.signers["organic"]
    for root in ("ofs", "aab"):
        shirt.attestation(f"approval-{root}")["issuerApproval"]["endDate"] = end
    document: JsonObject = shirt.publish().documents["organic"]
    if twice:
        document = add_jcs_proof(document, certifier.signer, created=world.clock, purpose="assertionMethod")
    world.clock += timedelta(days=days)
    source = certifier.embed(document) if embedded or twice else certifier.issue(document)
    world.clock += APRIL - timedelta(days=days)
    return world.examine(source, policy=shirt.policy)


@pytest.mark.parametrize("form", [{}, {"embedded": True}, {"twice": True}], ids=["token", "proof", "proofs"])
@pytest.mark.parametrize(
    ("end", "days", "expected", "noted"),
    [
        ("2026-03-31", 31, "invalid:out_of_scope", False),
        ("2026-03-31", 30, "valid:trust_holds", True),
        ("2026-04-10", 31, "valid:trust_holds", False),
    ],
    ids=["after the end", "before it", "not ended"],
)
def test_a_start_that_the_signer_wrote_does_not_help_the_signer(
    end: str, days: int, expected: str, noted: bool, form: dict[str, bool]
) -> None:
    report = examine(days, end=end, **form)
    assert outcome(report, "trust") == expected
    assert ("authorisation_ended" in [note.code for note in report.notes]) is noted


def test_the_date_of_somebody_else_s_proof_is_not_the_issuer_s() -> None:
    shirt = Shirt()
    world, certifier, other = shirt.world, shirt.signers["organic"], shirt.world.parties["ege"]
    for root in ("ofs", "aab"):
        shirt.attestation(f"approval-{root}")["issuerApproval"]["endDate"] = "2026-03-31"
    document: JsonObject = shirt.publish().documents["organic"]
    for party in (certifier, other):
        document = add_jcs_proof(document, party.signer, created=world.clock, purpose="assertionMethod")
        world.clock += APRIL
    report = world.examine(json.dumps(document).encode(), policy=shirt.policy)
    assert outcome(report, "proof").startswith("valid")
    assert outcome(report, "trust") == "valid:trust_holds"
