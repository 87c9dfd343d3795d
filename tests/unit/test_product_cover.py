"""How far certificates speak for goods, and what one step of the way says, where documents say little."""

from dataclasses import replace

import pytest
from tests.support.shirt import ADDRESS, HOST
from tests.support.world import START

from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import MUST_HOLD, Check, Outcome, Report, Step
from certweave.product.address import make_product_address
from certweave.product.answer import Message, Tone, quantity
from certweave.product.coverage import (
    Cover,
    Named,
    Scene,
    find_cover,
    find_other_figure,
    find_part,
    is_about,
    is_unverified,
    match_product,
    read_named,
    same_named,
)
from certweave.product.journey import Goods, Stride, tell_journey
from certweave.product.pieces import Piece

URN = "urn:uuid:3e2f"
SCENE = Scene(HOST, make_product_address(ADDRESS.gtin, lot="17"), {"id": URN}, "did:web:a.example")


@pytest.mark.parametrize(
    ("named", "cover"),
    [
        (Named(URN), Cover.PRODUCT),
        (Named(URN, "17"), Cover.PRODUCT),
        (Named(URN, "18"), Cover.NOTHING),
        (Named(URN, item="9"), Cover.NOTHING),
        (Named("urn:uuid:other"), Cover.NOTHING),
        (Named(""), Cover.NOTHING),
    ],
)
def test_goods_without_gtin_are_matched_by_their_id(named: Named, cover: Cover) -> None:
    assert match_product(named, SCENE) is cover


def test_goods_without_a_name_are_nobody_s() -> None:
    nameless = replace(SCENE, product={})
    assert match_product(Named(""), nameless) is Cover.NOTHING
    assert not same_named(Named(""), Named(""))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (Named("urn:1", "a"), Named("urn:1", "a"), True),
        (Named("urn:1", "a"), Named("urn:1"), True),
        (Named("urn:1"), Named("urn:1", "a"), True),
        (Named("urn:1", "a"), Named("urn:1", "b"), False),
        (Named("urn:1", item="a"), Named("urn:1"), True),
        (Named("urn:1"), Named("urn:1", item="a"), True),
        (Named("urn:1", item="a"), Named("urn:1", item="b"), False),
        (Named("urn:1", item="a"), Named("urn:1", item="a"), True),
    ],
)
def test_batches_that_differ_are_not_the_same_goods(one: Named, other: Named, same: bool) -> None:
    assert same_named(one, other) is same


@pytest.mark.parametrize("member", ["batchNumber", "batch"])
def test_a_batch_is_read_under_either_name(member: str) -> None:
    assert read_named({"id": "urn:1", member: "a"}) == Named("urn:1", "a")


ITEM = replace(SCENE, address=replace(SCENE.address, serial="4"))
STATED = replace(
    SCENE,
    address=make_product_address(ADDRESS.gtin),
    product={"id": URN, "batchNumber": "17", "itemNumber": "4"},
)
MODEL = make_product_address(ADDRESS.gtin).at(HOST)


@pytest.mark.parametrize(
    ("named", "scene", "cover"),
    [
        (Named(SCENE.address.at(HOST)), SCENE, Cover.PRODUCT),
        (Named(make_product_address(ADDRESS.gtin, lot="18").at(HOST)), SCENE, Cover.NOTHING),
        (Named(make_product_address(ADDRESS.gtin, serial="4").at(HOST)), SCENE, Cover.NOTHING),
        (Named(make_product_address(ADDRESS.gtin, serial="4").at(HOST)), ITEM, Cover.PRODUCT),
        (Named(make_product_address("09506000134369", lot="17").at(HOST)), SCENE, Cover.NOTHING),
        (Named(MODEL), SCENE, Cover.MODEL),
        (Named(MODEL, "17"), SCENE, Cover.PRODUCT),
        (Named(MODEL, item="4"), ITEM, Cover.PRODUCT),
        (Named(MODEL, item="5"), ITEM, Cover.NOTHING),
        (Named(URN, "17", item="4"), STATED, Cover.PRODUCT),
        (Named(URN, "18"), STATED, Cover.NOTHING),
        (Named(URN), STATED, Cover.MODEL),
        (Named(URN, "17"), STATED, Cover.PRODUCT),
        (Named(URN, item="4"), STATED, Cover.PRODUCT),
        (Named(MODEL), replace(SCENE, address=make_product_address(ADDRESS.gtin)), Cover.PRODUCT),
    ],
)
def test_a_code_names_the_model_a_batch_or_one_item(named: Named, scene: Scene, cover: Cover) -> None:
    assert match_product(named, scene) is cover


