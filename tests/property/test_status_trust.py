"""Whatever strangers send, status, receipts and trust answer in our own words; and bits keep their place."""

import copy
import hashlib
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.support.status import DAY, LEDGER, LIST_URL, NOW, read, signer, status_list
from tests.support.trust import ACCREDITATION_URL, APPROVAL_URL, CERTIFIER, POLICY, authorities, certificate

from certweave.canon.jcs import canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS
from certweave.log.receipt import make_receipt, parse_receipt, secured_digest
from certweave.proof.jose import sign_compact
from certweave.status.bitstring import (
    MINIMUM_ENTRIES,
    decode_list,
    encode_list,
    get_bit,
    make_bits,
    set_bit,
    timestamped_url,
    without_timestamp,
)
from certweave.status.entry import parse_status_entries
from certweave.status.reasons import REASONS, Action
from certweave.status.record import (
    RECORDED,
    State,
    StatusRecord,
    bit_of,
    check_records,
    next_state,
    parse_record,
    parse_signed_record,
)
from certweave.trust.chain import anchor_links, authority_links, check_trust
from certweave.trust.policy import INTEGRITY, parse_policy, receipts_sources

LEAVES = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats() | st.text(max_size=12)
JSON = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
ENTRY: JsonObject = {
    "type": "BitstringStatusListEntry",
    "statusPurpose": "revocation",
    "statusListIndex": "5",
    "statusListCredential": LIST_URL,
}
FULL_POLICY = POLICY.to_json() | {
    "issuers": [{"id": "did:web:a", "name": "A", "types": ["T"]}],
    "ledgers": [{"did": LEDGER, "receipts": "https://ledger.example/receipts"}],
    "statusDelegates": {"did:web:a": ["did:web:b"]},
}


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Return the path of everything inside ``value``."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, item in items for place in places(item, (*path, key))]


@st.composite
def mutated(draw: st.DrawFn, value: JsonObject) -> JsonObject:
    """Return a copy of ``value`` with one place inside replaced, or taken away."""
    changed = copy.deepcopy(value)
    *path, last = draw(st.sampled_from(places(value)))
    holder: Any = changed
    for key in path:
        holder = holder[key]
    if draw(st.booleans()):
        holder[last] = draw(JSON)
    else:
        del holder[last]
    return changed


@given(mutated({"credentialStatus": ENTRY}) | mutated({"credentialStatus": [ENTRY, ENTRY]}))
def test_mutated_entries(document: JsonObject) -> None:
    with suppress(CertweaveError):
        for entry in parse_status_entries(document):
            assert entry.refusal is not None or not entry.affects or entry.list_url


@given(JSON)
def test_any_value_as_status(value: Any) -> None:
    with suppress(CertweaveError):
        parse_status_entries({"credentialStatus": value})


@given(mutated(status_list(5)), st.booleans())
def test_mutated_lists(document: JsonObject, own_fetch: bool) -> None:
    with suppress(CertweaveError):
        assert isinstance(read(document, own_fetch=own_fetch), bool)


@given(st.binary(max_size=200))
def test_any_bytes_as_list(data: bytes) -> None:
    with suppress(CertweaveError):
        decode_list("u" + data.hex(), limits=DEFAULT_LIMITS)
    with suppress(CertweaveError):
        decode_list(data.decode("latin-1"), limits=DEFAULT_LIMITS)


@given(st.sets(st.integers(0, MINIMUM_ENTRIES - 1), max_size=20), st.integers(0, MINIMUM_ENTRIES - 1))
def test_bits_keep_their_place(indexes: set[int], other: int) -> None:
    bits = make_bits()
    for index in indexes:
        set_bit(bits, index, True)
    found = decode_list(encode_list(bits), limits=DEFAULT_LIMITS)
    assert all(get_bit(found, index) for index in indexes)
    assert get_bit(found, other) is (other in indexes)
    assert sum(byte.bit_count() for byte in found) == len(indexes)


@given(st.sampled_from(["", "?a=1", "?a=1&b=2", "?timestamp=x", "?timestamp=x&b=2", "#f", "?#f"]))
def test_timestamped_address_is_still_the_same_list(tail: str) -> None:
    url = LIST_URL + tail
    assert without_timestamp(timestamped_url(url, NOW)) == without_timestamp(url)


