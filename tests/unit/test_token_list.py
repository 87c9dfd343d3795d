"""Token status lists: packing, the published vectors, time, and what an examination makes of them."""

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from tests.support.keys import P384, signer
from tests.support.token_lists import FORMS, LIST, place, publish, sd_jwt_vc, tokens, vc_cose, vc_jwt
from tests.support.world import START, Party, World, code_of, outcome, plain_credential

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Source
from certweave.examine.report import Verdict
from certweave.keys.jwk import make_public_jwk
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.proof.jose import sign_compact
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.vc_jwt import sign_credential_jwt, sign_presentation_jwt
from certweave.status.token_list import (
    TokenEntry,
    decode_token_list,
    get_status,
    make_statuses,
    parse_status_claim,
    set_status,
    sign_token_list,
    timed_url,
)
from certweave.status.token_list_cwt import sign_token_list_cwt
from certweave.trust.policy import INTEGRITY

each_form = pytest.mark.parametrize("form", FORMS)


@pytest.mark.parametrize(
    ("bits", "packed", "statuses"),
    [
        (1, "eNrbuRgAAhcBXQ", [1, 0, 0, 1, 1, 1, 0, 1, 1, 1, 0, 0, 0, 1, 0, 1]),
        (2, "eNo76fITAAPfAgc", [1, 2, 0, 3, 0, 1, 0, 1, 1, 2, 3, 3]),
    ],
)
def test_the_published_lists(bits: int, packed: str, statuses: list[int]) -> None:
    """draft-ietf-oauth-status-list §4.1 and §4.2: the two examples, as bytes and packed."""
    data = decode_token_list(packed, limits=DEFAULT_LIMITS)
    assert [get_status(data, index, bits) for index in range(len(statuses))] == statuses
    mine = make_statuses(len(statuses), bits)
    for index, status in enumerate(statuses):
        set_status(mine, index, status, bits)
    assert mine == data
    assert base64url_encode(zlib.compress(mine, 9)) == packed


