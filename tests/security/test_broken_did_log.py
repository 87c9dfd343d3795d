"""A forger who holds some keys, or the web server, or both: each log breaks one rule, and only that one."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.did_logs import (
    LATER,
    Entry,
    day,
    join_entries,
    private_key,
    read_entries,
    reseal,
    sign_entry,
    signer,
    simple_log,
)

from certweave.did.key import make_did_key_method
from certweave.did.webvh.entry import PLACEHOLDER
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.parameters import hash_key
from certweave.did.webvh.write import deactivate_log, rotate_log, update_log
from certweave.errors import Cause, CertweaveError, InvalidHistoryError, UndecidedError
from certweave.keys.model import Algorithm
from certweave.limits import DEFAULT_LIMITS


def three_versions() -> tuple[str, list[Entry]]:
    """Create, hand over from update key 1 to 2, update."""
    log = simple_log()
    log = rotate_log(log.did, log.log, signer=signer(1), update_keys=[private_key(2).public], time=day(1))
    log = update_log(log.did, log.log, signer=signer(2), time=day(2), ttl=60)
    return log.did.text, read_entries(log.log)


def committed() -> tuple[str, list[Entry]]:
    """Create with key 1 and a commitment to key 2, use it, commit to key 3."""
    log = simple_log(next_keys=[private_key(2).public])
    log = rotate_log(log.did, log.log, signer=signer(2), next_keys=[private_key(3).public], time=day(1))
    return log.did.text, read_entries(log.log)


def deactivated() -> tuple[str, list[Entry]]:
    log = simple_log()
    log = deactivate_log(log.did, log.log, signer=signer(1), time=day(1))
    return log.did.text, read_entries(log.log)


def check_refused(did: str, log: bytes, code: str, path: str | None) -> None:
    with pytest.raises(CertweaveError) as caught:
        fold_log(did, log, fetched_at=LATER, now=LATER)
    assert (caught.value.code, caught.value.path) == (code, path)
    assert not isinstance(caught.value, UndecidedError)


def set_at(*place: str | int, value: Any) -> Callable[[list[Entry]], None]:
    def change(entries: list[Entry]) -> None:
        target: Any = entries
        for step in place[:-1]:
            target = target[step]
        target[place[-1]] = value

    return change


def let_names_become_one(entries: list[Entry]) -> None:
    """Put in two members that are one where the SCID is blanked out, so that only one would be hashed."""
    entries[0]["state"] |= {PLACEHOLDER: "shown", entries[0]["parameters"]["scid"]: "hashed"}


CARELESS: list[tuple[str, Callable[[list[Entry]], object], str, str]] = [
    ("first entry", set_at(0, "state", "extra", value=1), "scid_mismatch", "/0/parameters/scid"),
    ("names that become one", let_names_become_one, "scid_mismatch", "/0/parameters/scid"),
    ("later document", set_at(1, "state", "extra", value=1), "entry_hash_mismatch", "/1/versionId"),
    ("later parameters", set_at(2, "parameters", "ttl", value=1), "entry_hash_mismatch", "/2/versionId"),
    (
        "later time",
        set_at(2, "versionTime", value="2025-01-04T00:00:00Z"),
        "entry_hash_mismatch",
        "/2/versionId",
    ),
    ("dropped middle", lambda log: log.pop(1) and None, "version_number_wrong", "/1/versionId"),
    ("dropped first", lambda log: log.pop(0) and None, "version_number_wrong", "/0/versionId"),
    ("repeated entry", lambda log: log.append(log[2]), "version_number_wrong", "/3/versionId"),
    ("swapped entries", lambda log: log.insert(1, log.pop(2)), "version_number_wrong", "/1/versionId"),
    (
        "proof of another entry",
        lambda log: log[2].update(proof=log[1]["proof"]),
        "update_key_not_authorised",
        "/2/proof/0/verificationMethod",
    ),
    ("no proof", set_at(1, "proof", value=[]), "entry_malformed", "/1/proof"),
    ("no parameters", set_at(1, "parameters", value=[]), "entry_malformed", "/1/parameters"),
    ("no document", set_at(1, "state", value=None), "entry_malformed", "/1/state"),
    ("foreign member", set_at(1, "note", value="x"), "entry_malformed", "/1"),
    ("version without hash", set_at(1, "versionId", value="2"), "version_id_malformed", "/1/versionId"),
    (
        "version with zero",
        set_at(1, "versionId", value="02-" + "Q" * 46),
        "version_id_malformed",
        "/1/versionId",
    ),
]


@pytest.mark.parametrize(("change", "code", "path"), [pytest.param(*c[1:], id=c[0]) for c in CARELESS])
def test_change_without_keys_is_noticed(
    change: Callable[[list[Entry]], object], code: str, path: str
) -> None:
    did, entries = three_versions()
    change(entries)
    check_refused(did, join_entries(entries), code, path)


RESEALED: list[tuple[str, Any, str]] = [
    ("/2/versionTime", "2025-01-02T00:00:00Z", "version_time_not_increasing"),
    ("/2/versionTime", "2024-01-02T00:00:00Z", "version_time_not_increasing"),
    ("/2/versionTime", "2026-01-01T00:00:01Z", "version_time_future"),
    ("/2/versionTime", "2025-01-03T00:00:00+02:00", "version_time_zone"),
    ("/2/versionTime", "2025-02-30T00:00:00Z", "timestamp"),
    ("/2/versionTime", None, "timestamp"),
    ("/1/parameters/prerotation", True, "parameter_unknown"),
    ("/1/parameters/updateKeys", "z6Mk", "parameter_malformed"),
    ("/1/parameters/updateKeys", ["a", "a"], "parameter_malformed"),
    ("/1/parameters/updateKeys", [""], "parameter_malformed"),
    ("/2/parameters/ttl", True, "parameter_malformed"),
    ("/2/parameters/ttl", -1, "parameter_malformed"),
    ("/2/parameters/ttl", "60", "parameter_malformed"),
    ("/2/parameters/deactivated", "true", "parameter_malformed"),
    ("/2/parameters/witness", [], "parameter_malformed"),
    ("/2/parameters/watchers", "https://a.example", "parameter_malformed"),
    ("/2/parameters/portable", None, "parameter_malformed"),
    ("/1/parameters/portable", True, "parameter_misplaced"),
    ("/1/parameters/scid", "x", "parameter_misplaced"),
    ("/1/parameters/method", "did:webvh:0.5", "method_version_unknown"),
    ("/1/state/id", None, "scid_mismatch"),
    ("/1/state/id", "did:web:evil.example", "scid_mismatch"),
    ("/0/parameters/updateKeys", [], "parameter_malformed"),
    ("/1/state/verificationMethod", "x", "document_malformed"),
    ("/1/state/alsoKnownAs", "x", "document_malformed"),
    ("/1/state/service", [{}], "service_malformed"),
    (
        "/1/state/verificationMethod",
        [{"id": "#a", "type": "Multikey"}, {"id": "#a", "type": "JsonWebKey"}],
        "method_duplicate",
    ),
]
INSIDE = {"service_malformed": "/0", "method_duplicate": "/1"}


@pytest.mark.parametrize(("place", "value", "code"), RESEALED)
def test_owner_cannot_break_a_rule_either(place: str, value: Any, code: str) -> None:
    _, entries = three_versions()
    line, *names = place[1:].split("/")
    set_at(int(line), *names, value=value)(entries)
    _, log = reseal(entries, [1, 1, 2])
    check_refused(read_entries(log)[0]["state"]["id"], log, code, place + INSIDE.get(code, ""))


def test_document_at_another_place_is_not_the_dids() -> None:
    did, entries = three_versions()
    entries[1]["state"]["id"] = did.replace("ledger.cotton.example", "evil.example")
    did, log = reseal(entries, [1, 1, 2])
    check_refused(did, log, "document_id_mismatch", "/1/state/id")


def test_log_of_another_did_is_refused() -> None:
    mine, theirs = simple_log(), simple_log(key=10)
    check_refused(mine.did.text, theirs.log, "scid_mismatch", "/0/parameters/scid")


@pytest.mark.parametrize("who", [1, 5], ids=["retired update key", "stranger"])
def test_key_without_authority_cannot_update(who: int) -> None:
    _, entries = three_versions()
    did, log = reseal(entries, [1, 1, who])
    check_refused(did, log, "update_key_not_authorised", "/2/proof/0/verificationMethod")


def test_new_key_cannot_authorise_itself() -> None:
    _, entries = three_versions()
    did, log = reseal(entries, [1, 2, 2])
    check_refused(did, log, "update_key_not_authorised", "/1/proof/0/verificationMethod")


def test_stolen_key_cannot_bring_its_own_successor_past_a_commitment() -> None:
    _, entries = committed()
    entries[1]["parameters"]["updateKeys"] = [private_key(5).public.multikey]
    did, log = reseal(entries, [1, 5])
    check_refused(did, log, "pre_rotation_violated", "/1/parameters/updateKeys/0")


def test_one_committed_key_does_not_cover_for_another() -> None:
    _, entries = committed()
    entries[1]["parameters"]["updateKeys"].append(private_key(5).public.multikey)
    did, log = reseal(entries, [1, 2])
    check_refused(did, log, "pre_rotation_violated", "/1/parameters/updateKeys/1")


@pytest.mark.parametrize("name", ["updateKeys", "nextKeyHashes"])
@pytest.mark.parametrize("null", [False, True], ids=["left out", "null"])
def test_commitment_cannot_be_passed_over_in_silence(name: str, null: bool) -> None:
    _, entries = committed()
    if null:
        entries[1]["parameters"][name] = None
    else:
        del entries[1]["parameters"][name]
    did, log = reseal(entries, [1, 2])
    check_refused(did, log, "pre_rotation_violated", f"/1/parameters/{name}")


def test_hash_of_a_commitment_is_that_of_the_key() -> None:
    _, entries = committed()
    assert entries[0]["parameters"]["nextKeyHashes"] == [hash_key(private_key(2).public.multikey)]


def test_deactivation_is_the_end() -> None:
    _, entries = deactivated()
    entries.append({**entries[0], "versionTime": "2025-01-03T00:00:00Z", "parameters": {}})
    did, log = reseal(entries, [1, 1, 1])
    check_refused(did, log, "after_deactivation", "/2")


def test_an_update_key_of_another_kind_signs_nothing() -> None:
    """Of P-256 keys the method knows, but it has entries signed by ``eddsa-jcs-2022`` alone."""
    _, entries = three_versions()
    key = private_key(5, Algorithm.P256).public
    entries[0]["parameters"]["updateKeys"] = [key.multikey]
    entries[0]["proof"][0]["verificationMethod"] = make_did_key_method(key)
    did, log = reseal(entries, [None, 1, 2])
    check_refused(did, log, "proof_method_wrong", "/0/proof/0/verificationMethod")


SIGNED: list[tuple[str, dict[str, Any], str, str]] = [
    ("purpose", {"proofPurpose": "authentication"}, "proof_purpose_wrong", "/1/proof/0/proofPurpose"),
    ("unknown member", {"nonce": "x"}, "proof_malformed", "/1/proof/0/nonce"),
    ("expired", {"expires": "2025-01-01T12:00:00Z"}, "proof_expired", "/1/proof/0"),
    ("created when", {"created": "yesterday"}, "timestamp", "/1/proof/0/created"),
    (
        "method not a did:key",
        {"verificationMethod": "did:web:a.example#k"},
        "proof_method_wrong",
        "/1/proof/0/verificationMethod",
    ),
    (
        "method without fragment",
        {"verificationMethod": signer(1).method.partition("#")[0]},
        "proof_method_wrong",
        "/1/proof/0/verificationMethod",
    ),
    ("method of nobody", {"verificationMethod": None}, "proof_method_wrong", "/1/proof/0/verificationMethod"),
]


@pytest.mark.parametrize(("options", "code", "path"), [pytest.param(*c[1:], id=c[0]) for c in SIGNED])
def test_true_signature_over_wrong_options_is_refused(options: dict[str, Any], code: str, path: str) -> None:
    did, entries = three_versions()
    entries[1]["proof"] = [sign_entry(entries[1], 1, **options)]
    check_refused(did, join_entries(entries), code, path)


@pytest.mark.parametrize(
    ("value", "code"),
    [
        ("", "proof_malformed"),
        (7, "proof_malformed"),
        ("uAAAA", "proof_malformed"),
        ("z0", "proof_malformed"),
        ("z" + "1" * 64, "entry_signature_mismatch"),
        ("zabc", "entry_signature_mismatch"),
    ],
)
def test_value_that_is_no_signature_is_refused(value: Any, code: str) -> None:
    did, entries = three_versions()
    entries[1]["proof"][0]["proofValue"] = value
    with pytest.raises(InvalidHistoryError) as caught:
        fold_log(did, join_entries(entries), fetched_at=LATER, now=LATER)
    assert caught.value.code == code


def test_one_true_proof_does_not_excuse_a_false_one() -> None:
    did, entries = three_versions()
    entries[1]["proof"].append(sign_entry(entries[1], 5))
    check_refused(did, join_entries(entries), "update_key_not_authorised", "/1/proof/1/verificationMethod")


TEXTS = [
    (b"", "log_empty", None),
    (b"\n\n", "log_empty", None),
    (b"{}\n", "entry_malformed", "/0"),
    (b"[]\n", "json_not_object", "/0"),
    (b"not json\n", "json_syntax", "/0"),
    (b"\xef\xbb\xbf{}\n", "json_bom", "/0"),
    (b'{"versionId":"1","versionId":"1"}\n', "json_duplicate_member", "/0"),
]


@pytest.mark.parametrize(("log", "code", "path"), TEXTS)
def test_text_that_is_no_log_is_refused(log: bytes, code: str, path: str | None) -> None:
    check_refused(simple_log().did.text, log, code, path)


def test_blank_line_inside_is_refused() -> None:
    did, entries = three_versions()
    log = join_entries(entries[:1]) + b"\n" + join_entries(entries[1:])
    check_refused(did, log, "json_syntax", "/1")


def test_log_beyond_the_limit_is_undecided() -> None:
    did, entries = three_versions()
    log = join_entries(entries)
    fold_log(did, log, fetched_at=LATER, now=LATER, limits=replace(DEFAULT_LIMITS, did_log_bytes=len(log)))
    with pytest.raises(UndecidedError) as caught:
        fold_log(
            did, log, fetched_at=LATER, now=LATER, limits=replace(DEFAULT_LIMITS, did_log_bytes=len(log) - 1)
        )
    assert (caught.value.code, caught.value.cause) == ("limit_did_log", Cause.LIMIT)


def test_broken_entry_after_the_time_asked_about_changes_nothing() -> None:
    did, entries = three_versions()
    entries[2]["proof"] = [sign_entry(entries[2], 5)]
    log = join_entries(entries)
    history = fold_log(did, log, fetched_at=LATER, now=day(1) + timedelta(hours=1))
    assert [version.number for version in history.versions] == [1, 2]
    check_refused(did, log, "update_key_not_authorised", "/2/proof/0/verificationMethod")


def test_honest_log_folds() -> None:
    for did, entries in (three_versions(), committed(), deactivated()):
        history = fold_log(did, join_entries(entries), fetched_at=LATER, now=LATER)
        assert len(history.versions) == len(entries)
        assert json.loads(json.dumps(history.versions[-1].document.raw)) == entries[-1]["state"]
