"""What anyone may see: a certificate at its address, and the register of scope certificates."""

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Query
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from certweave_edge.accounts import Principal
from certweave_edge.auth import visitor
from certweave_edge.i18n import Translator
from certweave_edge.kit import kit_of
from certweave_issuer.pages.desk import PageRoute, catalogue_of, issuer_of, specs_of, standing_of, words_of
from certweave_issuer.pages.tell import tell
from certweave_issuer.pages.words import OUTCOMES, STATES
from certweave_issuer.ports import Certificate
from certweave_issuer.service.issuer import Issuer
from certweave_issuer.service.kinds import kind_words
from certweave_issuer.service.register import PAGE
from certweave_issuer.service.standing import address_of

router = APIRouter(tags=["pages"], route_class=PageRoute)

Visitor = Annotated[Principal | None, visitor()]


@router.get("/", include_in_schema=False)
async def start(request: Request, who: Visitor) -> Response:
    """Lead to the desk of who is logged in, everybody else to the register."""
    return kit_of(request).pages.redirect(request, "/register" if who is None else f"/orgs/{who.org}/")


@router.get("/orgs/{org}/credentials/{key}", include_in_schema=False)
async def show_credential(request: Request, org: str, key: str, who: Visitor) -> Response:
    """Show an issued certificate to whoever has its address."""
    issuer, words = issuer_of(request), words_of(request)
    found = await run_in_threadpool(issuer.certificates.published, org, key)
    return await _show(request, issuer, found, words)


@router.get("/register", include_in_schema=False)
@router.get("/register/", include_in_schema=False)
async def search(
    request: Request,
    who: Visitor,
    text: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=10_000)] = 1,
) -> Response:
    """Search the register."""
    issuer = issuer_of(request)
    found = await run_in_threadpool(lambda: issuer.register.search(text.strip(), page=page))
    asked = {"text": text.strip()} if text.strip() else {}
    context = {
        "rows": [{"line": one, "word": STATES[one.state], "outcome": OUTCOMES[one.state]} for one in found],
        "text": text.strip(),
        "page": page,
        "more": len(found) == PAGE,
        "links": {step: "?" + urlencode({**asked, "page": page + step}) for step in (-1, 1)},
    }
    return kit_of(request).pages.render(request, "issuer/register.html", context)


@router.get("/register/{org}/{number}", include_in_schema=False)
async def show_registered(request: Request, org: str, number: str, who: Visitor) -> Response:
    """Show a scope certificate of the register."""
    issuer, words = issuer_of(request), words_of(request)
    line = await run_in_threadpool(issuer.register.look_up, org, number)
    return await _show(request, issuer, line.certificate, words)


async def _show(request: Request, issuer: Issuer, found: Certificate, words: Translator) -> Response:
    context = await run_in_threadpool(_context, issuer, found, words)
    context["verifier"] = getattr(kit_of(request).settings, "verifier_url", "")
    answer = kit_of(request).pages.render(request, "issuer/credential.html", context)
    if not found.public:
        answer.headers["X-Robots-Tag"] = "noindex"
        answer.headers["Cache-Control"] = "private, no-cache"
    return answer


def _context(issuer: Issuer, found: Certificate, words: Translator) -> dict[str, Any]:
    catalogue = catalogue_of(issuer, found)
    return {
        "certificate": found,
        "kind": kind_words(found.kind),
        "issuer_name": issuer.office.profile(found.org).name,
        "issuer_did": _issuer_did(found),
        "standing": standing_of(issuer, found, words),
        "told": tell(specs_of(issuer, found, words), found.data, words),
        "scheme": "" if catalogue is None else words.text(catalogue.names[catalogue.scheme.id]),
        "authorities": _authorities(found),
        "address": address_of(found),
        "successor": issuer.certificates.published(found.org, found.successor) if found.successor else None,
        "check": urlencode({"link": address_of(found)}),
    }


def _authorities(found: Certificate) -> list[str]:
    """Return who stands behind the issuer, as the certificate itself says."""
    subject = found.document.get("credentialSubject")
    links = subject.get("authorisation") if isinstance(subject, dict) else None
    named = [one.get("name") for one in links or () if isinstance(one, dict)]
    return [name for name in named if isinstance(name, str) and name]


def _issuer_did(found: Certificate) -> str:
    named = found.document.get("issuer", "")
    return str(named.get("id", "") if isinstance(named, dict) else named)
