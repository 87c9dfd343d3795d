"""Every document of the demonstration passes the UN's schemas, our extension's, our models and the terms."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.support.shared import ROOT, shared

from certweave.credential.build import make_credential, make_issuer, make_status_entry
from certweave.credential.catalogue import parse_catalogue
from certweave.credential.extension_parts import PARTS
from certweave.credential.terms import check_terms
from certweave.encoding.strict_json import JsonObject
from certweave.product.coverage import find_other_figure
from certweave_app.world.cast import MEMBERS, Names
from certweave_app.world.certificates import SALES, SCOPES, Desk
from certweave_app.world.statements import STEPS, Paper, Voice
from certweave_edge.contexts import load_context_store
from certweave_issuer.ports import Authorisation, Profile
from certweave_issuer.service.compose import Draft, compose
from certweave_issuer.service.kinds import KINDS

NOW = datetime(2026, 3, 12, 9, tzinfo=UTC)
NAMES = Names({org: f"did:web:{org}.example" for org in MEMBERS})
DESK = Desk(NOW.date(), NAMES)
VOICE = Voice(NOW.date(), NAMES)
AUTHORITY = Authorisation("Approval", "https://x.example/1", "zQmbLsL", "did:web:ofs.example", "Owner")
STATUS = make_status_entry("https://x.example/status/1", 5, purpose="suspension")
FOLDER = "schemas/certweave_schemas"


def address(number: str) -> str:
    return f"https://x.example/certificates/{number}"


def entered() -> Iterator[tuple[str, str, JsonObject]]:
    """Yield what the clerks enter: a name for the case, the kind, the data."""
    for org in ("fa", "lab"):
        for kind in ("schemeOwnerApproval", "accreditation"):
            yield f"{kind} of {org}", "approval", DESK.approval(org, kind)
    for org in MEMBERS:
        yield f"anchor of {org}", "identity", DESK.anchor(org)
    for org in SCOPES:
        yield f"scope of {org}", "scope", DESK.scope(org)
    for sale in SALES:
        yield sale.number, "transaction", DESK.transaction(sale, address)
    yield "inventory", "inventory", DESK.inventory()
    yield "laboratory", "laboratory", DESK.laboratory()
    yield "delegation", "delegation", DESK.delegation()
    yield "label", "label", DESK.label(address("scope"))


def said() -> Iterator[tuple[str, str, Any]]:
    """Yield what the organisations say themselves: a name for the case, the type, the subject."""
    for org in ("menemen", "ege", "ipek", "orgu", "boya", "lindau"):
        yield f"facility of {org}", "DigitalFacilityRecord", VOICE.facility(org)
    for org in SCOPES:
        yield f"events of {org}", "DigitalTraceabilityEvent", VOICE.events(org)
    paper = Paper("https://x.example/1", "Certificate", b"abc")
    passport = VOICE.passport(sale=paper, laboratory=paper, inventory=paper, events=[paper])
    yield "passport", "DigitalProductPassport", passport


ENTERED = {name: (kind, data) for name, kind, data in entered()}
SAID = {name: (kind, subject) for name, kind, subject in said()}


def document_of(name: str) -> JsonObject:
    contexts = load_context_store()
    if name in SAID:
        kind, subject = SAID[name]
        return make_credential(
            kind,
            id="https://x.example/2",
            issuer=make_issuer("did:web:x.example", "X"),
            name=name,
            valid_from=NOW,
            subject=subject,
            status={**STATUS, "statusPurpose": "revocation"},
        )
    kind, data = ENTERED[name]
    text = (ROOT / FOLDER / "catalogue/organic-fibre-3.1.json").read_text(encoding="utf-8")
    draft = Draft(
        kind=KINDS[kind],
        scheme=parse_catalogue(json.loads(text)),
        data=data,
        url="https://x.example/3",
        did="did:web:fa.example",
        profile=Profile("Fibre Assurance", authorisations=(AUTHORITY,)),
        now=NOW,
    )
    return compose(draft, contexts=contexts, status=STATUS)


@pytest.mark.parametrize("name", [*ENTERED, *SAID])
def test_each_document_passes_every_schema(name: str) -> None:
    document = document_of(name)
    check_terms(document, contexts=load_context_store())
    base = next(kind for kind in document["type"] if kind.startswith("Digital"))
    file = "ConformityCredential" if base == "DigitalConformityCredential" else base
    schemas = [shared(f"untp/0.7.0/schema/{file}.json")]
    schemas += [ROOT / FOLDER / f"schema/{kind}.json" for kind in document["type"] if kind in PARTS]
    for path in schemas:
        validator = Draft202012Validator(json.loads(path.read_text(encoding="utf-8")))
        assert [error.message for error in validator.iter_errors(document)] == [], path.name


def test_the_figures_of_the_passport_are_those_of_its_certificates() -> None:
    """Else the page would say of cotton that was certified: only said."""
    certificates = [
        document_of(name)["credentialSubject"] for name in (SALES[-1].number, "laboratory", "inventory")
    ]
    claims = document_of("passport")["credentialSubject"]["performanceClaim"]
    backed = [claim for claim in claims if claim.get("evidence")]
    assert len(backed) == len(certificates)
    assert [find_other_figure(*pair) for pair in zip(certificates, backed, strict=True)] == [None] * 3


def test_nothing_is_sold_that_was_not_received() -> None:
    sold = {sale.number: sale for sale in SALES}
    for sale in SALES:
        if sale.before is not None:
            assert sale.drawn is not None
            assert sale.weight < sale.drawn <= sold[sale.before].weight
            assert sold[sale.before].buyer == sale.seller
            assert sold[sale.before].day < sale.day
    made = {step.output.id: step for step in STEPS}
    for step in STEPS:
        if step.source is not None:
            assert step.used <= made[step.source.id].amount
