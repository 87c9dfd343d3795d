"""The page of one certificate, and the acts that its state allows.

Approving and issuing are one button. What takes something away has a page of its own, with reason, day and
the number typed; correcting and renewing have the form (``entry``).
"""

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.exchange.vci_metadata import VC_JWT as FORMAT
from certweave.proof.vc_jwt import VC_JWT
from certweave.status.reasons import Action
from certweave.status.record import State
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import page
from certweave_edge.i18n import Translator, mark
from certweave_edge.kit import kit_of, outbound
from certweave_edge.problem import problem_of
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.pages.desk import PageRoute, issuer_of, page_of, specs_of, standing_of, words_of
from certweave_issuer.pages.tell import tell
from certweave_issuer.pages.words import FORMAT_WORDS, act_words, actor_words, reason_words, reasons_for
from certweave_issuer.ports import Certificate
from certweave_issuer.service.formats import formats_of
from certweave_issuer.service.issuer import Issuer
from certweave_issuer.service.kinds import KINDS, kind_words
from certweave_issuer.service.offers import Offered
from certweave_issuer.service.standing import Ruling, address_of

router = APIRouter(tags=["pages"], route_class=PageRoute)

Reader = Annotated[Principal, page(Scope.READ)]
Clerk = Annotated[Principal, page(Scope.ISSUE)]
Judge = Annotated[Principal, page(Scope.STATUS)]

_BOTH: Final = frozenset({Scope.ISSUE, Scope.STATUS})
_ACTS: Final = {
    State.DRAFT: (("approve", {Scope.ISSUE}), ("revise", {Scope.ISSUE})),
    State.APPROVED: (("issue", {Scope.ISSUE}),),
    State.ISSUED: (
        ("offer", {Scope.ISSUE}),
        ("renew", _BOTH),
        ("correct", _BOTH),
        ("suspend", {Scope.STATUS}),
        ("withdraw", {Scope.STATUS}),
    ),
    State.SUSPENDED: (("reinstate", {Scope.STATUS}), ("withdraw", {Scope.STATUS})),
}
"""What can be done in a state, and the scopes that it takes; nothing in the others."""
RULINGS: Final = {
    "suspend": (
        mark("Suspend"),
        mark("From that day on nobody is to accept it, until you reinstate it."),
    ),
    "withdraw": (
        mark("Withdraw for good"),
        mark("From that day on nobody is to accept it any more. This cannot be undone."),
    ),
    "reinstate": (mark("Reinstate"), mark("From that day on it counts again.")),
}


