"""A source of randomness that gives too little: no key, secret, blinding or salt is made of it."""

from collections.abc import Callable
from functools import partial
from typing import Final

import pytest
from tests.support.committing import FEATURES
from tests.support.disclosing import SUITES, around, crew, secure, signer
from tests.support.world import START

from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.sd_jwt.issue import sign_sd_jwt
from certweave.proof.suites.bbs_2023_features import commit
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Hiding


def short(size: int) -> bytes:
    return b"\x01" * (size - 1)


def base_proof(suite: str) -> None:
    add_proof(
        crew(suite),
        signer(suite),
        suite=get_suite(suite),
        around=around(),
        created=START,
        purpose="assertionMethod",
        hiding=Hiding(short),
    )


def salts(hidden: tuple[str, ...], decoys: dict[str, int]) -> None:
    made_by = signer("ecdsa-sd-2023")
    sign_sd_jwt({"name": "Ada"}, made_by, header={}, hidden=hidden, decoys=decoys, entropy=short)


MADE: Final[dict[str, Callable[[], object]]] = {
    **{f"key {one}": partial(make_private_key, one, entropy=short) for one in Algorithm},
    **{f"base proof {one}": partial(base_proof, one) for one in SUITES},
    **{f"commitment {one}": partial(commit, one, entropy=short) for one in FEATURES},
    "derived proof": lambda: derive_credential(
        secure("bbs-2023"), ("/credentialSubject/name",), around=around(), entropy=short
    ),
    "salt": partial(salts, ("/name",), {}),
    "decoy": partial(salts, (), {"": 1}),
}


@pytest.mark.parametrize("what", MADE)
def test_nothing_is_made_of_too_few_bytes(what: str) -> None:
    with pytest.raises(ValueError, match="wrong number of bytes"):
        MADE[what]()
