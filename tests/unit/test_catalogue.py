"""The catalogue that ships: complete, in UNTP's shape, with words in three languages; and what is refused."""

import copy
from typing import Any

import pytest

from certweave.credential.catalogue import Catalogue, FormField, find_text, parse_catalogue
from certweave.credential.extension_parts import PARTS
from certweave.credential.extension_values import ExtensionValue
from certweave.credential.untp.base import UntpModel
from certweave.credential.untp.facts import members_of
from certweave.errors import InvalidError
from certweave_schemas.load import load_catalogues

SCHEME = "https://ofs.example/scheme/organic-fibre"


def catalogue() -> Catalogue:
    return parse_catalogue(load_catalogues()[SCHEME])


def test_what_it_offers() -> None:
    found = catalogue()
    assert found.chains == ["schemeOwnerApproval", "accreditation"]
    for name in [
        "ScopeCertificate",
        "TransactionCertificate",
        "InventoryConformance",
        "LaboratoryResult",
        "LabelRelease",
    ]:
        assert found.find_form(name) is not None
    assert found.find_form("Delegation") is None


def test_versions_of_criteria() -> None:
    found = catalogue()
    old = "https://ofs.example/criterion/organic-content/3.0"
    new = "https://ofs.example/criterion/organic-content/3.1"
    assert found.current(old) == new
    assert found.current(new) == new
    criterion = found.find_criterion(new)
    assert criterion is not None
    assert criterion.version == "3.1"
    assert found.find_criterion("https://ofs.example/criterion/none/3.1") is None


def _language_maps(value: Any) -> list[dict[str, str]]:
    if isinstance(value, list):
        return [found for item in value for found in _language_maps(item)]
    if not isinstance(value, dict):
        return []
    if "en" in value:
        return [value]
    return [found for item in value.values() for found in _language_maps(item)]


def test_every_human_text_is_there_in_three_languages() -> None:
    maps = _language_maps(load_catalogues()[SCHEME])
    assert len(maps) > 60
    assert all(set(item) == {"en", "de", "ar"} for item in maps)


def test_forms_ask_for_all_that_the_models_demand() -> None:
    for form in catalogue().forms:
        _compare(form.fields, PARTS[form.type])


def _compare(fields: list[FormField], model: type[UntpModel]) -> None:
    members = members_of(model)
    demanded = {name for name, field in _fields(model).items() if field.is_required()}
    assert demanded <= {field.member for field in fields if field.required}, model
    for field in fields:
        classes = members[field.member].classes
        if field.fields and classes and issubclass(classes[0], ExtensionValue):
            _compare(field.fields, classes[0])


def _fields(model: type[UntpModel]) -> dict[str, Any]:
    names = list(members_of(model))
    return dict(zip(names, model.model_fields.values(), strict=True))


def test_texts_fall_back() -> None:
    texts = {"en": "Seed", "ar": "البذور"}
    assert find_text(texts, "ar-EG") == "البذور"
    assert find_text(texts, "fr") == "Seed"
    assert find_text({"de": "Saatgut"}, "fr") == "Saatgut"


@pytest.mark.parametrize(
    ("where", "value", "path"),
    [
        (("chains",), [], "/chains"),
        (("chains", 0), "friendship", "/chains/0"),
        (("claimText",), {"english": "x"}, "/claimText"),
        (("criteria", 0, "id"), "https://ofs.example/other", ""),
        (("names",), {}, ""),
        (("forms", 0, "type"), "Unknown", "/forms/0"),
        (("forms", 0, "fields", 0, "member"), "unknown", "/forms/0"),
        (("forms", 0, "fields", 0, "kind"), "text", "/forms/0/fields/0"),
        (("forms", 0, "profile"), "https://ofs.example/profile/none/3.1", ""),
        (("forms", 0, "criteria", 0), "https://ofs.example/criterion/none/3.1", ""),
        (("forms", 1, "fields", 0, "choices"), [{"value": "x", "label": {"en": "x"}}], "/forms/1/fields/0"),
        (("forms", 1, "fields", 0, "units"), ["KGM"], "/forms/1/fields/0"),
        (("surprise",), 1, "/surprise"),
    ],
)
def test_refusals(where: tuple[Any, ...], value: Any, path: str) -> None:
    document = copy.deepcopy(load_catalogues()[SCHEME])
    place: Any = document
    for token in where[:-1]:
        place = place[token]
    place[where[-1]] = value
    with pytest.raises(InvalidError) as caught:
        parse_catalogue(document)
    assert (caught.value.code, caught.value.path) == ("catalogue_model", path)
