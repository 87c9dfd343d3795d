"""Bitstring Status List 1.0 with statuses of more than one bit: messages, values, and what a report says."""

from typing import Any

import pytest
from tests.support.status import LIST_URL, entry, read, status_list, with_subject
from tests.support.world import Party, World, outcome, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError
from certweave.examine.report import Verdict
from certweave.status.bitstring import (
    MINIMUM_ENTRIES,
    encode_list,
    get_value,
    make_bits,
    make_status_list,
    set_value,
)
from certweave.status.entry import parse_status_entries

WORDS = ("pending", "accepted", "rejected", "undefined")


def messages(count: int = 4) -> list[JsonObject]:
    return [{"status": hex(value), "message": WORDS[value % 4]} for value in range(count)]


def written(**changes: Any) -> JsonObject:
    whole = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "message",
        "statusListIndex": "5",
        "statusListCredential": LIST_URL,
        "statusSize": 2,
        "statusMessage": messages(),
        **changes,
    }
    return {"credentialStatus": {name: value for name, value in whole.items() if value is not None}}


def test_an_entry_says_what_its_values_mean() -> None:
    (found,) = parse_status_entries(written(statusReference="https://example.com/meaning"))
    assert [found.word(value) for value in range(4)] == list(WORDS)
    assert found.references == ("https://example.com/meaning",)
    (plain,) = parse_status_entries(written(statusSize=None, statusMessage=None))
    assert (plain.word(0), plain.word(1)) == ("unset", "set")


@pytest.mark.parametrize(
    "changes",
    [
        {"statusMessage": None},
        {"statusMessage": []},
        {"statusMessage": messages(2)},
        {"statusMessage": messages(5)},
        {"statusMessage": "pending"},
        {"statusMessage": [*messages(3), "rejected"]},
        {"statusMessage": [*messages(3), {"status": 3, "message": "x"}]},
        {"statusMessage": [*messages(3), {"status": "3", "message": "x"}]},
        {"statusMessage": [*messages(3), {"status": "0x3"}]},
        {"statusMessage": [*messages(3), {"status": "0x2", "message": "x"}]},
        {"statusMessage": [*messages(3), {"status": "0x4", "message": "x"}]},
        {"statusSize": 1},
        {"statusSize": 3},
        {"statusReference": "no address"},
        {"statusReference": ["https://example.com/", 1]},
    ],
)
def test_messages_and_values_are_as_many(changes: JsonObject) -> None:
    with pytest.raises(CertweaveError) as caught:
        parse_status_entries(written(**changes))
    assert caught.value.code == "status_entry_malformed"


@pytest.mark.parametrize(("size", "values"), [(1, (0, 1)), (2, (1, 3, 2)), (3, (5, 0, 7, 2)), (8, (255, 1))])
def test_values_stand_at_the_index_times_the_size(size: int, values: tuple[int, ...]) -> None:
    bits = make_bits(size=size)
    for index, value in enumerate(values):
        set_value(bits, index, value, size)
    assert [get_value(bits, index, size) for index in range(len(values))] == list(values)
    text = "".join(format(value, f"0{size}b") for value in values)
    assert "".join(format(byte, "08b") for byte in bits).startswith(text)
    set_value(bits, MINIMUM_ENTRIES - 1, 1, size)
    for wrong in (-1, MINIMUM_ENTRIES):
        with pytest.raises(InvalidError) as caught:
            get_value(bits, wrong, size)
        assert caught.value.code == "status_index_out_of_range"
    with pytest.raises(InvalidError) as beyond:
        set_value(bits, 0, 1 << size, size)
    assert beyond.value.code == "status_value_range"


def test_a_list_is_long_enough_for_its_size() -> None:
    """§3.2: the length divided by the size counts."""
    whole = make_bits(size=2)
    set_value(whole, 5, 2, 2)
    good = with_subject(status_list(), encodedList=encode_list(whole))
    assert read(good, entry(size=2)) is True
    assert read(good, entry(size=2, index=6)) is False
    with pytest.raises(InvalidError) as caught:
        read(status_list(), entry(size=2))
    assert caught.value.code == "status_list_too_short"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"statusSize": 1}, "status_size_mismatch"),
        ({"statusSize": "2"}, "status_size_mismatch"),
        ({"statusMessages": messages(2)}, "status_entry_malformed"),
    ],
)
def test_a_list_and_an_entry_agree_on_the_size(changes: JsonObject, code: str) -> None:
    document = with_subject(status_list(), encodedList=encode_list(make_bits(size=2)), **changes)
    with pytest.raises(CertweaveError) as caught:
        read(document, entry(size=2))
    assert caught.value.code == code


def test_a_list_with_messages_is_made() -> None:
    common: dict[str, Any] = {"issuer": "did:web:cab.example", "purpose": ["message", "revocation"]}
    period: dict[str, Any] = {"valid_from": World().clock, "valid_until": World().clock.replace(year=2030)}
    made = make_status_list(LIST_URL, bits=make_bits(size=2), size=2, messages=WORDS, **common, **period)
    assert made["credentialSubject"]["statusMessages"] == messages()
    assert made["credentialSubject"]["statusSize"] == 2
    for size, words, code in ((2, WORDS[:2], "status_messages"), (4, (), "status_list_too_short")):
        with pytest.raises(InvalidError) as caught:
            make_status_list(LIST_URL, bits=make_bits(size=2), size=size, messages=words, **common, **period)
        assert caught.value.code == code


@pytest.mark.parametrize("value", [1, 2, 3])
def test_every_value_but_zero_takes_validity_away(value: int) -> None:
    world = World()
    issuer = world.party("issuer")
    issuer.bits = make_bits(size=2)
    place = written(statusPurpose="suspension", statusListCredential=issuer.list_url)
    token = issuer.issue(plain_credential(issuer, **place))
    assert world.examine(token).verdict is Verdict.VALID
    set_value(issuer.bits, 5, value, 2)
    assert outcome(world.examine(token), "status") == "invalid:suspended"


def told(world: World, issuer: Party, *entries: JsonObject) -> set[tuple[str, str]]:
    token = issuer.issue(plain_credential(issuer, credentialStatus=list(entries)))
    report = world.examine(token)
    assert report.verdict is Verdict.VALID
    return {(note.code, note.detail) for note in report.notes}


def test_a_message_is_told_where_its_list_is_at_hand() -> None:
    world = World()
    issuer = world.party("issuer")
    issuer.bits = make_bits(size=2)
    issuer.purpose = ["suspension", "message"]  # type: ignore[assignment]
    set_value(issuer.bits, 5, 2, 2)
    message = written(statusListCredential=issuer.list_url)["credentialStatus"]
    other = {**message, "statusPurpose": "suspension", "statusListIndex": "7"}
    assert ("status_message", "message: rejected") in told(world, issuer, message, other)
    # By itself it is not looked up: what it says changes nothing, and an outage must not either.
    alone = told(world, issuer, message)
    assert {code for code, _ in alone} == {"status_purpose_ignored"}
    wrong = {**message, "statusPurpose": "refresh"}
    assert "status_message_unknown" in {code for code, _ in told(world, issuer, wrong, other)}
