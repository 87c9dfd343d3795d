"""Attack: a proof of one feature of bbs-2023 is made to look like one of another, or its numbers lie."""

from typing import Any

import pytest
from tests.support.committing import FEATURES, VERIFIER, present, show
from tests.support.disclosing import derive, proof_bytes, with_proof_bytes
from tests.support.world import outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.bbs_2023_values import DERIVED_HEADERS, Feature

each = pytest.mark.parametrize("feature", FEATURES)


def shown_with(feature: Feature) -> JsonObject:
    return derive("bbs-2023", "/credentialSubject/name") if feature is Feature.BASELINE else show(feature)


def components(shown: JsonObject) -> list[Any]:
    found: Any = decode_cbor(proof_bytes(shown)[3:], limits=DEFAULT_LIMITS)
    return list(found)


def judge(shown: JsonObject, header: bytes, found: list[Any]) -> tuple[str, str]:
    report = present(with_proof_bytes(shown, header + encode_cbor(found))).credentials[0]
    return outcome(report, "proof"), outcome(report, "signature")


@pytest.mark.parametrize("claimed", Feature)
@pytest.mark.parametrize("feature", Feature)
def test_no_feature_passes_for_another(feature: Feature, claimed: Feature) -> None:
    """With the components that the other one has, taken from where they are or made up, and every length."""
    if feature is claimed:
        return
    shown, header = shown_with(feature), DERIVED_HEADERS[claimed]
    found = components(shown)
    length = found[-1] if len(found) > 5 else len(found[3]) + (len(found[0]) - 272) // 32
    pseudonym = found[6] if feature.pseudonyms else found[0][:48]
    for lie in range(length - 3, length + 4):
        more: list[Any] = [] if claimed is Feature.BASELINE else [lie]
        if claimed.pseudonyms:
            more = [VERIFIER, pseudonym, lie]
        proof, signature = judge(shown, header, [*found[:5], *more])
        assert proof == "valid:proof_holds"
        assert signature in {
            "invalid:bbs_length",
            "invalid:signature_mismatch",
            "invalid:signature_form",
            "invalid:sd_indexes",
        }


@each
@pytest.mark.parametrize("lie", [-1, 1, 2, -2, 1000])
def test_the_number_of_statements_cannot_lie(feature: Feature, lie: int) -> None:
    shown = show(feature)
    found = components(shown)
    found[-1] += lie
    assert judge(shown, DERIVED_HEADERS[feature], found)[1] == "invalid:bbs_length"


@each
@pytest.mark.parametrize(
    ("length", "expected"),
    [
        *((length, "invalid:sd_value") for length in (-1, True, None, "17", 17.0)),
        *((length, "undecided:limit") for length in (DEFAULT_LIMITS.statements + 1, 1 << 63)),
    ],
)
def test_it_is_a_number_within_the_limits(feature: Feature, length: Any, expected: str) -> None:
    shown = show(feature)
    found = [*components(shown)[:-1], length]
    assert judge(shown, DERIVED_HEADERS[feature], found)[0] == expected


@each
def test_a_secret_cannot_be_shown_in_a_statements_place(feature: Feature) -> None:
    """An index beyond the statements would be one of the secrets: the blind, the holder's, the nym."""
    shown = show(feature)
    found = components(shown)
    found[3] = [*found[3][:-1], found[-1]]
    assert judge(shown, DERIVED_HEADERS[feature], found)[1] == "invalid:sd_indexes"


PARTS: dict[str, tuple[int, Any]] = {
    "a short pseudonym": (6, bytes(47)),
    "a long one": (6, bytes(49)),
    "a pseudonym as a text": (6, "x" * 48),
    "no domain": (5, None),
    "a domain in bytes": (5, VERIFIER.encode()),
    "a list of domains": (5, [VERIFIER]),
}


@pytest.mark.parametrize("case", PARTS)
def test_what_belongs_to_a_pseudonym_has_its_form(case: str) -> None:
    place, value = PARTS[case]
    shown = show(Feature.PSEUDONYM)
    found = components(shown)
    found[place] = value
    assert judge(shown, DERIVED_HEADERS[Feature.PSEUDONYM], found)[0] == "invalid:sd_value"
