"""Deriving: what is shown, what stays, and what the holder is told when it cannot be."""

from typing import Any

import pytest
from tests.support.disclosing import SUITES, around, crew, derive, entropy, examine, secure, signer
from tests.support.keys import ED25519
from tests.support.keys import signer as plain_signer
from tests.support.world import START, outcome

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidSignatureError
from certweave.examine.report import Verdict
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential, find_always_shown
from certweave.proof.suites.registry import get_suite

each = pytest.mark.parametrize("suite", SUITES)


def refusal(secured: JsonObject, *pointers: str, **more: Any) -> str:
    """Return the code with which deriving is refused."""
    with pytest.raises(CertweaveError) as caught:
        derive_credential(secured, pointers, around=around(), entropy=entropy(), **more)
    return caught.value.code


@each
def test_a_derived_credential_is_valid_at_all_ten_steps(suite: str) -> None:
    report = examine(derive(suite, "/credentialSubject/boats/1/sail"))
    assert report.verdict is Verdict.VALID
    assert len(report.checks) == 10
    assert outcome(report, "signature").startswith("valid:")
    assert next(check.detail for check in report.checks if check.step == "proof").startswith(suite)
    assert [note.code for note in report.notes] == ["sd_part"]


@each
def test_it_shows_what_was_chosen_and_nothing_else(suite: str) -> None:
    shown = derive(suite, "/credentialSubject/boats/1/sail", "/credentialSubject/names/de")
    del shown["proof"]
    document = crew(suite)
    assert shown == {
        "@context": document["@context"],
        "type": document["type"],
        "issuer": document["issuer"],
        "validFrom": document["validFrom"],
        "credentialSubject": {
            "type": ["Crew"],
            "boats": [{"type": "Boat", "sail": "Mars202"}],
            "names": {"de": "Mannschaft"},
        },
    }


PARTS = {
    "a text": ("/credentialSubject/name",),
    "an object of a set": ("/credentialSubject/boats/0",),
    "two of a set, out of order": ("/credentialSubject/boats/2", "/credentialSubject/boats/0/colour"),
    "a list of texts with two equal": ("/credentialSubject/ports",),
    "a list of objects": ("/credentialSubject/legs",),
    "a member of each object of a list": (
        "/credentialSubject/legs/0/sail",
        "/credentialSubject/legs/1/colour",
    ),
    "a language of many": ("/credentialSubject/names/id",),
    "a JSON literal": ("/credentialSubject/raw",),
    "the whole and a part of it": ("/credentialSubject", "/credentialSubject/boats/0/sail"),
    "the document": ("",),
    "the context, which is shown anyway": ("/@context/0", "/credentialSubject/name"),
}


@each
@pytest.mark.parametrize("part", PARTS)
def test_every_form_can_be_shown(suite: str, part: str) -> None:
    """Documents with an @list are those that other implementations cannot secure at all."""
    assert examine(derive(suite, *PARTS[part])).verdict is Verdict.VALID


REFUSED = {
    "no pointer": ("credentialSubject/name", "sd_pointer"),
    "a tilde that escapes nothing": ("/credentialSubject/na~me", "sd_pointer"),
    "leads to nothing": ("/credentialSubject/nothing", "sd_pointer_unmatched"),
    "an index beyond the array": ("/credentialSubject/boats/3", "sd_pointer_unmatched"),
    "an index with a zero before it": ("/credentialSubject/boats/01", "sd_pointer_unmatched"),
    "below a text": ("/credentialSubject/name/0", "sd_pointer_unmatched"),
    "into a list": ("/credentialSubject/ports/1", "sd_pointer_partial"),
    "one object of a list": ("/credentialSubject/legs/1", "sd_pointer_partial"),
    "into a JSON literal": ("/credentialSubject/raw/a", "sd_pointer_partial"),
}


@each
@pytest.mark.parametrize("case", REFUSED)
def test_a_pointer_that_cannot_be_shown_is_refused(suite: str, case: str) -> None:
    pointer, code = REFUSED[case]
    assert refusal(secure(suite), pointer) == code


@each
def test_a_proof_of_a_suite_that_we_do_not_have_is_no_base_proof(suite: str) -> None:
    secured = secure(suite)
    both = {**secured, "proof": [{"type": "Unknown2030"}, secured["proof"]]}
    shown = derive_credential(both, ("/credentialSubject/name",), around=around(), entropy=entropy("derive"))
    assert shown["proof"]["cryptosuite"] == suite
    assert (
        refusal({**secured, "proof": {"type": "Unknown2030"}}, "/credentialSubject/name")
        == "sd_no_base_proof"
    )


