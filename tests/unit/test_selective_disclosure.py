"""The parts of selective disclosure that both suites share, and what their files refuse besides."""

from dataclasses import dataclass, replace
from typing import Any

import pytest
from tests.support.disclosing import (
    SUITES,
    around,
    crew,
    derive,
    entropy,
    examine,
    proof_bytes,
    secure,
    signer,
    with_proof_bytes,
)
from tests.support.keys import P256
from tests.support.world import outcome

from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidSignatureError, UnsupportedError
from certweave.keys.model import Algorithm, PublicKey
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.proof.derive import derive_credential
from certweave.proof.suites import bbs_2023, ecdsa_sd_2023
from certweave.proof.suites.bbs_2023_features import check_length
from certweave.proof.suites.bbs_2023_values import (
    parse_base_proof_value,
    parse_derived_proof_value,
    serialize_base_proof_value,
)
from certweave.proof.suites.sd.selection import json_pointer_to_paths, select_json_ld
from certweave.proof.suites.sd.value import label_number
from certweave.proof.suites.suite import Around, Hiding

each = pytest.mark.parametrize("suite", SUITES)
MODULES: dict[str, Any] = {"ecdsa-sd-2023": ecdsa_sd_2023, "bbs-2023": bbs_2023}
OPTIONS = {
    "type": "DataIntegrityProof",
    "verificationMethod": "did:example:a#b",
    "proofPurpose": "assertionMethod",
}


@pytest.mark.parametrize(
    ("pointer", "steps"),
    [("", ()), ("/", ("",)), ("/a/0", ("a", "0")), ("/a~1b/~0", ("a/b", "~")), ("/~01", ("~1",))],
)
def test_pointers_by_rfc_6901(pointer: str, steps: tuple[str, ...]) -> None:
    assert json_pointer_to_paths(pointer) == steps


DOCUMENT: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "id": "urn:uuid:1",
    "type": "A",
    "0": {"1": "number as a name", "type": ["B"], "id": "_:own"},
    "list": [{"id": "urn:uuid:2", "a": 1, "b": 2}, "text", [1, 2, 3]],
    "a/b": {"@context": {"x": "urn:x"}, "x": None, "y": 1},
}
ROOT = {name: DOCUMENT[name] for name in ("@context", "id", "type")}


@pytest.mark.parametrize(
    ("pointers", "expected"),
    [
        (("/0/1",), {**ROOT, "0": {"type": ["B"], "1": "number as a name"}}),
        (("/list/0/a",), {**ROOT, "list": [{"id": "urn:uuid:2", "a": 1}]}),
        (("/list/2/2", "/list/2/0"), {**ROOT, "list": [[1, 3]]}),
        (("/list/1", "/list"), {**ROOT, "list": DOCUMENT["list"]}),
        (("/list", "/list/1"), {**ROOT, "list": DOCUMENT["list"]}),
        (("/a~1b/x",), {**ROOT, "a/b": {"@context": {"x": "urn:x"}, "x": None}}),
        (("/type", "/id"), ROOT),
        (("",), DOCUMENT),
    ],
)
def test_what_pointers_select(pointers: tuple[str, ...], expected: JsonObject) -> None:
    assert select_json_ld(pointers, DOCUMENT) == expected


def test_no_pointers_select_nothing() -> None:
    assert select_json_ld((), DOCUMENT) is None


def test_what_is_selected_is_a_copy() -> None:
    selected: Any = select_json_ld(("/list",), DOCUMENT)
    selected["list"][0]["a"] = selected["@context"][0] = "changed"
    assert DOCUMENT["list"][0]["a"] == 1
    assert DOCUMENT["@context"] == ["https://www.w3.org/ns/credentials/v2"]


@pytest.mark.parametrize("label", ["c14n", "c14n01", "c14n-1", "b0", "c14n1 "])
def test_a_label_of_another_form_is_a_mistake(label: str) -> None:
    with pytest.raises(ValueError, match="label"):
        label_number(label, "c14n")


