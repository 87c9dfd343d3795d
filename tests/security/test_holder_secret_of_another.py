"""Attack: a credential that is bound to one holder's secrets is shown by who knows others, or some."""

from dataclasses import replace

import pytest
from tests.support.committing import FEATURES, OTHER, committed, show

from certweave.errors import InvalidSignatureError
from certweave.proof.suites.bbs_2023_features import HolderSecrets
from certweave.proof.suites.bbs_2023_values import Feature

each = pytest.mark.parametrize("feature", FEATURES)


def mixed(feature: Feature) -> dict[str, HolderSecrets]:
    """Return the holder's secrets, with all or one of them those of a thief."""
    own, thief = committed(feature)[1], committed(feature, "thief")[1]
    found = {
        "all": thief,
        "blind": replace(own, secret_prover_blind=thief.secret_prover_blind),
        "holder_secret": replace(own, holder_secret=thief.holder_secret),
        "prover_nym": replace(own, prover_nym=thief.prover_nym),
    }
    return {name: secrets for name, secrets in found.items() if secrets != own}


@each
def test_nobody_derives_without_every_secret(feature: Feature) -> None:
    cases = mixed(feature)
    assert len(cases) == 2 + feature.committed
    for secrets in cases.values():
        with pytest.raises(InvalidSignatureError):
            show(feature, secrets=secrets)


def test_the_holders_secret_cannot_be_left_out() -> None:
    own = committed(Feature.HOLDER_BINDING_PSEUDONYM)[1]
    with pytest.raises(InvalidSignatureError):
        show(Feature.HOLDER_BINDING_PSEUDONYM, OTHER, secrets=replace(own, holder_secret=None))
    own = committed(Feature.PSEUDONYM)[1]
    with pytest.raises(InvalidSignatureError):
        show(Feature.PSEUDONYM, OTHER, secrets=replace(own, holder_secret=b"x" * 32))
