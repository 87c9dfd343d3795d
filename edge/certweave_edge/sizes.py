"""How large a document of each kind may be: the same on the wire, in a directory and in a bundle."""

from certweave.examine.evidence import Kind
from certweave.limits import Limits


def size_limit(kind: Kind, limits: Limits) -> tuple[str, int]:
    """Return the name and value, in bytes, of the limit for documents of ``kind``."""
    if kind is Kind.DID:
        return "did_log_bytes", limits.did_log_bytes
    if kind is Kind.STATUS:
        # The list is base64url inside JSON, and in a JWT base64url again: 16/9 of what is packed.
        return "status_list_packed_bytes", 2 * limits.status_list_packed_bytes
    return "credential_bytes", limits.credential_bytes
