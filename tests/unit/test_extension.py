"""Our extension: its types are read, their rules hold, and they fit the UN schemas, contexts and terms."""

import copy
import json
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from tests.support.certificates import GIN, PART_DOCUMENTS, extension_document
from tests.support.shared import shared
from tests.support.world import World

from certweave.credential.contexts import PINS, digest_context
from certweave.credential.extension import make_extension_context, read_extension
from certweave.credential.extension_parts import PARTS, TransactionCertificate
from certweave.credential.extension_rules import EXTENSION_CONTEXT
from certweave.credential.extension_schema import make_extension_schema
from certweave.credential.terms import check_terms, check_terms_generic
from certweave.errors import InvalidError
from certweave_edge.contexts import load_context_store
from certweave_schemas.load import load_contexts, load_schemas

SALE = PART_DOCUMENTS["TransactionCertificate"]
LINE = SALE["productLines"][0]
SCOPE = PART_DOCUMENTS["ScopeCertificate"]
SAMPLE = PART_DOCUMENTS["LaboratoryResult"]["sample"]
AMOUNT = {"analyte": "x", "finding": "quantified"}


@pytest.mark.parametrize("name", PARTS)
def test_each_type_is_read_and_all_its_terms_are_known(name: str) -> None:
    document = extension_document(name)
    part = read_extension(document)
    assert type(part) is PARTS[name]
    assert document["type"] == [name, "DigitalConformityCredential", "VerifiableCredential"]
    check_terms(document, contexts=load_context_store())
    assert part.model_dump(by_alias=True, exclude_unset=True) == PART_DOCUMENTS[name]


@pytest.mark.parametrize("name", PARTS)
def test_each_type_expands_without_touching_a_protected_term(name: str) -> None:
    check_terms_generic(extension_document(name), contexts=load_context_store())


@pytest.mark.parametrize("name", PARTS)
def test_each_type_passes_the_schema_of_the_un_and_ours(name: str) -> None:
    document = extension_document(name)
    un_schema = json.loads(shared("untp/0.7.0/schema/ConformityCredential.json").read_text())
    assert list(Draft202012Validator(un_schema).iter_errors(document)) == []
    ours = load_schemas()[f"https://certweave.example/ns/v1/schema/{name}.json"]
    Draft202012Validator.check_schema(ours)
    assert list(Draft202012Validator(ours).iter_errors(document)) == []


@pytest.mark.parametrize("name", PARTS)
def test_schema_refuses_what_the_model_does_not_know(name: str) -> None:
    document = extension_document(name)
    document["credentialSubject"][PARTS[name].member]["surprise"] = 1
    assert list(Draft202012Validator(make_extension_schema(name)).iter_errors(document))
    with pytest.raises(InvalidError) as caught:
        read_extension(document)
    assert caught.value.path == f"/credentialSubject/{PARTS[name].member}/surprise"


def test_published_files_are_those_of_the_models() -> None:
    assert load_contexts() == {EXTENSION_CONTEXT: make_extension_context()}
    assert digest_context(make_extension_context()) == PINS[EXTENSION_CONTEXT]
    published = load_schemas()
    assert len(published) == len(PARTS)
    for name in PARTS:
        schema = make_extension_schema(name)
        assert published[schema["$id"]] == schema


def test_context_is_protected_throughout_and_has_no_fallback_vocabulary() -> None:
    seen = []

    def walk(context: dict[str, Any]) -> None:
        seen.append(context)
        assert context["@protected"] is True
        assert "@vocab" not in context
        for term in context.values():
            if isinstance(term, dict) and "@context" in term:
                walk(term["@context"])

    walk(make_extension_context()["@context"])
    assert len(seen) > 15


def net(value: Any, unit: str = "KGM") -> dict[str, Any]:
    return {**LINE, "netWeight": {"value": value, "unit": unit}}


