"""The thief of a retired key writes an earlier date: a time that the signer wrote never helps the signer."""

import json
from datetime import timedelta

import pytest
from tests.support.world import World, outcome, plain_credential

from certweave.examine.report import Verdict
from certweave.keys.model import KeySigner
from certweave.log.receipt import make_receipt, secured_digest
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.vc_jwt import sign_credential_jwt


@pytest.mark.parametrize("form", ["token", "embedded"])
@pytest.mark.parametrize("receipt", [False, True], ids=["no_receipt", "receipt_of_today"])
def test_backdating(form: str, receipt: bool) -> None:
    world = World()
    fa = world.party("fa")
    world.clock += timedelta(days=30)
    stolen = fa.rotate()
    earlier = world.clock - timedelta(days=20)
    world.clock += timedelta(days=30)
    document = plain_credential(fa, name="forged")
    if form == "token":
        token = sign_credential_jwt(document, stolen, issued_at=earlier)
        source = token.encode()
        dated: object = token
    else:
        secured = add_jcs_proof(document, stolen, created=earlier, purpose="assertionMethod")
        source = json.dumps(secured).encode()
        dated = secured
    if receipt:
        world.date(dated)  # type: ignore[arg-type]
    report = world.examine(source)
    assert report.verdict is not Verdict.VALID
    assert outcome(report, "key") == "undecided:signing_time_unproven"
    assert outcome(world.examine(source, at=world.clock + timedelta(days=400)), "key").startswith("undecided")


@pytest.mark.parametrize(
    ("made_by", "days", "said"),
    [
        ("fa", -40, "the signature does not match"),
        ("ledger", 1, "the receipt bears a time that has not come yet"),
    ],
)
def test_a_receipt_that_is_none(made_by: str, days: int, said: str) -> None:
    """The thief signs it, in the ledger's name; or the ledger's clock is wrong."""
    world = World()
    fa = world.party("fa")
    world.clock += timedelta(days=30)
    stolen = fa.rotate()
    world.clock += timedelta(days=30)
    source = sign_credential_jwt(plain_credential(fa), stolen, issued_at=world.clock - timedelta(days=50))
    party = {"fa": fa, "ledger": world.ledger}[made_by]
    signer = KeySigner(world.ledger.signer.method, party.key)
    digest = secured_digest(source)
    at = world.clock + timedelta(days=days)
    receipt = make_receipt(digest, at=at, signer=signer, ledger=world.ledger.did)
    world.receipts[digest.hex()] = receipt.encode()
    report = world.examine(source.encode())
    assert outcome(report, "key") == "undecided:signing_time_unproven"
    assert f"a receipt does not count: {said}" in [note.detail for note in report.notes]
