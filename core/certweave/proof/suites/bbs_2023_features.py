"""The optional features of ``bbs-2023``: proofs bound to a holder's secret, and pseudonyms.

Follows VC-DI-BBS (Candidate Recommendation, draft of 3 April 2025) §4 and what §3.3 and §3.4 do for each
``featureOption`` (https://www.w3.org/TR/vc-di-bbs/#optional-features). The features are at risk there, and
the drafts beneath go on changing: ``keys.bbs_blind`` and ``keys.bbs_pseudonym`` name the revisions. What a
holder keeps leaves it in no form; an issuer sees a commitment, a verifier a proof.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError
from certweave.keys import bbs, bbs_blind, bbs_pseudonym
from certweave.keys.bbs_group import ORDER, SCALAR_BYTES
from certweave.keys.entropy import Entropy, draw
from certweave.keys.model import Committed, MessagesSigner
from certweave.proof.suites.bbs_2023_values import BaseValue, Bound, DerivedValue, Feature
from certweave.proof.suites.suite import Commitment, Hiding

SECRET_FLOOR: Final = 32
"""Bytes of a holder's secret at least (§4.1), so that nobody finds it by trying."""


@dataclass(frozen=True, slots=True)
class HolderSecrets:
    """What a holder keeps for one credential; the text form shows none of it.

    Attributes:
        secret_prover_blind: what hides the rest in the commitment, a number in 32 bytes.
        holder_secret: at least 32 bytes; None without holder binding.
        prover_nym: the holder's part of the secret behind pseudonyms, a number in 32 bytes; None without.

    Raises:
        MalformedError: a part is too short or no such number, or there is neither secret
            (``holder_secrets_malformed``, ``nym_malformed``).
    """

    secret_prover_blind: bytes = field(repr=False)
    holder_secret: bytes | None = field(default=None, repr=False)
    prover_nym: bytes | None = field(default=None, repr=False)

    def __post_init__(self) -> None:
        """Refuse what is not usable."""
        blind, secret = self.secret_prover_blind, self.holder_secret
        if len(blind) != SCALAR_BYTES or not 0 < int.from_bytes(blind) < ORDER:
            detail = "secret_prover_blind is a number of 32 bytes from 1 to r - 1"
            raise MalformedError(detail, code="holder_secrets_malformed")
        if secret is not None and len(secret) < SECRET_FLOOR:
            detail = f"a holder's secret has at least {SECRET_FLOOR} bytes"
            raise MalformedError(detail, code="holder_secrets_malformed")
        if self.prover_nym is not None:
            bbs_pseudonym.read_nym(self.prover_nym)
        elif secret is None:
            detail = "there is neither a holder's secret nor one for pseudonyms"
            raise MalformedError(detail, code="holder_secrets_malformed")

    @property
    def feature(self) -> Feature:
        """The feature option that such secrets are for."""
        if self.prover_nym is None:
            return Feature.HOLDER_BINDING
        return Feature.PSEUDONYM if self.holder_secret is None else Feature.HOLDER_BINDING_PSEUDONYM

    @property
    def committed_messages(self) -> list[bytes]:
        """What was committed to as a message."""
        return [] if self.holder_secret is None else [self.holder_secret]

    @property
    def blind(self) -> int:
        """``secret_prover_blind`` as a number."""
        return int.from_bytes(self.secret_prover_blind)


def commit(
    feature: Feature,
    *,
    entropy: Entropy,
    holder_secret: bytes | None = None,
    prover_nym: bytes | None = None,
) -> tuple[Commitment, HolderSecrets]:
    """§4.1, §4.2, §4.3: make, as a holder, what an issuer is sent, and what the holder keeps.

    Args:
        feature: what is wanted; not the baseline.
        entropy: the source of randomness; two commitments must never get the same bytes.
        holder_secret: to bind more than one credential to the same; otherwise one is drawn.
        prover_nym: likewise.

    Raises:
        ValueError: the baseline, which commits to nothing.
        MalformedError: a secret that was given is none.
        UnsupportedError: the extra is missing (``bbs_missing``).
    """
    if feature is Feature.BASELINE:
        raise ValueError("the baseline commits to nothing")
    secret = nym = None
    if feature.holder_binding:
        secret = draw(entropy, SECRET_FLOOR) if holder_secret is None else holder_secret
    if feature.pseudonyms:
        nym = _draw_number(entropy) if prover_nym is None else prover_nym
    messages = [] if secret is None else [secret]
    if nym is None:
        sent, blind = bbs_blind.commit(messages, entropy=entropy)
    else:
        sent, blind = bbs_pseudonym.commit_with_nym(messages, nym, entropy=entropy)
    return Commitment(feature, sent), HolderSecrets(blind.to_bytes(SCALAR_BYTES), secret, nym)


