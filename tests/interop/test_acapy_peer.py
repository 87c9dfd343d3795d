"""acapy-agent's eddsa-jcs-2022 and ours, both ways: they agree until a number such as ``1.0`` comes.

The peer writes numbers as Python does, ``1.0``; RFC 8785 §3.2.2.3 writes them as ECMAScript does, ``1``. So
the two canonical forms differ, and no proof of such a document crosses. It also leaves the ``@context`` of
the document out of the proof (VC-DI-EdDSA §3.3.1 step 2 sets it there); what stands in the proof, both sign.
"""

import json
from hashlib import sha256
from typing import Any, Final

import pytest
from tests.support.keys import ED25519
from tests.support.peers import ask_python
from tests.support.suites import draft, judge
from tests.support.world import outcome

from certweave.canon.jcs import canonicalize
from certweave.did.key import make_did_key_method
from certweave.encoding.multibase import encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidSignatureError

PROGRAM: Final = """
import json, sys
from acapy_agent.vc.data_integrity.cryptosuites import EddsaJcs2022
from acapy_agent.vc.data_integrity.models.options import DataIntegrityProofOptions
from acapy_agent.vc.data_integrity.models.proof import DataIntegrityProof

given = json.load(sys.stdin)
suite = EddsaJcs2022.__new__(EddsaJcs2022)
options = given["options"]
read = DataIntegrityProofOptions.deserialize(dict(options))
configuration = suite.proof_configuration(DataIntegrityProof.deserialize(dict(options)))
transformed = suite.transformation(given["document"], read)
digest = suite.hashing(transformed, configuration)
print(json.dumps({"text": transformed.decode(), "options": configuration.decode(), "digest": digest.hex()}))
"""
OPTIONS: Final[JsonObject] = {
    "type": "DataIntegrityProof",
    "cryptosuite": "eddsa-jcs-2022",
    "created": "2026-03-12T10:00:00Z",
    "verificationMethod": make_did_key_method(ED25519.public),
    "proofPurpose": "assertionMethod",
}
SHARE: Final = {"@id": "https://vocabulary.example/share"}


def document(share: Any) -> JsonObject:
    made = draft(ED25519)
    made["@context"] = [*made["@context"], {"share": SHARE}]
    made["credentialSubject"]["share"] = share
    return made


def ask(unsecured: JsonObject) -> dict[str, str]:
    """Return what the peer makes of a document and of the options: both canonical, and their digest."""
    answer: dict[str, str] = ask_python(
        PROGRAM, stdin={"document": unsecured, "options": OPTIONS}, runtime="acapy"
    )
    return answer


def theirs(unsecured: JsonObject) -> JsonObject:
    """Return the document with a proof over the peer's digest."""
    value = encode_multibase(ED25519.sign(bytes.fromhex(ask(unsecured)["digest"])))
    return {**unsecured, "proof": {**OPTIONS, "proofValue": value}}


def ours(unsecured: JsonObject) -> bytes:
    """Return our signature, over the options as the peer writes them: without the document's context."""
    return ED25519.sign(sha256(canonicalize(OPTIONS)).digest() + sha256(canonicalize(unsecured)).digest())


@pytest.mark.parametrize("share", [1, "1.0", 0.5, True, -7, "Gekämmtes Garn €"])
def test_documents_without_such_numbers_cross(share: Any) -> None:
    said = ask(document(share))
    assert said["text"].encode() == canonicalize(document(share))
    assert judge(theirs(document(share))).verdict == "valid"
    ED25519.public.verify(ours(document(share)), bytes.fromhex(said["digest"]))


@pytest.mark.parametrize(("share", "peer", "rfc"), [(1.0, "1.0", "1"), (100.0, "100.0", "100")])
def test_documents_with_such_numbers_do_not(share: float, peer: str, rfc: str) -> None:
    said = ask(document(share))
    assert json.loads(said["text"]) == document(share)
    assert f'"share":{peer},' in said["text"].replace("}", ",")
    assert f'"share":{rfc},'.encode() in canonicalize(document(share)).replace(b"}", b",")
    assert outcome(judge(theirs(document(share))), "signature") == "invalid:signature_mismatch"
    with pytest.raises(InvalidSignatureError):
        ED25519.public.verify(ours(document(share)), bytes.fromhex(said["digest"]))
