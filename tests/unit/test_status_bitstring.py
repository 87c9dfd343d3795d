"""Status lists: the right bit of the right list, for the right moment."""

from datetime import timedelta
from typing import Any

import pytest
from tests.support.status import DAY, HOUR, LIST_URL, NOW, entry, read, status_list, with_subject

from certweave.encoding.multibase import base64url_decode
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    MalformedError,
    UndecidedError,
    UnsupportedError,
)
from certweave.limits import DEFAULT_LIMITS
from certweave.status.bitstring import (
    MINIMUM_ENTRIES,
    decode_list,
    encode_list,
    get_bit,
    make_bits,
    make_status_list,
    set_bit,
    timestamped_url,
    without_timestamp,
)

EXAMPLE = "uH4sIAAAAAAAAA-3BMQEAAADCoPVPbQwfoAAAAAAAAAAAAAAAAAAAAIC3AYbSVKsAQAAA"
"""encodedList of the example in Bitstring Status List 1.0 §2.2: 131,072 bits, all clear."""


def test_example_of_the_specification() -> None:
    assert decode_list(EXAMPLE, limits=DEFAULT_LIMITS) == bytes(16 * 1024)


def test_first_index_is_the_leftmost_bit() -> None:
    bits = make_bits()
    set_bit(bits, 0, True)
    set_bit(bits, MINIMUM_ENTRIES - 1, True)
    assert (bits[0], bits[-1]) == (0x80, 0x01)
    set_bit(bits, 0, False)
    assert not get_bit(bits, 0)


def test_set_and_clear_bits() -> None:
    assert read(status_list(5))
    assert not read(status_list(4, 6))


def test_written_list_is_deterministic_and_small() -> None:
    text = encode_list(make_bits())
    assert text == encode_list(make_bits())
    # RFC 1952 §2.3: bytes 4 to 7 are the time, which would tell apart lists that are equal.
    assert base64url_decode(text[1:])[:8] == b"\x1f\x8b\x08\x00\x00\x00\x00\x00"


def test_made_list_has_the_shape_of_the_specification() -> None:
    made = make_status_list(
        LIST_URL,
        issuer="did:web:cab.example",
        purpose=("revocation", "suspension"),
        bits=make_bits(),
        valid_from=NOW,
        valid_until=NOW + DAY,
        ttl=HOUR,
    )
    subject = made.pop("credentialSubject")
    assert made == {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "id": LIST_URL,
        "type": ["VerifiableCredential", "BitstringStatusListCredential"],
        "issuer": "did:web:cab.example",
        "validFrom": "2026-06-01T12:00:00Z",
        "validUntil": "2026-06-02T12:00:00Z",
    }
    assert subject["type"] == "BitstringStatusList"
    assert subject["statusPurpose"] == ["revocation", "suspension"]
    assert subject["ttl"] == 3_600_000


def test_too_short_lists_are_not_made() -> None:
    with pytest.raises(InvalidError):
        make_bits(MINIMUM_ENTRIES - 1)
    with pytest.raises(InvalidError) as caught:
        make_status_list(
            LIST_URL,
            issuer="did:web:a",
            purpose="revocation",
            bits=b"\0",
            valid_from=NOW,
            valid_until=NOW + DAY,
        )
    assert caught.value.code == "status_list_too_short"
    with pytest.raises(InvalidError):
        make_status_list(
            LIST_URL,
            issuer="did:web:a",
            purpose="revocation",
            bits=make_bits(),
            valid_from=NOW,
            valid_until=NOW,
        )


WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "id of another list": ({"id": "https://cab.example/status/2"}, {}, "status_list_wrong_id"),
    "id is no text": ({"id": 7}, {}, "status_list_wrong_id"),
    "type of the credential": ({"type": ["VerifiableCredential"]}, {}, "status_list_wrong_type"),
    "type of the subject": ({}, {"type": "StatusList2021"}, "status_list_wrong_type"),
    "purpose": ({}, {"statusPurpose": "suspension"}, "status_purpose_mismatch"),
    "purpose among others": ({}, {"statusPurpose": ["suspension", "message"]}, "status_purpose_mismatch"),
    "too short": ({}, {"encodedList": encode_list(bytes(16 * 1024 - 1))}, "status_list_too_short"),
}


@pytest.mark.parametrize("name", WRONG)
def test_wrong_list_is_invalid(name: str) -> None:
    document, subject, code = WRONG[name]
    with pytest.raises(InvalidError) as caught:
        read(with_subject(status_list(**document), **subject))
    assert caught.value.code == code
    assert (caught.value.path or "").startswith("/credentialStatus/")


@pytest.mark.parametrize("purpose", [None, [], 5, {}, [5, "revocation"], ["revocation", None]])
def test_the_purposes_of_a_list_are_texts(purpose: object) -> None:
    with pytest.raises(MalformedError) as caught:
        read(with_subject(status_list(), statusPurpose=purpose))
    assert (caught.value.code, caught.value.path) == (
        "status_list_purpose",
        "/credentialStatus/statusListCredential",
    )