def _assessed(**members: object) -> JsonObject:
    return {"issuedToParty": {"id": SCENE.speaker}, "conformityAssessment": [members]}


@pytest.mark.parametrize(
    ("attestation", "cover"),
    [
        (_assessed(), Cover.PARTY),
        (_assessed(assessedProduct=[{"product": {"id": "urn:other"}}]), Cover.NOTHING),
        (_assessed(assessedProduct=[{"product": {"id": "urn:input"}}]), Cover.INPUT),
        # What went in and came out under one name is still the product.
        (_assessed(assessedProduct=[{"product": {"id": URN}}]), Cover.PRODUCT),
    ],
)
def test_how_far_a_certificate_speaks_for_the_product(attestation: JsonObject, cover: Cover) -> None:
    scene = replace(SCENE, inputs=(Named("urn:input"), Named(URN)))
    assert find_cover(attestation, scene)[0] is cover
    nobody = replace(scene, speaker="")
    assert find_cover({"issuedToParty": {"id": ""}}, nobody)[0] is Cover.NOTHING


CRITERION = "https://ofs.example/criteria/1"


@pytest.mark.parametrize(
    ("attestation", "about"),
    [
        ({"conformityAssessment": [{"assessmentCriteria": [{"id": CRITERION}]}]}, True),
        ({"referenceProfile": {"criterion": [{"id": CRITERION}]}}, True),
        ({"referenceProfile": {"criterion": [{"id": "urn:c:2"}]}}, False),
        (
            {
                "conformityAssessment": [{"assessmentCriteria": [{"id": "urn:c:2"}]}],
                "referenceProfile": {"criterion": [{"id": CRITERION}]},
            },
            False,
        ),
        ({"referenceScheme": {"id": "https://ofs.example/criteria"}}, True),
        ({"referenceScheme": {"id": "https://other.example"}}, False),
    ],
)
def test_a_claim_is_matched_by_its_criteria(attestation: JsonObject, about: bool) -> None:
    assert is_about(attestation, {"referenceCriteria": [{"id": CRITERION}]}) is about


@pytest.mark.parametrize(("topic", "about"), [("urn:t:1", True), ("urn:t:2", False), (None, False)])
def test_a_claim_without_criteria_is_matched_by_its_topic(topic: str | None, about: bool) -> None:
    claim = {"conformityTopic": [{"id": topic}] if topic else []}
    assessed = {"conformityTopic": [{"id": "urn:t:1"}], "assessmentCriteria": [{"id": CRITERION}]}
    assert is_about({"conformityAssessment": [assessed]}, claim) is about


ASSESSED: JsonObject = {
    "conformityAssessment": [
        {"assessedProduct": [{"product": {"id": "urn:1"}, "idVerifiedByCAB": True}]},
        {"assessedProduct": [{"product": {"id": "urn:2"}}]},
    ]
}


@pytest.mark.parametrize(
    ("named", "unverified"),
    [(None, False), (Named("urn:1"), False), (Named("urn:2"), True), (Named("urn:3"), False)],
)
def test_goods_are_unverified_where_the_assessor_says_nothing(named: Named | None, unverified: bool) -> None:
    assert is_unverified(ASSESSED, named) is unverified


@pytest.mark.parametrize(
    ("measure", "other"),
    [
        ({"value": 95, "unit": "P1"}, False),
        ({"value": 95, "unit": "KGM"}, True),
        ({"value": "95", "unit": "P1"}, True),
        ({"value": 96, "unit": "P1"}, True),
    ],
)
def test_a_figure_of_another_unit_or_type_is_another_figure(measure: JsonObject, other: bool) -> None:
    metric, assessed = {"id": "urn:m"}, {"value": 95, "unit": "P1"}
    attestation = {
        "conformityAssessment": [{"assessedPerformance": [{"metric": metric, "measure": assessed}]}]
    }
    claim = {"claimedPerformance": [{"metric": metric, "measure": measure}]}
    assert find_other_figure(attestation, claim) == (assessed if other else None)


