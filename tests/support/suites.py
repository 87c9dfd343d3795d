"""Signing with any suite by did:key, and the verdict: what tests of suites have in common."""

import json
from datetime import UTC, datetime
from functools import cache
from typing import Any, Final

from certweave.credential.contexts import ContextStore
from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.report import Report
from certweave.keys.model import KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import Around, Suite
from certweave.trust.policy import INTEGRITY
from certweave_edge.contexts import load_context_store
from tests.support.keys import BY_ALGORITHM

NOW: Final = datetime(2026, 3, 12, 10, tzinfo=UTC)
WHOLE: Final = tuple(suite for suite in SUITES.values() if not suite.selective)
"""The suites whose proofs are for everybody."""
PAIRS: Final = tuple((suite, BY_ALGORITHM[one]) for suite in WHOLE for one in suite.algorithms)
"""Every suite with every kind of key that it works with."""


def name_of(value: object) -> str | None:
    """Return the id of a parameter that is a suite or a key."""
    if isinstance(value, Suite):
        return value.name
    return value.algorithm.value if isinstance(value, PrivateKey) else None


@cache
def contexts() -> ContextStore:
    return load_context_store(None)


def draft(key: PrivateKey, **members: Any) -> JsonObject:
    """Return an unsigned credential by the did:key of ``key``."""
    return {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": make_did_key(key.public),
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://id.example/1", "name": "Bale 1", "description": "cotton"},
        **members,
    }


def sign(document: JsonObject, suite: Suite, key: PrivateKey, **options: Any) -> JsonObject:
    """Add a proof by ``key`` with ``suite``."""
    fixed: dict[str, Any] = {"created": NOW, "purpose": "assertionMethod"}
    signer = KeySigner(make_did_key_method(key.public), key)
    around = Around(contexts(), DEFAULT_LIMITS)
    return add_proof(document, signer, suite=suite, around=around, **{**fixed, **options})


def judge(document: JsonObject, *, now: datetime = NOW) -> Report:
    """Examine a document without any evidence."""
    return judge_bytes(json.dumps(document).encode(), now=now)


def judge_bytes(source: bytes, *, now: datetime = NOW) -> Report:
    """Examine any secured form without any evidence."""
    return examine(
        source,
        Evidence(),
        policy=INTEGRITY,
        now=now,
        limits=DEFAULT_LIMITS,
        contexts=contexts(),
    )
