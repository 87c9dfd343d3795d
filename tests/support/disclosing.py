"""Credentials of which a part can be shown: made, derived and examined with keys that everybody knows."""

import json
from collections.abc import Sequence
from functools import cache
from hashlib import shake_256
from typing import Any, Final

from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.multibase import decode_multibase, encode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.examine.report import Report
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import derive_credential
from certweave.proof.suites.registry import get_suite
from certweave.proof.suites.suite import Around, Commitment, Hiding
from tests.support.world import START, World, contexts

SUITES: Final = ("ecdsa-sd-2023", "bbs-2023")
_KEYS: Final = {"ecdsa-sd-2023": Algorithm.P256, "bbs-2023": Algorithm.BBS}


def entropy(seed: str = "") -> Any:
    """Return a source of bytes that gives others at each call, and the same ones for the same seed."""
    count = iter(range(1 << 30))
    return lambda size: b"\x01" + shake_256(f"{seed} {next(count)}".encode()).digest(size - 1)


@cache
def signer(suite: str, seed: int = 3) -> KeySigner:
    """Return a signer for a suite, whose method is its did:key."""
    private = make_private_key(_KEYS[suite], entropy=lambda size: bytes([seed]) * size)
    return KeySigner(make_did_key_method(private.public), private)


def around() -> Around:
    """Return what suites look at here."""
    return Around(contexts(), DEFAULT_LIMITS)


VOCABULARY: Final[JsonObject] = {
    "@protected": True,
    "Crew": "https://sail.example/ns#Crew",
    "Boat": "https://sail.example/ns#Boat",
    "boats": "https://sail.example/ns#boats",
    "sail": "https://sail.example/ns#sail",
    "colour": "https://sail.example/ns#colour",
    "ports": {"@id": "https://sail.example/ns#ports", "@container": "@list"},
    "legs": {"@id": "https://sail.example/ns#legs", "@container": "@list"},
    "names": {"@id": "https://sail.example/ns#names", "@container": "@language"},
    "inner": {"@id": "https://sail.example/ns#inner", "@container": "@graph"},
    "raw": {"@id": "https://sail.example/ns#raw", "@type": "@json"},
}


def crew(suite: str, **more: Any) -> JsonObject:
    """Return an unsigned credential with nested objects, sets, lists of texts and of objects, and more."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2", VOCABULARY],
        "type": ["VerifiableCredential"],
        "issuer": make_did_key(signer(suite).public),
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {
            "type": ["Crew"],
            "name": "The crew",
            "boats": [
                {"type": "Boat", "sail": "Earth101", "colour": "red"},
                {"type": "Boat", "sail": "Mars202", "colour": "blue"},
                {"sail": "Venus303"},
            ],
            "ports": ["Lahaina", "Kahului", "Lahaina"],
            "legs": [{"sail": "1", "colour": "grey"}, {"sail": "2", "colour": "grey"}],
            "names": {"en": "Crew", "de": "Mannschaft", "id": "Awak"},
            "raw": {"a": [1, {"b": 2}], "c": None, "id": "https://sail.example/x"},
        },
        **more,
    }


def secure(
    suite: str,
    document: JsonObject | None = None,
    mandatory: Sequence[str] = ("/issuer", "/validFrom"),
    commitment: Commitment | None = None,
    **more: Any,
) -> JsonObject:
    """Return a credential with a base proof."""
    return add_proof(
        crew(suite) if document is None else document,
        signer(suite),
        suite=get_suite(suite),
        around=around(),
        created=START,
        purpose="assertionMethod",
        hiding=Hiding(entropy(suite), tuple(mandatory), commitment),
        **more,
    )


@cache
def _secured(suite: str) -> JsonObject:
    return secure(suite)


def derive(suite: str, *pointers: str, secured: JsonObject | None = None) -> JsonObject:
    """Return a credential derived from ``secured``, by default from the crew's."""
    source = _secured(suite) if secured is None else secured
    return derive_credential(source, pointers, around=around(), entropy=entropy("derive"))


def examine(document: JsonObject) -> Report:
    """Judge a credential as a verifier would."""
    return World().examine(json.dumps(document).encode())


def proof_bytes(document: JsonObject) -> bytes:
    """Return the decoded ``proofValue``."""
    return decode_multibase(document["proof"]["proofValue"])


def with_proof_bytes(document: JsonObject, value: bytes) -> JsonObject:
    """Return the document with another ``proofValue``."""
    return {**document, "proof": {**document["proof"], "proofValue": encode_multibase(value, "u")}}
