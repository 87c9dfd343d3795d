"""BBS against the fixtures of the IETF draft, BLS12-381-SHA-256; facts and source in ietf/bbs.json."""

import json
from pathlib import Path
from typing import Any

import pytest
from tests.support.mocked_scalars import mocked_entropy

from certweave.errors import InvalidSignatureError
from certweave.keys import bbs, bbs_group

FACTS: Any = json.loads((Path(__file__).parent / "ietf" / "bbs.json").read_text("utf-8"))
MESSAGES = [bytes.fromhex(text) for text in FACTS["messages"]]


def messages(case: Any) -> list[bytes]:
    """Return the messages of a case, which names them by index, and those that are in no list in full."""
    return [MESSAGES[one] if isinstance(one, int) else bytes.fromhex(one) for one in case["messages"]]


def named(cases: Any) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case["name"] for case in cases])


def test_key_pair() -> None:
    facts = FACTS["key_gen"]
    material, info, dst = (bytes.fromhex(facts[name]) for name in ("key_material", "key_info", "key_dst"))
    secret = bbs.key_gen(material, info, key_dst=dst)
    assert secret.hex() == facts["secretKey"]
    assert bbs.sk_to_pk(secret).hex() == facts["publicKey"]


def test_hash_to_scalar() -> None:
    facts = FACTS["hash_to_scalar"]
    found = bbs_group.hash_to_scalar(bytes.fromhex(facts["message"]), bytes.fromhex(facts["dst"]))
    assert found == int(facts["scalar"], 16)


def test_messages_to_scalars() -> None:
    found = bbs_group.messages_to_scalars(MESSAGES)
    assert [f"{number:064x}" for number in found] == FACTS["map_message"]["scalars"]


def test_generators() -> None:
    found = bbs_group.create_generators(len(FACTS["generators"]))
    assert [point.to_compressed_bytes().hex() for point in found] == FACTS["generators"]


def test_random_scalars() -> None:
    seed, dst = (bytes.fromhex(FACTS["random"][name]) for name in ("seed", "dst"))
    found = bbs_group.calculate_random_scalars(10, mocked_entropy(10, seed, dst))
    assert [f"{number:064x}" for number in found] == FACTS["random"]["mockedScalars"]


@named(FACTS["signatures"])
def test_signature(case: Any) -> None:
    header, signature = bytes.fromhex(case["header"]), bytes.fromhex(case["signature"])
    if case["valid"]:
        bbs.verify(bytes.fromhex(case["public"]), signature, header, messages(case))
        assert bbs.sign(bytes.fromhex(case["secret"]), header, messages(case)) == signature
        basis = bbs_group.find_basis(len(case["messages"]))
        domain = bbs_group.calculate_domain(bytes.fromhex(case["public"]), basis, header)
        assert f"{domain:064x}" == case["domain"]
    else:
        with pytest.raises(InvalidSignatureError):
            bbs.verify(bytes.fromhex(case["public"]), signature, header, messages(case))


@named(FACTS["proofs"])
def test_proof(case: Any) -> None:
    public, header, presentation_header, proof = (
        bytes.fromhex(case[name]) for name in ("public", "header", "presentation_header", "proof")
    )
    shown = [messages(case)[index] for index in case["disclosed"]]

    def check() -> None:
        bbs.proof_verify(
            public, proof, shown, case["disclosed"], header=header, presentation_header=presentation_header
        )

    if not case["valid"]:
        with pytest.raises(InvalidSignatureError):
            check()
        return
    check()
    made = bbs.proof_gen(
        public,
        bytes.fromhex(case["signature"]),
        messages(case),
        case["disclosed"],
        header=header,
        presentation_header=presentation_header,
        entropy=mocked_entropy(5 + len(case["messages"]) - len(case["disclosed"])),
    )
    assert made == proof
    assert made[-32:].hex() == case["challenge"]