REFUSED: list[tuple[str, dict[str, Any], str]] = [
    ("TransactionCertificate", {"shipments": []}, "/shipments"),
    (
        "TransactionCertificate",
        {"productLines": [net(0)]},
        "/value",
    ),
    (
        "TransactionCertificate",
        {"productLines": [net(1, "LTR")]},
        "/unit",
    ),
    (
        "TransactionCertificate",
        {"productLines": [net("1")]},
        "/value",
    ),
    ("TransactionCertificate", {"productLines": [net(1)]}, "/productLines/0"),
    ("TransactionCertificate", {"productLines": [{**LINE, "documentNumber": "BL-7"}]}, ""),
    ("TransactionCertificate", {"productLines": [LINE, LINE]}, ""),
    ("TransactionCertificate", {"lossFactor": 0.1}, ""),
    ("TransactionCertificate", {"shipments": SALE["shipments"] * 2}, ""),
    ("TransactionCertificate", {"shipments": [{"date": "2026-02-30", "documentNumber": "BL-100"}]}, "/date"),
    (
        "TransactionCertificate",
        {"shipments": [{"date": "2026-02-03", "documentNumber": ""}]},
        "/documentNumber",
    ),
    ("TransactionCertificate", {"buyer": None}, "/transaction/buyer"),
    ("ScopeCertificate", {"sites": [{**SCOPE["sites"][0], "role": "own"}]}, ""),
    ("ScopeCertificate", {"sites": [*SCOPE["sites"], SCOPE["sites"][1]]}, ""),
    ("ScopeCertificate", {"productClasses": SCOPE["productClasses"] * 2}, ""),
    ("ScopeCertificate", {"schemes": SCOPE["schemes"] * 2}, ""),
    ("ScopeCertificate", {"sites": [{**SCOPE["sites"][0], "processes": ["alchemy"]}]}, "/processes/0"),
    ("ScopeCertificate", {"sites": [{**SCOPE["sites"][0], "processes": []}]}, "/processes"),
    ("ScopeCertificate", {"schemes": ["not a url"]}, "/schemes/0"),
    (
        "ScopeCertificate",
        {
            "productClasses": [
                {
                    "code": "x",
                    "labelGrade": "y",
                    "composition": [{"material": "a", "share": 0.7}, {"material": "b", "share": 0.4}],
                }
            ]
        },
        "/productClasses/0",
    ),
    ("InventoryConformance", {"formulationsConformant": 41}, ""),
    ("InventoryConformance", {"periodEnd": "2025-12-31"}, ""),
    ("InventoryConformance", {"formulationsTotal": True}, "/formulationsTotal"),
    ("LaboratoryResult", {"testedOn": "2026-03-03"}, ""),
    ("LaboratoryResult", {"receivedOn": "2026-03-01"}, ""),
    ("LaboratoryResult", {"analytes": [{"analyte": "x", "finding": "quantified"}]}, "/analytes/0"),
    ("LaboratoryResult", {"analytes": [{**AMOUNT, "amount": 0.4}]}, "/analytes/0"),
    ("LaboratoryResult", {"analytes": [{**AMOUNT, "amountUnit": "P1"}]}, "/analytes/0"),
    ("LaboratoryResult", {"sample": {**SAMPLE, "ofBatch": {"id": "urn:x:1", "name": "no batch"}}}, "/sample"),
    ("LaboratoryResult", {"remark": {"english": "x"}}, "/remark"),
    ("Delegation", {"principal": GIN}, ""),
    ("Delegation", {"endDate": "2025-12-31"}, ""),
    ("Delegation", {"actions": ["hold", "hold"]}, ""),
    ("Delegation", {"actions": ["everything"]}, "/actions/0"),
    ("Delegation", {"delegate": {**GIN, "id": "did:web:other.example"}}, "/delegate/id"),
    ("LabelRelease", {"licenceNumber": ""}, "/licenceNumber"),
    ("LabelRelease", {"claimText": {}}, "/claimText"),
    ("LabelRelease", {"claimText": {"en": ""}}, "/claimText"),
    ("LaboratoryResult", {"testedOn": "2026-W10-2"}, "/testedOn"),
    ("LaboratoryResult", {"testedOn": "20260303"}, "/testedOn"),
    ("IssuerApproval", {"endDate": "2025-01-01"}, ""),
    ("IssuerApproval", {"schemes": SCOPE["schemes"] * 2}, ""),
    ("IssuerApproval", {"processes": ["ginning", "ginning"]}, ""),
    ("IssuerApproval", {"regions": ["India"]}, "/regions/0"),
    ("IssuerApproval", {"kind": "friendship"}, "/kind"),
]


