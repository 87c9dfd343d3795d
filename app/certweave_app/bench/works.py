"""Our own works: issuing and verifying by each suite, and the floor beside them.

The floor is what nothing can go below: strict parse, canonicalise (RFC 8785), hash and one raw signature,
nothing else. Verifying is the whole examination with all its checks; no verdict is kept from one to the next.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from certweave.canon.jcs import canonicalize
from certweave.credential.contexts import ContextStore
from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.report import Verdict
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.suite import Around, Suite
from certweave.proof.suites import SUITES
from certweave.proof.vc_jwt import sign_credential_jwt
from certweave.trust.policy import INTEGRITY
from certweave_app.bench.measure import FLOOR, OURS, Work, repeat
from certweave_edge import clock

JWT = "vc+jwt"
RAW = "Ed25519"
"""The route of the bare signature, which every floor is above."""
MakeDocument = Callable[[str], JsonObject]


class BenchError(Exception):
    """What is measured does not come out valid, so there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all works share: a document for an issuer, the contexts, and one time for everything."""

    make_document: MakeDocument
    contexts: ContextStore
    now: datetime

    def signer(self, algorithm: Algorithm) -> tuple[KeySigner, JsonObject]:
        """Return a new key under its did:key, and a document that it issues."""
        key = make_private_key(algorithm, entropy=clock.entropy)
        return KeySigner(make_did_key_method(key.public), key), self.make_document(make_did_key(key.public))

    def works(self) -> Iterator[Work]:
        """Return every work, its input ready and proven to come out valid.

        Raises:
            BenchError: it does not.
        """
        yield from self._floor()
        yield from self._token()
        for suite in SUITES.values():
            if not suite.selective:
                yield from self._embedded(suite)

    def _floor(self) -> Iterable[Work]:
        signer, document = self.signer(Algorithm.ED25519)
        key: PrivateKey = signer.private
        plain = canonicalize(document)
        digest = sha256(plain).digest()
        signature = key.sign(digest)

        def verify() -> None:
            parsed = parse_object(plain, limits=DEFAULT_LIMITS)
            key.public.verify(signature, sha256(canonicalize(parsed)).digest())

        def issue() -> None:
            key.sign(sha256(canonicalize(document)).digest())

        return (
            Work("issue", RAW, FLOOR, repeat(lambda: key.sign(digest))),
            Work("verify", RAW, FLOOR, repeat(lambda: key.public.verify(signature, digest))),
            Work("issue", FLOOR, FLOOR, repeat(issue)),
            Work("verify", FLOOR, FLOOR, repeat(verify)),
        )

    def _token(self) -> Iterable[Work]:
        signer, document = self.signer(Algorithm.ED25519)
        return self._pair(
            JWT,
            lambda: sign_credential_jwt(document, signer, issued_at=self.now),
            lambda token: token.encode(),
        )

    def _embedded(self, suite: Suite) -> Iterable[Work]:
        signer, document = self.signer(suite.algorithms[0])
        around = Around(self.contexts, DEFAULT_LIMITS)
        return self._pair(
            suite.name,
            lambda: add_proof(
                document, signer, suite=suite, around=around, created=self.now, purpose="assertionMethod"
            ),
            canonicalize,
        )

    def _pair(self, route: str, issue: Callable[[], Any], to_bytes: Callable[[Any], bytes]) -> Iterable[Work]:
        try:
            source = to_bytes(issue())
        except CertweaveError as error:
            raise BenchError(f"{route}: {error}") from error

        def verify() -> Verdict:
            report = examine(
                source,
                Evidence(),
                policy=INTEGRITY,
                now=self.now,
                limits=DEFAULT_LIMITS,
                contexts=self.contexts,
            )
            return report.verdict

        if verify() is not Verdict.VALID:
            raise BenchError(f"{route}: what was issued does not verify")
        return (Work("issue", route, OURS, repeat(issue)), Work("verify", route, OURS, repeat(verify)))
