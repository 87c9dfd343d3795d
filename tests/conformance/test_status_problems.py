"""Bitstring Status List 1.0 §3.5: what goes wrong has the problem type that the text names for it."""

import json
from datetime import timedelta
from typing import Any

import pytest
from tests.support.world import Party, World, plain_credential

from certweave.encoding.strict_json import JsonObject
from certweave.examine.problems import problem_type
from certweave.status.bitstring import encode_list, make_bits, make_status_list

URL = "https://lists.example/1"
LIST = "https://www.w3.org/ns/credentials/status-list#"
MODEL = "https://www.w3.org/TR/vc-data-model#"
VALUE = f"{MODEL}MALFORMED_VALUE_ERROR"
STATUS = f"{LIST}STATUS_VERIFICATION_ERROR"
OURS = "https://certweave.example/problems/"
MESSAGES = [{"status": hex(value), "message": "m"} for value in range(4)]


def listed(fa: Party, *, bits: bytes = bytes(make_bits()), **subject: Any) -> JsonObject:
    now = fa.world.clock
    made = make_status_list(
        URL,
        issuer=fa.did,
        purpose=fa.purpose,
        bits=make_bits(),
        valid_from=now - timedelta(hours=1),
        valid_until=now + timedelta(days=1),
    )
    made["credentialSubject"] |= {"encodedList": encode_list(bits), **subject}
    return made


def decisive(content: bytes | None, fa: Party, **entry: Any) -> list[str]:
    """Return the problem types that a credential with such a list and entry ends with."""
    if content is not None:
        fa.world.documents[URL] = content
    status = {**fa.entry(3), "statusListCredential": URL, **entry}
    report = fa.world.examine(fa.issue(plain_credential(fa, credentialStatus=status)))
    return [problem_type(check).uri for check in report.decisive()]


@pytest.mark.parametrize(
    ("subject", "kind"),
    [
        ({}, None),
        ({"statusPurpose": ["revocation", "suspension"]}, None),
        ({"statusPurpose": "revocation"}, STATUS),
        ({"statusPurpose": [5]}, VALUE),
        ({"type": "List"}, VALUE),
        ({"ttl": -1}, VALUE),
        ({"encodedList": "H4sIAAAA"}, VALUE),
        ({"encodedList": "uH4sIAAAA="}, VALUE),
        ({"encodedList": None}, VALUE),
        ({"bits": bytes(100)}, f"{LIST}STATUS_LIST_LENGTH_ERROR"),
        ({"bits": b"\xff" * 16384}, f"{OURS}suspended"),
    ],
)
def test_of_a_list(subject: dict[str, Any], kind: str | None) -> None:
    fa = World().party("fa")
    assert decisive(fa.embed(listed(fa, **subject)), fa) == ([] if kind is None else [kind])


@pytest.mark.parametrize(
    ("entry", "kind"),
    [
        ({"statusListIndex": "131072"}, f"{MODEL}RANGE_ERROR"),
        ({"statusListIndex": "9" * 400}, f"{MODEL}RANGE_ERROR"),
        ({"statusListIndex": "-1"}, VALUE),
        ({"statusListIndex": "0x3"}, VALUE),
        ({"statusPurpose": 5}, VALUE),
        ({"statusPurpose": "revocation"}, STATUS),
        ({"statusPurpose": "luck"}, STATUS),
        ({"statusListCredential": "no address"}, VALUE),
        ({"id": URL}, VALUE),
        ({"id": "no address"}, VALUE),
        ({"statusSize": 0}, VALUE),
        ({"statusSize": 2}, VALUE),
        ({"statusMessage": MESSAGES}, VALUE),
        ({"statusSize": 2, "statusMessage": MESSAGES}, f"{LIST}STATUS_LIST_LENGTH_ERROR"),
        ({"statusReference": ["no address"]}, VALUE),
    ],
)
def test_of_an_entry(entry: dict[str, Any], kind: str) -> None:
    fa = World().party("fa")
    assert decisive(fa.embed(listed(fa)), fa, **entry) == [kind]


def test_of_what_cannot_be_had_or_does_not_verify() -> None:
    fa = World().party("fa")
    assert decisive(None, fa) == [f"{LIST}STATUS_RETRIEVAL_ERROR"]
    assert decisive(json.dumps(listed(fa)).encode(), fa) == [STATUS]
    assert decisive(fa.embed(listed(fa)).replace(b"eddsa-jcs-2022", b"eddsa-jcs-2023"), fa) == [STATUS]
    other = fa.world.party("other")
    assert decisive(other.embed(listed(other)), fa) == [STATUS]
