"""Issuers for test suites: each a did:key and one way to sign, open to all, forgotten when the process ends.

Verifiable Credential API (https://w3c-ccg.github.io/vc-api/), issuer part, as the W3C test suites call it.
What is issued obeys the same rules as anything else: the model of VCDM 2.0 or 1.1, known terms, resources
that have the digest that is named for them. In which form it is issued, the name of the issuer says.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.credential.shapes import issuer_id
from certweave.credential.signable import check_signable
from certweave.credential.vcdm import Version, check_credential, find_version
from certweave.did.key import make_did_key, make_did_key_method
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError, UnsupportedError
from certweave.exchange.vc_api import IssueRequest, parse_issue_request, parse_status_request
from certweave.keys.model import Algorithm, KeySigner, PrivateKey
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import find_always_shown
from certweave.proof.suites.registry import SUITES, get_suite
from certweave.proof.suites.suite import Around, Hiding
from certweave.proof.vc_jwt import envelope, sign_credential_jwt
from certweave.timestamps import format_timestamp
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.service.conformance_status import BenchLists
from certweave_issuer.service.proof_context import with_proof_context, with_status_context
from certweave_issuer.service.resources import check_resources

ENVELOPED: Final = "vc+jwt"
WITH_STATUS: Final = "bitstring"
"""The issuer whose credentials have a place in a status list."""
_STATUS_SUITE: Final = "eddsa-rdfc-2022"


@dataclass(frozen=True, slots=True)
class Bench:
    """One issuer: a name, the suite by which it signs, a key of its own, and status lists if it keeps any."""

    name: str
    suite: str
    signer: KeySigner
    lists: BenchLists | None = None

    @property
    def did(self) -> str:
        """Who it is."""
        return make_did_key(self.signer.public)


@dataclass(frozen=True, slots=True)
class Conformance:
    """All issuers of this kind. Threads may share it."""

    benches: Mapping[str, Bench]
    contexts: ContextStore = field(repr=False)
    entropy: Callable[[int], bytes] = field(repr=False)
    clock: Callable[[], datetime] = field(repr=False)

    @classmethod
    def make(
        cls,
        *,
        public: Callable[[str], str],
        entropy: Callable[[int], bytes],
        contexts: ContextStore,
        clock: Callable[[], datetime],
    ) -> "Conformance":
        """Return issuers with new keys; ``public`` gives the public address of a path of this service."""
        benches = {}
        for name, suite, algorithm in _plans():
            try:
                private = _make_key(algorithm, entropy)
            except UnsupportedError:
                continue  # the library for this kind of key is an extra, which is not installed
            signer = KeySigner(make_did_key_method(private.public), private)
            lists = BenchLists(_list_address(public, name)) if name == WITH_STATUS else None
            benches[name] = Bench(name, suite, signer, lists)
        return cls(MappingProxyType(benches), contexts, entropy, clock)

    def find(self, name: str) -> Bench:
        """Return an issuer.

        Raises:
            RefusedError: 404, there is none of that name.
        """
        if name not in self.benches:
            raise RefusedError("there is no such issuer", Refusal.NOT_FOUND, code="conformance_unknown")
        return self.benches[name]

    def issue(self, name: str, body: JsonObject) -> JsonObject:
        """Check a credential and sign it; ``body`` is ``{credential, options?}``.

        Raises:
            MalformedError, InvalidError, UndecidedError: a rule says no; ``path`` is the place in the body.
        """
        bench = self.find(name)
        request = parse_issue_request(body)
        try:
            return self._secure(bench, self._complete(bench, request), request)
        except CertweaveError as error:
            if error.path is not None and not error.path.startswith("/options"):
                error.path = "/credential" + error.path
            raise

    def set_status(self, name: str, body: JsonObject) -> None:
        """Change the status of a credential that this issuer issued since it started.

        Raises:
            MalformedError, InvalidError, RefusedError: as the body or the credential deserves.
        """
        _lists_of(self.find(name)).change(parse_status_request(body))

    def status_list(self, name: str, purpose: str) -> JsonObject:
        """Return the signed list of a purpose, as it stands."""
        bench = self.find(name)
        unsigned = _lists_of(bench).unsigned(purpose, issuer=bench.did, now=self.clock())
        return self._sign(bench, unsigned)

    def _complete(self, bench: Bench, request: IssueRequest) -> JsonObject:
        """Check what was sent, and fill in what is the issuer's to say."""
        document = dict(request.credential)
        if "proof" in document:
            raise InvalidError("it is signed already", code="proof_given", path="/proof")
        if find_version(document) is Version.V1_1:
            document.setdefault("issuanceDate", format_timestamp(self.clock()))
        check_credential(document)
        if bench.suite in SUITES:
            document = with_proof_context(document, SUITES[bench.suite].type)
        issuer = issuer_id(document)
        if issuer != bench.did:
            raise InvalidError(f"here the issuer is {bench.did}", code="issuer_not_ours", path="/issuer")
        check_signable(document, contexts=self.contexts, limits=DEFAULT_LIMITS)
        check_resources(document, contexts=self.contexts, fetch=None)
        if bench.lists is not None:
            if "credentialStatus" in document:
                detail = "the issuer gives the place in the status list"
                raise InvalidError(detail, code="status_given", path="/credentialStatus")
            document = with_status_context(document)
            # VCALM, issuing: who names nothing cannot refer to the credential later.
            named = request.options.credential_id or document.get("id")
            document["credentialStatus"] = bench.lists.reserve(named)
        return document

    def _secure(self, bench: Bench, document: JsonObject, request: IssueRequest) -> JsonObject:
        if bench.suite == ENVELOPED:
            return envelope(sign_credential_jwt(document, bench.signer, issued_at=self.clock()))
        # An empty list is a choice; who says nothing gets what a verifier needs to judge a credential.
        chosen = "mandatoryPointers" in request.options.raw
        shown = request.options.mandatory_pointers if chosen else find_always_shown(document)
        return self._sign(bench, document, shown=shown)

    def _sign(self, bench: Bench, document: JsonObject, *, shown: tuple[str, ...] = ()) -> JsonObject:
        suite = get_suite(bench.suite)
        hiding = Hiding(self.entropy, shown) if suite.selective else None
        return add_proof(
            document,
            bench.signer,
            suite=suite,
            around=Around(self.contexts, DEFAULT_LIMITS),
            created=self.clock(),
            purpose="assertionMethod",
            hiding=hiding,
        )