@router.get("/orgs/{org}/certificates/{number}", include_in_schema=False)
async def show_certificate(
    request: Request,
    org: str,
    number: str,
    who: Reader,
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> Response:
    """Show a version, by default the latest."""
    context = await outbound(request, lambda: _context(request, who, number, version))
    return page_of(request, "certificate.html", context)


@router.post("/orgs/{org}/certificates/{number}/acts/approve", summary="Approve a draft from its page")
async def approve(request: Request, org: str, number: str, who: Clerk) -> Response:
    """Approve a draft."""
    issuer = issuer_of(request)
    return await _act(request, who, number, lambda: issuer.certificates.approve(org, number, actor=who.actor))


@router.post("/orgs/{org}/certificates/{number}/acts/issue", summary="Issue from the page")
async def issue(request: Request, org: str, number: str, who: Clerk) -> Response:
    """Sign an approved certificate."""
    issuer = issuer_of(request)
    return await _act(request, who, number, lambda: issuer.certificates.issue(org, number, actor=who.actor))


@router.post("/orgs/{org}/certificates/{number}/acts/offer", summary="Offer to a wallet from the page")
async def offer(request: Request, org: str, number: str, who: Clerk) -> Response:
    """Make an offer and show it, this once."""
    issuer = issuer_of(request)
    sent = await request.form()
    with_code, form = bool(sent.get("with_code")), str(sent.get("format") or FORMAT)
    try:
        offered: Offered = await run_in_threadpool(
            lambda: issuer.offers.make(org, number, with_code=with_code, actor=who.actor, form=form)
        )
    except CertweaveError as error:
        return await _again(request, who, number, error)
    context = await run_in_threadpool(_context, request, who, number)
    return page_of(request, "offer.html", {**context, "offered": offered})


@router.get("/orgs/{org}/certificates/{number}/acts/{act}", include_in_schema=False)
async def confirm(request: Request, org: str, number: str, act: str, who: Judge) -> Response:
    """Ask for the reason, the day and the number before something is decided."""
    return await _confirm(request, who, number, _ruling_act(act), given={}, errors={})


@router.post("/orgs/{org}/certificates/{number}/acts/{act}", summary="Decide from the page")
async def decide(request: Request, org: str, number: str, act: str, who: Judge) -> Response:
    """Suspend, reinstate or withdraw."""
    issuer, action = issuer_of(request), _ruling_act(act)
    form = await request.form()
    given = {name: str(form.get(name) or "").strip() for name in ("reason", "effective", "known", "typed")}
    try:
        ruling = read_ruling(given, now=kit_of(request).clock())
        await run_in_threadpool(lambda: issuer.standing.decide(org, number, action, ruling, actor=who.actor))
    except CertweaveError as error:
        if isinstance(error, RefusedError):
            raise
        errors = find_errors(error, words_of(request))
        return await _confirm(request, who, number, action, given=given, errors=errors)
    return kit_of(request).pages.redirect(request, f"/orgs/{org}/certificates/{number}")


def read_ruling(given: Mapping[str, str], *, now: datetime) -> Ruling:
    """Return what a form decides; today means now, another day its first moment in UTC.

    Raises:
        InvalidError: no reason was chosen, or it was known only after today.
        MalformedError: a day cannot be read.
    """
    if not given.get("reason"):
        raise InvalidError("choose a reason", code="reason_missing", path="/reason")
    known = _moment(given.get("known", ""), "/known", now)
    if known is not None and known > now:
        raise InvalidError("this day has not come yet", code="known_later", path="/known")
    return Ruling(
        reason=given["reason"],
        typed=given.get("typed") or None,
        effective_from=_moment(given.get("effective", ""), "/effective", now),
        known_since=known,
    )


def find_errors(error: CertweaveError, words: Translator) -> dict[str, str]:
    """Return what is wrong by the name of the field of a ruling; what fits no field under an empty name."""
    names = {
        "/typed": "typed",
        "/reason": "reason",
        "/effective": "effective",
        "/known": "known",
        "/knownSince": "known",
    }
    known = {
        "number_not_confirmed": mark("Type the number exactly as it stands above."),
        "reason_missing": mark("Choose a reason."),
        "status_reason_unknown": mark("Choose a reason."),
        "known_later": mark("This day has not come yet."),
        "day_malformed": mark("This is no date. Write it as year-month-day: 2026-03-31"),
        "status_transition": mark("Its state does not allow that any more. Somebody may have been faster."),
        "status_record_order": mark("This day lies before the one from which the last decision counts."),
    }
    sentence = words.gettext(known[error.code]) if error.code in known else error.detail
    fallback = "effective" if error.code == "status_record_order" else ""
    return {names.get(error.path or "", fallback): sentence}


def _moment(text: str, path: str, now: datetime) -> datetime | None:
    if not text:
        return None
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise MalformedError("this is no day", code="day_malformed", path=path) from None
    return None if day == now.date() else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _ruling_act(act: str) -> Action:
    if act not in RULINGS:
        raise RefusedError("there is no such act", Refusal.NOT_FOUND, code="act_unknown")
    return Action(act)


async def _act(request: Request, who: Principal, number: str, work: Callable[[], Certificate]) -> Response:
    try:
        await outbound(request, work)
    except CertweaveError as error:
        return await _again(request, who, number, error)
    return kit_of(request).pages.redirect(request, f"/orgs/{who.org}/certificates/{number}")


async def _again(request: Request, who: Principal, number: str, error: CertweaveError) -> Response:
    """Show the certificate once more, with why an act was refused."""
    problem = problem_of(error)
    if problem.status == Refusal.NOT_FOUND:
        raise error
    words = words_of(request)
    context = await run_in_threadpool(_context, request, who, number)
    said = {
        "four_eyes": mark("You entered this certificate, so somebody else must approve it."),
        "identity_missing": mark("The organisation has no signing identity yet. Its operator can make one."),
        "holder_no_did": mark("The holder has no DID, so no wallet can prove to be theirs."),
        "act_raced": mark("Somebody else was faster. Here is how it stands now."),
        "status_transition": mark("Its state does not allow that any more. Somebody may have been faster."),
    }
    context["refused"] = words.gettext(said[error.code]) if error.code in said else error.detail
    return page_of(request, "certificate.html", context, status=problem.status)


async def _confirm(
    request: Request,
    who: Principal,
    number: str,
    action: Action,
    *,
    given: Mapping[str, str],
    errors: Mapping[str, str],
) -> Response:
    words = words_of(request)
    context = await run_in_threadpool(_context, request, who, number)
    if action.value not in context["acts"] and not errors:
        return kit_of(request).pages.redirect(request, f"/orgs/{who.org}/certificates/{number}")
    title, sentence = RULINGS[action.value]
    more = {
        "act": action.value,
        "title": title,
        "sentence": sentence,
        "reasons": [("", words.gettext(mark("Choose…"))), *reasons_for(action, words)],
        "today": kit_of(request).clock().date().isoformat(),
        "given": given,
        "errors": errors,
        "typed": action is not Action.REINSTATE,
    }
    return page_of(request, "confirm.html", {**context, **more}, status=422 if errors else 200)


def _context(request: Request, who: Principal, number: str, version: int | None = None) -> dict[str, Any]:
    """Return what the page of a certificate shows, by default of its latest version."""
    issuer, words = issuer_of(request), words_of(request)
    found = issuer.certificates.show(who.org, number, version)
    now, latest = issuer.office.clock(), issuer.certificates.show(found.org, found.number)
    decided = State.EXPIRED if found.valid_until is not None and found.valid_until < now else found.state
    allowed = _ACTS.get(decided, ()) if latest.key == found.key else ()
    acts = [act for act, scopes in allowed if all(who.may(scope) for scope in scopes)]
    if found.kind not in KINDS:
        acts = [act for act in acts if act not in {"offer", "revise", "renew", "correct"}]
    return {
        "org": found.org,
        "certificate": found,
        "kind": kind_words(found.kind),
        "standing": standing_of(issuer, found, words),
        "told": tell(specs_of(issuer, found, words), found.data, words),
        "cited": {address_of(one): one for one in issuer.office.store.cited(found.org, found.key)},
        "scheme": _scheme(issuer, found, words),
        "history": _history(issuer, found, words, kit_of(request).directory.name_tokens(found.org)),
        "address": address_of(found),
        "is_jwt": found.media_type == VC_JWT,
        "latest": latest.version,
        "neighbours": _neighbours(issuer, found),
        "touched": issuer.standing.built_on(found) if found.issued is not None else (),
        "acts": acts,
        "formats": _formats(issuer, found.org) if "offer" in acts else [],
        "has_ledger": issuer.office.ledger is not None,
        "may_status": who.may(Scope.STATUS),
        "refused": "",
    }


def _formats(issuer: Issuer, org: str) -> list[tuple[str, str]]:
    return [(form, FORMAT_WORDS[form]) for form in formats_of(issuer.office, org)]


def _scheme(issuer: Issuer, found: Certificate, words: Translator) -> str:
    catalogue = issuer.office.catalogues.get(found.scheme or "")
    if catalogue is None:
        return found.scheme or ""
    return words.text(catalogue.names[catalogue.scheme.id])


def _neighbours(issuer: Issuer, found: Certificate) -> list[tuple[str, Certificate]]:
    """Return what a certificate replaces and what has replaced it."""
    pairs = (
        (mark("It takes the place of"), found.predecessor),
        (mark("Its place is taken by"), found.successor),
    )
    return [(label, issuer.certificates.published(found.org, key)) for label, key in pairs if key]


def _history(
    issuer: Issuer, found: Certificate, words: Translator, tokens: Mapping[str, str]
) -> list[dict[str, Any]]:
    return [
        {
            "at": deed.at,
            "who": actor_words(deed.actor, words, tokens),
            "what": words.gettext(act_words(deed.act)),
            "version": deed.version,
            "why": words.gettext(reason_words(deed.reason)),
            "from": None if deed.effective_from == deed.at else deed.effective_from,
        }
        for deed in issuer.standing.history(found.org, found.number)
    ]
