"""did:jwk: the key is the identity."""

import json

import pytest
from tests.support.world import START, World, outcome

from certweave.did.jwk import jwk_document
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.keys.jwk import make_private_jwk, make_private_key, make_public_jwk
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, KeySigner
from certweave.proof.vc_jwt import sign_credential_jwt


def did_of(jwk: JsonObject) -> str:
    return "did:jwk:" + base64url_encode(json.dumps(jwk).encode())


@pytest.mark.parametrize("algorithm", JWS_ALGORITHMS)
def test_a_credential_of_a_did_jwk_is_valid(algorithm: Algorithm) -> None:
    key = make_private_key(algorithm, entropy=lambda size: b"\x07" * size)
    did = did_of(make_public_jwk(key.public))
    assert jwk_document(did).methods[0].key == key.public
    document = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": did,
        "credentialSubject": {"id": "did:example:a", "name": "x"},
    }
    token = sign_credential_jwt(document, KeySigner(f"{did}#0", key), issued_at=START)
    report = World().examine(token.encode())
    assert report.verdict == "valid"
    assert outcome(report, "history") == "not_applicable:history_none_key"


def test_the_method_as_its_authors_publish_it() -> None:
    # The example of the specification, for P-256.
    did = (
        "did:jwk:eyJjcnYiOiJQLTI1NiIsImt0eSI6IkVDIiwieCI6ImFjYklRaXVNczNpOF91c3pFakoydHBUdFJNNEVVM3l6OTFQ"
        "SDZDZEgyVjAiLCJ5IjoiX0tjeUxqOXZXTXB0bm1LdG00NkdxRHo4d2Y3NEk1TEtncmwyR3pIM25TRSJ9"
    )
    document = jwk_document(did)
    assert document.methods[0].id == f"{did}#0"
    assert document.methods[0].key is not None
    assert document.relationships["assertionMethod"] == (f"{did}#0",)


SECRET = make_private_key(Algorithm.ED25519, entropy=lambda size: b"\x07" * size)
REFUSED = {
    "another method": "did:key:z6Mk",
    "no base64url": "did:jwk:e.y",
    "no object": "did:jwk:" + base64url_encode(b"[]"),
    "a private key": did_of(make_private_jwk(SECRET)),
    "not for signatures": did_of({**make_public_jwk(SECRET.public), "use": "enc"}),
    "another kind": did_of({"kty": "RSA", "n": "AA", "e": "AQAB"}),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str) -> None:
    with pytest.raises(CertweaveError):
        jwk_document(REFUSED[name])
