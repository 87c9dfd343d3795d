"""What documents of a product leave open: no batch, no amount, no day, no lines, no criteria."""

from datetime import UTC, datetime
from typing import Any

import pytest

from certweave.errors import Cause
from certweave.examine.report import MUST_HOLD, Check, Note, Outcome, Report, Step, Verdict
from certweave.product.contradiction import _overdrawn, mark_contradictions
from certweave.product.coverage import Named, _answers
from certweave.product.journey import Goods, Stride
from certweave.product.pieces import Piece, ids_of, number_of, objects_of

NOW = datetime(2026, 3, 1, tzinfo=UTC)
KILOGRAM = {"value": 5, "unit": "KGM"}
NOTHING = Piece("https://mill.example/1", None)


def step(inputs: Goods, outputs: Goods, date: str = "2026-02-01") -> Stride:
    return Stride(NOTHING, {}, "MakeEvent", (inputs,), (outputs,), date)


@pytest.mark.parametrize(
    ("batch", "amount", "date"),
    [("", KILOGRAM, "2026-02-01"), ("b-1", None, "2026-02-01"), ("b-1", KILOGRAM, "some day")],
)
def test_what_is_left_open_contradicts_nothing(batch: str, amount: Any, date: str) -> None:
    yarn, cloth = Goods(Named("urn:x:yarn", batch), amount), Goods(Named("urn:x:cloth"), KILOGRAM)
    way = (step(Goods(Named("urn:x:fibre"), None), yarn, "2026-01-01"), step(yarn, cloth, date))
    assert [one.problem for one in mark_contradictions(way, {}, NOW)] == [None, None]


TONNE = {"value": 5, "unit": "TNE"}
METRES = {"value": 9, "unit": "MTR"}


@pytest.mark.parametrize(
    ("made", "used", "more"),
    [
        (Goods(Named("urn:x:yarn", "b-1"), KILOGRAM), Goods(Named("urn:x:yarn", "b-1"), TONNE), True),
        (Goods(Named("urn:x:yarn", "b-1"), TONNE), Goods(Named("urn:x:yarn", "b-1"), KILOGRAM), False),
        # Nobody can tell how many kilograms so many metres are, or what an amount is that nobody states.
        (Goods(Named("urn:x:yarn", "b-1"), KILOGRAM), Goods(Named("urn:x:yarn", "b-1"), METRES), False),
        (Goods(Named("urn:x:yarn", "b-1"), None), Goods(Named("urn:x:yarn", "b-1"), TONNE), False),
        # Another batch, or other goods of a batch of this number, are no part of it.
        (Goods(Named("urn:x:yarn"), KILOGRAM), Goods(Named("urn:x:yarn", "b-1"), TONNE), False),
        (Goods(Named("urn:x:fluff", "b-1"), KILOGRAM), Goods(Named("urn:x:yarn", "b-1"), TONNE), False),
    ],
)
def test_more_of_a_batch_is_used_than_was_made(made: Goods, used: Goods, more: bool) -> None:
    cloth = Goods(Named("urn:x:cloth"), KILOGRAM)
    way = (step(Goods(Named("urn:x:fibre"), None), made, "2026-01-01"), step(used, cloth))
    assert [one.problem is not None for one in mark_contradictions(way, {}, NOW)] == [False, more]


def test_a_sale_without_lines_holds_no_amount_that_could_be_overdrawn() -> None:
    assert not _overdrawn(NOTHING.url, NOTHING, {NOTHING.url: NOTHING})


@pytest.mark.parametrize(("topic", "answers"), [("urn:x:water", True), ("urn:x:waste", False)])
def test_a_claim_without_criteria_is_answered_by_its_topic(topic: str, answers: bool) -> None:
    claim = {"conformityTopic": [{"id": "urn:x:water"}]}
    assert _answers({"conformityTopic": [{"id": topic}]}, claim) is answers


GOOD = {step: Check(step, Outcome.VALID, "ok", "") for step in (*MUST_HOLD, Step.STATUS, Step.TRUST)}
WITHDRAWN = Check(Step.STATUS, Outcome.INVALID, "withdrawn", "")
EXPIRED = Check(Step.VALIDITY, Outcome.INVALID, "expired", "")
SILENT = Check(Step.STATUS, Outcome.UNDECIDED, "unreachable", "", Cause.UNREACHABLE)
STRANGER = Check(Step.TRUST, Outcome.UNDECIDED, "issuer_unknown", "", Cause.UNKNOWN_ISSUER)
UNHEARD = Check(Step.TRUST, Outcome.UNDECIDED, "unreachable", "", Cause.UNREACHABLE)
UNASKED = Check(Step.TRUST, Outcome.NOT_APPLICABLE, "trust_unasked", "")


@pytest.mark.parametrize(
    ("found", "in_part", "counts", "verdict"),
    [
        ((), False, (True, False, False), Verdict.VALID),
        ((), True, (False, True, False), Verdict.UNDECIDED),
        ((UNASKED,), False, (False, False, False), Verdict.VALID),
        ((STRANGER,), False, (False, False, False), Verdict.UNDECIDED),
        ((UNHEARD,), False, (False, True, False), Verdict.UNDECIDED),
        ((SILENT,), False, (False, True, False), Verdict.UNDECIDED),
        ((WITHDRAWN,), False, (False, True, True), Verdict.INVALID),
        ((WITHDRAWN,), True, (False, True, True), Verdict.INVALID),
        ((WITHDRAWN, STRANGER), False, (False, True, False), Verdict.INVALID),
        ((WITHDRAWN, EXPIRED), False, (False, True, False), Verdict.INVALID),
        ((EXPIRED,), False, (False, True, False), Verdict.INVALID),
        (None, False, (False, False, False), Verdict.UNDECIDED),
    ],
)
def test_what_a_document_counts_for(
    found: tuple[Check, ...] | None,
    in_part: bool,
    counts: tuple[bool, bool, bool],
    verdict: Verdict,
) -> None:
    notes = (Note("sd_part", ""),) if in_part else ()
    checks = {**GOOD, **{check.step: check for check in found or ()}}
    report = None if found is None else Report(tuple(checks.values()), NOW, "p", notes)
    piece = Piece("https://mill.example/1", report)
    assert (piece.trusted, piece.is_doubtful, piece.retracted) == counts
    assert piece.whole_verdict is verdict


@pytest.mark.parametrize(("value", "number"), [(5, 5), (0.5, 0.5), (True, None), ("5", None), (None, None)])
def test_a_number_is_no_truth_and_no_text(value: Any, number: float | None) -> None:
    assert number_of({"value": value}, "value") == number


def test_what_is_no_object_and_has_no_id_is_passed_over() -> None:
    assert objects_of({"a": [{"id": ""}, "text", None]}, "a") == [{"id": ""}]
    assert ids_of([{"id": ""}, {"id": 5}, {"id": "urn:1"}, {}]) == {"urn:1"}
