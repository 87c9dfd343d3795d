"""Steps ``key`` and ``signature``: which key signed, was it good then, and does the signature match.

A time that the signer wrote never helps the signer (docs/reference/verdicts.md, "When was it signed?").
"""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from certweave.did.history import History, KeyPeriod
from certweave.did.syntax import parse_did_url
from certweave.errors import Cause, CertweaveError, InvalidError, InvalidSignatureError
from certweave.examine.course import Course, NeedsEvidenceError
from certweave.examine.evidence import Kind, Need
from certweave.keys.model import PublicKey
from certweave.timestamps import format_timestamp

if TYPE_CHECKING:
    from certweave.examine.receipts import Attestation

UNFIT = frozenset(("alg_key_mismatch", "suite_key_mismatch"))
"""Codes by which tokens and proofs say that a key is not of the kind that they need."""


METHODS_KEPT: Final = 256
"""Names of keys, kept with whose they are: some hundred characters each, 8 KiB at the worst."""


class Signed(NamedTuple):
    """One signature over a document, before anybody believes it.

    Attributes:
        method: DID URL of the verification method; None where a token names none.
        claimed: when the signer says that it signed.
        digest: returns the SHA-256 that a receipt would be about.
        verify: raises InvalidSignatureError unless the signature matches the key.
        path: JSON Pointer of the proof in the input.
    """

    method: str | None
    claimed: datetime | None
    digest: Callable[[], bytes]
    verify: Callable[[PublicKey], None]
    path: str | None


def method_owner(method: str) -> str:
    """Return whose key a method names: a DID, or the web address of an SD-JWT VC's issuer."""
    return _did_of(method) if method.startswith("did:") else method.partition("#")[0]


@lru_cache(maxsize=METHODS_KEPT)
def _did_of(method: str) -> str:
    # Of DID URLs only, whose length has a bound, so that nobody fills the memory with what is kept here.
    return parse_did_url(method).did.text


def find_signing_key(
    signed: Signed, history: History, relationship: str, *, now: datetime
) -> tuple[KeyPeriod, CertweaveError | None]:
    """Return the key that made the signature, or the likeliest one and what is wrong with the signature.

    An UndecidedError is among the latter: a context that is not pinned, a budget that is spent.

    A method may have had other key material under the same id: the one whose key verifies is the one that
    signed, so that a signature of a replaced key is recognised as one of a retired key.

    Raises:
        InvalidError: no such method was ever there, or only under another relationship.
    """
    periods: Sequence[KeyPeriod] = history.find_keys(signed.method, relationship, now=now)
    mismatch: InvalidError | None = None
    unfit: CertweaveError | None = None
    for period in periods:
        try:
            signed.verify(period.key)
        except InvalidSignatureError as error:
            mismatch = mismatch or InvalidSignatureError(error.detail, code=error.code, path=signed.path)
        except CertweaveError as error:
            if error.code not in UNFIT:
                # No key is to blame: the document is not one that this suite can sign.
                return period, error
            # The key is of another kind; one before it under the same id may be of the right kind.
            if len(periods) == 1:
                raise
            unfit = unfit or error
        else:
            return period, None
    if mismatch is None and unfit is not None:
        raise unfit
    return periods[0], mismatch


def check_signing_time(signed: Signed, period: KeyPeriod, history: History, course: Course) -> str:
    """Decide whether the key was good when this was signed; return the finding in words.

    Raises:
        InvalidError: the signer itself says that it signed after the key was retired.
        NeedsEvidenceError: the key is retired and nobody attests when this was signed.
    """
    if period.retired is None:
        return "in force now"
    retired = format_timestamp(period.retired)
    if signed.claimed is not None and signed.claimed >= period.retired:
        raise InvalidError(
            f"the key was retired on {retired}, and this was signed on {format_timestamp(signed.claimed)}",
            code="signed_after_retirement",
            path=signed.path,
        )
    from certweave.examine.receipts import find_attestation  # few keys are retired

    attestation = find_attestation(signed.digest(), history, course)
    if attestation.at is not None and attestation.at < period.retired:
        return f"retired on {retired}; the ledger dated this {format_timestamp(attestation.at)}"
    raise _unproven(retired, attestation, signed, history, course)


def _unproven(
    retired: str, attestation: "Attestation", signed: Signed, history: History, course: Course
) -> NeedsEvidenceError:
    from certweave.examine.receipts import receipt_needs

    if attestation.at is None:
        ending = "no ledger that counts says that this was signed before"
    else:
        ending = f"the ledger first saw this on {format_timestamp(attestation.at)}"
    needs = attestation.needs or frozenset(
        Need(Kind.RECEIPT, url) for url in receipt_needs(signed.digest(), history, course)
    )
    return NeedsEvidenceError(
        f"the key was retired on {retired}, and {ending}",
        *needs,
        code="signing_time_unproven",
        cause=Cause.SIGNING_TIME_UNPROVEN,
        path=signed.path,
    )
