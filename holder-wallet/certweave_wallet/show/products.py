"""The page of product addresses, each with its code."""

from starlette.requests import Request
from starlette.responses import Response

from certweave_edge.kit import kit_of
from certweave_wallet.here import wallet_of
from certweave_wallet.ports import Standing
from certweave_wallet.service.views import address_of


def products_page(request: Request, org: str) -> Response:
    """Return the products of a brand, and the form for one more."""
    wallet = wallet_of(request)
    passports = [
        (one.credential_id, f"{one.name} ({one.credential_id})")
        for one in wallet.documents.all(org)
        if one.kind == "DigitalProductPassport" and one.published and one.standing is Standing.CURRENT
    ]
    data = {
        "org": org,
        "products": [(one, address_of(one)) for one in wallet.products.all(org)],
        "hosts": list(wallet.products.hosts(org)),
        "passports": passports,
    }
    return kit_of(request).pages.render(request, "wallet/products.html", data)
