"""A certifier makes more of its authorities than they gave: another country, a certificate, a great name."""

from dataclasses import replace

import pytest
from tests.support.shirt import NAMES, SCHEME, Shirt
from tests.support.status import NOW
from tests.support.telling import tell
from tests.support.trust import (
    APPROVAL_URL,
    CERTIFIER,
    OWNER,
    POLICY,
    authorities,
    authority,
    certificate,
    site,
)
from tests.support.trust import SCHEME as PLAIN

from certweave.credential.build import make_endorsement
from certweave.credential.build_parts import make_link
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.trust.chain import check_trust
from certweave.trust.policy import Chain

ABROAD = site("main", "BD", "spinning")["facility"]
ELSEWHERE: dict[str, JsonObject] = {
    "an assessed facility": {"conformityAssessment": [{"assessedFacility": [{"facility": ABROAD}]}]},
    "an inventory": {"inventoryConformance": {"facility": ABROAD}},
}


@pytest.mark.parametrize("member", ELSEWHERE)
def test_a_country_counts_wherever_a_certificate_names_it(member: str) -> None:
    claimed = certificate(certificationScope=None, **ELSEWHERE[member])
    with pytest.raises(InvalidError, match="the country BD") as caught:
        check_trust(claimed, CERTIFIER, policy=POLICY, authorities=authorities(), now=NOW)
    assert caught.value.code == "out_of_scope"


CERTIFICATES: dict[str, JsonObject] = {
    "of goods": {"conformityAssessment": [{"assessedProduct": [{"product": {"id": "urn:x:1"}}]}]},
    "of a site": {"conformityAssessment": [{"assessedFacility": [{"facility": ABROAD}]}]},
    "of a scope": {"certificationScope": {"sites": []}},
    "of a sale": {"transaction": {}},
}


@pytest.mark.parametrize("kind", CERTIFICATES)
def test_who_has_a_certificate_is_no_certifier_by_it(kind: str) -> None:
    """The owner of a scheme certified a farm itself, and the farm goes on to certify others."""
    given = authority(OWNER, APPROVAL_URL)
    subject = {"issuedToParty": {"id": CERTIFIER}, "referenceScheme": {"id": PLAIN}, **CERTIFICATES[kind]}
    held = replace(given, document={**(given.document or {}), "credentialSubject": subject})
    found = {**authorities(), APPROVAL_URL: held}
    with pytest.raises(InvalidError, match="authorises nobody") as caught:
        check_trust(certificate(), CERTIFIER, policy=POLICY, authorities=found, now=NOW)
    assert caught.value.code == "out_of_scope"


@pytest.mark.parametrize("link", ["approval-ofs", "nowhere"])
def test_a_page_names_no_authority_that_nobody_found(link: str) -> None:
    """Its scheme asks for approval only; the certificate claims an accreditation on top."""
    shirt = Shirt()
    evidence = make_link(shirt.url(link), "Accreditation")
    claimed = make_endorsement("Accreditation", authority=shirt.party("aab"), evidence=evidence)
    named = shirt.attestation("organic")["authorisation"]
    named[:] = [*named[:1], claimed]
    policy = replace(shirt.policy, schemes={SCHEME["id"]: frozenset({Chain.APPROVAL})})
    answer = tell(shirt.publish(), policy=policy)
    first = answer.questions[1].sentences[0]
    assert first.key == "checked_by_approved"
    assert NAMES["aab"] not in str(answer.questions)
