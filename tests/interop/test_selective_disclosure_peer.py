"""Digital Bazaar's suites of selective disclosure and ours: each issues, derives, verifies for the other."""

from typing import Any

import pytest
from tests.support.disclosing import SUITES, around, crew, derive, examine, secure, signer
from tests.support.peers import ask_node

from certweave.did.key import make_did_key
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Verdict
from certweave.keys.multikey import make_secret_multikey

PROGRAM = """
import * as vc from "@digitalbazaar/vc";
import * as EcdsaMultikey from "@digitalbazaar/ecdsa-multikey";
import * as Bls12381Multikey from "@digitalbazaar/bls12-381-multikey";
import {DataIntegrityProof} from "@digitalbazaar/data-integrity";
import * as ecdsa from "@digitalbazaar/ecdsa-sd-2023-cryptosuite";
import * as bbs from "@digitalbazaar/bbs-2023-cryptosuite";
import {readFileSync} from "node:fs";

const asked = JSON.parse(readFileSync(0, "utf-8"));
const [suites, Multikey] = asked.suite === "bbs-2023" ? [bbs, Bls12381Multikey] : [ecdsa, EcdsaMultikey];
const key = {...asked.key, "@context": "https://w3id.org/security/multikey/v1", type: "Multikey"};
const {secretKeyMultibase, ...method} = key;
const known = {
  ...asked.contexts,
  [key.id]: method,
  [key.controller]: {
    "@context": ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"],
    id: key.controller, verificationMethod: [method], assertionMethod: [key.id]
  }
};
const documentLoader = async url => {
  if(!(url in known)) {
    throw new Error(`not at hand: ${url}`);
  }
  return {contextUrl: null, documentUrl: url, document: known[url], tag: "static"};
};
const acts = {
  async issue() {
    const pair = await Multikey.from(key);
    const cryptosuite = suites.createSignCryptosuite({mandatoryPointers: asked.pointers});
    const suite = new DataIntegrityProof({signer: pair.signer(), cryptosuite, date: "2026-02-01T00:00:00Z"});
    return vc.issue({credential: asked.document, suite, documentLoader});
  },
  async derive() {
    const cryptosuite = suites.createDiscloseCryptosuite({selectivePointers: asked.pointers});
    const suite = new DataIntegrityProof({cryptosuite});
    return vc.derive({verifiableCredential: asked.document, suite, documentLoader});
  },
  async verify() {
    const suite = new DataIntegrityProof({cryptosuite: suites.createVerifyCryptosuite()});
    const result = await vc.verifyCredential({credential: asked.document, suite, documentLoader});
    if(!result.verified) {
      throw result.error.errors?.[0] ?? result.error;
    }
    return {verified: true};
  }
};
let answer;
try {
  answer = await acts[asked.act]();
} catch(error) {
  answer = {error: String(error.cause ?? error)};
}
process.stdout.write(JSON.stringify(answer));
"""
MANDATORY = ("/issuer", "/validFrom", "/credentialSubject/boats/2")
CHOSEN = ("/credentialSubject/name", "/credentialSubject/boats/1/sail", "/credentialSubject/names/de")


def ask(suite: str, act: str, document: JsonObject, pointers: tuple[str, ...] = ()) -> Any:
    """Let the peer act on a document."""
    own = signer(suite)
    key = {
        "id": own.method,
        "controller": make_did_key(own.public),
        "publicKeyMultibase": own.public.multikey,
        "secretKeyMultibase": make_secret_multikey(own.private),
    }
    given = {
        "suite": suite,
        "act": act,
        "document": document,
        "pointers": list(pointers),
        "key": key,
        "contexts": dict(around().contexts.documents),
    }
    return ask_node(PROGRAM, stdin=given)


def document(suite: str) -> JsonObject:
    """Return the crew without what the peer cannot take: lists, and a JSON literal."""
    made = crew(suite)
    subject = {
        name: value
        for name, value in made["credentialSubject"].items()
        if name not in ("ports", "legs", "raw")
    }
    return {**made, "credentialSubject": subject}


each = pytest.mark.parametrize("suite", SUITES)


@each
def test_they_derive_from_ours(suite: str) -> None:
    derived = ask(suite, "derive", secure(suite, document(suite), MANDATORY), CHOSEN)
    assert "error" not in derived
    assert examine(derived).verdict is Verdict.VALID
    assert "name" in derived["credentialSubject"]


@each
def test_we_derive_from_theirs(suite: str) -> None:
    issued = ask(suite, "issue", document(suite), MANDATORY)
    assert "error" not in issued
    derived = derive(suite, *CHOSEN, secured=issued)
    assert examine(derived).verdict is Verdict.VALID
    assert ask(suite, "verify", derived) == {"verified": True}


@each
def test_they_verify_ours(suite: str) -> None:
    derived = derive(suite, *CHOSEN, secured=secure(suite, document(suite), MANDATORY))
    assert ask(suite, "verify", derived) == {"verified": True}


@each
def test_they_verify_ours_with_lists_but_issue_none(suite: str) -> None:
    """Their skolemisation names lists as if they were nodes; verifying needs none of it."""
    derived = derive(suite, "/credentialSubject/ports", "/credentialSubject/legs")
    assert ask(suite, "verify", derived) == {"verified": True}
    assert "error" in ask(suite, "issue", crew(suite), MANDATORY)


@each
def test_both_refuse_what_was_changed(suite: str) -> None:
    derived = derive(suite, *CHOSEN)
    subject = {**derived["credentialSubject"], "name": "Another crew"}
    changed = {**derived, "credentialSubject": subject}
    assert "error" in ask(suite, "verify", changed)
    assert examine(changed).verdict is Verdict.INVALID


@each
def test_both_refuse_a_base_proof(suite: str) -> None:
    base = secure(suite, document(suite), MANDATORY)
    assert "error" in ask(suite, "verify", base)
    assert examine(base).verdict is Verdict.INVALID
