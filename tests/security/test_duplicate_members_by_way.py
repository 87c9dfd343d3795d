"""Attack: a member, a claim or a header parameter twice, in every place of every way to secure a credential.

Whoever signs is in league: the signature is over both. Two readers would see two credentials.
"""

import json
from typing import Any

import pytest
from tests.support.forging import Finding, finding, judge, message, text, token
from tests.support.keys import P256
from tests.support.keys import signer as key_signer
from tests.support.showing import (
    ASKED,
    EMBEDDED,
    LEGACY,
    PRESENTED,
    TEXT,
    TOKENS,
    credential,
    forge,
    inside,
    legacy,
    present,
    presentation,
    shown,
    signer_of,
)
from tests.support.suites import NOW

from certweave.encoding.cbor import encode_cbor
from certweave.encoding.multibase import base64url_encode
from certweave.keys.jwk import make_public_jwk
from certweave.proof.sd_jwt.token import digest_of

TYP = {"typ": "vc+sd-jwt"}
EVIL = "did:web:evil.example"


def doubled(value: Any) -> bytes:
    """Return JSON in which a member ``2 name`` is a second ``name``."""
    return text(value).replace(b'"2 ', b'"')


def twice(value: dict[str, Any], name: str, *, place: str | None = None, second: Any = EVIL) -> bytes:
    """Return an object with ``name`` twice, in itself or in its member ``place``."""
    if place is None:
        return doubled({**value, f"2 {name}": second})
    return doubled({**value, place: {**value[place], f"2 {name}": second}})


PLACES = [
    ("issuer", None, "/vc", None),
    ("id", "credentialSubject", "/vc/credentialSubject", "/credentialSubject"),
    ("type", None, "/vc", None),
]


@pytest.mark.parametrize("way", TEXT)
@pytest.mark.parametrize(("name", "place", "legacy_path", "path"), PLACES, ids=[one[0] for one in PLACES])
def test_in_what_was_signed(
    way: str, name: str, place: str | None, legacy_path: str, path: str | None
) -> None:
    spoilt = forge(way, twice(credential(way), name, place=place))
    found = legacy_path if way == LEGACY else path
    assert finding(judge(spoilt)) == ("invalid", "read", "json_duplicate_member", found)


@pytest.mark.parametrize("way", TEXT)
def test_by_an_escape_that_says_the_same(way: str) -> None:
    spoilt = forge(
        way, doubled({**credential(way), "2 issuer": EVIL}).replace(b'"issuer"', rb'"\u0069ssuer"', 1)
    )
    assert finding(judge(spoilt))[:3] == ("invalid", "read", "json_duplicate_member")


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize(
    ("name", "place", "path"),
    [
        ("issuer", None, None),
        ("proof", None, None),
        ("id", "credentialSubject", "/credentialSubject"),
        ("proofValue", "proof", "/proof"),
        ("verificationMethod", "proof", "/proof"),
    ],
)
def test_around_an_embedded_proof(way: str, name: str, place: str | None, path: str | None) -> None:
    spoilt = twice(json.loads(shown(way)), name, place=place)
    assert finding(judge(spoilt)) == ("invalid", "read", "json_duplicate_member", path)


@pytest.mark.parametrize("way", TOKENS)
@pytest.mark.parametrize("name", ["alg", "kid", "typ"])
def test_in_the_header_of_a_token(way: str, name: str) -> None:
    signer = signer_of(way)
    typ = {LEGACY: "JWT"}.get(way, way)
    header = {"alg": signer.algorithm.jws, "kid": signer.method, "typ": typ}
    made = token(credential(way), signer, twice(header, name, second="none"))
    spoilt = legacy(made) if way == LEGACY else f"{made}~" if "sd-jwt" in way else made
    assert finding(judge(spoilt)) == ("invalid", "read", "json_duplicate_member", None)


KID = encode_cbor(signer_of("vc+cose").method.encode())
MESSAGES: dict[str, tuple[bytes, Any]] = {
    "algorithm": (b"\xa3\x01\x27\x01\x26\x04" + KID, None),
    "key": (b"\xa3\x01\x27\x04" + KID + b"\x04" + encode_cbor(b"did:web:evil.example#a"), None),
    "type": (
        b"\xa4\x01\x27\x04" + KID + b"\x10" + encode_cbor("application/vc+cose") + b"\x10\x61x",
        None,
    ),
    "claim": (b"\xa3\x01\x27\x04" + KID + b"\x0f\xa2\x04\x01\x04\x1a\xff\xff\xff\xff", None),
}