def test_accepted_variants() -> None:
    assert read(status_list(5, id=None))
    assert read(status_list(5, id=f"{LIST_URL}?timestamp=2026-06-01T12%3A00%3A00Z"))
    assert read(with_subject(status_list(5), statusPurpose=["suspension", "revocation"]))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "u",
        EXAMPLE[1:],
        "z" + EXAMPLE[1:],
        "uAAAA",
        EXAMPLE[:-8],
        EXAMPLE + "=",
        "u" + EXAMPLE[1:].replace("-", "+"),
    ],
    ids=["missing", "empty", "nothing", "no prefix", "base58", "no gzip", "cut", "padded", "base64"],
)
def test_unreadable_lists(text: object) -> None:
    with pytest.raises(MalformedError):
        read(with_subject(status_list(), encodedList=text))


def test_a_list_handed_in_says_which_one_it_is() -> None:
    assert read(status_list(5), own_fetch=False)
    with pytest.raises(UndecidedError) as caught:
        read(status_list(5, id=None), own_fetch=False)
    assert (caught.value.code, caught.value.cause) == ("status_list_unnamed", Cause.STALE)


def test_refused_entry_is_never_read() -> None:
    with pytest.raises(UnsupportedError):
        read(status_list(), entry(refusal=UnsupportedError("no", code="status_type_unknown")))


TIME_WRONG: dict[str, tuple[dict[str, Any], dict[str, Any], str]] = {
    "expired": ({"validUntil": "2026-06-01T11:59:59Z"}, {}, "status_list_expired"),
    "younger than the question": ({"validFrom": "2026-06-01T12:00:01Z"}, {}, "status_not_known_then"),
    "fetched two days ago": ({}, {"fetched_at": NOW - 2 * DAY}, "status_stale"),
    "past asked, list younger": ({}, {"now": NOW - 2 * HOUR}, "status_not_known_then"),
    "past asked, no start": ({"validFrom": None}, {"now": NOW - 2 * HOUR}, "status_not_known_then"),
    "supplied without end": ({"validUntil": None}, {"own_fetch": False}, "status_stale"),
    "supplied without start": ({"validFrom": None}, {"own_fetch": False}, "status_not_known_then"),
    "supplied, signed long ago": (
        {"validFrom": "2026-05-20T00:00:00Z"},
        {"own_fetch": False},
        "status_stale",
    ),
    "supplied, expired": (
        {"validUntil": "2026-06-01T11:00:00Z"},
        {"own_fetch": False},
        "status_list_expired",
    ),
}


@pytest.mark.parametrize("name", TIME_WRONG)
def test_list_that_does_not_speak_for_now_is_stale(name: str) -> None:
    document, arguments, code = TIME_WRONG[name]
    with pytest.raises(UndecidedError) as caught:
        read(status_list(**document), **arguments)
    assert caught.value.cause is Cause.STALE
    assert caught.value.code == code


TIME_RIGHT: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "no period at all": ({"validFrom": None, "validUntil": None}, {}),
    "signed long ago, fetched now": ({"validFrom": "2020-01-01T00:00:00Z"}, {}),
    "signed between our now and the fetch's end": (
        {"validFrom": "2026-06-01T12:00:02Z"},
        {"fetched_at": NOW + timedelta(seconds=3)},
    ),
    "past asked, list older": ({}, {"fetched_at": NOW + 30 * DAY}),
    "supplied and fresh": ({}, {"own_fetch": False, "fetched_at": NOW - 400 * DAY}),
}


@pytest.mark.parametrize("name", TIME_RIGHT)
def test_list_that_speaks_for_now(name: str) -> None:
    document, arguments = TIME_RIGHT[name]
    assert read(status_list(5, **document), **arguments)


def test_ttl_shortens_the_age_and_never_lengthens_it() -> None:
    short = with_subject(status_list(5), ttl=30_000)
    with pytest.raises(UndecidedError) as caught:
        read(short)
    assert caught.value.code == "status_stale"
    long = with_subject(status_list(5), ttl=10**12)
    assert read(long)
    with pytest.raises(UndecidedError):
        read(long, fetched_at=NOW - 2 * DAY)


@pytest.mark.parametrize("ttl", ["30", True, -1, 2**60, float("nan")])
def test_ttl_malformed(ttl: object) -> None:
    with pytest.raises(MalformedError):
        read(with_subject(status_list(5), ttl=ttl))


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://a.example/1", "https://a.example/1?timestamp=2026-06-01T12%3A00%3A00Z"),
        ("https://a.example/1?x=2", "https://a.example/1?x=2&timestamp=2026-06-01T12%3A00%3A00Z"),
        ("https://a.example/1?timestamp=z&x=2", "https://a.example/1?x=2&timestamp=2026-06-01T12%3A00%3A00Z"),
        ("https://a.example/1#f", "https://a.example/1?timestamp=2026-06-01T12%3A00%3A00Z#f"),
    ],
)
def test_timestamped_url(url: str, expected: str) -> None:
    assert timestamped_url(url, NOW) == expected
    assert timestamped_url(expected, NOW) == expected


def test_only_the_timestamp_is_set_aside_when_addresses_are_compared() -> None:
    assert without_timestamp("https://a.example/1?timestamp=x&list=2") == "https://a.example/1?list=2"
    assert without_timestamp("https://a.example/1?mytimestamp=x") == "https://a.example/1?mytimestamp=x"
    with pytest.raises(CertweaveError):
        read(status_list(5, id=f"{LIST_URL}?list=2"))
