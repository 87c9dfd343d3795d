"""Status records: what was decided, what it allows next, and the bit that follows."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.shared import ROOT
from tests.support.status import DAY, NOW, signer

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.errors import CertweaveError, InvalidError, InvalidSignatureError, MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact, verify_jws
from certweave.status.reasons import REASONS, Action
from certweave.status.record import (
    RECORDED,
    State,
    StatusRecord,
    bit_of,
    check_record,
    check_records,
    next_state,
    parse_record,
    parse_signed_record,
    sign_record,
)

CERTIFICATE = "https://cab.example/certificates/7"
SUCCESSOR = "https://cab.example/certificates/7a"
EARLIER = {"effective_from": NOW - DAY}
REASON = {
    Action.SUSPEND: "audit_overdue",
    Action.REINSTATE: "audit_done",
    Action.WITHDRAW: "fraud",
    Action.CORRECT: "error_in_certificate",
    Action.RENEW: "renewed",
}


def record(action: Action, days: float = 0, **changes: Any) -> StatusRecord:
    """Return a record decided and effective ``days`` after NOW."""
    at = NOW + days * DAY
    made = StatusRecord(
        certificate=CERTIFICATE,
        action=action,
        reason=REASON[action],
        effective_from=at,
        decided_at=at,
        known_since=at,
        successor=SUCCESSOR if action in (Action.CORRECT, Action.RENEW) else None,
    )
    return replace(made, **changes)


ALLOWED = {
    ("draft", "approve"): "approved",
    ("approved", "issue"): "issued",
    ("issued", "suspend"): "suspended",
    ("suspended", "reinstate"): "issued",
    ("issued", "withdraw"): "withdrawn",
    ("suspended", "withdraw"): "withdrawn",
    ("issued", "correct"): "superseded",
    ("issued", "renew"): "superseded",
    ("issued", "expire"): "expired",
    ("suspended", "expire"): "expired",
}


@pytest.mark.parametrize("action", Action)
@pytest.mark.parametrize("state", State)
def test_every_transition(state: State, action: Action) -> None:
    expected = ALLOWED.get((state.value, action.value))
    if expected is not None:
        assert next_state(state, action).value == expected
        return
    with pytest.raises(InvalidError) as caught:
        next_state(state, action)
    assert caught.value.code == "status_transition"


def test_every_recorded_action_has_reasons_and_every_reason_a_sentence() -> None:
    assert frozenset().union(*(reason.actions for reason in REASONS.values())) == RECORDED
    assert all(reason.sentence.endswith(".") and reason.actions for reason in REASONS.values())


@pytest.mark.parametrize("action", sorted(RECORDED))
def test_json_and_signed_form_round(action: Action) -> None:
    made = record(action)
    assert parse_record(made.to_json()) == made
    token = sign_record(made, signer())
    found, jws = parse_signed_record(token, limits=DEFAULT_LIMITS)
    assert found == made
    verify_jws(jws, signer().public)
    with pytest.raises(InvalidSignatureError):
        verify_jws(jws, signer(2).public)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"reason": "bad_weather"}, "status_reason_unknown"),
        ({"reason": "renewed"}, "status_reason_unfit"),
        ({"successor": SUCCESSOR}, "status_record_successor"),
        ({"action": Action.ISSUE}, "status_record_action"),
        ({"known_since": NOW + DAY}, "status_record_order"),
        ({"action": Action.CORRECT, "reason": "error_in_certificate"}, "status_record_successor"),
        (
            {"action": Action.RENEW, "reason": "renewed", "successor": CERTIFICATE},
            "status_record_successor",
        ),
    ],
)
def test_contradictions(changes: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_record(replace(record(Action.SUSPEND), **changes))
    assert caught.value.code == code
    wrong = replace(record(Action.SUSPEND), **changes)
    with pytest.raises(InvalidError) as caught:
        sign_record(wrong, signer())
    assert caught.value.code == code
    with pytest.raises(InvalidError) as caught:
        check_records([wrong])
    assert caught.value.code == code


def test_a_contradiction_is_found_when_it_is_read() -> None:
    with pytest.raises(InvalidError) as caught:
        parse_record(replace(record(Action.SUSPEND), known_since=NOW + DAY).to_json())
    assert caught.value.code == "status_record_order"


def test_a_certificate_is_reinstated_from_its_suspension_on_at_the_earliest() -> None:
    suspended = record(Action.SUSPEND)
    check_records([suspended, record(Action.REINSTATE)])
    with pytest.raises(InvalidError) as caught:
        check_records([suspended, record(Action.REINSTATE, effective_from=NOW - timedelta(seconds=1))])
    assert caught.value.code == "status_record_order"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("certificate", ""),
        ("action", "issue"),
        ("action", ["suspend"]),
        ("reason", None),
        ("effectiveFrom", "2026-06-01"),
        ("decidedAt", 5),
        ("successor", None),
        ("comment", "x"),
    ],
)
def test_malformed_members(name: str, value: object) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_record({**record(Action.SUSPEND).to_json(), name: value})
    assert (caught.value.code, caught.value.path) == ("status_record_malformed", f"/{name}")


@pytest.mark.parametrize("name", sorted(record(Action.SUSPEND).to_json()))
def test_missing_members(name: str) -> None:
    less = {key: value for key, value in record(Action.SUSPEND).to_json().items() if key != name}
    with pytest.raises(MalformedError) as caught:
        parse_record(less)
    assert (caught.value.code, caught.value.path) == ("status_record_malformed", f"/{name}")


@pytest.mark.parametrize("header", [{}, {"typ": "receipt+jwt"}, {"typ": "vc+jwt"}])
def test_token_of_another_type_is_no_record(header: dict[str, str]) -> None:
    token = sign_compact(canonicalize(record(Action.SUSPEND).to_json()), header, signer())
    with pytest.raises(CertweaveError) as caught:
        parse_signed_record(token, limits=DEFAULT_LIMITS)
    assert caught.value.code == ("typ_wrong" if header else "status_record_malformed")


def test_a_record_that_names_no_key_is_none() -> None:
    head = canonicalize({"alg": "EdDSA", "typ": "status-record+jwt"})
    parts = (head, canonicalize(record(Action.SUSPEND).to_json()), bytes(64))
    with pytest.raises(CertweaveError) as caught:
        parse_signed_record(".".join(map(base64url_encode, parts)), limits=DEFAULT_LIMITS)
    assert caught.value.code == "status_record_malformed"


BITS: dict[str, tuple[list[StatusRecord], float, bool]] = {
    "nothing": ([], 0, False),
    "suspended": ([record(Action.SUSPEND)], 0, True),
    "not yet": ([record(Action.SUSPEND, 2)], 1, False),
    "reinstated": ([record(Action.SUSPEND), record(Action.REINSTATE, 2)], 2, False),
    "between": ([record(Action.SUSPEND), record(Action.REINSTATE, 2)], 1, True),
    "withdrawn": ([record(Action.WITHDRAW)], 900, True),
    "withdrawn while suspended": ([record(Action.SUSPEND), record(Action.WITHDRAW, 1)], 2, True),
    "corrected": ([record(Action.CORRECT)], 1, True),
    "renewed": ([record(Action.RENEW)], 1, False),
    "retroactive": ([record(Action.WITHDRAW, 5, effective_from=NOW)], 1, True),
    "lifted from its start": (
        [record(Action.SUSPEND), record(Action.REINSTATE, 3, effective_from=NOW)],
        1,
        False,
    ),
}


@pytest.mark.parametrize("name", BITS)
def test_bit(name: str) -> None:
    records, days, expected = BITS[name]
    assert bit_of(records, now=NOW + timedelta(days=days)) is expected
    assert bit_of(records[::-1], now=NOW + timedelta(days=days)) is expected


def test_of_two_decisions_in_one_second_the_later_counts() -> None:
    suspended, reinstated = record(Action.SUSPEND), record(Action.REINSTATE)
    assert bit_of([suspended, reinstated], now=NOW) is False
    assert bit_of([reinstated, suspended], now=NOW) is True


def test_records_of_two_certificates_have_no_bit() -> None:
    mixed = [record(Action.SUSPEND), record(Action.SUSPEND, certificate=SUCCESSOR)]
    with pytest.raises(InvalidError):
        bit_of(mixed, now=NOW)
    with pytest.raises(InvalidError) as caught:
        check_records(mixed)
    assert caught.value.code == "status_record_mixed"


def test_a_life_is_followed() -> None:
    life = [record(Action.SUSPEND), record(Action.REINSTATE, 1), record(Action.CORRECT, 2)]
    assert check_records(life[:0]) is State.ISSUED
    assert check_records(life[:1]) is State.SUSPENDED
    assert check_records(life) is State.SUPERSEDED


@pytest.mark.parametrize(
    ("life", "code"),
    [
        ([record(Action.WITHDRAW), record(Action.REINSTATE, 1)], "status_transition"),
        ([record(Action.SUSPEND), record(Action.SUSPEND, 1)], "status_transition"),
        ([record(Action.SUSPEND, 1), record(Action.WITHDRAW)], "status_record_order"),
        (
            [record(Action.SUSPEND), record(Action.REINSTATE, 1, **EARLIER)],
            "status_record_order",
        ),
    ],
)
def test_impossible_lives(life: list[StatusRecord], code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        check_records(life)
    assert caught.value.code == code


def test_reference_page_lists_every_reason_and_transition() -> None:
    page = (ROOT / "docs/reference/status.md").read_text(encoding="utf-8")
    rows = [
        f"| `{code}` | {reason.sentence} | {', '.join(sorted(reason.actions))} |"
        for code, reason in sorted(REASONS.items())
    ]
    assert "\n".join(rows) in page
    example = json.loads(page.split("```json\n")[1].split("```")[0])
    assert parse_record(example).to_json() == example
