"""Leaving out what the issuer made mandatory: the end of a credential, its status, a limitation."""

import copy
from typing import Any

import pytest
from tests.support.disclosing import SUITES, crew, derive, examine, proof_bytes, secure, with_proof_bytes

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.limits import DEFAULT_LIMITS

INDEXES = {"ecdsa-sd-2023": 4, "bbs-2023": 2}
MANDATORY = ("/issuer", "/validFrom", "/validUntil")


def shown(suite: str) -> JsonObject:
    secured = secure(suite, crew(suite, validUntil="2027-01-01T00:00:00Z"), MANDATORY)
    return copy.deepcopy(derive(suite, "/credentialSubject/name", secured=secured))


def with_indexes(suite: str, document: JsonObject, indexes: list[int]) -> JsonObject:
    value = proof_bytes(document)
    components: Any = decode_cbor(value[3:], limits=DEFAULT_LIMITS)
    components[INDEXES[suite]] = indexes
    return with_proof_bytes(document, value[:3] + encode_cbor(components))


def indexes_of(suite: str, document: JsonObject) -> list[int]:
    components: Any = decode_cbor(proof_bytes(document)[3:], limits=DEFAULT_LIMITS)
    found: list[int] = components[INDEXES[suite]]
    return found


@pytest.mark.parametrize("suite", SUITES)
def test_it_is_shown_although_nobody_chose_it(suite: str) -> None:
    assert shown(suite)["validUntil"] == "2027-01-01T00:00:00Z"
    assert examine(shown(suite)).verdict is Verdict.VALID


@pytest.mark.parametrize("suite", SUITES)
def test_without_it_nothing_holds(suite: str) -> None:
    document = shown(suite)
    del document["validUntil"]
    assert examine(document).verdict is Verdict.INVALID
    # With every set of indexes that would close the gap.
    found = indexes_of(suite, document)
    for left_out in range(len(found)):
        closed = [place - (1 if number > left_out else 0) for number, place in enumerate(found)]
        del closed[left_out]
        assert examine(with_indexes(suite, document, closed)).verdict is Verdict.INVALID


@pytest.mark.parametrize("suite", SUITES)
def test_it_cannot_be_called_one_of_the_others(suite: str) -> None:
    document = shown(suite)
    found = indexes_of(suite, document)
    for left_out in range(len(found)):
        fewer = found[:left_out] + found[left_out + 1 :]
        assert examine(with_indexes(suite, document, fewer)).verdict is Verdict.INVALID


@pytest.mark.parametrize("suite", SUITES)
def test_a_later_end_is_no_end_that_was_signed(suite: str) -> None:
    document = {**shown(suite), "validUntil": "2099-01-01T00:00:00Z"}
    assert examine(document).verdict is Verdict.INVALID
