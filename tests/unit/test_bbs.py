"""BBS keys and signatures: what the IETF's fixtures do not reach."""

import subprocess
import sys

import pytest
from tests.support.disclosing import entropy, signer
from tests.support.keys import ED25519

from certweave.errors import CertweaveError, InvalidSignatureError
from certweave.keys import bbs
from certweave.keys.bbs_group import ORDER, expand_message
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import Algorithm, PrivateKey, PublicKey
from certweave.keys.multikey import (
    make_secret_multikey,
    parse_multikey,
    parse_secret_multikey,
)

OWN = signer("bbs-2023")
MESSAGES = [b"one", b"two", b"three"]


def code(act: object) -> str:
    """Return the code with which something is refused."""
    with pytest.raises(CertweaveError) as caught:
        act()  # type: ignore[operator]
    return caught.value.code


def test_a_key_survives_its_text() -> None:
    assert parse_multikey(OWN.public.multikey) == OWN.public
    assert OWN.public.multikey.startswith("zUC7")
    assert parse_secret_multikey(make_secret_multikey(OWN.private)) == OWN.private


@pytest.mark.parametrize("secret", [bytes(32), ORDER.to_bytes(32), b"\xff" * 32, b"\x01" * 31, b"\x01" * 33])
def test_a_number_out_of_range_is_no_secret(secret: bytes) -> None:
    assert code(lambda: PrivateKey(Algorithm.BBS, secret)) == "key_malformed"
    assert code(lambda: bbs.sk_to_pk(secret)) == "key_malformed"


def test_it_signs_lists_and_nothing_else() -> None:
    assert code(lambda: OWN.sign(b"data")) == "key_algorithm"
    assert code(lambda: OWN.public.verify(bytes(80), b"data")) == "signature_form"
    assert code(lambda: ED25519.sign_messages(b"", MESSAGES)) == "key_algorithm"


def test_it_has_no_jwk() -> None:
    assert code(lambda: make_public_jwk(OWN.public)) == "key_algorithm"


@pytest.mark.parametrize("shown", [(), (0,), (1, 2), (0, 1, 2)])
def test_every_choice_of_messages_can_be_proved(shown: tuple[int, ...]) -> None:
    signature = OWN.sign_messages(b"header", MESSAGES)
    proof = bbs.proof_gen(
        OWN.public.raw,
        signature,
        MESSAGES,
        shown,
        header=b"header",
        presentation_header=b"",
        entropy=entropy(),
    )
    assert bbs.hidden_messages(proof) == len(MESSAGES) - len(shown)
    messages = [MESSAGES[index] for index in shown]
    bbs.proof_verify(OWN.public.raw, proof, messages, shown, header=b"header", presentation_header=b"")
    for bad in ({"header": b"other"}, {"presentation_header": b"other"}):
        with pytest.raises(InvalidSignatureError):
            bbs.proof_verify(
                OWN.public.raw,
                proof,
                messages,
                shown,
                **{"header": b"header", "presentation_header": b"", **bad},
            )


@pytest.mark.parametrize(
    ("messages", "indexes"),
    [
        ([b"two", b"one"], [1, 0]),
        ([b"one", b"one"], [0, 0]),
        ([b"one"], [3]),
        ([b"one"], [-1]),
        ([b"one", b"two"], [0]),
        ([], [0]),
    ],
)
def test_indexes_that_fit_nothing_prove_nothing(messages: list[bytes], indexes: list[int]) -> None:
    signature = OWN.sign_messages(b"", MESSAGES)
    proof = bbs.proof_gen(
        OWN.public.raw, signature, MESSAGES, [0], header=b"", presentation_header=b"", entropy=entropy()
    )
    with pytest.raises(InvalidSignatureError):
        bbs.proof_verify(OWN.public.raw, proof, messages, indexes, header=b"", presentation_header=b"")


def test_the_pairing_is_asked_too() -> None:
    """A proof made with the right numbers over a signature of another key: only the pairing tells."""
    other = signer("bbs-2023", 5)
    signature = other.sign_messages(b"", MESSAGES)
    proof = bbs.proof_gen(
        OWN.public.raw, signature, MESSAGES, [0], header=b"", presentation_header=b"", entropy=entropy()
    )
    with pytest.raises(InvalidSignatureError) as caught:
        bbs.proof_verify(OWN.public.raw, proof, [b"one"], [0], header=b"", presentation_header=b"")
    assert caught.value.code == "signature_mismatch"


@pytest.mark.parametrize("size", [0, 79, 81])
def test_a_signature_has_one_length(size: int) -> None:
    signature = (OWN.sign_messages(b"", MESSAGES) + b"\0")[:size]
    with pytest.raises(InvalidSignatureError) as caught:
        bbs.verify(OWN.public.raw, signature, b"", MESSAGES)
    assert caught.value.code == "signature_form"


@pytest.mark.parametrize(
    "misuse",
    [
        lambda: bbs.key_gen(b"short"),
        lambda: bbs.key_gen(bytes(32), bytes(1 << 16)),
        lambda: expand_message(b"", b"dst", 32 * 256),
        lambda: expand_message(b"", b"d" * 256, 32),
        lambda: bbs.proof_gen(
            OWN.public.raw,
            OWN.sign_messages(b"", MESSAGES),
            MESSAGES,
            [2, 1],
            header=b"",
            presentation_header=b"",
            entropy=entropy(),
        ),
    ],
)
def test_misuse_is_a_mistake_of_the_program(misuse: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        misuse()  # type: ignore[operator]


def test_key_gen_by_its_default_tag_makes_a_key() -> None:
    key = PrivateKey(Algorithm.BBS, bbs.key_gen(b"k" * 32))
    assert key.public == PublicKey(Algorithm.BBS, bbs.sk_to_pk(key.secret))


WITHOUT = """
import sys
sys.modules["py_arkworks_bls12381"] = None
from certweave.errors import UnsupportedError
from certweave.keys.multikey import parse_multikey
from certweave.proof.suites.registry import SUITES
assert "bbs-2023" in SUITES
try:
    parse_multikey(sys.argv[1])
except UnsupportedError as error:
    print(error.code, error.cause)
"""


def test_without_the_extra_it_is_undecided() -> None:
    command = [sys.executable, "-c", WITHOUT, OWN.public.multikey]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split() == ["bbs_missing", "unsupported"]
