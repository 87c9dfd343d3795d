"""The programs that stand for us in W3C's suites: what they are asked, and what they answer."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.keys import BY_ALGORITHM, ED25519, P256
from tools.command_suites import jose_cose, json_schema

from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_jwk, make_public_jwk
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, PrivateKey

DRAFT = "https://json-schema.org/draft/2020-12/schema"
URL = "https://schemas.example/name.json"
SCHEMA: JsonObject = {"$id": URL, "$schema": DRAFT, "required": ["name"]}
CREDENTIAL: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiableCredential"],
    "issuer": "https://issuer.example/1",
    "credentialSubject": {"id": "did:example:1", "name": "A bale", "parts": [{"name": "x"}, {"name": "y"}]},
}
PRESENTATION: JsonObject = {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    "type": ["VerifiablePresentation"],
    "holder": "https://holder.example/1",
    "verifiableCredential": [
        {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "type": "EnvelopedVerifiableCredential",
            "id": "data:application/vc+jwt,e30.e30.AA",
        }
    ],
}


@pytest.mark.parametrize(
    ("document", "schema", "expected"),
    [
        ({"name": 1, "credentialSchema": {"id": URL, "type": "JsonSchema"}}, SCHEMA, "success"),
        ({"credentialSchema": {"id": URL, "type": "JsonSchema"}}, SCHEMA, "failure"),
        ({"name": 1, "credentialSchema": {"id": URL, "type": "Other"}}, SCHEMA, "failure"),
        ({"name": 1, "credentialSchema": {"id": f"{URL}x", "type": "JsonSchema"}}, SCHEMA, "failure"),
        ({"name": 1}, SCHEMA, "failure"),
        (
            {"name": 1, "credentialSchema": {"id": URL, "type": "JsonSchema"}},
            {**SCHEMA, "$schema": f"{DRAFT}/x"},
            "indeterminate",
        ),
        (
            {"name": 1, "credentialSchema": {"id": URL, "type": "JsonSchema"}},
            {**SCHEMA, "$ref": "https://schemas.example/other.json"},
            "indeterminate",
        ),
    ],
)
def test_a_schema(document: JsonObject, schema: JsonObject, expected: str, tmp_path: Path) -> None:
    for name, content in (("schema", schema), ("credential", document)):
        (tmp_path / name).write_text(json.dumps(content), encoding="utf-8")
    files = [
        part for name in ("schema", "credential", "output") for part in (f"--{name}", str(tmp_path / name))
    ]
    assert json_schema.main(["validate", "--format", "JsonSchema", *files]) == 0
    assert json.loads((tmp_path / "output").read_text()) == {"result": expected}


def run(
    tmp_path: Path, verb: str, text: str, feature: str, private: PrivateKey, *more: str
) -> dict[str, Any]:
    key = {
        "id": "https://issuer.example/1#key",
        "publicKeyJwk": make_public_jwk(private.public),
        "secretKeyJwk": make_private_jwk(private),
    }
    (tmp_path / "input").write_text(text, encoding="utf-8")
    (tmp_path / "key").write_text(json.dumps(key), encoding="utf-8")
    files = [part for name in ("input", "key", "output") for part in (f"--{name}", str(tmp_path / name))]
    assert jose_cose.main([verb, *files, "--feature", feature, *more]) == 0
    found: dict[str, Any] = json.loads((tmp_path / "output").read_text())
    return found


@pytest.mark.parametrize("algorithm", JWS_ALGORITHMS)
@pytest.mark.parametrize("way", ["jose", "sdjwt", "cose"])
@pytest.mark.parametrize(("what", "document"), [("credential", CREDENTIAL), ("presentation", PRESENTATION)])
def test_what_is_issued_verifies(
    tmp_path: Path, algorithm: Algorithm, way: str, what: str, document: JsonObject
) -> None:
    feature, private = f"{what}_{way}", BY_ALGORITHM[algorithm]
    paths = [] if what == "presentation" else ["credentialSubject.parts[0]", "credentialSubject.name"]
    made = run(tmp_path, "issue", json.dumps(document), feature, private, "--sd", json.dumps(paths))
    assert made["result"] == "success"
    found = run(tmp_path, "verify", made["data"], feature, private)
    assert (found["result"], json.loads(found["data"])) == ("success", document)
    other = ED25519 if private is P256 else P256
    assert run(tmp_path, "verify", made["data"], feature, other)["result"] == "failure"
    kind = "presentation" if what == "credential" else "credential"
    assert run(tmp_path, "verify", made["data"], f"{kind}_{way}", private)["result"] == "failure"


def test_what_is_no_credential_is_not_issued(tmp_path: Path) -> None:
    wrong = json.dumps({**CREDENTIAL, "issuer": 5})
    assert run(tmp_path, "issue", wrong, "credential_cose", P256)["result"] == "failure"
    bare = {**PRESENTATION, "verifiableCredential": [{**CREDENTIAL}]}
    assert run(tmp_path, "issue", json.dumps(bare), "presentation_jose", P256)["result"] == "failure"


def test_what_a_verifier_needs_is_not_hidden(tmp_path: Path) -> None:
    hidden = '["issuer", "credentialSubject.name"]'
    made = run(tmp_path, "issue", json.dumps(CREDENTIAL), "credential_sdjwt", P256, "--sd", hidden)
    assert made["data"].count("~") == 2
