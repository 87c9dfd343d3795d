"""Compact tokens: what is read, what a header may say, what a signature is worth."""

import json
from dataclasses import replace
from typing import Any

import pytest
from tests.support.keys import BY_ALGORITHM, ED25519, OTHER_ED25519, P256, signer

from certweave.canon.jcs import canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import (
    CertweaveError,
    InvalidError,
    InvalidSignatureError,
    MalformedError,
    UndecidedError,
)
from certweave.keys.jwk import parse_public_jwk
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import MAX_HEADER_TEXT, check_header, parse_compact, sign_compact, verify_jws

ALGORITHMS = pytest.mark.parametrize("algorithm", JWS_ALGORITHMS)
GOOD = {"alg": "EdDSA", "kid": "did:web:issuer.example#key", "typ": "vc+jwt"}


def header(**changes: object) -> JsonObject:
    return {name: value for name, value in {**GOOD, **changes}.items() if value is not None}


@ALGORITHMS
def test_a_signed_token_verifies(algorithm: Algorithm) -> None:
    key = BY_ALGORITHM[algorithm]
    token = sign_compact(b"payload", {"typ": "vc+jwt"}, signer(key))
    jws = parse_compact(token, limits=DEFAULT_LIMITS)
    assert jws.payload == b"payload"
    assert jws.token == token
    found = check_header(jws.header, typ="vc+jwt")
    assert (found.algorithm, found.kid, found.typed) == (algorithm, signer(key).method, True)
    verify_jws(jws, key.public)
    assert parse_compact(token.encode(), limits=DEFAULT_LIMITS) == jws


# RFC 8037 §A.4 and RFC 7515 §A.3: key and token.
PUBLISHED = [
    (
        {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"},
        "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6"
        "dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg",
    ),
    (
        {
            "kty": "EC",
            "crv": "P-256",
            "x": "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU",
            "y": "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0",
        },
        "eyJhbGciOiJFUzI1NiJ9.eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19"
        "yb290Ijp0cnVlfQ.DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    ),
]


@pytest.mark.parametrize(("jwk", "token"), PUBLISHED, ids=["RFC 8037 A.4", "RFC 7515 A.3"])
def test_published_tokens_verify(jwk: JsonObject, token: str) -> None:
    verify_jws(parse_compact(token, limits=DEFAULT_LIMITS), parse_public_jwk(jwk))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"alg": None}, "header_malformed"),
        ({"alg": ""}, "header_malformed"),
        ({"alg": 5}, "header_malformed"),
        ({"alg": ["EdDSA"]}, "header_malformed"),
        ({"alg": "RS256"}, "alg_unsupported"),
        ({"alg": "ES256K"}, "alg_unsupported"),
        ({"alg": "eddsa"}, "alg_unsupported"),
        ({"kid": 5}, "header_malformed"),
        ({"kid": ""}, "header_malformed"),
        ({"cty": []}, "header_malformed"),
        ({"crit": []}, "header_malformed"),
        ({"crit": "exp"}, "header_malformed"),
        ({"crit": ["exp"], "exp": 1}, "crit_unknown"),
        ({"crit": ["b64"], "b64": False}, "crit_unknown"),
        ({"crit": [{}]}, "crit_unknown"),
        ({"b64": False}, "b64_refused"),
        ({"b64": 0}, "b64_refused"),
        ({"jwk": {}}, "header_key_refused"),
        ({"jku": "https://evil.example/jwks"}, "header_key_refused"),
        ({"x5u": "https://evil.example/cert"}, "header_key_refused"),
        ({"typ": "vp+jwt"}, "typ_wrong"),
        ({"typ": "JWT"}, "typ_wrong"),
        ({"typ": "text/vc+jwt"}, "typ_wrong"),
        ({"typ": "application/application/vc+jwt"}, "typ_wrong"),
        ({"typ": "application/vc+jwt;v=1"}, "typ_wrong"),
        ({"typ": "vc+jwt "}, "typ_wrong"),
        ({"typ": 5}, "typ_wrong"),
    ],
)
def test_headers_refused(changes: JsonObject, code: str) -> None:
    with pytest.raises(CertweaveError) as caught:
        check_header(header(**changes), typ="vc+jwt")
    assert caught.value.code == code


def test_headers_accepted() -> None:
    assert check_header(header(), typ="vc+jwt").typed
    assert not check_header(header(typ=None), typ="vc+jwt").typed
    # RFC 7515 §4.1.9: without a slash, application/ is meant; media types have no case.
    for typ in ("application/vc+jwt", "VC+JWT", "Application/vc+JWT"):
        assert check_header(header(typ=typ), typ="vc+jwt").typed
    with pytest.raises(InvalidError):
        check_header(header(typ="\N{KELVIN SIGN}b+jwt"), typ="kb+jwt")
    assert check_header(header(kid=None), typ="vc+jwt").kid is None
    assert check_header(header(alg="Ed25519", cty="vc", x5c=["AA"], other=1), typ="vc+jwt").kid == GOOD["kid"]
    assert check_header(header(b64=True), typ="vc+jwt").typed


