"""Whatever is chosen from whatever document, what is derived holds; whatever is changed does not."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st
from tests.support.committing import FEATURES, committed
from tests.support.disclosing import SUITES, around, crew, derive, entropy, proof_bytes, secure, signer

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_credential
from certweave.proof.suites import bbs_2023, bbs_2023_values, ecdsa_sd_2023, ecdsa_sd_2023_values
from certweave.proof.suites.bbs_2023_features import sign
from certweave.proof.suites.sd.selection import select_json_ld
from certweave.proof.suites.suite import Commitment, Hiding

each = pytest.mark.parametrize("suite", SUITES)
MODULES: dict[str, Any] = {"ecdsa-sd-2023": ecdsa_sd_2023, "bbs-2023": bbs_2023}
VALUES: dict[str, Any] = {"ecdsa-sd-2023": ecdsa_sd_2023_values, "bbs-2023": bbs_2023_values}

WORDS = st.sampled_from(
    ["red", "blue", "_:c14n0", '"', "\\", "line\nline", "é", "\U0001f6a2", "\uff5e", "u", "b0"]
)
BOATS: st.SearchStrategy[Any] = st.deferred(
    lambda: st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from(["https://boat.example/1", "https://boat.example/2"]),
            "type": st.sampled_from(["Boat", ["Crew", "Boat"]]),
            "sail": WORDS | st.lists(WORDS, max_size=3) | st.integers(-9, 9) | st.booleans(),
            "colour": WORDS | st.floats(-9, 9),
            "ports": st.lists(WORDS, max_size=3),
            "legs": st.lists(BOATS, max_size=2),
            "names": st.dictionaries(st.sampled_from(["en", "de", "id"]), WORDS, max_size=3),
            "raw": st.dictionaries(WORDS, st.integers(0, 9), max_size=2),
            "boats": st.lists(BOATS, max_size=3) | BOATS,
        },
    )
)
SUBJECTS = st.builds(lambda boat, name: {**boat, "name": name}, BOATS, WORDS)


def places(value: Any, path: str = "") -> list[str]:
    """Return the pointer to every place below ``value``."""
    items: list[tuple[str | int, Any]] = []
    if isinstance(value, dict):
        items = [(name, item) for name, item in value.items() if name != "@context"]
    elif isinstance(value, list):
        items = list(enumerate(value))
    found = [join(path, key) for key, _ in items]
    return found + [inner for key, item in items for inner in places(item, join(path, key))]


def split(secured: JsonObject) -> tuple[JsonObject, JsonObject]:
    unsecured = {name: value for name, value in secured.items() if name != "proof"}
    return unsecured, {name: value for name, value in secured["proof"].items() if name != "proofValue"}


def verify(suite: str, shown: JsonObject) -> None:
    unsecured, options = split(shown)
    MODULES[suite].verify_derived_proof(
        unsecured, options, proof_bytes(shown), signer(suite).public, around()
    )


@each
@given(subject=SUBJECTS, data=st.data())
def test_whatever_is_chosen_holds(suite: str, subject: JsonObject, data: st.DataObject) -> None:
    document = crew(suite, credentialSubject=subject)
    inside = places(subject, "/credentialSubject")
    mandatory = ["/issuer", *data.draw(st.lists(st.sampled_from(places(document)), max_size=2), "mandatory")]
    chosen = data.draw(st.lists(st.sampled_from(inside), min_size=1, max_size=4), "chosen")
    shown = None
    code = "none"
    try:
        secured = secure(suite, document, mandatory)
        shown = derive_credential(secured, chosen, around=around(), entropy=entropy())
    except CertweaveError as error:
        code = error.code
    event(code)
    if shown is None:
        # A part of a list or of a literal; too little for a credential. Nothing else may go wrong.
        assert code in {"sd_pointer_partial", "sd_too_little"}
        return
    verify(suite, shown)
    assert split(shown)[0] == select_json_ld([*mandatory, *chosen], document)


@each
@given(data=st.data())
def test_a_changed_proof_value_never_holds(suite: str, data: st.DataObject) -> None:
    shown = derive(suite, "/credentialSubject/boats", "/credentialSubject/ports")
    value = bytearray(proof_bytes(shown))
    place = data.draw(st.integers(0, len(value) - 1))
    kind = data.draw(st.sampled_from(["flip", "cut", "add", "repeat"]))
    if kind == "flip":
        value[place] ^= data.draw(st.integers(1, 255))
    elif kind == "cut":
        del value[place : place + data.draw(st.integers(1, 40))]
    elif kind == "add":
        value[place:place] = data.draw(st.binary(min_size=1, max_size=40))
    else:
        value[place:place] = value[place : place + 33]
    unsecured, options = split(shown)
    assume(bytes(value) != proof_bytes(shown))
    with pytest.raises(CertweaveError) as caught:
        MODULES[suite].verify_derived_proof(unsecured, options, bytes(value), signer(suite).public, around())
    assert caught.value.code.isidentifier()


@each
@given(value=st.binary(max_size=200), header=st.integers(0, 10) | st.none())
def test_only_our_errors_leave_the_readers(suite: str, value: bytes, header: int | None) -> None:
    data = value if header is None else b"\xd9\x5d" + bytes([header]) + value
    for parse in (VALUES[suite].parse_base_proof_value, VALUES[suite].parse_derived_proof_value):
        with pytest.raises(CertweaveError):
            parse(data, limits=DEFAULT_LIMITS)


@given(data=st.data(), sent=st.sampled_from([committed(feature)[0] for feature in FEATURES]))
def test_an_issuer_signs_no_other_commitment(data: st.DataObject, sent: Commitment) -> None:
    value = bytearray(sent.with_proof)
    for _ in range(data.draw(st.integers(1, 3))):
        value[data.draw(st.integers(0, len(value) - 1))] ^= data.draw(st.integers(1, 255))
    assume(bytes(value) != sent.with_proof)
    hiding = Hiding(entropy(), (), replace(sent, with_proof=bytes(value)))
    with pytest.raises(CertweaveError) as caught:
        sign(b"", [b"one"], signer("bbs-2023"), hiding)
    assert caught.value.code == "commitment_wrong"


@given(st.lists(st.text("/~01ab", max_size=8), max_size=4))
def test_only_our_errors_leave_the_pointers(pointers: list[str]) -> None:
    code = "sd_pointer"
    try:
        select_json_ld(pointers, {"a": [{"b": 1}, 2], "0": {"": None}})
    except CertweaveError as error:
        code = error.code
    assert code in {"sd_pointer", "sd_pointer_unmatched"}
