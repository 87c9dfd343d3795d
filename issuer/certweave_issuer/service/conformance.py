"""Issuers for test suites: each a did:key and one way to sign, open to all, forgotten when the process ends.

VCALM 1.0 (https://www.w3.org/TR/vcalm-1.0/), issuer part, as the W3C test suites call it.
What is issued obeys the same rules as anything else: the model of VCDM 2.0 or 1.1, known terms, resources
that have the digest that is named for them. In which form it is issued, the name of the issuer says.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from types import MappingProxyType
from typing import Final

from certweave.credential.contexts import ContextStore
from certweave.credential.shapes import issuer_id
from certweave.credential.signable import check_signable
from certweave.credential.vcdm import Version, check_credential, find_version
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError
from certweave.exchange.vc_api import IssueRequest, parse_issue_request, parse_status_request
from certweave.keys.model import Algorithm
from certweave.limits import DEFAULT_LIMITS
from certweave.proof.data_integrity import add_proof
from certweave.proof.derive import find_always_shown
from certweave.proof.suites.bbs_2023_json import parse_commitment
from certweave.proof.suites.registry import SUITES, get_suite
from certweave.proof.suites.suite import Around, Commitment, Hiding
from certweave.proof.ways import WAYS, Order
from certweave.timestamps import format_timestamp
from certweave_edge.conformance import Bench, make_benches
from certweave_edge.refused import NoStatusListError, Refusal, RefusedError
from certweave_issuer.service.conformance_status import BenchLists
from certweave_issuer.service.proof_context import with_proof_context, with_status_context
from certweave_issuer.service.resources import check_resources

WITH_STATUS: Final = "bitstring"
"""The issuer whose credentials have a place in a status list."""
_STATUS_SUITE: Final = "eddsa-rdfc-2022"
_ENVELOPED: Final = ("vc+jwt", "vc+sd-jwt", "vc+cose")


@dataclass(frozen=True, slots=True)
class Conformance:
    """All issuers of this kind. Threads may share it."""

    benches: Mapping[str, Bench]
    lists: BenchLists
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
        embedded = {suite.name: suite.algorithms for suite in SUITES.values()}
        enveloped = dict.fromkeys(_ENVELOPED, (Algorithm.ED25519,))
        benches = {one.name: one for one in make_benches({**embedded, **enveloped}, entropy=entropy)}
        (with_status,) = make_benches({_STATUS_SUITE: (Algorithm.ED25519,)}, entropy=entropy)
        benches[WITH_STATUS] = replace(with_status, name=WITH_STATUS)
        lists = BenchLists(lambda purpose: public(f"/conformance/{WITH_STATUS}/status/{purpose}"))
        return cls(MappingProxyType(benches), lists, contexts, entropy, clock)

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
        self._lists_of(self.find(name)).change(parse_status_request(body))

    def status_list(self, name: str, purpose: str) -> JsonObject:
        """Return the signed list of a purpose, as it stands."""
        bench = self.find(name)
        unsigned = self._lists_of(bench).unsigned(purpose, issuer=bench.did, now=self.clock())
        return self._sign(bench, unsigned)

    def _lists_of(self, bench: Bench) -> BenchLists:
        if bench.name != WITH_STATUS:
            detail = "this issuer keeps no status lists"
            raise NoStatusListError(detail, code="status_list_unknown")
        return self.lists

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
        if bench.name == WITH_STATUS:
            if "credentialStatus" in document:
                detail = "the issuer gives the place in the status list"
                raise InvalidError(detail, code="status_given", path="/credentialStatus")
            document = with_status_context(document)
            # VCALM, issuing: who names nothing cannot refer to the credential later.
            named = request.options.credential_id or document.get("id")
            document["credentialStatus"] = self.lists.reserve(named)
        return document

    def _secure(self, bench: Bench, document: JsonObject, request: IssueRequest) -> JsonObject:
        way, commitment = WAYS[bench.suite], _read_commitment(request)
        if commitment is not None and not way.commits:
            detail = f"{way.name} binds to no commitment of a holder"
            raise InvalidError(detail, code="commitment_unfit", path="/options/commitment")
        if way.envelop is not None:
            order = Order(document, bench.signer, self.contexts, DEFAULT_LIMITS, self.clock(), self.entropy)
            return way.envelop(way.make(order))
        # An empty list is a choice; who says nothing gets what a verifier needs to judge a credential.
        chosen = "mandatoryPointers" in request.options.raw
        shown = request.options.mandatory_pointers if chosen else find_always_shown(document)
        hiding = Hiding(self.entropy, shown, commitment) if SUITES[bench.suite].selective else None
        return self._sign(bench, document, hiding)

    def _sign(self, bench: Bench, document: JsonObject, hiding: Hiding | None = None) -> JsonObject:
        return add_proof(
            document,
            bench.signer,
            suite=get_suite(bench.suite),
            around=Around(self.contexts, DEFAULT_LIMITS),
            created=self.clock(),
            purpose="assertionMethod",
            hiding=hiding,
        )


def _read_commitment(request: IssueRequest) -> Commitment | None:
    """Return what the holder committed to, in the form that ``certweave commit`` writes."""
    given = request.options.raw.get("commitment")
    if given is None:
        return None
    try:
        return parse_commitment(given)
    except CertweaveError as error:
        error.path = "/options/commitment" + (error.path or "")
        raise