def _reason(action: Action) -> str:
    return next(code for code, reason in REASONS.items() if action in reason.actions)


@st.composite
def lives(draw: st.DrawFn) -> list[StatusRecord]:
    """Return decisions that follow each other as the state machine allows, each effective when taken."""
    state, at, made = State.ISSUED, NOW, list[StatusRecord]()
    for action in draw(st.lists(st.sampled_from(sorted(RECORDED)), max_size=6)):
        with suppress(CertweaveError):
            state = next_state(state, action)
            at += draw(st.integers(1, 9)) * DAY
            successor = "urn:b" if action in (Action.CORRECT, Action.RENEW) else None
            made.append(StatusRecord("urn:a", action, _reason(action), at, at, at, successor))
    return made


@given(lives(), st.integers(0, 60))
def test_bit_agrees_with_the_state(life: list[StatusRecord], days: int) -> None:
    now = NOW + days * DAY
    so_far = [record for record in life if record.effective_from <= now]
    state = check_records(so_far)
    corrected = any(record.action is Action.CORRECT for record in so_far)
    assert bit_of(life, now=now) is (state in (State.SUSPENDED, State.WITHDRAWN) or corrected)


@given(lives())
def test_what_is_withdrawn_stays_withdrawn(life: list[StatusRecord]) -> None:
    bits = [bit_of(life, now=NOW + timedelta(days=day)) for day in range(70)]
    for record in life:
        if record.action is Action.WITHDRAW:
            assert all(bits[(record.effective_from - NOW).days :])


@given(mutated(StatusRecord("urn:a", Action.RENEW, "renewed", NOW, NOW, NOW, "urn:b").to_json()))
def test_mutated_records(value: JsonObject) -> None:
    with suppress(CertweaveError):
        assert parse_record(value).to_json().keys() == value.keys()


@given(mutated({"iss": LEDGER, "iat": 1_700_000_000, "digest": "00" * 32}))
def test_mutated_receipts(payload: JsonObject) -> None:
    with suppress(CertweaveError):
        parse_receipt(
            sign_compact(canonicalize(payload), {"typ": "receipt+jwt"}, signer()), limits=DEFAULT_LIMITS
        )


@given(st.integers(0, 600), st.characters())
def test_garbled_receipts(place: int, character: str) -> None:
    token = make_receipt(hashlib.sha256(b"").digest(), at=NOW, signer=signer(), ledger=LEDGER)
    garbled = token[: place % len(token)] + character + token[place % len(token) + 1 :]
    with suppress(CertweaveError):
        parse_receipt(garbled, limits=DEFAULT_LIMITS)
    with suppress(CertweaveError):
        parse_signed_record(garbled, limits=DEFAULT_LIMITS)


@given(JSON | st.text() | st.binary())
def test_digest_of_anything(value: Any) -> None:
    if isinstance(value, str | bytes | dict):
        with suppress(CertweaveError):
            assert len(secured_digest(value)) == 32


@given(mutated(FULL_POLICY))
def test_mutated_policies(value: JsonObject) -> None:
    with suppress(CertweaveError):
        policy = parse_policy(value)
        assert parse_policy(policy.to_json()) == policy


@given(mutated(certificate()))
def test_mutated_certificates(document: JsonObject) -> None:
    authority_links(document)
    with suppress(CertweaveError):
        check_trust(document, CERTIFIER, policy=POLICY, authorities=authorities(), now=NOW)


@given(st.sampled_from([APPROVAL_URL, ACCREDITATION_URL]), st.data())
def test_mutated_authorities(url: str, data: st.DataObject) -> None:
    found = authorities()
    held = found[url]
    document = data.draw(mutated(held.document or {}))
    found[url] = type(held)(url, held.verdict, held.issuer, document, held.reason, held.cause)
    with suppress(CertweaveError):
        check_trust(certificate(), CERTIFIER, policy=POLICY, authorities=found, now=NOW)


@given(st.dictionaries(st.sampled_from(["id", "type", "serviceEndpoint"]), JSON))
def test_any_service(service: JsonObject) -> None:
    anchor_links([service])
    assert not receipts_sources(INTEGRITY, [service])
