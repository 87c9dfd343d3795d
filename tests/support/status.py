"""Status lists and moments for tests of status, receipts and trust."""

from datetime import UTC, datetime, timedelta
from typing import Any

from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.status.bitstring import make_bits, make_status_list, read_status, set_bit
from certweave.status.entry import StatusEntry

NOW = datetime(2026, 6, 1, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
LIST_URL = "https://cab.example/status/1"
LEDGER = "did:web:ledger.example"


def signer(
    seed: int = 1, method: str = f"{LEDGER}#key-1", algorithm: Algorithm = Algorithm.ED25519
) -> KeySigner:
    """Return a signer whose key follows from ``seed``."""
    return KeySigner(method, make_private_key(algorithm, entropy=lambda size: bytes([seed]) * size))


def entry(**changes: Any) -> StatusEntry:
    """Return the entry for bit 5 of ``LIST_URL``, changed."""
    members: dict[str, Any] = {"purpose": "revocation", "index": 5, "list_url": LIST_URL, "size": 1}
    return StatusEntry(**{**members, "path": "/credentialStatus", **changes})


def status_list(*set_bits: int, **changes: Any) -> JsonObject:
    """Return an unsigned list, in force from an hour before ``NOW`` to a day after, with members changed."""
    bits = make_bits()
    for index in set_bits:
        set_bit(bits, index, True)
    made = make_status_list(
        LIST_URL,
        issuer="did:web:cab.example",
        purpose="revocation",
        bits=bits,
        valid_from=NOW - HOUR,
        valid_until=NOW + DAY,
    )
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def with_subject(document: JsonObject, **changes: Any) -> JsonObject:
    """Return ``document`` with members of its subject changed, or taken away by None."""
    subject = {**document["credentialSubject"], **changes}
    kept = {name: value for name, value in subject.items() if value is not None}
    return {**document, "credentialSubject": kept}


def read(document: JsonObject, place: StatusEntry | None = None, **changes: Any) -> bool:
    """Read the bit as of ``NOW`` from a list that we fetched a minute before, with arguments changed."""
    arguments: dict[str, Any] = {
        "now": NOW,
        "fetched_at": NOW - timedelta(minutes=1),
        "own_fetch": True,
        "max_age": DAY,
        "limits": DEFAULT_LIMITS,
    }
    return read_status(document, place or entry(), **{**arguments, **changes}) != 0
