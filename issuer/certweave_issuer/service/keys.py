"""The keys of a holder, found by resolving its DID through the edge: did:webvh, did:web, did:key.

DID Core 1.0 (https://www.w3.org/TR/did-core/). A stranger names the DID, so the fetch has a budget.
"""

from datetime import datetime
from typing import Final

from certweave.did.syntax import DidUrl
from certweave.errors import InvalidError
from certweave.keys.model import PublicKey
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.resolve import load_history
from certweave_issuer.ports import Fetch

RELATIONSHIPS: Final = ("authentication", "assertionMethod")
"""A holder shows control with either; other keys of a DID say nothing about who holds credentials."""


def find_key(method: DidUrl, *, fetch: Fetch, now: datetime) -> PublicKey:
    """Return the key that a DID has now for authentication or assertion under the name of a method.

    Raises:
        CertweaveError: the DID did not answer or does not resolve, or has no such key any more.
    """
    history = load_history(method.did, fetch, now=now, limits=DEFAULT_LIMITS)
    for relationship in RELATIONSHIPS:
        try:
            period = history.find_key(method.text, relationship, now=now)
        except InvalidError:
            continue
        if period.retired is None:
            return period.key
    raise InvalidError("the DID has no such key for its holder now", code="key_not_found")
