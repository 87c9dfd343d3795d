"""Writers of did:webvh logs: what they make folds, says what was asked for, and is never out of bounds."""

import json
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.support.did_logs import (
    LATER,
    LOCATION,
    START,
    day,
    private_key,
    read_entries,
    reseal,
    signer,
    simple_log,
)

from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.parameters import DEFAULT_TTL, hash_key
from certweave.did.webvh.write import (
    MethodTemplate,
    WrittenLog,
    create_log,
    deactivate_log,
    make_document,
    make_location,
    rotate_log,
    update_log,
)
from certweave.errors import CertweaveError, InvalidError, InvalidHistoryError
from certweave.keys.model import Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS


def test_location_is_host_port_and_path() -> None:
    assert make_location("a.example") == "a.example"
    assert make_location("a.example", port=8443, path=["x", "y"]) == "a.example%3A8443:x:y"


def test_document_lists_each_key_under_its_purposes() -> None:
    assertion = MethodTemplate(private_key(1).public, ("assertionMethod",), "sign")
    both = MethodTemplate(private_key(2, Algorithm.P256).public)
    document = make_document("a.example", [assertion, both])
    name = "did:webvh:{SCID}:a.example"
    assert document["alsoKnownAs"] == ["did:web:a.example"]
    assert document["assertionMethod"] == [f"{name}#sign", f"{name}#{both.key.multikey}"]
    assert document["authentication"] == [f"{name}#{both.key.multikey}"]


def test_created_did_carries_its_identifier_everywhere() -> None:
    log = simple_log()
    assert b"{SCID}" not in log.log
    assert log.log.endswith(b"\n")
    assert log.did.text in log.history.versions[0].document.raw["assertionMethod"][0]
    assert log.history.parameters is not None
    assert log.history.parameters.update_keys == (private_key(1).public.multikey,)


def test_same_input_gives_the_same_bytes() -> None:
    assert simple_log().log == simple_log().log


def test_life_of_a_did_with_commitments() -> None:
    log = simple_log(next_keys=[private_key(2).public, private_key(3).public])
    log = rotate_log(log.did, log.log, signer=signer(3), next_keys=[private_key(4).public], time=day(1))
    log = rotate_log(log.did, log.log, signer=signer(4), time=day(2))
    log = update_log(log.did, log.log, signer=signer(4), time=day(3), watchers=["https://w.example"])
    log = deactivate_log(log.did, log.log, signer=signer(4), time=day(4))
    parameters = [entry["parameters"] for entry in read_entries(log.log)]
    assert [one.get("nextKeyHashes") for one in parameters] == [
        [hash_key(private_key(2).public.multikey), hash_key(private_key(3).public.multikey)],
        [hash_key(private_key(4).public.multikey)],
        [],
        None,
        [],
    ]
    assert parameters[-1] == {"deactivated": True, "updateKeys": [], "nextKeyHashes": []}
    assert log.history.versions[-1].deactivated


def test_committed_key_can_deactivate() -> None:
    log = simple_log(next_keys=[private_key(2).public])
    log = deactivate_log(log.did, log.log, signer=signer(2), time=day(1))
    assert log.history.versions[-1].deactivated


def test_versions_are_appended_without_touching_what_was_there() -> None:
    first = simple_log()
    second = update_log(first.did, first.log.rstrip(b"\n"), signer=signer(1), time=day(1))
    assert second.log.startswith(first.log)
    assert [json.loads(line)["versionId"][0] for line in second.log.splitlines()] == ["1", "2"]


def with_commitment() -> WrittenLog:
    return simple_log(next_keys=[private_key(2).public])


REFUSED: list[tuple[str, Callable[[], object], str]] = [
    ("address as place", lambda: simple_log(location="127.0.0.1"), "did_host_is_address"),
    ("path above", lambda: simple_log(location="a.example:.."), "did_path"),
    (
        "key of another suite",
        lambda: create_log(
            make_document(LOCATION, []),
            signer=KeySigner("did:key:x", private_key(1, Algorithm.P256)),
            time=START,
        ),
        "suite_key_mismatch",
    ),
    (
        "same second",
        lambda: update_log(simple_log().did, simple_log().log, signer=signer(1), time=START),
        "version_time_not_increasing",
    ),
    (
        "before the last",
        lambda: update_log(simple_log().did, simple_log().log, signer=signer(1), time=day(-1)),
        "version_time_future",
    ),
    (
        "stranger",
        lambda: update_log(simple_log().did, simple_log().log, signer=signer(5), time=day(1)),
        "update_key_not_authorised",
    ),
    (
        "update past a commitment",
        lambda: update_log(with_commitment().did, with_commitment().log, signer=signer(2), time=day(1)),
        "pre_rotation_violated",
    ),
    (
        "uncommitted key",
        lambda: rotate_log(with_commitment().did, with_commitment().log, signer=signer(5), time=day(1)),
        "pre_rotation_violated",
    ),
    (
        "old key past a commitment",
        lambda: deactivate_log(with_commitment().did, with_commitment().log, signer=signer(1), time=day(1)),
        "pre_rotation_violated",
    ),
    ("ttl out of range", lambda: simple_log(ttl=-1), "parameter_malformed"),
    (
        "document of another",
        lambda: update_log(
            simple_log().did,
            simple_log().log,
            signer=signer(1),
            time=day(1),
            document={"id": "did:web:a.example"},
        ),
        "scid_mismatch",
    ),
    (
        "document without the placeholder",
        lambda: create_log({"id": "did:web:a.example"}, signer=signer(1), time=START),
        "did_scid",
    ),
]


@pytest.mark.parametrize(("write", "code"), [pytest.param(*case[1:], id=case[0]) for case in REFUSED])
def test_writer_refuses_what_would_not_fold(write: Callable[[], object], code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        write()
    assert caught.value.code == code


def test_nothing_follows_a_deactivation() -> None:
    gone = deactivate_log(simple_log().did, simple_log().log, signer=signer(1), time=day(1))
    with pytest.raises(InvalidHistoryError) as caught:
        update_log(gone.did, gone.log, signer=signer(1), time=day(2))
    assert caught.value.code == "after_deactivation"


def test_log_of_another_place_does_not_fold_for_it() -> None:
    with pytest.raises(CertweaveError):
        fold_log(simple_log(location="b.example").did, simple_log().log, fetched_at=LATER, now=LATER)


def test_fraction_of_a_second_does_not_make_an_entry_of_the_future() -> None:
    moment = START + timedelta(milliseconds=999)
    log = create_log(make_document(LOCATION, []), signer=signer(1), time=moment)
    assert log.history.versions[0].time == START


@pytest.mark.parametrize(("ttl", "expected"), [(30, 30), (None, DEFAULT_TTL)])
def test_null_is_the_default_for_which_it_stood_once(ttl: int | None, expected: int) -> None:
    first = simple_log(ttl=60)
    entries = read_entries(update_log(first.did, first.log, signer=signer(1), time=day(1), ttl=30).log)
    entries[1]["parameters"]["ttl"] = ttl
    did, log = reseal(entries, [1, 1])
    history = fold_log(did, log, fetched_at=LATER, now=LATER, limits=DEFAULT_LIMITS)
    assert history.parameters is not None
    assert history.parameters.ttl == expected
