"""Securing in every way there is, and showing it: what tests of attacks have in common."""

import json
from collections.abc import Callable
from datetime import datetime
from hashlib import shake_128
from typing import Final

from certweave.did.key import make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_key
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_credential
from certweave.proof.suites.suite import Around
from certweave.proof.ways import WAYS, Order
from tests.support.keys import BY_ALGORITHM
from tests.support.suites import contexts

NAMES: Final = tuple(WAYS)
OVER_STATEMENTS: Final = tuple(
    name
    for name in WAYS
    if "rdfc" in name or "-sd-2023" in name or name in ("bbs-2023", "Ed25519Signature2020")
)
"""Ways that sign what JSON-LD says; the others sign the text."""
OVER_TEXT: Final = tuple(name for name in WAYS if name not in OVER_STATEMENTS)


def signer_for(way: str) -> KeySigner:
    """Return a signer of a kind that fits a way, by its did:key."""
    algorithm = WAYS[way].algorithms[0]
    key = BY_ALGORITHM.get(algorithm) or make_private_key(algorithm, entropy=entropy())
    return KeySigner(make_did_key_method(key.public), key)


def entropy() -> Callable[[int], bytes]:
    """Return bytes that differ from call to call and are the same in each run."""
    calls = iter(range(1, 1000))
    return lambda size: shake_128(str(next(calls)).encode()).digest(size)


def show(document: JsonObject, signer: KeySigner, way: str, *, now: datetime) -> bytes:
    """Secure a credential; one of selective disclosure is shown with its subject."""
    drawn = entropy()
    # Straight to the way: frauds do not ask whether a credential may be signed.
    secured = WAYS[way].make(Order(document, signer, contexts(), DEFAULT_LIMITS, now, drawn))
    if isinstance(secured, bytes):
        return secured
    if isinstance(secured, str):
        return secured.encode()
    if WAYS[way].pointers == "mandatory":
        around = Around(contexts(), DEFAULT_LIMITS)
        secured = derive_credential(secured, ["/credentialSubject"], around=around, entropy=drawn)
    return json.dumps(secured).encode()
