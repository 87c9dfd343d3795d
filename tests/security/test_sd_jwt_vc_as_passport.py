"""Attack: an SD-JWT VC whose claims look like a W3C credential, to pass without the rules for one."""

from tests.support.selective import by_hand
from tests.support.world import World, outcome, plain_credential

from certweave.examine.model import SD_JWT_VC
from certweave.examine.report import Verdict
from certweave.trust.policy import Policy, TrustedIssuer


def test_its_claims_are_never_handed_on_as_a_w3c_document() -> None:
    world = World()
    issuer = world.party("issuer")
    document = {**plain_credential(issuer), "type": ["VerifiableCredential", "DigitalProductPassport"]}
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
