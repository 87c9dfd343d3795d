"""Bounds, met exactly: the last value that holds is taken, and the next one refused with its code."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any, Final

import pytest
from tests.support.did_logs import LATER, join_entries, read_entries, sign_entry, simple_log
from tests.support.keys import ED25519, signer
from tests.support.status import HOUR, NOW, read, status_list, with_subject

from certweave.canon.nquads import parse_nquads
from certweave.credential.shapes import check_order
from certweave.did.document import MAX_METHODS, parse_did_document
from certweave.did.syntax import MAX_DID_URL, parse_did, parse_did_url, to_urls
from certweave.did.webvh.fold import fold_log
from certweave.encoding.cbor import decode_cbor, encode_cbor
from certweave.encoding.multibase import base64url_encode, encode_multibase
from certweave.encoding.multihash import parse_multihash
from certweave.encoding.strict_json import MAX_INTEGER, parse_json, parse_json_at_length
from certweave.errors import Cause, CertweaveError
from certweave.exchange.dcql import parse_query
from certweave.exchange.form import MAX_TEXT, Form, parse_body
from certweave.exchange.vci_credential import parse_credential_request
from certweave.exchange.vci_offer import (
    MAX_CODE_LENGTH,
    MAX_DESCRIPTION,
    TransactionCode,
    make_offer,
    parse_offer,
)
from certweave.keys import bbs, bbs_group
from certweave.keys.algorithm import ECDSA_ORDER
from certweave.keys.bbs_core import octets_to_proof
from certweave.keys.ed25519 import ED25519_ORDER
from certweave.keys.model import Algorithm, KeySigner, is_secret
from certweave.keys.multikey import parse_multikey
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.log.receipt import Receipt, check_receipt, parse_receipt
from certweave.proof.jose import MAX_HEADER_TEXT, parse_compact, sign_compact
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt
from certweave.proof.suites.bbs_2023_values import (
    Bound,
    DerivedValue,
    Feature,
    parse_derived_proof_value,
    serialize_derived_proof_value,
)
from certweave.proof.suites.sd.value import check_count, take_label_keys, take_list
from certweave.status.bitstring import decode_list, encode_list
from certweave.status.entry import MAX_SIZE, parse_status_entries
from certweave.status.freshness import check_freshness
from certweave.status.token_list import decode_token_list, make_statuses
from certweave.timestamps import parse_timestamp
from certweave.trust.policy import parse_policy

STEP: Final = timedelta(microseconds=1)
FORM: Final = Form("form_malformed")


def limited(**changes: Any) -> Limits:
    return replace(DEFAULT_LIMITS, **changes)


def compact(header_text: int) -> str:
    """Return a token whose header has so many characters."""
    header = json.dumps({"alg": "EdDSA", "x": ""})
    filled = header[:-2] + "x" * (header_text * 3 // 4 - len(header)) + header[-2:]
    return f"{base64url_encode(filled.encode())}.e30.AA"


def sd_jwt(number: int, value: Any = 1) -> str:
    """Return an SD-JWT with so many claims that can be withheld, all shown."""
    texts = [
        base64url_encode(json.dumps([f"salt {place}", f"n{place}", value]).encode())
        for place in range(number)
    ]
    digests = [base64url_encode(sha256(text.encode()).digest()) for text in texts]
    token = sign_compact(json.dumps({"_sd": digests}).encode(), {"typ": "example+sd-jwt"}, signer(ED25519))
    return "~".join([token, *texts, ""])


def processed(token: str, limits: Limits) -> object:
    return process_sd_jwt(parse_sd_jwt(token, limits=DEFAULT_LIMITS), limits=limits)


def derived(length: int, label: int = 0) -> object:
    """Read a derived proof of ``bbs-2023`` that says so, where two statements are the most."""
    value = DerivedValue(b"", {"c14n0": f"b{label}"}, (), (), b"", Feature.HOLDER_BINDING, Bound(length))
    return parse_derived_proof_value(serialize_derived_proof_value(value), limits=limited(statements=2))


def fresh(**changes: Any) -> None:
    """Judge a list that holds from an hour before until an hour after, fetched now."""
    hour = timedelta(hours=1)
    given: dict[str, Any] = {"starts": NOW - hour, "ends": NOW + hour, "now": NOW, "fetched_at": NOW}
    given |= {"fresh_for": timedelta(days=1), "skew": timedelta(minutes=5)}
    check_freshness(**given | changes)


def handed_in(starts: datetime) -> None:
    fresh(starts=starts, fetched_at=None)


def received(at: datetime) -> None:
    receipt = Receipt(bytes(32), at, "did:web:ledger.example", "did:web:ledger.example#k")
    check_receipt(receipt, bytes(32), ledger=receipt.ledger, now=NOW, limits=DEFAULT_LIMITS)


def status(**changes: Any) -> object:
    entry = {
        "type": "BitstringStatusListEntry",
        "statusPurpose": "revocation",
        "statusListIndex": "0",
        "statusListCredential": "https://a.example/list",
    }
    found = parse_status_entries({"credentialStatus": entry | changes})[0]
    if found.refusal is not None:
        raise found.refusal
    return found


def sized(size: int) -> object:
    messages = [{"status": hex(value), "message": "m"} for value in range(1 << size)]
    return status(statusSize=size, statusMessage=messages)


def signature_of(s: int) -> None:
    ED25519.public.verify(bytes(32) + s.to_bytes(32, "little"), b"")


def methods(number: int) -> object:
    did = "did:web:a.example"
    made = [
        {
            "id": f"{did}#{place}",
            "type": "Multikey",
            "controller": did,
            "publicKeyMultibase": ED25519.public.multikey,
        }
        for place in range(number)
    ]
    return parse_did_document({"id": did, "verificationMethod": made}, did=did)


def offer(**code: Any) -> object:
    made = make_offer("https://a.example", ["a"], code="c", transaction_code=TransactionCode("text", 1, "d"))
    grant = made["grants"]["urn:ietf:params:oauth:grant-type:pre-authorized_code"]
    grant["tx_code"] |= code
    return parse_offer(made)


def asked(number: int) -> object:
    meta = {"type_values": [["https://a.example/T"]]}
    wanted = [{"id": f"q{place}", "format": "vc+jwt", "meta": meta} for place in range(number)]
    return parse_query({"credentials": wanted}, limits=limited(credentials=2))


def key_proof(length: int) -> object:
    body = {"credential_configuration_id": "a", "proofs": {"jwt": ["x" * length]}}
    return parse_credential_request(body, batch_size=1)


def policy(seconds: int) -> object:
    return parse_policy({"name": "integrity", "didMaxAgeSeconds": seconds})


def log_of(ttl: int = 60, watchers: int = 0) -> object:
    return simple_log(ttl=ttl, watchers=[f"https://watch.example/{place}" for place in range(watchers)])


def proved(number: int = 1, **options: Any) -> object:
    """Read a log whose entry has so many proofs, where two are the most."""
    written = simple_log()
    (entry,) = read_entries(written.log)
    entry["proof"] = [sign_entry(entry, 1, **options)] * number
    log = join_entries([entry])
    return fold_log(written.did, log, fetched_at=LATER, now=LATER, limits=limited(proofs=2))


def dated(second: int) -> object:
    ledger = "did:web:ledger.example"
    said = {"iss": ledger, "iat": second, "digest": bytes(32).hex()}
    made_by = KeySigner(f"{ledger}#k", ED25519)
    token = sign_compact(json.dumps(said).encode(), {"typ": "receipt+jwt"}, made_by)
    return parse_receipt(token, limits=DEFAULT_LIMITS)


def ttl(milliseconds: int) -> Any:
    return with_subject(status_list(), ttl=milliseconds)


def trusting(did: str) -> object:
    ledger = {"did": did, "receipts": "https://ledger.example/receipts"}
    return parse_policy({"name": "buyers", "ledgers": [ledger]})


PROOF: Final = bbs_group.base_point().to_compressed_bytes() * 3 + (1).to_bytes(32) * 4
TEXT: Final = b'{"a":1}'
CBOR: Final = encode_cbor([1, 2])
LIST: Final = encode_list(bytes(16_384))
PACKED: Final = len(LIST) * 3 // 4
TOKEN: Final = compact(64)
SD_JWT: Final = sd_jwt(2)
SKEW: Final = DEFAULT_LIMITS.clock_skew
Act = Callable[[], object]

BOUNDS: Final[dict[str, tuple[Act, Act, str]]] = {
    "bytes of JSON": (
        lambda: parse_json_at_length(TEXT, limits=limited(credential_bytes=7)),
        lambda: parse_json_at_length(TEXT, limits=limited(credential_bytes=6)),
        "limit_bytes",
    ),
    "a large number of JSON": (
        lambda: parse_json(f"{MAX_INTEGER}.0", limits=DEFAULT_LIMITS),
        lambda: parse_json(f"{MAX_INTEGER + 2}.0", limits=DEFAULT_LIMITS),
        "json_number",
    ),
    "a large number of JSON below zero": (
        lambda: parse_json(f"-{MAX_INTEGER}.0", limits=DEFAULT_LIMITS),
        lambda: parse_json(f"-{MAX_INTEGER + 2}.0", limits=DEFAULT_LIMITS),
        "json_number",
    ),
    "bytes of CBOR": (
        lambda: decode_cbor(CBOR, limits=limited(credential_bytes=len(CBOR))),
        lambda: decode_cbor(CBOR, limits=limited(credential_bytes=len(CBOR) - 1)),
        "limit_bytes",
    ),
    "a digest of nothing": (
        lambda: parse_multihash(b"\x12\x20" + bytes(32)),
        lambda: parse_multihash(b"\x12"),
        "digest_malformed",
    ),
    "characters of a token": (
        lambda: parse_compact(TOKEN, limits=limited(credential_bytes=len(TOKEN))),
        lambda: parse_compact(TOKEN, limits=limited(credential_bytes=len(TOKEN) - 1)),
        "limit_bytes",
    ),
    "characters of a header": (
        lambda: parse_compact(compact(MAX_HEADER_TEXT), limits=DEFAULT_LIMITS),
        lambda: parse_compact(compact(MAX_HEADER_TEXT + 4), limits=DEFAULT_LIMITS),
        "limit_header",
    ),
    "characters of an SD-JWT": (
        lambda: parse_sd_jwt(SD_JWT, limits=limited(credential_bytes=len(SD_JWT))),
        lambda: parse_sd_jwt(SD_JWT, limits=limited(credential_bytes=len(SD_JWT) - 1)),
        "limit_bytes",
    ),
    "disclosures": (
        lambda: parse_sd_jwt(SD_JWT, limits=limited(disclosures=2)),
        lambda: parse_sd_jwt(SD_JWT, limits=limited(disclosures=1)),
        "limit_disclosures",
    ),
    # The payload has one member and two digests; each of them brings one member.
    "members of an SD-JWT": (
        lambda: processed(SD_JWT, limited(members=5)),
        lambda: processed(SD_JWT, limited(members=4)),
        "limit_members",
    ),
    "depth of an SD-JWT": (
        lambda: processed(sd_jwt(1, {"a": {}}), limited(depth=3)),
        lambda: processed(sd_jwt(1, {"a": {}}), limited(depth=2)),
        "limit_depth",
    ),
    "items of an SD-JWT": (
        lambda: processed(sd_jwt(1, [1, 2, 3]), limited(members=6)),
        lambda: processed(sd_jwt(1, [1, 2, 3]), limited(members=5)),
        "limit_members",
    ),
    "depth of arrays in an SD-JWT": (
        lambda: processed(sd_jwt(1, [[]]), limited(depth=3)),
        lambda: processed(sd_jwt(1, [[]]), limited(depth=2)),
        "limit_depth",
    ),
    "statements that were signed": (lambda: (derived(0), derived(2)), lambda: derived(3), "limit_statements"),
    "labels of a proof": (lambda: derived(0, 1), lambda: derived(0, 2), "limit_statements"),
    "statements": (
        lambda: check_count(2, limited(statements=2)),
        lambda: check_count(3, limited(statements=2)),
        "limit_statements",
    ),
    "items of a proof": (
        lambda: take_list([1, 2], "x", limits=limited(statements=2)),
        lambda: take_list([1, 2, 3], "x", limits=limited(statements=2)),
        "limit_statements",
    ),
    "labels": (
        lambda: take_label_keys({0: b"", 1: b""}, limits=limited(statements=2)),
        lambda: take_label_keys({0: b"", 1: b"", 2: b""}, limits=limited(statements=2)),
        "limit_statements",
    ),
    "numbers of a BBS proof from below": (
        lambda: bbs_group.parse_scalar((1).to_bytes(32)),
        lambda: bbs_group.parse_scalar(bytes(32)),
        "signature_form",
    ),
    "numbers of a BBS proof": (
        lambda: bbs_group.parse_scalar((bbs_group.ORDER - 1).to_bytes(32)),
        lambda: bbs_group.parse_scalar(bbs_group.ORDER.to_bytes(32)),
        "signature_form",
    ),
    "bytes of a Multikey": (
        lambda: parse_multikey(ED25519.public.multikey),
        lambda: parse_multikey(encode_multibase(b"\x99\x01")),
        "multikey",
    ),
    "bytes of a kind of key": (
        lambda: parse_multikey(ED25519.public.multikey),
        lambda: parse_multikey(encode_multibase(b"\x99\x01\x00")),
        "key_algorithm",
    ),
    "bytes of a kind of digest": (
        lambda: parse_multihash(b"\x12\x20" + bytes(32)),
        lambda: parse_multihash(b"\x99\x00"),
        "digest_algorithm",
    ),
    "bytes of a digest": (
        lambda: parse_multihash(b"\x12\x20" + bytes(32)),
        lambda: parse_multihash(b"\x12\x21" + bytes(32)),
        "digest_malformed",
    ),
    "bytes of a BBS proof": (
        lambda: octets_to_proof(PROOF),
        lambda: octets_to_proof(PROOF[:-32]),
        "signature_form",
    ),
    "bytes of a BBS proof that keeps one": (
        lambda: octets_to_proof(PROOF + (1).to_bytes(32)),
        lambda: octets_to_proof(PROOF + (1).to_bytes(31)),
        "signature_form",
    ),
    "bytes of a packed list": (
        lambda: decode_list(LIST, limits=limited(status_list_packed_bytes=PACKED)),
        lambda: decode_list(LIST, limits=limited(status_list_packed_bytes=PACKED - 1)),
        "status_list_limit",
    ),
    "bytes of a packed token list": (
        lambda: decode_token_list(b"x\x9c\x03\0\0\0\0\x01", limits=limited(status_list_packed_bytes=8)),
        lambda: decode_token_list(b"x\x9c\x03\0\0\0\0\x01", limits=limited(status_list_packed_bytes=7)),
        "status_list_limit",
    ),
    "entries of a token list": (
        lambda: make_statuses(1),
        lambda: make_statuses(0),
        "status_value_range",
    ),
    "bits of a status": (lambda: sized(MAX_SIZE), lambda: sized(MAX_SIZE + 1), "status_size_unsupported"),
    "an index": (
        lambda: status(statusListIndex=str(2**53 - 1)),
        lambda: status(statusListIndex=str(2**53)),
        "status_index_out_of_range",
    ),
    "when a list begins": (
        lambda: fresh(starts=NOW),
        lambda: fresh(starts=NOW + STEP),
        "status_not_known_then",
    ),
    "when a list ends": (lambda: fresh(ends=NOW), lambda: fresh(ends=NOW - STEP), "status_list_expired"),
    "when a list was fetched": (
        lambda: fresh(starts=NOW + SKEW, fetched_at=NOW + SKEW),
        lambda: fresh(starts=NOW + SKEW, fetched_at=NOW + SKEW + STEP),
        "status_not_known_then",
    ),
    "how long a list is fresh": (
        lambda: fresh(fetched_at=NOW - HOUR, fresh_for=HOUR),
        lambda: fresh(fetched_at=NOW - HOUR - STEP, fresh_for=HOUR),
        "status_stale",
    ),
    "how old a list is that was handed in": (
        lambda: handed_in(NOW - timedelta(days=1)),
        lambda: handed_in(NOW - timedelta(days=1) - STEP),
        "status_stale",
    ),
    "a receipt of tomorrow": (
        lambda: received(NOW + SKEW),
        lambda: received(NOW + SKEW + STEP),
        "receipt_future",
    ),
    "characters of a DID": (
        lambda: parse_did("did:web:".ljust(MAX_DID_URL, "a")),
        lambda: parse_did("did:web:".ljust(MAX_DID_URL + 1, "a")),
        "did_malformed",
    ),
    "characters of a DID URL": (
        lambda: parse_did_url("did:web:a#".ljust(MAX_DID_URL, "a")),
        lambda: parse_did_url("did:web:a#".ljust(MAX_DID_URL + 1, "a")),
        "did_url_malformed",
    ),
    "the least port": (
        lambda: to_urls(parse_did("did:web:a.example%3A1")),
        lambda: to_urls(parse_did("did:web:a.example%3A0")),
        "did_port",
    ),
    "the last port": (
        lambda: to_urls(parse_did("did:web:a.example%3A65535")),
        lambda: to_urls(parse_did("did:web:a.example%3A65536")),
        "did_port",
    ),
    "characters of a host": (
        lambda: to_urls(parse_did("did:web:" + ".".join(["a" * 62] * 4) + ".b")),
        lambda: to_urls(parse_did("did:web:" + ".".join(["a" * 62] * 4) + ".bc")),
        "did_host",
    ),
    "seconds of a log's ttl": (lambda: log_of(2**31), lambda: log_of(2**31 + 1), "parameter_malformed"),
    "seconds of a log's ttl from below": (lambda: log_of(0), lambda: log_of(-1), "parameter_malformed"),
    "watchers of a log": (
        lambda: log_of(watchers=256),
        lambda: log_of(watchers=257),
        "parameter_malformed",
    ),
    "when the proof of an entry ends": (
        lambda: proved(expires="2025-01-01T00:00:00Z"),
        lambda: proved(expires="2024-12-31T23:59:59Z"),
        "proof_expired",
    ),
    "proofs of an entry": (lambda: proved(2), lambda: proved(3), "limit_proofs"),
    "methods of a DID": (lambda: methods(MAX_METHODS), lambda: methods(MAX_METHODS + 1), "limit_methods"),
    "characters of a timestamp": (
        lambda: parse_timestamp("2026-01-01T00:00:00." + "0" * 43 + "Z"),
        lambda: parse_timestamp("2026-01-01T00:00:00." + "0" * 44 + "Z"),
        "timestamp",
    ),
    "minutes of a time zone": (
        lambda: parse_timestamp("2026-01-01T00:00:00+13:59"),
        lambda: parse_timestamp("2026-01-01T00:00:00+12:60"),
        "timestamp",
    ),
    "hours of a time zone": (
        lambda: parse_timestamp("2026-01-01T00:00:00-14:00"),
        lambda: parse_timestamp("2026-01-01T00:00:00-14:01"),
        "timestamp",
    ),
    "the last character of Unicode": (
        lambda: parse_nquads('<a:a> <a:b> "\\U0010FFFF" .\n'),
        lambda: parse_nquads('<a:a> <a:b> "\\U00110000" .\n'),
        "nquads_malformed",
    ),
    "characters before the surrogates": (
        lambda: parse_nquads('<a:a> <a:b> "\\uD7FF" .\n'),
        lambda: parse_nquads('<a:a> <a:b> "\\uD800" .\n'),
        "nquads_malformed",
    ),
    "characters behind the surrogates": (
        lambda: parse_nquads('<a:a> <a:b> "\\uE000" .\n'),
        lambda: parse_nquads('<a:a> <a:b> "\\uDFFF" .\n'),
        "nquads_malformed",
    ),
    "characters of a text": (
        lambda: FORM.text({"a": "x" * MAX_TEXT}, "a"),
        lambda: FORM.text({"a": "x" * (MAX_TEXT + 1)}, "a"),
        "form_malformed",
    ),
    "characters of a text in a list": (
        lambda: FORM.texts({"a": ["x" * MAX_TEXT]}, "a"),
        lambda: FORM.texts({"a": ["x" * (MAX_TEXT + 1)]}, "a"),
        "form_malformed",
    ),
    "characters of an address": (
        lambda: FORM.https({"a": "https://a.example/".ljust(MAX_TEXT, "a")}, "a"),
        lambda: FORM.https({"a": "https://a.example/".ljust(MAX_TEXT + 1, "a")}, "a"),
        "form_malformed",
    ),
    "bytes of a body": (
        lambda: parse_body(b"a=b", FORM, limits=limited(credential_bytes=3)),
        lambda: parse_body(b"a=b", FORM, limits=limited(credential_bytes=2)),
        "limit_bytes",
    ),
    "digits of a transaction code": (
        lambda: offer(length=MAX_CODE_LENGTH),
        lambda: offer(length=MAX_CODE_LENGTH + 1),
        "offer_malformed",
    ),
    "digits of a transaction code from below": (
        lambda: offer(length=1),
        lambda: offer(length=0),
        "offer_malformed",
    ),
    "words about a transaction code": (
        lambda: offer(description="x" * MAX_DESCRIPTION),
        lambda: offer(description="x" * (MAX_DESCRIPTION + 1)),
        "offer_malformed",
    ),
    "credentials in one question": (lambda: asked(2), lambda: asked(3), "query_malformed"),
    "characters of a key proof": (lambda: key_proof(16_384), lambda: key_proof(16_385), "proofs_malformed"),
    "no characters of a key proof": (lambda: key_proof(1), lambda: key_proof(0), "proofs_malformed"),
    "the second of a receipt": (lambda: dated(0), lambda: dated(-1), "receipt_malformed"),
    "the last second of a receipt": (
        lambda: dated(253_402_300_799),
        lambda: dated(253_402_300_800),
        "receipt_malformed",
    ),
    "milliseconds of a list's ttl": (
        lambda: read(ttl(2**53)),
        lambda: read(ttl(2**53 + 2)),
        "status_list_ttl",
    ),
    "milliseconds of a list's ttl from below": (
        lambda: read(ttl(0), fetched_at=NOW),
        lambda: read(ttl(-1), fetched_at=NOW),
        "status_list_ttl",
    ),
    "the end of a period": (
        lambda: check_order(NOW, NOW, "validUntil"),
        lambda: check_order(NOW, NOW - STEP, "validUntil"),
        "validity_reversed",
    ),
    "a DID that is trusted": (
        lambda: trusting("did:a:b"),
        lambda: trusting("did:a"),
        "policy_malformed",
    ),
    "the age of an identity": (
        lambda: policy(10 * 365 * 86_400),
        lambda: policy(10 * 365 * 86_400 + 1),
        "policy_malformed",
    ),
}


@pytest.mark.parametrize("what", BOUNDS)
def test_what_just_fits_is_taken_and_no_more(what: str) -> None:
    fits, beyond, code = BOUNDS[what]
    fits()
    with pytest.raises(CertweaveError) as caught:
        beyond()
    assert caught.value.code == code
    # Beyond a limit of ours nothing is known to be wrong.
    assert getattr(caught.value, "cause", None) is Cause.LIMIT or not code.startswith("limit_")


def test_the_order_of_ed25519_is_no_s() -> None:
    for s, code in ((ED25519_ORDER - 1, "signature_mismatch"), (ED25519_ORDER, "signature_form")):
        with pytest.raises(CertweaveError) as caught:
            signature_of(s)
        assert caught.value.code == code


@pytest.mark.parametrize("algorithm", [Algorithm.P256, Algorithm.BBS])
def test_a_secret_is_a_number_from_one_to_the_order_less_one(algorithm: Algorithm) -> None:
    order = bbs_group.ORDER if algorithm is Algorithm.BBS else ECDSA_ORDER[algorithm]
    held = [is_secret(algorithm, number.to_bytes(32)) for number in (0, 1, order - 1, order)]
    assert held == [False, True, True, False]


@pytest.mark.parametrize(
    "act",
    [
        lambda: bbs.key_gen(bytes(31)),
        lambda: bbs.key_gen(bytes(32), bytes(0x10000)),
        lambda: bbs_group.expand_message(b"", bytes(256), 32),
        lambda: bbs_group.expand_message(b"", b"", 255 * 32 + 1),
    ],
)
def test_what_is_hashed_for_bbs_has_its_measures(act: Act) -> None:
    bbs.key_gen(bytes(32), bytes(0xFFFF))
    bbs_group.expand_message(b"", bytes(255), 255 * 32)
    with pytest.raises(ValueError, match="bytes"):
        act()
