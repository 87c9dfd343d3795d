"""A maker stretches a sound certificate: to other goods, other criteria, other figures than it speaks of."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from tests.support.shirt import ORGANIC, SHARE, SHIRT, Shirt
from tests.support.telling import tell

from certweave.credential.build_parts import make_measure, make_metric, make_performance, make_reference
from certweave.encoding.strict_json import JsonObject
from certweave.product.answer import Tone

OTHER = make_reference("Criterion", "https://ofs.example/organic-fibre/3.1/fair-wages", "Fair wages")
RECYCLED = make_metric("https://ofs.example/metrics/recycled", "Recycled share")
LONG = "https://id.example/" + "a" * 300


def _assessments(shirt: Shirt) -> list[JsonObject]:
    found: list[JsonObject] = shirt.attestation("organic")["conformityAssessment"]
    return found


def _assessed(shirt: Shirt) -> JsonObject:
    found: JsonObject = _assessments(shirt)[0]["assessedProduct"][0]["product"]
    return found


def _add(shirt: Shirt) -> JsonObject:
    more = deepcopy(_assessments(shirt)[0])
    more["id"] += "-more"
    _assessments(shirt).append(more)
    return more


def _assess_other_goods(shirt: Shirt) -> None:
    more = _add(shirt)
    more |= {"assessmentCriteria": [OTHER], "assessedPerformance": []}
    _assessed(shirt).update(id="https://meadow.example/01/09521234543220/10/9", batchNumber="9")


def _lend_criteria_by_profile(shirt: Shirt) -> None:
    _assessments(shirt)[0]["assessmentCriteria"] = [OTHER]
    profile = make_reference("ConformityProfile", "https://ofs.example/profile", "P", criterion=[ORGANIC])
    shirt.attestation("organic")["referenceProfile"] = profile


def _lend_figure(shirt: Shirt) -> None:
    more = _add(shirt)
    more["assessedProduct"][0]["product"]["batchNumber"] = "18"
    low = make_performance(SHARE, measure=make_measure(5, "P1"))
    _assessments(shirt)[0]["assessedPerformance"] = [low]


def _claim_criterion_beside(shirt: Shirt) -> None:
    shirt.claim(0)["referenceCriteria"].append(OTHER)


def _claim_figure_beside(shirt: Shirt) -> None:
    shirt.claim(0)["claimedPerformance"].append(make_performance(RECYCLED, measure=make_measure(100, "P1")))


def _certify_no_figure(shirt: Shirt) -> None:
    _assessments(shirt)[0]["assessedPerformance"] = []


def _certify_one_item(shirt: Shirt) -> None:
    _assessed(shirt)["itemNumber"] = "4711"


def _certify_id_that_begins_alike(shirt: Shirt) -> None:
    shirt.documents["passport"]["credentialSubject"]["id"] = LONG + "1"
    _assessed(shirt)["id"] = LONG + "2"


def _certify_model_without_gtin(shirt: Shirt) -> None:
    shirt.documents["passport"]["credentialSubject"]["id"] = "urn:example:style"
    _assessed(shirt)["id"] = "urn:example:style"
    del _assessed(shirt)["batchNumber"]


WAYS: dict[str, tuple[Callable[[Shirt], None], str]] = {
    "other goods against the criterion": (_assess_other_goods, "claim_not_covered"),
    "a profile names the criterion": (_lend_criteria_by_profile, "claim_not_covered"),
    "the figure of other goods": (_lend_figure, "claim_other_figure"),
    "one criterion of two": (_claim_criterion_beside, "claim_not_covered"),
    "one figure of two": (_claim_figure_beside, "claim_no_figure"),
    "no figure": (_certify_no_figure, "claim_no_figure"),
    "another item of the lot": (_certify_one_item, "claim_not_covered"),
    "an id that begins alike": (_certify_id_that_begins_alike, "claim_not_covered"),
    "the model, by an id of its own": (_certify_model_without_gtin, "claim_model_only"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_stretched_certificate_confirms_nothing(way: str) -> None:
    stretch, key = WAYS[way]
    shirt = Shirt()
    stretch(shirt)
    claim = tell(shirt.publish()).claims[0]
    assert (claim.tone, claim.standing.key) == (Tone.SAID, key)


def test_an_assessment_of_tomorrow_has_not_been_made() -> None:
    shirt = Shirt()
    _assessments(shirt)[0]["assessmentDate"] = "2026-03-02"
    assert tell(shirt.publish()).claims[0].tone is Tone.UNDECIDED


def test_what_was_found_of_other_goods_does_not_spoil_these() -> None:
    shirt = Shirt()
    more = _add(shirt)
    more["assessedProduct"][0]["product"]["id"] = SHIRT.replace("/10/17", "/10/18")
    more["assessedProduct"][0]["product"]["batchNumber"] = "18"
    more["conformance"] = False
    assert tell(shirt.publish()).claims[0].tone is Tone.VALID
