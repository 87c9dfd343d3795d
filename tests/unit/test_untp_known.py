"""What is told of UNTP documents without the models: the same that the models and the rule for terms say."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.support.certificates import extension_document
from tests.support.shared import or_skip, shared_at_collection
from tests.support.untp import SHAPED, full_document
from tools.untp_shapes import FILE, write_table

from certweave.credential.contexts import ContextStore
from certweave.credential.extension import read_extension
from certweave.credential.terms import check_terms
from certweave.credential.untp.credentials import read_credential
from certweave.credential.untp.known import fits_untp
from certweave.credential.untp.shapes import find_parts
from certweave.errors import CertweaveError
from certweave_edge.contexts import load_context_store

STORE = load_context_store()
FOLDER = shared_at_collection("untp/0.7.0/samples")
SAMPLES = sorted(FOLDER.iterdir()) if FOLDER else []
each_credential = pytest.mark.parametrize("name", [*SHAPED, *find_parts()])
WRONG: list[Any] = [
    *(None, True, 0, 1, -1, 1.5, -100, 200, 1e400, "", "07", "7", "AAA=A", "2026-02-31", "2026-01-31"),
    *("https://b.example/", "Party", "revocation", [], [None], [[]], ["Party"], [{}], ["text"], {}),
    *({"id": None}, {"id": "https://b.example/", "name": "B"}, {"@context": {}}),
]
"""Values that are wrong at most places, and right at some."""


def _is_sound(document: dict[str, Any]) -> bool:
    try:
        check_terms(document, contexts=STORE)
        read_credential(document)
        read_extension(document)
    except CertweaveError:
        return False
    return True


def _document(name: str, *, depth: int) -> dict[str, Any]:
    return full_document(name, depth=depth) if name in SHAPED else extension_document(name)


def test_the_table_is_that_of_the_models() -> None:
    assert FILE.read_text(encoding="utf-8") == write_table(), "python -m tools.untp_shapes rewrites it"


@each_credential
def test_a_document_with_everything_is_told_to_be_sound(name: str) -> None:
    document = _document(name, depth=6)
    assert _is_sound(document)
    assert fits_untp(document, contexts=STORE)


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Each member and element: what holds it, and its name or number."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in list(items):
        yield value, key
        yield from _places(item)


@each_credential
def test_what_is_left_out_makes_the_difference_that_the_models_say(name: str) -> None:
    document = _document(name, depth=3)
    for node, key in list(_places(document)):
        if isinstance(node, dict):
            value = node.pop(key)
            assert fits_untp(document, contexts=STORE) == _is_sound(document), key
            node[key] = value


@each_credential
def test_what_stands_wrongly_is_told_as_the_models_tell_it(name: str) -> None:
    document = _document(name, depth=2)
    # Around a part of the extension stands what a credential of conformity has as well.
    spoilt = document if name in SHAPED else document["credentialSubject"][find_parts()[name]]
    for node, key in list(_places(spoilt)):
        value = node[key]
        for wrong in WRONG:
            node[key] = wrong
            assert fits_untp(document, contexts=STORE) == _is_sound(document), (key, wrong)
        node[key] = value


@each_credential
def test_what_nobody_defines_is_never_sound(name: str) -> None:
    document = _document(name, depth=3)
    for node, _ in list(_places(document)):
        if isinstance(node, dict) and "anything" not in node and "at" not in node:
            node["colour"] = "white"
            assert not fits_untp(document, contexts=STORE)
            assert not _is_sound(document)
            del node["colour"]


@pytest.mark.parametrize(
    "change",
    [
        {"@context": ["https://www.w3.org/ns/credentials/v2"]},
        {"type": "DigitalProductPassport"},
        {"type": ["VerifiableCredential"]},
        {"type": ["DigitalProductPassport", "DigitalFacilityRecord"]},
        {"type": ["DigitalTraceabilityEvent", "VerifiableCredential"]},
        {"type": ["DigitalProductPassport", {}]},
        {"description": {"@value": "A text", "@language": "en"}},
        {"evidence": []},
        {"proof": {}},
    ],
    ids=str,
)
def test_what_is_for_others_to_judge(change: dict[str, Any]) -> None:
    assert not fits_untp(full_document("DigitalProductPassport") | change, contexts=STORE)


@pytest.mark.parametrize(
    ("types", "member"),
    [
        (["ScopeCertificate", "LabelRelease", "DigitalConformityCredential"], "certificationScope"),
        (["ScopeCertificate", "DigitalProductPassport"], "certificationScope"),
        (["DigitalConformityCredential"], "certificationScope"),
        (["ScopeCertificate", "DigitalConformityCredential"], "transaction"),
    ],
    ids=str,
)
def test_a_part_stands_where_its_type_says(types: list[str], member: str) -> None:
    document = extension_document("ScopeCertificate")
    subject = document["credentialSubject"]
    subject[member] = subject.pop("certificationScope")
    document["type"] = [*types, "VerifiableCredential"]
    assert not fits_untp(document, contexts=STORE)
    assert not _is_sound(document)


def test_a_measure_needs_its_metric() -> None:
    document = full_document("DigitalProductPassport")
    performance = document["credentialSubject"]["performanceClaim"][0]["claimedPerformance"][0]
    assert {"measure", "metric"} <= performance.keys()
    del performance["metric"]
    assert not fits_untp(document, contexts=STORE)
    assert not _is_sound(document)


def test_a_delegation_is_held_by_the_delegate() -> None:
    document = extension_document("Delegation")
    subject = document["credentialSubject"]
    subject["issuedToParty"] = {**subject["issuedToParty"], "id": "did:web:other.example"}
    assert not fits_untp(document, contexts=STORE)
    assert not _is_sound(document)


def test_contexts_have_to_be_pinned() -> None:
    document = full_document("DigitalProductPassport")
    assert not fits_untp(document, contexts=ContextStore({}, "none"))


def test_what_nests_too_deep_is_for_others_to_judge() -> None:
    document = full_document("DigitalProductPassport", depth=1)
    party = {"id": "https://mill.example/1", "name": "Mill"}
    for _ in range(10_000):
        party = {**party, "partyAlsoKnownAs": [party]}  # type: ignore[dict-item]
    document["issuer"]["issuerAlsoKnownAs"] = [party]
    assert not fits_untp(document, contexts=STORE)


@pytest.mark.parametrize("path", or_skip(SAMPLES), ids=lambda path: path.stem)
def test_samples_are_told_as_the_models_tell_them(path: Path) -> None:
    document = json.loads(path.read_text(encoding="utf-8"))
    before = copy.deepcopy(document)
    found = fits_untp(document, contexts=STORE)
    assert found <= _is_sound(document)
    assert document == before