NS = "https://sail.example/ns#"
FORMS: dict[str, tuple[JsonObject, JsonObject, tuple[str, ...]]] = {
    "a value by another word": (
        {"text": "@value", "tongue": "@language"},
        {"sail": [{"text": "x", "tongue": "en"}, {"text": "y"}]},
        ("/sail/0",),
    ),
    "a list by another word": ({"line": "@list"}, {"sail": {"line": ["x", "y"]}}, ("/sail",)),
    "a nest": (
        {"details": "@nest", "deep": {"@id": f"{NS}deep", "@nest": "details"}},
        {"details": {"deep": "x", "sail": "y"}, "colour": "z"},
        ("/details/deep",),
    ),
    "a map by id": (
        {"byId": {"@id": f"{NS}byId", "@container": "@id"}},
        {"byId": {"https://boat.example/1": {"sail": "a"}, "https://boat.example/2": {"sail": "b"}}},
        ("/byId/https:~1~1boat.example~11/sail",),
    ),
    "a map by type": (
        {"byType": {"@id": f"{NS}byType", "@container": "@type"}},
        {"byType": {"Boat": {"sail": "a"}, "Crew": {"sail": "b"}}},
        ("/byType/Boat/sail",),
    ),
    "a map by property": (
        {"bySail": {"@id": f"{NS}bySail", "@container": "@index", "@index": "sail"}},
        {"bySail": {"a": {"colour": "x"}, "b": {"colour": "y"}}},
        ("/bySail/a/colour",),
    ),
    "what is included": (
        {"more": "@included"},
        {"name": "x", "more": [{"sail": "a"}, {"sail": "b"}]},
        ("/more/0",),
    ),
    "a property in reverse": (
        {"of": {"@reverse": f"{NS}has"}},
        {"of": {"sail": "a", "colour": "b"}},
        ("/of/sail",),
    ),
    "empty nodes": ({}, {"name": "x", "boats": [{}, {}]}, ("/boats/1",)),
}


@each
@pytest.mark.parametrize("form", FORMS)
def test_rare_forms_of_json_ld_can_be_shown_in_part(suite: str, form: str) -> None:
    terms, subject, pointers = FORMS[form]
    document = crew(suite)
    document["@context"].append(terms)
    document["credentialSubject"] = subject
    secured = secure(suite, document)
    shown = derive(suite, *(f"/credentialSubject{pointer}" for pointer in pointers), secured=secured)
    assert shown["credentialSubject"] != subject or form == "a list by another word"
    assert outcome(examine(shown), "signature").startswith("valid:")


@each
def test_what_has_its_name_by_another_word_than_id_is_shown_as_a_whole(suite: str) -> None:
    document = crew(suite)
    document["@context"].append({"uri": "@id"})
    document["credentialSubject"] = {"boats": [{"uri": "did:example:b", "sail": "y"}], "name": "x"}
    secured = secure(suite, document)
    shown = derive(suite, "/credentialSubject/boats", secured=secured)
    assert outcome(examine(shown), "signature").startswith("valid:")
    with pytest.raises(UnsupportedError) as caught:
        derive(suite, "/credentialSubject/boats/0/sail", secured=secured)
    assert caught.value.code == "sd_structure"


@each
def test_too_many_objects_of_a_rare_form_are_not_taken_apart(suite: str) -> None:
    document = crew(suite)
    document["@context"].append({"inside": "@nest"})
    document["credentialSubject"] = {"boats": [{"inside": {"sail": str(number)}} for number in range(100)]}
    with pytest.raises(UnsupportedError) as caught:
        secure(suite, document)
    assert caught.value.code == "sd_structure"


@each
def test_two_equal_lists_in_one_place_are_two(suite: str) -> None:
    document = crew(suite)
    document["@context"].append({"words": "https://sail.example/ns#words"})
    words = [{"@list": ["a", "b"]}, {"@list": ["a", "b"]}, {"@list": []}, {"@list": [{"@list": ["c"]}]}]
    document["credentialSubject"] = {"words": words}
    secured = secure(suite, document)
    for pointers in (
        ("/credentialSubject/words",),
        ("/credentialSubject/words/0", "/credentialSubject/words/3"),
    ):
        report = examine(derive(suite, *pointers, secured=secured))
        assert outcome(report, "signature").startswith("valid:")


