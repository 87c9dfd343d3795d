"""Attack: a certificate goes by the criteria of a demanding scheme, and its issuer was let in by an easy one.

The claim cites the demanding scheme, the trust rests on the other; or a root says of goods, in an approval,
what it is not trusted for in a certificate.
"""

from dataclasses import replace
from typing import Any

import pytest
from tests.support.shirt import SCHEME as STRICT
from tests.support.shirt import Shirt
from tests.support.status import NOW
from tests.support.telling import tell
from tests.support.trust import CERTIFIER, OWNER, POLICY, SCHEME, authority, certificate, endorsement

from certweave.encoding.strict_json import JsonObject
from certweave.errors import UndecidedError
from certweave.examine.report import Verdict
from certweave.product.answer import Tone
from certweave.trust.chain import check_trust
from certweave.trust.policy import Chain, Role, Root

EASY, INNER = "https://easy.example/scheme", f"{SCHEME}/inner"
OWNER_OF_EASY = Root("did:webvh:Qm:easy.example", "Easy Owner", Role.SCHEME_OWNER, (EASY, INNER))
URL = "https://easy.example/approvals/1"
ASKS_APPROVAL = frozenset({Chain.APPROVAL})
POLICY_OF_BOTH = replace(
    POLICY,
    roots=(*POLICY.roots, OWNER_OF_EASY),
    schemes={**POLICY.schemes, EASY: ASKS_APPROVAL, INNER: ASKS_APPROVAL},
)


def assessed(*criteria: str) -> JsonObject:
    return {"conformityAssessment": [{"assessmentCriteria": [{"id": one} for one in criteria]}]}


def profiled(*criteria: str) -> JsonObject:
    return {"referenceProfile": {"criterion": [{"id": one} for one in criteria]}}


def easy(**members: Any) -> JsonObject:
    """Return a certificate that names the easy scheme, and its owner's approval."""
    usual: JsonObject = {"referenceScheme": {"id": EASY}, "certificationScope": None}
    links = [endorsement(URL, OWNER_OF_EASY.id)]
    return certificate(**{**usual, "authorisation": links, **members})


CASES: dict[str, tuple[JsonObject, str]] = {
    "its own criteria": (assessed(f"{EASY}/1"), ""),
    "criteria of nobody we know": (assessed("https://other.example/scheme/1"), ""),
    "a longer name": (assessed(f"{SCHEME}s/1"), ""),
    "a criterion without a name": ({"conformityAssessment": [{"assessmentCriteria": [{}]}]}, ""),
    "an inner scheme": (assessed(f"{INNER}/1"), ""),
    "criteria of another scheme": (assessed(f"{SCHEME}/1"), "authority_missing"),
    "by a fragment": (assessed(f"{EASY}/1", f"{SCHEME}#1"), "authority_missing"),
    "of a profile": (profiled(f"{SCHEME}/1"), "authority_missing"),
}


def refusal(document: JsonObject) -> str:
    approval = replace(authority(OWNER, URL, schemes=[EASY, INNER]), issuer=OWNER_OF_EASY.id)
    try:
        check_trust(document, CERTIFIER, policy=POLICY_OF_BOTH, authorities={URL: approval}, now=NOW)
    except UndecidedError as error:
        return error.code
    return ""


@pytest.mark.parametrize("case", CASES)
def test_who_goes_by_criteria_claims_their_scheme(case: str) -> None:
    members, code = CASES[case]
    assert refusal(easy(**members)) == code


APPROVAL = {"kind": "schemeOwnerApproval", "schemes": [EASY]}
GOODS = {"assessedProduct": [{"product": {"id": "urn:x:1"}}]}
ISSUED: dict[str, tuple[JsonObject, bool]] = {
    "a certificate": (assessed(f"{EASY}/1"), True),
    "an approval": ({"issuerApproval": APPROVAL}, True),
    "an approval of an organisation for more": (
        {"issuerApproval": {**APPROVAL, "schemes": [EASY, SCHEME]}},
        True,
    ),
    "a certificate by others' criteria": (assessed(f"{SCHEME}/1"), False),
    "an approval that certifies goods": (
        {"issuerApproval": APPROVAL, "conformityAssessment": [GOODS], "referenceScheme": {"id": SCHEME}},
        False,
    ),
    "goods of its own scheme": ({"issuerApproval": APPROVAL, "conformityAssessment": [GOODS]}, True),
}


@pytest.mark.parametrize("case", ISSUED)
def test_a_root_says_of_goods_what_it_is_trusted_for(case: str) -> None:
    members, trusted = ISSUED[case]
    assert POLICY_OF_BOTH.trusts_directly(OWNER_OF_EASY.id, easy(**members)) is trusted


def test_a_claim_of_the_demanding_scheme_is_not_green() -> None:
    shirt = Shirt()
    owner, scheme = shirt.world.parties["boya"], {"id": EASY, "name": "Easy Scheme"}
    approval = shirt.attestation("approval-ofs")
    shirt.signers["approval-ofs"] = owner
    shirt.documents["approval-ofs"]["issuer"] |= {"id": owner.did, "name": "Easy Owner"}
    shirt.documents["approval-ofs"]["credentialStatus"] |= owner.entry(shirt.index("approval-ofs"))
    approval["issuerApproval"]["schemes"] = [EASY]
    for attestation in (approval, shirt.attestation("organic")):
        attestation["referenceScheme"] = {**attestation["referenceScheme"], **scheme}
    root = Root(owner.did, "Easy Owner", Role.SCHEME_OWNER, (EASY,))
    asked = shirt.policy
    policy = replace(
        asked, roots=(*asked.roots, root), schemes={**asked.schemes, EASY: frozenset({Chain.APPROVAL})}
    )
    without = replace(policy, roots=(root,), schemes={EASY: frozenset({Chain.APPROVAL})})
    shirt.publish()
    assert asked.schemes.keys() == {STRICT["id"]}
    assert tell(shirt, policy=policy).claims[0].tone is Tone.UNDECIDED
    assert tell(shirt, policy=policy).verdict is Verdict.UNDECIDED
    assert tell(shirt, policy=without).claims[0].tone is Tone.VALID