@each
def test_a_mandatory_pointer_that_leads_to_nothing_is_refused(suite: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        secure(suite, mandatory=("/credentialSubject/nothing",))
    assert (caught.value.code, caught.value.path) == (
        "sd_pointer_unmatched",
        "/credentialSubject/nothing",
    )


@each
def test_nothing_mandatory_and_nothing_chosen_is_nothing(suite: str) -> None:
    assert refusal(secure(suite, mandatory=())) == "sd_nothing_selected"


@each
def test_without_mandatory_statements_the_holder_chooses_all(suite: str) -> None:
    secured = secure(suite, mandatory=())
    shown = derive(suite, "/issuer", "/credentialSubject/name", secured=secured)
    assert examine(shown).verdict is Verdict.VALID


@each
def test_all_mandatory_leaves_nothing_to_choose(suite: str) -> None:
    secured = secure(suite, mandatory=("",))
    shown = derive(suite, secured=secured)
    assert {**shown, "proof": 0} == {**secured, "proof": 0}
    assert examine(shown).verdict is Verdict.VALID


@each
def test_what_is_derived_cannot_be_derived_again(suite: str) -> None:
    assert refusal(derive(suite, "/credentialSubject/name"), "/issuer") == "sd_derived_proof"


@each
def test_too_little_for_a_credential_is_told_to_the_holder(suite: str) -> None:
    assert refusal(secure(suite), "/validFrom") == "sd_too_little"


@each
def test_a_base_proof_shown_to_a_verifier_is_refused_at_its_proof(suite: str) -> None:
    report = examine(secure(suite))
    assert report.verdict is Verdict.INVALID
    assert outcome(report, "proof") == "invalid:sd_base_proof"


def test_other_proofs_have_no_part_to_show() -> None:
    document = crew("ecdsa-sd-2023")
    signed = add_proof(
        document,
        plain_signer(ED25519),
        suite=get_suite("eddsa-rdfc-2022"),
        around=around(),
        created=START,
        purpose="assertionMethod",
    )
    assert refusal(signed, "/issuer") == "sd_no_base_proof"


@each
def test_a_proof_over_the_whole_beside_it_is_left_out(suite: str) -> None:
    both = add_proof(
        secure(suite),
        plain_signer(ED25519),
        suite=get_suite("eddsa-rdfc-2022"),
        around=around(),
        created=START,
        purpose="assertionMethod",
    )
    shown = derive(suite, "/credentialSubject/name", secured=both)
    assert shown["proof"]["cryptosuite"] == suite
    assert examine(shown).verdict is Verdict.VALID


@each
def test_two_base_proofs_leave_open_which_one_is_meant(suite: str) -> None:
    secured = secure(suite)
    twice = {**secured, "proof": [secured["proof"], secured["proof"]]}
    assert refusal(twice, "/issuer") == "sd_base_proofs"


@each
def test_a_base_proof_of_another_document_is_found_out_by_the_holder(suite: str) -> None:
    secured = secure(suite)
    subject = {**secured["credentialSubject"], "name": "Another crew"}
    with pytest.raises(InvalidSignatureError):
        derive(suite, "/credentialSubject/name", secured={**secured, "credentialSubject": subject})


@each
def test_what_precedes_a_base_proof_cannot_be_shown(suite: str) -> None:
    secured = secure(suite)
    first = {**secured["proof"], "id": "urn:uuid:1"}
    with pytest.raises(CertweaveError) as caught:
        secure(suite, {**crew(suite), "proof": first}, previous_proof="urn:uuid:1")
    assert caught.value.code == "sd_chain"


def test_only_bbs_binds_a_proof_to_a_header() -> None:
    shown = derive_credential(
        secure("bbs-2023"),
        ("/credentialSubject/name",),
        around=around(),
        entropy=entropy(),
        presentation_header=b"nonce",
    )
    assert examine(shown).verdict is Verdict.VALID
    code = refusal(secure("ecdsa-sd-2023"), "/issuer", presentation_header=b"nonce")
    assert code == "sd_presentation_header"


def test_two_bbs_proofs_share_nothing() -> None:
    secured = secure("bbs-2023")
    made = [
        derive_credential(secured, ("/credentialSubject",), around=around(), entropy=entropy(seed))["proof"][
            "proofValue"
        ]
        for seed in ("one", "two")
    ]
    assert made[0] != made[1]


STRUCTURES: dict[str, JsonObject] = {
    "a graph inside": {"credentialSubject": {"type": "Crew", "inner": {"name": "y"}}},
}


@each
@pytest.mark.parametrize("case", STRUCTURES)
def test_what_cannot_be_taken_apart_is_not_signed(suite: str, case: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        secure(suite, {**crew(suite), **STRUCTURES[case]})
    assert caught.value.code == "sd_structure"


@each
def test_our_own_names_are_reserved(suite: str) -> None:
    subject = {"id": "urn:certweave-node:7", "name": "x"}
    with pytest.raises(CertweaveError) as caught:
        secure(suite, {**crew(suite), "credentialSubject": subject})
    assert caught.value.code == "sd_reserved"


@each
def test_a_key_of_another_kind_signs_nothing(suite: str) -> None:
    other = signer("bbs-2023" if suite == "ecdsa-sd-2023" else "ecdsa-sd-2023")
    with pytest.raises(CertweaveError) as caught:
        add_proof(
            crew(suite),
            other,
            suite=get_suite(suite),
            around=around(),
            created=START,
            purpose="assertionMethod",
        )
    assert caught.value.code == "suite_key_mismatch"


def test_what_a_verifier_needs_is_found() -> None:
    document = {"issuer": "x", "validUntil": "y", "credentialStatus": {}, "name": "z"}
    assert find_always_shown(document) == ("/issuer", "/validUntil", "/credentialStatus")
