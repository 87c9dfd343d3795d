"""DID documents: forms of keys, relationships by reference or inside, and methods that are not the DID's."""

from typing import Any

import pytest
from tests.support.did_logs import private_key

from certweave.did.document import find_method, parse_did_document
from certweave.did.key import key_document, make_did_key, make_did_key_method, parse_did_key_method
from certweave.errors import CertweaveError, InvalidError, MalformedError, UnsupportedError
from certweave.keys.jwk import make_private_jwk, make_public_jwk
from certweave.keys.model import Algorithm
from certweave.keys.multikey import make_secret_multikey

DID = "did:web:mill.example"
ED = private_key(1)
P256 = private_key(2, Algorithm.P256)


def method(kind: str = "Multikey", **members: Any) -> dict[str, Any]:
    key = members or {"publicKeyMultibase": ED.public.multikey}
    return {"id": f"{DID}#k", "type": kind, "controller": DID, **key}


def document(*methods: Any, **more: Any) -> dict[str, Any]:
    return {"id": DID, "verificationMethod": list(methods), "assertionMethod": [f"{DID}#k"], **more}


FORMS = [
    ("Multikey", {"publicKeyMultibase": ED.public.multikey}, ED.public),
    ("Multikey", {"publicKeyMultibase": P256.public.multikey}, P256.public),
    ("JsonWebKey", {"publicKeyJwk": make_public_jwk(ED.public)}, ED.public),
    ("JsonWebKey", {"publicKeyJwk": make_public_jwk(P256.public)}, P256.public),
    ("JsonWebKey2020", {"publicKeyJwk": make_public_jwk(P256.public)}, P256.public),
    ("Ed25519VerificationKey2020", {"publicKeyMultibase": ED.public.multikey}, ED.public),
]


@pytest.mark.parametrize(("kind", "members", "key"), FORMS)
def test_key_is_read_in_every_form(kind: str, members: dict[str, Any], key: Any) -> None:
    read = parse_did_document(document(method(kind, **members)), did=DID)
    assert find_method(read, f"{DID}#k", "assertionMethod").require_key() == key


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"type": "Ed25519VerificationKey2018"}, "method_type_unsupported"),
        ({"type": ""}, "method_type_unsupported"),
        ({"id": "did:web:evil.example#k"}, "method_foreign"),
        ({"id": DID}, "method_foreign"),
        ({"id": f"{DID}#"}, "method_foreign"),
        ({"controller": "did:web:evil.example"}, "method_controller"),
        ({"controller": None}, "method_controller"),
        ({"publicKeyJwk": make_public_jwk(ED.public)}, "method_key"),
        ({"secretKeyMultibase": "z3u2"}, "method_key"),
        ({"publicKeyMultibase": 7}, "method_key"),
        ({"publicKeyMultibase": "z6Mk"}, "multikey"),
        ({"publicKeyMultibase": ""}, "multikey"),
        ({"publicKeyMultibase": make_secret_multikey(ED)}, "multikey_secret"),
        ({"type": "Ed25519VerificationKey2020", "publicKeyMultibase": P256.public.multikey}, "method_key"),
        ({"type": "JsonWebKey"}, "method_key"),
    ],
)
def test_method_without_a_usable_key_is_kept_with_its_problem(changed: dict[str, Any], code: str) -> None:
    broken = {**method(), **changed}
    read = parse_did_document(document(broken, assertionMethod=[]), did=DID)
    found = read.methods[0]
    assert (found.key, found.raw) == (None, broken)
    with pytest.raises(CertweaveError) as caught:
        found.require_key()
    assert caught.value.code == code
    assert isinstance(caught.value, UnsupportedError) == (code == "method_type_unsupported")


@pytest.mark.parametrize("jwk", [make_private_jwk(ED), "x", {}, {"kty": "RSA"}])
def test_jwk_that_is_no_public_key_is_kept_with_its_problem(jwk: Any) -> None:
    read = parse_did_document(document(method("JsonWebKey", publicKeyJwk=jwk)), did=DID)
    with pytest.raises(CertweaveError):
        read.methods[0].require_key()


def test_method_inside_a_relationship_counts_for_that_one_only() -> None:
    read = parse_did_document({"id": DID, "authentication": [{**method(), "id": "#k"}]}, did=DID)
    assert find_method(read, f"{DID}#k", "authentication").key == ED.public
    with pytest.raises(InvalidError) as caught:
        find_method(read, f"{DID}#k", "assertionMethod")
    assert caught.value.code == "key_wrong_relationship"


