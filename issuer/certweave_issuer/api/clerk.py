"""The clerk's JSON API: entering, approving, issuing and deciding on certificates.

What may ask the ledger runs under the outbound limiter; the rest in the server's threads.
"""

from typing import Annotated

from fastapi import APIRouter, Query
from starlette.requests import Request

from certweave.encoding.strict_json import JsonObject
from certweave.status.reasons import Action
from certweave_edge.accounts import Principal, Scope
from certweave_edge.auth import require
from certweave_edge.bodies import NoBody
from certweave_edge.kit import outbound
from certweave_edge.refused import Refusal, RefusedError
from certweave_issuer.api.shapes import (
    CorrectionBody,
    EntryBody,
    ListQuery,
    OfferBody,
    ProfileBody,
    RenewalBody,
    RevisionBody,
    RulingBody,
    StrictJson,
    certificate_json,
    detail_json,
    issuer_of,
    profile_json,
)
from certweave_issuer.service.certificates import Entry

router = APIRouter()

Reader = Annotated[Principal, require(Scope.READ)]
Clerk = Annotated[Principal, require(Scope.ISSUE)]
Judge = Annotated[Principal, require(Scope.STATUS)]
Admin = Annotated[Principal, require(Scope.ADMIN)]


@router.post("/orgs/{org}/certificates", status_code=201, summary="Enter a certificate")
def create(request: Request, org: str, who: Clerk, body: EntryBody, _: StrictJson) -> JsonObject:
    """Enter a draft; the same number with the same content gives the certificate that is there."""
    issuer = issuer_of(request)
    entry = Entry(kind=body.kind, number=body.number, scheme=body.scheme, data=body.data)
    made = issuer.certificates.create(org, entry, actor=who.actor)
    return certificate_json(made, issuer.standing.in_force(made))


@router.get("/orgs/{org}/certificates", summary="List certificates")
def listed(request: Request, org: str, who: Reader, asked: Annotated[ListQuery, Query()]) -> JsonObject:
    """Return one page, newest first."""
    issuer = issuer_of(request)
    found, total = issuer.certificates.listed(org, asked.query())
    rows = [certificate_json(one, issuer.standing.in_force(one)) for one in found]
    return {"certificates": rows, "total": total, "page": asked.page}


@router.get("/orgs/{org}/certificates/{number}", summary="A certificate with its history")
async def show(
    request: Request,
    org: str,
    number: str,
    who: Reader,
    version: Annotated[int | None, Query(ge=1, le=1_000_000)] = None,
) -> JsonObject:
    """Return a version, by default the latest; a receipt that is missing is asked for again."""
    issuer = issuer_of(request)

    def work() -> JsonObject:
        return detail_json(issuer, issuer.certificates.show(org, number, version))

    return await outbound(request, work)


@router.put("/orgs/{org}/certificates/{number}", summary="Enter a draft anew")
def revise(
    request: Request, org: str, number: str, who: Clerk, body: RevisionBody, _: StrictJson
) -> JsonObject:
    """Let a draft say something else under its number, until it is approved."""
    issuer = issuer_of(request)
    entry = Entry(kind=body.kind, number=number, scheme=body.scheme, data=body.data)
    made = issuer.certificates.revise(org, entry, actor=who.actor)
    return certificate_json(made, issuer.standing.in_force(made))


@router.post("/orgs/{org}/certificates/{number}/approve", summary="Approve a draft")
def approve(request: Request, org: str, number: str, who: Clerk, _: NoBody) -> JsonObject:
    """Approve a draft."""
    issuer = issuer_of(request)
    found = issuer.certificates.approve(org, number, actor=who.actor)
    return certificate_json(found, issuer.standing.in_force(found))


@router.post("/orgs/{org}/certificates/{number}/issue", summary="Sign and publish")
async def issue(request: Request, org: str, number: str, who: Clerk, _: NoBody) -> JsonObject:
    """Sign an approved certificate; its receipt may stay pending."""
    issuer = issuer_of(request)

    def work() -> JsonObject:
        found = issuer.certificates.issue(org, number, actor=who.actor)
        return certificate_json(found, issuer.standing.in_force(found))

    return await outbound(request, work)


