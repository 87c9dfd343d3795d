"""Our plain suites before another implementation, Digital Bazaar's npm packages, both ways."""

from typing import Any, Final

from tests.support.peers import ask_node
from tests.support.suites import PAIRS, contexts, draft, judge, sign

from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import PrivateKey
from certweave.keys.multikey import make_secret_multikey
from certweave.proof.suites.suite import Suite

PROGRAM: Final = """
import {readFileSync} from "node:fs";
import * as vc from "@digitalbazaar/vc";
import * as EcdsaMultikey from "@digitalbazaar/ecdsa-multikey";
import * as Ed25519Multikey from "@digitalbazaar/ed25519-multikey";
import {Ed25519VerificationKey2020} from "@digitalbazaar/ed25519-verification-key-2020";
import {Ed25519Signature2020} from "@digitalbazaar/ed25519-signature-2020";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";
import {cryptosuite as ecdsaRdfc} from "@digitalbazaar/ecdsa-rdfc-2019-cryptosuite";
import {cryptosuite as eddsaRdfc} from "@digitalbazaar/eddsa-rdfc-2022-cryptosuite";
import * as ecdsaJcs from "@digitalbazaar/ecdsa-jcs-2019-cryptosuite";
import * as eddsaJcs from "@digitalbazaar/eddsa-jcs-2022-cryptosuite";

const given = JSON.parse(readFileSync(0, "utf8"));
const suites = {
  "eddsa-rdfc-2022": {sign: () => eddsaRdfc, verify: () => eddsaRdfc},
  "ecdsa-rdfc-2019": {sign: () => ecdsaRdfc, verify: () => ecdsaRdfc},
  "eddsa-jcs-2022": {sign: eddsaJcs.createSignCryptosuite, verify: eddsaJcs.createVerifyCryptosuite},
  "ecdsa-jcs-2019": {sign: ecdsaJcs.createSignCryptosuite, verify: ecdsaJcs.createVerifyCryptosuite}
};

async function pairOf({public: text, secret, seed}, legacy) {
  const controller = `did:key:${text}`, id = `${controller}#${text}`;
  const bytes = seed === undefined ? null : Buffer.from(seed, "hex");
  if(legacy) {
    return Ed25519VerificationKey2020.generate({seed: bytes, controller, id});
  }
  if(bytes !== null) {
    return Ed25519Multikey.generate({seed: bytes, controller, id});
  }
  const texts = {publicKeyMultibase: text, secretKeyMultibase: secret};
  return EcdsaMultikey.from({type: "Multikey", controller, id, ...texts});
}

async function run({suite: name, key, document, action}) {
  const legacy = name === "Ed25519Signature2020";
  const pair = await pairOf(key, legacy);
  const method = await pair.export({publicKey: true, includeContext: true});
  const controller = {
    "@context": ["https://www.w3.org/ns/did/v1"], id: pair.controller,
    verificationMethod: [method], assertionMethod: [method.id]
  };
  const known = {...given.contexts, [pair.id]: method, [pair.controller]: controller};
  const documentLoader = async url => {
    if(!(url in known)) {
      throw new Error(`not at hand: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document: structuredClone(known[url]), tag: "static"};
  };
  const date = "2026-03-12T10:00:00Z";
  if(action === "sign") {
    const suite = legacy ? new Ed25519Signature2020({key: pair, date}) :
      new DataIntegrityProof({signer: pair.signer(), cryptosuite: suites[name].sign(), date});
    return vc.issue({credential: document, suite, documentLoader});
  }
  const suite = legacy ? new Ed25519Signature2020() :
    new DataIntegrityProof({cryptosuite: suites[name].verify()});
  const {verified} = await vc.verifyCredential({credential: document, suite, documentLoader});
  return verified;
}

console.log(JSON.stringify(await Promise.all(given.cases.map(run))));
"""
NAMES: Final = (
    "https://www.w3.org/ns/credentials/v2",
    "https://www.w3.org/2018/credentials/v1",
    "https://www.w3.org/ns/did/v1",
    "https://w3id.org/security/suites/ed25519-2020/v1",
    "https://w3id.org/security/data-integrity/v2",
)