def test_relative_references_are_the_documents_own() -> None:
    read = parse_did_document(document({**method(), "id": "#k"}, assertionMethod=["#k"]), did=DID)
    assert find_method(read, f"{DID}#k", "assertionMethod").id == f"{DID}#k"


def test_reference_to_somebody_elses_key_finds_none() -> None:
    read = parse_did_document(document(assertionMethod=["did:web:evil.example#k"]), did=DID)
    with pytest.raises(InvalidError) as caught:
        find_method(read, "did:web:evil.example#k", "assertionMethod")
    assert caught.value.code == "key_unknown"


BROKEN: list[tuple[dict[str, Any], str, str]] = [
    ({"id": "did:web:evil.example"}, "document_id_mismatch", "/id"),
    ({"id": None}, "document_id_mismatch", "/id"),
    ({"verificationMethod": {}}, "document_malformed", "/verificationMethod"),
    ({"verificationMethod": ["x"]}, "method_malformed", "/verificationMethod/0"),
    ({"verificationMethod": [{**method(), "id": ""}]}, "method_malformed", "/verificationMethod/0"),
    ({"verificationMethod": [{**method(), "type": 1}]}, "method_malformed", "/verificationMethod/0"),
    (
        {"verificationMethod": [{**method(), "controller": [DID]}]},
        "method_malformed",
        "/verificationMethod/0",
    ),
    ({"verificationMethod": [{**method(), "expires": "soon"}]}, "timestamp", "/verificationMethod/0/expires"),
    ({"verificationMethod": [method(), {**method(), "x": 1}]}, "method_duplicate", "/verificationMethod/1"),
    ({"assertionMethod": "#k"}, "document_malformed", "/assertionMethod"),
    ({"assertionMethod": [7]}, "method_malformed", "/assertionMethod/0"),
    ({"keyAgreement": [{**method(), "x": 1}]}, "method_duplicate", "/keyAgreement/0"),
    ({"alsoKnownAs": "did:web:a.example"}, "document_malformed", "/alsoKnownAs"),
    ({"alsoKnownAs": [""]}, "document_malformed", "/alsoKnownAs"),
    ({"controller": 7}, "document_malformed", "/controller"),
    ({"service": [{"id": "#a"}]}, "service_malformed", "/service/0"),
]


@pytest.mark.parametrize(("changed", "code", "path"), BROKEN)
def test_document_of_the_wrong_form_is_refused(changed: dict[str, Any], code: str, path: str) -> None:
    with pytest.raises((MalformedError, InvalidError)) as caught:
        parse_did_document({**document(method()), **changed}, did=DID)
    assert (caught.value.code, caught.value.path) == (code, path)


def test_other_members_are_kept() -> None:
    service = {"id": "#shop", "type": "LinkedDomains", "serviceEndpoint": "https://mill.example"}
    raw = document(
        method(), controller="did:web:a.example", alsoKnownAs=["did:web:b.example"], service=[service]
    )
    read = parse_did_document(raw, did=DID)
    assert (read.controllers, read.also_known_as) == (("did:web:a.example",), ("did:web:b.example",))
    assert (read.services, read.raw) == ((service,), raw)


@pytest.mark.parametrize("key", [ED.public, P256.public])
def test_did_key_expands_to_its_only_key(key: Any) -> None:
    did = make_did_key(key)
    read = key_document(did)
    name = make_did_key_method(key)
    assert parse_did_key_method(name) == key
    for purpose in ("assertionMethod", "authentication"):
        assert find_method(read, name, purpose).require_key() == key
    assert find_method(read, name, "assertionMethod").controller == did


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("did:web:a.example", InvalidError),
        ("did:key:z6Mk", MalformedError),
        ("did:key:uAAA", MalformedError),
        ("did:key:z6LSbysY2xFMRpGMhb7tFTLMpeuPRaqaWM1yECx2AtzE3KCc", UnsupportedError),
    ],
)
def test_did_key_that_cannot_be_one_is_refused(text: str, kind: type[CertweaveError]) -> None:
    with pytest.raises(kind):
        key_document(text)


def test_halves_of_a_did_key_method_must_agree() -> None:
    other = make_did_key_method(private_key(3).public)
    crossed = make_did_key(ED.public) + "#" + other.partition("#")[2]
    for text in (crossed, make_did_key(ED.public), make_did_key(ED.public) + "#"):
        with pytest.raises(InvalidError) as caught:
            parse_did_key_method(text)
        assert caught.value.code == "did_key_method"
