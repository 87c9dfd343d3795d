"""SD-JWT (RFC 9901): what is read, what is put together, what is issued and presented."""

import itertools
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.support.keys import ED25519, OTHER_ED25519, P256, signer

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, InvalidSignatureError, UndecidedError
from certweave.keys.jwk import make_public_jwk
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.proof.jose import sign_compact, verify_jws
from certweave.proof.sd_jwt.binding import (
    bind_sd_jwt,
    check_binding_time,
    find_bound_key,
    verify_key_binding,
)
from certweave.proof.sd_jwt.issue import present_sd_jwt, sign_sd_jwt
from certweave.proof.sd_jwt.token import HIDDEN, Processed, digest_of, find_hash, parse_sd_jwt, process_sd_jwt

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLAIMS: JsonObject = {
    "sub": "user_42",
    "name": "Möbius",
    "address": {"street": "Main St 1", "city": "Milliways"},
    "nationalities": ["DE", "FR", "UK"],
    "cnf": {"jwk": make_public_jwk(P256.public)},
}
HIDDEN_PLACES = (
    "/name",
    "/address",
    "/address/city",
    "/nationalities/0",
    "/nationalities/2",
)


def entropy() -> Callable[[int], bytes]:
    counter = itertools.count(1)
    return lambda size: next(counter).to_bytes(size)


def issue(claims: JsonObject = CLAIMS, hidden: tuple[str, ...] = HIDDEN_PLACES, **more: Any) -> str:
    return sign_sd_jwt(
        claims, signer(), header={"typ": "example+sd-jwt"}, hidden=hidden, entropy=entropy(), **more
    )


def processed(token: str, limits: Limits = DEFAULT_LIMITS) -> Processed:
    return process_sd_jwt(parse_sd_jwt(token, limits=limits), limits=limits)


def disclosure(*parts: Any) -> str:
    return base64url_encode(json.dumps(parts).encode())


def by_hand(payload: JsonObject, *disclosures: str) -> str:
    token = sign_compact(json.dumps(payload).encode(), {"typ": "example+sd-jwt"}, signer())
    return "~".join([token, *disclosures, ""])


def digest(text: str) -> str:
    return digest_of(text, {})


def test_what_is_issued_comes_back_whole() -> None:
    token = issue()
    sd_jwt = parse_sd_jwt(token.encode(), limits=DEFAULT_LIMITS)
    verify_jws(sd_jwt.jws, ED25519.public)
    assert sd_jwt.payload["_sd_alg"] == "sha-256"
    assert "Möbius" not in json.dumps(sd_jwt.payload, ensure_ascii=False)
    found = processed(token)
    assert found.payload == found.issued == CLAIMS
    assert set(found.places) == set(HIDDEN_PLACES)


def test_each_disclosure_has_a_salt_of_its_own() -> None:
    disclosures = parse_sd_jwt(issue(), limits=DEFAULT_LIMITS).disclosures
    salts = {json.loads(base64url_decode(one.text))[0] for one in disclosures}
    assert len(salts) == len(HIDDEN_PLACES)
    assert {len(base64url_decode(salt)) for salt in salts} == {16}


def test_nothing_hidden_is_an_sd_jwt_too() -> None:
    token = issue(hidden=())
    assert token.endswith("~")
    assert token.count("~") == 1
    assert processed(token).payload == CLAIMS
    assert "_sd_alg" not in parse_sd_jwt(token, limits=DEFAULT_LIMITS).payload


def test_the_holder_chooses() -> None:
    shown = present_sd_jwt(issue(), ["/nationalities/2", "/address/city"], limits=DEFAULT_LIMITS)
    found = processed(shown)
    assert found.payload == {
        "sub": "user_42",
        "address": CLAIMS["address"],
        "nationalities": ["FR", "UK"],
        "cnf": CLAIMS["cnf"],
    }
    assert found.issued["nationalities"] == [HIDDEN, "FR", "UK"]
    assert found.places["/nationalities/0"] is None
    assert repr(found.issued["nationalities"][0]) == "HIDDEN"
    outer = processed(present_sd_jwt(issue(), ["/address"], limits=DEFAULT_LIMITS))
    assert outer.payload["address"] == {"street": "Main St 1"}
    assert processed(present_sd_jwt(issue(), [], limits=DEFAULT_LIMITS)).payload.keys() == {
        "sub",
        "nationalities",
        "cnf",
    }


