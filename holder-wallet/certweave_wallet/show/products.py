"""The page of product addresses, each with its code."""

from starlette.requests import Request
from starlette.responses import Response

from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave_wallet.here import wallet_of
from certweave_wallet.ports import Standing
from certweave_wallet.service.views import address_of
from certweave_wallet.show.lists import form_page


def products_page(
    request: Request, org: str, filled: JsonObject, error: CertweaveError | None = None
) -> Response:
    """Return the products of a brand, and the form for one more, as it was ``filled``."""
    wallet = wallet_of(request)
    passports = [
        (one.credential_id, f"{one.name} ({one.credential_id})")
        for one in wallet.documents.all(org)
        if one.kind == "DigitalProductPassport" and one.published and one.standing is Standing.CURRENT
    ]
    data = {
        "org": org,
        "products": [(one, address_of(one)) for one in wallet.products.all(org)],
        "hosts": [(host, host) for host in wallet.products.hosts(org)],
        "passports": passports,
        "filled": filled,
    }
    return form_page(request, "wallet/products.html", data, error, page=f"/orgs/{org}/products")