def sign(
    bbs_header: bytes, messages: Sequence[bytes], signer: MessagesSigner, hiding: Hiding
) -> tuple[bytes, Feature, bytes | None]:
    """§3.4.5 step 4: return bbsSignature, the feature option, and signer_nym_entropy where it has one.

    Raises:
        InvalidError: there is no such feature (``bbs_feature``), or the commitment does not hold
            (``commitment_wrong``).
        MalformedError: the commitment has another length than the feature makes (``commitment_malformed``),
            or signer_nym_entropy is none (``nym_malformed``).
    """
    commitment = hiding.commitment
    if commitment is None:
        return signer.sign_messages(bbs_header, messages), Feature.BASELINE, None
    feature = parse_feature(commitment.feature)
    entropy = commitment.signer_nym_entropy
    if feature.pseudonyms:
        entropy = _draw_number(hiding.entropy) if entropy is None else entropy
    elif entropy is not None:
        raise InvalidError(f"{feature} has no signer_nym_entropy", code="bbs_feature")
    committed = Committed(commitment.with_proof, feature.committed, entropy)
    return signer.sign_messages(bbs_header, messages, committed), feature, entropy


def parse_feature(name: str) -> Feature:
    """Return the feature option that a commitment is for.

    Raises:
        InvalidError: there is none of this name that commits to anything (``bbs_feature``).
    """
    if name not in set(Feature) - {Feature.BASELINE}:
        detail = f"there is no feature option {name[:60]!a} that a holder commits to something for"
        raise InvalidError(detail, code="bbs_feature")
    return Feature(name)


@dataclass(frozen=True, slots=True)
class Showing:
    """What a holder shows, and what with.

    Attributes:
        messages: all statements that the issuer signed one by one.
        selective_indexes: those to show.
        presentation_header: bytes that the proof is bound to.
        entropy: two proofs must never get the same bytes.
    """

    messages: Sequence[bytes]
    selective_indexes: Sequence[int]
    presentation_header: bytes
    entropy: Entropy


def prove(
    base: BaseValue, showing: Showing, holder: HolderSecrets | None, nym_domain: str | None
) -> tuple[bytes, Feature, Bound | None]:
    """§3.3.3 steps 10 and 11, the base proof checked: return bbsProof, the feature and what goes with it.

    Raises:
        InvalidSignatureError: the base proof is not one of these messages and secrets.
        InvalidError: secrets or a ``nym_domain`` are missing, or there for nothing (``holder_secrets_unfit``,
            ``nym_domain_unfit``).
        UnsupportedError: the extra is missing (``bbs_missing``).
    """
    _check_fit(base.feature, holder, nym_domain)
    checked = (base.public_key, base.bbs_signature, base.bbs_header, showing.messages)
    shown = (base.public_key, base.bbs_signature, showing.messages, showing.selective_indexes)
    around: dict[str, Any] = {
        "header": base.bbs_header,
        "presentation_header": showing.presentation_header,
        "entropy": showing.entropy,
    }
    # The drafts recommend to check the signature; a holder would hear of it from the verifier otherwise.
    if holder is None:
        bbs.verify(*checked)
        return bbs.proof_gen(*shown, **around), Feature.BASELINE, None
    count = len(showing.messages)
    kept: dict[str, Any] = {
        "committed_messages": holder.committed_messages,
        "secret_prover_blind": holder.blind,
    }
    around |= kept
    if nym_domain is None:
        bbs_blind.blind_verify(*checked, **kept)
        return bbs_blind.blind_proof_gen(*shown, **around), holder.feature, Bound(count)
    secret = bbs_pseudonym.verify_finalize_with_nym(
        *checked,
        prover_nym=holder.prover_nym or b"",
        signer_nym_entropy=base.signer_nym_entropy or b"",
        **kept,
    )
    proof, pseudonym = bbs_pseudonym.proof_gen_with_nym(
        *shown, nym_secret=secret, context_id=nym_domain.encode(), **around
    )
    return proof, holder.feature, Bound(count, pseudonym, nym_domain)


