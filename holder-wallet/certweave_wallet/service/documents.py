"""The documents of a wallet: keeping, looking again, showing to everybody or to nobody."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certweave.credential.holder import holder_of
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, UnsupportedError
from certweave.examine.reader import read
from certweave.examine.reading import Form
from certweave.log.receipt import secured_digest
from certweave.proof.vc_jwt import is_envelope, open_envelope
from certweave_edge.ledger_client import LedgerError
from certweave_wallet.ports import Act, Holding, Network, Origin
from certweave_wallet.service.reading import check_acceptable, look_at, looked, make_received
from certweave_wallet.service.tools import Tools, unknown

LOG: Final = logging.getLogger("certweave.wallet")
DELEGATION: Final = "Delegation"
HOLDING: Final = "hold"
"""The action of a delegation that lets somebody keep another's certificates."""


@dataclass(frozen=True, slots=True)
class Documents:
    """Threads may share it. Methods that say so call other hosts."""

    tools: Tools

    def all(self, org: str) -> Sequence[Holding]:
        """Return all documents of an organisation, newest first."""
        return self.tools.store.all(org)

    def find(self, org: str, credential_id: str) -> Holding:
        """Return one document of an organisation.

        Raises:
            RefusedError: 404 ``document_unknown``.
        """
        found = self.tools.store.find(org, credential_id)
        if found is None:
            raise unknown("document", "document_unknown")
        return found

    def find_public(self, org: str, credential_id: str) -> Holding:
        """Return a document that its holder shows to everybody; 404 for any other."""
        found = self.tools.store.find(org, credential_id)
        if found is None or not found.published:
            raise unknown("document", "document_unknown")
        return found

    def history(self, org: str, credential_id: str) -> Sequence[Act]:
        """Return what happened to a document, newest first."""
        return self.tools.store.history(org, self.find(org, credential_id).credential_id)

    def keep(self, org: str, content: bytes, *, actor: str) -> Holding:
        """Examine a document that somebody handed over, and keep it. Calls other hosts.

        Raises:
            CertweaveError: it does not hold, or is somebody else's (``holder_foreign``).
            RefusedError: 409 ``document_known``.
        """
        return self.keep_from(org, content, self.tools.networks(), actor=actor)

    def keep_from(
        self, org: str, content: bytes, network: Network, *, actor: str, types: Sequence[str] = ()
    ) -> Holding:
        """Do as ``keep`` within the budget of an act; ``types`` must all be there.

        The same bytes again are no second document: the first is returned.
        """
        content = _bare(content, self.tools)
        known = self.tools.store.find_content(org, hashlib.sha256(content).hexdigest())
        if known is not None:
            return known
        report = look_at(self.tools, network, content)
        document = check_acceptable(report)
        self._check_ours(org, document)
        now = self.tools.clock()
        holding = make_received(org, content, document, report, now=now, tools=self.tools)
        missing = [name for name in types if name not in holding.types]
        if missing:
            detail = f"this is not what was offered: its type lacks {missing[0][:80]}"
            raise InvalidError(detail, code="document_other_type", path="/type")
        self.tools.store.add(org, holding, actor=actor, act="document.keep", now=now)
        return holding

    def look(self, org: str, credential_id: str) -> Holding:
        """Examine a document again and keep the verdict. Calls other hosts."""
        holding = self.find(org, credential_id)
        report = look_at(self.tools, self.tools.networks(), holding.content)
        self.tools.store.set_looked(org, credential_id, looked(report))
        return self.find(org, credential_id)

    def publish(self, org: str, credential_id: str, published: bool, *, actor: str) -> Holding:
        """Show a document to everybody, or no longer."""
        self.find(org, credential_id)
        now = self.tools.clock()
        self.tools.store.set_published(org, credential_id, published, actor=actor, now=now)
        return self.find(org, credential_id)

    def ensure_receipt(self, holding: Holding) -> Holding:
        """Ask the ledger for the receipt of an own document that has none. Calls the ledger.

        A ledger that does not answer is no reason to lose a signature: the document stays, undated, and
        asking again is always possible.
        """
        receipts = self.tools.receipts
        if holding.receipt is not None or holding.origin is not Origin.OWN or receipts is None:
            return holding
        digest = secured_digest(holding.content.decode("ascii"))
        try:
            receipt = receipts.request_receipts([digest])[digest]
        except LedgerError as error:
            LOG.warning(
                "receipt_pending org=%s id=%s code=%s", holding.org, holding.credential_id, error.code
            )
            return holding
        self.tools.store.set_receipt(holding.org, holding.credential_id, receipt)
        return self.find(holding.org, holding.credential_id)

    def settle_receipts(self, org: str) -> int:
        """Ask for every missing receipt of own documents; return how many the ledger did not give."""
        own = [one for one in self.all(org) if one.origin is Origin.OWN and one.receipt is None]
        return sum(self.ensure_receipt(holding).receipt is None for holding in own)

    def _check_ours(self, org: str, document: JsonObject) -> None:
        holder = holder_of(document)
        did = self.tools.identities.did_of(org)
        if holder == did or (holder is not None and holder in self._principals(org, did)):
            return
        whose = "nobody" if holder is None else holder
        raise InvalidError(f"this document is for {whose}, not for {did}", code="holder_foreign")

    def _principals(self, org: str, did: str) -> set[str]:
        """Return for whom the organisation acts by a delegation that it holds."""
        found: set[str] = set()
        now = self.tools.clock()
        for holding in self.tools.store.all(org):
            valid = holding.looked is not None and holding.looked.verdict == "valid"
            over = holding.valid_until is not None and holding.valid_until <= now
            if DELEGATION in holding.types and valid and not over:
                found |= _principal(holding.document, did, now.date().isoformat())
        return found


def _principal(document: JsonObject, did: str, today: str) -> set[str]:
    """Return for whom ``did`` may hold certificates by a delegation; days compare as text."""
    subject = document.get("credentialSubject")
    part = subject.get("delegation") if isinstance(subject, dict) else None
    if not isinstance(part, dict) or HOLDING not in part.get("actions", ()):
        return set()
    if not str(part.get("startDate", "")) <= today <= str(part.get("endDate", "")):
        return set()
    principal, delegate = _id(part.get("principal")), _id(part.get("delegate"))
    return {principal} if delegate == did and principal else set()


def _id(party: object) -> str:
    found = party.get("id") if isinstance(party, dict) else None
    return found if isinstance(found, str) else ""


def _bare(content: bytes, tools: Tools) -> bytes:
    """Return the token of a document that came in an envelope, or the bytes as they are."""
    reading = read(content, limits=tools.limits)
    if reading.form not in (Form.JWT, Form.EMBEDDED):
        # It would have to be shown again in forms that no protocol of the wallet has for it yet.
        detail = "documents secured with COSE or as SD-JWT are not kept here yet"
        raise UnsupportedError(detail, code="form_unsupported")
    if reading.envelope is not None and is_envelope(reading.envelope):
        return open_envelope(reading.envelope)[1].encode()
    return content.strip()
