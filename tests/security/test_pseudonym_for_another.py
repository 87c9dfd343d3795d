"""Attack: a pseudonym made for one verifier, or by one holder, is shown as that of another."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.committing import FEATURES, OTHER, VERIFIER, bound, committed, present, show
from tests.support.disclosing import around, derive, entropy, examine, proof_bytes, with_proof_bytes
from tests.support.world import World, code_of, outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.examine.report import Report
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_credential
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
    assert code_of(report, "signature") == "pseudonym_audience"
    broken = changed(show(feature, OTHER), put(DOMAIN, VERIFIER))
    assert outcome(examine(broken), "signature") == "invalid:signature_mismatch"


def shown_to(asked: Expectation, header: bytes = b"n-1", audience: str = VERIFIER) -> Report:
    """Judge what a holder of a pseudonym shows by itself, without a presentation around."""
    shown = derive_credential(
        bound(Feature.PSEUDONYM),
        ("/credentialSubject/name",),
        around=around(),
        entropy=entropy("bare"),
        presentation_header=header,
        holder=committed(Feature.PSEUDONYM)[1],
        nym_domain=audience,
    )
    return World().examine(json.dumps(shown).encode(), expect=asked)


ASKED = Expectation(VERIFIER, "n-1")


def test_shown_by_itself_it_answers_the_one_who_asked_and_that_question() -> None:
    report = shown_to(ASKED)
    assert report.verdict == "valid"
    assert {step: outcome(report, step) for step in ("holder", "audience", "nonce")} == {
        step: f"valid:{step}_holds" for step in ("holder", "audience", "nonce")
    }


ANSWERS = {
    "an old answer": (ASKED, b"n-0", "nonce", "invalid:nonce_wrong"),
    "no answer": (ASKED, b"", "nonce", "invalid:nonce_wrong"),
    "no text": (ASKED, b"\xff", "nonce", "invalid:nonce_wrong"),
    "for another": (Expectation(OTHER, "n-1"), b"n-1", "signature", "invalid:audience_wrong"),
    "for nobody": (Expectation(None, "n-1"), b"n-1", "read", "invalid:presentation_expected"),
}


@pytest.mark.parametrize("case", ANSWERS)
def test_shown_by_itself_it_answers_nothing_else(case: str) -> None:
    asked, header, step, expected = ANSWERS[case]
    report = shown_to(asked, header)
    assert (report.verdict, outcome(report, step)) == ("invalid", expected)


def test_without_a_nonce_a_note_says_that_it_may_be_old() -> None:
    report = shown_to(Expectation(VERIFIER, None))
    assert (report.verdict, "nonce_not_checked" in [note.code for note in report.notes]) == ("valid", True)


@pytest.mark.parametrize("feature", [Feature.BASELINE, Feature.HOLDER_BINDING])
def test_without_a_pseudonym_somebody_has_to_present_it(feature: Feature) -> None:
    shown = derive("bbs-2023", "/credentialSubject/name") if feature is Feature.BASELINE else show(feature)
    report = World().examine(json.dumps(shown).encode(), expect=ASKED)
    assert outcome(report, "read") == "invalid:presentation_expected"


def test_a_proof_that_somebody_put_beside_it_presents_nothing() -> None:
    shown = show(Feature.PSEUDONYM)
    both = {**shown, "proof": [shown["proof"], show(Feature.PSEUDONYM, seed="two")["proof"]]}
    report = World().examine(json.dumps(both).encode(), expect=Expectation(VERIFIER, None))
    assert outcome(report, "read") == "invalid:presentation_expected"
    broken = {**shown, "proof": {**shown["proof"], "proofValue": "u"}}
    report = World().examine(json.dumps(broken).encode(), expect=Expectation(VERIFIER, None))
    assert outcome(report, "read") == "invalid:presentation_expected"


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
