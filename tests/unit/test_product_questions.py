"""The four questions about a product, where its documents leave one open or say less than they could."""

import pytest
from tests.support.shirt import ADDRESS, HOST, SHIRT, Shirt
from tests.support.telling import keys, sentences, tell, tones

from certweave.examine.report import Verdict
from certweave.product.address import ProductAddress, make_product_address
from certweave.product.answer import Tone
from certweave.trust.policy import INTEGRITY


@pytest.fixture
def shirt() -> Shirt:
    return Shirt()


def test_a_passport_without_claims_says_little(shirt: Shirt) -> None:
    shirt.documents["passport"]["credentialSubject"]["performanceClaim"] = []
    answer = tell(shirt.publish())
    assert (answer.verdict, answer.claims) == (Verdict.VALID, ())
    assert sentences(answer)[1:3] == [["checked_nobody"], ["good_nothing"]]
    assert answer.summary.key == "summary_said"


def test_a_passport_whose_status_is_silent_is_open(shirt: Shirt) -> None:
    shirt.publish()
    shirt.world.down.add(shirt.world.parties["lindau"].list_url)
    answer = tell(shirt)
    assert answer.verdict is Verdict.UNDECIDED
    assert tones(answer)[0] is Tone.UNDECIDED
    assert tones(answer)[2] is Tone.UNDECIDED
    assert sentences(answer)[0][-1] == sentences(answer)[2][0] == "open_unreachable"


def test_where_trust_was_not_asked_for_all_is_only_quoted(shirt: Shirt) -> None:
    answer = tell(shirt.publish(), policy=INTEGRITY)
    assert sentences(answer)[:2] == [["says_maker", "says_unknown"], ["checked_open"]]
    assert tones(answer)[:2] == [Tone.SAID, Tone.UNDECIDED]
    assert keys(answer) == ["open_unknown_issuer", "claim_not_covered", "claim_said_maker"]
    assert answer.verdict is Verdict.UNDECIDED


def test_a_passport_that_does_not_answer_is_open(shirt: Shirt) -> None:
    shirt.publish().world.down.add(shirt.url("passport"))
    answer = tell(shirt)
    assert (answer.verdict, answer.summary.key) == (Verdict.UNDECIDED, "open_unreachable")
    assert answer.summary.params["host"] == HOST
    assert not answer.claims
    assert not answer.questions


MODEL = make_product_address(ADDRESS.gtin)


@pytest.mark.parametrize(
    ("id", "found", "said"),
    [
        (SHIRT, ADDRESS, []),
        # The code names a lot, and there is a passport of the model only, or of something without a code.
        (MODEL.at(HOST), MODEL, ["belongs_model_only"]),
        ("urn:uuid:8b2f7f0e-5a52-4b3f-9d7e-2f1f2c3d4e5f", ADDRESS, ["belongs_unlinked"]),
    ],
)
def test_how_near_the_passport_comes_to_the_code_is_told(
    shirt: Shirt, id: str, found: ProductAddress, said: list[str]
) -> None:
    shirt.documents["passport"]["credentialSubject"]["id"] = id
    answer = tell(shirt.publish(), found=found)
    assert sentences(answer)[3] == [*said, "belongs_compare"]


def test_only_authorities_that_the_policy_knows_are_named(shirt: Shirt) -> None:
    authorities = shirt.attestation("organic")["authorisation"]
    stranger = {"id": shirt.world.parties["boya"].did, "name": "Fantasy Accreditors"}
    authorities.append(
        {**authorities[0], "issuingAuthority": {**authorities[0]["issuingAuthority"], **stranger}}
    )
    (checked, *_) = tell(shirt.publish()).questions[1].sentences
    assert (checked.key, len(checked.params["approved"]["names"])) == ("checked_by_approved_accredited", 1)
    assert "Fantasy" not in str(checked.params)


def test_certificates_that_cannot_be_withdrawn_say_so(shirt: Shirt) -> None:
    for name in ("organic", "laboratory"):
        del shirt.documents[name]["credentialStatus"]
    del shirt.documents["passport"]["credentialSubject"]["productionDate"]
    answer = tell(shirt.publish())
    assert "good_no_withdrawal" in sentences(answer)[2]
    assert "good_when_made" not in sentences(answer)[2]
