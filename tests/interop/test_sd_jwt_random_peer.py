"""SD-JWT made at random, good and bad, before the reference implementation: what we take, it reads alike."""

import json
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final

import pytest
from tests.support.keys import P256, signer
from tests.support.peers import ask_python

from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.keys.jwk import make_public_jwk
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.jose import sign_compact
from certweave.proof.sd_jwt.token import digest_of, parse_sd_jwt, process_sd_jwt

CASES: Final = 600
NAMES: Final = ("a", "b", "c", "d", "e")
VERIFY: Final = """
import json, sys
from jwcrypto.jwk import JWK
from sd_jwt.verifier import SDJWTVerifier
given = json.load(sys.stdin)
key = JWK(**given["key"])

def read(token):
    try:
        return SDJWTVerifier(token, lambda *_: key, None, None).get_verified_payload()
    except Exception:
        return None

print(json.dumps([read(token) for token in given["tokens"]]))
"""


@dataclass
class Maker:
    """Makes claims with digests in them, and the disclosures; now and then something breaks a rule."""

    chance: Random
    disclosures: list[str] = field(default_factory=list)
    digests: list[str] = field(default_factory=list)

    def token(self) -> str:
        payload = {"iss": "https://issuer.example", **self.object(0)}
        if self.chance.random() < 0.9:
            payload["_sd_alg"] = "sha-256"
        shown = list(dict.fromkeys(self.disclosures))
        self.chance.shuffle(shown)
        if shown and self.rarely():
            shown.append(shown[0])
        head = sign_compact(json.dumps(payload).encode(), {"typ": "example+sd-jwt"}, signer(P256))
        return "~".join([head, *shown, ""])

    def rarely(self) -> bool:
        return self.chance.random() < 0.03

    def value(self, depth: int) -> Any:
        kind = self.chance.randrange(8 if depth < 3 else 4)
        if kind < 4:
            return self.chance.choice(["a", 1, True, None, "b", [], {}])
        return self.object(depth + 1) if kind < 6 else self.array(depth + 1)

    def object(self, depth: int) -> JsonObject:
        made: JsonObject = {
            name: self.value(depth) for name in self.chance.sample(NAMES, self.chance.randrange(4))
        }
        if self.chance.random() < 0.5:
            made["_sd"] = [self.digest(depth, named=True) for _ in range(self.chance.randrange(4))]
        if self.rarely():
            made[self.chance.choice(["...", "_sd_alg", "_sd"])] = self.chance.choice(["x", 5, ["x"], [5]])
        return made

    def array(self, depth: int) -> list[Any]:
        made: list[Any] = []
        for _ in range(self.chance.randrange(4)):
            if self.chance.random() < 0.5:
                made.append(self.value(depth))
                continue
            element: JsonObject = {"...": self.digest(depth, named=False)}
            if self.rarely():
                element[self.chance.choice(["x", "..."])] = 5
            made.append(element)
        return made

    def digest(self, depth: int, *, named: bool) -> str:
        if self.digests and self.rarely():
            return self.chance.choice(self.digests)
        if self.chance.random() < 0.1:
            return base64url_encode(self.chance.randbytes(32))
        return self.disclosure(depth, named=named is not self.rarely())

    def disclosure(self, depth: int, *, named: bool) -> str:
        salt: Any = "" if self.rarely() else f"salt {self.chance.randrange(10**9)}"
        name = self.chance.choice(["_sd", "...", "_sd_alg", 7] if self.rarely() else NAMES)
        parts = [salt, name, self.value(depth)] if named else [salt, self.value(depth)]
        if self.rarely():
            parts = parts[:1] if self.chance.random() < 0.5 else [*parts, 1]
        text = base64url_encode(json.dumps(parts).encode())
        if self.chance.random() < 0.85:
            self.disclosures.append(text)
        self.digests.append(digest_of(text, {}))
        return self.digests[-1]


def ours(token: str) -> JsonObject | None:
    try:
        return process_sd_jwt(parse_sd_jwt(token, limits=DEFAULT_LIMITS), limits=DEFAULT_LIMITS).payload
    except CertweaveError:
        return None


@pytest.mark.parametrize("seed", range(3))
def test_what_we_take_the_reference_reads_alike(seed: int) -> None:
    chance = Random(seed)  # noqa: S311 - the same cases in every run
    tokens = [Maker(chance).token() for _ in range(CASES)]
    theirs = ask_python(VERIFY, stdin={"tokens": tokens, "key": make_public_jwk(P256.public)})
    taken = 0
    for token, their in zip(tokens, theirs, strict=True):
        our = ours(token)
        if our is not None:
            assert json.dumps(our, sort_keys=True) == json.dumps(their, sort_keys=True), token
            taken += 1
    assert CASES // 4 < taken < CASES - CASES // 10  # enough of both kinds
