"""Issues and examines under an audit hook that refuses the world: ``python -m tests.support.pure_run``.

A program of its own, because an audit hook cannot be taken out again. Everything runs once before the hook
is set, since a first use imports modules. With ``--cheat`` it opens a file under the hook, and must fail.
"""

import sys
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any

from certweave.canon.jcs import canonicalize
from certweave.credential.contexts import ContextStore
from certweave.did.key import make_did_key, make_did_key_method
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.keys.jwk import make_private_key
from certweave.keys.model import JWS_ALGORITHMS, Algorithm, KeySigner
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.suites.registry import SUITES
from certweave.proof.suites.suite import Around
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.trust.policy import INTEGRITY
from certweave_edge.contexts import load_context_store

NOW = datetime(2026, 3, 12, 10, tzinfo=UTC)
REFUSED = (
    "open",
    "socket.",
    "subprocess.",
    "os.",
    "shutil.",
    "tempfile.",
    "sqlite3.",
    "urllib.",
    "http.client.",
)


def refuse(event: str, arguments: tuple[Any, ...]) -> None:
    """Stop at everything that touches the world."""
    if event.startswith(REFUSED):
        raise PermissionError(f"the core did {event} {arguments[:1]}")


def issue(algorithm: Algorithm, contexts: ContextStore) -> list[bytes]:
    """Make a key out of given bytes and secure a credential with it in every way."""
    steps = count(1)
    key = make_private_key(algorithm, entropy=lambda size: bytes([next(steps)]) * size)
    signer = KeySigner(make_did_key_method(key.public), key)
    credential = {
        "@context": ["https://www.w3.org/ns/credentials/v2"],
        "type": ["VerifiableCredential"],
        "issuer": make_did_key(key.public),
        "validFrom": "2026-01-01T00:00:00Z",
        "credentialSubject": {"id": "https://id.example/1", "name": "Bale 1"},
    }
    made = [sign_credential_jwt(credential, signer, issued_at=NOW).encode()]
    around = Around(contexts, DEFAULT_LIMITS)
    for suite in SUITES.values():
        if algorithm in suite.algorithms and not suite.selective:
            secured = add_proof(
                credential, signer, suite=suite, around=around, created=NOW, purpose="assertionMethod"
            )
            made.append(canonicalize(secured))
    return made


def run(contexts: ContextStore) -> list[str]:
    """Issue; examine that, the same spoilt, and what never was a credential; return the verdicts."""
    good = [source for algorithm in JWS_ALGORITHMS for source in issue(algorithm, contexts)]
    bad = [source.replace(b"e", b"f", 1) for source in good]
    sources = [*good, *bad, b"", b"{", b'{"issuer": "did:web:issuer.example"}']
    verdicts = [
        examine(
            source, Evidence(), policy=INTEGRITY, now=NOW, limits=DEFAULT_LIMITS, contexts=contexts
        ).verdict.value
        for source in sources
    ]
    return [str(len(good)), *verdicts]


def main() -> None:
    """Run twice, the second time under the hook; both must say the same."""
    contexts = load_context_store(None)
    before = run(contexts)
    sys.addaudithook(refuse)
    if "--cheat" in sys.argv:
        Path(__file__).read_bytes()
    after = run(contexts)
    if before != after:
        raise SystemExit(f"not the same twice: {before} {after}")
    sys.stdout.write(" ".join(after) + "\n")


if __name__ == "__main__":
    main()
