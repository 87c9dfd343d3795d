"""bbs-2023 against the vectors of the W3C (vc-di-bbs, Appendix A.3), the optional features, at every stage.

All stages hold byte for byte. Two of them keep an older form than the text beside them, with a pseudonym: the
outermost bytes of ``addSignedSDBase`` and of ``derivedRevealDocument`` (``bbs_2023_values``). Of these, every
component is compared, they are read, and the proof in them is verified; we write the form of the text.
"""

import json
from collections.abc import Callable
from typing import Any

import cbor2
import pytest
from tests.support.mocked_scalars import mocked_entropy
from tests.support.sd_stages import check_groups, check_indexes, group, split_secured
from tests.support.shared import shared
from tests.support.vector_contexts import vector_around

from certweave.canon.rdf import Hash, canonical_form
from certweave.did.key import make_did_key_method
from certweave.encoding.multibase import decode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.keys.bbs_blind import BLIND_API_ID
from certweave.keys.bbs_group import ORDER, messages_to_scalars
from certweave.keys.bbs_pseudonym import PSEUDONYM_API_ID, verify_finalize_with_nym
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites import bbs_2023 as suite
from certweave.proof.suites import bbs_2023_features as features
from certweave.proof.suites import bbs_2023_values as values
from certweave.proof.suites.bbs_2023_values import Feature
from certweave.proof.suites.sd.grouping import (
    create_shuffled_id_label_map_function,
    replace_labels,
)
from certweave.proof.suites.sd.transformation import Transformed
from certweave.proof.suites.suite import Around, Commitment, Hiding

FOLDER = "w3c/vc-di-bbs/TestVectors"
CASES = {
    "HolderBinding": Feature.HOLDER_BINDING,
    "Pseudonym": Feature.PSEUDONYM,
    "PseudonymHB": Feature.HOLDER_BINDING_PSEUDONYM,
}
OLDER = ("Pseudonym", "PseudonymHB")
each = pytest.mark.parametrize("case", CASES)
older = pytest.mark.parametrize("case", OLDER)


def load(*parts: str) -> Any:
    return json.loads(shared(FOLDER, *parts).read_text("utf-8"))


def stage(case: str, name: str) -> Any:
    return load(case, f"{name}.json")


def given(name: str, member: str) -> bytes:
    return bytes.fromhex(load("FeatureInputs", f"{name}.json")[member])


def hmac_key() -> bytes:
    return bytes.fromhex(load("BBSKeyMaterial.json")["hmacKeyString"])


def signer() -> KeySigner:
    private = PrivateKey(Algorithm.BBS, bytes.fromhex(load("BBSKeyMaterial.json")["privateKeyHex"]))
    return KeySigner(make_did_key_method(private.public), private)


def pointers() -> tuple[list[str], list[str]]:
    return load("FeatureInputs", "licenseMandatory.json"), load("FeatureInputs", "licenseSelective.json")


def audience() -> str:
    return str(load("FeatureInputs", "verifierInfo.json")["verifierId"])


def secured(case: str, name: str = "addSignedSDBase") -> tuple[JsonObject, JsonObject, bytes]:
    """Return the document, the options and the decoded proofValue of a secured document."""
    return split_secured(stage(case, name))


def secrets(case: str) -> features.HolderSecrets:
    """Return what the holder keeps."""
    feature = CASES[case]
    return features.HolderSecrets(
        bytes.fromhex(stage(case, "commitmentInfo")["secretProverBlind"]),
        given("holderSecret", "holderSecretHex") if feature.holder_binding else None,
        given("proverNym", "proverNymHex") if feature.pseudonyms else None,
    )


def commitment(case: str) -> Commitment:
    """Return what the holder sends, with what the issuer adds."""
    feature = CASES[case]
    return Commitment(
        feature,
        bytes.fromhex(stage(case, "commitmentInfo")["commitmentWithProof"]),
        given("signerNymEntropy", "signerNymEntropyHex") if feature.pseudonyms else None,
    )


def transformed(case: str) -> Transformed:
    document, _, _ = secured(case)
    return suite.base_proof_transformation(document, pointers()[0], hmac_key(), vector_around())


