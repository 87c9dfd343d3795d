"""Receipts among the evidence: when did a ledger that counts first see these bytes?"""

from dataclasses import dataclass, field
from datetime import datetime

from certweave.did.history import History
from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.examine.course import Course, NeedsEvidenceError
from certweave.examine.evidence import Kind, Need
from certweave.examine.identity import find_identity
from certweave.log.receipt import Receipt, check_receipt, parse_receipt, verify_receipt
from certweave.trust.policy import LedgerSource, receipts_sources


@dataclass(frozen=True, slots=True)
class Attestation:
    """The earliest time that a ledger attests; None with the documents that could still show one."""

    at: datetime | None
    needs: frozenset[Need] = field(default_factory=frozenset)


def receipt_needs(digest: bytes, history: History, course: Course) -> tuple[str, ...]:
    """Return the addresses at which the ledgers that count would serve a receipt for ``digest``."""
    return tuple(f"{source.receipts_url}/{digest.hex()}" for source in _sources(history, course))


def find_attestation(digest: bytes, history: History, course: Course) -> Attestation:
    """Return the earliest attested time of ``digest``.

    A receipt is found by what it says, not by its address, so one that came with the credential counts as
    much as one that we fetched. One that does not verify is passed over with a note.
    """
    sources = _sources(history, course)
    times: list[datetime] = []
    needs: set[Need] = set()
    for need, found in course.situation.evidence.of_kind(Kind.RECEIPT):
        try:
            receipt = _read_receipt(found.content, digest, sources, course)
        except NeedsEvidenceError as error:
            course.remember(need, found)
            needs |= error.needs
            continue
        except CertweaveError as error:
            course.note("receipt_refused", f"a receipt does not count: {error.detail}")
            continue
        if receipt is not None:
            course.remember(need, found)
            times.append(receipt.at)
    return Attestation(min(times) if times else None, frozenset(needs))


def _read_receipt(
    content: bytes, digest: bytes, sources: tuple[LedgerSource, ...], course: Course
) -> Receipt | None:
    """Return the verified receipt; None when it speaks of other bytes, or its ledger does not count."""
    situation = course.situation
    receipt, jws = parse_receipt(_token(content), limits=situation.limits)
    if receipt.digest != digest or all(source.did != receipt.ledger for source in sources):
        return None
    check_receipt(receipt, digest, ledger=receipt.ledger, now=situation.now, limits=situation.limits)
    identity = find_identity(receipt.ledger, course)
    if identity.stale is not None:
        raise identity.stale
    period = identity.history.find_key(receipt.method, "assertionMethod", now=situation.now)
    if period.retired is not None:
        # Its thief could date anything; the ledger signs its old receipts again with its new key.
        raise InvalidError("the ledger's key is retired", code="receipt_key_retired")
    verify_receipt(receipt, jws, period)
    return receipt


def _token(content: bytes) -> str:
    try:
        return content.decode("ascii").strip()
    except UnicodeDecodeError:
        raise MalformedError("a receipt is a compact token", code="receipt_malformed") from None


def _sources(history: History, course: Course) -> tuple[LedgerSource, ...]:
    services = history.at(course.situation.now).document.services
    return receipts_sources(course.situation.policy, services)
