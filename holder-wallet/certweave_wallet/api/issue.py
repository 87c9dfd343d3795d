"""Routes of own documents, and of the status lists that can withdraw them."""

from datetime import UTC, date, datetime, time
from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.requests import Request
from starlette.responses import Response

from certweave.encoding.strict_json import JsonObject, parse_json
from certweave.errors import CertweaveError, MalformedError
from certweave.limits import DEFAULT_LIMITS
from certweave.timestamps import parse_timestamp
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import either
from certweave_edge.bodies import takes
from certweave_edge.kit import kit_of, outbound
from certweave_edge.negotiate import choose, wants_html
from certweave_edge.status_lists import FORMS, TTL, parse_moment
from certweave_edge.web import public_bytes
from certweave_wallet.here import done, find_text, need_text, read_body, wallet_of
from certweave_wallet.ports import Holding
from certweave_wallet.service.issuing import Order
from certweave_wallet.service.views import holding_json
from certweave_wallet.show.issue import find_subject, issue_page

router = APIRouter(tags=["own documents"])


@router.post("/orgs/{org}/issue", summary="Issue an own document", status_code=201, openapi_extra=takes())
async def issue(request: Request, org: str, who: Annotated[Principal, either(Scope.ISSUE)]) -> Response:
    """Issue ``{kind, number, name, subject, description?, validFrom?, validUntil?, contexts?}``.

    ``kind`` is ``passport``, ``facility`` or ``event``; ``subject`` the UNTP subject (of events, a list or
    one). The same number and content again give the same document.
    """
    body = await read_body(request)
    wallet = wallet_of(request)
    if wants_html(request):
        return await _issue_form(request, org, body, who)
    order = read_order(body)
    made = await outbound(request, lambda: wallet.issuing.issue(who.org, order, actor=who.actor))
    return done(request, _path(made), _answer(made), status=201)


@router.post(
    "/orgs/{org}/credentials/{credential_id}/correct",
    summary="Correct an own document",
    status_code=201,
    openapi_extra=takes(),
)
async def correct(
    request: Request, org: str, credential_id: str, who: Annotated[Principal, either(Scope.ISSUE)]
) -> Response:
    """Issue the next version: as ``issue``, with ``reason``; the old one no longer holds."""
    body = await read_body(request)
    order, reason, issuing = read_order(body), need_text(body, "reason"), wallet_of(request).issuing
    made = await outbound(
        request, lambda: issuing.correct(who.org, credential_id, order, reason=reason, actor=who.actor)
    )
    return done(request, _path(made), _answer(made), status=201)


@router.get("/orgs/{org}/status/{number}", summary="A status list")
async def status_list(
    request: Request,
    org: str,
    number: Annotated[int, Path(ge=1, le=1_000_000)],
    timestamp: Annotated[str | None, Query(max_length=40)] = None,
) -> Response:
    """Return a status list as it stands, or as it stood at ``timestamp``; its form goes by Accept."""
    tools = wallet_of(request).tools
    form = choose(request.headers.get("accept", ""), [*FORMS, "application/json"]) or FORMS[0]
    form = form if form in FORMS else FORMS[0]
    now, at = tools.clock(), None if timestamp is None else parse_moment(timestamp)
    found = tools.status.find_list(org, number, form=form, now=now, at=at)
    if found is None:
        found = await outbound(
            request, lambda: tools.status.load_list(org, number, form=form, now=now, at=at)
        )
    age = int(TTL.total_seconds())
    return public_bytes(request, found.content, found.media_type, max_age=age, headers={"Vary": "Accept"})


def read_order(body: JsonObject) -> Order:
    """Read what shall be issued.

    Raises:
        MalformedError: ``body_malformed`` with the place.
    """
    subject = body.get("subject")
    if isinstance(subject, str):
        subject = parse_json(subject, limits=DEFAULT_LIMITS)
    if not isinstance(subject, dict | list) or not subject:
        detail = "subject is what the document is about: an object, or a list of events"
        raise MalformedError(detail, code="body_malformed", path="/subject")
    contexts = body.get("contexts", [])
    if not isinstance(contexts, list) or not all(isinstance(one, str) for one in contexts):
        raise MalformedError("contexts is a list of addresses", code="body_malformed", path="/contexts")
    return Order(
        kind=need_text(body, "kind"),
        number=need_text(body, "number"),
        name=need_text(body, "name"),
        subject=subject,
        description=find_text(body, "description"),
        valid_from=_moment(body, "validFrom"),
        valid_until=_moment(body, "validUntil"),
        contexts=tuple(contexts),
    )


async def _issue_form(request: Request, org: str, body: JsonObject, who: Principal) -> Response:
    """Take the form; what the rules refuse comes back beside the field, with everything that was typed."""
    issuing = wallet_of(request).issuing
    try:
        order = read_order({**body, "subject": find_subject(body, wallet_of(request), who.org)})
        made = await outbound(request, lambda: issuing.issue(who.org, order, actor=who.actor))
    except CertweaveError as error:
        return issue_page(request, org, body, error)
    return kit_of(request).pages.redirect(request, _path(made))


def _moment(body: JsonObject, name: str) -> datetime | None:
    text = find_text(body, name)
    if text is None:
        return None
    try:
        if len(text) == len("2026-03-12"):
            return datetime.combine(date.fromisoformat(text), time(), UTC)
        return parse_timestamp(text)
    except ValueError:
        raise MalformedError(f"{name} is a day", code="body_malformed", path=f"/{name}") from None


def _answer(made: Holding) -> JsonObject:
    return {**holding_json(made), "verifiableCredential": made.content.decode("ascii")}


def _path(made: Holding) -> str:
    return f"/orgs/{made.org}/credentials/{made.credential_id}"
