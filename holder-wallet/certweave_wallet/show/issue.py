"""The form for own documents: a few fields of the UNTP model for each kind, or the whole subject as JSON."""

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from certweave.credential.build_parts import (
    make_address,
    make_classification,
    make_country,
    make_event,
    make_event_product,
    make_facility,
    make_identifier_scheme,
    make_material,
    make_measure,
    make_party,
    make_product,
    make_reference,
)
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError
from certweave.product.address import make_product_address
from certweave_edge.kit import kit_of
from certweave_edge.problem import problem_of
from certweave_wallet.here import find_text, need_text, wallet_of
from certweave_wallet.service.wallet import Wallet

_GTIN: Final = ("https://id.gs1.org/01/", "Global Trade Item Number")
_CPC: Final = ("https://unstats.un.org/unsd/classifications/Econ/cpc/", "UN Central Product Classification")
_PROCESS: Final = ("https://certweave.example/ns/v1#Process", "Certweave processes")


def issue_page(request: Request, org: str, filled: JsonObject, error: CertweaveError | None) -> Response:
    """Return the form with what was typed and, where a rule refused it, what the rule said and where."""
    wallet = wallet_of(request)
    data = {
        "org": org,
        "kind": filled.get("kind", "passport"),
        "filled": filled,
        "error": error,
        "hosts": wallet.products.hosts(org),
    }
    status = 200 if error is None else problem_of(error).status
    return kit_of(request).pages.render(request, "wallet/issue.html", data, status=status)


def find_subject(body: JsonObject, wallet: Wallet, org: str) -> Any:
    """Return the subject that the fields describe, or the JSON that was pasted.

    Raises:
        MalformedError, InvalidError: a field is missing or cannot be, with the field as its path.
    """
    pasted = find_text(body, "subject")
    if pasted is not None:
        return pasted
    makers = {"passport": _product, "facility": _facility, "event": _event}
    make = makers.get(need_text(body, "kind"))
    if make is None:
        raise MalformedError("a kind is passport, facility or event", code="kind_unknown", path="/kind")
    return make(body, wallet, org)


def _product(body: JsonObject, wallet: Wallet, org: str) -> JsonObject:
    hosts = wallet.products.hosts(org)
    if not hosts:
        detail = "your organisation has no host for product addresses yet; the operator gives it one"
        raise InvalidError(detail, code="host_unclear", path="/gtin")
    lot = find_text(body, "lot")
    address = make_product_address(need_text(body, "gtin"), lot=lot)
    country = make_country(need_text(body, "country").upper())
    material = find_text(body, "material")
    category = make_classification(
        need_text(body, "category"), need_text(body, "categoryName"), scheme=_CPC[0], scheme_name=_CPC[1]
    )
    materials = []
    if material is not None:
        share = _number(body, "share") / 100
        materials.append(make_material(material, kind=category, country=country, share=share))
    more: dict[str, Any] = {} if lot is None else {"batchNumber": lot}
    return make_product(
        address.at(hosts[0]),
        need_text(body, "name"),
        scheme=make_identifier_scheme(*_GTIN),
        granularity=address.granularity,
        categories=[category],
        facility=make_reference("Facility", need_text(body, "facilityId"), need_text(body, "facilityName")),
        country=country,
        materials=materials,
        **more,
    )


def _facility(body: JsonObject, wallet: Wallet, org: str) -> JsonObject:
    country = make_country(need_text(body, "country").upper())
    return make_facility(
        need_text(body, "facilityId"),
        need_text(body, "name"),
        country=country,
        processes=[_process(body)],
        address=make_address(
            need_text(body, "street"),
            postcode=need_text(body, "postcode"),
            town=need_text(body, "town"),
            region=need_text(body, "region"),
            country=country,
        ),
        operator=make_party(wallet.tools.identities.did_of(org), wallet.tools.name_of(org)),
    )


def _event(body: JsonObject, wallet: Wallet, org: str) -> list[JsonObject]:
    product_id = need_text(body, "productId")
    product = make_reference("Product", product_id, need_text(body, "productName"), idGranularity="batch")
    amount = make_measure(_number(body, "quantity"), "KGM")
    party = make_party(wallet.tools.identities.did_of(org), wallet.tools.name_of(org))
    facility = make_reference("Facility", need_text(body, "facilityId"), need_text(body, "facilityName"))
    event = make_event(
        "MakeEvent",
        f"{product_id}#made-{need_text(body, 'number')}",
        need_text(body, "name"),
        date=f"{need_text(body, 'date')}T12:00:00Z",
        activity=_process(body),
        inputProduct=[],
        outputProduct=[make_event_product(product, quantity=amount, disposition="new")],
        madeAtFacility=facility,
        relatedParty=[{"role": "producer", "party": party}],
    )
    return [event]


def _process(body: JsonObject) -> JsonObject:
    words = need_text(body, "process")
    code = "-".join(words.lower().split())
    return make_classification(code, words, scheme=_PROCESS[0], scheme_name=_PROCESS[1])


def _number(body: JsonObject, name: str) -> float:
    try:
        value = float(need_text(body, name).replace(",", "."))
    except ValueError:
        value = -1.0
    if not 0 < value < 1e12:
        raise MalformedError(f"{name} is a number above zero", code="body_malformed", path=f"/{name}")
    return value