def test_a_signature_of_another_key_fails() -> None:
    jws = parse_compact(sign_compact(b"payload", {}, signer(ED25519)), limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidSignatureError):
        verify_jws(jws, OTHER_ED25519.public)


def test_the_caller_cannot_name_algorithm_or_key() -> None:
    for name in ("alg", "kid"):
        with pytest.raises(ValueError, match="signer"):
            sign_compact(b"", {name: "x"}, signer())


@pytest.mark.parametrize("private", [ED25519, P256], ids=["Ed25519", "P-256"])
def test_alg_must_fit_the_key(private: object) -> None:
    key = ED25519 if private is P256 else P256
    token = sign_compact(b"payload", {}, signer(ED25519 if private is ED25519 else P256))
    with pytest.raises(InvalidError) as caught:
        verify_jws(parse_compact(token, limits=DEFAULT_LIMITS), key.public)
    assert caught.value.code == "alg_key_mismatch"


def test_sizes() -> None:
    long_header = sign_compact(b"", {"x": "y" * MAX_HEADER_TEXT}, KeySigner("did:web:a.example#k", ED25519))
    with pytest.raises(UndecidedError) as caught:
        parse_compact(long_header, limits=DEFAULT_LIMITS)
    assert caught.value.code == "limit_header"
    with pytest.raises(UndecidedError) as caught:
        parse_compact("a" * 101, limits=replace(DEFAULT_LIMITS, credential_bytes=100))
    assert caught.value.code == "limit_bytes"


@pytest.mark.parametrize(
    ("token", "code"),
    [
        ("", "jws_malformed"),
        ("e30", "jws_malformed"),
        ("e30.e30", "jws_malformed"),
        ("e30.e30.", None),
        ("e30.e30.e30.", "jws_malformed"),
        (".e30.e30.e30", "jws_malformed"),
        ("e30..e30.e30", "jws_malformed"),
        ("é30.e30.e30", "jws_malformed"),
        ("e30.é30.e30", "jws_malformed"),
        ("e30.e30.é30", "base64url"),
        ("e30.e30.e30".encode("utf-16"), "jws_malformed"),
        (".e30.e30", "json_syntax"),
    ],
)
def test_a_token_has_three_parts_of_ascii(token: str | bytes, code: str | None) -> None:
    if code is None:
        assert parse_compact(token, limits=DEFAULT_LIMITS).payload == b"{}"
        return
    with pytest.raises(MalformedError) as caught:
        parse_compact(token, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


def test_header_is_read_strictly() -> None:
    for raw in (b'{"alg":"EdDSA","alg":"EdDSA"}', b"[]", b"\xef\xbb\xbf{}", b"{"):
        with pytest.raises(MalformedError):
            parse_compact(f"{base64url_encode(raw)}..", limits=DEFAULT_LIMITS)


def test_header_bytes_are_canonical() -> None:
    token = sign_compact(b"", {"typ": "vc+jwt", "cty": "vc"}, KeySigner("did:web:a.example#k", ED25519))
    expected = {"alg": "EdDSA", "cty": "vc", "kid": "did:web:a.example#k", "typ": "vc+jwt"}
    assert token.split(".")[0] == base64url_encode(canonicalize(expected))


@pytest.mark.parametrize("said", [GOOD, {**GOOD, "crit": ["exp"]}])
def test_nobody_changes_the_header_of_another_token(said: JsonObject) -> None:
    token = f"{base64url_encode(canonicalize(said))}.e30.AA"
    first = parse_compact(token, limits=DEFAULT_LIMITS).header
    first["alg"] = "none"
    for value in first.values():
        if isinstance(value, list):
            value.clear()
    assert parse_compact(token, limits=DEFAULT_LIMITS).header == said


@pytest.mark.parametrize(
    ("said", "bound", "code"),
    [(GOOD, "members", "limit_members"), ({**GOOD, "x": [[["y"]]]}, "depth", "limit_depth")],
)
def test_the_limits_of_who_reads_bound_a_header(said: JsonObject, bound: str, code: str) -> None:
    """Also where somebody with other limits has read the same header before."""
    token = f"{base64url_encode(canonicalize(said))}.e30.AA"
    changes: Any = {bound: 1}
    for _ in range(2):
        assert parse_compact(token, limits=DEFAULT_LIMITS).header == said
        with pytest.raises(UndecidedError) as caught:
            parse_compact(token, limits=replace(DEFAULT_LIMITS, **changes))
        assert caught.value.code == code


def test_a_header_may_be_as_deep_as_who_reads_it_allows() -> None:
    said = {**GOOD, "x": json.loads("[" * 100 + "]" * 100)}
    token = f"{base64url_encode(canonicalize(said))}.e30.AA"
    assert parse_compact(token, limits=replace(DEFAULT_LIMITS, depth=101)).header == said
