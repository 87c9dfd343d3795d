"""Entering a certificate: choose what, fill the scheme's form; correcting and renewing with the same form.

The form works without JavaScript: adding and removing rows sends it, and it comes back as it was typed.
Nothing is refused before all fields were looked at, and what the service refuses stands at its field.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from certweave.credential.catalogue import Catalogue
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError
from certweave.status.reasons import Action
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import page
from certweave_edge.i18n import Translator, mark
from certweave_edge.kit import kit_of, outbound
from certweave_edge.problem import problem_of
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.pages.certificate import find_errors, read_ruling
from certweave_issuer.pages.desk import PageRoute, issuer_of, page_of, words_of
from certweave_issuer.pages.form_spec import Spec, certificate_form, has_form
from certweave_issuer.pages.form_values import (
    MISSING,
    Tree,
    add_row,
    collect,
    empty_tree,
    parse,
    remove_row,
    spread,
    without_blank_rows,
)
from certweave_issuer.pages.form_view import show_form
from certweave_issuer.pages.words import reasons_for
from certweave_issuer.ports import Certificate
from certweave_issuer.service.certificates import Entry, find_kind
from certweave_issuer.service.issuer import Issuer
from certweave_issuer.service.kinds import ANCHOR, KINDS, Kind

router = APIRouter(tags=["pages"], route_class=PageRoute)

Clerk = Annotated[Principal, page(Scope.ISSUE)]
Change = Literal["revise", "correct", "renew"]
NO_SCHEME: Final = "-"
_OWN: Final = ("number", "reason", "effective", "known", "typed")
"""Fields that are about the act, not about what the certificate says."""
_SENTENCES: Final = {
    "number_taken": mark("There is already a certificate with this number, and it says something else."),
    "number_malformed": mark("A number has letters, digits, dots, hyphens and underscores, at most 80."),
    "period": mark("It ends before it starts."),
    "nothing_corrected": mark("This says what the certificate says already. Change what is wrong."),
    "identity_missing": mark("The organisation has no signing identity yet. Its operator can make one."),
    "not_draft": mark("It is no draft any more: it was approved meanwhile."),
    "status_transition": mark("Its state does not allow that any more. Somebody may have been faster."),
    "four_eyes": mark("You entered this certificate, so somebody else must do this."),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A form on the desk: what it is about, what was typed, what is wrong."""

    kind: Kind
    catalogue: Catalogue | None
    specs: tuple[Spec, ...]
    tree: Tree
    own: Mapping[str, str]
    old: Certificate | None = None
    act: str = "new"
    errors: dict[str | None, str] = field(default_factory=dict)
    own_errors: dict[str, str] = field(default_factory=dict)

    @property
    def scheme(self) -> str | None:
        """The id of the scheme, where the kind has one."""
        return None if self.catalogue is None else self.catalogue.scheme.id


@router.get("/orgs/{org}/certificates/new", include_in_schema=False)
async def choose_or_fill(
    request: Request, org: str, who: Clerk, scheme: str = "", kind: str = ""
) -> Response:
    """Offer what can be entered; once that is chosen, its empty form."""
    issuer, words = issuer_of(request), words_of(request)
    if not kind:
        return page_of(request, "choose.html", {"schemes": _offered(issuer, words), "org": org})
    return _show(request, org, _empty_sheet(issuer, scheme, kind, words))


@router.post("/orgs/{org}/certificates/new", summary="Enter a certificate from its form")
async def enter(request: Request, org: str, who: Clerk) -> Response:
    """Save a draft, or show the form again: with another row, or with what is wrong."""
    issuer, words, form = issuer_of(request), words_of(request), await request.form()
    blank = _empty_sheet(issuer, str(form.get("scheme") or ""), str(form.get("kind") or ""), words)
    sheet, data = _read(blank, form, words)
    if data is None:
        return _show(request, org, sheet)
    entry = Entry(kind=sheet.kind.name, number=sheet.own["number"], scheme=sheet.scheme, data=data)
    try:
        await run_in_threadpool(lambda: issuer.certificates.create(org, entry, actor=who.actor))
    except CertweaveError as error:
        return _refused(request, org, sheet, error, words)
    return kit_of(request).pages.redirect(request, f"/orgs/{org}/certificates/{entry.number}")


