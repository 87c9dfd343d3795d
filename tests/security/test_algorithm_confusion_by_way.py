"""Attack: a signature that is good, or needs no secret, under the name of another algorithm, in every way.

RFC 8725 §2.1 for tokens, the same for COSE messages, and the names of suites for embedded proofs.
"""

import hashlib
import hmac
import json
from collections.abc import Callable
from functools import partial
from typing import Any

import pytest
from tests.support.disclosing import proof_bytes, with_proof_bytes
from tests.support.forging import Finding, finding, judge, message
from tests.support.keys import BY_ALGORITHM
from tests.support.showing import (
    EMBEDDED,
    LEGACY,
    SELECTIVE,
    credential,
    forge,
    inside,
    presentation,
    shown,
    signer_of,
    with_proof,
)

from certweave.did.key import make_did_key_method
from certweave.encoding.cbor import encode_cbor
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.keys.jwk import make_public_jwk
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import TYPE

TOKENS = ("vc+jwt", "vc+sd-jwt", LEGACY, "vp+jwt", "vp+sd-jwt")
MESSAGES = ("vc+cose", "vp+cose")


def unsigned(way: str) -> JsonObject:
    """Return what is signed in a way: a credential, or a presentation with one."""
    if way.startswith("vc") or way == LEGACY:
        return credential(way)
    return presentation(way, inside("vc+jwt", shown("vc+jwt")))


def refused(code: str, path: str | None = None) -> Finding:
    return ("invalid", "proof", code, path)


NO_LIST: list[Any] = [[], {}, "exp", True]
HEADERS: list[tuple[dict[str, Any], Finding]] = [
    ({}, ("valid", "", "", None)),
    ({"alg": "Ed25519"}, ("valid", "", "", None)),
    *(({"alg": alg}, refused("alg_refused")) for alg in ("none", "None", "nOnE", "HS256", "HS384", "hs512")),
    *(({"alg": alg}, ("invalid", "key", "alg_key_mismatch", None)) for alg in ("ES256", "ES384", "ES512")),
    *(
        ({"alg": alg}, ("undecided", "proof", "alg_unsupported", None))
        for alg in ("eddsa", "RS256", "PS256", "ES256K", "Ed448", "EdDSA ", "dir", "ML-DSA-44")
    ),
    *(
        ({"alg": alg}, refused("header_malformed"))
        for alg in (None, "", ["EdDSA"], {"alg": "EdDSA"}, 1, True)
    ),
    *(({"crit": crit}, refused("header_malformed")) for crit in NO_LIST),
    *(({"crit": [name], name: 1}, refused("crit_unknown")) for name in ("exp", "b64", "x")),
    ({"b64": False}, refused("b64_refused")),
    ({"b64": 0}, refused("b64_refused")),
    ({"b64": False, "crit": ["b64"]}, refused("crit_unknown")),
    ({"jwk": make_public_jwk(signer_of("vc+jwt").private.public)}, refused("header_key_refused")),
    ({"jku": "https://evil.example/keys"}, refused("header_key_refused")),
    ({"x5u": "https://evil.example/chain"}, refused("header_key_refused")),
    ({"kid": ["a"]}, refused("header_malformed")),
]


@pytest.mark.parametrize("way", TOKENS)
@pytest.mark.parametrize(("header", "found"), HEADERS, ids=[json.dumps(case[0])[:50] for case in HEADERS])
def test_of_a_token(way: str, header: dict[str, Any], found: Finding) -> None:
    assert finding(judge(forge(way, unsigned(way), **header))) == found


SECRETS: dict[str, Callable[[str], bytes]] = {
    "its bytes": lambda way: signer_of(way).private.public.raw,
    "its multikey": lambda way: signer_of(way).private.public.multikey.encode(),
    "its JWK": lambda way: json.dumps(make_public_jwk(signer_of(way).private.public)).encode(),
    "nothing": lambda _: b"",
}


@pytest.mark.parametrize("way", TOKENS)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_public_key_is_no_shared_secret_of_a_token(way: str, secret: str) -> None:
    made = forge(way, unsigned(way), alg="HS256").decode()
    start = made.index("data:application/jwt,") + 21 if way == LEGACY else 0
    signing_input, _, rest = made[start:].rpartition(".")
    mac = hmac.new(SECRETS[secret](way), signing_input.encode(), hashlib.sha256).digest()
    tail = rest[86:]
    spoilt = f"{made[:start]}{signing_input}.{base64url_encode(mac)}{tail}"
    assert finding(judge(spoilt)) == refused("alg_refused")


