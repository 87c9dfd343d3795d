"""What a product's page may say, from documents that really are signed: a case changes the shirt's world."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.shirt import SHIRT, Shirt
from tests.support.telling import keys, tell, tones
from tests.support.world import START

from certweave.encoding.multihash import make_digest_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.product.answer import Tone

Change = Callable[[Shirt], None]


@pytest.fixture
def shirt() -> Shirt:
    return Shirt()


def test_a_good_shirt(shirt: Shirt) -> None:
    answer = tell(shirt.publish())
    assert keys(answer) == ["claim_checked", "claim_checked", "claim_said_maker"]
    assert [claim.tone for claim in answer.claims] == [Tone.VALID, Tone.VALID, Tone.SAID]
    assert answer.verdict is Verdict.VALID
    assert answer.summary.params == {"checked": 2, "count": 3}
    assert answer.address == SHIRT
    identity = answer.identity
    assert identity is not None
    assert (identity.name, identity.lot, identity.size, identity.maker, identity.brand) == (
        "T-shirt “Meadow”",
        "17",
        "M",
        "Weberei Lindau",
        "Meadow",
    )
    assert identity.picture is not None
    assert identity.picture.data is not None
    assert answer.compare == ("picture", "lot", "size", "colour", "maker")


def test_the_four_questions(shirt: Shirt) -> None:
    answer = tell(shirt.publish())
    assert [item.question for item in answer.questions] == ["says", "checked", "good", "belongs"]
    assert tones(answer) == [Tone.VALID, Tone.VALID, Tone.VALID, Tone.UNDECIDED]
    said = [[sentence.key for sentence in item.sentences] for item in answer.questions]
    assert said[0] == ["says_maker"]
    assert said[1] == ["checked_by_approved_accredited", "checked_by", "checked_count"]
    assert said[2] == ["good_until", "good_when_made"]
    assert said[3] == ["belongs_compare"]
    assert answer.questions[1].sentences[0].params["approved"] == {
        "names": ["Organic Fibre Standard Foundation"]
    }


def test_a_test_of_the_fibre_says_so(shirt: Shirt) -> None:
    origin = tell(shirt.publish()).claims[1]
    assert [weak.key for weak in origin.weaknesses] == ["weak_input"]
    assert origin.weaknesses[0].params["goods"] == "cotton fibre"


def test_the_journey_in_order(shirt: Shirt) -> None:
    journey = tell(shirt.publish()).journey
    assert [knot.stage or knot.title for knot in journey] == [
        "harvest",
        "ginning",
        "cotton yarn",
        "knitting",
        "dyeing",
        "manufacturing",
    ]
    assert [knot.hidden for knot in journey] == [False, False, True, False, False, False]
    hidden = journey[2]
    assert [(sentence.key, sentence.params) for sentence in hidden.sentences] == [
        ("knot_vouched", {"by": "Fibre Assurance"})
    ]
    gin = {sentence.key: sentence.params for sentence in journey[1].sentences}
    assert gin["knot_amounts"]["taken"] == {"value": 1020, "unit": "KGM"}
    assert gin["knot_amounts"]["given"] == {"value": 380, "unit": "KGM"}
    assert gin["knot_place"] == {"place": {"country": "TR"}}


def test_no_coordinates_and_no_hidden_names(shirt: Shirt) -> None:
    text = str(tell(shirt.publish()).to_json())
    assert "27.07" not in text
    assert "Withheld" not in text


def lose_the_deal(shirt: Shirt) -> None:
    links = shirt.documents["passport"]["credentialSubject"]["relatedDocument"]
    links[:] = [link for link in links if "deal" not in link["linkURL"]]


def test_a_gap_is_a_hidden_knot(shirt: Shirt) -> None:
    """Without the certificate over the yarn, nobody vouches, and what lies before cannot be joined."""
    lose_the_deal(shirt)
    answer = tell(shirt.publish())
    assert [knot.stage or knot.title for knot in answer.journey] == ["knitting", "dyeing", "manufacturing"]
    assert keys(answer)[1] == "claim_not_covered"


def cite_digest(shirt: Shirt, content: bytes) -> None:
    shirt.claim(0)["evidence"][0]["digestMultibase"] = make_digest_multibase(content)


def assess(**changes: object) -> Change:
    def change(shirt: Shirt) -> None:
        shirt.attestation("organic")["conformityAssessment"][0].update(changes)

    return change


def attest(**changes: object) -> Change:
    def change(shirt: Shirt) -> None:
        shirt.attestation("organic").update(changes)

    return change


def of_product(**changes: object) -> Change:
    def change(shirt: Shirt) -> None:
        verified = shirt.attestation("organic")["conformityAssessment"][0]["assessedProduct"][0]
        for name, value in changes.items():
            verified["product"].pop(name) if value is None else verified["product"].update({name: value})

    return change


def only_the_party(shirt: Shirt) -> None:
    del shirt.attestation("organic")["conformityAssessment"][0]["assessedProduct"]


def only_the_site(shirt: Shirt) -> None:
    only_the_party(shirt)
    site = {"type": ["Facility"], "id": "https://register.example/facilities/lindau", "name": "Mill"}
    assess(assessedFacility=[{"facility": site}])(shirt)


def unverified(shirt: Shirt) -> None:
    shirt.attestation("organic")["conformityAssessment"][0]["assessedProduct"][0]["idVerifiedByCAB"] = False


def inconclusive(shirt: Shirt) -> None:
    shirt.attestation("laboratory")["laboratoryResult"]["outcome"] = "inconclusive"


OTHER = {"type": ["Criterion"], "id": "https://ofs.example/other", "name": "Other"}

CASES: dict[str, tuple[Change, int, Tone, str]] = {
    "it does not conform": (assess(conformance=False), 0, Tone.INVALID, "bad_not_conforming"),
    "another criterion": (assess(assessmentCriteria=[OTHER]), 0, Tone.SAID, "claim_not_covered"),
    "another lot": (of_product(batchNumber="18"), 0, Tone.SAID, "claim_not_covered"),
    "another product": (
        of_product(id="https://meadow.example/01/09521234543220"),
        0,
        Tone.SAID,
        "claim_not_covered",
    ),
    "the model only": (
        of_product(id="https://meadow.example/01/09521234543213", batchNumber=None),
        0,
        Tone.SAID,
        "claim_model_only",
    ),
    "the party only": (only_the_party, 0, Tone.SAID, "claim_party_only"),
    "the site only": (only_the_site, 0, Tone.SAID, "claim_site_only"),
    "identity not verified": (unverified, 0, Tone.VALID, "claim_checked"),
    "by itself": (attest(assessorLevel="self"), 0, Tone.SAID, "claim_self_certified"),
    "unspecified": (attest(assessorLevel="unspecified"), 0, Tone.SAID, "claim_self_certified"),
    "by a buyer": (attest(assessorLevel="buyer"), 0, Tone.VALID, "claim_checked_buyer"),
    "by an association": (attest(assessorLevel="membership"), 0, Tone.VALID, "claim_checked_peer"),
    "by an authority": (
        attest(assessmentLevel="authority-mandate"),
        0,
        Tone.VALID,
        "claim_checked_authority",
    ),
    "nobody vouches": (attest(authorisation=[]), 0, Tone.UNDECIDED, "open_unknown_issuer"),
    "a test without result": (inconclusive, 1, Tone.UNDECIDED, "open_inconclusive"),
}


@pytest.mark.parametrize("case", CASES)
def test_a_claim_stands_as_its_certificate_allows(shirt: Shirt, case: str) -> None:
    change, number, tone, key = CASES[case]
    change(shirt)
    claim = tell(shirt.publish()).claims[number]
    assert (claim.tone, claim.standing.key) == (tone, key)


def test_a_weak_identity_is_named(shirt: Shirt) -> None:
    unverified(shirt)
    claim = tell(shirt.publish()).claims[0]
    assert [weak.key for weak in claim.weaknesses] == ["weak_unverified"]


def test_another_figure(shirt: Shirt) -> None:
    shirt.claim(0)["claimedPerformance"][0]["measure"]["value"] = 100
    claim = tell(shirt.publish()).claims[0]
    assert (claim.tone, claim.standing.key) == (Tone.SAID, "claim_other_figure")
    assert claim.standing.params["figure"] == {"value": 95, "unit": "P1"}


def test_an_exchanged_certificate(shirt: Shirt) -> None:
    cite_digest(shirt, b"another one")
    claim = tell(shirt.publish()).claims[0]
    assert (claim.tone, claim.standing.key) == (Tone.INVALID, "bad_digest")


def test_a_claim_that_cites_nothing_may_still_be_checked(shirt: Shirt) -> None:
    links = shirt.documents["passport"]["credentialSubject"]["relatedDocument"]
    links.append({**links[0], "linkURL": shirt.url("organic")})
    del shirt.claim(0)["evidence"]
    claim = tell(shirt.publish()).claims[0]
    assert (claim.tone, claim.checked_by) == (Tone.VALID, "Fibre Assurance")


def test_a_digest_that_fits(shirt: Shirt) -> None:
    token = shirt.world.parties["fa"].issue(shirt.documents["organic"])
    cite_digest(shirt, token)
    assert tell(shirt.publish()).claims[0].tone is Tone.VALID


def test_withdrawn(shirt: Shirt) -> None:
    shirt.publish().withdraw("organic")
    answer = tell(shirt)
    assert keys(answer)[0] == "bad_suspended"
    assert answer.verdict is Verdict.INVALID
    assert tones(answer)[1:3] == [Tone.INVALID, Tone.INVALID]


def test_expired(shirt: Shirt) -> None:
    shirt.publish()
    shirt.world.clock += timedelta(days=500)
    answer = tell(shirt)
    assert answer.verdict is Verdict.INVALID
    assert answer.claims[0].standing.key == "bad_expired"


def test_an_outage_is_never_false(shirt: Shirt) -> None:
    shirt.publish()
    shirt.world.down.add(shirt.world.parties["lab"].list_url)
    answer = tell(shirt)
    claim = answer.claims[1]
    assert (claim.tone, claim.standing.key) == (Tone.UNDECIDED, "open_unreachable")
    assert claim.standing.params["host"] == "certs.example"
    assert answer.verdict is Verdict.UNDECIDED
    assert answer.claims[0].tone is Tone.VALID


def test_a_certificate_that_does_not_answer(shirt: Shirt) -> None:
    shirt.publish()
    shirt.world.down.add(shirt.url("organic"))
    claim = tell(shirt).claims[0]
    assert (claim.tone, claim.standing.key) == (Tone.UNDECIDED, "open_unreachable")


def test_a_forged_passport_says_nothing(shirt: Shirt) -> None:
    shirt.publish()
    url = shirt.url("passport")
    shirt.world.documents[url] = shirt.world.parties["ege"].issue(shirt.documents["passport"])
    answer = tell(shirt)
    assert answer.verdict is Verdict.INVALID
    assert answer.claims == ()
    assert answer.identity is None


def test_a_withdrawn_passport_takes_its_claims_with_it(shirt: Shirt) -> None:
    shirt.publish().withdraw("passport")
    answer = tell(shirt)
    assert keys(answer) == ["claim_passport_invalid", "claim_passport_invalid", "claim_said_maker"]
    assert tones(answer)[0] is Tone.INVALID


def test_a_passport_of_another_lot(shirt: Shirt) -> None:
    shirt.documents["passport"]["credentialSubject"]["batchNumber"] = "18"
    answer = tell(shirt.publish())
    assert [s.key for s in answer.questions[3].sentences] == ["belongs_other"]
    assert answer.verdict is Verdict.INVALID


LABEL: JsonObject = {
    "product": {"id": SHIRT, "name": "T-shirt", "batch": "17"},
    "labelGrade": "organic",
    "licenceNumber": "OFS-12345",
    "claimText": {"en": "Made with organic cotton", "de": "Mit Bio-Baumwolle"},
    "releaseDate": "2026-02-26",
}


@pytest.mark.parametrize(
    ("changes", "count"),
    [
        ({}, 1),
        ({"releaseDate": "2026-12-01"}, 0),
        ({"expiryOfRelease": "2026-02-27"}, 0),
        ({"product": {"id": SHIRT, "name": "T-shirt", "batch": "18"}}, 0),
    ],
)
def test_a_label_needs_its_release(shirt: Shirt, changes: JsonObject, count: int) -> None:
    attestation = {**shirt.attestation("organic"), "labelRelease": {**LABEL, **changes}}
    shirt.write("label", "fa", "LabelRelease", attestation)
    links = shirt.documents["passport"]["credentialSubject"]["relatedDocument"]
    links.append({**links[0], "linkURL": shirt.url("label")})
    labels = tell(shirt.publish()).labels
    assert len(labels) == count
    if labels:
        assert (labels[0].licence, labels[0].grade) == ("OFS-12345", "organic")


def _withdraw_the_claim(shirt: Shirt) -> None:
    shirt.withdraw("organic")


def _withdraw_a_step(shirt: Shirt) -> None:
    shirt.withdraw("event-dyeing")


def _silence_lists(shirt: Shirt) -> None:
    shirt.world.down |= {shirt.world.parties[name].list_url for name in ("fa", "lab")}


def _silence_another_claim(shirt: Shirt) -> None:
    shirt.world.down.add(shirt.url("laboratory"))


def _silence_a_step(shirt: Shirt) -> None:
    shirt.world.down.add(shirt.url("event-dyeing"))


@pytest.mark.parametrize(
    "end",
    [_withdraw_the_claim, _withdraw_a_step, _silence_lists, _silence_another_claim, _silence_a_step],
)
def test_a_label_does_not_outlive_what_it_stands_for(shirt: Shirt, end: Callable[[Shirt], None]) -> None:
    attestation = {**shirt.attestation("organic"), "labelRelease": LABEL}
    shirt.write("label", "fa", "LabelRelease", attestation)
    links = shirt.documents["passport"]["credentialSubject"]["relatedDocument"]
    links.append({**links[0], "linkURL": shirt.url("label")})
    shirt.publish()
    assert tell(shirt).labels
    end(shirt)
    assert tell(shirt).labels == ()


def test_the_same_documents_tell_the_same(shirt: Shirt) -> None:
    shirt.publish()
    assert shirt.world.clock == START
    assert tell(shirt).to_json() == tell(shirt).to_json()
