"""Every document dated before the keys that signed it go."""

from certweave_issuer.ports import Store
from certweave_issuer.service.certificates import Certificates


def settle_receipts(certificates: Certificates, store: Store, org: str) -> int:
    """Fetch every missing receipt of an organisation; return how many the ledger did not give."""
    missing = certificates.fetch_receipts(org)
    while missing == 0 and store.lacking_receipts(org, 1):
        missing = certificates.fetch_receipts(org)
    return missing
