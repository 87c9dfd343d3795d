"""When a key was good: rotation, reuse of ids, revocation, deactivation, other purposes."""

from datetime import datetime
from typing import Any

import pytest
from tests.support.did_logs import LATER, LOCATION, START, day, private_key, signer, simple_log

from certweave.did.document import parse_did_document
from certweave.did.history import History, KeyPeriod, Version, make_single
from certweave.did.key import key_document, make_did_key
from certweave.did.syntax import parse_did
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.write import MethodTemplate, deactivate_log, make_document, rotate_log
from certweave.errors import CertweaveError, InvalidError, InvalidHistoryError, UnsupportedError

DID = parse_did("did:web:mill.example")
KEY = f"{DID}#k"


def method(key: int, name: str = "#k", **more: Any) -> dict[str, Any]:
    text = private_key(key).public.multikey
    return {"id": name, "type": "Multikey", "controller": DID.text, "publicKeyMultibase": text, **more}


def version(
    number: int, *methods: dict[str, Any], gone: bool = False, purpose: str = "assertionMethod"
) -> Version:
    raw: dict[str, Any] = {"id": DID.text, "verificationMethod": list(methods)}
    raw[purpose] = [one["id"] for one in methods]
    return Version(f"{number}-x", number, day(number), parse_did_document(raw, did=DID), gone)


def history(*versions: Version) -> History:
    return History(DID, versions, has_past=True)


def ends(periods: tuple[KeyPeriod, ...]) -> list[tuple[datetime | None, datetime | None, str]]:
    return [(one.since, one.retired, one.reason) for one in periods]


def find(past: History, name: str | None = KEY, now: datetime = LATER) -> list[Any]:
    return ends(past.find_keys(name, "assertionMethod", now=now))


def test_key_of_the_newest_version_is_in_force() -> None:
    assert find(history(version(1, method(1)), version(2, method(1)))) == [(day(1), None, "in_force")]


def test_dropped_key_is_retired_by_the_entry_that_dropped_it() -> None:
    past = history(version(1, method(1)), version(2, method(2, "#other")), version(3))
    assert find(past) == [(day(1), day(2), "removed")]


def test_entries_after_now_do_not_exist() -> None:
    past = history(version(1, method(1)), version(2))
    assert find(past, now=day(1)) == [(day(1), None, "in_force")]
    with pytest.raises(InvalidHistoryError) as caught:
        find(past, now=START)
    assert caught.value.code == "no_version_at_time"


def test_what_becomes_of_a_method_after_now_explains_nothing() -> None:
    past = history(version(1, method(1, "#other")), version(2, method(1), purpose="authentication"))
    for now, code in ((day(1), "key_unknown"), (day(2), "key_wrong_relationship")):
        with pytest.raises(InvalidError) as caught:
            find(past, now=now)
        assert caught.value.code == code


def test_id_with_new_material_answers_for_both_keys_newest_first() -> None:
    past = history(version(1, method(1)), version(2, method(2)), version(3, method(3)))
    found = past.find_keys(KEY, "assertionMethod", now=LATER)
    assert [one.key for one in found] == [private_key(number).public for number in (3, 2, 1)]
    assert [one.retired for one in found] == [None, day(3), day(2)]


def test_key_that_came_back_counts_from_its_return() -> None:
    past = history(version(1, method(1)), version(2), version(3, method(1)))
    assert find(past) == [(day(3), None, "in_force")]


def test_key_moved_to_another_purpose_is_retired_for_the_first() -> None:
    past = history(version(1, method(1)), version(2, method(1), purpose="authentication"))
    assert find(past) == [(day(1), day(2), "removed")]


def test_deactivation_retires_every_key() -> None:
    past = history(version(1, method(1)), version(2, method(1), gone=True))
    assert find(past) == find(past, None) == [(day(1), day(2), "deactivated")]


