"""Attack: an SD-JWT VC whose claims look like a W3C credential, to pass without the rules for one."""

import pytest
from tests.support.selective import by_hand, entropy
from tests.support.world import World, outcome, plain_credential

from certweave.errors import UnsupportedError
from certweave.examine.model import SD_JWT_VC
from certweave.examine.report import Verdict
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.trust.policy import Policy, TrustedIssuer


@pytest.mark.parametrize("mark", ["@context", "type"])
def test_what_calls_itself_a_w3c_credential_too_is_not_judged(mark: str) -> None:
    """By the rules of SD-JWT VC it would be valid: its ``validUntil`` is long over."""
    world = World()
    issuer = world.party("issuer")
    document = plain_credential(issuer, validUntil="2020-01-01T00:00:00Z")
    marked = {name: value for name, value in document.items() if name not in {"@context", "type"} - {mark}}
    claims = {**marked, "iss": issuer.did, "vct": "urn:x:y"}
    report = world.examine(by_hand(issuer, claims, "dc+sd-jwt"))
    assert outcome(report, "model") == "undecided:unsupported"
    assert report.document is None
    with pytest.raises(UnsupportedError):
        sign_sd_jwt_vc(claims, issuer.signer, issued_at=world.clock, hidden=(), entropy=entropy())


def test_its_claims_are_never_handed_on_as_a_w3c_document() -> None:
    world = World()
    issuer = world.party("issuer")
    document = {**plain_credential(issuer), "type": ["DigitalProductPassport"]}
    del document["@context"]
    token = by_hand(issuer, {**document, "iss": issuer.did, "vct": "urn:x:y"}, "dc+sd-jwt")
    report = world.examine(token)
    assert report.verdict is Verdict.VALID
    assert report.document is not None
    assert set(report.document) == {"type", "issuer", SD_JWT_VC}
    assert report.document["type"] == ["SdJwtVc"]


def test_trust_in_an_issuer_of_passports_is_not_for_it() -> None:
    world = World()
    issuer = world.party("issuer")
    claims = {"type": ["DigitalProductPassport"], "iss": issuer.did, "vct": "urn:x:y"}
    token = by_hand(issuer, claims, "dc+sd-jwt")
    trusting = {
        kind: Policy("trusting", issuers=(TrustedIssuer(issuer.did, "Issuer", (kind,)),))
        for kind in ("DigitalProductPassport", "urn:x:y")
    }
    assert outcome(world.examine(token, policy=trusting["urn:x:y"]), "trust") == "valid:trust_holds"
    found = outcome(world.examine(token, policy=trusting["DigitalProductPassport"]), "trust")
    assert found == "undecided:unknown_issuer"
    named = by_hand(issuer, {"iss": issuer.did, "vct": "DigitalProductPassport"}, "dc+sd-jwt")
    found = outcome(world.examine(named, policy=trusting["DigitalProductPassport"]), "trust")
    assert found == "undecided:unknown_issuer"


@pytest.mark.parametrize(
    ("trusted", "others", "expected"),
    [
        (["urn:x:card"], [], "valid:trust_holds"),
        (["urn:x:card"], ["urn:x:certificate"], "undecided:unknown_issuer"),
        (["urn:x:certificate"], ["urn:x:certificate"], "undecided:unknown_issuer"),
        (["urn:x:card", "urn:x:certificate"], ["urn:x:certificate"], "valid:trust_holds"),
        (["urn:x:card", "DigitalProductPassport"], ["DigitalProductPassport"], "undecided:unknown_issuer"),
    ],
)
def test_trust_for_a_type_is_not_for_the_others_that_it_is_said_to_be(
    trusted: list[str], others: list[str], expected: str
) -> None:
    """A verifier who asks for certificates takes a card that calls itself one, too (``aka_vcts``)."""
    world = World()
    issuer = world.party("issuer")
    aka = {"aka_vcts": others} if others else {}
    token = by_hand(issuer, {"iss": issuer.did, "vct": "urn:x:card", **aka}, "dc+sd-jwt")
    policy = Policy("trusting", issuers=(TrustedIssuer(issuer.did, "Issuer", tuple(trusted)),))
    assert outcome(world.examine(token, policy=policy), "trust") == expected