@router.get("/orgs/{org}/certificates/{number}/forms/{act}", include_in_schema=False)
async def change_form(request: Request, org: str, number: str, act: Change, who: Clerk) -> Response:
    """Show the form of a certificate, filled with what it says, to change, correct or renew it."""
    _check_scope(who, act)
    issuer, words = issuer_of(request), words_of(request)
    old = await run_in_threadpool(issuer.certificates.show, org, number)
    return _show(request, org, _filled_sheet(issuer, old, act, words))


@router.post(
    "/orgs/{org}/certificates/{number}/forms/{act}", summary="Change, correct or renew a certificate"
)
async def change(request: Request, org: str, number: str, act: Change, who: Clerk) -> Response:
    """Let a draft say something else, or replace a certificate by what the form says."""
    _check_scope(who, act)
    issuer, words, form = issuer_of(request), words_of(request), await request.form()
    old = await run_in_threadpool(issuer.certificates.show, org, number)
    sheet, data = _read(_filled_sheet(issuer, old, act, words), form, words)
    if data is None:
        return _show(request, org, sheet)
    entered: JsonObject = data

    def work() -> Certificate:
        if act == "revise":
            entry = Entry(kind=old.kind, number=number, scheme=sheet.scheme, data=entered)
            return issuer.certificates.revise(org, entry, actor=who.actor)
        if act == "renew":
            new = sheet.own["number"] or None
            return issuer.standing.renew(org, number, entered, new_number=new, actor=who.actor)
        ruling = read_ruling(sheet.own, now=kit_of(request).clock())
        return issuer.standing.correct(org, number, entered, ruling, actor=who.actor)

    try:
        made = await outbound(request, work)
    except CertweaveError as error:
        return _refused(request, org, sheet, error, words)
    return kit_of(request).pages.redirect(request, f"/orgs/{org}/certificates/{made.number}")


def _offered(issuer: Issuer, words: Translator) -> list[dict[str, Any]]:
    """Return what can be entered: under each scheme, and without one."""
    schemes = []
    for catalogue in issuer.office.catalogues.values():
        kinds = [one for one in KINDS.values() if one.type_name != ANCHOR and has_form(one, catalogue)]
        schemes.append(
            {
                "id": catalogue.scheme.id,
                "name": words.text(catalogue.names[catalogue.scheme.id]),
                "kinds": kinds,
            }
        )
    alone = [one for one in KINDS.values() if one.type_name == ANCHOR]
    return [*schemes, {"id": NO_SCHEME, "name": words.gettext(mark("Without a scheme")), "kinds": alone}]


def _empty_sheet(issuer: Issuer, scheme: str, kind_name: str, words: Translator) -> Sheet:
    kind = find_kind(kind_name)
    catalogue = issuer.office.catalogues.get(scheme)
    if catalogue is None and kind.type_name != ANCHOR:
        raise InvalidError("this scheme is in no catalogue here", code="scheme_unknown", path="/scheme")
    if not has_form(kind, catalogue):
        raise InvalidError("this scheme has no such certificate", code="kind_unknown", path="/kind")
    if kind.type_name == ANCHOR:
        catalogue = None
    specs = certificate_form(kind, catalogue, words)
    tree = empty_tree(specs)
    if catalogue is not None and kind.member and "schemes" in tree[kind.member]:
        tree[kind.member]["schemes"] = [catalogue.scheme.id]
    return Sheet(kind=kind, catalogue=catalogue, specs=specs, tree=tree, own=dict.fromkeys(_OWN, ""))