@pytest.mark.parametrize(
    ("member", "moment", "expected"),
    [
        ("revoked", "2025-01-01T12:00:00Z", "revoked"),
        ("expires", "2025-01-01T12:00:00Z", "expired"),
        ("revoked", "2026-01-01T00:00:00Z", "revoked"),
        ("expires", "2026-01-01T00:00:00Z", "expired"),
        ("revoked", "2026-01-01T00:00:01Z", "in_force"),
        ("revoked", "2099-01-01T00:00:00Z", "in_force"),
        ("expires", "2099-01-01T00:00:00Z", "in_force"),
    ],
)
def test_what_a_method_says_about_its_own_end_counts(member: str, moment: str, expected: str) -> None:
    period = history(version(0, method(1, **{member: moment}))).find_key(KEY, "assertionMethod", now=LATER)
    assert period.reason == expected
    assert (period.retired is None) == (expected == "in_force")


def test_revocation_is_not_taken_back_and_the_earliest_end_counts() -> None:
    revoked = method(1, revoked="2025-01-01T12:00:00Z")
    past = history(version(0, method(1)), version(1, revoked), version(2, method(1)), version(3))
    assert find(past) == [(day(0), datetime.fromisoformat("2025-01-01T12:00:00Z"), "revoked")]


REFUSED = [
    ("never there", f"{DID}#x", "key_unknown"),
    ("somebody else's DID", "did:web:evil.example#k", "key_unknown"),
    ("other purpose", f"{DID}#auth", "key_wrong_relationship"),
    ("no DID URL", "k", "key_unknown"),
]


@pytest.mark.parametrize(("name", "code"), [pytest.param(*c[1:], id=c[0]) for c in REFUSED])
def test_key_that_never_was_is_invalid(name: str, code: str) -> None:
    past = history(version(1, method(1)), version(2, method(2, "#auth"), purpose="authentication"))
    with pytest.raises(CertweaveError) as caught:
        find(past, name)
    assert caught.value.code == code


def test_a_purpose_that_names_what_the_document_does_not_describe_has_no_key() -> None:
    raw = {"id": DID.text, "verificationMethod": [method(1, "#other")], "assertionMethod": ["#k"]}
    past = make_single(parse_did_document(raw, did=DID))
    with pytest.raises(InvalidError) as caught:
        find(past)
    assert caught.value.code == "key_unknown"


def test_unnamed_key_is_found_only_where_there_is_one() -> None:
    assert find(history(version(1, method(1))), None) == [(day(1), None, "in_force")]
    for past in (history(version(1, method(1), method(2, "#b"))), history(version(1))):
        with pytest.raises(CertweaveError) as caught:
            find(past, None)
        assert caught.value.code == "kid_missing"


def test_relative_name_is_the_dids_own() -> None:
    assert find(history(version(1, method(1))), "#k") == [(day(1), None, "in_force")]


def test_key_of_an_unknown_kind_is_undecided_and_a_foreign_one_invalid() -> None:
    unknown = {**method(1), "type": "EcdsaSecp256k1VerificationKey2019"}
    with pytest.raises(UnsupportedError):
        find(history(version(1, unknown)))
    with pytest.raises(CertweaveError) as caught:
        find(history(version(1, {**method(1), "controller": "did:web:evil.example"})))
    assert caught.value.code == "method_controller"


def test_did_key_has_no_past() -> None:
    key = private_key(1).public
    past = make_single(key_document(make_did_key(key)))
    period = past.find_key(None, "assertionMethod", now=LATER)
    assert not past.has_past
    assert (period.key, period.since, period.retired) == (key, None, None)


def test_written_log_keeps_the_history_of_its_keys() -> None:
    first = simple_log()
    document = make_document(LOCATION, [MethodTemplate(private_key(10).public)], did=first.did)
    second = rotate_log(first.did, first.log, signer=signer(1), time=day(10), document=document)
    last = deactivate_log(first.did, second.log, signer=signer(1), time=day(20))
    old = private_key(9).public.multikey
    found = ends(last.history.find_keys(f"{first.did}#{old}", "assertionMethod", now=LATER))
    assert found == [(START, day(10), "removed")]
    # The parallel did:web is named in alsoKnownAs, so its ids mean the same keys.
    assert found == ends(last.history.find_keys(f"did:web:{LOCATION}#{old}", "assertionMethod", now=LATER))
    before = fold_log(first.did, last.log, fetched_at=LATER, now=day(15))
    assert ends(before.find_keys(None, "assertionMethod", now=day(15))) == [(day(10), None, "in_force")]