@router.post("/orgs/{org}/certificates/{number}/suspend", summary="Suspend")
def suspend(
    request: Request, org: str, number: str, who: Judge, body: RulingBody, _: StrictJson
) -> JsonObject:
    """Suspend a certificate until it is reinstated."""
    return _decide(request, (org, number), Action.SUSPEND, body, who)


@router.post("/orgs/{org}/certificates/{number}/reinstate", summary="Reinstate")
def reinstate(
    request: Request, org: str, number: str, who: Judge, body: RulingBody, _: StrictJson
) -> JsonObject:
    """Reinstate a suspended certificate."""
    return _decide(request, (org, number), Action.REINSTATE, body, who)


@router.post("/orgs/{org}/certificates/{number}/withdraw", summary="Withdraw for good")
def withdraw(
    request: Request, org: str, number: str, who: Judge, body: RulingBody, _: StrictJson
) -> JsonObject:
    """Withdraw a certificate for good."""
    return _decide(request, (org, number), Action.WITHDRAW, body, who)


@router.post("/orgs/{org}/certificates/{number}/correct", status_code=201, summary="Correct")
async def correct(
    request: Request, org: str, number: str, who: Clerk, body: CorrectionBody, _: StrictJson
) -> JsonObject:
    """Replace a certificate by a corrected one, which is returned; needs the scope ``status`` too."""
    _check_scope(who, Scope.STATUS)
    issuer = issuer_of(request)

    def work() -> JsonObject:
        made = issuer.standing.correct(org, number, body.data, body.ruling(), actor=who.actor)
        return certificate_json(made, issuer.standing.in_force(made))

    return await outbound(request, work)


@router.post("/orgs/{org}/certificates/{number}/renew", status_code=201, summary="Renew")
async def renew(
    request: Request, org: str, number: str, who: Clerk, body: RenewalBody, _: StrictJson
) -> JsonObject:
    """Continue a certificate with a new one, which is returned; needs the scope ``status`` too."""
    _check_scope(who, Scope.STATUS)
    issuer = issuer_of(request)

    def work() -> JsonObject:
        made = issuer.standing.renew(org, number, body.data, new_number=body.number, actor=who.actor)
        return certificate_json(made, issuer.standing.in_force(made))

    return await outbound(request, work)


@router.post("/orgs/{org}/certificates/{number}/offer", status_code=201, summary="Offer to a wallet")
def offer(request: Request, org: str, number: str, who: Clerk, body: OfferBody, _: StrictJson) -> JsonObject:
    """Offer an issued certificate to its holder; the secrets in the answer are shown this once."""
    offers = issuer_of(request).offers
    made = offers.make(org, number, with_code=body.txCode, actor=who.actor, form=body.format)
    return {
        "id": made.offer_id,
        "offer": made.offer,
        "link": made.link,
        "shortLink": made.short_link,
        "txCode": made.tx_code,
        "expires": made.expires.isoformat(),
    }


@router.get("/orgs/{org}/profile", summary="What the organisation is")
def profile(request: Request, org: str, who: Reader) -> JsonObject:
    """Return the organisation's profile."""
    return profile_json(issuer_of(request).register.profile(org))


@router.put("/orgs/{org}/profile", summary="Set what the organisation is")
def save_profile(request: Request, org: str, who: Admin, body: ProfileBody, _: StrictJson) -> JsonObject:
    """Set the profile: role, and the authorisations that certificates carry from now on."""
    return profile_json(issuer_of(request).register.save_profile(org, body.profile(), actor=who.actor))


def _decide(
    request: Request, place: tuple[str, str], action: Action, body: RulingBody, who: Principal
) -> JsonObject:
    issuer = issuer_of(request)
    found = issuer.standing.decide(*place, action, body.ruling(), actor=who.actor)
    return certificate_json(found, issuer.standing.in_force(found))


def _check_scope(who: Principal, scope: Scope) -> None:
    if not who.may(scope):
        raise RefusedError(f"this needs the scope {scope}", Refusal.FORBIDDEN, code="scope_lacking")
