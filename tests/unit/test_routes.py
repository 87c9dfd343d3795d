"""The fast routes over documents where few lead them; tests/property/test_routes.py has the many."""

from typing import Any, Final

import pytest
from tests.support.json_ld import store

from certweave.canon.fast import find_statements
from certweave.canon.known import defines_all
from certweave.canon.rdf import to_quads_slowly
from certweave.canon.weight import MAX_TYPES
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError

V2: Final = "https://www.w3.org/ns/credentials/v2"
HERE: Final = "https://x.example/"


def spoken(value: Any, **term: str) -> JsonObject:
    names = {"@id": f"{HERE}names", "@container": "@language", **term}
    return {"@context": [V2, {"names": names}], "id": HERE, "names": value}


def typed(count: int, *more: JsonObject) -> JsonObject:
    nodes = [{"id": f"{HERE}{number}", "type": "VerifiableCredential"} for number in range(count)]
    return {"@context": [V2, {"parts": f"{HERE}parts"}], "id": HERE, "parts": [*nodes, *more]}


CASES: Final[dict[str, tuple[JsonObject, bool, str]]] = {
    "several texts of a language": (spoken({"en": ["a", "b"], "de": "c"}), True, "3 statements"),
    "a text that is not there": (spoken({"en": ["a", None]}), True, "1 statements"),
    "no text at all": (spoken({"en": None}), True, "0 statements"),
    "of no language": (spoken({"@none": "a"}), True, "1 statements"),
    "from right to left": (spoken({"ar": "a"}, **{"@direction": "rtl"}), True, "1 statements"),
    "a number among texts": (spoken({"en": ["a", 5]}), False, "jsonld"),
    "what is no language": (spoken({"not a language": "a"}), False, "language_malformed"),
    "many types": (typed(MAX_TYPES), True, f"{2 * MAX_TYPES} statements"),
    "too many types": (typed(MAX_TYPES + 2), False, "limit_types"),
    "too many types, the last one new": (
        typed(MAX_TYPES + 1, {"id": f"{HERE}n", "type": "VerifiablePresentation"}),
        False,
        "limit_types",
    ),
    "too many types of one node": (
        {"@context": [V2], "id": HERE, "type": ["VerifiableCredential"] * (MAX_TYPES + 1)},
        False,
        "limit_types",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_what_is_known_and_what_is_said(name: str) -> None:
    document, known, found = CASES[name]
    assert defines_all(document, contexts=store()) is known
    fast = find_statements(document, contexts=store())
    try:
        slow = f"{len(to_quads_slowly(document, contexts=store()))} statements"
    except CertweaveError as error:
        slow = error.code
    assert slow == found
    assert fast is None or f"{len(fast.quads())} statements" == found
    assert known or fast is None