@each
def test_a_suite_without_what_it_needs_is_a_mistake_of_the_program(suite: str) -> None:
    options = {**OPTIONS, "cryptosuite": suite}
    with pytest.raises(ValueError, match="entropy"):
        MODULES[suite].create_base_proof(crew(suite), options, signer(suite), around(), None)


def test_statements_that_a_bbs_proof_keeps_count_too() -> None:
    """A point is made for each of them, though the document shows few."""
    shown = derive("bbs-2023", "/credentialSubject/name")
    options = {name: value for name, value in shown["proof"].items() if name != "proofValue"}
    unsecured = {name: value for name, value in shown.items() if name != "proof"}
    value, key = proof_bytes(shown), signer("bbs-2023").public
    read = parse_derived_proof_value(value, limits=DEFAULT_LIMITS)
    number = len(read.mandatory_indexes) + check_length(read)

    def verify(statements: int) -> None:
        small = Around(around().contexts, Limits(statements=statements))
        bbs_2023.verify_derived_proof(unsecured, options, value, key, small)

    verify(number)
    with pytest.raises(CertweaveError) as caught:
        verify(number - 1)
    assert caught.value.code == "limit_statements"


@each
def test_too_many_statements_are_undecided(suite: str) -> None:
    small = Around(around().contexts, Limits(statements=10))
    options = {**OPTIONS, "cryptosuite": suite}
    with pytest.raises(CertweaveError) as caught:
        MODULES[suite].create_base_proof(crew(suite), options, signer(suite), small, Hiding(entropy()))
    assert caught.value.code == "limit_statements"
    shown = derive(suite, "")
    proof = {name: value for name, value in shown["proof"].items() if name != "proofValue"}
    unsecured = {name: value for name, value in shown.items() if name != "proof"}
    with pytest.raises(CertweaveError) as caught:
        MODULES[suite].verify_derived_proof(unsecured, proof, proof_bytes(shown), signer(suite).public, small)
    assert caught.value.code == "limit_statements"


@each
@pytest.mark.parametrize("wrong", [{"cryptosuite": "eddsa-rdfc-2022"}, {"type": "Other"}])
def test_options_of_another_suite_are_unsupported(suite: str, wrong: JsonObject) -> None:
    options = {**OPTIONS, "cryptosuite": suite, **wrong}
    with pytest.raises(UnsupportedError) as caught:
        MODULES[suite].create_base_proof(crew(suite), options, signer(suite), around(), Hiding(entropy()))
    assert caught.value.code == "suite_unsupported"


@each
def test_a_proof_with_a_context_of_its_own_is_refused(suite: str) -> None:
    shown = derive(suite, "/credentialSubject/name")
    own = {**shown, "proof": {**shown["proof"], "@context": "https://www.w3.org/ns/credentials/v2"}}
    assert outcome(examine(own), "signature") == "invalid:context_mismatch"
    same = {**shown, "proof": {**shown["proof"], "@context": shown["@context"]}}
    assert outcome(examine(same), "signature").startswith("valid:")


@each
@pytest.mark.parametrize("name", ["created", "expires", "challenge"])
def test_an_option_that_was_not_signed_is_found_out(suite: str, name: str) -> None:
    shown = derive(suite, "/credentialSubject/name")
    proof = {**shown["proof"], name: "2027-01-01T00:00:00Z" if name != "created" else "2026-01-02T00:00:00Z"}
    assert outcome(examine({**shown, "proof": proof}), "signature").startswith("invalid:")


def test_a_bbs_holder_hears_of_options_that_were_not_signed() -> None:
    secured = secure("bbs-2023")
    other = {**secured, "proof": {**secured["proof"], "created": "2026-01-02T00:00:00Z"}}
    with pytest.raises(InvalidSignatureError):
        derive("bbs-2023", "/credentialSubject/name", secured=other)


