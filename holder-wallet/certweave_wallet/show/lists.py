"""The pages with forms of a few fields: documents and offers, one offer, requests.

Where a rule refuses what was typed, the same page comes back with what was typed and what the rule said.
"""

from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from certweave.errors import CertweaveError
from certweave_edge.accounts import Principal, Scope
from certweave_edge.kit import kit_of
from certweave_edge.problem import problem_of
from certweave_wallet.here import wallet_of
from certweave_wallet.ports import OfferRecord
from certweave_wallet.show.words import kind_of, party_of, place_of, state_of


def documents_page(
    request: Request,
    who: Principal,
    *,
    typed: str = "",
    pasted: str | None = None,
    error: CertweaveError | None = None,
) -> Response:
    """Return the list of documents and of offers that wait.

    ``error`` is what was wrong with ``pasted``, the text of a certificate, or else with ``typed``, the link
    of an offer.
    """
    wallet = wallet_of(request)
    now = wallet.tools.clock()
    data = {
        "org": who.org,
        "name": wallet.tools.name_of(who.org),
        "rows": [(one, kind_of(one), *state_of(one, now)) for one in wallet.documents.all(who.org)],
        "party": party_of,
        "offers": wallet.offers.open(who.org),
        "may_take": who.may(Scope.ISSUE),
        "typed": typed,
        "pasted": pasted,
    }
    return form_page(request, "wallet/documents.html", data, error, page=f"/orgs/{who.org}/")


def offer_page(request: Request, offer: OfferRecord, *, error: CertweaveError | None = None) -> Response:
    """Return who offers what."""
    page = f"/orgs/{offer.org}/offers/{offer.offer_id}"
    return form_page(request, "wallet/offer.html", {"org": offer.org, "offer": offer}, error, page=page)


def requests_page(
    request: Request, who: Principal, *, typed: str = "", error: CertweaveError | None = None
) -> Response:
    """Return the latest requests, newest first; ``typed`` is the link of another one."""
    wallet = wallet_of(request)
    data = {
        "org": who.org,
        "requests": wallet.requests.all(who.org),
        "place": place_of,
        "now": wallet.tools.clock(),
        "typed": typed,
    }
    return form_page(request, "wallet/requests.html", data, error, page=f"/orgs/{who.org}/requests")


def form_page(
    request: Request, template: str, data: dict[str, Any], error: CertweaveError | None, *, page: str
) -> Response:
    """Return a page with a form; ``error`` is what was wrong with it, ``page`` where it is had."""
    problem = None if error is None else problem_of(error)
    shown = {**data, "error": error, "wait": 0 if problem is None else problem.wait}
    status = 200 if problem is None else problem.status
    return kit_of(request).pages.render(request, template, shown, status=status, page=page)
