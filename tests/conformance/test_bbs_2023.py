"""bbs-2023 against the vectors of the W3C (vc-di-bbs, Appendix A.1 and A.2, the baseline), at every stage."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from tests.support.mocked_scalars import mocked_entropy
from tests.support.sd_stages import check_groups, check_indexes, check_transformed, group, split_secured
from tests.support.shared import shared
from tests.support.vector_contexts import vector_around

from certweave.did.key import make_did_key_method, parse_did_key_method
from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import Algorithm, KeySigner, PrivateKey, PublicKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites import bbs_2023 as suite
from certweave.proof.suites import bbs_2023_values as values
from certweave.proof.suites.sd.grouping import (
    create_shuffled_id_label_map_function,
    replace_labels,
)
from certweave.proof.suites.sd.transformation import Transformed
from certweave.proof.suites.suite import Hiding

FOLDER = "w3c/vc-di-bbs/TestVectors"
POINTERS = {
    "wind": ("windMandatory.json", "windSelective.json"),
    "prc": ("prCredMandatory.json", "prCredSelective.json"),
}
each = pytest.mark.parametrize("case", POINTERS)


def load(*parts: str) -> Any:
    return json.loads(shared(FOLDER, *parts).read_text("utf-8"))


def stage(case: str, name: str) -> Any:
    """Return a stage of a case; those of wind lie in the folder itself."""
    return load(f"{name}.json") if case == "wind" else load(case, f"{name}.json")


def pointers(case: str) -> tuple[list[str], list[str]]:
    mandatory, selective = POINTERS[case]
    return load(mandatory), load(selective)


def hmac_key() -> bytes:
    return bytes.fromhex(load("BBSKeyMaterial.json")["hmacKeyString"])


def signed(case: str, name: str = "addSignedSDBase") -> tuple[JsonObject, JsonObject, bytes]:
    """Return the document, the options and the decoded proofValue of a secured document."""
    return split_secured(stage(case, name))


def signer() -> KeySigner:
    private = PrivateKey(Algorithm.BBS, bytes.fromhex(load("BBSKeyMaterial.json")["privateKeyHex"]))
    return KeySigner(make_did_key_method(private.public), private)


def presentation_header() -> bytes:
    return bytes.fromhex(load("BBSDeriveMaterial.json")["presentationHeaderHex"])


def known_entropy(hidden: int) -> Callable[[int], bytes]:
    seed = bytes.fromhex(load("BBSDeriveMaterial.json")["pseudoRandSeedHex"])
    # The vectors took the name of the interface where the draft has a tag for mocked numbers.
    return mocked_entropy(5 + hidden, seed, b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_")


def transformed(case: str) -> Transformed:
    document, _, _ = signed(case)
    return suite.base_proof_transformation(document, pointers(case)[0], hmac_key(), vector_around())


def test_key_and_did_key() -> None:
    material = load("BBSKeyMaterial.json")
    assert signer().public == PublicKey(Algorithm.BBS, bytes.fromhex(material["publicKeyHex"]))
    method = stage("wind", "addProofConfig")["verificationMethod"]
    assert signer().method == method
    assert parse_did_key_method(method) == signer().public


@each
def test_canonical_document_with_shuffled_labels(case: str) -> None:
    document, _, _ = signed(case)
    grouped = group(document, create_shuffled_id_label_map_function(hmac_key()))
    assert list(grouped.nquads) == stage(case, "addBaseDocHMACCanon")


@each
def test_base_proof_transformation(case: str) -> None:
    check_transformed(transformed(case), stage(case, "addBaseTransform"))


@each
def test_base_proof_configuration(case: str) -> None:
    document, options, _ = signed(case)
    folder = () if case == "wind" else (case,)
    due = shared(FOLDER, *folder, "addProofConfigCanon.txt").read_bytes()
    assert suite.base_proof_configuration(options, document, vector_around()) == due
    assert {**options, "@context": document["@context"]} == stage(case, "addProofConfig")


@each
def test_base_proof_hashing(case: str) -> None:
    document, options, _ = signed(case)
    config = suite.base_proof_configuration(options, document, vector_around())
    due = stage(case, "addHashData")
    header = suite.base_proof_hashing(transformed(case), config)
    assert header.hex() == due["proofHash"] + due["mandatoryHash"]


@each
def test_parse_base_proof_value(case: str) -> None:
    _, _, value = signed(case)
    found = values.parse_base_proof_value(value, limits=DEFAULT_LIMITS)
    for name in ("addRawBaseSignatureInfo", "derivedRecoveredBaseData"):
        due = stage(case, name)
        assert found.bbs_signature.hex() == due["bbsSignature"]
        assert list(found.mandatory_pointers) == due["mandatoryPointers"]
    assert found.hmac_key == hmac_key()
    assert found.public_key == signer().public.raw
    assert values.serialize_base_proof_value(found) == value


@each
def test_create_base_proof(case: str) -> None:
    document, options, _ = signed(case)
    hiding = Hiding(lambda _size: hmac_key(), tuple(pointers(case)[0]))
    proof = suite.create_base_proof(document, options, signer(), vector_around(), hiding)
    assert proof == stage(case, "addSignedSDBase")["proof"]


@each
def test_groups(case: str) -> None:
    document, _, _ = signed(case)
    grouped = group(document, create_shuffled_id_label_map_function(hmac_key()), pointers(case))
    check_indexes(grouped, stage(case, "derivedGroupIndexes"))
    if case == "prc":
        check_groups(grouped, stage(case, "derivedAllGroupData"))


@each
def test_create_disclosure_data(case: str) -> None:
    document, _, value = signed(case)
    base = values.parse_base_proof_value(value, limits=DEFAULT_LIMITS)
    indexes = stage(case, "derivedAdjIndexes")
    hidden = len(transformed(case).non_mandatory) - len(indexes["adjSelectiveIndexes"])
    derived, disclosure = suite.create_disclosure_data(
        document,
        base,
        pointers(case)[1],
        vector_around(),
        presentation_header=presentation_header(),
        entropy=known_entropy(hidden),
    )
    due = stage(case, "derivedDisclosureData")
    assert disclosure.reveal_document == stage(case, "derivedUnsignedReveal")
    assert list(derived.mandatory_indexes) == indexes["adjMandatoryIndexes"] == due["mandatoryIndexes"]
    assert list(derived.selective_indexes) == indexes["adjSelectiveIndexes"] == due["adjSelectiveIndexes"]
    assert sorted(derived.label_map.items()) == sorted(tuple(entry) for entry in due["labelMap"]["value"])
    assert derived.presentation_header == bytes(due["presentationHeader"].values())
    assert derived.bbs_proof.hex() == due["bbsProof"]


@each
def test_add_derived_proof(case: str) -> None:
    document, options, value = signed(case)
    hidden = len(transformed(case).non_mandatory) - len(
        stage(case, "derivedAdjIndexes")["adjSelectiveIndexes"]
    )
    secured = suite.add_derived_proof(
        document,
        options,
        value,
        pointers(case)[1],
        vector_around(),
        presentation_header=presentation_header(),
        entropy=known_entropy(hidden),
    )
    assert secured == stage(case, "derivedRevealDocument")


@each
def test_parse_derived_proof_value(case: str) -> None:
    _, _, value = signed(case, "derivedRevealDocument")
    found = values.parse_derived_proof_value(value, limits=DEFAULT_LIMITS)
    due = stage(case, "derivedDisclosureData")
    assert found.bbs_proof.hex() == due["bbsProof"]
    assert list(found.mandatory_indexes) == due["mandatoryIndexes"]
    assert list(found.selective_indexes) == due["adjSelectiveIndexes"]
    assert values.serialize_derived_proof_value(found) == value


def test_create_verify_data() -> None:
    document, options, value = signed("prc", "derivedRevealDocument")
    around = vector_around()
    label_map = values.parse_derived_proof_value(value, limits=DEFAULT_LIMITS).label_map
    nquads = replace_labels(document, label_map, contexts=around.contexts, limits=around.limits)
    assert list(nquads) == stage("prc", "verifyNQuads")
    found = suite.create_verify_data(document, options, value, around)
    due = stage("prc", "addHashData")
    assert (found.proof_hash.hex(), found.mandatory_hash.hex()) == (due["proofHash"], due["mandatoryHash"])


@each
def test_the_published_derived_proof_verifies(case: str) -> None:
    document, options, value = signed(case, "derivedRevealDocument")
    assert suite.verify_derived_proof(document, options, value, signer().public, vector_around()) == document


def test_a_base_proof_survives_its_multibase() -> None:
    proof = stage("wind", "addSignedSDBase")["proof"]
    assert encode_multibase(signed("wind")[2], "u") == proof["proofValue"]
