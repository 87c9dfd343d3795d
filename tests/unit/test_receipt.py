"""Receipts: the ledger's word on when it had seen a digest."""

import hashlib
import json
from datetime import UTC, datetime

import pytest
from tests.support.status import DAY, LEDGER, NOW, signer

from certweave.canon.jcs import canonicalize
from certweave.did.history import KeyPeriod
from certweave.errors import InvalidError, MalformedError
from certweave.keys.model import JWS_ALGORITHMS, Algorithm
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import (
    Receipt,
    check_receipt,
    make_receipt,
    parse_receipt,
    secured_digest,
    verify_receipt,
)
from certweave.proof.vc_jwt import envelope

DIGEST = hashlib.sha256(b"secured").digest()
TOKEN = "eyJhbGciOiJFZERTQSJ9.e30.AAAA"


def period(**changes: object) -> KeyPeriod:
    members: dict[str, object] = {"since": NOW - 30 * DAY, "retired": None, "reason": "in_force", "seed": 1}
    members.update(changes)
    key = signer(int(str(members["seed"]))).public
    since, retired = members["since"], members["retired"]
    return KeyPeriod(
        f"{LEDGER}#key-1",
        key,
        since if isinstance(since, datetime) else None,
        retired if isinstance(retired, datetime) else None,
        str(members["reason"]),
    )


@pytest.mark.parametrize("algorithm", JWS_ALGORITHMS)
def test_round(algorithm: Algorithm) -> None:
    ledger = signer(algorithm=algorithm)
    token = make_receipt(DIGEST, at=NOW.replace(microsecond=999_999), signer=ledger, ledger=LEDGER)
    receipt, jws = parse_receipt(token, limits=DEFAULT_LIMITS)
    assert receipt == Receipt(DIGEST, NOW, LEDGER, f"{LEDGER}#key-1")
    assert jws.header["typ"] == "receipt+jwt"
    assert json.loads(jws.payload) == {"iss": LEDGER, "iat": int(NOW.timestamp()), "digest": DIGEST.hex()}
    verify_receipt(receipt, jws, KeyPeriod(receipt.method, ledger.public, None, None, "in_force"))
    check_receipt(receipt, DIGEST, ledger=LEDGER, now=NOW, limits=DEFAULT_LIMITS)


def test_token_is_hashed_as_it_stands() -> None:
    expected = hashlib.sha256(TOKEN.encode()).digest()
    assert secured_digest(TOKEN) == secured_digest(TOKEN.encode()) == expected
    assert secured_digest(envelope(TOKEN)) == expected
    assert secured_digest({**envelope(TOKEN), "name": "unsigned"}) == expected


def test_document_is_hashed_in_canonical_form() -> None:
    """Written with other blanks and order, a document finds its receipt; with another proof, not."""
    document = {"proof": {"proofValue": "z1"}, "id": "urn:x"}
    again = json.loads(json.dumps(dict(reversed(document.items())), indent=4))
    assert secured_digest(document) == secured_digest(again)
    assert secured_digest(document) == hashlib.sha256(canonicalize(document)).digest()
    assert secured_digest(document) != secured_digest({**document, "proof": {"proofValue": "z2"}})


@pytest.mark.parametrize("secured", ["", "a.b", f"{TOKEN}\n", f" {TOKEN}", "é.e.e", b"\xff.a.b", "a.b.c.d"])
def test_other_texts_have_no_digest(secured: str | bytes) -> None:
    with pytest.raises(MalformedError) as caught:
        secured_digest(secured)
    assert caught.value.code == "receipt_subject"


@pytest.mark.parametrize(
    ("since", "retired", "counts"),
    [
        (None, None, True),
        (NOW, NOW + DAY, True),
        (NOW + DAY, None, True),
        (NOW + DAY, NOW + 2 * DAY, False),
        (None, NOW, False),
        (None, NOW - DAY, False),
    ],
)
def test_receipt_counts_within_the_time_of_its_key(
    since: datetime | None, retired: datetime | None, counts: bool
) -> None:
    receipt, jws = parse_receipt(
        make_receipt(DIGEST, at=NOW, signer=signer(), ledger=LEDGER), limits=DEFAULT_LIMITS
    )
    if counts:
        verify_receipt(receipt, jws, period(since=since, retired=retired))
        return
    with pytest.raises(InvalidError) as caught:
        verify_receipt(receipt, jws, period(since=since, retired=retired))
    assert caught.value.code == "receipt_key_period"


def test_misuse_when_made() -> None:
    with pytest.raises(InvalidError) as caught:
        make_receipt(DIGEST[:-1], at=NOW, signer=signer(), ledger=LEDGER)
    assert caught.value.code == "receipt_digest"
    with pytest.raises(InvalidError) as caught:
        make_receipt(DIGEST, at=datetime(2026, 6, 1), signer=signer(), ledger=LEDGER)
    assert caught.value.code == "receipt_time"
    with pytest.raises(InvalidError) as caught:
        make_receipt(DIGEST, at=NOW, signer=signer(method="did:web:other.example#key-1"), ledger=LEDGER)
    assert caught.value.code == "receipt_foreign_key"


def test_check_receipt() -> None:
    receipt = Receipt(DIGEST, NOW, LEDGER, f"{LEDGER}#key-1")
    for digest, ledger, now, code in (
        (bytes(32), LEDGER, NOW, "receipt_digest_mismatch"),
        (DIGEST, "did:web:other.example", NOW, "receipt_wrong_ledger"),
        (DIGEST, LEDGER, datetime(2026, 1, 1, tzinfo=UTC), "receipt_future"),
    ):
        with pytest.raises(InvalidError) as caught:
            check_receipt(receipt, digest, ledger=ledger, now=now, limits=DEFAULT_LIMITS)
        assert caught.value.code == code
