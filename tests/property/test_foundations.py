"""Whatever comes in, only errors of ours come out; and what we write, we read."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from functools import partial
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.keys import ED25519, P256, signer

from certweave.canon.literals import is_absolute_iri
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.multibase import (
    base58_decode,
    base58_encode,
    base64url_decode,
    base64url_encode,
    decode_multibase,
    encode_multibase,
)
from certweave.encoding.multihash import check_digest_multibase, check_digest_sri, make_digest_multibase
from certweave.encoding.strict_json import parse_json, parse_json_at_length
from certweave.errors import CertweaveError, MalformedError
from certweave.keys.jwk import make_private_jwk, make_public_jwk, parse_private_jwk, parse_public_jwk
from certweave.keys.model import Algorithm, PublicKey
from certweave.keys.multikey import parse_multikey, parse_secret_multikey
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.proof import vc_jwt
from certweave.proof.data_integrity import add_proof, parse_proofs, verify_proof
from certweave.proof.jose import check_header, parse_compact, sign_compact, verify_jws
from certweave.proof.suites.registry import jcs_suite
from certweave.proof.suites.suite import NOTHING_AROUND
from certweave.timestamps import format_timestamp, parse_timestamp

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=8,
)


def ours_only(function: Callable[[], object]) -> None:
    try:
        function()
    except CertweaveError as error:
        caught = error
    else:
        return
    assert caught.code.isidentifier()
    assert caught.detail


@given(st.binary(max_size=200) | st.text(max_size=200))
def test_json(data: bytes | str) -> None:
    ours_only(lambda: parse_json(data, limits=DEFAULT_LIMITS))


@given(st.text('{}[],:"\\ud8Dc0 1-.eE\n', max_size=60))
def test_nearly_json(text: str) -> None:
    """What we accept, Python accepts with the same value; we never accept more."""
    try:
        found = parse_json(text, limits=DEFAULT_LIMITS)
    except CertweaveError:
        return
    assert json.loads(text) == found


NUMBERS = "0 -0 -0.0 1 1.0 1.5 1E3 1e-7 1e16 1e+16 1e22 1e300 5e-324 123456789e-3 0.1234567890123456 NaN"
LARGE = "9007199254740991 9007199254740992 9007199254740992.0 -9007199254740993 9999999999999998.0 2e19"
OTHERS = r'null true [] {} [1,] "" "é" "e1" "1234567890123456" "\u0041" "\u001f" "\ud83d" "\ud83d\ude00" "\n"'
SPELLINGS = f"{NUMBERS} {LARGE} {OTHERS} 18446744073709551616".split()
NAMES = ['"a"', '"a"', '"b"', '"\\u0061"', '"é"', '""', '"1e16"']
SPELT: st.SearchStrategy[str] = st.recursive(
    st.sampled_from(SPELLINGS),
    lambda inner: (
        st.lists(inner, max_size=3).map(lambda items: f"[{','.join(items)}]")
        | st.lists(st.tuples(st.sampled_from(NAMES), inner), max_size=3).map(
            lambda members: f"{{{','.join(f'{name}:{item}' for name, item in members)}}}"
        )
    ),
    max_leaves=8,
)
TIGHT = replace(DEFAULT_LIMITS, credential_bytes=60, depth=3, members=6)


@given(SPELT, st.sampled_from([DEFAULT_LIMITS, TIGHT]))
def test_both_readers_of_json_agree(text: str, limits: Limits) -> None:
    """In values, down to the sign of a zero, and in what they refuse."""
    for raw in (text.encode(), f'{{"a":{text}}}'.encode()):
        assert outcome(parse_json, raw, limits) == outcome(parse_json_at_length, raw, limits)


def outcome(parse: Callable[..., object], raw: bytes, limits: Limits) -> str:
    try:
        return repr(parse(raw, limits=limits))
    except CertweaveError as error:
        return f"{error.code} at {error.path}: {error.detail}"


@given(st.text(max_size=80))
def test_texts(text: str) -> None:
    functions: tuple[Callable[[str], object], ...] = (base58_decode, base64url_decode, decode_multibase)
    for function in (*functions, parse_timestamp, parse_multikey):
        ours_only(partial(function, text))
    ours_only(lambda: parse_secret_multikey(text))
    ours_only(lambda: check_digest_sri(b"", text))
    ours_only(lambda: check_digest_sri(b"", f"sha256-{text}"))
    ours_only(lambda: check_digest_multibase(b"", text))
    ours_only(lambda: parse_compact(text, limits=DEFAULT_LIMITS))


@given(st.binary(max_size=80))
def test_bytes_have_one_text_each(data: bytes) -> None:
    assert base58_decode(base58_encode(data)) == data
    assert base64url_decode(base64url_encode(data)) == data
    assert base64url_encode(data) == base64.urlsafe_b64encode(data).decode().rstrip("=")
    assert decode_multibase(encode_multibase(data)) == data
    assert decode_multibase(encode_multibase(data, "u")) == data
    check_digest_multibase(data, make_digest_multibase(data))


@given(st.text("ABCZaz09-_+/= ", max_size=20) | st.text("Ag-_", max_size=80))
def test_no_two_texts_mean_the_same_bytes(text: str) -> None:
    try:
        data = base64url_decode(text)
    except MalformedError:
        return
    assert base64url_encode(data) == text


ASCII = st.text(st.characters(max_codepoint=127), max_size=12)


@given(ASCII | ASCII.map("a:b".__add__))
def test_addresses_are_told_alike_with_and_without_letters_beyond_ascii(text: str) -> None:
    assert is_absolute_uri(text + "x") == is_absolute_uri(text + "ü")
    assert is_absolute_iri(text) == is_absolute_iri(text + "ü")


@given(
    st.datetimes(datetime(2, 1, 1), datetime(9998, 12, 31)),
    st.integers(-14 * 60, 14 * 60),
)
def test_moments(moment: datetime, offset: int) -> None:
    zoned = moment.replace(tzinfo=timezone(timedelta(minutes=offset)), microsecond=0)
    assert parse_timestamp(zoned.isoformat()) == zoned
    assert parse_timestamp(format_timestamp(zoned)) == zoned


@given(st.binary(min_size=30, max_size=35), st.sampled_from(Algorithm), st.binary(max_size=70))
def test_keys(raw: bytes, algorithm: Algorithm, signature: bytes) -> None:
    ours_only(lambda: PublicKey(algorithm, raw).verify(signature, b"data"))
    ours_only(lambda: parse_multikey(encode_multibase(b"\xed\x01" + raw)))
    ours_only(lambda: parse_multikey(encode_multibase(b"\x80\x24\x02" + raw)))


@given(JSON, st.sampled_from(["kty", "crv", "x", "y", "d", "use", "key_ops", "alg"]))
def test_jwks(value: Any, name: str) -> None:
    for key in (ED25519, P256):
        ours_only(partial(parse_public_jwk, {**make_public_jwk(key.public), name: value}))
        ours_only(partial(parse_private_jwk, {**make_private_jwk(key), name: value}))
    ours_only(lambda: parse_public_jwk(value))


@given(JSON, st.sampled_from(["alg", "kid", "typ", "cty", "crit", "b64", "jwk"]))
def test_headers(value: Any, name: str) -> None:
    header = {"alg": "EdDSA", "kid": "did:web:a.example#k", "typ": "vc+jwt", name: value}
    ours_only(lambda: check_header(header, typ="vc+jwt"))


@given(
    JSON, st.sampled_from(["iat", "exp", "iss", "sub", "jti", "aud", "nonce", "issuer", "credentialSubject"])
)
def test_claims(value: Any, name: str) -> None:
    payload = {"iss": "a", "issuer": "a", "sub": "b", "credentialSubject": {"id": "b"}, name: value}
    ours_only(lambda: vc_jwt.check_claims(payload))
    ours_only(lambda: vc_jwt.check_claims(payload, presentation=True))
    ours_only(lambda: vc_jwt.open_envelope({**vc_jwt.envelope("a.b.c"), "id": value}))
    ours_only(lambda: vc_jwt.open_envelope({**vc_jwt.envelope("a.b.c"), "type": value}))
    ours_only(lambda: vc_jwt.check_envelope({**vc_jwt.envelope("a.b.c"), "@context": value}))


DOCUMENT = {"@context": ["https://a.example"], "id": "urn:1"}
SECURED = add_proof(
    DOCUMENT,
    signer(),
    suite=jcs_suite(ED25519.algorithm),
    around=NOTHING_AROUND,
    created=NOW,
    purpose="assertionMethod",
    proof_id="urn:2",
    domain="d",
)


def _verify(document: Any) -> None:
    unsecured, proofs = parse_proofs(document, limits=DEFAULT_LIMITS)
    for proof in proofs:
        verify_proof(unsecured, proof, ED25519.public, all_proofs=proofs, around=NOTHING_AROUND)


@given(JSON, st.sampled_from([*sorted(SECURED["proof"]), "previousProof", "expires", "other"]))
def test_proofs(value: Any, name: str) -> None:
    mutated = {**SECURED, "proof": {**SECURED["proof"], name: value}}
    if value != SECURED["proof"].get(name, ...):
        with pytest.raises(CertweaveError):
            _verify(mutated)
    ours_only(lambda: _verify({**DOCUMENT, "proof": value}))
    ours_only(lambda: _verify({**mutated, "@context": value}))


TOKEN = sign_compact(b'{"a":1}', {"typ": "vc+jwt"}, signer())


@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_a_token_with_one_other_character_never_verifies(place: int, character: str) -> None:
    spoilt = TOKEN[:place] + character + TOKEN[place + 1 :]
    if spoilt == TOKEN:
        return
    with pytest.raises(CertweaveError):
        verify_jws(parse_compact(spoilt, limits=DEFAULT_LIMITS), ED25519.public)