def _plans() -> Iterator[tuple[str, str, Algorithm]]:
    """Name, suite and kind of key of every issuer: one for each suite and each key that it works with."""
    for suite in SUITES.values():
        for algorithm in suite.algorithms:
            curve = algorithm.value.lower().replace("-", "")
            name = suite.name.lower()
            yield (name if len(suite.algorithms) == 1 else f"{name}-{curve}"), suite.name, algorithm
    yield "vc-jwt", ENVELOPED, Algorithm.ED25519
    yield WITH_STATUS, _STATUS_SUITE, Algorithm.ED25519


def _lists_of(bench: Bench) -> BenchLists:
    if bench.lists is None:
        detail = "this issuer keeps no status lists"
        raise RefusedError(detail, Refusal.NOT_FOUND, code="status_list_unknown")
    return bench.lists


def _list_address(public: Callable[[str], str], name: str) -> Callable[[str], str]:
    return lambda purpose: public(f"/conformance/{name}/status/{purpose}")


def _make_key(algorithm: Algorithm, entropy: Callable[[int], bytes]) -> PrivateKey:
    while True:
        try:
            return PrivateKey(algorithm, entropy(_KEY_BYTES.get(algorithm, 32)))
        except MalformedError:
            continue  # a number beyond the order of the curve, about once in 2^32


_KEY_BYTES: Final[Mapping[str, int]] = MappingProxyType({"P-384": 48})
"""Bytes of a private key; 32 where nothing else is said."""
