"""Attack: a presentation that was made for another time is shown now."""

import pytest
from tests.support.forging import finding, token
from tests.support.world import START, World, plain_credential

from certweave.examine.expectation import Expectation
from certweave.examine.report import Verdict
from certweave.proof.vc_jwt import envelope

NOW = int(START.timestamp())


@pytest.mark.parametrize(
    ("claims", "code", "path"),
    [
        ({}, "", None),
        ({"nbf": NOW, "exp": NOW + 60}, "", None),
        ({"exp": NOW - 1}, "expired", "/exp"),
        ({"exp": NOW}, "expired", "/exp"),
        ({"nbf": NOW + 1}, "not_yet_valid", "/nbf"),
    ],
)
def test_it_holds_in_its_time_only(claims: dict[str, int], code: str, path: str | None) -> None:
    world = World()
    fa, gin = world.party("fa"), world.party("gin")
    shown = envelope(fa.issue(plain_credential(fa, holder=gin.did)).decode())
    presentation = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": gin.did,
        "verifiableCredential": [shown],
        "aud": "a",
        "nonce": "n",
        **claims,
    }
    report = world.examine(
        token(presentation, gin.signer, typ="vp+jwt").encode(), expect=Expectation("a", "n")
    )
    expected = ("invalid", "validity", code, path) if code else ("valid", "", "", None)
    assert finding(report) == expected
    # The credential in it has a time of its own.
    assert [inner.verdict for inner in report.credentials] == [Verdict.VALID]