@pytest.mark.parametrize("bits", [1, 2, 4, 8])
def test_setting_one_leaves_the_others(bits: int) -> None:
    data = make_statuses(20, bits)
    top = (1 << bits) - 1
    for index in range(20):
        set_status(data, index, top, bits)
    set_status(data, 7, 0, bits)
    assert [get_status(data, index, bits) for index in range(20)] == [top] * 7 + [0] + [top] * 12
    for wrong in (-1, len(data) * 8 // bits):
        with pytest.raises(InvalidError) as caught:
            get_status(data, wrong, bits)
        assert caught.value.code == "status_index_out_of_range"
        with pytest.raises(InvalidError) as caught:
            set_status(data, wrong, 1, bits)
        assert caught.value.code == "status_index_out_of_range"
    for value in (-1, top + 1):
        with pytest.raises(InvalidError) as beyond:
            set_status(data, 0, value, bits)
        assert beyond.value.code == "status_value_range"


@pytest.mark.parametrize(("entries", "bits"), [(0, 1), (10, 3), (10, 0), (10, 16)])
def test_what_a_list_can_be(entries: int, bits: int) -> None:
    with pytest.raises(InvalidError) as caught:
        make_statuses(entries, bits)
    assert caught.value.code == "status_value_range"


def zipped(data: bytes) -> str:
    return base64url_encode(zlib.compress(data))


@pytest.mark.parametrize(
    ("text", "limits", "code"),
    [
        ("", DEFAULT_LIMITS, "status_list_encoding"),
        (None, DEFAULT_LIMITS, "status_list_encoding"),
        ("****", DEFAULT_LIMITS, "base64url"),
        ("AAAA", DEFAULT_LIMITS, "status_list_encoding"),
        (zipped(b"x" * 99)[:-8], DEFAULT_LIMITS, "status_list_encoding"),
        (base64url_encode(zlib.compress(b"x") + b"more"), DEFAULT_LIMITS, "status_list_encoding"),
        (zipped(b"x" * 99), Limits(status_list_unpacked_bytes=98), "status_list_limit"),
        (zipped(bytes(range(256))), Limits(status_list_packed_bytes=98), "status_list_limit"),
        (b"", DEFAULT_LIMITS, "status_list_encoding"),
        (zlib.compress(bytes(range(256))), Limits(status_list_packed_bytes=98), "status_list_limit"),
    ],
)
def test_only_one_whole_stream_is_unpacked(text: object, limits: Limits, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        decode_token_list(text, limits=limits)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("status", "code"),
    [
        ("x", "status_claim_malformed"),
        ({}, "status_claim_malformed"),
        ({"status_list": 1}, "status_claim_malformed"),
        ({"status_list": {"uri": LIST}}, "status_claim_malformed"),
        ({"status_list": {"idx": "0", "uri": LIST}}, "status_claim_malformed"),
        ({"status_list": {"idx": True, "uri": LIST}}, "status_claim_malformed"),
        ({"status_list": {"idx": -1, "uri": LIST}}, "status_claim_malformed"),
        ({"status_list": {"idx": 0}}, "status_claim_malformed"),
        ({"status_list": {"idx": 0, "uri": "no address"}}, "status_claim_malformed"),
        ({1: place()["status_list"]}, "status_claim_malformed"),
        ({"other": {}}, "status_mechanism_unknown"),
        ({**place(), "other": {}}, "status_mechanism_unknown"),
    ],
)
def test_the_claim_in_a_token(status: object, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        parse_status_claim({"status": status})
    assert caught.value.code == code


def test_a_claim_is_read() -> None:
    assert parse_status_claim({"status": place(7)}) == TokenEntry(7, LIST)
    assert parse_status_claim({}) is None
    assert timed_url(LIST, START) == f"{LIST}?time=1772355600"
    assert timed_url(f"{LIST}?a=1&time=5", START) == f"{LIST}?a=1&time=1772355600"


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def issuer(world: World) -> Party:
    return world.party("issuer")


@each_form
@pytest.mark.parametrize(
    ("status", "found"),
    [
        (0, "valid:status_holds"),
        (1, "invalid:withdrawn"),
        (2, "invalid:suspended"),
        (3, "undecided:unsupported"),
        (4, "undecided:unsupported"),
        (255, "undecided:unsupported"),
    ],
)
def test_every_form_is_judged_by_its_status(
    world: World, issuer: Party, form: str, status: int, found: str
) -> None:
    publish(issuer, status, form=form)
    for one in tokens(issuer, form):
        report = world.examine(one)
        assert outcome(report, "status") == found
        assert not found.startswith("undecided") or code_of(report, "status") == "status_value_unknown"


@each_form
def test_an_outage_is_undecided(world: World, issuer: Party, form: str) -> None:
    for one in tokens(issuer, form):
        assert outcome(world.examine(one), "status") == "undecided:unreachable"


@pytest.mark.parametrize(("form", "make"), [("jwt", vc_jwt), ("cwt", vc_cose)])
def test_two_kinds_of_list_both_count(
    world: World, issuer: Party, form: str, make: Callable[..., bytes]
) -> None:
    made = make(issuer, credentialStatus=issuer.entry(7))
    publish(issuer, form=form)
    assert world.examine(made).verdict is Verdict.VALID
    publish(issuer, 1, form=form)
    assert outcome(world.examine(made), "status") == "invalid:withdrawn"
    publish(issuer, form=form)
    issuer.set_status(7, True)
    assert outcome(world.examine(made), "status") == "invalid:suspended"


def test_a_status_that_is_no_list_is_an_unknown_member(world: World, issuer: Party) -> None:
    document = plain_credential(issuer)
    document["status"] = {"other": {}}
    token = sign_credential_jwt(document, issuer.signer, issued_at=world.clock).encode()
    assert outcome(world.examine(token), "rules").startswith("invalid:")
    assert outcome(world.examine(sd_jwt_vc(issuer, {"other": {}})), "status") == "undecided:unsupported"


def test_who_may_sign_the_list(world: World, issuer: Party) -> None:
    publish(issuer, by=world.party("stranger").signer)
    assert outcome(world.examine(sd_jwt_vc(issuer)), "status") == "invalid:status_list_foreign"
    publish(issuer, by=signer(did=issuer.did))
    assert outcome(world.examine(sd_jwt_vc(issuer)), "status") == "invalid:status_list_invalid"
    publish(issuer, issued_at=world.clock + timedelta(seconds=301))
    assert outcome(world.examine(sd_jwt_vc(issuer)), "status") == "invalid:status_list_invalid"
    publish(issuer, issued_at=world.clock + timedelta(seconds=300))
    assert (
        outcome(world.examine(sd_jwt_vc(issuer)), "status") == "undecided:unreachable"
    )  # that of now is asked for


@each_form
def test_a_list_grows_old(world: World, issuer: Party, form: str) -> None:
    made = vc_jwt(issuer)
    publish(issuer, form=form, ttl=timedelta(hours=1))
    need = Need(Kind.STATUS, LIST)
    world.examine(made)
    known = world.evidence
    for hours, found in ((1, "valid:status_holds"), (2, "undecided:stale")):
        report = world.examine(made, at=START + timedelta(hours=hours), evidence=known, offline=True)
        assert outcome(report, "status") == found
    old = known.plus({need: _supplied(known, need)})
    assert outcome(world.examine(made, evidence=old, offline=True), "status") == "valid:status_holds"
    later = world.examine(made, at=START + timedelta(hours=2), evidence=old, offline=True)
    assert outcome(later, "status") == "undecided:stale"
    publish(issuer, form=form, expires=world.clock + timedelta(hours=1))
    world.clock += timedelta(hours=2)
    assert outcome(world.examine(made), "status") == "undecided:stale"


def _supplied(known: Evidence, need: Need) -> Fetched:
    found = known.find(need)
    assert isinstance(found, Fetched)
    return Fetched(found.content, need.url, found.media_type, found.fetched_at, Source.SUPPLIED)


@each_form
def test_the_list_of_then_is_asked_for(world: World, issuer: Party, form: str) -> None:
    made, then = vc_jwt(issuer), world.clock
    old = publish(issuer, form=form)
    world.clock += timedelta(days=3)
    publish(issuer, 1, form=form)
    assert outcome(world.examine(made), "status") == "invalid:withdrawn"
    assert outcome(world.examine(made, at=then), "status") == "undecided:unreachable"
    world.documents[timed_url(LIST, then)] = old
    assert outcome(world.examine(made, at=then), "status") == "valid:status_holds"
    world.clock += timedelta(days=7)
    assert outcome(world.examine(made), "status") == "undecided:stale"


@pytest.mark.parametrize(
    ("header", "changes", "found"),
    [
        ({}, {}, "valid:status_holds"),
        ({"typ": "JWT"}, {}, "invalid:status_list_invalid"),
        ({"typ": None}, {}, "invalid:status_list_invalid"),
        ({}, {"sub": "https://certs.example/other"}, "invalid:status_list_wrong_id"),
        ({}, {"sub": None}, "invalid:status_list_wrong_id"),
        ({}, {"iat": None}, "invalid:status_list_form"),
        ({}, {"status_list": None}, "invalid:status_list_form"),
        ({}, {"status_list": {"bits": 3, "lst": zipped(b"\0")}}, "invalid:status_list_form"),
        ({}, {"status_list": {"bits": True, "lst": zipped(b"\0")}}, "invalid:status_list_form"),
        ({}, {"status_list": {"bits": 8.0, "lst": zipped(b"\0")}}, "invalid:status_list_form"),
        ({}, {"status_list": {"bits": 8, "lst": zipped(b"")}}, "invalid:status_index_out_of_range"),
        ({}, {"ttl": 0}, "invalid:status_list_ttl"),
        ({}, {"ttl": True}, "invalid:status_list_ttl"),
        ({}, {"iss": "did:example:other"}, "invalid:status_list_foreign"),
        ({}, {"nbf": int(START.timestamp()) + 1}, "undecided:unreachable"),
        ({}, {"exp": int(START.timestamp())}, "undecided:stale"),
    ],
)
def test_the_form_of_a_list(
    world: World, issuer: Party, header: JsonObject, changes: JsonObject, found: str
) -> None:
    base: JsonObject = {
        "sub": LIST,
        "iat": int(world.clock.timestamp()),
        "status_list": {"bits": 8, "lst": zipped(b"\0")},
    }
    said = {name: value for name, value in {**base, **changes}.items() if value is not None}
    full = {"typ": "statuslist+jwt", **header}
    kept = {name: value for name, value in full.items() if value is not None}
    token = sign_compact(json.dumps(said).encode(), kept, issuer.signer)
    world.documents[LIST] = token.encode()
    assert outcome(world.examine(sd_jwt_vc(issuer)), "status") == found


@pytest.mark.parametrize("sign", [sign_token_list, sign_token_list_cwt])
@pytest.mark.parametrize(
    ("more", "code"), [({"expires": START}, "status_list_period"), ({"bits": 3}, "status_value_range")]
)
def test_a_list_ends_after_it_starts(sign: Callable[..., object], more: dict[str, Any], code: str) -> None:
    arguments: dict[str, Any] = {"data": b"\0", "bits": 1, "issued_at": START, **more}
    with pytest.raises(InvalidError) as caught:
        sign(LIST, signer(), **arguments)
    assert caught.value.code == code


def test_a_web_issuer_signs_its_list_with_a_key_of_its_set(world: World, issuer: Party) -> None:
    """The list names its key as the token does: by the kid in the issuer's key set."""
    host = "https://shop.example"
    key = make_public_jwk(P384.public)
    metadata = {"issuer": host, "jwks": {"keys": [{**key, "kid": "key-1"}]}}
    world.documents[f"{host}/.well-known/jwt-vc-issuer"] = json.dumps(metadata).encode()
    token = sign_sd_jwt_vc(
        {"iss": host, "vct": "urn:x:y", "status": place()},
        KeySigner("key-1", P384),
        issued_at=world.clock,
        hidden=(),
        entropy=lambda size: b"\1" * size,
    ).encode()
    publish(issuer, by=KeySigner("key-1", P384), ttl=None, expires=None)
    assert world.examine(token).verdict is Verdict.VALID
    publish(issuer, by=KeySigner("key-2", P384))
    assert outcome(world.examine(token), "status") == "invalid:status_list_invalid"
    publish(issuer, by=KeySigner("key-1", P384))
    assert outcome(world.examine(sd_jwt_vc(issuer)), "status") == "invalid:status_list_invalid"


def test_a_delegate_signs_with_a_key_in_force(world: World, issuer: Party) -> None:
    delegate = world.party("delegate")
    publish(issuer, by=delegate.signer)
    allowed = replace(INTEGRITY, status_delegates={issuer.did: (delegate.did,)})
    assert outcome(world.examine(sd_jwt_vc(issuer), policy=allowed), "status") == "valid:status_holds"
    assert outcome(world.examine(sd_jwt_vc(issuer)), "status") == "invalid:status_list_foreign"
    # The key that signed it is retired, and nobody dated the list: a thief could have made it.
    world.clock += timedelta(minutes=1)
    delegate.rotate()
    found = outcome(world.examine(sd_jwt_vc(issuer), policy=allowed), "status")
    assert found == "undecided:signing_time_unproven"


def test_a_presentation_has_no_status(world: World, issuer: Party) -> None:
    """The claim is not dropped in silence: around the credentials nobody defines it."""
    document: JsonObject = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": issuer.did,
        "status": place(),
    }
    token = sign_presentation_jwt(
        document, issuer.signer, issued_at=world.clock, audience=None, nonce=None
    ).encode()
    assert outcome(world.examine(token), "rules").startswith("invalid:")


def test_a_list_whose_signature_does_not_match(world: World, issuer: Party) -> None:
    publish(issuer)
    head, dot, signature = publish(issuer).decode().rpartition(".")
    other = ("B" if signature.startswith("A") else "A") + signature[1:]
    world.documents[LIST] = f"{head}{dot}{other}".encode()
    assert outcome(world.examine(sd_jwt_vc(issuer)), "status") == "invalid:status_list_invalid"


def test_a_list_whose_signer_was_last_seen_too_long_ago(world: World, issuer: Party) -> None:
    publish(issuer)
    token = sd_jwt_vc(issuer)
    patient = replace(INTEGRITY, max_age_status=timedelta(days=3))
    world.examine(token, policy=patient)
    later = START + timedelta(hours=25)
    report = world.examine(token, policy=patient, at=later, evidence=world.evidence, offline=True)
    assert (outcome(report, "status"), code_of(report, "status")) == (
        "undecided:stale",
        "status_list_undecided",
    )
