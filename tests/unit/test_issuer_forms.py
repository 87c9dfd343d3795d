"""The clerk's forms without a browser: data into a form and back, numbers as people write them."""

from typing import Any

import pytest

from certweave.credential.catalogue import Catalogue, parse_catalogue
from certweave_edge.i18n import Languages, Translator
from certweave_issuer.pages.form_spec import Spec, certificate_form
from certweave_issuer.pages.form_values import (
    NO_NUMBER,
    add_row,
    collect,
    empty_tree,
    parse,
    remove_row,
    spread,
    without_blank_rows,
)
from certweave_issuer.pages.form_view import show_form
from certweave_issuer.service.kinds import KINDS
from certweave_schemas.load import load_catalogues

LINES = "/transaction/productLines"


@pytest.fixture(scope="module")
def words() -> Translator:
    return Languages(["certweave_edge", "certweave_issuer"]).get("en")


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return parse_catalogue(next(iter(load_catalogues().values())))


@pytest.fixture(scope="module")
def specs(catalogue: Catalogue, words: Translator) -> tuple[Spec, ...]:
    return certificate_form(KINDS["transaction"], catalogue, words)


def line(number: int, **more: Any) -> dict[str, Any]:
    weight = {"value": 980.5, "unit": "KGM"}
    product = {"id": "https://id.example/1", "name": "Lint", "batch": "L1"}
    return {"line": number, "product": product, "netWeight": weight, "certifiedWeight": weight, **more}


def transaction(**more: Any) -> dict[str, Any]:
    return {
        "name": "Lint sold",
        "idVerified": True,
        "holder": {"type": ["Party"], "id": "did:web:gin.example", "name": "Gin", "registeredId": "77"},
        "transaction": {
            "seller": {"type": ["Party"], "id": "did:web:gin.example", "name": "Gin"},
            "buyer": {"type": ["Party"], "id": "did:web:spin.example", "name": "Spinner"},
            "shipments": [{"date": "2026-03-01", "documentNumber": "BL-1"}],
            "productLines": [line(1), line(2, documentNumber="BL-1")],
            "lossFactor": 0.29,
            **more,
        },
    }


def test_what_a_form_was_filled_with_comes_back(specs: tuple[Spec, ...]) -> None:
    data = transaction()
    assert parse(specs, spread(specs, data)) == (data, {})


@pytest.mark.parametrize("share", [0, 1, 0.07, 0.29, 0.333, 0.995])
def test_shares_are_percentages_without_rounding(specs: tuple[Spec, ...], share: float) -> None:
    tree = spread(specs, transaction(lossFactor=share))
    data, errors = parse(specs, tree)
    assert not errors
    assert data["transaction"]["lossFactor"] == share


@pytest.mark.parametrize(
    "typed", ["1,000", "980,5", "1 000", "1e3", "NaN", "Infinity", "١٠", "0x10", "-5", "0"]
)
def test_a_weight_that_could_be_read_two_ways_is_refused(specs: tuple[Spec, ...], typed: str) -> None:
    tree = spread(specs, transaction())
    tree["transaction"]["productLines"][0]["netWeight"]["value"] = typed
    _, errors = parse(specs, tree)
    assert errors == {f"{LINES}/0/netWeight/value": NO_NUMBER}


def test_small_numbers_are_written_out(specs: tuple[Spec, ...]) -> None:
    data = transaction(conversionFactor=0.0000001)
    del data["transaction"]["lossFactor"]
    tree = spread(specs, data)
    assert tree["transaction"]["conversionFactor"] == "0.0000001"
    assert parse(specs, tree) == (data, {})


def test_rows_are_numbered_by_their_place(specs: tuple[Spec, ...]) -> None:
    tree = spread(specs, transaction())
    add_row(specs, tree, LINES)
    assert len(tree["transaction"]["productLines"]) == 3
    remove_row(specs, tree, f"{LINES}/0")
    data, errors = parse(specs, without_blank_rows(specs, tree))
    assert not errors
    assert [one["line"] for one in data["transaction"]["productLines"]] == [1]
    assert data["transaction"]["productLines"][0]["documentNumber"] == "BL-1"


@pytest.mark.parametrize(
    "pointer", ["", "/", "/name", LINES + "/7", "/transaction/x/0", LINES + "/0/0", "//"]
)
def test_a_pointer_to_no_list_changes_nothing(specs: tuple[Spec, ...], pointer: str) -> None:
    tree = spread(specs, transaction())
    add_row(specs, tree, pointer)
    remove_row(specs, tree, pointer)
    assert tree == spread(specs, transaction())


def test_strange_fields_are_no_data(specs: tuple[Spec, ...]) -> None:
    posted = {
        "/name": ["A"],
        "/other": ["x"],
        f"{LINES}/-1/product/name": ["x"],
        f"{LINES}/١/product/id": ["x"],
    }
    tree = collect(specs, posted)
    assert tree["name"] == "A"
    assert "other" not in tree
    assert tree["transaction"]["productLines"] == []


def test_what_a_program_spoiled_is_left_out(specs: tuple[Spec, ...]) -> None:
    tree = {**spread(specs, transaction()), "+": "{not json"}
    assert parse(specs, tree)[0] == transaction()


def test_an_error_without_a_field_stands_in_the_summary(specs: tuple[Spec, ...], words: Translator) -> None:
    errors = {None: "somewhere", "/strange": "there", f"{LINES}/0/netWeight/value": "here"}
    tree = spread(specs, transaction())
    complaints = show_form(specs, tree, errors, words).complaints
    assert [one.place for one in complaints] == [None, None, f"{LINES}/0/netWeight"]
    assert complaints[2].label == "Transaction certificate: Product lines 1: Net weight"


@pytest.mark.parametrize("kind", ["scope", "transaction", "laboratory", "label", "inventory", "delegation"])
def test_an_empty_form_names_what_is_missing(catalogue: Catalogue, words: Translator, kind: str) -> None:
    form = certificate_form(KINDS[kind], catalogue, words)
    _, errors = parse(form, empty_tree(form))
    assert "/name" in errors
    assert any(place.startswith(f"/{KINDS[kind].member}/") for place in errors)
