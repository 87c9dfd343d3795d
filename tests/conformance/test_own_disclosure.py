"""Selective disclosure by files of our own making (own/disclosure.json), where nobody else's are at hand.

For ecdsa-sd-2023, lines below check the derived proof again; they share nothing with the product but JSON-LD;
for both suites Digital Bazaar's do in tests/interop.
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, utils
from cryptography.hazmat.primitives.hashes import SHA256
from tests.support.disclosing import around, derive, examine

from certweave.canon.nquads import format_quad, parse_nquads
from certweave.canon.rdf import Hash, canonical_form
from certweave.encoding.multibase import base58_decode
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict

CASES: Any = json.loads((Path(__file__).parent / "own" / "disclosure.json").read_text("utf-8"))
each = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


@each
def test_the_derived_credential_holds(case: JsonObject) -> None:
    assert examine(case["derived"]).verdict is Verdict.VALID


@each
def test_the_base_proof_gives_it_again(case: JsonObject) -> None:
    derived = derive(case["name"], *case["pointers"], secured=case["base"])
    assert {**derived, "proof": 0} == {**case["derived"], "proof": 0}
    if case["name"] == "ecdsa-sd-2023":
        assert derived == case["derived"]


def canonical_lines(document: JsonObject) -> list[str]:
    form = canonical_form(document, contexts=around().contexts, hash_name=Hash.SHA256, limits=around().limits)
    return list(form.lines)


def check(key: bytes, signature: bytes, data: bytes) -> None:
    """Verify r and s, 32 bytes each, by the library alone."""
    der = utils.encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key).verify(der, data, ec.ECDSA(SHA256()))


def test_ecdsa_sd_2023_by_hand() -> None:
    case = next(case for case in CASES if case["name"] == "ecdsa-sd-2023")
    document = dict(case["derived"])
    proof = dict(document.pop("proof"))
    text = proof.pop("proofValue")[1:]
    value = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    assert value[:3] == b"\xd9\x5d\x01"
    base_signature, scoped, signatures, labels, mandatory = cbor2.loads(value[3:])
    names = {
        f"_:c14n{number}": "_:u" + base64.urlsafe_b64encode(digest).decode().rstrip("=")
        for number, digest in labels.items()
    }
    nquads = sorted(
        format_quad(tuple(names.get(term, term) if term else None for term in quad))  # type: ignore[arg-type]
        for quad in parse_nquads("".join(canonical_lines(document)))
    )
    shown = [nquad for index, nquad in enumerate(nquads) if index not in mandatory]
    for signature, nquad in zip(signatures, shown, strict=True):
        check(scoped[2:], signature, nquad.encode())
    config = "".join(canonical_lines({**proof, "@context": document["@context"]}))
    signed = hashlib.sha256(config.encode()).digest() + scoped
    signed += hashlib.sha256("".join(nquads[index] for index in mandatory).encode()).digest()
    check(base58_decode(case["key"][1:])[2:], base_signature, signed)
