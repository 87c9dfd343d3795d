"""What the wallet says about its things, as JSON: the one form that programs get."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from certweave.encoding.strict_json import JsonObject
from certweave.product.address import make_product_address
from certweave.timestamps import format_timestamp
from certweave_wallet.ports import Act, Holding, OfferRecord, Product, RequestRecord
from certweave_wallet.service.asking import Asked
from certweave_wallet.service.presenting import shown_object, withholdable
from certweave_wallet.service.reading import TEXTS
from certweave_wallet.service.tools import Tools


def holding_json(holding: Holding) -> JsonObject:
    """Return a line about a document: nothing of what it claims."""
    looked = holding.looked
    return {
        "credentialId": holding.credential_id,
        "id": holding.url,
        "origin": holding.origin.value,
        "kind": holding.kind,
        "type": list(holding.types),
        "name": holding.name,
        "issuer": holding.issuer,
        "issuerName": holding.issuer_name,
        "format": holding.form,
        "validFrom": _moment(holding.valid_from),
        "validUntil": _moment(holding.valid_until),
        "added": _moment(holding.added),
        "verdict": None if looked is None else looked.verdict,
        "examined": None if looked is None else _moment(looked.at),
        "published": holding.published,
        "standing": holding.standing.value,
        "number": holding.number,
        "version": holding.version,
        "successor": holding.successor,
        "reason": holding.reason,
        "dated": holding.receipt is not None,
    }


def document_json(holding: Holding, history: Sequence[Act], tools: Tools) -> JsonObject:
    """Return everything about a document for its holder: what it says, its report and its history.

    ``withholdable`` are JSON Pointers of what need not be shown.
    """
    whole = None if holding.form in TEXTS else shown_object(holding, tools)
    return {
        **holding_json(holding),
        "verifiableCredential": holding.content.decode("ascii") if whole is None else whole,
        "document": holding.document,
        "withholdable": list(withholdable(holding, tools)),
        "report": None if holding.looked is None else holding.looked.report,
        "receipt": holding.receipt,
        "history": [{"at": _moment(act.at), "actor": act.actor, "act": act.act} for act in history],
    }


def offer_json(offer: OfferRecord) -> JsonObject:
    """Return an offer without its code, which is a secret between wallet and issuer."""
    return {
        "offerId": offer.offer_id,
        "issuer": offer.issuer,
        "host": offer.host,
        "names": dict(offer.names),
        "credentials": [
            {
                "configurationId": kind.configuration_id,
                "format": kind.format,
                "type": list(kind.types),
                "names": dict(kind.names),
            }
            for kind in offer.kinds
        ],
        "asksCode": offer.asks_code,
        "codeHelp": offer.code_help,
        "state": offer.state.value,
        "received": list(offer.credentials),
        "problem": None
        if offer.problem is None
        else dict(zip(("code", "detail"), offer.problem, strict=True)),
        "created": _moment(offer.created),
    }


def asked_json(asked: Asked) -> JsonObject:
    """Return a request as its holder sees it: who asks, what they will see, what stays."""
    return {
        **request_json(asked.record),
        "host": asked.host,
        "sendsTo": asked.sends_to,
        "answerable": asked.answerable,
        "expired": asked.expired,
        "missing": list(asked.missing),
        "parts": [
            {
                "id": part.query_id,
                "type": list(part.types),
                "claims": list(part.claims),
                "chosen": part.chosen,
                "candidates": [holding_json(one) for one in part.candidates],
                "choices": {
                    name: {"shown": list(choice.shown), "kept": list(choice.kept)}
                    for name, choice in part.choices.items()
                },
            }
            for part in asked.parts
        ],
        "stays": [holding_json(one) for one in asked.stays],
    }


def request_json(record: RequestRecord) -> JsonObject:
    """Return a line about a request."""
    return {
        "requestId": record.request_id,
        "did": record.did,
        "state": record.state.value,
        "created": _moment(record.created),
        "expires": _moment(record.expires),
        "answered": _moment(record.answered),
        "shown": {name: list(ids) for name, ids in record.shown.items()},
        "next": record.next_url,
    }


def product_json(product: Product) -> JsonObject:
    """Return a product with its address, as it stands in the QR code."""
    return {
        "address": address_of(product),
        "host": product.host,
        "gtin": product.gtin,
        "lot": product.lot,
        "serial": product.serial,
        "name": product.name,
        "passport": product.passport,
        "links": [_camel(asdict(link)) for link in product.links],
    }


def address_of(product: Product) -> str:
    """Return the whole address of a product."""
    return make_product_address(product.gtin, lot=product.lot, serial=product.serial).at(product.host)


def _camel(members: Mapping[str, Any]) -> JsonObject:
    names = {"credential_id": "credentialId", "media_type": "type"}
    return {names.get(name, name): value for name, value in members.items() if value not in (None, "")}


def _moment(value: datetime | None) -> str | None:
    return None if value is None else format_timestamp(value)
