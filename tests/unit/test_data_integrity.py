"""Embedded proofs: form, sets, chains, and what a proof says about itself."""

import copy
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.keys import ED25519, OTHER_ED25519, P256, P384, signer

from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    CertweaveError,
    InvalidError,
    InvalidSignatureError,
    MalformedProofError,
    UndecidedError,
    UnsupportedError,
)
from certweave.keys.model import Algorithm, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import (
    add_proof,
    check_proof_options,
    find_previous,
    parse_proofs,
    verify_proof,
)
from certweave.proof.proof_members import Proof
from certweave.proof.suites import ecdsa_jcs_2019, eddsa_jcs_2022
from certweave.proof.suites.registry import jcs_suite
from certweave.proof.suites.suite import NOTHING_AROUND

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
DOCUMENT: JsonObject = {"@context": ["https://a.example", "https://b.example"], "id": "urn:1", "n": [1, 2.5]}
FIRST, SECOND, THIRD = "urn:uuid:1", "urn:uuid:2", "urn:uuid:3"


def sign(document: JsonObject, private: Any = ED25519, **options: Any) -> JsonObject:
    suite = jcs_suite(private.algorithm)
    fixed = {"suite": suite, "around": NOTHING_AROUND, "created": NOW, "purpose": "assertionMethod"}
    return add_proof(document, signer(private), **{**fixed, **options})


def verify(document: JsonObject, keys: tuple[Any, ...] = (ED25519,)) -> JsonObject:
    unsecured, proofs = parse_proofs(document, limits=DEFAULT_LIMITS)
    for proof, key in zip(proofs, keys, strict=True):
        found = verify_proof(unsecured, proof, key.public, all_proofs=proofs, around=NOTHING_AROUND)
    return found


def one(document: JsonObject) -> Proof:
    return parse_proofs(document, limits=DEFAULT_LIMITS)[1][0]


def changed(document: JsonObject, **members: Any) -> JsonObject:
    proof = {**document["proof"], **members}
    return {**document, "proof": {name: value for name, value in proof.items() if value is not None}}


def test_a_single_proof() -> None:
    secured = sign(DOCUMENT)
    assert isinstance(secured["proof"], dict)
    assert secured["proof"]["@context"] == DOCUMENT["@context"]
    assert "proof" not in DOCUMENT
    assert verify(secured) == DOCUMENT


def test_a_document_without_context_is_secured_as_well() -> None:
    secured = sign({"state": {}})
    assert "@context" not in secured["proof"]
    assert verify(secured) == {"state": {}}


def test_a_context_appended_later_is_not_signed() -> None:
    """The verified document has the @context of the proof: what was appended is gone."""
    secured = sign(DOCUMENT)
    longer = {**secured, "@context": [*DOCUMENT["@context"], "https://later.example"]}
    assert verify(longer) == DOCUMENT


@pytest.mark.parametrize(
    "context",
    [["https://b.example"], ["https://later.example", *DOCUMENT["@context"]], [], "https://a.example", None],
)
def test_a_context_changed_otherwise_is_invalid(context: object) -> None:
    with pytest.raises(InvalidError) as caught:
        verify({**sign(DOCUMENT), "@context": context})
    assert caught.value.code == "context_mismatch"


def test_an_empty_context_in_the_proof_is_no_prefix() -> None:
    with pytest.raises(InvalidError) as caught:
        verify(changed(sign(DOCUMENT), **{"@context": []}))
    assert caught.value.code == "context_mismatch"


def test_a_set_of_proofs() -> None:
    secured = sign(sign(DOCUMENT), OTHER_ED25519)
    assert verify(secured, (ED25519, OTHER_ED25519)) == DOCUMENT
    # The proofs of a set do not secure each other: one alone still holds.
    assert verify({**secured, "proof": secured["proof"][1]}, (OTHER_ED25519,)) == DOCUMENT


def chain() -> JsonObject:
    first = sign(DOCUMENT, proof_id=FIRST)
    second = sign(first, OTHER_ED25519, proof_id=SECOND, previous_proof=FIRST)
    return sign(second, proof_id=THIRD, previous_proof=[SECOND, FIRST])


def test_a_chain_of_proofs() -> None:
    secured = chain()
    assert verify(secured, (ED25519, OTHER_ED25519, ED25519)) == DOCUMENT
    unsecured, proofs = parse_proofs(secured, limits=DEFAULT_LIMITS)
    assert unsecured == DOCUMENT
    assert [proof.id for proof in find_previous(proofs[2], proofs)] == [FIRST, SECOND]
    assert [proof.path for proof in proofs] == ["/proof/0", "/proof/1", "/proof/2"]


def test_a_chain_secures_the_proof_before() -> None:
    secured = chain()
    secured["proof"][0]["created"] = "2020-01-01T00:00:00Z"
    unsecured, proofs = parse_proofs(secured, limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidSignatureError):
        verify_proof(unsecured, proofs[1], OTHER_ED25519.public, all_proofs=proofs, around=NOTHING_AROUND)


