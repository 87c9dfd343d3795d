"""Blind BBS and pseudonyms against the test vectors of the IETF drafts; facts and source in ietf/."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.mocked_scalars import SEED, mocked_entropy

from certweave.errors import InvalidSignatureError
from certweave.keys import bbs_blind, bbs_pseudonym

FACTS: Any = json.loads((Path(__file__).parent / "ietf" / "bbs_committed.json").read_text("utf-8"))
MESSAGES, COMMITTED = (
    [bytes.fromhex(text) for text in FACTS[name]] for name in ("messages", "committed_messages")
)
SECRET, PUBLIC, HEADER, PRESENTATION_HEADER, CONTEXT = (
    bytes.fromhex(FACTS[name]) for name in ("secret", "public", "header", "presentation_header", "context_id")
)
PROVER_NYM, SIGNER_NYM_ENTROPY, NYM_SECRET = (
    bytes.fromhex(FACTS["nym"][name]) for name in ("prover_nym", "signer_nym_entropy", "nym_secret")
)
BLIND, PSEUDONYM = FACTS["blind"], FACTS["pseudonym"]


def named(cases: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def mocked(count: int, stage: bytes) -> Any:
    dst = b"BBS_BLS12381G1_XMD:SHA-256_SSWU_RO_H2G_HM2S_" + stage + b"_MOCK_RANDOM_SCALARS_DST_"
    return mocked_entropy(count, SEED, dst)


def commitment(part: Any, committed: int) -> tuple[bytes, int]:
    """Return the commitment with proof to so many messages, and its blind."""
    (found,) = [one for one in part["commitments"] if one["committed"] == committed]
    return bytes.fromhex(found["commitment_with_proof"]), int(found["secret_prover_blind"], 16)


def signature(part: Any) -> bytes:
    """Return the signature that the proofs are about: over all messages and all committed ones."""
    return bytes.fromhex(part["signatures"][-1]["signature"])


@named(BLIND["commitments"])
def test_commit(case: Any) -> None:
    committed = COMMITTED[: case["committed"]]
    entropy = mocked(len(committed) + 2, b"COMMIT")
    made = bbs_blind.commit(committed, entropy=entropy)
    assert made == commitment(BLIND, case["committed"])


@named(BLIND["signatures"])
def test_blind_sign(case: Any) -> None:
    messages, committed = MESSAGES[: case["messages"]], COMMITTED[: case["committed"]]
    sent, blind = commitment(BLIND, len(committed))
    made = bbs_blind.blind_sign(
        SECRET, HEADER, messages, commitment_with_proof=sent, committed=len(committed)
    )
    assert made.hex() == case["signature"]
    bbs_blind.blind_verify(
        PUBLIC, made, HEADER, messages, committed_messages=committed, secret_prover_blind=blind
    )


@named(BLIND["proofs"])
def test_blind_proof(case: Any) -> None:
    shown, proof = case["disclosed"], bytes.fromhex(case["proof"])
    made = bbs_blind.blind_proof_gen(
        PUBLIC,
        signature(BLIND),
        MESSAGES,
        shown,
        committed_messages=COMMITTED,
        secret_prover_blind=commitment(BLIND, len(COMMITTED))[1],
        header=HEADER,
        presentation_header=PRESENTATION_HEADER,
        entropy=mocked(21 - len(shown), b"PROOF"),
    )
    assert made == proof

    def verify(length: int) -> None:
        bbs_blind.blind_proof_verify(
            PUBLIC,
            proof,
            [MESSAGES[index] for index in shown],
            shown,
            length=length,
            header=HEADER,
            presentation_header=PRESENTATION_HEADER,
        )

    verify(len(MESSAGES))
    with pytest.raises(InvalidSignatureError):
        verify(len(MESSAGES) - 1)


@named(PSEUDONYM["commitments"])
def test_commit_with_nym(case: Any) -> None:
    committed = COMMITTED[: case["committed"]]
    entropy = mocked(len(committed) + 3, b"COMMIT")
    made = bbs_pseudonym.commit_with_nym(committed, PROVER_NYM, entropy=entropy)
    assert made == commitment(PSEUDONYM, case["committed"])


@named(PSEUDONYM["signatures"])
def test_blind_sign_with_nym(case: Any) -> None:
    messages, committed = MESSAGES[: case["messages"]], COMMITTED[: case["committed"]]
    sent, blind = commitment(PSEUDONYM, len(committed))
    made = bbs_pseudonym.blind_sign_with_nym(
        SECRET,
        HEADER,
        messages,
        commitment_with_proof=sent,
        committed=len(committed) + 1,
        signer_nym_entropy=SIGNER_NYM_ENTROPY,
    )
    assert made.hex() == case["signature"]
    found = bbs_pseudonym.verify_finalize_with_nym(
        PUBLIC,
        made,
        HEADER,
        messages,
        committed_messages=committed,
        prover_nym=PROVER_NYM,
        signer_nym_entropy=SIGNER_NYM_ENTROPY,
        secret_prover_blind=blind,
    )
    assert found == NYM_SECRET


@named(PSEUDONYM["proofs"])
def test_proof_with_nym(case: Any) -> None:
    shown, proof = case["disclosed"], bytes.fromhex(case["proof"])
    made = bbs_pseudonym.proof_gen_with_nym(
        PUBLIC,
        signature(PSEUDONYM),
        MESSAGES,
        shown,
        committed_messages=COMMITTED,
        nym_secret=NYM_SECRET,
        context_id=CONTEXT,
        secret_prover_blind=commitment(PSEUDONYM, len(COMMITTED))[1],
        header=HEADER,
        presentation_header=PRESENTATION_HEADER,
        entropy=mocked(22 - len(shown), b"PROOF"),
    )
    assert made == (proof, bytes.fromhex(case["pseudonym"]))

    def verify(context: bytes) -> None:
        bbs_pseudonym.proof_verify_with_nym(
            PUBLIC,
            proof,
            [MESSAGES[index] for index in shown],
            shown,
            pseudonym=made[1],
            context_id=context,
            length=len(MESSAGES),
            header=HEADER,
            presentation_header=PRESENTATION_HEADER,
        )

    verify(CONTEXT)
    with pytest.raises(InvalidSignatureError):
        verify(CONTEXT + b"\0")
