"""Our plain suites before another implementation in Python, openvc-core, both ways (Ed25519 and P-256)."""

from typing import Any, Final

from tests.support.peers import ask_python
from tests.support.suites import PAIRS, contexts, draft, judge, sign

from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import Algorithm, PrivateKey
from certweave.proof.suites.suite import TYPE, Suite
from certweave.timestamps import parse_timestamp

PROGRAM: Final = """
import json, sys
from cryptography.hazmat.primitives.asymmetric import ec, ed25519
from openvc import VerificationPolicy, verify_credential
from openvc.keys import Ed25519SigningKey, P256SigningKey
from openvc.proof.data_integrity import DataIntegrityProofSuite
from openvc.proof.di_ecdsa_rdfc import EcdsaRdfcProofSuite
from openvc.proof.di_jcs import EcdsaJcsProofSuite, EddsaJcsProofSuite

given = json.load(sys.stdin)
suites = {
    "eddsa-jcs-2022": EddsaJcsProofSuite, "eddsa-rdfc-2022": DataIntegrityProofSuite,
    "ecdsa-jcs-2019": EcdsaJcsProofSuite, "ecdsa-rdfc-2019": EcdsaRdfcProofSuite,
}

def key_of(case):
    secret = bytes.fromhex(case["secret"])
    if case["kind"] == "Ed25519":
        return Ed25519SigningKey(ed25519.Ed25519PrivateKey.from_private_bytes(secret), kid=case["method"])
    return P256SigningKey(ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1()), kid=case["method"])

def run(case):
    if case["action"] == "sign":
        extra = {"extra_contexts": given["contexts"]} if "rdfc" in case["suite"] else {}
        return suites[case["suite"]]().add_proof(
            case["document"], signing_key=key_of(case), verification_method=case["method"], **extra
        )
    policy = VerificationPolicy(require_status=False)
    try:
        verify_credential(case["document"], policy=policy, extra_contexts=given["contexts"])
    except Exception as error:
        return f"{type(error).__name__}: {error}"
    return True

print(json.dumps([run(case) for case in given["cases"]]))
"""
KNOWN: Final = [
    (suite, key) for suite, key in PAIRS if suite.type == TYPE and key.algorithm is not Algorithm.P384
]


def case(suite: Suite, key: PrivateKey, document: JsonObject, action: str) -> JsonObject:
    method = f"did:key:{key.public.multikey}#{key.public.multikey}"
    held = {"kind": key.algorithm.value, "secret": key.secret.hex(), "method": method}
    return {**held, "suite": suite.name, "document": document, "action": action}


def ask(cases: list[JsonObject]) -> list[Any]:
    names = ("https://www.w3.org/ns/credentials/v2", "https://w3id.org/security/data-integrity/v2")
    known = {name: contexts().get(name) for name in names}
    answer: list[Any] = ask_python(PROGRAM, stdin={"contexts": known, "cases": cases})
    return answer


def documents(key: PrivateKey) -> list[JsonObject]:
    """Return unsigned credentials: plain, and with blank nodes, a language and characters to escape."""
    terms = {"@vocab": "https://vocabulary.example/"}  # it takes no other context inside a document
    rich = draft(key, name={"@value": "Gekämmtes Garn", "@language": "de"}, description='"A"\n\\ €')
    rich["@context"] = [*rich["@context"], terms]
    rich["credentialSubject"] = {"type": "Yarn", "lot": 7, "organic": True, "parts": [{"lot": 1}, {"lot": 2}]}
    return [draft(key), rich]


def test_they_accept_ours() -> None:
    cases = [
        case(suite, key, sign(document, suite, key), "verify")
        for suite, key in KNOWN
        for document in documents(key)
    ]
    spoilt = [{**one, "document": {**one["document"], "id": "urn:uuid:1"}} for one in cases]
    answers = ask([*cases, *spoilt])
    assert answers[: len(cases)] == [True] * len(cases)
    assert True not in answers[len(cases) :]


def test_we_accept_theirs() -> None:
    cases = [case(suite, key, document, "sign") for suite, key in KNOWN for document in documents(key)]
    for one, signed in zip(cases, ask(cases), strict=True):
        # Their clock said when; ours stands in the past.
        now = parse_timestamp(signed["proof"]["created"])
        if "jcs" in one["suite"]:
            # The peer is wrong: it signs the proof with the @context of the document in it and then leaves
            # that out of the proof (VC-DI-EdDSA §3.3.1 step 2 sets it on the proof itself).
            assert judge(signed, now=now).verdict == "invalid"
            signed["proof"]["@context"] = signed["@context"]
        assert judge(signed, now=now).verdict == "valid", one["suite"]
        assert judge({**signed, "id": "urn:uuid:1"}, now=now).verdict == "invalid"