@pytest.mark.parametrize("index", [0, 1])
def test_a_link_cannot_be_taken_out(index: int) -> None:
    secured = chain()
    del secured["proof"][index]
    with pytest.raises(InvalidError) as caught:
        parse_proofs(secured, limits=DEFAULT_LIMITS)
    assert caught.value.code == "previous_proof_missing"


def test_chains_that_cannot_be_followed() -> None:
    doubled = chain()
    doubled["proof"].append(copy.deepcopy(doubled["proof"][0]))
    looped = chain()
    looped["proof"][0]["previousProof"] = THIRD
    alone = changed(sign(DOCUMENT), id=FIRST, previousProof=FIRST)
    for document, code in (
        (doubled, "proof_id_repeated"),
        (looped, "proof_chain_loop"),
        (alone, "proof_chain_loop"),
    ):
        with pytest.raises(InvalidError) as caught:
            parse_proofs(document, limits=DEFAULT_LIMITS)
        assert caught.value.code == code


def test_signing_needs_the_previous_proof() -> None:
    with pytest.raises(InvalidError) as caught:
        sign(DOCUMENT, previous_proof=FIRST)
    assert caught.value.code == "previous_proof_missing"
    with pytest.raises(MalformedProofError):
        sign({**DOCUMENT, "proof": "text"})


@pytest.mark.parametrize(
    ("options", "code", "path"),
    [
        ({"proof_id": "second"}, "proof_malformed", "/proof/id"),
        ({"proof_id": FIRST}, "proof_id_repeated", "/proof/id"),
        ({"previous_proof": []}, "proof_malformed", "/proof/previousProof"),
        ({"purpose": ""}, "proof_malformed", "/proof/proofPurpose"),
        ({"challenge": ""}, "proof_malformed", "/proof/challenge"),
        ({"domain": ""}, "proof_malformed", "/proof/domain"),
    ],
    ids=str,
)
def test_nothing_is_signed_that_would_be_refused(options: JsonObject, code: str, path: str) -> None:
    begun = sign(DOCUMENT, proof_id=FIRST)
    with pytest.raises(CertweaveError) as caught:
        sign(begun, **options)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_the_key_decides_the_suite() -> None:
    secured = sign(sign(DOCUMENT), P256)
    assert [proof["cryptosuite"] for proof in secured["proof"]] == ["eddsa-jcs-2022", "ecdsa-jcs-2019"]
    assert verify(secured, (ED25519, P256)) == DOCUMENT


@pytest.mark.parametrize(
    ("private", "other"), [(ED25519, P256), (P256, ED25519), (P384, ED25519)], ids=lambda key: key.algorithm
)
def test_verifying_needs_the_right_kind_of_key(private: PrivateKey, other: PrivateKey) -> None:
    with pytest.raises(InvalidError) as caught:
        verify(sign(DOCUMENT, private), (other,))
    assert caught.value.code == "suite_key_mismatch"


@pytest.mark.parametrize("suite", [eddsa_jcs_2022, ecdsa_jcs_2019])
def test_a_suite_takes_its_own_options_only(suite: Any) -> None:
    for options in ({"type": "DataIntegrityProof", "cryptosuite": "other"}, {"cryptosuite": suite.NAME}):
        with pytest.raises(UnsupportedError):
            suite.transformation(DOCUMENT, options)
        with pytest.raises(UnsupportedError):
            suite.proof_configuration(options)
    for private in (ED25519, P256, P384):
        right = (private.algorithm is Algorithm.ED25519) is (suite is eddsa_jcs_2022)
        options = {"type": "DataIntegrityProof", "cryptosuite": suite.NAME}
        if right:
            assert suite.create_proof(DOCUMENT, options, signer(private))["proofValue"].startswith("z")
            continue
        with pytest.raises(InvalidError) as caught:
            suite.create_proof(DOCUMENT, options, signer(private))
        assert caught.value.code == "suite_key_mismatch"


@pytest.mark.parametrize(
    ("proof", "path"),
    [
        ("text", "/proof"),
        (None, "/proof"),
        ({}, "/proof"),
        ([], "/proof"),
        ([[]], "/proof/0"),
        ([{"type": "DataIntegrityProof"}], "/proof/0/cryptosuite"),
        ({"cryptosuite": "eddsa-jcs-2022"}, "/proof/type"),
        ({"type": ["DataIntegrityProof"], "cryptosuite": "eddsa-jcs-2022"}, "/proof/type"),
    ],
)
def test_proofs_without_form(proof: object, path: str) -> None:
    with pytest.raises(MalformedProofError) as caught:
        parse_proofs({**DOCUMENT, "proof": proof}, limits=DEFAULT_LIMITS)
    assert caught.value.path == path


