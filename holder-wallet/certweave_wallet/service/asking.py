"""Requests to show certificates: who asks what, what they will see, answering or refusing.

OpenID for Verifiable Presentations 1.0 with DCQL; the messages are core's (``exchange.vp_*``, ``dcql*``).
Nothing of a request is believed, kept or shown before its signature held under the DID that it names.
"""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from certweave.credential.vcdm import holder_id
from certweave.did.syntax import to_urls
from certweave.encoding.strict_json import JsonObject, parse_json, parse_object
from certweave.errors import CertweaveError, InvalidError
from certweave.exchange.dcql import CredentialQuery, PathPart
from certweave.exchange.dcql_match import Matches, check_answers, match_query
from certweave.exchange.vc_api import PresentRequest, check_present_options
from certweave.exchange.vp_request import (
    PresentationRequest,
    RequestLink,
    check_request,
    parse_request,
    parse_request_link,
    verify_request,
)
from certweave.exchange.vp_response import (
    make_refusal_body,
    make_response_body,
    make_vp_token,
    parse_response_answer,
)
from certweave.proof.data_integrity import add_jcs_proof
from certweave.proof.presenting import check_presentable
from certweave_edge.identity import AUTHENTICATION
from certweave_edge.refused import Refusal, RefusedError
from certweave_edge.resolve import load_history
from certweave_edge.send import FORM, Answer
from certweave_wallet.ports import Holding, Network, RequestRecord, RequestState, Standing
from certweave_wallet.service.documents import Documents
from certweave_wallet.service.presenting import Choice, as_held, can_show, choice_for, part_for, present
from certweave_wallet.service.tools import Tools, unknown


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a question: what is asked for, and what could answer it.

    ``claims`` are the members that are asked for, as paths. ``choices`` holds by id what of a candidate is
    shown and what stays; those who ask see all of a document that cannot be shown in part.
    """

    query_id: str
    types: tuple[str, ...]
    claims: tuple[str, ...]
    candidates: tuple[Holding, ...]
    chosen: str | None
    choices: Mapping[str, Choice]


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its holder sees it.

    Attributes:
        host: where the DID of who asks is published.
        sends_to: the host that the answer goes to.
        parts: what is asked for; ``chosen`` is what is shown unless the holder chooses otherwise.
        stays: the documents that are not shown.
        missing: parts that nothing in the wallet answers.
        answerable: whether everything required is there; if not, nothing may be shown.
    """

    record: RequestRecord
    host: str
    sends_to: str
    parts: tuple[Part, ...]
    stays: tuple[Holding, ...]
    missing: tuple[str, ...]
    answerable: bool
    expired: bool


