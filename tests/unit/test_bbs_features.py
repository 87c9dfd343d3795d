"""bbs-2023 bound to what a holder keeps: the way through, and what holder and issuer are told on it."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from tests.support.committing import FEATURES, OTHER, VERIFIER, bound, committed, present, show
from tests.support.disclosing import (
    around,
    crew,
    entropy,
    examine,
    proof_bytes,
    secure,
    signer,
    with_proof_bytes,
)
from tests.support.world import START, outcome

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.examine.report import Verdict
from certweave.keys import bbs_blind, bbs_pseudonym
from certweave.keys.bbs_group import ORDER
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Committed, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_credential
from certweave.proof.suites.bbs_2023 import find_pseudonym
from certweave.proof.suites.bbs_2023_features import HolderSecrets, commit
from certweave.proof.suites.bbs_2023_values import DERIVED_HEADERS, Feature, parse_base_proof_value
from certweave.proof.suites.suite import Commitment
from certweave.proof.ways import WAYS, secure_credential

each = pytest.mark.parametrize("feature", FEATURES)
named = pytest.mark.parametrize("feature", [one for one in FEATURES if one.pseudonyms])
ONE = (1).to_bytes(32)


def code(action: Callable[[], object]) -> str:
    with pytest.raises(CertweaveError) as caught:
        action()
    return caught.value.code


def pseudonym(shown: JsonObject) -> bytes:
    found = find_pseudonym(proof_bytes(shown), DEFAULT_LIMITS)
    assert found is not None
    return found.name


def derive(secured: JsonObject, secrets: HolderSecrets | None, nym_domain: str | None) -> JsonObject:
    return derive_credential(
        secured,
        ("/credentialSubject/name",),
        around=around(),
        entropy=entropy("derive"),
        holder=secrets,
        nym_domain=nym_domain,
    )


@each
def test_what_its_holder_shows_holds(feature: Feature) -> None:
    report = present(show(feature))
    assert report.verdict is Verdict.VALID
    notes = {note.code: note.detail for note in report.credentials[0].notes}
    assert ("pseudonym" in notes) is feature.pseudonyms
    if feature.pseudonyms:
        assert pseudonym(show(feature)).hex() in notes["pseudonym"]


@each
def test_the_base_proof_holds_no_secret(feature: Feature) -> None:
    value, secrets = proof_bytes(bound(feature)), committed(feature)[1]
    assert parse_base_proof_value(value, limits=DEFAULT_LIMITS).feature is feature
    for secret in (secrets.secret_prover_blind, secrets.holder_secret, secrets.prover_nym):
        assert secret is None or (
            secret not in value
            and secret not in proof_bytes(show(feature))
            and secret not in committed(feature)[0].with_proof
        )
    shown = repr(secrets)
    assert secrets.secret_prover_blind.hex() not in shown
    assert str(secrets.secret_prover_blind) not in shown


@named
def test_a_pseudonym_is_the_same_to_one_verifier_and_another_to_others(feature: Feature) -> None:
    first, again, elsewhere = show(feature), show(feature, seed="again"), show(feature, OTHER)
    assert first["proof"] != again["proof"]
    assert pseudonym(first) == pseudonym(again) != pseudonym(elsewhere)
    assert present(elsewhere, OTHER).verdict is Verdict.VALID


@named
def test_only_the_issuers_part_makes_a_pseudonym_come_again(feature: Feature) -> None:
    """§4.2: an issuer who keeps signer_nym_entropy can issue anew for the same pseudonyms."""
    sent, secrets = committed(feature)
    kept = parse_base_proof_value(proof_bytes(bound(feature)), limits=DEFAULT_LIMITS).signer_nym_entropy
    anew, secrets_anew = commit(
        feature,
        entropy=entropy("anew"),
        holder_secret=secrets.holder_secret,
        prover_nym=secrets.prover_nym,
    )
    same = secure("bbs-2023", commitment=replace(anew, signer_nym_entropy=kept))
    assert pseudonym(derive(same, secrets_anew, VERIFIER)) == pseudonym(show(feature))
    other = secure("bbs-2023", commitment=replace(sent, signer_nym_entropy=ONE))
    assert pseudonym(derive(other, secrets, VERIFIER)) != pseudonym(show(feature))


def test_commitments_are_never_the_same() -> None:
    sent = {committed(feature, holder)[0].with_proof for feature in FEATURES for holder in ("a", "b")}
    assert len(sent) == 6


UNFIT: dict[str, tuple[Feature, Feature | None, str | None, str]] = {
    "no secrets": (Feature.HOLDER_BINDING, None, None, "holder_secrets_unfit"),
    "no secrets for a pseudonym": (Feature.PSEUDONYM, None, VERIFIER, "holder_secrets_unfit"),
    "secrets for nothing": (Feature.BASELINE, Feature.HOLDER_BINDING, None, "holder_secrets_unfit"),
    "a nym for nothing": (Feature.HOLDER_BINDING, Feature.PSEUDONYM, None, "holder_secrets_unfit"),
    "no nym": (Feature.PSEUDONYM, Feature.HOLDER_BINDING, VERIFIER, "holder_secrets_unfit"),
    "nobody who asks": (Feature.PSEUDONYM, Feature.PSEUDONYM, None, "nym_domain_unfit"),
    "somebody for nothing": (Feature.HOLDER_BINDING, Feature.HOLDER_BINDING, VERIFIER, "nym_domain_unfit"),
    "somebody for the baseline": (Feature.BASELINE, None, VERIFIER, "nym_domain_unfit"),
}


@pytest.mark.parametrize("case", UNFIT)
def test_what_does_not_fit_the_base_proof_is_told_to_the_holder(case: str) -> None:
    feature, kept, nym_domain, expected = UNFIT[case]
    secured = secure("bbs-2023") if feature is Feature.BASELINE else bound(feature)
    secrets = None if kept is None else committed(kept)[1]
    assert code(lambda: derive(secured, secrets, nym_domain)) == expected


def test_the_other_suite_binds_to_nothing() -> None:
    sent, secrets = committed(Feature.HOLDER_BINDING)
    assert code(lambda: secure("ecdsa-sd-2023", commitment=sent)) == "commitment_unfit"
    secured = secure("ecdsa-sd-2023")
    assert code(lambda: derive(secured, secrets, None)) == "holder_secrets_unfit"
    assert code(lambda: derive(secured, None, VERIFIER)) == "holder_secrets_unfit"


@pytest.mark.parametrize("way", WAYS)
def test_one_way_binds_to_a_commitment(way: str) -> None:
    sent, secrets = committed(Feature.HOLDER_BINDING)
    kind = WAYS[way].algorithms[0]
    private = make_private_key(kind, entropy=lambda size: bytes([3]) * size)
    given: Any = {
        "document": {**crew("bbs-2023"), "issuer": make_did_key(private.public)},
        "signer": KeySigner(make_did_key_method(private.public), private),
        "way": way,
        "contexts": around().contexts,
        "limits": DEFAULT_LIMITS,
        "now": START,
        "entropy": entropy("way"),
        "commitment": sent,
    }
    if way != "bbs-2023":
        assert code(lambda: secure_credential(**given)) == "commitment_unfit"
        return
    secured = secure_credential(**given)
    assert isinstance(secured, dict)
    assert present(derive(secured, secrets, None)).verdict is Verdict.VALID


@pytest.mark.parametrize("name", ["baseline", "", "Pseudonym", "x" * 100])
def test_an_issuer_takes_commitments_for_what_it_knows(name: str) -> None:
    sent = Commitment(name, committed(Feature.PSEUDONYM)[0].with_proof)
    assert code(lambda: secure("bbs-2023", commitment=sent)) == "bbs_feature"


def test_without_pseudonyms_there_is_no_part_of_the_issuer() -> None:
    sent = replace(committed(Feature.HOLDER_BINDING)[0], signer_nym_entropy=ONE)
    assert code(lambda: secure("bbs-2023", commitment=sent)) == "bbs_feature"


@pytest.mark.parametrize("number", [bytes(32), ORDER.to_bytes(32), b"\xff" * 32, b"\x01", bytes(33)])
def test_a_part_of_a_secret_is_a_number_of_the_group(number: bytes) -> None:
    assert code(lambda: HolderSecrets(ONE, None, number)) == "nym_malformed"
    assert code(lambda: HolderSecrets(number, bytes(32))) == "holder_secrets_malformed"
    assert code(lambda: commit(Feature.PSEUDONYM, entropy=entropy(), prover_nym=number)) == "nym_malformed"
    sent = replace(committed(Feature.PSEUDONYM)[0], signer_nym_entropy=number)
    assert code(lambda: secure("bbs-2023", commitment=sent)) == "nym_malformed"


def test_a_secret_that_can_be_guessed_is_none() -> None:
    assert code(lambda: HolderSecrets(ONE, b"x" * 31)) == "holder_secrets_malformed"
    assert code(lambda: HolderSecrets(ONE)) == "holder_secrets_malformed"
    sent: Any = {"entropy": entropy(), "holder_secret": b"1234"}
    assert code(lambda: commit(Feature.HOLDER_BINDING, **sent)) == "holder_secrets_malformed"


def test_an_empty_secret_is_none_and_nothing_takes_its_place() -> None:
    given: Any = {"entropy": entropy(), "holder_secret": b"", "prover_nym": b""}
    assert code(lambda: commit(Feature.HOLDER_BINDING, **given)) == "holder_secrets_malformed"
    assert code(lambda: commit(Feature.PSEUDONYM, **given)) == "nym_malformed"


def test_the_baseline_commits_to_nothing() -> None:
    with pytest.raises(ValueError, match="nothing"):
        commit(Feature.BASELINE, entropy=entropy())


@each
def test_bare_only_what_has_no_pseudonym_can_be_judged(feature: Feature) -> None:
    report = examine(show(feature))
    expected = "undecided:withheld" if feature.pseudonyms else "valid:signature_holds"
    assert outcome(report, "signature") == expected


@named
def test_a_base_proof_of_the_older_form_is_read(feature: Feature) -> None:
    """As the W3C's vectors have it: one header for both features, and a tag before the issuer's part."""
    secured = bound(feature)
    value = proof_bytes(secured)
    older = b"\xd9\x5d\x08" + value[3:-34] + b"\xc2" + value[-34:]
    found = parse_base_proof_value(older, limits=DEFAULT_LIMITS)
    same = parse_base_proof_value(value, limits=DEFAULT_LIMITS)
    assert found == replace(same, feature=Feature.HOLDER_BINDING_PSEUDONYM)
    shown = derive(with_proof_bytes(secured, older), committed(feature)[1], VERIFIER)
    assert proof_bytes(shown)[:3] == DERIVED_HEADERS[feature]
    assert present(shown).verdict is Verdict.VALID


@pytest.mark.parametrize("header", ["d95d04", "d95d06"])
def test_no_other_base_proof_bears_a_tag(header: str) -> None:
    value = proof_bytes(bound(Feature.PSEUDONYM))
    tagged = bytes.fromhex(header) + value[3:-34] + b"\xc2" + value[-34:]
    assert code(lambda: parse_base_proof_value(tagged, limits=DEFAULT_LIMITS)) == "sd_value"


def test_proofs_of_blind_signatures_show_what_the_signer_saw() -> None:
    own, messages = signer("bbs-2023"), [b"one", b"two"]
    header: Any = {"header": b"", "presentation_header": b""}
    sent, blind = bbs_blind.commit([], entropy=entropy())
    signature = own.sign_messages(b"", messages, Committed(sent, 0))
    known: Any = {"committed_messages": [], "secret_prover_blind": blind, **header}
    public = own.public.raw
    proof = bbs_blind.blind_proof_gen(public, signature, messages, [0, 1], **known, entropy=entropy())

    def verify(indexes: list[int], length: int) -> None:
        bbs_blind.blind_proof_verify(public, proof, messages, indexes, length=length, **header)

    verify([0, 1], 2)
    assert code(lambda: verify([0, 1], 3)) == "signature_form"
    assert code(lambda: verify([0, 1], -1)) == "signature_form"
    assert code(lambda: verify([0, 2], 2)) == "signature_form"
    named: Any = {"pseudonym": proof[:48], "context_id": b"x", "length": 2, **header}
    shown: Any = (public, proof, messages, [0, 1])
    assert code(lambda: bbs_pseudonym.proof_verify_with_nym(*shown, **named)) == "signature_form"