def test_decoys_look_like_what_was_withheld() -> None:
    token = issue(hidden=("/name",), decoys={"": 2, "/nationalities": 1, "/address": 1})
    payload = parse_sd_jwt(token, limits=DEFAULT_LIMITS).payload
    assert len(payload["_sd"]) == 3
    assert payload["_sd"] == sorted(payload["_sd"])
    found = processed(token)
    assert found.payload == CLAIMS
    assert found.issued["nationalities"] == ["DE", "FR", "UK", HIDDEN]


@pytest.mark.parametrize("name", ["sha-256", "sha-384", "sha-512"])
def test_the_hashes_that_we_know(name: str) -> None:
    token = issue(hash_name=name)
    assert processed(token).payload == CLAIMS


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("sha-256-32", "sd_alg_refused"),
        ("SHA-1", "sd_alg_refused"),
        ("md5", "sd_alg_refused"),
        ("sha3-256", "sd_alg_unsupported"),
        ("SHA-256", "sd_alg_unsupported"),
        ("", "sd_jwt_malformed"),
        (256, "sd_jwt_malformed"),
    ],
)
def test_other_hashes(name: object, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        find_hash({"_sd_alg": name})
    assert caught.value.code == code


def test_the_examples_of_the_text() -> None:
    """RFC 9901 §4.2.1 and §4.2.3: a disclosure and its digest; §4.2.1 has three spellings of one claim."""
    text = "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0"
    payload = {"given_name": "Alice", "_sd": ["X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0"]}
    assert processed(by_hand(payload, text)).payload == {"given_name": "Alice", "family_name": "Möbius"}
    element = "WyJsa2x4RjVqTVlsR1RQVW92TU5JdkNBIiwgIkZSIl0"
    listed = {"nationalities": ["DE", {"...": "w0I8EKcdCtUPkGCNUrfwVp2xEgNjtoIDlOxc9-PlOhs"}, "US"]}
    assert processed(by_hand(listed, element)).payload == {"nationalities": ["DE", "FR", "US"]}
    assert processed(by_hand(listed)).payload == {"nationalities": ["DE", "US"]}
    for spelling in (
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNXHUwMGY2Yml1cyJd",
        "WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsImZhbWlseV9uYW1lIiwiTcO2Yml1cyJd",
        "WwoiXzI2YmM0TFQtYWM2cTJLSTZjQlc1ZXMiLAoiZmFtaWx5X25hbWUiLAoiTcO2Yml1cyIKXQ",
    ):
        found = processed(by_hand({"_sd": [digest(spelling)]}, spelling))
        assert found.payload == {"family_name": "Möbius"}


ONE = disclosure("salt", "name", "value")
ITEM = disclosure("salt", "value")


@pytest.mark.parametrize(
    ("payload", "disclosures", "code"),
    [
        ({}, [ONE], "sd_disclosure_unreferenced"),
        ({"name": digest(ONE)}, [ONE], "sd_disclosure_unreferenced"),
        ({"_sd": [digest(ONE)]}, [ONE, ONE], "sd_disclosure_repeated"),
        ({"_sd": [digest(ONE), digest(ONE)]}, [ONE], "sd_digest_repeated"),
        ({"_sd": ["x", "x"]}, [], "sd_digest_repeated"),
        ({"_sd": ["x"], "deeper": {"_sd": ["x"]}}, [], "sd_digest_repeated"),
        ({"_sd": ["x"], "list": [{"...": "x"}]}, [], "sd_digest_repeated"),
        ({"_sd": [digest(ONE)], "name": "another"}, [ONE], "sd_claim_exists"),
        ({"_sd": [digest(ITEM)]}, [ITEM], "sd_disclosure_kind"),
        ({"list": [{"...": digest(ONE)}]}, [ONE], "sd_disclosure_kind"),
        ({"_sd": "x"}, [], "sd_digests_malformed"),
        ({"_sd": [1]}, [], "sd_digests_malformed"),
        ({"_sd": None}, [], "sd_digests_malformed"),
        ({"list": [{"...": 1}]}, [], "sd_digests_malformed"),
        ({"list": [{"...": "x", "more": 1}]}, [], "sd_digests_malformed"),
        ({"...": "x"}, [], "sd_claim_reserved"),
        ({"deeper": {"...": "x"}}, [], "sd_claim_reserved"),
        ({"deeper": {"_sd_alg": "sha-256"}}, [], "sd_claim_reserved"),
    ],
)
def test_digests_and_disclosures_have_to_fit(payload: JsonObject, disclosures: list[str], code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        processed(by_hand(payload, *disclosures))
    assert caught.value.code == code


def test_two_disclosures_cannot_bring_one_claim() -> None:
    other = disclosure("salt 2", "name", "another")
    with pytest.raises(InvalidError) as caught:
        processed(by_hand({"_sd": [digest(ONE), digest(other)]}, ONE, other))
    assert (caught.value.code, caught.value.path) == ("sd_claim_exists", "/name")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (disclosure("salt"), "sd_disclosure_malformed"),
        (disclosure("salt", "name", "value", "more"), "sd_disclosure_malformed"),
        (disclosure(1, "name", "value"), "sd_disclosure_malformed"),
        (disclosure(None, "value"), "sd_disclosure_malformed"),
        (disclosure("", "value"), "sd_disclosure_malformed"),
        (disclosure("salt", 1, "value"), "sd_disclosure_malformed"),
        (base64url_encode(b'{"salt": 1}'), "sd_disclosure_malformed"),
        (base64url_encode(b'["salt", "name", 9007199254740993]'), "sd_disclosure_malformed"),
        (base64url_encode(b'["salt", {"a": 1, "a": 2}]'), "sd_disclosure_malformed"),
        ("*", "sd_disclosure_malformed"),
        ("", "sd_disclosure_malformed"),
        (disclosure("salt", "_sd", []), "sd_claim_reserved"),
        (disclosure("salt", "...", "x"), "sd_claim_reserved"),
        (disclosure("salt", "_sd_alg", "sha-256"), "sd_claim_reserved"),
    ],
)
def test_a_disclosure_is_of_one_shape(text: str, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        processed(by_hand({"_sd": [digest(text)]}, text))
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("token", "code"),
    [("a.b.c", "sd_jwt_malformed"), (b"\xff~", "sd_jwt_malformed"), ("a.b~", "jws_malformed")],
)
def test_the_form_of_the_whole(token: str | bytes, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        parse_sd_jwt(token, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


def test_a_missing_tilde_makes_the_last_disclosure_a_key_binding() -> None:
    with pytest.raises(CertweaveError) as caught:
        parse_sd_jwt(issue().rstrip("~"), limits=DEFAULT_LIMITS)
    assert caught.value.code == "jws_malformed"


@pytest.mark.parametrize(
    ("limits", "code"),
    [
        (Limits(credential_bytes=10), "limit_bytes"),
        (Limits(disclosures=4), "limit_disclosures"),
        (Limits(members=12), "limit_members"),
        (Limits(depth=2), "limit_depth"),
    ],
)
def test_every_bound_is_undecided(limits: Limits, code: str) -> None:
    with pytest.raises(UndecidedError) as caught:
        processed(issue(), limits)
    assert caught.value.code == code


@pytest.mark.parametrize(
    ("hidden", "decoys", "code"),
    [
        (("/nobody",), {}, "sd_place_unknown"),
        (("",), {}, "sd_place_unknown"),
        (("/nationalities/7",), {}, "sd_place_unknown"),
        ((), {"/name": 1}, "sd_place_unknown"),
    ],
)
def test_only_what_is_there_can_be_hidden(hidden: tuple[str, ...], decoys: dict[str, int], code: str) -> None:
    with pytest.raises(InvalidError) as caught:
        issue(hidden=hidden, decoys=decoys)
    assert caught.value.code == code


@pytest.mark.parametrize("claims", [{"_sd": []}, {"a": {"...": "x"}}, {"a": [{"_sd_alg": "x"}]}])
def test_reserved_names_are_not_issued(claims: JsonObject) -> None:
    with pytest.raises(InvalidError) as caught:
        issue(claims, hidden=())
    assert caught.value.code == "sd_claim_reserved"


@pytest.mark.parametrize("place", ["/sub", "/nobody", ""])
def test_only_what_is_hidden_can_be_shown(place: str) -> None:
    with pytest.raises(InvalidError) as caught:
        present_sd_jwt(issue(), [place], limits=DEFAULT_LIMITS)
    assert caught.value.code == "sd_place_unknown"


def bound(token: str | None = None, key: Any = P256, **more: Any) -> str:
    wanted = {"audience": "https://verifier.example", "nonce": "n-1", "issued_at": NOW, **more}
    return bind_sd_jwt(token or issue(), signer(key), limits=DEFAULT_LIMITS, **wanted)


def test_a_key_binding_holds() -> None:
    sd_jwt = parse_sd_jwt(bound(), limits=DEFAULT_LIMITS)
    found = verify_key_binding(sd_jwt, processed(bound()).payload, limits=DEFAULT_LIMITS)
    assert (found.audience, found.nonce, found.issued_at) == ("https://verifier.example", "n-1", NOW)
    assert found.key == P256.public
    check_binding_time(found, now=NOW + timedelta(seconds=600), limits=DEFAULT_LIMITS)
    check_binding_time(found, now=NOW - timedelta(seconds=300), limits=DEFAULT_LIMITS)
    for wrong, code in ((601, "key_binding_old"), (-301, "key_binding_from_future")):
        with pytest.raises(InvalidError) as caught:
            check_binding_time(found, now=NOW + timedelta(seconds=wrong), limits=DEFAULT_LIMITS)
        assert caught.value.code == code


def test_another_key_binds_nothing() -> None:
    sd_jwt = parse_sd_jwt(bound(key=OTHER_ED25519), limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidError) as caught:
        verify_key_binding(sd_jwt, sd_jwt.payload, limits=DEFAULT_LIMITS)
    assert caught.value.code == "alg_key_mismatch"


def kb(claims: JsonObject, typ: str | None = "kb+jwt", key: Any = P256) -> str:
    token = issue()
    base = {
        "iat": 1772366400,
        "aud": "https://verifier.example",
        "nonce": "n-1",
        "sd_hash": digest(token),
    }
    said = {name: value for name, value in {**base, **claims}.items() if value is not None}
    header = {} if typ is None else {"typ": typ}
    return token + sign_compact(json.dumps(said).encode(), header, signer(key))


@pytest.mark.parametrize(
    ("claims", "typ", "code"),
    [
        ({"sd_hash": "x"}, "kb+jwt", "key_binding_mismatch"),
        ({"sd_hash": None}, "kb+jwt", "key_binding_mismatch"),
        ({"iat": None}, "kb+jwt", "key_binding_malformed"),
        ({"nonce": None}, "kb+jwt", "key_binding_malformed"),
        ({"aud": None}, "kb+jwt", "key_binding_malformed"),
        ({"aud": ["https://verifier.example"]}, "kb+jwt", "key_binding_malformed"),
        ({"aud": 1}, "kb+jwt", "claim_malformed"),
        ({}, "JWT", "typ_wrong"),
        ({}, None, "typ_wrong"),
    ],
)
def test_what_a_key_binding_says(claims: JsonObject, typ: str | None, code: str) -> None:
    sd_jwt = parse_sd_jwt(kb(claims, typ), limits=DEFAULT_LIMITS)
    with pytest.raises(CertweaveError) as caught:
        verify_key_binding(sd_jwt, sd_jwt.payload, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


def test_a_binding_signature_is_verified() -> None:
    token = kb({})
    head, dot, signature = token.rpartition(".")
    forged = head + dot + ("A" if signature[0] != "A" else "B") + signature[1:]
    sd_jwt = parse_sd_jwt(forged, limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidSignatureError):
        verify_key_binding(sd_jwt, sd_jwt.payload, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize(
    ("cnf", "code"),
    [
        ({"kid": "did:example:holder#1"}, "cnf_unsupported"),
        ({}, "cnf_malformed"),
        ("key", "cnf_malformed"),
        ({"jwk": {"kty": "oct", "k": "AA"}}, "jwk_private"),
        ({"jwk": make_public_jwk(P256.public), "jku": "https://holder.example/keys"}, "cnf_malformed"),
        ({"jwe": "eyJ", "jku": "https://holder.example/keys"}, "cnf_malformed"),
    ],
)
def test_how_the_key_is_named(cnf: object, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        find_bound_key({"cnf": cnf})
    assert caught.value.code == code


def test_a_binding_needs_a_key_in_the_token() -> None:
    free = issue({"sub": "user_42"}, hidden=())
    sd_jwt = parse_sd_jwt(bound(free), limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidError) as caught:
        verify_key_binding(sd_jwt, sd_jwt.payload, limits=DEFAULT_LIMITS)
    assert caught.value.code == "cnf_missing"
    bare = parse_sd_jwt(free, limits=DEFAULT_LIMITS)
    with pytest.raises(CertweaveError) as nothing:
        verify_key_binding(bare, bare.payload, limits=DEFAULT_LIMITS)
    assert nothing.value.code == "key_binding_malformed"
    assert find_bound_key({}) is None


def test_a_bound_token_is_neither_bound_again_nor_shortened() -> None:
    with pytest.raises(InvalidError) as again:
        bound(bound())
    with pytest.raises(InvalidError) as shortened:
        present_sd_jwt(bound(), [], limits=DEFAULT_LIMITS)
    assert again.value.code == shortened.value.code == "key_binding_present"
    with pytest.raises(ValueError, match="time zone"):
        bound(issued_at=datetime(2026, 3, 1))
