"""Digital Bazaar's blind BBS and ours, both ways, and what it says of our proofs with a pseudonym.

Its suite bbs-2023 has no features; the library beneath (@digitalbazaar/bbs-signatures) has older drafts of
both, in files that it does not export. They agree with ours in all but how a signer finds ``e``, which no
verifier sees, and in how a secret for pseudonyms comes to be: so it verifies such proofs, and makes none.
"""

from typing import Any

import pytest
from tests.support.disclosing import entropy
from tests.support.peers import ask_node

from certweave.errors import InvalidSignatureError
from certweave.keys import bbs, bbs_blind, bbs_pseudonym

PROGRAM = """
import {readFileSync} from "node:fs";
const home = "./node_modules/@digitalbazaar/bbs-signatures/lib/bbs";
const blind = await import(`${home}/blind/interface.js`);
const {CoreProofVerifyWithPseudonym} = await import(`${home}/pseudonym/core.js`);
const {create_generators, createApiId, messages_to_scalars} = await import(`${home}/util.js`);
const {prependBlindApiId} = await import(`${home}/blind/util.js`);
const {getCiphersuite} = await import(`${home}/ciphersuites.js`);

const ciphersuite = getCiphersuite("BLS12-381-SHA-256");
const hex = bytes => Buffer.from(bytes).toString("hex");
const bytes = text => new Uint8Array(Buffer.from(text, "hex"));
const asked = JSON.parse(readFileSync(0, "utf-8"));
const common = {
  PK: bytes(asked.public), header: bytes(asked.header), ph: bytes(asked.presentation_header), ciphersuite
};
const shown = () => ({
  proof: bytes(asked.proof), disclosed_indexes: asked.shown,
  disclosed_messages: asked.shown.map(index => bytes(asked.messages[index])),
});
const acts = {
  async commit() {
    const [sent, secret] = await blind.Commit({committed_messages: asked.committed.map(bytes), ciphersuite});
    return {sent: hex(sent), blind: secret.toString(16)};
  },
  async sign() {
    return {signature: hex(await blind.BlindSign({
      ...common, SK: BigInt(`0x${asked.secret}`), commitment_with_proof: bytes(asked.sent),
      messages: asked.messages.map(bytes)
    }))};
  },
  async prove() {
    const all = {
      ...common, signature: bytes(asked.signature), messages: asked.messages.map(bytes),
      committed_messages: asked.committed.map(bytes), secret_prover_blind: BigInt(`0x${asked.blind}`)
    };
    if(!await blind.BlindVerify(all)) {
      throw new Error("the signature does not match");
    }
    return {proof: hex(await blind.BlindProofGen({
      ...all, disclosed_indexes: asked.shown, disclosed_commitment_indexes: []
    }))};
  },
  async verify() {
    return {verified: await blind.BlindProofVerify({
      ...common, ...shown(), L: asked.messages.length,
      disclosed_committed_messages: [], disclosed_committed_indexes: []
    })};
  },
  async verifyWithPseudonym() {
    const api_id = createApiId(ciphersuite.ciphersuite_id, "H2G_HM2S_PSEUDONYM_");
    const {disclosed_messages, ...rest} = shown();
    return {verified: CoreProofVerifyWithPseudonym({
      ...common, ...rest, api_id,
      pseudonym: ciphersuite.octets_to_point_E1(bytes(asked.pseudonym)),
      verifier_id: new TextEncoder().encode(asked.context),
      generators: create_generators({count: asked.messages.length + 1, api_id, ciphersuite}),
      blind_generators: create_generators({
        count: asked.committed.length + 2, api_id: prependBlindApiId({api_id}), ciphersuite
      }),
      disclosed_messages: messages_to_scalars({messages: disclosed_messages, api_id, ciphersuite})
    })};
  }
};
console.log(JSON.stringify(await acts[asked.act]()));
"""
SECRET, HEADER, PRESENTATION_HEADER = bytes([7] * 32), b"header", b"nonce"
MESSAGES, COMMITTED, SHOWN = [b"one", b"two", b"", b"four"], [b"a secret of the holder's, 32 bytes"], [1, 2]
CONTEXT = "https://rental.example/"
EACH_LENGTH = pytest.mark.parametrize("committed", [COMMITTED, [], [b"x", b"y"]], ids=len)


