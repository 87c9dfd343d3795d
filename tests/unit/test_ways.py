"""One table of ways to secure a credential: what fits together, and what is refused before it is signed."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.support.certificates import extension_document

import certweave
from certweave.credential.signable import check_signable
from certweave.did.key import make_did_key, make_did_key_method
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.proof.suites.suite import Commitment
from certweave.proof.ways import WAYS, secure_credential
from certweave_edge.contexts import load_context_store

NOW = datetime(2026, 3, 1, tzinfo=UTC)
V1 = "https://www.w3.org/2018/credentials/v1"
V2 = "https://www.w3.org/ns/credentials/v2"
TOKENS = ("vc+jwt", "vc+sd-jwt", "vc+cose")


def entropy(size: int) -> bytes:
    return bytes(range(1, size + 1))


def secure(way: str, algorithm: Algorithm, document: dict[str, Any]) -> certweave.Report:
    """Secure a credential and examine what comes out."""
    key = make_private_key(algorithm, entropy=entropy)
    contexts = load_context_store()
    secured = certweave.secure_credential(
        {**document, "issuer": make_did_key(key.public)},
        KeySigner(make_did_key_method(key.public), key),
        way=way,
        contexts=contexts,
        limits=certweave.DEFAULT_LIMITS,
        now=NOW,
        entropy=entropy,
    )
    source = secured if isinstance(secured, bytes) else to_bytes(secured)
    return certweave.verify(
        source,
        certweave.Evidence(),
        policy=certweave.INTEGRITY,
        now=NOW,
        limits=certweave.DEFAULT_LIMITS,
        contexts=contexts,
    )


def to_bytes(secured: str | dict[str, Any]) -> bytes:
    return secured.encode() if isinstance(secured, str) else json.dumps(secured).encode()


def test_a_way_that_names_no_holder_says_so() -> None:
    key = make_private_key(Algorithm.ED25519, entropy=entropy)
    more: dict[str, Any] = {"limits": certweave.DEFAULT_LIMITS, "now": NOW, "entropy": entropy}
    document = {**DOCUMENT, "issuer": make_did_key(key.public)}
    signer = KeySigner(make_did_key_method(key.public), key)
    for way in WAYS.values():
        if not way.binds and Algorithm.ED25519 in way.algorithms:
            with pytest.raises(certweave.UndecidedError, match="names no key") as caught:
                certweave.secure_credential(
                    document, signer, way=way.name, contexts=load_context_store(), holder=key.public, **more
                )
            assert caught.value.code == "holder_unsupported"


def test_a_way_that_binds_to_no_commitment_says_so() -> None:
    document = {**DOCUMENT, "issuer": "did:web:issuer.example"}
    more: dict[str, Any] = {"limits": certweave.DEFAULT_LIMITS, "now": NOW, "entropy": entropy}
    for way in WAYS.values():
        if way.commits:
            continue
        key = make_private_key(next(iter(way.algorithms)), entropy=entropy)
        signer = KeySigner("did:web:issuer.example#k", key)
        with pytest.raises(certweave.InvalidError) as caught:
            secure_credential(
                document,
                signer,
                way=way.name,
                contexts=load_context_store(),
                commitment=Commitment("anonymous_holder_binding", b""),
                **more,
            )
        assert caught.value.code == "commitment_unfit"


DOCUMENT = {"@context": [V2], "type": ["VerifiableCredential"], "credentialSubject": {"id": "urn:lot:7"}}
OLD = {**DOCUMENT, "@context": [V1], "issuanceDate": "2026-01-01T00:00:00Z"}
WHOLE = [
    (way.name, algorithm)
    for way in WAYS.values()
    if way.pointers != "mandatory"
    for algorithm in way.algorithms
]


@pytest.mark.parametrize(("way", "algorithm"), WHOLE)
def test_what_was_secured_verifies(way: str, algorithm: Algorithm) -> None:
    assert secure(way, algorithm, DOCUMENT).verdict is certweave.Verdict.VALID


LOT = {"id": "urn:lot:7", "name": "Lot 7"}
SURPRISES: dict[str, tuple[dict[str, Any], str, str | None]] = {
    "a term that nobody defines": (
        {"credentialSubject": {**LOT, "naem": "Lot 7"}},
        "term_unknown",
        "/credentialSubject/naem",
    ),
    "a type that nobody defines": ({"type": ["VerifiableCredential", "Lott"]}, "type_unknown", "/type/1"),
    "a relative IRI": (
        {"credentialSubject": {**LOT, "type": "../Lot"}},
        "type_unknown",
        "/credentialSubject/type",
    ),
    "a relative IRI deep inside": (
        {
            "@context": [V2, {"part": "urn:part"}],
            "credentialSubject": {**LOT, "part": {"id": "parts/7", "name": "x"}},
        },
        "iri_not_absolute",
        "/credentialSubject/part/id",
    ),
    "an integer that others round": (
        {"credentialSubject": {**LOT, "name": 2**53}},
        "number_range",
        "/credentialSubject/name",
    ),
    "a number that nobody reads": ({"credentialSubject": {**LOT, "name": 1e30}}, "json_number", None),
    "a protected term with another meaning": (
        {"@context": [V2, {"VerifiableCredential": "urn:vc"}]},
        "jsonld",
        "/@context/1",
    ),
    "a UNTP credential that its model refuses": (
        {
            "@context": [V2, "https://vocabulary.uncefact.org/untp/0.7.0/context/"],
            "type": ["DigitalIdentityAnchor", "VerifiableCredential"],
            "id": "urn:x:1",
            "name": {"@value": "An anchor"},
        },
        "untp_model",
        "/issuer",
    ),
    "an end under another name": (
        {
            "@context": [V2, {"ends": "https://www.w3.org/2018/credentials#validUntil"}],
            "ends": "2026-01-01T00:00:00Z",
        },
        "term_renamed",
        "/validUntil",
    ),
    "a digest that is not that of the context": (
        {"relatedResource": {"id": V2, "digestSRI": f"sha256-{'A' * 43}="}},
        "digest_mismatch",
        "/relatedResource/digestSRI",
    ),
    "a text without UTF-8": ({"credentialSubject": {**LOT, "name": "\ud800"}}, "jcs_domain", None),
    "a credential of a schema without one": (
        {
            "type": ["VerifiableCredential", "JsonSchemaCredential"],
            "credentialSchema": {
                "id": "https://www.w3.org/ns/credentials/json-schema/v2.json",
                "type": "JsonSchema",
                "digestSRI": f"sha384-{'A' * 64}",
            },
            "credentialSubject": {"type": "JsonSchema", "jsonSchema": {"$id": "https://x.example/schema"}},
        },
        "schema_draft_missing",
        "/credentialSubject/jsonSchema",
    ),
    "a digest where nothing is withheld": (
        {"credentialSubject": {**LOT, "_sd": ["x"]}},
        "sd_claim_reserved",
        "/credentialSubject/_sd",
    ),
    "a proof that is none": ({"proof": "x"}, "shape", "/proof"),
    "no proof where one should be": ({"proof": []}, "shape", "/proof"),
    "a proof that says nothing": ({"proof": {}}, "proof_malformed", "/proof"),
    "a model that is broken": ({"credentialSubject": []}, "shape", "/credentialSubject"),
}


@pytest.mark.parametrize("surprise", SURPRISES)
@pytest.mark.parametrize("way", [way for way in WAYS if way != "bbs-2023"])
def test_what_would_surprise_is_refused_before_it_is_signed(way: str, surprise: str) -> None:
    changes, code, path = SURPRISES[surprise]
    with pytest.raises(certweave.CertweaveError) as caught:
        secure(way, WAYS[way].algorithms[0], DOCUMENT | changes)
    assert (caught.value.code, caught.value.path) == (code, path)


DESCRIBED = {"description": {"@value": "Ein Nachweis", "@language": "de"}}
SIGNED_BEFORE = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "proofPurpose": "assertionMethod",
}
UNUSUAL: dict[str, dict[str, Any]] = {
    "a text like a claim that is reserved": {**DOCUMENT, "credentialSubject": {**LOT, "name": "_sd"}},
    "a proof that is there": {**DOCUMENT, "proof": SIGNED_BEFORE},
    "a UNTP credential described in a language": extension_document("Delegation") | DESCRIBED,
}


@pytest.mark.parametrize("case", UNUSUAL)
def test_what_is_unusual_may_be_signed(case: str) -> None:
    check_signable(
        {"issuer": "did:web:issuer.example"} | UNUSUAL[case],
        contexts=load_context_store(),
        limits=certweave.DEFAULT_LIMITS,
    )


@pytest.mark.parametrize("way", TOKENS)
def test_tokens_and_messages_are_of_the_newer_model(way: str) -> None:
    with pytest.raises(certweave.InvalidError) as caught:
        secure(way, Algorithm.ED25519, OLD)
    assert (caught.value.code, caught.value.path) == ("model_unfit", "/@context/0")


@pytest.mark.parametrize(
    ("way", "algorithm"), [("eddsa-jcs-2022", Algorithm.P256), ("ecdsa-rdfc-2019", Algorithm.ED25519)]
)
def test_a_key_of_another_kind_is_refused(way: str, algorithm: Algorithm) -> None:
    with pytest.raises(certweave.InvalidError) as caught:
        secure(way, algorithm, DOCUMENT)
    assert caught.value.code == "suite_key_mismatch"


def test_another_way_is_not_supported() -> None:
    with pytest.raises(certweave.UndecidedError) as caught:
        secure("rot13", Algorithm.ED25519, DOCUMENT)
    assert caught.value.code == "suite_unsupported"
