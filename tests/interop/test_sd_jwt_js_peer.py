"""SD-JWT VC and token status lists in both directions with the packages ``@sd-jwt`` for JavaScript."""

from datetime import UTC, datetime
from typing import Any

from tests.support.keys import P256, signer
from tests.support.peers import ask_node
from tests.support.selective import as_json, entropy

from certweave.keys.jwk import make_private_jwk, make_private_key, make_public_jwk
from certweave.keys.model import Algorithm
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import parse_compact, verify_jws
from certweave.proof.sd_jwt.binding import bind_sd_jwt, verify_key_binding
from certweave.proof.sd_jwt.issue import present_sd_jwt
from certweave.proof.sd_jwt.json_form import to_compact
from certweave.proof.sd_jwt.sd_jwt_vc import check_sd_jwt_vc, is_sd_jwt_vc, sign_sd_jwt_vc
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt
from certweave.status.token_list import (
    decode_token_list,
    get_status,
    make_statuses,
    set_status,
    sign_token_list,
)

HOLDER = make_private_key(Algorithm.P256, entropy=lambda size: b"\x09" * size)
AUDIENCE, NONCE = "https://verifier.example", "n-1"
CLAIMS = {
    "iss": "https://issuer.example",
    "vct": "urn:x:y",
    "name": "Möbius",
    "address": {"city": "Milliways", "street": "Main St 1"},
    "nationalities": ["DE", "FR", "UK"],
}

TOOLS = """
import { readFileSync } from "node:fs";
import { digest, generateSalt, ES256 } from "@sd-jwt/crypto-nodejs";
import { SDJwtVcInstance } from "@sd-jwt/sd-jwt-vc";
const given = JSON.parse(readFileSync(0, "utf8"));
const make = async () => new SDJwtVcInstance({
  signer: given.key.d ? await ES256.getSigner(given.key) : undefined,
  verifier: await ES256.getVerifier(given.public),
  kbSigner: given.holder ? await ES256.getSigner(given.holder) : undefined,
  kbVerifier: async (data, signature, payload) =>
    (await ES256.getVerifier(payload.cnf.jwk))(data, signature),
  signAlg: "ES256", kbSignAlg: "ES256", hasher: digest, hashAlg: "sha-256", saltGenerator: generateSalt,
});
const peer = await make();
"""
VERIFY = f"""{TOOLS}
const found = await peer.verify(given.token, {{ requiredClaimKeys: [], keyBindingNonce: given.nonce }});
console.log(JSON.stringify({{ payload: found.payload, kb: found.kb?.payload ?? null }}));
"""
ISSUE = f"""{TOOLS}
const issued = await peer.issue(
  {{ ...given.claims, iat: given.now, cnf: {{ jwk: given.holderPublic }} }},
  {{ _sd: ["name", "address"], _sdDecoy: 2, address: {{ _sd: ["city"] }}, nationalities: {{ _sd: [0, 2] }} }},
);
const shown = await peer.present(issued, {{ name: true, nationalities: {{ 2: true }} }}, {{
  kb: {{ payload: {{ iat: given.now, aud: given.aud, nonce: given.nonce }} }},
}});
console.log(JSON.stringify([issued, shown]));
"""
AS_JSON = f"""{TOOLS}
const both = (token) => [peer.toFlattenJSON(token).toJson(), peer.toGeneralJSON(token).toJson()];
console.log(JSON.stringify(given.tokens.map(both)));
"""
FROM_JSON = """
import { readFileSync } from "node:fs";
import { FlattenJSON, GeneralJSON } from "@sd-jwt/core";
const { flattened, general } = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify([
  FlattenJSON.fromSerialized(flattened).toEncoded(), GeneralJSON.fromSerialized(general).toEncoded(0),
]));
"""
LISTS = """
import { readFileSync } from "node:fs";
import { StatusList, getListFromStatusListJWT } from "@sd-jwt/jwt-status-list";
const given = JSON.parse(readFileSync(0, "utf8"));
const theirs = new StatusList(given.statuses, given.bits);
const ours = getListFromStatusListJWT(given.token);
console.log(JSON.stringify({
  packed: theirs.compressStatusList(),
  read: given.statuses.map((_, index) => ours.getStatus(index)),
}));
"""


