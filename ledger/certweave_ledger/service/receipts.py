"""Receipts: the ledger's word when it first saw a digest (docs/reference/receipts.md).

For each digest the first time stands for good. When the ledger's key has changed, a receipt that is asked for
again is signed again, with the same time: a retired key's word would not count.
"""

import re
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final, Protocol

from certweave.encoding.pointer import join
from certweave.errors import MalformedError
from certweave.keys.model import Signer
from certweave.log.receipt import make_receipt
from certweave_edge.ledger_client import MOST_DIGESTS
from certweave_edge.refused import Refusal, RefusedError
from certweave_ledger.ports import Author, Shelf, SignedReceipt, Store

_DIGEST: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)


class OwnKey(Protocol):
    """Who the ledger is, and its key of this moment."""

    def did(self) -> str:
        """Return the ledger's DID."""
        ...

    def signer(self) -> Signer:
        """Return the ledger's assertion key that is in force."""
        ...


class Receipts:
    """The receipts of one ledger."""

    def __init__(self, store: Store, shelf: Shelf, own: OwnKey, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._shelf = shelf
        self._own = own
        self._clock = clock

    def request(self, org: str, digests: Sequence[str], *, actor: str) -> list[SignedReceipt]:
        """Return a receipt for each digest, in their order.

        Raises:
            MalformedError: ``digest_malformed``, ``digests_missing``.
            RefusedError: ``digests_many`` (413).
        """
        if not digests:
            raise MalformedError("name at least one digest", code="digests_missing", path="/digests")
        if len(digests) > MOST_DIGESTS:
            detail = f"at most {MOST_DIGESTS} digests at once"
            raise RefusedError(detail, Refusal.TOO_LARGE, code="digests_many", path="/digests")
        for index, digest in enumerate(digests):
            check_digest(digest, join("", "digests", index))
        known = self._shelf.find_receipts(digests)
        fresh = [digest for digest in dict.fromkeys(digests) if digest not in known]
        author = Author(actor, self._clock())
        signer = self._own.signer()
        if fresh:
            made = [self._sign(digest, author.at, signer) for digest in fresh]
            known = {**known, **self._store.add_receipts(org, made, author=author)}
        current = {digest: self._renew(org, one, signer) for digest, one in known.items()}
        return [current[digest] for digest in digests]

    def find(self, digest: str) -> SignedReceipt:
        """Return the receipt for a digest, by the key in force; 404 where the ledger has not seen it."""
        check_digest(digest, None)
        found = self._shelf.find_receipts([digest]).get(digest)
        if found is None:
            raise RefusedError("this ledger has not seen it", Refusal.NOT_FOUND, code="receipt_unknown")
        signer = self._own.signer()
        return found if found.method == signer.method else self._sign(digest, found.at, signer)

    def _renew(self, org: str, receipt: SignedReceipt, signer: Signer) -> SignedReceipt:
        if receipt.method == signer.method:
            return receipt
        again = self._sign(receipt.digest, receipt.at, signer)
        self._store.replace_receipt(org, again)
        return again

    def _sign(self, digest: str, at: datetime, signer: Signer) -> SignedReceipt:
        token = make_receipt(bytes.fromhex(digest), at=at, signer=signer, ledger=self._own.did())
        return SignedReceipt(digest, at, token, signer.method)


def check_digest(digest: str, path: str | None) -> None:
    """Raise ``MalformedError`` unless the text is a SHA-256 as it stands in addresses."""
    if not _DIGEST.fullmatch(digest):
        detail = "a digest is a SHA-256 in 64 lower-case hexadecimal digits"
        raise MalformedError(detail, code="digest_malformed", path=path)
