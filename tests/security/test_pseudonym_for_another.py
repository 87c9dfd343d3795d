"""Attack: a pseudonym made for one verifier, or by one holder, is shown as that of another."""

from collections.abc import Callable
from typing import Any

import pytest
from tests.support.committing import FEATURES, OTHER, VERIFIER, present, show
from tests.support.disclosing import examine, proof_bytes, with_proof_bytes
from tests.support.world import outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.bbs_2023_values import Feature

named = pytest.mark.parametrize("feature", [one for one in FEATURES if one.pseudonyms])
DOMAIN, PSEUDONYM = 5, 6


def components(shown: JsonObject) -> list[Any]:
    found: Any = decode_cbor(proof_bytes(shown)[3:], limits=DEFAULT_LIMITS)
    return list(found)


def changed(shown: JsonObject, change: Callable[[list[Any]], None]) -> JsonObject:
    """Return what is shown, with the components of its proof changed."""
    found = components(shown)
    change(found)
    return with_proof_bytes(shown, proof_bytes(shown)[:3] + encode_cbor(found))


def put(place: int, value: Any) -> Callable[[list[Any]], None]:
    return lambda found: found.__setitem__(place, value)


def signature(shown: JsonObject, audience: str = VERIFIER) -> str:
    return outcome(present(shown, audience).credentials[0], "signature")


@named
def test_what_was_made_for_another_is_refused(feature: Feature) -> None:
    assert signature(show(feature, OTHER)) == "invalid:audience_wrong"


@named
def test_it_cannot_be_addressed_anew(feature: Feature) -> None:
    assert signature(changed(show(feature, OTHER), put(DOMAIN, VERIFIER))) == "invalid:signature_mismatch"


@named
def test_the_pseudonym_of_another_holder_cannot_be_put_in(feature: Feature) -> None:
    stolen = components(show(Feature.PSEUDONYM if feature is not Feature.PSEUDONYM else FEATURES[2]))
    shown = show(feature)
    assert components(shown)[PSEUDONYM] != stolen[PSEUDONYM]
    assert signature(changed(shown, put(PSEUDONYM, stolen[PSEUDONYM]))) == "invalid:signature_mismatch"


@named
def test_nor_that_for_another_verifier(feature: Feature) -> None:
    elsewhere = components(show(feature, OTHER))[PSEUDONYM]
    assert signature(changed(show(feature), put(PSEUDONYM, elsewhere))) == "invalid:signature_mismatch"


POINTS = {
    "the identity": b"\xc0" + bytes(47),
    "the identity with a tail": b"\xc0" + bytes(46) + b"\x01",
    "no point": b"\x80" + bytes(46) + b"\x01",
    "a point of another group": b"\x80" + bytes(46) + b"\x04",
}


@named
@pytest.mark.parametrize("case", POINTS)
def test_a_pseudonym_is_a_point_of_the_group(feature: Feature, case: str) -> None:
    assert signature(changed(show(feature), put(PSEUDONYM, POINTS[case]))) == "invalid:signature_form"


@named
def test_nobody_who_asks_leaves_it_open_and_never_valid(feature: Feature) -> None:
    report = examine(show(feature))
    assert (report.verdict, outcome(report, "signature")) == ("undecided", "undecided:withheld")
    broken = changed(show(feature, OTHER), put(DOMAIN, VERIFIER))
    assert outcome(examine(broken), "signature") == "invalid:signature_mismatch"


def test_the_older_form_holds_for_who_asks_and_for_nobody_else() -> None:
    """As the W3C's vectors have it: the proof does not name whom it is for."""
    for feature in (Feature.PSEUDONYM, Feature.HOLDER_BINDING_PSEUDONYM):
        shown = show(feature)
        found = components(shown)
        del found[DOMAIN]
        older = with_proof_bytes(shown, b"\xd9\x5d\x09" + encode_cbor(found))
        assert signature(older) == "valid:signature_holds"
        assert signature(older, OTHER) == "invalid:signature_mismatch"
        assert outcome(examine(older), "signature") == "undecided:withheld"
        forged = with_proof_bytes(shown, b"\xd9\x5d\x07" + encode_cbor(found))
        assert outcome(present(forged).credentials[0], "proof") == "invalid:sd_value"