def known_entropy(case: str) -> Callable[[int], bytes]:
    """Return the mocked numbers of the vectors, which take the name of the interface for a tag."""
    name = b"H2G_HM2S_PSEUDONYM_" if CASES[case].pseudonyms else b"BLIND_H2G_HM2S_"
    seed = bytes.fromhex(load("BBSDeriveMaterial.json")["pseudoRandSeedHex"])
    statements = len(transformed(case).non_mandatory)
    shown = len(stage(case, "derivedAdjIndexes")["adjSelectiveIndexes"])
    count = 5 + statements - shown + 1 + CASES[case].committed
    return mocked_entropy(count, seed, b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_" + name)


def derived(case: str) -> tuple[values.DerivedValue, Any]:
    document, _, value = secured(case)
    return suite.create_disclosure_data(
        document,
        values.parse_base_proof_value(value, limits=DEFAULT_LIMITS),
        pointers()[1],
        vector_around(),
        presentation_header=bytes.fromhex(load("BBSDeriveMaterial.json")["presentationHeaderHex"]),
        entropy=known_entropy(case),
        holder=secrets(case),
        nym_domain=audience() if CASES[case].pseudonyms else None,
    )


@each
def test_commitment(case: str) -> None:
    """The vectors do not say what was random; it follows from the answers, the challenge and the secrets."""
    feature, kept, due = CASES[case], secrets(case), commitment(case).with_proof
    *answers, challenge = (int.from_bytes(due[start : start + 32]) for start in range(48, len(due), 32))
    api_id = PSEUDONYM_API_ID if feature.pseudonyms else BLIND_API_ID
    hidden = [kept.blind, *messages_to_scalars(kept.committed_messages, api_id)]
    hidden += [int.from_bytes(kept.prover_nym)] if kept.prover_nym is not None else []
    masks = [(answer - one * challenge) % ORDER for answer, one in zip(answers, hidden, strict=True)]
    drawn = iter([kept.blind, *masks])
    sent, made = features.commit(
        feature,
        entropy=lambda size: next(drawn).to_bytes(size),
        holder_secret=kept.holder_secret,
        prover_nym=kept.prover_nym,
    )
    assert sent == Commitment(feature, due)
    assert made == kept


@each
def test_canonical_documents(case: str) -> None:
    document, _, _ = secured(case)
    assert document == load("FeatureInputs", "license.json")
    around = vector_around()
    found = canonical_form(document, contexts=around.contexts, hash_name=Hash.SHA256, limits=around.limits)
    assert list(found.lines) == stage(case, "addBaseDocCanon")
    grouped = group(document, create_shuffled_id_label_map_function(hmac_key()))
    assert list(grouped.nquads) == stage(case, "addBaseDocHMACCanon")


@each
def test_base_proof_transformation(case: str) -> None:
    due, found = stage(case, "addBaseTransform"), transformed(case)
    assert list(found.mandatory_pointers) == due["mandatoryPointers"]
    assert [list(item) for item in found.mandatory.items()] == due["mandatory"]["value"]
    assert [list(item) for item in found.non_mandatory.items()] == due["nonMandatory"]["value"]


@each
def test_base_proof_configuration_and_hashing(case: str) -> None:
    document, options, _ = secured(case)
    config = suite.base_proof_configuration(options, document, vector_around())
    assert config == shared(FOLDER, case, "addProofConfigCanon.txt").read_bytes()
    assert {**options, "@context": document["@context"]} == stage(case, "addProofConfig")
    due = stage(case, "addHashData")
    assert (
        suite.base_proof_hashing(transformed(case), config).hex() == due["proofHash"] + due["mandatoryHash"]
    )


@each
def test_base_signature(case: str) -> None:
    """§3.4.5 steps 4 and 5, against the raw values and against those that the holder recovers."""
    found = values.parse_base_proof_value(base_proof(case), limits=DEFAULT_LIMITS)
    for name in ("addRawBaseSignatureInfo", "derivedRecoveredBaseData"):
        due = stage(case, name)
        assert found.bbs_signature.hex() == due["bbsSignature"]
        assert found.bbs_header.hex() == due["bbsHeader"]
        assert found.public_key.hex() == due["publicKey"]
        assert found.hmac_key.hex() == due["hmacKey"]
        assert list(found.mandatory_pointers) == due["mandatoryPointers"]
        assert found.feature == CASES[case] == due["featureOption"]
        entropy = due.get("signerNymEntropyHex", due.get("signerNymEntropy"))
        assert entropy == (found.signer_nym_entropy.hex() if found.signer_nym_entropy else None)


def base_proof(case: str) -> bytes:
    """Return the base proof that we make of the inputs of a case."""
    document, options, _ = secured(case)
    drawn = iter([hmac_key()])
    hiding = Hiding(lambda _size: next(drawn), tuple(pointers()[0]), commitment(case))
    proof = suite.create_base_proof(document, options, signer(), vector_around(), hiding)
    assert {name: value for name, value in proof.items() if name != "proofValue"} == options
    return decode_multibase(proof["proofValue"])


def test_signed_base_document() -> None:
    assert base_proof("HolderBinding") == secured("HolderBinding")[2]


@older
def test_signed_base_document_of_the_older_form(case: str) -> None:
    made, due = base_proof(case), secured(case)[2]
    assert due[:3] == values.BASE_HEADERS[Feature.HOLDER_BINDING_PSEUDONYM]
    *components, entropy = cbor2.loads(made[3:])
    assert [*components, int.from_bytes(entropy)] == cbor2.loads(due[3:])
    read = values.parse_base_proof_value(due, limits=DEFAULT_LIMITS)
    assert read.signer_nym_entropy == entropy


@older
def test_nym_secret(case: str) -> None:
    base = values.parse_base_proof_value(secured(case)[2], limits=DEFAULT_LIMITS)
    kept = secrets(case)
    found = verify_finalize_with_nym(
        base.public_key,
        base.bbs_signature,
        base.bbs_header,
        [nquad.encode() for nquad in transformed(case).non_mandatory.values()],
        committed_messages=kept.committed_messages,
        prover_nym=kept.prover_nym or b"",
        signer_nym_entropy=base.signer_nym_entropy or b"",
        secret_prover_blind=kept.blind,
    )
    assert found == int(stage(case, "nymSecret")["nymSecretHex"], 16).to_bytes(32)


@each
def test_groups(case: str) -> None:
    document, _, _ = secured(case)
    grouped = group(document, create_shuffled_id_label_map_function(hmac_key()), pointers())
    check_indexes(grouped, stage(case, "derivedGroupIndexes"))
    check_groups(grouped, stage(case, "derivedAllGroupData"))


@each
def test_create_disclosure_data(case: str) -> None:
    found, disclosure = derived(case)
    due, indexes = stage(case, "derivedDisclosureData"), stage(case, "derivedAdjIndexes")
    assert disclosure.reveal_document == stage(case, "derivedUnsignedReveal")
    assert found.bbs_proof.hex() == due["bbsProof"]
    assert sorted(found.label_map.items()) == sorted(tuple(entry) for entry in due["labelMap"]["value"])
    assert list(found.mandatory_indexes) == indexes["adjMandatoryIndexes"] == due["mandatoryIndexes"]
    assert list(found.selective_indexes) == indexes["adjSelectiveIndexes"] == due["adjSelectiveIndexes"]
    assert found.presentation_header == bytes(due["presentationHeader"].values())
    assert found.feature == due["featureOption"]
    assert found.bound is not None
    assert found.bound.length == due["lengthBBSMessages"]
    assert (found.bound.pseudonym.hex() if found.bound.pseudonym else None) == due.get("pseudonym")


def test_signed_derived_document() -> None:
    case = "HolderBinding"
    document, options, value = secured(case)
    shown = suite.add_derived_proof(
        document,
        options,
        value,
        pointers()[1],
        vector_around(),
        presentation_header=bytes.fromhex(load("BBSDeriveMaterial.json")["presentationHeaderHex"]),
        entropy=known_entropy(case),
        holder=secrets(case),
    )
    assert shown == stage(case, "derivedRevealDocument")


@older
def test_signed_derived_document_of_the_older_form(case: str) -> None:
    made, due = (
        values.serialize_derived_proof_value(derived(case)[0]),
        secured(case, "derivedRevealDocument")[2],
    )
    assert made[:3] == values.DERIVED_HEADERS[CASES[case]]
    assert due[:3] == values.DERIVED_HEADERS[Feature.HOLDER_BINDING_PSEUDONYM]
    components = cbor2.loads(made[3:])
    assert components.pop(5) == audience()
    assert components == cbor2.loads(due[3:])


@each
def test_parse_derived_proof_value(case: str) -> None:
    document, _, value = secured(case, "derivedRevealDocument")
    found = values.parse_derived_proof_value(value, limits=DEFAULT_LIMITS)
    due = stage(case, "verifyDerivedProofValue")
    assert found.bbs_proof.hex() == due["bbsProof"]
    assert [list(entry) for entry in found.label_map.items()] == due["labelMap"]
    assert list(found.mandatory_indexes) == due["mandatoryIndexes"]
    assert list(found.selective_indexes) == due["adjSelectedIndexes"]
    assert found.bound is not None
    assert found.bound.length == stage(case, "derivedDisclosureData")["lengthBBSMessages"]
    around = vector_around()
    nquads = replace_labels(document, found.label_map, contexts=around.contexts, limits=around.limits)
    assert list(nquads) == stage(case, "verifyNQuads")


@each
def test_the_published_derived_proof_verifies(case: str) -> None:
    document, options, value = secured(case, "derivedRevealDocument")
    around = vector_around()
    data = suite.create_verify_data(document, options, value, around)
    due = stage(case, "addHashData")
    assert (data.proof_hash.hex(), data.mandatory_hash.hex()) == (due["proofHash"], due["mandatoryHash"])
    around = Around(around.contexts, around.limits, audience())
    assert suite.verify_derived_proof(document, options, value, signer().public, around) == document