@pytest.mark.parametrize(
    ("found", "other"),
    [
        ({"score": {"code": "A"}, "measure": {"value": 95, "unit": "P1"}}, False),
        ({"score": {"code": "B"}, "measure": {"value": 95, "unit": "P1"}}, True),
        ({"score": {"code": "A"}, "measure": {"value": "95", "unit": "P1"}}, True),
        ({"score": {"code": "A"}, "measure": {"value": 94, "unit": "P1", "upperTolerance": 1}}, False),
        ({"score": {"code": "A"}, "measure": {"value": 96, "unit": "P1", "lowerTolerance": -1}}, False),
    ],
)
def test_a_score_and_a_figure_must_both_be_found(found: JsonObject, other: bool) -> None:
    metric = {"metric": {"id": "urn:m"}}
    attestation = {"conformityAssessment": [{"assessedPerformance": [{**metric, **found}]}]}
    claimed = {**metric, "score": {"code": "A"}, "measure": {"value": 95, "unit": "P1"}}
    assert (find_other_figure(attestation, {"claimedPerformance": [claimed]}) is not None) is other


@pytest.mark.parametrize(
    ("claimed", "other"),
    [
        ({"metric": {"id": "urn:m"}, "score": {"code": "A"}}, False),
        ({"metric": {"id": "urn:m"}, "measure": {"value": 5, "unit": "P1"}}, False),
        ({"measure": {"value": 5, "unit": "P1"}}, True),
    ],
)
def test_what_is_claimed_is_found_under_its_metric(claimed: JsonObject, other: bool) -> None:
    measured = {"score": {"code": "A"}, "measure": {"value": 5, "unit": "P1"}}
    performances = [measured, {"metric": {"id": "urn:m"}, **measured}]
    attestation = {"conformityAssessment": [{"assessedPerformance": performances}]}
    assert (find_other_figure(attestation, {"claimedPerformance": [claimed]}) is not None) is other


@pytest.mark.parametrize(
    ("members", "kept"),
    [
        ({"assessmentCriteria": [{"id": CRITERION}]}, 1),
        ({}, 1),
        ({"assessmentCriteria": [{"id": "urn:c:2"}]}, 0),
        ({"assessedProduct": [{"product": {"id": "urn:other"}}]}, 0),
    ],
)
def test_only_assessments_of_the_claim_and_of_its_goods_lend_their_word(
    members: JsonObject, kept: int
) -> None:
    claim: JsonObject = {"referenceCriteria": [{"id": CRITERION}]}
    scheme = {"referenceScheme": {"id": "https://ofs.example/criteria"}}
    assessments = [members, {"assessmentCriteria": [{"id": "urn:c:2"}], "conformance": False}]
    assert find_part(scheme, claim, SCENE)
    part = find_part({**scheme, "conformityAssessment": assessments}, claim, SCENE)
    assert len(part.get("conformityAssessment", ())) == kept
    assert bool(part) is bool(kept)


def _goods(name: str, *, kilograms: float | None = None, unit: str = "KGM") -> Goods:
    amount = None if kilograms is None else quantity(kilograms, unit)
    return Goods(Named(f"urn:{name}", name=name), amount)


def _amount(kilograms: float, goods: str, unit: str = "KGM") -> Message:
    return Message("knot_amount", {"amount": quantity(kilograms, unit), "goods": goods})