@dataclass(frozen=True, slots=True)
class Requests:
    """Threads may share it. Looking, answering and refusing call other hosts."""

    tools: Tools
    documents: Documents

    def look(self, org: str, link: str, *, actor: str) -> Asked:
        """Fetch a request, verify who asks, and find what would answer it. Nothing is shown yet.

        Args:
            org: who is asked.
            link: ``openid4vp://?…``, or an https link of that form.
            actor: who looks.

        Raises:
            CertweaveError: it is unsigned, signed by another than it says, expired, or not readable.
            FetchError: a host was refused or did not answer.
            RefusedError: 409 ``identity_missing``.
        """
        self.tools.identities.did_of(org)
        network = self.tools.networks()
        found = parse_request_link(link, limits=self.tools.limits)
        token = network.get(found.request_uri).strip()
        request = self._verified(token, found, network)
        record = RequestRecord(
            org=org,
            request_id=secrets.token_hex(16),
            did=request.did.text,
            token=token.decode("ascii"),
            created=self.tools.clock(),
            expires=request.expires_at,
        )
        self.tools.store.add_request(org, record, actor=actor)
        return self._asked(record, request)

    def show(self, org: str, request_id: str) -> Asked:
        """Return a request that was looked at, with what would answer it now; 404 ``request_unknown``."""
        record = self._find(org, request_id)
        return self._asked(record, parse_request(record.token, limits=self.tools.limits))

    def all(self, org: str) -> Sequence[RequestRecord]:
        """Return the latest requests, newest first."""
        return self.tools.store.requests(org)

    def answer(
        self,
        org: str,
        request_id: str,
        *,
        actor: str,
        choice: Mapping[str, Sequence[str]] | None = None,
    ) -> RequestRecord:
        """Show what is asked for: each document in a presentation signed for this request alone.

        Args:
            org: who answers.
            request_id: of a request that was looked at.
            actor: who decides.
            choice: ids of documents by part of the question; None shows the first of each required part.

        Raises:
            InvalidError: the choice does not answer the question (``answer_*``).
            RefusedError: 409 ``request_done``, ``request_over``, ``request_unanswerable``,
                ``verifier_refused``.
            FetchError: nothing answered; the request stays open.
        """
        asked = self.show(org, request_id)
        request = parse_request(asked.record.token, limits=self.tools.limits)
        shown = self._choose(asked, request, choice)
        presentations = {
            query.id: [present(part, query, request, self.tools) for part in shown[query.id]]
            for query in request.query.credentials
            if query.id in shown
        }
        body = make_response_body(make_vp_token(presentations), state=request.state)
        ids = {name: [holding.credential_id for holding in holdings] for name, holdings in shown.items()}
        return self._send(asked.record, request, body, after=RequestState.ANSWERED, shown=ids, actor=actor)

    def refuse(self, org: str, request_id: str, *, actor: str) -> RequestRecord:
        """Show nothing, and say so to who asks (``access_denied``)."""
        record = self._find(org, request_id)
        request = parse_request(record.token, limits=self.tools.limits)
        body = make_refusal_body(
            "access_denied", description="the holder does not show this", state=request.state
        )
        return self._send(record, request, body, after=RequestState.REFUSED, shown={}, actor=actor)

    def present(self, org: str, asked: PresentRequest) -> JsonObject:
        """Sign a presentation as it is handed in, with an embedded proof (VCALM).

        Raises:
            InvalidError: ``option_unfit``; ``holder_foreign``, it names another holder than us.
            CertweaveError: as ``check_presentable``; ``path`` is the place in the body.
        """
        tools = self.tools
        did = tools.identities.did_of(org)
        document = {"holder": did, **asked.presentation}
        try:
            if holder_id(document) != did:
                detail = f"the holder of the presentation is not {did}"
                raise InvalidError(detail, code="holder_foreign", path="/holder")
            check_presentable(document, contexts=tools.contexts, limits=tools.limits)
        except CertweaveError as error:
            if error.path is not None:
                error.path = "/presentation" + error.path
            raise
        secured = add_jcs_proof(
            document,
            tools.identities.signer(org, AUTHENTICATION),
            created=tools.clock(),
            purpose=AUTHENTICATION,
            challenge=asked.options.challenge,
            domain=asked.options.domain,
        )
        check_present_options(asked, secured["proof"])
        return secured

    def _find(self, org: str, request_id: str) -> RequestRecord:
        found = self.tools.store.find_request(org, request_id)
        if found is None:
            raise unknown("request", "request_unknown")
        return found

    def _verified(self, token: bytes, link: RequestLink, network: Network) -> PresentationRequest:
        tools = self.tools
        now = tools.clock()
        request = parse_request(token, limits=tools.limits)
        check_request(request, link, now=now, limits=tools.limits)
        history = load_history(request.did, network.find(), now=now, limits=tools.limits)
        period = history.find_key(request.kid.text, AUTHENTICATION, now=now)
        if period.retired is not None:
            raise InvalidError("the key of the request is no longer in force", code="request_key_retired")
        verify_request(request, period.key)
        return request

    def _asked(self, record: RequestRecord, request: PresentationRequest) -> Asked:
        held = self._held(record.org)
        matches = match_query(request.query, [as_held(one) for one in held])
        known = {one.credential_id: one for one in held}
        parts = tuple(self._parts(request, matches, known))
        chosen = {part.chosen for part in parts}
        expires = record.expires
        return Asked(
            record=record,
            host=_host_of(request),
            sends_to=urlsplit(request.response_uri).netloc,
            parts=parts,
            stays=tuple(one for one in held if one.credential_id not in chosen),
            missing=matches.unmet,
            answerable=matches.answerable,
            expired=expires is not None and expires <= self.tools.clock(),
        )

    def _parts(
        self, request: PresentationRequest, matches: Matches, known: Mapping[str, Holding]
    ) -> Iterator[Part]:
        for query in request.query.credentials:
            choices: dict[str, Choice] = {}
            candidates = []
            for one in (known[name] for name in matches.candidates.get(query.id, ())):
                try:
                    choices[one.credential_id] = choice_for(query, one, self.tools)
                except CertweaveError:
                    continue
                candidates.append(one)
            yield Part(
                query_id=query.id,
                types=tuple(sorted(_types_of(query))),
                claims=tuple(_path_text(claim.path) for claim in query.claims),
                candidates=tuple(candidates),
                chosen=candidates[0].credential_id if candidates and query.id in matches.selected else None,
                choices=choices,
            )

    def _held(self, org: str) -> list[Holding]:
        """Return what can be shown: nothing withdrawn, found invalid, or bound to a key that is not ours."""
        return [
            one
            for one in self.tools.store.all(org)
            if one.standing is Standing.CURRENT
            and (one.looked is None or one.looked.verdict != "invalid")
            and can_show(one, self.tools)
        ]

    def _choose(
        self, asked: Asked, request: PresentationRequest, choice: Mapping[str, Sequence[str]] | None
    ) -> dict[str, list[Holding]]:
        if asked.expired:
            detail = "this request is over; ask for a new one"
            raise RefusedError(detail, Refusal.CONFLICT, code="request_over")
        if not asked.answerable:
            detail = "the wallet does not hold everything that is asked for, so nothing can be shown"
            raise RefusedError(detail, Refusal.CONFLICT, code="request_unanswerable")
        if choice is None:
            choice = {part.query_id: [part.chosen] for part in asked.parts if part.chosen is not None}
        shown: dict[str, list[Holding]] = {}
        for part, query in zip(asked.parts, request.query.credentials, strict=True):
            known = {one.credential_id: one for one in part.candidates}
            wanted = choice.get(part.query_id, ())
            strange = [name for name in wanted if name not in known]
            if strange:
                detail = f"{strange[0][:80]} does not answer this part of the question"
                raise InvalidError(detail, code="answer_mismatch", path=f"/choice/{part.query_id}")
            if wanted:
                shown[query.id] = [part_for(query, known[name], self.tools) for name in wanted]
        # What is left of a document must still be what was asked for.
        held = {name: [as_held(one) for one in parts] for name, parts in shown.items()}
        check_answers(request.query, held)
        return shown

    def _send(
        self,
        record: RequestRecord,
        request: PresentationRequest,
        body: str,
        *,
        after: RequestState,
        shown: Mapping[str, Sequence[str]],
        actor: str,
    ) -> RequestRecord:
        """Post an answer once; where nothing took it, the request stays open."""
        store, clock = self.tools.store, self.tools.clock
        org, request_id = record.org, record.request_id
        store.move_request(org, request_id, RequestState.OPEN, RequestState.SENDING, actor=actor, now=clock())
        try:
            answer = self.tools.networks().post(request.response_uri, body.encode(), FORM)
            next_url = self._next(answer)
        except CertweaveError:
            store.move_request(
                org, request_id, RequestState.SENDING, RequestState.OPEN, actor=actor, now=clock()
            )
            raise
        store.move_request(
            org,
            request_id,
            RequestState.SENDING,
            after,
            shown=shown,
            next_url=next_url,
            actor=actor,
            now=clock(),
        )
        return self._find(org, request_id)

    def _next(self, answer: Answer) -> str | None:
        """Return where the holder's browser goes next; only https, because it becomes a link."""
        if not 200 <= answer.status < 300:
            detail = _said(answer, self.tools)
            raise RefusedError(detail, Refusal.CONFLICT, code="verifier_refused")
        try:
            address = parse_response_answer(parse_json(answer.content, limits=self.tools.limits))
        except CertweaveError:
            return None  # the answer was taken; that its receipt is unreadable changes nothing
        return address if address is not None and address.startswith("https://") else None


def _said(answer: Answer, tools: Tools) -> str:
    words = f"who asked did not take the answer (HTTP {answer.status})"
    try:
        value = parse_object(answer.content, limits=tools.limits)
    except CertweaveError:
        return words
    said = value.get("error_description") or value.get("detail") or value.get("error")
    return f"{words}: {said[:300]}" if isinstance(said, str) else words


def _types_of(query: CredentialQuery) -> set[str]:
    names = [*query.vct_values, *(name for one in query.type_values for name in one)]
    return {name.rsplit("/", 1)[-1].rsplit("#", 1)[-1] for name in names}


def _path_text(path: Sequence[PathPart]) -> str:
    return " › ".join("*" if part is None else str(part) for part in path)


def _host_of(request: PresentationRequest) -> str:
    if request.did.method not in ("webvh", "web"):
        return ""
    return urlsplit(to_urls(request.did).base).netloc