def _check_fit(feature: Feature, holder: HolderSecrets | None, nym_domain: str | None) -> None:
    nyms = holder is not None and holder.prover_nym is not None
    if (holder is None) is not (feature is Feature.BASELINE) or nyms is not feature.pseudonyms:
        detail = f"this base proof wants the secrets that its holder committed to for {feature}"
        if feature is Feature.BASELINE:
            detail = "this base proof is bound to no secret of its holder"
        raise InvalidError(detail, code="holder_secrets_unfit")
    if (nym_domain is not None) is not feature.pseudonyms:
        detail = "a pseudonym is for one who asks, who has to be named"
        if nym_domain is not None:
            detail = "this base proof gives no pseudonyms, for nobody"
        raise InvalidError(detail, code="nym_domain_unfit")


def check_length(derived: DerivedValue) -> int:
    """Check that a proof keeps the secrets of its feature option; return how many statements it is over.

    Raises:
        InvalidError: it keeps others (``bbs_length``).
    """
    count = len(derived.selective_indexes) + bbs.hidden_messages(derived.bbs_proof)
    if derived.bound is None:
        return count
    kept = {1 + derived.feature.committed}
    if derived.feature.pseudonyms and derived.bound.nym_domain is None:
        # The older form has one header for both features with pseudonyms.
        kept.add(1 + Feature.PSEUDONYM.committed)
    if count - derived.bound.length not in kept:
        detail = f"the proof keeps another number of secrets than {derived.feature} has"
        raise InvalidError(detail, code="bbs_length")
    return derived.bound.length


def verify(
    public: bytes, derived: DerivedValue, messages: Sequence[bytes], *, header: bytes, audience: str | None
) -> None:
    """§3.4.7 step 6: check bbsProof, by its feature option.

    Raises:
        InvalidSignatureError: it does not prove this.
        InvalidError: its pseudonym is for somebody else than ``audience`` (``audience_wrong``).
        UndecidedError: it has a pseudonym, and nobody said who asks (``pseudonym_audience``).
    """
    shown = (public, derived.bbs_proof, messages, derived.selective_indexes)
    around: dict[str, Any] = {"header": header, "presentation_header": derived.presentation_header}
    bound = derived.bound
    if bound is None:
        bbs.proof_verify(*shown, **around)
        return
    around["length"] = bound.length
    if bound.pseudonym is None:
        bbs_blind.blind_proof_verify(*shown, **around)
        return
    context = bound.nym_domain if audience is None else audience
    if bound.nym_domain not in (None, context):
        detail = f"its pseudonym is for {bound.nym_domain!a:.80}, not for who asks"
        raise InvalidError(detail, code="audience_wrong")
    if context is not None:
        bbs_pseudonym.proof_verify_with_nym(
            *shown, pseudonym=bound.pseudonym, context_id=context.encode(), **around
        )
    if audience is None:
        detail = "its pseudonym is for one who asks for a presentation, and nobody said who that is"
        raise UndecidedError(detail, code="pseudonym_audience", cause=Cause.WITHHELD)


def _draw_number(entropy: Entropy) -> bytes:
    """Return a random number from 1 to r - 1 in 32 bytes."""
    # 16 bytes more than it has make every number as likely as any other, all but (RFC 9380 §5).
    return (int.from_bytes(draw(entropy, SCALAR_BYTES + 16)) % (ORDER - 1) + 1).to_bytes(SCALAR_BYTES)
