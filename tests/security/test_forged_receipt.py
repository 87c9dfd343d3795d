"""The thief of a retired key backdates a credential and brings a receipt of his own for it."""

import hashlib
import json
from typing import Any

import pytest
from tests.support.status import LEDGER, NOW, signer

from certweave.canon.jcs import canonicalize
from certweave.did.history import KeyPeriod
from certweave.encoding.multibase import base64url_encode
from certweave.errors import CertweaveError, InvalidError, InvalidSignatureError
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import make_receipt, parse_receipt, verify_receipt
from certweave.proof.jose import sign_compact
from certweave.trust.policy import INTEGRITY, LedgerSource, Policy, receipts_sources

DIGEST = hashlib.sha256(b"backdated").digest()
THIEF = "did:web:thief.example"
PAYLOAD: dict[str, Any] = {"iss": LEDGER, "iat": int(NOW.timestamp()), "digest": DIGEST.hex()}
LEDGER_KEY = KeyPeriod(f"{LEDGER}#key-1", signer(1).public, None, None, "in_force")


def test_receipt_under_another_key_in_the_ledgers_name() -> None:
    token = make_receipt(DIGEST, at=NOW, signer=signer(66), ledger=LEDGER)
    receipt, jws = parse_receipt(token, limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidSignatureError):
        verify_receipt(receipt, jws, LEDGER_KEY)


def test_key_id_of_the_thief_in_the_ledgers_name() -> None:
    token = sign_compact(canonicalize(PAYLOAD), {"typ": "receipt+jwt"}, signer(66, f"{THIEF}#k"))
    with pytest.raises(InvalidError) as caught:
        parse_receipt(token, limits=DEFAULT_LIMITS)
    assert caught.value.code == "receipt_foreign_key"


@pytest.mark.parametrize("method", [f"{LEDGER}.thief.example#k", LEDGER, f"{LEDGER}#", f"{LEDGER}?x#k"])
def test_key_ids_that_look_like_the_ledgers(method: str) -> None:
    token = sign_compact(canonicalize(PAYLOAD), {"typ": "receipt+jwt"}, signer(66, method))
    with pytest.raises(InvalidError) as caught:
        parse_receipt(token, limits=DEFAULT_LIMITS)
    assert caught.value.code == "receipt_foreign_key"


@pytest.mark.parametrize("header", [{}, {"typ": "vc+jwt"}, {"typ": "status-record+jwt"}, {"typ": "JWT"}])
def test_token_that_the_ledger_signed_for_another_purpose(header: dict[str, str]) -> None:
    token = sign_compact(canonicalize(PAYLOAD), header, signer())
    with pytest.raises(CertweaveError) as caught:
        parse_receipt(token, limits=DEFAULT_LIMITS)
    assert caught.value.code == ("typ_wrong" if header else "receipt_malformed")


def test_a_receipt_that_names_no_key() -> None:
    parts = (canonicalize({"alg": "EdDSA", "typ": "receipt+jwt"}), canonicalize(PAYLOAD), bytes(64))
    with pytest.raises(CertweaveError) as caught:
        parse_receipt(".".join(map(base64url_encode, parts)), limits=DEFAULT_LIMITS)
    assert caught.value.code == "receipt_malformed"


@pytest.mark.parametrize(
    "changes",
    [
        {"iat": -1},
        {"iat": 1.5},
        {"iat": True},
        {"iat": "1"},
        {"iat": 2**53 - 1},
        {"digest": DIGEST.hex().upper()},
        {"digest": DIGEST.hex()[:-2]},
        {"digest": None},
        {"iss": ""},
        {"iss": [LEDGER]},
        {"exp": 1},
    ],
)
def test_payload_that_is_no_receipt(changes: dict[str, Any]) -> None:
    token = sign_compact(json.dumps({**PAYLOAD, **changes}).encode(), {"typ": "receipt+jwt"}, signer())
    with pytest.raises(CertweaveError) as caught:
        parse_receipt(token, limits=DEFAULT_LIMITS)
    assert caught.value.code == "receipt_malformed"


def service(did: object = LEDGER, receipts: object = "https://ledger.example/receipts/") -> dict[str, Any]:
    return {"id": "#l", "type": "CertweaveLedger", "serviceEndpoint": {"did": did, "receipts": receipts}}


def test_without_trust_the_issuers_own_history_names_the_ledger() -> None:
    expected = (LedgerSource(LEDGER, "https://ledger.example/receipts"),)
    assert receipts_sources(INTEGRITY, [service(), service()]) == expected


def test_with_trust_only_the_policys_ledgers_count() -> None:
    """An issuer who names his own ledger there gains nothing."""
    listed = LedgerSource("did:web:pinned.example", "https://pinned.example/receipts")
    assert receipts_sources(Policy("buyers", ledgers=(listed,)), [service()]) == (listed,)
    assert receipts_sources(Policy("buyers"), [service()]) == ()


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"type": "CertweaveLedger"},
        {**service(), "type": "Ledger"},
        {**service(), "serviceEndpoint": "https://ledger.example"},
        service(did=None),
        service(did="ledger"),
        service(receipts="file:///etc/passwd"),
        service(receipts=["https://ledger.example"]),
        service(receipts="https://ledger.example/a b"),
    ],
)
def test_services_that_name_no_ledger(broken: dict[str, Any]) -> None:
    assert receipts_sources(INTEGRITY, [broken]) == ()