@pytest.mark.parametrize(
    ("inputs", "outputs", "said"),
    [
        ((), (), None),
        ((_goods("yarn", kilograms=5),), (_goods("fabric"),), _amount(5, "yarn")),
        ((), (_goods("fabric", kilograms=4),), _amount(4, "fabric")),
        ((), (_goods("a", kilograms=4), _goods("b", kilograms=3)), _amount(7, "")),
        ((), (_goods("a", kilograms=4), _goods("b", kilograms=3, unit="MTR")), _amount(4, "a")),
        ((), (_goods("a"), _goods("b", kilograms=3)), _amount(3, "b")),
    ],
)
def test_a_step_says_the_quantities_that_are_stated(
    inputs: tuple[Goods, ...], outputs: tuple[Goods, ...], said: Message | None
) -> None:
    stride = Stride(Piece("https://a.example/e", None), {}, "MakeEvent", inputs, outputs, "")
    (knot,) = tell_journey([stride], ())
    assert [item for item in knot.sentences if item.key.startswith("knot_amount")] == ([said] if said else [])


@pytest.mark.parametrize(
    ("kind", "event", "stage", "title"),
    [
        ("MoveEvent", {}, "transport", ""),
        ("MakeEvent", {"name": "Washing"}, "", "Washing"),
        ("MakeEvent", {"name": "X", "activityType": {"code": "wash", "name": "Wash"}}, "", "Wash"),
        ("MoveEvent", {"activityType": {"code": "Dyeing"}}, "dyeing", ""),
    ],
)
def test_a_step_is_named_by_its_code_else_by_its_own_words(
    kind: str, event: JsonObject, stage: str, title: str
) -> None:
    (knot,) = tell_journey([Stride(Piece("https://a.example/e", None), event, kind, (), (), "")], ())
    assert (knot.stage, knot.title) == (stage, title)


def test_a_move_names_who_sends_and_who_receives() -> None:
    parties = [{"role": role, "party": {"name": role.upper()}} for role in ("consignor", "consignee")]
    stride = Stride(Piece("https://a.example/e", None), {"relatedParty": parties}, "MoveEvent", (), (), "")
    (knot,) = tell_journey([stride], ())
    assert knot.sentences == (Message("knot_moved", {"sender": "CONSIGNOR", "receiver": "CONSIGNEE"}),)


TRUSTED = Report(
    tuple(Check(step, Outcome.VALID, "ok", "") for step in (*MUST_HOLD, Step.TRUST)),
    START,
    "p",
    document={"issuer": {"id": "did:web:ca.example", "name": "CA"}},
)


@pytest.mark.parametrize(
    ("parties", "hidden", "key"),
    [([], True, "knot_vouched"), ([{"party": {"name": "Mill"}}], False, "knot_parties")],
)
def test_a_certifier_who_names_nobody_vouches_for_the_step(
    parties: list[JsonObject], hidden: bool, key: str
) -> None:
    piece = Piece("https://ca.example/e", TRUSTED)
    stride = Stride(piece, {"relatedParty": parties}, "MakeEvent", (), (), "")
    (knot,) = tell_journey([stride], (piece,))
    assert (knot.hidden, knot.sentences[0].key) == (hidden, key)


def test_a_step_that_holds_but_of_somebody_unknown_is_only_said() -> None:
    stranger = Piece("https://ca.example/e", TRUSTED._replace(checks=(*TRUSTED.checks[:-1], UNTRUSTED)))
    tones = [tell_journey([Stride(piece, {}, "", (), (), "")], ())[0].tone for piece in (stranger, HELD)]
    assert tones == [Tone.SAID, Tone.VALID]


UNTRUSTED = Check(Step.TRUST, Outcome.NOT_APPLICABLE, "ok", "")
HELD = Piece("https://ca.example/e", TRUSTED)


def test_goods_of_which_nobody_tells_leave_a_hidden_tier() -> None:
    first = Stride(HELD, {}, "MakeEvent", (), (_goods("fibre"),), "")
    last = Stride(HELD, {}, "MakeEvent", (_goods("yarn"),), (_goods("fabric"),), "")
    found = [(knot.title, knot.hidden) for knot in tell_journey([first, last], ())]
    assert found == [("", False), ("yarn", True), ("", False)]


@pytest.mark.parametrize(("site", "said"), [("Dye house", True), ("CA, site", False)])
def test_a_site_is_named_unless_its_name_is_the_party_s(site: str, said: bool) -> None:
    stride = Stride(HELD, {"madeAtFacility": {"name": site}}, "MakeEvent", (), (), "")
    (knot,) = tell_journey([stride], ())
    assert ("knot_site" in [item.key for item in knot.sentences]) is said
