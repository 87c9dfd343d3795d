"""What all pages share: routes that leave programs to the JSON API, and how they reach the service."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi.routing import APIRoute
from starlette.requests import HTTPConnection, Request
from starlette.responses import Response
from starlette.routing import Match
from starlette.types import Scope as Call

from certweave.credential.catalogue import Catalogue
from certweave.status.record import State, StatusRecord
from certweave_edge.i18n import Translator
from certweave_edge.kit import kit_of
from certweave_edge.negotiate import wants_html
from certweave_issuer.pages.form_spec import Spec, certificate_form
from certweave_issuer.pages.words import OUTCOMES, STATES, state_sentences
from certweave_issuer.ports import Certificate
from certweave_issuer.service.issuer import Issuer
from certweave_issuer.service.kinds import KINDS

PRIVATE: Final = {"Cache-Control": "no-store"}


MOST_FIELDS: Final = 10_000
"""Of a form: a certificate of 200 product lines has some 2,500."""


class PageRoute(APIRoute):
    """A route for browsers: who asks for anything but HTML is left to the JSON route of the same address."""

    def matches(self, scope: Call) -> tuple[Match, Call]:
        """Match only where the caller wants HTML."""
        if scope["type"] == "http" and not wants_html(HTTPConnection(scope)):
            return Match.NONE, {}
        return super().matches(scope)

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Read a form before anybody else does: whoever reads it first sets its limits."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            if request.method == "POST":
                await request.form(max_fields=MOST_FIELDS)
            return await handler(request)

        return handle


def issuer_of(request: Request) -> Issuer:
    """Return the service behind the pages."""
    issuer: Issuer = request.app.state.issuer
    return issuer


def words_of(request: Request) -> Translator:
    """Return the reader's language."""
    return kit_of(request).pages.languages.choose(request)


def page_of(request: Request, template: str, context: dict[str, Any], *, status: int = 200) -> Response:
    """Return a page of an organisation; no cache keeps it."""
    answer = kit_of(request).pages.render(request, f"issuer/{template}", context, status=status)
    answer.headers.update(PRIVATE)
    return answer


def catalogue_of(issuer: Issuer, certificate: Certificate) -> Catalogue | None:
    """Return the catalogue of a certificate's scheme, where we still have it."""
    return issuer.office.catalogues.get(certificate.scheme or "")


def specs_of(issuer: Issuer, certificate: Certificate, words: Translator) -> tuple[Spec, ...]:
    """Return the form that a certificate was entered with; empty where it came ready-made."""
    kind = KINDS.get(certificate.kind)
    return () if kind is None else certificate_form(kind, catalogue_of(issuer, certificate), words)


def standing_of(issuer: Issuer, certificate: Certificate, words: Translator) -> dict[str, Any]:
    """Return a certificate's state today: the state, its word, its shape, and the sentences."""
    records: tuple[StatusRecord, ...] = issuer.standing.records(certificate)
    state: State = issuer.standing.in_force(certificate)
    now, name = issuer.office.clock(), issuer.office.profile(certificate.org).name
    return {
        "state": state,
        "word": STATES[state],
        "outcome": OUTCOMES[state],
        "sentences": state_sentences(certificate, state, records, issuer=name, now=now, words=words),
    }
