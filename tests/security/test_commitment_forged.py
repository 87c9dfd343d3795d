"""Attack: an issuer is sent a commitment that is none, or somebody else's, or of other things."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.support.committing import FEATURES, VERIFIER, committed, present
from tests.support.disclosing import around, crew, entropy, secure, signer
from tests.support.world import START

from certweave.did.key import make_did_key
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, InvalidSignatureError, MalformedError
from certweave.examine.report import Verdict
from certweave.keys import bbs_blind
from certweave.keys.bbs_group import ORDER
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.suites.bbs_2023_features import HolderSecrets
from certweave.proof.suites.bbs_2023_values import Feature
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Commitment, Hiding

each = pytest.mark.parametrize("feature", FEATURES)
IDENTITY = b"\xc0" + bytes(47)


def refusal(commitment: Commitment) -> str:
    with pytest.raises((MalformedError, InvalidError)) as caught:
        secure("bbs-2023", commitment=commitment)
    return caught.value.code


def flip(place: int) -> Callable[[bytes], bytes]:
    return lambda sent: sent[:place] + bytes([sent[place] ^ 1]) + sent[place + 1 :]


FORGED: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "nothing": (lambda _sent: b"", "commitment_malformed"),
    "cut by a number": (lambda sent: sent[:-32], "commitment_malformed"),
    "cut by a byte": (lambda sent: sent[:-1], "commitment_malformed"),
    "longer by a number": (lambda sent: sent[:-32] + sent[-64:], "commitment_malformed"),
    "longer by a byte": (lambda sent: sent + b"\0", "commitment_malformed"),
    "the identity": (lambda sent: IDENTITY + sent[48:], "commitment_wrong"),
    "no point": (lambda sent: bytes(48) + sent[48:], "commitment_wrong"),
    "a point of another group": (lambda sent: b"\x80" + bytes(46) + b"\x04" + sent[48:], "commitment_wrong"),
    "another answer": (flip(79), "commitment_wrong"),
    "another challenge": (flip(-2), "commitment_wrong"),
    "zero": (lambda sent: sent[:48] + bytes(32) + sent[80:], "commitment_wrong"),
    "the order": (lambda sent: sent[:-32] + ORDER.to_bytes(32), "commitment_wrong"),
    "numbers that swapped": (
        lambda sent: sent[:48] + sent[80:112] + sent[48:80] + sent[112:],
        "commitment_wrong",
    ),
}


@each
@pytest.mark.parametrize("case", FORGED)
def test_a_commitment_that_does_not_hold_is_not_signed(feature: Feature, case: str) -> None:
    forge, expected = FORGED[case]
    sent = committed(feature)[0]
    assert refusal(replace(sent, with_proof=forge(sent.with_proof))) == expected


@each
def test_a_point_with_the_proof_of_another_is_not_signed(feature: Feature) -> None:
    own, other = committed(feature)[0], committed(feature, "other")[0]
    assert refusal(replace(own, with_proof=other.with_proof[:48] + own.with_proof[48:])) == "commitment_wrong"


@each
@pytest.mark.parametrize("claimed", FEATURES)
def test_a_commitment_for_one_feature_is_none_for_another(feature: Feature, claimed: Feature) -> None:
    if feature is not claimed:
        code = refusal(replace(committed(feature)[0], feature=claimed))
        assert code == (
            "commitment_wrong" if feature.committed == claimed.committed else "commitment_malformed"
        )


@each
def test_a_commitment_replayed_to_another_issuer_is_of_no_use(feature: Feature) -> None:
    """It is bound to no issuer: whoever copied it gets a credential that only its maker can show."""
    sent, secrets = committed(feature)
    issuer = signer("bbs-2023", seed=4)
    stolen = add_proof(
        {**crew("bbs-2023"), "issuer": make_did_key(issuer.public)},
        issuer,
        suite=get_suite("bbs-2023"),
        around=around(),
        created=START,
        purpose="assertionMethod",
        hiding=Hiding(entropy(), ("/issuer", "/validFrom"), sent),
    )

    def derive(holder: HolderSecrets) -> JsonObject:
        return derive_credential(
            stolen,
            ("/credentialSubject/name",),
            around=around(),
            entropy=entropy(),
            holder=holder,
            nym_domain=VERIFIER if feature.pseudonyms else None,
        )

    with pytest.raises(InvalidSignatureError):
        derive(committed(feature, "thief")[1])
    assert present(derive(secrets)).verdict is Verdict.VALID


def test_a_signer_expects_as_many_messages_as_it_says() -> None:
    sent, _ = bbs_blind.commit([b"one", b"two"], entropy=entropy())
    for committed_count in (0, 1, 3):
        with pytest.raises(MalformedError):
            bbs_blind.blind_sign(
                (1).to_bytes(32), b"", [], commitment_with_proof=sent, committed=committed_count
            )