@pytest.mark.parametrize(("name", "changes", "ending"), REFUSED)
def test_rules_of_the_parts(name: str, changes: dict[str, Any], ending: str) -> None:
    document = extension_document(name)
    part = document["credentialSubject"][PARTS[name].member]
    part.update(copy.deepcopy(changes))
    with pytest.raises(InvalidError) as caught:
        read_extension(document)
    assert caught.value.code == "extension_model"
    assert caught.value.path is not None
    assert caught.value.path.startswith(f"/credentialSubject/{PARTS[name].member}")
    assert caught.value.path.endswith(ending)


def test_a_loss_may_stand_in_place_of_a_conversion() -> None:
    document = extension_document("TransactionCertificate")
    sale = document["credentialSubject"]["transaction"]
    sale["lossFactor"] = 1 - sale.pop("conversionFactor")
    assert isinstance(read_extension(document), TransactionCertificate)


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("InventoryConformance", {"periodEnd": "2026-01-01"}),
        ("LaboratoryResult", {"receivedOn": "2026-03-02", "testedOn": "2026-03-02"}),
    ],
)
def test_all_may_be_on_one_day(name: str, changes: dict[str, Any]) -> None:
    assert isinstance(read_extension(extension_document(name, **changes)), PARTS[name])


@pytest.mark.parametrize("party", [None, "did:web:gin.example", [GIN]])
def test_a_delegation_is_issued_to_somebody(party: Any) -> None:
    document = extension_document("Delegation")
    document["credentialSubject"]["issuedToParty"] = party
    with pytest.raises(InvalidError):
        read_extension(document)


def test_weights_in_other_units_are_compared() -> None:
    part = read_extension(extension_document("TransactionCertificate"))
    assert isinstance(part, TransactionCertificate)
    line = part.product_lines[0]
    assert line.net_weight.kilograms == 1000
    assert line.certified_weight.kilograms == 980.5


def test_a_type_of_ours_is_a_certificate_of_the_un() -> None:
    document = extension_document("LabelRelease")
    document["type"] = ["LabelRelease", "VerifiableCredential"]
    with pytest.raises(InvalidError) as caught:
        read_extension(document)
    assert (caught.value.code, caught.value.path) == ("extension_type", "/type")


def test_a_type_without_its_content_says_nothing() -> None:
    document = extension_document("LabelRelease")
    member = PARTS["LabelRelease"].member
    del document["credentialSubject"][member]
    with pytest.raises(InvalidError) as caught:
        read_extension(document)
    assert (caught.value.code, caught.value.path) == ("extension_model", f"/credentialSubject/{member}")


def test_content_of_one_type_under_the_name_of_another_is_refused() -> None:
    document = extension_document("ScopeCertificate")
    document["type"][0] = "LabelRelease"
    with pytest.raises(InvalidError) as caught:
        read_extension(document)
    assert (caught.value.code, caught.value.path) == (
        "extension_type",
        "/credentialSubject/certificationScope",
    )


def test_content_without_any_extension_type_is_refused() -> None:
    document = extension_document("ScopeCertificate")
    del document["type"][0]
    with pytest.raises(InvalidError, match="belongs to the type ScopeCertificate"):
        read_extension(document)


def test_two_extension_types_are_refused() -> None:
    document = extension_document("ScopeCertificate")
    document["type"].insert(0, "LabelRelease")
    with pytest.raises(InvalidError) as caught:
        read_extension(document)
    assert caught.value.code == "extension_type"


def test_a_credential_without_extension_says_nothing() -> None:
    document = extension_document("ScopeCertificate")
    document["type"] = document["type"][1:]
    del document["credentialSubject"]["certificationScope"]
    assert read_extension(document) is None


def test_in_an_examination_too() -> None:
    world = World()
    fa = world.party("fa")
    document = {**extension_document("LabelRelease"), "issuer": {"id": fa.did, "name": "Fibre Assurance"}}
    document["credentialSubject"][PARTS["LabelRelease"].member]["licenceNumber"] = ""
    report = world.examine(fa.issue(document))
    assert [check.code for check in report.decisive()] == ["extension_model"]
