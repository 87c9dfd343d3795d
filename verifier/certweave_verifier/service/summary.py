"""What a verified credential says, as facts for a reader: who, for whom, which scheme, what, how long.

Only claims whose signature held are summarised. Terms are texts for translation, values are those of the
document; members that have another form than expected are left out, never guessed.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, NamedTuple

from certweave.credential.shapes import issuer_id, types
from certweave.credential.vcdm import validity
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.examine.model import SD_JWT_VC
from certweave.examine.report import Report
from certweave.proof.sd_jwt.vcld import LD
from certweave.proof.vc_jwt import claims as read_claims
from certweave_edge.i18n import mark
from certweave_verifier.product_words import STAGES

Text = str | Mapping[str, str]
MOST = 8
"""Items of one list that are shown; the rest is counted."""


class Measure(NamedTuple):
    """An amount and its UN/CEFACT code."""

    amount: float
    unit: str


class Word(NamedTuple):
    """A code of the document that has a word of ours, for translation."""

    word: str


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the summary.

    ``also`` is an identifier below it, ``more`` how many items are not shown; a ``word`` is to be translated,
    every other value is the document's own. So is the term where ``own`` says it.
    """

    term: str
    value: Text | datetime | tuple[Text | Measure | Word, ...]
    kind: Literal["text", "word", "list", "date", "code"] = "text"
    also: str = ""
    more: int = 0
    own: bool = False


KINDS = {
    "ScopeCertificate": mark("Scope certificate"),
    "TransactionCertificate": mark("Transaction certificate"),
    "InventoryConformance": mark("Inventory conformance"),
    "LaboratoryResult": mark("Laboratory result"),
    "Delegation": mark("Power to act for somebody"),
    "LabelRelease": mark("Label release"),
    "IssuerApproval": mark("Approval of a certifier"),
    "DigitalProductPassport": mark("Product passport"),
    "DigitalConformityCredential": mark("Certificate"),
    "DigitalFacilityRecord": mark("Facility record"),
    "DigitalTraceabilityEvent": mark("Events of a supply chain"),
    "DigitalIdentityAnchor": mark("Entry of a register"),
    "BitstringStatusListCredential": mark("Status list"),
}
"""What a credential is called, by the first of its types that is known."""


_LAST_WORD = re.compile("[/#:]")
_ABOUT_THE_TOKEN = frozenset(
    {"iss", "sub", "iat", "nbf", "exp", "jti", "vct", "vct#integrity", "aka_vcts", "cnf", "status", LD}
)


def kind_of(document: JsonObject) -> str:
    """Return what a credential is called, for translation."""
    return next((KINDS[name] for name in types(document) if name in KINDS), mark("Credential"))


def title_of(report: Report) -> str:
    """Return the name of what was checked; empty where no signature held."""
    shown = report.credentials[0] if report.credentials else report
    name = _name(shown.document) if shown.document else ""
    text = name if isinstance(name, str) else next(iter(name.values()), "")
    return "".join(letter if letter.isprintable() else " " for letter in text[:200])


def facts(report: Report) -> tuple[Fact, ...]:
    """Return what the examined credential says; nothing where its signature did not hold."""
    document = report.document
    if document is None or report.credentials:
        return ()
    claims = _object(document.get(SD_JWT_VC))
    found = _of_claims(document, claims) if claims else _of_document(document)
    return tuple(fact for fact in found if fact.value)


def _of_document(document: JsonObject) -> Iterator[Fact]:
    yield Fact(mark("Kind"), kind_of(document), "word")
    yield from _said(document, _period(document))


def _of_claims(document: JsonObject, claims: JsonObject) -> Iterator[Fact]:
    """An SD-JWT VC: its type is a name of its issuer's, no word of ours; what stands in ``ld`` is told."""
    vct = _plain(claims.get("vct"))
    yield Fact(mark("Kind"), _LAST_WORD.split(vct.rstrip("/"))[-1], also=vct)
    others = [(name, value) for name, value in claims.items() if name not in _ABOUT_THE_TOKEN]
    yield from (Fact(name, value, own=True) for name, value in others[:MOST] if isinstance(value, str))
    issued = {**_object(claims.get(LD)), "issuer": document.get("issuer")}
    yield from _said(issued, _token_period(claims))