def test_a_document_without_proof() -> None:
    with pytest.raises(MalformedProofError):
        parse_proofs(DOCUMENT, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize(
    "member",
    [
        {"verificationMethod": None},
        {"verificationMethod": {"id": "did:web:a.example#k"}},
        {"verificationMethod": "did:web:a.example"},
        {"verificationMethod": "key-1"},
        {"verificationMethod": "http://a.example#k"},
        {"verificationMethod": "https:// a.example#k"},
        {"verificationMethod": "urn:key:1#k"},
        {"cryptosuite": 5},
        {"cryptosuite": ["eddsa-jcs-2022"]},
        {"cryptosuite": ""},
        {"nonce": 5},
        {"id": "first"},
        {"id": ""},
        {"type": "Ed25519Signature2020", "created": None},
        {"type": "Ed25519Signature2020", "cryptosuite": 5},
        {"proofPurpose": None},
        {"proofPurpose": ["assertionMethod"]},
        {"proofValue": None},
        {"proofValue": ""},
        {"proofValue": "uAAAA"},
        {"proofValue": "z0"},
        {"created": "2026-03-01"},
        {"created": 5},
        {"expires": "2026-03-01T00:00:00"},
        {"id": 5},
        {"previousProof": []},
        {"previousProof": [5]},
        {"previousProof": {}},
        {"challenge": 5},
        {"domain": [""]},
        {"domain": []},
    ],
    ids=str,
)
def test_members_of_the_wrong_form(member: JsonObject) -> None:
    with pytest.raises(CertweaveError) as caught:
        parse_proofs(changed(sign(DOCUMENT), **member), limits=DEFAULT_LIMITS)
    assert caught.value.code in {"proof_malformed", "base58"}


def test_created_is_required_where_the_suite_says_so() -> None:
    secured = changed(sign(DOCUMENT), created=None)
    assert one(secured).created is None
    legacy = changed(sign(DOCUMENT), type="Ed25519Signature2020", cryptosuite=None)
    assert one(legacy).known
    with pytest.raises(MalformedProofError) as caught:
        one(changed(legacy, created=None))
    assert caught.value.path == "/proof/created"


def test_a_method_that_is_no_did_is_unsupported() -> None:
    with pytest.raises(UnsupportedError):
        parse_proofs(changed(sign(DOCUMENT), verificationMethod="https://a.example#k"), limits=DEFAULT_LIMITS)


@pytest.mark.parametrize(
    "proof",
    [
        {"type": "DataIntegrityProof", "cryptosuite": "eddsa-rdfc-2099"},
        {"type": "DataIntegrityProof", "cryptosuite": "Ed25519Signature2020"},
        {"type": "Ed25519Signature2018", "proofValue": 5},
        {"type": "eddsa-jcs-2022"},
    ],
)
def test_an_unknown_suite_is_reported_beside_a_known_one(proof: JsonObject) -> None:
    secured = sign({**DOCUMENT, "proof": proof})
    unsecured, (unknown, known) = parse_proofs(secured, limits=DEFAULT_LIMITS)
    assert (unknown.known, known.known) == (False, True)
    verify_proof(unsecured, known, ED25519.public, all_proofs=(unknown, known), around=NOTHING_AROUND)
    for check in (
        lambda: verify_proof(
            unsecured, unknown, ED25519.public, all_proofs=(unknown,), around=NOTHING_AROUND
        ),
        lambda: check_proof_options(unknown, purpose="assertionMethod", now=NOW, limits=DEFAULT_LIMITS),
    ):
        with pytest.raises(UnsupportedError) as caught:
            check()
        assert (caught.value.code, caught.value.path) == ("suite_unsupported", "/proof/0")


def test_too_many_proofs() -> None:
    secured = sign(sign(DOCUMENT))
    parse_proofs(secured, limits=replace(DEFAULT_LIMITS, proofs=2))
    with pytest.raises(UndecidedError) as caught:
        parse_proofs(secured, limits=replace(DEFAULT_LIMITS, proofs=1))
    assert caught.value.code == "limit_proofs"


SKEW = DEFAULT_LIMITS.clock_skew


@pytest.mark.parametrize(
    ("now", "purpose", "code"),
    [
        (NOW, "assertionMethod", None),
        (NOW - SKEW, "assertionMethod", None),
        (NOW - SKEW - timedelta(seconds=1), "assertionMethod", "proof_from_future"),
        (NOW + timedelta(days=1, seconds=-1), "assertionMethod", None),
        (NOW + timedelta(days=1), "assertionMethod", "proof_expired"),
        (NOW, "authentication", "proof_purpose"),
    ],
)
def test_what_a_proof_says_about_itself(now: datetime, purpose: str, code: str | None) -> None:
    proof = one(sign(DOCUMENT, expires=NOW + timedelta(days=1)))
    if code is None:
        check_proof_options(proof, purpose=purpose, now=now, limits=DEFAULT_LIMITS)
        return
    with pytest.raises(InvalidError) as caught:
        check_proof_options(proof, purpose=purpose, now=now, limits=DEFAULT_LIMITS)
    assert caught.value.code == code
