"""Attack: a proof of a BBS signature that the issuer never made.

All but the last step of a proof's check holds for any two points that the prover makes up: only the pairing
ties them to the issuer's key. So it is held here for each of the three interfaces on its own.
"""

from collections.abc import Callable
from typing import Any, Final

import pytest
from tests.support.disclosing import entropy, signer

from certweave.errors import InvalidSignatureError
from certweave.keys import bbs, bbs_blind, bbs_pseudonym

ISSUER: Final = signer("bbs-2023").private
THIEF: Final = signer("bbs-2023", 7).private
PUBLIC: Final = ISSUER.public.raw
HEADER, MESSAGES, SECRET = b"header", [b"one", b"two", b"three"], b"secret of the holder, 32 bytes."
ONE: Final = (1).to_bytes(32)
SHOWN: Final[Any] = {"header": HEADER, "presentation_header": b"n"}
Show = Callable[[bytes], None]


def plain(secret: bytes) -> None:
    signature = bbs.sign(secret, HEADER, MESSAGES)
    proof = bbs.proof_gen(PUBLIC, signature, MESSAGES, [1], **SHOWN, entropy=entropy())
    bbs.proof_verify(PUBLIC, proof, [MESSAGES[1]], [1], **SHOWN)


def blind(secret: bytes) -> None:
    sent, factor = bbs_blind.commit([SECRET], entropy=entropy("commit"))
    signature = bbs_blind.blind_sign(secret, HEADER, MESSAGES, commitment_with_proof=sent, committed=1)
    kept: Any = {"committed_messages": [SECRET], "secret_prover_blind": factor, "entropy": entropy()}
    proof = bbs_blind.blind_proof_gen(PUBLIC, signature, MESSAGES, [1], **kept, **SHOWN)
    bbs_blind.blind_proof_verify(PUBLIC, proof, [MESSAGES[1]], [1], length=3, **SHOWN)


def pseudonymous(secret: bytes) -> None:
    sent, factor = bbs_pseudonym.commit_with_nym([SECRET], ONE, entropy=entropy("commit"))
    given: Any = {"commitment_with_proof": sent, "committed": 2, "signer_nym_entropy": ONE}
    signature = bbs_pseudonym.blind_sign_with_nym(secret, HEADER, MESSAGES, **given)
    kept: Any = {"committed_messages": [SECRET], "secret_prover_blind": factor, "entropy": entropy()}
    kept |= {"nym_secret": (2).to_bytes(32), "context_id": b"shop"}
    proof, name = bbs_pseudonym.proof_gen_with_nym(PUBLIC, signature, MESSAGES, [1], **kept, **SHOWN)
    asked: Any = {"pseudonym": name, "context_id": b"shop", "length": 3}
    bbs_pseudonym.proof_verify_with_nym(PUBLIC, proof, [MESSAGES[1]], [1], **asked, **SHOWN)


@pytest.mark.parametrize("show", [plain, blind, pseudonymous])
def test_only_what_the_issuer_signed_is_proved(show: Show) -> None:
    show(ISSUER.secret)
    with pytest.raises(InvalidSignatureError) as caught:
        show(THIEF.secret)
    assert caught.value.code == "signature_mismatch"
