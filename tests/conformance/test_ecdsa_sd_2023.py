"""ecdsa-sd-2023 against the vectors of the W3C (vc-di-ecdsa, Appendix A.7 and A.8), at every stage."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.sd_stages import (
    check_groups,
    check_indexes,
    check_transformed,
    group,
    numbered,
    split_secured,
)
from tests.support.shared import shared
from tests.support.vector_contexts import vector_around

from certweave.encoding.multibase import decode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import KeySigner
from certweave.keys.multikey import parse_multikey, parse_secret_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites import ecdsa_sd_2023 as suite
from certweave.proof.suites import ecdsa_sd_2023_values as values
from certweave.proof.suites.sd.disclosure import disclose
from certweave.proof.suites.sd.grouping import (
    create_hmac_id_label_map_function,
    replace_labels,
)
from certweave.proof.suites.sd.transformation import Transformed
from certweave.proof.suites.suite import Hiding

FOLDER = "w3c/vc-di-ecdsa/TestVectors"
POINTERS = {
    "employ": ("employMandatory.json", "employSelective.json"),
    "prc": ("prCredMandatory.json", "prCredSelective.json"),
}
each = pytest.mark.parametrize("case", POINTERS)


def load(*parts: str) -> Any:
    return json.loads(shared(FOLDER, *parts).read_text("utf-8"))


def stage(case: str, name: str) -> Any:
    return load("ecdsa-sd-2023", case, f"{name}.json")


def keys() -> Any:
    return load("ecdsa-sd-2023", "SDKeyMaterial.json")


def hmac_key() -> bytes:
    return bytes.fromhex(keys()["hmacKeyString"])


def pointers(case: str) -> tuple[list[str], list[str]]:
    mandatory, selective = POINTERS[case]
    return load(mandatory), load(selective)


def signed(case: str, name: str = "addSignedSDBase") -> tuple[JsonObject, JsonObject, bytes]:
    """Return the document, the options and the decoded proofValue of a secured document."""
    return split_secured(stage(case, name))


def signer() -> KeySigner:
    pair = keys()["baseKeyPair"]
    public = pair["publicKeyMultibase"]
    return KeySigner(f"did:key:{public}#{public}", parse_secret_multikey(pair["secretKeyMultibase"]))


def known_entropy() -> Callable[[int], bytes]:
    """Return the HMAC key, then the secret of the proof-scoped key, in the order in which they are drawn."""
    secret = parse_secret_multikey(keys()["proofKeyPair"]["secretKeyMultibase"]).secret
    drawn = iter((hmac_key(), secret))
    return lambda _size: next(drawn)


def transformed(case: str) -> Transformed:
    document, _, _ = signed(case)
    return suite.base_proof_transformation(document, pointers(case)[0], hmac_key(), vector_around())


@each
def test_canonical_document_with_labels_of_the_hmac(case: str) -> None:
    document, _, _ = signed(case)
    grouped = group(document, create_hmac_id_label_map_function(hmac_key()))
    assert list(grouped.nquads) == stage(case, "addBaseDocHMACCanon")


@each
def test_base_proof_transformation(case: str) -> None:
    check_transformed(transformed(case), stage(case, "addBaseTransform"))


@each
def test_base_proof_configuration(case: str) -> None:
    document, options, _ = signed(case)
    due = shared(FOLDER, "ecdsa-sd-2023", case, "addProofConfigCanon.txt").read_bytes()
    assert suite.base_proof_configuration(options, document, vector_around()) == due
    assert {**options, "@context": document["@context"]} == stage(case, "addProofConfig")


@each
def test_base_proof_hashing(case: str) -> None:
    document, options, _ = signed(case)
    config = suite.base_proof_configuration(options, document, vector_around())
    hashed = suite.base_proof_hashing(transformed(case), config)
    due = stage(case, "addHashData")
    assert {"proofHash": hashed.proof_hash.hex(), "mandatoryHash": hashed.mandatory_hash.hex()} == due


@each
def test_parse_base_proof_value(case: str) -> None:
    _, _, value = signed(case)
    due = stage(case, "addRawBaseSignatureInfo")
    found = values.parse_base_proof_value(value, limits=DEFAULT_LIMITS)
    assert found.base_signature.hex() == due["baseSignature"]
    assert [one.hex() for one in found.signatures] == due["signatures"]
    assert list(found.mandatory_pointers) == due["mandatoryPointers"]
    again = stage(case, "derivedRecoveredBaseData")
    assert (
        found.public_key.multikey == again["proofPublicKey"] == keys()["proofKeyPair"]["publicKeyMultibase"]
    )
    assert found.hmac_key.hex() == again["hmacKey"]
    assert values.serialize_base_proof_value(found) == value


@each
def test_the_published_base_signatures_verify(case: str) -> None:
    document, options, value = signed(case)
    base = values.parse_base_proof_value(value, limits=DEFAULT_LIMITS)
    found = transformed(case)
    hashed = suite.base_proof_hashing(
        found, suite.base_proof_configuration(options, document, vector_around())
    )
    to_sign = suite.serialize_sign_data(hashed.proof_hash, base.public_key, hashed.mandatory_hash)
    parse_multikey(keys()["baseKeyPair"]["publicKeyMultibase"]).verify(base.base_signature, to_sign)
    for signature, nquad in zip(base.signatures, found.non_mandatory.values(), strict=True):
        base.public_key.verify(signature, nquad.encode())


@each
def test_create_base_proof(case: str) -> None:
    """ECDSA signatures differ from one making to the next, so all but them is compared."""
    document, options, value = signed(case)
    hiding = Hiding(known_entropy(), tuple(pointers(case)[0]))
    proof = suite.create_base_proof(document, options, signer(), vector_around(), hiding)
    made = values.parse_base_proof_value(decode_multibase(proof["proofValue"]), limits=DEFAULT_LIMITS)
    due = values.parse_base_proof_value(value, limits=DEFAULT_LIMITS)
    assert (made.public_key, made.hmac_key, made.mandatory_pointers, len(made.signatures)) == (
        due.public_key,
        due.hmac_key,
        due.mandatory_pointers,
        len(due.signatures),
    )
    secured = suite.add_derived_proof(
        document, options, decode_multibase(proof["proofValue"]), pointers(case)[1], vector_around()
    )
    shown = {name: member for name, member in secured.items() if name != "proof"}
    derived = decode_multibase(secured["proof"]["proofValue"])
    suite.verify_derived_proof(shown, options, derived, signer().public, vector_around())


@each
def test_groups(case: str) -> None:
    document, _, _ = signed(case)
    grouped = group(document, create_hmac_id_label_map_function(hmac_key()), pointers(case))
    due = stage(case, "derivedAllGroupData")
    check_groups(grouped, due)
    for name, found in grouped.groups.items():
        assert numbered(found.non_matching) == due["groups"][name]["nonMatching"]["value"]
    check_indexes(grouped, stage(case, "derivedGroupIndexes"))


@each
def test_create_disclosure_data(case: str) -> None:
    document, _, value = signed(case)
    base = values.parse_base_proof_value(value, limits=DEFAULT_LIMITS)
    derived, disclosure = suite.create_disclosure_data(document, base, pointers(case)[1], vector_around())
    due = stage(case, "derivedDisclosureData")
    assert disclosure.reveal_document == stage(case, "derivedUnsignedReveal")
    assert derived.base_signature.hex() == due["baseSignature"]
    assert derived.public_key.multikey == due["publicKey"]
    assert [one.hex() for one in derived.signatures] == due["signatures"]
    assert [one.hex() for one in derived.signatures] == stage(case, "derivedAdjSignatures")[
        "filteredSignatures"
    ]
    assert sorted(derived.label_map.items()) == sorted(tuple(entry) for entry in due["labelMap"]["value"])
    assert list(derived.mandatory_indexes) == due["mandatoryIndexes"]
    assert list(derived.mandatory_indexes) == stage(case, "derivedAdjMandatoryIndexes")["adjMandatoryIndexes"]


@each
def test_which_signatures_are_shown(case: str) -> None:
    document, _, _ = signed(case)
    mandatory, selective = pointers(case)
    around = vector_around()
    found = disclose(
        document,
        create_hmac_id_label_map_function(hmac_key()),
        mandatory,
        selective,
        contexts=around.contexts,
        limits=around.limits,
    )
    due = stage(case, "derivedAdjSignatures")["adjSignatureIndexes"]
    assert list(found.selective_indexes) == due


@each
def test_add_derived_proof(case: str) -> None:
    document, options, value = signed(case)
    secured = suite.add_derived_proof(document, options, value, pointers(case)[1], vector_around())
    due = stage(case, "derivedRevealDocument")
    made, published = (
        values.parse_derived_proof_value(decode_multibase(one["proof"]["proofValue"]), limits=DEFAULT_LIMITS)
        for one in (secured, due)
    )
    assert made == published
    assert {**secured, "proof": None} == {**due, "proof": None}
    assert secured["proof"] == due["proof"]


@each
def test_parse_derived_proof_value(case: str) -> None:
    _, _, value = signed(case, "derivedRevealDocument")
    due = stage(case, "verifyDerivedProofValue")
    found = values.parse_derived_proof_value(value, limits=DEFAULT_LIMITS)
    assert found.base_signature.hex() == due["baseSignature"]
    assert found.public_key.multikey == due["publicKey"]
    assert [one.hex() for one in found.signatures] == due["signatures"]
    assert sorted(found.label_map.items()) == sorted(tuple(entry) for entry in due["labelMap"])
    assert list(found.mandatory_indexes) == due["mandatoryIndexes"]
    assert values.serialize_derived_proof_value(found) == value


@each
def test_create_verify_data(case: str) -> None:
    document, options, value = signed(case, "derivedRevealDocument")
    around = vector_around()
    label_map = values.parse_derived_proof_value(value, limits=DEFAULT_LIMITS).label_map
    nquads = replace_labels(document, label_map, contexts=around.contexts, limits=around.limits)
    assert list(nquads) == stage(case, "verifyNQuads")
    due = stage(case, "verifyCreateVerifyData")
    found = suite.create_verify_data(document, options, value, around)
    assert found.base_signature.hex() == due["baseSignature"]
    assert found.proof_hash.hex() == due["proofHash"]
    assert found.public_key.multikey == due["publicKey"]
    assert [one.hex() for one in found.signatures] == due["signatures"]
    assert list(found.non_mandatory) == due["nonMandatory"]
    assert found.mandatory_hash.hex() == due["mandatoryHash"]


@each
def test_the_published_derived_proof_verifies(case: str) -> None:
    document, options, value = signed(case, "derivedRevealDocument")
    key = parse_multikey(keys()["baseKeyPair"]["publicKeyMultibase"])
    assert suite.verify_derived_proof(document, options, value, key, vector_around()) == document