@pytest.mark.parametrize("name", MESSAGES)
def test_in_the_header_of_a_message(name: str) -> None:
    spoilt = message(credential("vc+cose"), signer_of("vc+cose"), MESSAGES[name][0])
    assert finding(judge(spoilt)) == ("invalid", "read", "cbor_duplicate_key", None)


@pytest.mark.parametrize(
    "disclosed", [b'["s","name","A","name"]', b'["s","raw",{"a":1,"a":2}]', b'["s","raw",[{"a":1,"a":2}]]']
)
def test_in_a_disclosure(disclosed: bytes) -> None:
    part = base64url_encode(disclosed)
    document = {**credential("vc+sd-jwt"), "_sd": [digest_of(part, {})]}
    spoilt = token(document, signer_of("vc+sd-jwt"), typ="vc+sd-jwt") + f"~{part}~"
    assert finding(judge(spoilt)) == ("invalid", "read", "sd_disclosure_malformed", None)


def bound(header: dict[str, Any], claims: dict[str, Any]) -> str:
    """Return an SD-JWT whose key binding says something twice, in its header or its claims."""
    signer = signer_of("vc+sd-jwt")
    made = token({**credential("vc+sd-jwt"), "cnf": {"jwk": make_public_jwk(P256.public)}}, signer, TYP) + "~"
    said = {"iat": int(NOW.timestamp()), "aud": ASKED.audience, "nonce": ASKED.nonce}
    said |= {"sd_hash": digest_of(made, {}), **claims}
    return made + token(doubled(said), key_signer(P256), doubled({"alg": "ES256", "typ": "kb+jwt", **header}))


BOUND: list[tuple[dict[str, Any], dict[str, Any], Finding]] = [
    ({}, {}, ("valid", "", "", None)),
    ({"2 alg": "none"}, {}, ("invalid", "read", "json_duplicate_member", None)),
    ({"2 typ": "x"}, {}, ("invalid", "read", "json_duplicate_member", None)),
    ({}, {"2 nonce": "n-2"}, ("invalid", "proof", "json_duplicate_member", None)),
    ({}, {"2 aud": "https://other.example"}, ("invalid", "proof", "json_duplicate_member", None)),
    ({}, {"2 iat": 1}, ("invalid", "proof", "json_duplicate_member", None)),
]


@pytest.mark.parametrize(("header", "claims", "found"), BOUND)
def test_in_a_key_binding(header: dict[str, Any], claims: dict[str, Any], found: Finding) -> None:
    assert finding(judge(bound(header, claims), expect=ASKED)) == found


@pytest.mark.parametrize("way", ["vp+jwt", "vp+sd-jwt", "vp+cose"])
@pytest.mark.parametrize(("name", "value"), [("holder", EVIL), ("verifiableCredential", []), ("nonce", "n")])
def test_in_a_presentation(way: str, name: str, value: Any) -> None:
    document = presentation(way, inside("vc+jwt", shown("vc+jwt")), nonce=ASKED.nonce, aud=ASKED.audience)
    spoilt = forge(way, twice(document, name, second=value))
    assert finding(judge(spoilt, expect=ASKED)) == ("invalid", "read", "json_duplicate_member", None)


@pytest.mark.parametrize("way", PRESENTED)
def test_in_a_credential_that_is_shown(way: str) -> None:
    inner = json.loads(shown("eddsa-jcs-2022"))
    if way in EMBEDDED:
        signed = json.loads(present(way, inner))
        signed["verifiableCredential"][0]["2 issuer"] = EVIL
        spoilt = doubled(signed)
    else:
        spoilt = forge(way, doubled(presentation(way, {**inner, "2 issuer": EVIL})))
    found = ("invalid", "read", "json_duplicate_member", "/verifiableCredential/0")
    assert finding(judge(spoilt, expect=ASKED)) == found


@pytest.mark.parametrize("way", ["vc+jwt", "vc+sd-jwt", "vc+cose"])
@pytest.mark.parametrize("name", ["id", "type", "@context"])
def test_in_an_envelope(way: str, name: str) -> None:
    spoilt = twice(inside(way, shown(way)), name)
    assert finding(judge(spoilt)) == ("invalid", "read", "json_duplicate_member", None)
    body = b'{"verifiableCredential":' + spoilt + b"}"
    assert finding(judge(body)) == ("invalid", "read", "json_duplicate_member", "/verifiableCredential")


def test_in_a_body() -> None:
    inner = inside("vc+jwt", shown("vc+jwt"))
    spoilt = doubled({"verifiableCredential": inner, "2 verifiableCredential": inner})
    assert finding(judge(spoilt)) == ("invalid", "read", "json_duplicate_member", None)