def _said(document: JsonObject, period: Iterator[Fact]) -> Iterator[Fact]:
    subject = _object(document.get("credentialSubject"))
    yield from _parties(document, subject)
    yield from _scheme(subject)
    yield from _covers(subject)
    yield from period
    yield from _numbers(document, subject)


def _parties(document: JsonObject, subject: JsonObject) -> Iterator[Fact]:
    yield Fact(mark("Name"), _name(document))
    issuer = document.get("issuer")
    yield _named(mark("Issuer"), _name(issuer), _issuer_id(document))
    party = _object(subject.get("issuedToParty"))
    if party:
        yield _named(mark("For"), _name(party), _plain(party.get("id")))
    elif subject:
        name = subject.get("name") or subject.get("registeredName")
        yield _named(mark("About"), _text(name), _plain(subject.get("id")))
    trade = _object(subject.get("transaction"))
    for term, member in ((mark("Seller"), "seller"), (mark("Buyer"), "buyer")):
        yield Fact(term, _name(_object(trade.get(member))))


def _named(term: str, name: Text, identifier: str) -> Fact:
    return Fact(term, name, also=identifier) if name else Fact(term, identifier, "code")


def _scheme(subject: JsonObject) -> Iterator[Fact]:
    yield Fact(mark("Scheme"), _name(_object(subject.get("referenceScheme"))))


def _covers(subject: JsonObject) -> Iterator[Fact]:
    scope = _object(subject.get("certificationScope"))
    sites = [_object(item) for item in _list(scope.get("sites"))]
    processes = [name for site in sites for name in _list(site.get("processes")) if isinstance(name, str)]
    classes = [_object(item) for item in _list(scope.get("productClasses"))]
    lines = [_object(item) for item in _list(_object(subject.get("transaction")).get("productLines"))]
    yield _listed(mark("Sites"), [_name(_object(site.get("facility"))) for site in sites])
    yield _listed(mark("Covers"), [_process(code) for code in processes])
    yield _listed(
        mark("Products"),
        [_text(item.get("label")) or _plain(item.get("code")) for item in classes]
        + [_name(_object(line.get("product"))) for line in lines],
    )
    yield _listed(mark("Certified weight"), [_measure(line.get("certifiedWeight")) for line in lines])


def _period(document: JsonObject) -> Iterator[Fact]:
    try:
        begins, ends = validity(document)
    except CertweaveError:  # the report says so at step ``validity``; here it is only left out
        return
    if begins is not None:
        yield Fact(mark("Valid from"), begins, "date")
    if ends is not None:
        yield Fact(mark("Valid until"), ends, "date")


def _token_period(claims: JsonObject) -> Iterator[Fact]:
    try:
        said = read_claims(claims)
    except CertweaveError:  # as above
        return
    if said.nbf is not None:
        yield Fact(mark("Valid from"), said.nbf, "date")
    if said.exp is not None:
        yield Fact(mark("Valid until"), said.exp, "date")


def _numbers(document: JsonObject, subject: JsonObject) -> Iterator[Fact]:
    yield Fact(mark("Batch"), _plain(subject.get("batchNumber")))
    number = _plain(document.get("id"))
    yield Fact(mark("Number"), number.rstrip("/").rpartition("/")[2] or number, "code", also=number)


def _issuer_id(document: JsonObject) -> str:
    try:
        return issuer_id(document)
    except CertweaveError:  # as above
        return ""


def _listed(term: str, items: list[Any]) -> Fact:
    distinct = [item for place, item in enumerate(items) if item and item not in items[:place]]
    return Fact(term, tuple(distinct[:MOST]), "list", more=max(0, len(distinct) - MOST))


def _measure(value: Any) -> Measure | None:
    measure = _object(value)
    amount, unit = measure.get("value"), measure.get("unit")
    return Measure(amount, unit) if isinstance(amount, int | float) and isinstance(unit, str) else None


def _process(code: str) -> Word | str:
    return Word(STAGES[code]) if code in STAGES else code


def _name(holder: Any) -> Text:
    return _text(_object(holder).get("name"))


def _text(value: Any) -> Text:
    """Return a text, or a map of texts by language, of the forms that VCDM 2.0 §11.1 and ours have."""
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        value = {item.get("@language", "en"): item.get("@value") for item in map(_object, value) if item}
    if not isinstance(value, dict):
        return ""
    if "@value" in value:
        return _plain(value["@value"])
    return {key: text for key, text in value.items() if isinstance(text, str)}


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _object(value: Any) -> JsonObject:
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
