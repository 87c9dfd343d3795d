"""Token status lists against those published in the IETF draft; facts and source in ietf/status_list.json."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from certweave.encoding.cbor import decode_cbor
from certweave.encoding.multibase import base64url_decode
from certweave.keys.jwk import parse_public_jwk
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.cose import check_cose_header, parse_sign1, verify_sign1
from certweave.proof.vc_jwt import claims
from certweave.status.token_list import (
    TokenEntry,
    decode_token_list,
    get_status,
    make_statuses,
    parse_status_claim,
    read_token_status,
    set_status,
)
from certweave.status.token_list_cwt import TYP, parse_token_list_cwt

FACTS: Any = json.loads((Path(__file__).parent / "ietf" / "status_list.json").read_text("utf-8"))
TOKENS: Any = FACTS["tokens"]
LISTS = pytest.mark.parametrize("case", FACTS["lists"], ids=lambda case: f"{case['bits']} bits")


@LISTS
def test_a_published_list_is_read_and_made(case: Any) -> None:
    data = decode_token_list(case["lst"], limits=DEFAULT_LIMITS)
    statuses = {int(index): value for index, value in case["statuses"].items()}
    assert {index: get_status(data, index, case["bits"]) for index in statuses} == statuses
    mine = make_statuses(FACTS["entries"], case["bits"])
    for index, value in statuses.items():
        set_status(mine, index, value, case["bits"])
    assert mine == data


@LISTS
def test_a_published_list_in_cbor_is_read(case: Any) -> None:
    """§4.3: the same lists, whose ``lst`` are the bytes that the text in JSON stands for."""
    packed = base64url_decode(case["lst"])
    found = decode_cbor(bytes.fromhex(case["cbor_head"]) + packed, limits=DEFAULT_LIMITS)
    assert found == {"bits": case["bits"], "lst": packed}
    whole = decode_token_list(packed, limits=DEFAULT_LIMITS)
    assert whole == decode_token_list(case["lst"], limits=DEFAULT_LIMITS)


def test_the_published_status_list_cwt_verifies_and_is_read() -> None:
    message, said = parse_token_list_cwt(bytes.fromhex(TOKENS["list"]), limits=DEFAULT_LIMITS)
    header = check_cose_header(message.header, typ=TYP)
    assert (header.typed, header.kid) == (True, None)  # its kid stands where nobody signed for it
    verify_sign1(message, parse_public_jwk(TOKENS["key"]))
    issued = datetime.fromtimestamp(TOKENS["issued"], UTC)
    assert (claims(said).iat, said["exp"], said["ttl"]) == (issued, TOKENS["expires"], TOKENS["ttl"])
    statuses = [
        read_token_status(
            said,
            TokenEntry(index, TOKENS["url"]),
            now=issued,
            fetched_at=issued,
            own_fetch=True,
            max_age=timedelta(days=1),
            limits=DEFAULT_LIMITS,
        )
        for index in range(len(TOKENS["statuses"]))
    ]
    assert statuses == TOKENS["statuses"]


def test_the_published_referenced_token_names_its_place() -> None:
    message = parse_sign1(bytes.fromhex(TOKENS["referenced"]), limits=DEFAULT_LIMITS)
    verify_sign1(message, parse_public_jwk(TOKENS["key"]))
    said: Any = decode_cbor(message.payload, limits=DEFAULT_LIMITS)
    assert parse_status_claim({"status": said[65535]}) == TokenEntry(TOKENS["index"], TOKENS["url"])