def _filled_sheet(issuer: Issuer, old: Certificate, act: str, words: Translator) -> Sheet:
    kind, catalogue = find_kind(old.kind), issuer.office.catalogues.get(old.scheme or "")
    if not has_form(kind, catalogue):
        raise RefusedError(
            "this certificate came from a program, and only that can change it",
            Refusal.CONFLICT,
            code="no_form",
        )
    specs = certificate_form(kind, catalogue, words)
    own = dict.fromkeys(_OWN, "")
    tree = spread(specs, old.data)
    return Sheet(kind=kind, catalogue=catalogue, specs=specs, tree=tree, own=own, old=old, act=act)


def _read(blank: Sheet, form: FormData, words: Translator) -> tuple[Sheet, JsonObject | None]:
    """Return the form as it was typed, and the data where it can be saved."""
    posted: dict[str, list[str]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            posted.setdefault(name, []).append(value)
    own = {name: (posted.get(name) or [""])[-1].strip() for name in _OWN}
    tree = collect(blank.specs, posted)
    wanted, _, place = (posted.get("do") or ["save"])[0].partition(" ")
    if wanted == "add":
        add_row(blank.specs, tree, place)
    elif wanted == "remove":
        remove_row(blank.specs, tree, place)
    if wanted != "save":
        return _with(blank, tree, own), None
    tree = without_blank_rows(blank.specs, tree)
    data, wrong = parse(blank.specs, tree)
    errors: dict[str | None, str] = {name: words.gettext(sentence) for name, sentence in wrong.items()}
    missing = blank.act == "new" and not own["number"]
    own_errors = {"number": words.gettext(MISSING)} if missing else {}
    sheet = _with(blank, tree, own, errors=errors, own_errors=own_errors)
    return sheet, None if errors or own_errors else data


def _with(
    sheet: Sheet,
    tree: Tree,
    own: Mapping[str, str],
    *,
    errors: dict[str | None, str] | None = None,
    own_errors: dict[str, str] | None = None,
) -> Sheet:
    return Sheet(
        kind=sheet.kind,
        catalogue=sheet.catalogue,
        specs=sheet.specs,
        tree=tree,
        own=own,
        old=sheet.old,
        act=sheet.act,
        errors=errors or {},
        own_errors=own_errors or {},
    )


def _refused(request: Request, org: str, sheet: Sheet, error: CertweaveError, words: Translator) -> Response:
    """Show the form again, with what the service refused at its field."""
    problem = problem_of(error)
    if problem.status == Refusal.NOT_FOUND:
        raise error
    sentence = words.gettext(_SENTENCES[error.code]) if error.code in _SENTENCES else _plain(error)
    own: dict[str, str] = {}
    if error.path == "/number":
        own["number"] = sentence
    elif sheet.act == "correct" and (found := find_errors(error, words)) and "" not in found:
        own.update(found)
    errors: dict[str | None, str] = {} if own else {error.path: sentence}
    again = _with(sheet, sheet.tree, sheet.own, errors=errors, own_errors=own)
    return _show(request, org, again, status=problem.status)


def _plain(error: CertweaveError) -> str:
    """Return what core says about a place without the place: the field stands beside it."""
    place, _, sentence = error.detail.partition(": ")
    return sentence if sentence and place.startswith("/") else error.detail


def _show(request: Request, org: str, sheet: Sheet, *, status: int = 0) -> Response:
    words = words_of(request)
    view = show_form(sheet.specs, sheet.tree, sheet.errors, words)
    wrong = bool(view.complaints or sheet.own_errors)
    reasons = [("", words.gettext(mark("Choose…"))), *reasons_for(Action.CORRECT, words)]
    context = {
        "org": org,
        "sheet": sheet,
        "view_of_form": view,
        "scheme": ""
        if sheet.catalogue is None
        else words.text(sheet.catalogue.names[sheet.catalogue.scheme.id]),
        "scheme_id": sheet.scheme or NO_SCHEME,
        "reasons": reasons,
        "today": kit_of(request).clock().date().isoformat(),
        "wrong": wrong,
    }
    return page_of(request, "form.html", context, status=status or (422 if wrong else 200))


def _check_scope(who: Principal, act: Change) -> None:
    if act != "revise" and not who.may(Scope.STATUS):
        raise RefusedError("this needs the scope status", Refusal.FORBIDDEN, code="scope_lacking")
