"""Attack: what lies at the address of a status list is something else, or a part of it."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from tests.support.forging import finding, message, token
from tests.support.ways import entropy
from tests.support.world import LEDGER_HOST, START, Party, World, contexts, plain_credential

from certweave.did.webvh.write import MethodTemplate, make_document, make_location, rotate_log
from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around, Hiding
from certweave.proof.vc_jwt import envelope
from certweave.status.bitstring import encode_list, make_bits, make_status_list
from certweave.status.token_list import make_statuses, sign_token_list

URL = "https://certs.example/list"
LATER = START + timedelta(hours=2)
Make = Callable[[Party, Party], bytes]
LIST, PURPOSE, INDEX, SIZE = (
    f"/credentialStatus/{name}"
    for name in ("statusListCredential", "statusPurpose", "statusListIndex", "statusSize")
)
WHOLE = "/credentialStatus"


def listed(party: Party, **changes: Any) -> JsonObject:
    """Return a list in force, with members changed, or taken away by None."""
    made = make_status_list(
        URL,
        issuer=party.did,
        purpose="suspension",
        bits=make_bits(),
        valid_from=START,
        valid_until=START + timedelta(days=1),
    )
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def subject(**changes: Any) -> Make:
    """Return the maker of a list with members of its subject changed."""
    return lambda fa, _: fa.embed(
        listed(fa, credentialSubject={**listed(fa)["credentialSubject"], **changes})
    )


def top(**changes: Any) -> Make:
    return lambda fa, _: fa.embed(listed(fa, **changes))


def typed(typ: str | None) -> Make:
    return lambda fa, _: token(listed(fa), fa.signer, typ=typ).encode()


def judge(make: Make, **entry: Any) -> tuple[str, str, str, str | None]:
    """Examine a credential whose status list is what ``make`` makes."""
    world = World()
    fa, other = world.party("fa"), world.party("other")
    world.clock = LATER
    world.documents[URL] = make(fa, other)
    status = {**fa.entry(7), "statusListCredential": URL, **entry}
    return finding(world.examine(fa.issue(plain_credential(fa, credentialStatus=status))))


GOOD: dict[str, Make] = {
    "embedded": top(),
    "a token": typed("vc+jwt"),
    "a message": lambda fa, _: message(listed(fa), fa.signer, {16: "application/vc+cose"}),
    "in an envelope": lambda fa, _: json.dumps(envelope(token(listed(fa), fa.signer, typ="vc+jwt"))).encode(),
    "an SD-JWT, whole": lambda fa, _: token(listed(fa), fa.signer, typ="vc+sd-jwt").encode() + b"~",
    "of several purposes": subject(statusPurpose=["revocation", "suspension"]),
}


@pytest.mark.parametrize("name", GOOD)
def test_an_honest_list_holds(name: str) -> None:
    assert judge(GOOD[name])[0] == "valid"


BAD: dict[str, tuple[Make, str, str | None]] = {
    "of another issuer": (lambda _, other: other.embed(listed(other)), "status_list_foreign", WHOLE),
    "by another signer": (lambda fa, other: other.embed(listed(fa)), "status_list_invalid", WHOLE),
    "in the name of another": (lambda fa, other: fa.embed(listed(other)), "status_list_invalid", WHOLE),
    "without a proof": (lambda fa, _: json.dumps(listed(fa)).encode(), "status_list_invalid", WHOLE),
    "the credential itself": (lambda fa, _: fa.issue(plain_credential(fa)), "status_list_wrong_type", LIST),
    "another purpose": (subject(statusPurpose="revocation"), "status_purpose_mismatch", PURPOSE),
    "a purpose in capitals": (subject(statusPurpose="Suspension"), "status_purpose_mismatch", PURPOSE),
    "statuses of two bits": (subject(statusSize=2), "status_size_mismatch", SIZE),
    "too short": (subject(encodedList=encode_list(bytes(10))), "status_list_too_short", LIST),
    "without its base": (subject(encodedList="H4sIAAAA"), "status_list_encoding", WHOLE),
    "a list of lists": (subject(encodedList=[]), "status_list_encoding", WHOLE),
    "a subject of another type": (subject(type="List"), "status_list_wrong_type", LIST),
    "a negative ttl": (subject(ttl=-1), "status_list_ttl", WHOLE),
    "a ttl in words": (subject(ttl="9"), "status_list_ttl", WHOLE),
    "another address": (top(id=f"{URL}2"), "status_list_wrong_id", LIST),
    "the same address with a query": (top(id=f"{URL}?a=b"), "status_list_wrong_id", LIST),
    "another type": (top(type=["VerifiableCredential"]), "status_list_wrong_type", LIST),
    "two subjects": (
        lambda fa, _: fa.embed(listed(fa, credentialSubject=[listed(fa)["credentialSubject"]] * 2)),
        "status_list_wrong_type",
        LIST,
    ),
    "typed as a presentation": (typed("vp+jwt"), "status_list_invalid", WHOLE),
    "typed as a list of tokens": (typed("statuslist+jwt"), "status_list_invalid", WHOLE),
    "typed as any token": (typed("JWT"), "status_list_invalid", WHOLE),
    "a message typed as a presentation": (
        lambda fa, _: message(listed(fa), fa.signer, {16: "application/vp+cose"}),
        "status_list_invalid",
        WHOLE,
    ),
    "an SD-JWT of which something is withheld": (
        lambda fa, _: token(listed(fa, _sd=["A" * 43]), fa.signer, typ="vc+sd-jwt").encode() + b"~",
        "status_list_invalid",
        WHOLE,
    ),
    "in a presentation": (
        lambda fa, _: fa.present([json.loads(fa.embed(listed(fa)))], audience=None, nonce=None),
        "status_list_invalid",
        WHOLE,
    ),
    "a token status list": (
        lambda fa, _: sign_token_list(
            URL, fa.signer, data=make_statuses(20), bits=1, issued_at=START
        ).encode(),
        "context_first_wrong",
        WHOLE,
    ),
    "for another relationship": (
        lambda fa, _: json.dumps(
            add_proof(
                listed(fa),
                fa.signer,
                suite=get_suite("eddsa-jcs-2022"),
                around=Around(contexts(), DEFAULT_LIMITS),
                created=START,
                purpose="authentication",
            )
        ).encode(),
        "status_list_invalid",
        WHOLE,
    ),
    "nothing": (lambda _fa, _other: b"", "input_empty", WHOLE),
    "a page": (lambda _fa, _other: b"<!doctype html>", "input_form", WHOLE),
}


@pytest.mark.parametrize("name", BAD)
def test_another_document_is_no_list(name: str) -> None:
    make, code, path = BAD[name]
    assert judge(make) == ("invalid", "status", code, path)


ENTRIES: dict[str, tuple[dict[str, Any], str, str, str | None]] = {
    "an index beyond": ({"statusListIndex": 131072}, "invalid", "status_index_out_of_range", INDEX),
    "a negative index": ({"statusListIndex": -1}, "invalid", "status_entry_malformed", INDEX),
    "zeros before": ({"statusListIndex": "07"}, "invalid", "status_entry_malformed", INDEX),
    "digits of another script": ({"statusListIndex": "\u0667"}, "invalid", "status_entry_malformed", INDEX),
    "a purpose that it has not": (
        {"statusPurpose": "revocation"},
        "invalid",
        "status_purpose_mismatch",
        PURPOSE,
    ),
    "a purpose that nobody knows": (
        {"statusPurpose": "Suspension"},
        "undecided",
        "status_purpose_unknown",
        PURPOSE,
    ),
    "a type that nobody knows": (
        {"type": "BitstringStatusListEntry2"},
        "invalid",
        "status_type_unknown",
        "/credentialStatus/type",
    ),
    "two bits of a list of one": (
        {"statusSize": 2, "statusMessage": [{"status": hex(n), "message": "m"} for n in range(4)]},
        "invalid",
        "status_list_too_short",
        LIST,
    ),
}


@pytest.mark.parametrize("name", ENTRIES)
def test_an_entry_leads_to_its_own_status(name: str) -> None:
    entry, verdict, code, path = ENTRIES[name]
    assert judge(top(), **entry) == (verdict, "status", code, path)


def test_a_list_without_its_end() -> None:
    """An issuer lets its list be shown in part; who keeps an old one leaves out when that ended."""
    found = {}
    for shown in (("/validUntil", "/credentialSubject"), ("/credentialSubject",)):
        world = World()
        fa = world.party("fa")
        world.clock = START + timedelta(minutes=1)
        signer = with_key_for_parts(fa)
        world.clock = LATER
        around, drawn = Around(contexts(), DEFAULT_LIMITS), entropy()
        whole = add_proof(
            listed(fa, validUntil="2026-03-01T10:00:00Z"),
            signer,
            suite=get_suite("ecdsa-sd-2023"),
            around=around,
            created=START + timedelta(minutes=2),
            purpose="assertionMethod",
            hiding=Hiding(drawn, ("/issuer", "/validFrom")),
        )
        part = derive_credential(whole, shown, around=around, entropy=drawn)
        world.documents[URL] = json.dumps(part).encode()
        status = {**fa.entry(7), "statusListCredential": URL}
        report = world.examine(fa.issue(plain_credential(fa, credentialStatus=status)))
        found[shown] = finding(report)
    assert set(found.values()) == {("invalid", "status", "status_list_invalid", WHOLE)}


def with_key_for_parts(party: Party) -> KeySigner:
    """Give a party a key for ecdsa-sd-2023 beside its own."""
    key = make_private_key(Algorithm.P256, entropy=entropy())
    party.written = rotate_log(
        party.written.did,
        party.written.log,
        signer=KeySigner("#", party._next),
        time=party.world.clock,
        next_keys=[],
        document=make_document(
            make_location(LEDGER_HOST, path=[party.name]),
            [MethodTemplate(party.key.public), MethodTemplate(key.public)],
            did=party.written.did,
        ),
    )
    return KeySigner(f"{party.did}#{key.public.multikey}", key)
