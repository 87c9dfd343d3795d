"""SD-JWT for tests: credentials of both forms, shortened and bound by a holder."""

import itertools
import json
from collections.abc import Callable
from typing import Any

from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.keys.model import PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact
from certweave.proof.sd_jwt.binding import bind_sd_jwt
from certweave.proof.sd_jwt.issue import present_sd_jwt, sign_sd_jwt
from certweave.proof.sd_jwt.sd_jwt_vc import sign_sd_jwt_vc
from certweave.proof.sd_jwt.vc_sd_jwt import sign_credential_sd_jwt
from tests.support.keys import P256, signer
from tests.support.world import Party, World, plain_credential

VERIFIER = "https://verifier.example"
NONCE = "n-1"
ASKED = Expectation(VERIFIER, NONCE)


def entropy() -> Callable[[int], bytes]:
    """Return salts that differ, and are the same in every run."""
    counter = itertools.count(1)
    return lambda size: next(counter).to_bytes(size)


def w3c(issuer: Party, *hidden: str, bound: bool = False, **more: Any) -> str:
    """Return a credential of W3C as ``vc+sd-jwt``."""
    return sign_credential_sd_jwt(
        plain_credential(issuer, **more),
        issuer.signer,
        issued_at=issuer.world.clock,
        hidden=hidden,
        entropy=entropy(),
        holder=P256.public if bound else None,
    )


def ietf(issuer: Party, *hidden: str, bound: bool = False, **more: Any) -> str:
    """Return an SD-JWT VC, ``dc+sd-jwt``."""
    claims = {"iss": issuer.did, "vct": "urn:example:certificate", "name": "A bale", "grade": "A", **more}
    return sign_sd_jwt_vc(
        claims,
        issuer.signer,
        issued_at=issuer.world.clock,
        hidden=hidden,
        entropy=entropy(),
        holder=P256.public if bound else None,
    )


def by_hand(issuer: Party, claims: JsonObject, typ: str | None, *hidden: str, **header: str) -> bytes:
    """Return a token that no rule of a format was applied to."""
    full = header if typ is None else {"typ": typ, **header}
    return sign_sd_jwt(claims, issuer.signer, header=full, hidden=hidden, entropy=entropy()).encode()


def sign_raw(issuer: Party, claims: JsonObject, *disclosures: str) -> bytes:
    """Return a signed ``dc+sd-jwt`` with digests and disclosures as they are given, fitting or not."""
    token = sign_compact(json.dumps(claims).encode(), {"typ": "dc+sd-jwt"}, issuer.signer)
    return "~".join([token, *disclosures, ""]).encode()


def bind(
    token: str, world: World, *, nonce: str = NONCE, audience: str = VERIFIER, key: PrivateKey = P256
) -> bytes:
    """Return the token with a key binding, made now."""
    return bind_sd_jwt(
        token, signer(key), audience=audience, nonce=nonce, issued_at=world.clock, limits=DEFAULT_LIMITS
    ).encode()


Make = Callable[..., str]
"""``w3c`` or ``ietf``."""


def shorten(token: str, *shown: str) -> str:
    """Return the token with some of its disclosures."""
    return present_sd_jwt(token, shown, limits=DEFAULT_LIMITS)


def as_json(token: str | bytes, *, general: bool = False, **changes: Any) -> JsonObject:
    """Return a token in the JWS JSON Serialization (RFC 9901 §8), flattened or with a list of one signature.

    ``changes`` are members of the object that holds the signature, instead of its own; ``...`` takes one
    away.
    """
    text = token if isinstance(token, str) else token.decode()
    jws, *disclosures, binding = text.split("~")
    protected, payload, signature = jws.split(".")
    header = {"disclosures": disclosures, **({"kb_jwt": binding} if binding else {})}
    whole: JsonObject = {"protected": protected, "header": header, "signature": signature, **changes}
    one = {name: value for name, value in whole.items() if value is not ...}
    return {"payload": payload, "signatures": [one]} if general else {"payload": payload, **one}