def now() -> datetime:
    """Return the time of the call: the peers go by the clock, and a long run may come here late."""
    return datetime.now(UTC).replace(microsecond=0)


def keys() -> dict[str, Any]:
    return {
        "key": {**make_private_jwk(P256), "alg": "ES256"},
        "public": make_public_jwk(P256.public),
        "holder": make_private_jwk(HOLDER),
        "holderPublic": make_public_jwk(HOLDER.public),
        "now": int(now().timestamp()),
        "aud": AUDIENCE,
        "nonce": NONCE,
    }


def ours(*hidden: str) -> str:
    return sign_sd_jwt_vc(
        CLAIMS,
        signer(P256),
        issued_at=now(),
        hidden=hidden,
        entropy=entropy(),
        holder=HOLDER.public,
        decoys={"": 1},
    )


def test_the_peer_accepts_what_we_issue_present_and_bind() -> None:
    issued = ours("/name", "/address", "/address/city", "/nationalities/0", "/nationalities/2")
    shown = present_sd_jwt(issued, ["/name", "/nationalities/2"], limits=DEFAULT_LIMITS)
    bound = bind_sd_jwt(
        shown, signer(HOLDER), audience=AUDIENCE, nonce=NONCE, issued_at=now(), limits=DEFAULT_LIMITS
    )
    found = ask_node(VERIFY, stdin={**keys(), "token": bound})
    assert (found["payload"]["name"], found["payload"]["nationalities"]) == ("Möbius", ["FR", "UK"])
    assert "address" not in found["payload"]
    assert (found["kb"]["aud"], found["kb"]["nonce"]) == (AUDIENCE, NONCE)


def test_we_accept_what_the_peer_issues_presents_and_binds() -> None:
    issued, shown = ask_node(ISSUE, stdin={**keys(), "claims": CLAIMS})
    whole = parse_sd_jwt(issued, limits=DEFAULT_LIMITS)
    verify_jws(whole.jws, P256.public)
    everything = process_sd_jwt(whole, limits=DEFAULT_LIMITS)
    assert is_sd_jwt_vc(whole.jws.header, everything.payload)
    check_sd_jwt_vc(everything)
    assert {name: everything.payload[name] for name in CLAIMS} == CLAIMS
    part = parse_sd_jwt(shown, limits=DEFAULT_LIMITS)
    payload = process_sd_jwt(part, limits=DEFAULT_LIMITS).payload
    assert (payload["name"], payload["nationalities"]) == ("Möbius", ["FR", "UK"])
    found = verify_key_binding(part, payload, limits=DEFAULT_LIMITS)
    assert (found.audience, found.nonce, found.key) == (AUDIENCE, NONCE, HOLDER.public)


def test_both_write_and_read_the_same_json() -> None:
    """RFC 9901 §8, flattened and with a list of one signature."""
    issued = ours("/name", "/address")
    bound = bind_sd_jwt(
        issued, signer(HOLDER), audience=AUDIENCE, nonce=NONCE, issued_at=now(), limits=DEFAULT_LIMITS
    )
    tokens = [issued, bound, present_sd_jwt(issued, [], limits=DEFAULT_LIMITS)]
    for token, both in zip(tokens, ask_node(AS_JSON, stdin={**keys(), "tokens": tokens}), strict=True):
        assert [to_compact(one, limits=DEFAULT_LIMITS) for one in both] == [token, token]
    forms = {"flattened": as_json(bound), "general": as_json(bound, general=True)}
    assert ask_node(FROM_JSON, stdin=forms) == [bound, bound]


def test_both_pack_and_read_status_lists_alike() -> None:
    for bits in (1, 2, 4, 8):
        statuses = [(index * 7) % (1 << bits) for index in range(64)]
        data = make_statuses(len(statuses), bits)
        for index, status in enumerate(statuses):
            set_status(data, index, status, bits)
        token = sign_token_list(AUDIENCE, signer(P256), data=data, bits=bits, issued_at=now())
        verify_jws(parse_compact(token, limits=DEFAULT_LIMITS), P256.public)
        found = ask_node(LISTS, stdin={"statuses": statuses, "bits": bits, "token": token})
        assert found["read"] == statuses
        theirs = decode_token_list(found["packed"], limits=DEFAULT_LIMITS)
        assert [get_status(theirs, index, bits) for index in range(64)] == statuses