def ask(act: str, committed: list[bytes], **more: Any) -> Any:
    """Let the peer act on what both know."""
    return ask_node(
        PROGRAM,
        stdin={
            "act": act,
            "secret": SECRET.hex(),
            "public": bbs.sk_to_pk(SECRET).hex(),
            "header": HEADER.hex(),
            "presentation_header": PRESENTATION_HEADER.hex(),
            "messages": [message.hex() for message in MESSAGES],
            "committed": [message.hex() for message in committed],
            "shown": SHOWN,
            **more,
        },
    )


def verify(proof: bytes, length: int = len(MESSAGES)) -> None:
    bbs_blind.blind_proof_verify(
        bbs.sk_to_pk(SECRET),
        proof,
        [MESSAGES[index] for index in SHOWN],
        SHOWN,
        length=length,
        header=HEADER,
        presentation_header=PRESENTATION_HEADER,
    )


@EACH_LENGTH
def test_the_peer_signs_our_commitment_and_takes_our_proof(committed: list[bytes]) -> None:
    sent, blind = bbs_blind.commit(committed, entropy=entropy())
    signature = bytes.fromhex(ask("sign", committed, sent=sent.hex())["signature"])
    public = bbs.sk_to_pk(SECRET)
    known: Any = {"committed_messages": committed, "secret_prover_blind": blind}
    bbs_blind.blind_verify(public, signature, HEADER, MESSAGES, **known)
    proof = bbs_blind.blind_proof_gen(
        public,
        signature,
        MESSAGES,
        SHOWN,
        **known,
        header=HEADER,
        presentation_header=PRESENTATION_HEADER,
        entropy=entropy("proof"),
    )
    verify(proof)
    assert ask("verify", committed, proof=proof.hex()) == {"verified": True}


@EACH_LENGTH
def test_we_sign_the_peers_commitment_and_take_its_proof(committed: list[bytes]) -> None:
    made = ask("commit", committed)
    signature = bbs_blind.blind_sign(
        SECRET,
        HEADER,
        MESSAGES,
        commitment_with_proof=bytes.fromhex(made["sent"]),
        committed=len(committed),
    )
    found = ask("prove", committed, signature=signature.hex(), blind=made["blind"])
    verify(bytes.fromhex(found["proof"]))
    with pytest.raises(InvalidSignatureError):
        verify(bytes.fromhex(found["proof"]), len(MESSAGES) + 1)


@pytest.mark.parametrize("committed", [COMMITTED, []], ids=len)
def test_the_peer_takes_our_pseudonym_from_its_holder_for_its_verifier(committed: list[bytes]) -> None:
    nym, part = bytes([1] * 32), bytes([2] * 32)
    sent, blind = bbs_pseudonym.commit_with_nym(committed, nym, entropy=entropy())
    signature = bbs_pseudonym.blind_sign_with_nym(
        SECRET,
        HEADER,
        MESSAGES,
        commitment_with_proof=sent,
        committed=len(committed) + 1,
        signer_nym_entropy=part,
    )
    public = bbs.sk_to_pk(SECRET)
    known: Any = {"committed_messages": committed, "secret_prover_blind": blind}
    nym_secret = bbs_pseudonym.verify_finalize_with_nym(
        public, signature, HEADER, MESSAGES, **known, prover_nym=nym, signer_nym_entropy=part
    )
    proof, pseudonym = bbs_pseudonym.proof_gen_with_nym(
        public,
        signature,
        MESSAGES,
        SHOWN,
        **known,
        nym_secret=nym_secret,
        context_id=CONTEXT.encode(),
        header=HEADER,
        presentation_header=PRESENTATION_HEADER,
        entropy=entropy("proof"),
    )
    given = {"proof": proof.hex(), "pseudonym": pseudonym.hex()}
    assert ask("verifyWithPseudonym", committed, **given, context=CONTEXT) == {"verified": True}
    elsewhere = "https://casino.example/"
    assert ask("verifyWithPseudonym", committed, **given, context=elsewhere) == {"verified": False}
