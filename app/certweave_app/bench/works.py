"""Our own works: issuing, deriving and verifying in every way that we have, and the floor beside them.

The floor is what nothing can go below: strict parse, canonicalise (RFC 8785), hash and one raw signature,
nothing else. Verifying is the whole examination with all its checks; no verdict is kept from one to the next.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.credential.contexts import ContextStore
from certweave.credential.signable import check_signable
from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError, UndecidedError
from certweave.examine.evidence import Evidence
from certweave.examine.examine import examine
from certweave.examine.report import Report, Verdict
from certweave.keys.jwk import make_private_key
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.derive import derive_credential
from certweave.proof.jose import verify_jws
from certweave.proof.sd_jwt.issue import sign_sd_jwt
from certweave.proof.sd_jwt.token import parse_sd_jwt, process_sd_jwt
from certweave.proof.suites.suite import Around
from certweave.proof.ways import WAYS, Order, Secured, Way
from certweave.trust.policy import INTEGRITY
from certweave_app.bench.measure import FLOOR, OURS, Work, repeat
from certweave_edge import clock

RAW: Final = "Ed25519"
"""The route of the bare signature, which every floor is above."""
SD_JWT: Final = "sd-jwt"
"""The route of seven claims without a credential around them, which other libraries do as well."""
DISCLOSURES: Final = 7
_NEEDED: Final = ("idGranularity", "productCategory", "producedAtFacility", "countryOfProduction")
"""Members without which UNTP knows no product."""
_ALGORITHMS: Final = {"vc+sd-jwt": Algorithm.P256}
"""The key of a way, where it is not the first of those that fit."""
MakeDocument = Callable[[str], JsonObject]


class BenchError(Exception):
    """What is measured does not come out valid, so there is nothing to measure."""


@dataclass(frozen=True, slots=True)
class Bench:
    """What all works share: a document for an issuer, the contexts, and one time for everything.

    ``left_out`` says why a way is not measured.
    """

    make_document: MakeDocument
    contexts: ContextStore
    now: datetime
    left_out: dict[str, str] = field(default_factory=dict)

    def works(self) -> Iterator[Work]:
        """Return every work, its input ready and proven to come out valid.

        Raises:
            BenchError: it does not.
        """
        yield from self._floor()
        yield from self._seven_claims()
        yield from self._checks()
        for way in WAYS.values():
            yield from self._of_way(way)

    def sources(self) -> Iterator[bytes]:
        """Return a credential, or a part of one, for every way, proven to be valid; raises as ``works``."""
        for way in WAYS.values():
            found = self._attempt(way)
            if found is not None:
                order, secured = found
                yield to_bytes(self._shown(way, secured, order))

    def secured(self, way: Way) -> tuple[Order, Secured]:
        """Return an order for a way, and what was made of it.

        Raises:
            BenchError: what comes out is not valid.
            UndecidedError: the way cannot be gone here: something is not installed, or not for this document.
        """
        signer, document = self._signer(_ALGORITHMS.get(way.name, way.algorithms[0]))
        pointers = find_members(document) if way.pointers == "withhold" else ()
        order = Order(
            document, signer, self.contexts, DEFAULT_LIMITS, self.now, clock.entropy, tuple(pointers)
        )
        try:
            secured = way.make(order)
            shown = self._shown(way, secured, order)
        except UndecidedError:
            raise
        except CertweaveError as error:
            raise BenchError(f"{way.name}: {error}") from error
        if self.examine(to_bytes(shown)).verdict is not Verdict.VALID:
            raise BenchError(f"{way.name}: what was issued does not verify")
        return order, secured

    def examine(self, source: bytes) -> Report:
        """Examine a credential, with every check."""
        return examine(
            source,
            Evidence(),
            policy=INTEGRITY,
            now=self.now,
            limits=DEFAULT_LIMITS,
            contexts=self.contexts,
        )

    def _of_way(self, way: Way) -> Iterator[Work]:
        found = self._attempt(way)
        if found is None:
            return
        order, secured = found
        yield Work("issue", way.name, OURS, repeat(lambda: way.make(order)))
        if way.pointers == "mandatory":
            yield Work("derive", way.name, OURS, repeat(lambda: self._shown(way, secured, order)))
        source = to_bytes(self._shown(way, secured, order))
        yield Work("verify", way.name, OURS, repeat(lambda: self.examine(source)))

    def _attempt(self, way: Way) -> tuple[Order, Secured] | None:
        """Secure in a way, or note why it cannot be done here."""
        try:
            return self.secured(way)
        except UndecidedError as error:
            self.left_out[way.name] = error.detail
            return None

    def _signer(self, algorithm: Algorithm) -> tuple[KeySigner, JsonObject]:
        """Return a new key under its did:key, and a document that it issues."""
        key = make_private_key(algorithm, entropy=clock.entropy)
        return KeySigner(make_did_key_method(key.public), key), self.make_document(make_did_key(key.public))

    @staticmethod
    def _shown(way: Way, secured: Secured, order: Order) -> Secured:
        """Return what a verifier is given: of a base proof a part, with two members of the subject."""
        if way.pointers != "mandatory" or not isinstance(secured, dict):
            return secured
        shown = [*find_needed(order.document), *find_members(order.document)[:2]]
        around = Around(order.contexts, order.limits)
        return derive_credential(secured, shown, around=around, entropy=order.entropy)

    def _floor(self) -> Iterable[Work]:
        signer, document = self._signer(Algorithm.ED25519)
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

    def _checks(self) -> Iterable[Work]:
        """What the library checks before it signs; peers do not, so it is no part of issuing here."""
        _, document = self._signer(Algorithm.ED25519)

        def check(*, stated: bool) -> None:
            check_signable(document, contexts=self.contexts, limits=DEFAULT_LIMITS, stated=stated)

        return (
            Work("check", "for suites over RDF", OURS, repeat(lambda: check(stated=True))),
            Work("check", "for all others", OURS, repeat(lambda: check(stated=False))),
        )

    def _seven_claims(self) -> Iterable[Work]:
        signer, _ = self._signer(Algorithm.P256)
        hidden = {f"claim{number}": f"value {number}" for number in range(DISCLOSURES)}
        claims: JsonObject = {"iss": "https://issuer.example", "iat": 1767225600, **hidden}

        def issue() -> str:
            places = [f"/{name}" for name in hidden]
            return sign_sd_jwt(claims, signer, header={}, hidden=places, entropy=clock.entropy)

        token = issue()

        def verify() -> None:
            parsed = parse_sd_jwt(token, limits=DEFAULT_LIMITS)
            verify_jws(parsed.jws, signer.public)
            process_sd_jwt(parsed, limits=DEFAULT_LIMITS)

        return (
            Work("issue", SD_JWT, OURS, repeat(issue)),
            Work("verify", SD_JWT, OURS, repeat(verify)),
        )


def to_bytes(secured: Secured) -> bytes:
    """Return what is handed to a verifier."""
    if isinstance(secured, bytes):
        return secured
    return secured.encode() if isinstance(secured, str) else canonicalize(secured)


def find_needed(document: JsonObject) -> list[str]:
    """Return JSON Pointers to what the rules for such a credential ask for."""
    subject = document["credentialSubject"]
    found = ["/type", "/credentialSubject/type"] + ["/name"] * ("name" in document)
    return found + [f"/credentialSubject/{name}" for name in _NEEDED if name in subject]


def find_members(document: JsonObject) -> list[str]:
    """Return JSON Pointers to seven members of the subject that nobody needs to judge the credential."""
    subject = document["credentialSubject"]
    found = [f"/credentialSubject/{name}" for name in subject if name not in ("id", "type")]
    inner = [f"/credentialSubject/lots/{number}/variety" for number, _ in enumerate(subject.get("lots", ()))]
    return (found + inner)[:DISCLOSURES]
