"""credentialStatus: which bit of which list, or a refusal that hides nothing."""

from typing import Any

import pytest

from certweave.errors import CertweaveError, InvalidError, MalformedError, UnsupportedError
from certweave.status.entry import parse_status_entries

ENTRY: dict[str, Any] = {
    "id": "https://cab.example/status/1#5",
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "5",
    "statusListCredential": "https://cab.example/status/1",
}


def test_no_status() -> None:
    assert parse_status_entries({}) == ()


@pytest.mark.parametrize("index", ["5", 5], ids=["W3C string", "UNTP integer"])
@pytest.mark.parametrize("array", [False, True])
def test_both_forms_of_index_and_member(index: object, array: bool) -> None:
    value = {**ENTRY, "statusListIndex": index}
    (found,) = parse_status_entries({"credentialStatus": [value] if array else value})
    assert (found.index, found.purpose, found.size) == (5, "revocation", 1)
    assert found.list_url == "https://cab.example/status/1"
    assert found.path == ("/credentialStatus/0" if array else "/credentialStatus")
    assert found.affects
    assert found.refusal is None


def test_list_on_localhost_is_kept_as_it_is() -> None:
    """The UN test issuer's samples name http://localhost."""
    (found,) = parse_status_entries(
        {"credentialStatus": {**ENTRY, "statusListCredential": "http://localhost/1"}}
    )
    assert found.list_url == "http://localhost/1"


MALFORMED: dict[str, tuple[dict[str, Any], str]] = {
    "index with sign": ({"statusListIndex": "+5"}, "/statusListIndex"),
    "index negative": ({"statusListIndex": -1}, "/statusListIndex"),
    "index with leading zero": ({"statusListIndex": "05"}, "/statusListIndex"),
    "index with blank": ({"statusListIndex": " 5"}, "/statusListIndex"),
    "index in other digits": ({"statusListIndex": "\u0665"}, "/statusListIndex"),
    "index float": ({"statusListIndex": 5.0}, "/statusListIndex"),
    "index true": ({"statusListIndex": True}, "/statusListIndex"),
    "index empty": ({"statusListIndex": ""}, "/statusListIndex"),
    "purpose list": ({"statusPurpose": ["revocation"]}, "/statusPurpose"),
    "purpose empty": ({"statusPurpose": ""}, "/statusPurpose"),
    "list object": ({"statusListCredential": {"id": "https://cab.example"}}, "/statusListCredential"),
    "list relative": ({"statusListCredential": "status/1"}, "/statusListCredential"),
    "list with blank": ({"statusListCredential": "https://a.example/a b"}, "/statusListCredential"),
    "id is the list": ({"id": "https://cab.example/status/1"}, "/id"),
    "type number": ({"type": 5}, "/type"),
    "type empty": ({"type": []}, "/type"),
    "size zero": ({"statusSize": 0}, "/statusSize"),
    "size text": ({"statusSize": "1"}, "/statusSize"),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_malformed(name: str) -> None:
    changes, place = MALFORMED[name]
    with pytest.raises(MalformedError) as caught:
        parse_status_entries({"credentialStatus": {**ENTRY, **changes}})
    assert caught.value.code == "status_entry_malformed"
    assert caught.value.path == f"/credentialStatus{place}"


@pytest.mark.parametrize("member", ["type", "statusPurpose", "statusListIndex", "statusListCredential"])
def test_member_missing(member: str) -> None:
    less = {name: value for name, value in ENTRY.items() if name != member}
    with pytest.raises(MalformedError) as caught:
        parse_status_entries({"credentialStatus": less})
    assert caught.value.path == f"/credentialStatus/{member}"


@pytest.mark.parametrize("value", [None, [], "https://cab.example/status/1", [None], 5])
def test_not_entries(value: object) -> None:
    with pytest.raises(MalformedError):
        parse_status_entries({"credentialStatus": value})


@pytest.mark.parametrize("index", [2**53, "9" * 17, "9" * 10_000])
def test_index_beyond_every_list(index: object) -> None:
    with pytest.raises(InvalidError) as caught:
        parse_status_entries({"credentialStatus": {**ENTRY, "statusListIndex": index}})
    assert caught.value.code == "status_index_out_of_range"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"type": "TokenStatusList"}, "status_type_unknown"),
        ({"statusSize": 9}, "status_size_unsupported"),
        ({"statusPurpose": "Revocation"}, "status_purpose_unknown"),
    ],
)
def test_unknown_is_refused_and_hides_nothing(changes: dict[str, Any], code: str) -> None:
    """A credential with one unknown entry may still be withdrawn by the other."""
    unknown, known = parse_status_entries({"credentialStatus": [{**ENTRY, **changes}, ENTRY]})
    assert isinstance(unknown.refusal, UnsupportedError)
    assert unknown.refusal.code == code
    assert unknown.affects
    assert known.refusal is None


@pytest.mark.parametrize("purpose", ["refresh", "message"])
def test_informing_purposes_affect_nothing(purpose: str) -> None:
    (found,) = parse_status_entries({"credentialStatus": {**ENTRY, "statusPurpose": purpose}})
    assert not found.affects


def test_errors_are_ours_for_any_member() -> None:
    for value in ({}, {"type": "BitstringStatusListEntry"}, {"type": [None]}):
        with pytest.raises(CertweaveError):
            parse_status_entries({"credentialStatus": value})
