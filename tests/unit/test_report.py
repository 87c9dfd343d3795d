"""The three verdicts, from every way in which steps can end."""

from datetime import UTC, datetime

import pytest

from certweave.errors import Cause
from certweave.examine.report import CREDENTIAL_STEPS, Check, Outcome, Report, Step, Verdict

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NEEDED = ("read", "model", "proof", "key", "signature")


def _report(ends: dict[Step, Outcome], *inner: Report) -> Report:
    checks = []
    for step in CREDENTIAL_STEPS:
        outcome = ends.get(step, Outcome.VALID)
        cause = Cause.LIMIT if outcome is Outcome.UNDECIDED else None
        checks.append(Check(step, outcome, "code", "words", cause))
    return Report(tuple(checks), NOW, "integrity", credentials=inner)


@pytest.mark.parametrize("step", CREDENTIAL_STEPS)
def test_one_step_decides(step: Step) -> None:
    assert _report({}).verdict is Verdict.VALID
    assert _report({step: Outcome.INVALID}).verdict is Verdict.INVALID
    assert _report({step: Outcome.UNDECIDED}).verdict is Verdict.UNDECIDED
    # What does not apply never counts as valid where a step has to hold.
    expected = Verdict.UNDECIDED if step.value in NEEDED else Verdict.VALID
    assert _report({step: Outcome.NOT_APPLICABLE}).verdict is expected


def test_nothing_at_all_is_not_valid() -> None:
    assert Report((), NOW, "integrity").verdict is Verdict.UNDECIDED
    assert _report(dict.fromkeys(CREDENTIAL_STEPS, Outcome.NOT_APPLICABLE)).verdict is Verdict.UNDECIDED


def test_invalid_outranks_undecided_and_what_is_inside_counts() -> None:
    bad, gap = _report({Step.STATUS: Outcome.INVALID}), _report({Step.STATUS: Outcome.UNDECIDED})
    assert _report({Step.READ: Outcome.UNDECIDED, Step.TRUST: Outcome.INVALID}).verdict is Verdict.INVALID
    assert _report({}, gap).verdict is Verdict.UNDECIDED
    assert _report({}, gap, bad).verdict is Verdict.INVALID
    assert [check.step for check in _report({}, gap, bad).decisive()] == [Step.STATUS]


def test_a_step_that_was_not_taken_is_not_found() -> None:
    with pytest.raises(KeyError):
        Report((), NOW, "integrity").check(Step.STATUS)


def test_a_report_is_no_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(_report({}))
