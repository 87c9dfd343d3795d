"""Asking for a certificate: OpenID4VP 1.0 requests, their answers, and what was found in them.

https://openid.net/specs/openid-4-verifiable-presentations-1_0.html. The messages are core's. A request is
answered once. What fails as a presentation (another nonce, another holder, a bad signature) is refused and
leaves the request open, since anybody who sees the code can send such a thing; what is a good presentation
of a bad certificate is an answer, and the one who asked learns of it. A credential alone answers where the
question wants no holder proven.
"""

import json
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from certweave.canon.jsonld import expand_types
from certweave.credential.shapes import types
from certweave.encoding.strict_json import JsonObject
from certweave.errors import ExchangeError, MalformedError
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.model import SD_JWT_VC
from certweave.examine.report import Outcome, Report, Step, Verdict
from certweave.exchange.dcql import Query, make_query, parse_query
from certweave.exchange.dcql_match import Held, check_answers
from certweave.exchange.vp_request import make_client_id, make_request_link, sign_request
from certweave.exchange.vp_response import (
    Presentation,
    RefusalResponse,
    check_state,
    make_response_answer,
    parse_response,
)
from certweave.proof.vc_jwt import is_envelope
from certweave_edge.i18n import mark
from certweave_edge.refused import Refusal, RefusedError
from certweave_verifier.ports import Asked, Shown, Speaker, Store
from certweave_verifier.service.checking import Answer, Checker

V2 = "https://www.w3.org/ns/credentials/v2"
UNTP = "https://vocabulary.uncefact.org/untp/0.7.0/context/"
OURS = "https://certweave.example/ns/v1/context.jsonld"
MOST_PURPOSE = 500

PRESETS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "scope-certificate": (mark("Scope certificate"), "ScopeCertificate"),
        "transaction-certificate": (mark("Transaction certificate"), "TransactionCertificate"),
        "certificate": (mark("Any certificate"), "DigitalConformityCredential"),
        "identity": (mark("Entry of a register"), "DigitalIdentityAnchor"),
        "passport": (mark("Product passport"), "DigitalProductPassport"),
    }
)
"""Questions with a name: what it is called, and the credential type that is asked for."""
_ABOUT = (("credentialSubject",),)
_ALTERNATIVES: Mapping[str, tuple[str, tuple[tuple[str, ...], ...]]] = MappingProxyType(
    {"vc+jwt": ("", ()), "vc+sd-jwt": ("_sd-jwt", _ABOUT), "ldp_vc": ("_ldp", _ABOUT)}
)
"""The formats that answer a named question, first the preferred: how its part is called, and what to show."""
_STANDING = frozenset({Step.VALIDITY, Step.STATUS, Step.RULES, Step.TRUST})
"""Steps about how a certificate stands, not about whether it was shown well."""
_UNPRESENTED = frozenset({"presentation_expected", "key_binding_missing"})
"""Codes of a credential that comes alone, where its holder was to be proven."""


