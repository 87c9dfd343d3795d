"""The documents of a wallet: keeping, looking again, showing to everybody or to nobody."""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from certweave.credential.holder import holder_of
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.exchange.vci_metadata import SD_JWT_VC
from certweave.log.receipt import secured_digest
from certweave_edge.ledger_client import LedgerError
from certweave_wallet.ports import Act, Holding, Network, Origin
from certweave_wallet.service.presenting import bound_key, find_signer, public_part, unbound
from certweave_wallet.service.reading import (
    FORMATS,
    check_acceptable,
    look_at,
    looked,
    make_received,
    read_kept,
)
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
        """Return what everybody sees of a document that its holder shows to everybody; 404 for any other."""
        found = self.tools.store.find(org, credential_id)
        if found is None or not found.published:
            raise unknown("document", "document_unknown")
        return public_part(found, self.tools)

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
        self,
        org: str,
        content: bytes,
        network: Network,
        *,
        actor: str,
        types: Sequence[str] = (),
        form: str | None = None,
    ) -> Holding:
        """Do as ``keep`` within the budget of an act; ``types`` and ``form`` are what must come.

        The same bytes again are no second document: the first is returned.
        """
        reading, content = read_kept(content, self.tools)
        came = FORMATS[reading.form]
        if form not in (None, came):
            detail = f"this is not what was offered: it is {came}, and {form} was offered"
            raise InvalidError(detail, code="document_other_form")
        known = self.tools.store.find_content(org, hashlib.sha256(content).hexdigest())
        if known is not None:
            return known
        report = look_at(self.tools, network, content)
        document = check_acceptable(report)
        now = self.tools.clock()
        holding = make_received(org, content, came, document, report, now=now, tools=self.tools)
        self._check_ours(holding)
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
        """Show a document to everybody, or no longer; of what can be withheld, nobody sees anything.

        Raises:
            InvalidError: what is left is no credential (``sd_too_little``).
        """
        found = self.find(org, credential_id)
        if published:
            public_part(found, self.tools)
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

    def _check_ours(self, holding: Holding) -> None:
        """The key that it is bound to must be ours, or nobody could show it; so must its holder, if named."""
        org, did = holding.org, self.tools.identities.did_of(holding.org)
        key = bound_key(holding.content, holding.form, self.tools)
        if key is not None and find_signer(org, key, self.tools) is None:
            raise unbound()
        claims = holding.form == SD_JWT_VC
        holder = holding.document.get("sub") if claims else holder_of(holding.document)
        if key is not None and (claims or holder is None):
            return
        if holder == did or (holder is not None and holder in self._principals(org, did)):
            return
        whose = "nobody" if holder is None else str(holder)[:200]
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
