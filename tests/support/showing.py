"""What a stranger shows in every way there is, credentials and presentations, and how to take it apart."""

import json
from collections.abc import Callable
from functools import cache
from typing import Any, Final

from certweave.did.key import make_did_key
from certweave.encoding.cbor import CborValue, decode_cbor, encode_cbor
from certweave.encoding.strict_json import JsonObject
from certweave.examine.expectation import Expectation
from certweave.keys.model import KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.suites.registry import SUITES
from certweave.proof.vc_cose import envelope_cose
from certweave.proof.vc_jwt import envelope
from tests.support.forging import message, token
from tests.support.suites import NOW, draft, sign
from tests.support.ways import NAMES, show, signer_for

ASKED: Final = Expectation("https://verifier.example", "n-1")
EMBEDDED: Final = tuple(name for name in NAMES if name in SUITES)
LEGACY: Final = "application/jwt"
"""A token of VCDM 1.1's time: the credential in the claim ``vc``."""
TOKENS: Final = ("vc+jwt", "vc+sd-jwt", LEGACY)
TEXT: Final = (*TOKENS, "vc+cose")
"""Signed as they stand, and not by a proof inside."""
SHOWN: Final = (*NAMES, LEGACY)
"""Every way to show a credential of W3C."""
SELECTIVE: Final = tuple(name for name in EMBEDDED if SUITES[name].selective)
PRESENTED: Final = ("vp+jwt", "vp+sd-jwt", "vp+cose", *(name for name in EMBEDDED if name not in SELECTIVE))
"""Every way to present."""


def is_token(way: str) -> bool:
    return "jwt" in way


def is_message(way: str) -> bool:
    return "cose" in way


def signer_of(way: str) -> KeySigner:
    """Return who signs in this way, by did:key."""
    return signer_for({LEGACY: "vc+jwt"}.get(way, way.replace("vp+", "vc+")))


def credential(way: str, **members: Any) -> JsonObject:
    """Return an unsigned credential for a way; its subject presents it in that way, too."""
    key = signer_of(way).private
    subject = {"id": make_did_key(key.public), "name": "Bale 1", "description": "cotton"}
    return draft(key, **{"credentialSubject": subject, **members})


def forge(way: str, document: Any, **header: Any) -> bytes:
    """Sign a document as it stands, bytes as they are, where a way signs text; tokens take other headers."""
    signer, kind = signer_of(way), "vp" if way.startswith("vp") else "vc"
    if is_message(way):
        return message(document, signer, {16: f"application/{kind}+cose"})
    if way == LEGACY:
        claims = b'{"vc":' + document + b"}" if isinstance(document, bytes) else {"vc": document}
        return legacy(token(claims, signer, {"typ": "JWT", **header}))
    made = token(document, signer, {"typ": way, **header})
    return (made + "~" if "sd-jwt" in way else made).encode()


def legacy(compact: str) -> bytes:
    """Return the envelope of a token of VCDM 1.1's time."""
    return json.dumps(
        {
            "@context": "https://www.w3.org/ns/credentials/v2",
            "id": f"data:{LEGACY},{compact}",
            "type": "EnvelopedVerifiableCredential",
        }
    ).encode()


@cache
def shown(way: str) -> bytes:
    """Return an honest credential in a way; one of selective disclosure shows its subject."""
    if way == LEGACY:
        return forge(way, credential(way))
    return show(credential(way), signer_of(way), way, now=NOW)


def inside(way: str, data: bytes) -> JsonObject:
    """Return a shown credential as it stands in a presentation."""
    if is_message(way):
        return envelope_cose(data)
    return json.loads(data) if way == LEGACY or not is_token(way) else envelope(data.decode())


def presentation(way: str, *credentials: JsonObject, **members: Any) -> JsonObject:
    """Return an unsigned presentation by who signs in this way."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiablePresentation"],
        "holder": make_did_key(signer_of(way).private.public),
        "verifiableCredential": list(credentials),
        **members,
    }


def present(way: str, *credentials: JsonObject, **members: Any) -> bytes:
    """Sign a presentation that answers ``ASKED``."""
    document = presentation(way, *credentials, **members)
    if way in SUITES:
        options = {"purpose": "authentication", "domain": ASKED.audience, "challenge": ASKED.nonce}
        return json.dumps(sign(document, SUITES[way], signer_of(way).private, **options)).encode()
    asked = {"aud": ASKED.audience, "nonce": ASKED.nonce, "iat": int(NOW.timestamp())}
    if is_message(way):
        claims = {3: ASKED.audience, 10: str(ASKED.nonce).encode(), 6: asked["iat"]}
        header: dict[int, CborValue] = {16: "application/vp+cose", 15: claims}
        return message(document, signer_of(way), header)
    return forge(way, {**document, **asked})


@cache
def presented(way: str) -> bytes:
    """Return an honest presentation in a way, of a credential that is secured by the nearest one."""
    near = way.replace("vp+", "vc+")
    return present(way, inside(near, shown(near)))


def token_of(data: bytes) -> str:
    """Return the token that the issuer or the holder signed, wherever it stands."""
    text = data.decode()
    if text.startswith("{"):
        text = json.loads(text)["id"].partition(",")[2]
    return text.partition("~")[0]


def message_of(data: bytes) -> list[Any]:
    """Return the four parts of a COSE_Sign1."""
    found: Any = decode_cbor(data[1:], limits=DEFAULT_LIMITS)
    return list(found)


def with_token(data: bytes, change: Callable[[str], str]) -> bytes:
    """Change that token, and leave what stands around it."""
    compact = token_of(data)
    return data.replace(compact.encode(), change(compact).encode(), 1)


def with_message(data: bytes, change: Callable[[list[Any]], list[Any]]) -> bytes:
    """Change the four parts of a COSE_Sign1."""
    return data[:1] + encode_cbor(change(message_of(data)))


def with_proof(data: bytes, change: Callable[[JsonObject], Any]) -> bytes:
    """Put something else in the place of a proof; None takes it away."""
    document = json.loads(data)
    found = change(document.pop("proof"))
    return json.dumps(document if found is None else {**document, "proof": found}).encode()