@dataclass(frozen=True, slots=True)
class Question:
    """A request as the one who asks passes it on: as a link, or drawn as a code."""

    asked: Asked
    request_uri: str
    link: str


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a request: ``waiting``, ``answered``, ``refused`` or ``expired``; with the answers."""

    asked: Asked
    state: str
    answers: tuple[tuple[Shown, Answer], ...] = ()


@dataclass(frozen=True, slots=True)
class Asking:
    """Makes requests in the name of the verifier and takes the answers."""

    checker: Checker
    store: Store
    speaker: Speaker
    public: Callable[[str], str]
    clock: Callable[[], datetime]
    lifetime: timedelta

    def ask(
        self,
        org: str,
        *,
        actor: str,
        purpose: str,
        preset: str | None = None,
        query: JsonObject | None = None,
    ) -> Question:
        """Make a request for an organisation, by a preset or by a DCQL query of its own.

        Raises:
            MalformedError: there is neither or both, or no purpose.
            ExchangeError: the query is none.
            RefusedError: the verifier has no identity yet.
        """
        if not 0 < len(purpose.strip()) <= MOST_PURPOSE or not purpose.replace("\n", "").isprintable():
            detail = f"say what you ask for and why, in at most {MOST_PURPOSE} printable characters"
            raise MalformedError(detail, code="purpose_malformed", path="/purpose")
        if (preset is None) == (query is None):
            detail = "name a preset or give a dcql_query"
            raise MalformedError(detail, code="question_malformed", path="/dcql_query")
        wanted = self._preset(preset) if query is None and preset is not None else query
        _check_answerable(parse_query(wanted, limits=self.checker.limits))
        now = self.clock()
        asked = Asked(
            request_id=secrets.token_urlsafe(16),
            org=org,
            purpose=purpose.strip(),
            query=wanted or {},
            client_id=make_client_id(self.speaker.did),
            nonce=secrets.token_urlsafe(24),
            state=secrets.token_urlsafe(16),
            created=now,
            expires=now + self.lifetime,
        )
        question = self.question(asked)
        self._sign(asked)
        self.store.add_request(org, asked, actor=actor)
        return question

    def question(self, asked: Asked) -> Question:
        """Return a request with its addresses.

        Raises:
            MalformedError: our public address is not https, so no wallet would come.
        """
        address = self.public(f"/requests/{asked.request_id}")
        return Question(asked, address, make_request_link(asked.client_id, address))

    def request_object(self, request_id: str) -> str:
        """Return the signed request for the wallet; it may be fetched again until it is answered."""
        asked = self._open(request_id)
        if asked.client_id != make_client_id(self.speaker.did):
            raise RefusedError("the verifier has another identity now", Refusal.GONE, code="request_gone")
        return self._sign(asked)

    def _sign(self, asked: Asked) -> str:
        return sign_request(
            self.speaker.signer(),
            response_uri=self.public(f"/responses/{asked.request_id}"),
            nonce=asked.nonce,
            state=asked.state,
            query=asked.query,
            issued_at=asked.created,
            expires_at=asked.expires,
            limits=self.checker.limits,
        )

    def take(self, request_id: str, body: bytes) -> JsonObject:
        """Take a wallet's answer, examine it, store it; return what the wallet is told.

        Raises:
            RefusedError: there is no such request, it is over, or it was answered already.
            ExchangeError: the answer breaks the protocol, or is no good presentation.
        """
        asked = self._open(request_id)
        response = parse_response(body, limits=self.checker.limits)
        check_state(response, asked.state)
        if isinstance(response, RefusalResponse):
            self._store(asked, None, _plain(response.error), ())
            return make_response_answer(redirect_uri=None)
        query = parse_query(asked.query, limits=self.checker.limits)
        shown: list[Shown] = []
        held: dict[str, list[Held | None]] = {}
        for name, presentations in response.presentations.items():
            wanted = query.find(name)
            for presentation in presentations:
                answer = self._examine(asked, presentation, proven=wanted is None or wanted.holder_binding)
                shown.append(Shown(name, answer.report.verdict.value, answer.to_bundle()))
                held.setdefault(name, []).append(self._held(name, answer.report, presentation))
        # What could not be verified cannot be matched: its verdict is not valid, and says so.
        check_answers(query, held)
        self._store(asked, _worst({one.verdict for one in shown}), None, shown)
        return make_response_answer(redirect_uri=None)

    def result(self, org: str, request_id: str) -> Result:
        """Return what came of an organisation's own request.

        Raises:
            RefusedError: it has no such request.
        """
        asked = self.store.find_request(request_id)
        if asked is None or asked.org != org:
            raise _unknown()
        if asked.answered is None:
            return Result(asked, "expired" if asked.expires <= self.clock() else "waiting")
        if asked.error is not None:
            return Result(asked, "refused")
        answers = tuple(
            (one, self.checker.replay(one.bundle)) for one in self.store.answer_of(org, request_id)
        )
        return Result(asked, "answered", answers)

    def _preset(self, name: str) -> JsonObject:
        if name not in PRESETS:
            raise MalformedError(
                f"a preset is one of {', '.join(PRESETS)}", code="preset_unknown", path="/preset"
            )
        kind = PRESETS[name][1]
        expanded = expand_types((kind,), [V2, UNTP, OURS], contexts=self.checker.contexts)
        asked: list[JsonObject] = []
        for form, (suffix, claims) in _ALTERNATIVES.items():
            query = make_query(f"{name}{suffix}", format=form, types=(expanded,), claims=claims)
            asked.extend(query["credentials"])
        options = [[one["id"]] for one in asked]
        return {"credentials": asked, "credential_sets": [{"options": options}]}

    def _open(self, request_id: str) -> Asked:
        asked = self.store.find_request(request_id)
        if asked is None:
            raise _unknown()
        if asked.answered is not None:
            raise RefusedError("this request was answered already", Refusal.GONE, code="request_answered")
        if asked.expires <= self.clock():
            raise RefusedError("this request is over; ask for a new one", Refusal.GONE, code="request_over")
        return asked

    def _examine(self, asked: Asked, presentation: Presentation, *, proven: bool) -> Answer:
        """Examine one presentation, or a credential alone where the holder need not be ``proven``."""
        source = presentation.encode() if isinstance(presentation, str) else json.dumps(presentation).encode()
        answer = self.checker.answer(source, Expectation(asked.client_id, asked.nonce))
        codes = {check.code for check in answer.report.checks}
        if not proven and not answer.report.credentials and codes & _UNPRESENTED:
            answer = self.checker.answer(source, NOTHING_EXPECTED)
        report = answer.report
        shown = shown_documents(report)
        standing = _STANDING if shown and not report.credentials else frozenset()
        bad = next(
            (one for one in report.checks if one.outcome is Outcome.INVALID and one.step not in standing),
            None,
        )
        if bad is not None:
            raise ExchangeError(bad.detail, oauth="invalid_request", code=bad.code, path="/vp_token")
        if report.document is not None and len(shown) != 1:
            # Holder binding was asked for: a bare credential, or an empty presentation, proves no holder.
            raise ExchangeError(
                "a presentation of one credential is expected here",
                oauth="invalid_request",
                code="presentation_missing",
                path="/vp_token",
            )
        return answer

    def _held(self, name: str, report: Report, presentation: Presentation) -> Held | None:
        """Return the credential that a presentation shows; None where its signature did not hold."""
        document = next(iter(shown_documents(report)), None)
        if document is None:
            return None
        if SD_JWT_VC in document:
            claims = document[SD_JWT_VC]
            return Held(name, "dc+sd-jwt", frozenset((claims["vct"], *claims.get("aka_vcts", ()))), claims)
        item: object = presentation
        if report.credentials:
            shown = (report.document or {}).get("verifiableCredential")
            item = shown[0] if isinstance(shown, list) else shown
        return Held(name, _format_of(item), self._expanded(document), document)

    def _expanded(self, document: JsonObject) -> frozenset[str]:
        found = expand_types(types(document), document.get("@context"), contexts=self.checker.contexts)
        return frozenset(found)

    def _store(self, asked: Asked, verdict: str | None, error: str | None, shown: Sequence[Shown]) -> None:
        self.store.answer_request(
            asked.org, asked.request_id, at=self.clock(), verdict=verdict, error=error, shown=shown
        )


def shown_documents(report: Report) -> list[JsonObject | None]:
    """Return what a presentation shows: its credentials, or the one that is shown by its own key binding."""
    if report.credentials:
        return [one.document for one in report.credentials]
    document = report.document
    if document is None or "VerifiablePresentation" in types(document):
        return []
    return [document]


def _format_of(item: object) -> str:
    """Return the format of a shown credential; that of an envelope is what its media type says."""
    if isinstance(item, dict) and is_envelope(item):
        return str(item.get("id")).partition(",")[0].partition(";")[0].removeprefix("data:application/")
    if isinstance(item, str):
        return "vc+sd-jwt" if "~" in item else "vc+jwt"
    return "ldp_vc"


def _check_answerable(query: Query) -> None:
    """Refuse what no answer would satisfy: we are in none of the frameworks that a question can name."""
    if any(one.authorities for one in query.credentials):
        detail = "which authorities are trusted says the policy here, not the question"
        path = "/dcql_query/credentials"
        raise MalformedError(detail, code="question_malformed", path=path)


def _plain(error: str) -> str:
    """Return an error code as RFC 6749 §5.2 allows it: ASCII that can be seen, and not long."""
    return "".join(letter for letter in error[:100] if "\x20" <= letter <= "\x7e") or "unknown"


def _worst(verdicts: set[str]) -> str:
    return next(one.value for one in (Verdict.INVALID, Verdict.UNDECIDED, Verdict.VALID) if one in verdicts)


def _unknown() -> RefusedError:
    return RefusedError("there is no such request", Refusal.NOT_FOUND, code="request_unknown")