NO_LABELS: list[Any] = [[], {}, 1, [1.5], [4, True], [15]]
LABELS: list[tuple[dict[Any, Any], Finding]] = [
    ({}, ("valid", "", "", None)),
    ({1: -19}, ("valid", "", "", None)),
    *(({1: alg}, refused("alg_refused")) for alg in ("none", "HS256", 4, 5, 6, 7, 14, 15, 25, 26)),
    *(({1: alg}, ("invalid", "key", "alg_key_mismatch", None)) for alg in (-7, -9, -35, -51, -36)),
    *(({1: alg}, ("undecided", "proof", "alg_unsupported", None)) for alg in (-47, -257, -37, 1, 0, "EdDSA")),
    *(({1: alg}, refused("header_malformed")) for alg in (None, True, [-8], {1: -8}, b"\x27", "", -8.0)),
    *(({2: crit}, refused("header_malformed")) for crit in NO_LABELS),
    *(({2: [label], label: 1}, refused("crit_unknown")) for label in (99, "exp", "alg", -70000)),
    ({13: b""}, refused("header_key_refused")),
    ({14: {}}, refused("header_key_refused")),
    ({35: "https://evil.example"}, refused("header_key_refused")),
    ({4: signer_of("vc+cose").method}, refused("header_malformed")),
    ({4: b"\xff"}, refused("header_malformed")),
]


@pytest.mark.parametrize("way", MESSAGES)
@pytest.mark.parametrize(("header", "found"), LABELS, ids=[str(case[0])[:50] for case in LABELS])
def test_of_a_message(way: str, header: dict[Any, Any], found: Finding) -> None:
    typed = {16: f"application/{way}", **header}
    assert finding(judge(message(unsigned(way), signer_of(way), typed))) == found


@pytest.mark.parametrize("way", MESSAGES)
@pytest.mark.parametrize("unprotected", [{1: -8}, {1: -7}, {1: 5}, {1: "none"}])
def test_of_a_message_that_says_it_where_nobody_signs(way: str, unprotected: dict[Any, Any]) -> None:
    typed = {16: f"application/{way}", 1: None}
    spoilt = message(unsigned(way), signer_of(way), typed, unprotected=unprotected)
    assert finding(judge(spoilt)) == refused("header_malformed")
    honest = message(unsigned(way), signer_of(way), {16: f"application/{way}"}, unprotected=unprotected)
    assert judge(honest).verdict == "valid"


@pytest.mark.parametrize("way", MESSAGES)
@pytest.mark.parametrize("secret", SECRETS)
def test_a_public_key_is_no_shared_secret_of_a_message(way: str, secret: str) -> None:
    signer = signer_of(way)
    header = encode_cbor({1: 5, 4: signer.method.encode(), 16: f"application/{way}"})
    body = json.dumps(unsigned(way)).encode()
    mac = hmac.new(SECRETS[secret](way), encode_cbor(["MAC0", header, b"", body]), hashlib.sha256).digest()
    for tag in (b"\xd2", b""):
        spoilt = tag + encode_cbor([header, {}, body, mac])
        assert finding(judge(spoilt)) == refused("alg_refused")
    assert finding(judge(b"\xd1" + encode_cbor([header, {}, body, mac]))) == (
        "invalid",
        "read",
        "input_form",
        None,
    )


@pytest.mark.parametrize("way", EMBEDDED)
@pytest.mark.parametrize("other", EMBEDDED)
def test_a_proof_holds_under_its_own_name_alone(way: str, other: str) -> None:
    def relabel(proof: JsonObject, *, value: str) -> JsonObject:
        less = {name: value for name, value in proof.items() if name != "cryptosuite"}
        suite = SUITES[other]
        named = {"cryptosuite": other} if suite.type == TYPE else {}
        return {**less, "type": suite.type, **named, "proofValue": value}

    own = json.loads(shown(way))["proof"]["proofValue"]
    for value in (f"z{own[1:]}", f"u{own[1:]}"):
        report = judge(with_proof(shown(way), partial(relabel, value=value)))
        assert report.verdict == ("valid" if (way, own) == (other, value) else "invalid")


@pytest.mark.parametrize("way", EMBEDDED)
def test_a_key_of_another_kind_reads_no_signature(way: str) -> None:
    """The issuer is who says so: its own key, of another kind, is named for a signature that is good."""
    for other in BY_ALGORITHM.values():
        if other.algorithm in SUITES[way].algorithms:
            continue
        document = json.loads(shown(way))
        method = make_did_key_method(other.public)
        document["issuer"] = method.partition("#")[0]
        document["proof"]["verificationMethod"] = method
        verdict, step, code, _ = finding(judge(document))
        assert (verdict, step, code) == ("invalid", "key", "suite_key_mismatch")


@pytest.mark.parametrize("way", SELECTIVE)
@pytest.mark.parametrize("other", SELECTIVE)
def test_the_header_of_a_derived_proof_is_its_suites(way: str, other: str) -> None:
    document = json.loads(shown(way))
    lent = proof_bytes(json.loads(shown(other)))[:3]
    spoilt = with_proof_bytes(document, lent + proof_bytes(document)[3:])
    assert (judge(spoilt).verdict == "valid") is (way == other)
