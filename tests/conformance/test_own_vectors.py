"""Vectors of our own making (folder own): fixed files, each checked by a second implementation as well.

JWT: jwcrypto. JCS and proofs: the few lines below, which share no code with the product.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from jwcrypto.jwk import JWK
from jwcrypto.jws import JWS

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.keys.jwk import parse_public_jwk
from certweave.keys.multikey import parse_multikey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import parse_proofs, verify_proof
from certweave.proof.jose import check_header, parse_compact, verify_jws
from certweave.proof.suites.suite import NOTHING_AROUND
from certweave.proof.vc_jwt import check_claims, strip_claims

OWN = Path(__file__).parent / "own"


def cases(name: str) -> list[Any]:
    return [pytest.param(case, id=case["name"]) for case in json.loads((OWN / name).read_text("utf-8"))]


@pytest.mark.parametrize("case", cases("jwt.json"))
def test_jwt(case: JsonObject) -> None:
    jws = parse_compact(case["token"], limits=DEFAULT_LIMITS)
    assert check_header(jws.header, typ=case["typ"]).typed
    verify_jws(jws, parse_public_jwk(case["key"]))
    payload = parse_object(jws.payload, limits=DEFAULT_LIMITS)
    presentation = case["typ"] == "vp+jwt"
    check_claims(payload, presentation=presentation)
    assert strip_claims(payload, presentation=presentation) == case["document"]


@pytest.mark.parametrize("case", cases("jwt.json"))
def test_jwt_by_jwcrypto(case: JsonObject) -> None:
    found = JWS()
    found.deserialize(case["token"])
    found.verify(JWK(**case["key"]))
    assert json.loads(found.payload) == {**case["document"], **case["claims"]}
    assert found.jose_header["typ"] == case["typ"]


def simple_canonical(value: Any) -> str:
    """RFC 8785 for values whose numbers Python and ECMAScript write alike once ".0" is gone."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(f"{simple_canonical(n)}:{simple_canonical(value[n])}" for n in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(simple_canonical, value)) + "]"
    if isinstance(value, float):
        return simple_number(value)
    return json.dumps(value, ensure_ascii=False)


def simple_number(value: float) -> str:
    if value.is_integer():
        return str(int(value))
    written = repr(value).replace("e-0", "e-")
    return {"1e-6": "0.000001"}.get(written, written)


@pytest.mark.parametrize("case", cases("jcs.json"))
def test_jcs(case: JsonObject) -> None:
    assert canonicalize(case["value"]).decode() == case["canonical"]
    assert simple_canonical(case["value"]) == case["canonical"]


@pytest.mark.parametrize("case", cases("eddsa-jcs-2022.json"))
def test_proofs(case: JsonObject) -> None:
    unsecured, proofs = parse_proofs(case["document"], limits=DEFAULT_LIMITS)
    for proof in proofs:
        key = parse_multikey(proof.method.partition("#")[2])
        assert verify_proof(unsecured, proof, key, all_proofs=proofs, around=NOTHING_AROUND) == unsecured


ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def simple_base58(text: str) -> bytes:
    number = 0
    for character in text:
        number = number * 58 + ALPHABET.index(character)
    return number.to_bytes((number.bit_length() + 7) // 8, "big")


@pytest.mark.parametrize("case", cases("eddsa-jcs-2022.json"))
def test_proofs_by_the_text_of_the_suite(case: JsonObject) -> None:
    """VC-DI-EdDSA §3.3 and VC Data Integrity §4.5, written down once more."""
    document = dict(case["document"])
    found = document.pop("proof")
    everything = found if isinstance(found, list) else [found]
    for proof in everything:
        options = {name: value for name, value in proof.items() if name != "proofValue"}
        before = [one for one in everything if one.get("id") and one["id"] == proof.get("previousProof")]
        secured = {**document, "proof": before} if before else document
        digest = b"".join(
            hashlib.sha256(simple_canonical(part).encode()).digest() for part in (options, secured)
        )
        raw = simple_base58(proof["verificationMethod"].partition("#z")[2])
        key = Ed25519PublicKey.from_public_bytes(raw.removeprefix(b"\xed\x01"))
        key.verify(simple_base58(proof["proofValue"][1:]), digest)


def test_tokens_are_what_they_seem() -> None:
    """A look with nothing but the standard library: three parts, the payload first of all the document."""
    for parameter in cases("jwt.json"):
        case = parameter.values[0]
        header, payload, signature = case["token"].split(".")
        read = [json.loads(base64.urlsafe_b64decode(part + "==")) for part in (header, payload)]
        assert set(read[0]) == {"alg", "kid", "typ", "cty"}
        assert read[1] == {**case["document"], **case["claims"]}
        assert len(signature) == 86