def case(suite: Suite, key: PrivateKey, document: JsonObject, action: str) -> JsonObject:
    pair: JsonObject = {"public": key.public.multikey}
    if key.algorithm == "Ed25519":
        pair["seed"] = key.secret.hex()
    else:
        pair["secret"] = make_secret_multikey(key)
    return {"suite": suite.name, "key": pair, "document": document, "action": action}


def ask(cases: list[JsonObject]) -> list[Any]:
    answer: list[Any] = ask_node(
        PROGRAM, stdin={"contexts": {name: contexts().get(name) for name in NAMES}, "cases": cases}
    )
    return answer


def documents(key: PrivateKey) -> list[JsonObject]:
    """Return unsigned credentials: plain, with what numbers and texts can be, and of VCDM 1.1."""
    terms = {
        name: f"https://vocabulary.example/{name}" for name in ("mass", "lot", "organic", "parts", "Yarn")
    }
    rich = draft(key, name={"@value": "Gekämmtes Garn", "@language": "de"}, description='"A"\n\\ €')
    rich["@context"] = [*rich["@context"], terms]
    rich["credentialSubject"] = [
        {"type": "Yarn", "lot": 7, "mass": 218.5, "organic": True, "parts": [{"lot": 1}, {"lot": 2}]},
        {"type": "Yarn", "lot": 8, "mass": 0.000001, "organic": False, "parts": [{"lot": 1}, {"lot": 2}]},
    ]
    older = draft(key, issuanceDate="2026-01-01T00:00:00Z", credentialSubject={"id": "urn:x:1"})
    older["@context"] = ["https://www.w3.org/2018/credentials/v1"]
    return [draft(key), rich, {name: value for name, value in older.items() if name != "validFrom"}]


def test_they_accept_ours() -> None:
    cases = [
        case(suite, key, sign(document, suite, key), "verify")
        for suite, key in PAIRS
        for document in documents(key)
    ]
    spoilt = [{**one, "document": {**one["document"], "id": "urn:uuid:1"}} for one in cases]
    answers = ask([*cases, *spoilt])
    accepted = answers[: len(cases)]
    assert accepted == [not is_refused_by_mistake(one) for one in cases]
    assert answers[len(cases) :] == [False] * len(spoilt)


def is_refused_by_mistake(one: JsonObject) -> bool:
    """Tell where the peer is wrong: its JCS suites look whether inline contexts are one object in memory.

    VC-DI-EdDSA §3.3.2 step 4 asks for the same values; what was parsed from JSON twice is never one object.
    """
    inline = any(isinstance(item, dict) for item in one["document"]["@context"])
    return inline and "jcs" in one["suite"]


def test_we_accept_theirs() -> None:
    cases = [case(suite, key, document, "sign") for suite, key in PAIRS for document in documents(key)]
    theirs = ask(cases)
    for one, signed in zip(cases, theirs, strict=True):
        assert judge(signed).verdict == "valid", (one["suite"], signed)
        assert judge({**signed, "id": "urn:uuid:1"}).verdict == "invalid"
    again = [
        {**one, "document": signed, "action": "verify"} for one, signed in zip(cases, theirs, strict=True)
    ]
    assert ask(again) == [not is_refused_by_mistake(one) for one in again]


def test_an_ed25519_signature_is_the_same_whoever_makes_it() -> None:
    """For suites over RDF: over JSON, the bytes of a time (milliseconds or none) are signed as they stand."""
    pairs = [(suite, key) for suite, key in PAIRS if key.algorithm == "Ed25519" and suite.contexts]
    theirs = ask([case(suite, key, draft(key), "sign") for suite, key in pairs])
    ours = [sign(draft(key), suite, key) for suite, key in pairs]
    assert len(ours) == 2
    assert [one["proof"]["proofValue"] for one in theirs] == [one["proof"]["proofValue"] for one in ours]