def test_a_bbs_holder_hears_of_a_signature_over_something_else() -> None:
    secured = [secure("bbs-2023", crew("bbs-2023", name=name)) for name in ("A", "B")]
    base, other = (parse_base_proof_value(proof_bytes(one), limits=DEFAULT_LIMITS) for one in secured)
    mixed = serialize_base_proof_value(replace(base, bbs_signature=other.bbs_signature))
    with pytest.raises(InvalidSignatureError):
        derive("bbs-2023", "/credentialSubject/name", secured=with_proof_bytes(secured[0], mixed))


def test_an_ecdsa_holder_hears_of_a_statement_too_many() -> None:
    secured = secure("ecdsa-sd-2023")
    more = {**secured["credentialSubject"], "sail": "7"}
    with pytest.raises(CertweaveError) as caught:
        derive("ecdsa-sd-2023", "/credentialSubject/name", secured={**secured, "credentialSubject": more})
    assert caught.value.code == "sd_statement_count"


SCOPED = {
    "of another kind": b"\xed\x01" + bytes(33),
    "no point": b"\x80\x24\x05" + bytes(32),
    "too short": b"\x80\x24",
}


@pytest.mark.parametrize("case", SCOPED)
def test_a_proof_scoped_key_that_is_none_is_refused(case: str) -> None:
    shown = derive("ecdsa-sd-2023", "/credentialSubject/name")
    components: Any = decode_cbor(proof_bytes(shown)[3:], limits=DEFAULT_LIMITS)
    components[1] = SCOPED[case]
    report = examine(with_proof_bytes(shown, proof_bytes(shown)[:3] + encode_cbor(components)))
    assert outcome(report, "proof") == "invalid:sd_value"


def test_a_scoped_key_of_somebody_else_signs_nothing_here() -> None:
    """Its own statements would match; but the issuer signed another key."""
    shown = derive("ecdsa-sd-2023", "/credentialSubject/name")
    components: Any = decode_cbor(proof_bytes(shown)[3:], limits=DEFAULT_LIMITS)
    components[1] = b"\x80\x24" + PublicKey(Algorithm.P256, P256.public.raw).raw
    report = examine(with_proof_bytes(shown, proof_bytes(shown)[:3] + encode_cbor(components)))
    assert outcome(report, "signature") == "invalid:signature_mismatch"


@pytest.mark.parametrize("place", [0, 4], ids=["bbsProof", "presentationHeader"])
def test_a_component_of_another_kind_is_refused(place: int) -> None:
    shown = derive("bbs-2023", "/credentialSubject/name")
    components: Any = decode_cbor(proof_bytes(shown)[3:], limits=DEFAULT_LIMITS)
    components[place] = "text"
    report = examine(with_proof_bytes(shown, proof_bytes(shown)[:3] + encode_cbor(components)))
    assert outcome(report, "proof") == "invalid:sd_value"


@each
def test_mandatory_pointers_of_a_base_proof_are_texts(suite: str) -> None:
    secured = secure(suite)
    components: Any = decode_cbor(proof_bytes(secured)[3:], limits=DEFAULT_LIMITS)
    components[4] = [1]
    spoilt = with_proof_bytes(secured, proof_bytes(secured)[:3] + encode_cbor(components))
    with pytest.raises(CertweaveError) as caught:
        derive(suite, "/credentialSubject/name", secured=spoilt)
    assert caught.value.code == "sd_value"


@dataclass(frozen=True)
class PlainSigner:
    """A signer that signs strings of bytes only, under a BBS key: a hardware module that knows no better."""

    method: str = signer("bbs-2023").method
    algorithm: Algorithm = Algorithm.BBS
    public: PublicKey = signer("bbs-2023").public

    def sign(self, data: bytes) -> bytes:
        """Return something."""
        return data


def test_a_signer_that_signs_no_lists_is_refused() -> None:
    options = {**OPTIONS, "cryptosuite": "bbs-2023"}
    with pytest.raises(CertweaveError) as caught:
        bbs_2023.create_base_proof(crew("bbs-2023"), options, PlainSigner(), around(), Hiding(entropy()))
    assert caught.value.code == "suite_key_mismatch"


def test_a_token_has_no_proof_to_derive_from() -> None:
    with pytest.raises(CertweaveError) as caught:
        derive_credential({"proof": []}, ("/issuer",), around=around(), entropy=entropy())
    assert caught.value.code == "proof_empty"
