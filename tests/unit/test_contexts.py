"""Pinned contexts: only the pinned document is taken, and a store never changes."""

import json
from pathlib import Path
from typing import Any

import pytest

from certweave.canon.jsonld import expand, expand_types
from certweave.credential.contexts import PINS, ContextStore, digest_context
from certweave.credential.extension_rules import EXTENSION_CONTEXT
from certweave.credential.untp.credentials import CREDENTIALS
from certweave.credential.untp.names import CREDENTIAL_NAMES, UNTP_CONTEXT
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError
from certweave_edge.contexts import load_context_store

V2 = "https://www.w3.org/ns/credentials/v2"
OTHER = "https://other.example/context"
OTHER_CONTEXT = {
    "@context": {"colour": "https://other.example/ns#colour", "Dyed": "https://other.example/ns#Dyed"}
}


def test_everything_pinned_is_at_hand() -> None:
    store = load_context_store()
    assert set(store.documents) == set(PINS)
    assert all(digest_context(store.get(url)) == pin for url, pin in PINS.items())
    assert store.raw_digests[V2].startswith("59955ced")
    assert EXTENSION_CONTEXT in store.raw_digests


def test_another_document_under_a_pinned_url_is_refused() -> None:
    for documents in ({V2: OTHER_CONTEXT}, {OTHER: OTHER_CONTEXT}):
        with pytest.raises(InvalidError) as caught:
            ContextStore.from_documents(documents)
        assert caught.value.code == "context_pin"


def test_extra_pins_cannot_replace_ours() -> None:
    digest = digest_context(OTHER_CONTEXT)
    store = ContextStore.from_documents({OTHER: OTHER_CONTEXT}, extra={OTHER: digest})
    assert store.knows(OTHER)
    assert store.knows(UNTP_CONTEXT)
    with pytest.raises(InvalidError):
        ContextStore.from_documents({V2: OTHER_CONTEXT}, extra={V2: digest})


def test_plus_leaves_the_first_store_alone() -> None:
    store = load_context_store()
    more = store.plus(OTHER, OTHER_CONTEXT)
    assert more.knows(OTHER)
    assert not store.knows(OTHER)
    assert more.digest != store.digest
    assert more.plus(OTHER, OTHER_CONTEXT).digest == more.digest
    refused: list[tuple[str, JsonObject]] = [
        (V2, OTHER_CONTEXT),
        (OTHER, {"@context": {}}),
        (OTHER, {"no": "context"}),
    ]
    for url, document in refused:
        with pytest.raises(InvalidError):
            more.plus(url, document)


def test_what_is_not_pinned_is_undecided() -> None:
    with pytest.raises(UndecidedError) as caught:
        load_context_store().get(OTHER)
    assert (caught.value.code, caught.value.cause) == ("context_unpinned", Cause.UNSUPPORTED)


def test_operators_folder(tmp_path: Path) -> None:
    (tmp_path / "contexts.json").write_text(json.dumps({OTHER: "other.json"}))
    (tmp_path / "other.json").write_text(json.dumps(OTHER_CONTEXT))
    assert load_context_store(tmp_path).get(OTHER) == OTHER_CONTEXT


def test_operators_folder_without_listing(tmp_path: Path) -> None:
    assert load_context_store(tmp_path).digest == load_context_store().digest


@pytest.mark.parametrize("name", ["../other.json", 5])
def test_operators_listing_names_files_of_its_own_folder_only(tmp_path: Path, name: Any) -> None:
    (tmp_path / "contexts.json").write_text(json.dumps({OTHER: name}))
    with pytest.raises(MalformedError):
        load_context_store(tmp_path)


def test_expansion_of_types() -> None:
    store = load_context_store().plus(OTHER, OTHER_CONTEXT)
    names = ("VerifiableCredential", "Dyed")
    assert expand_types(names, [V2, OTHER], contexts=store) == (
        "https://www.w3.org/2018/credentials#VerifiableCredential",
        "https://other.example/ns#Dyed",
    )
    with pytest.raises(InvalidError) as caught:
        expand_types(("Unknown",), [V2], contexts=store)
    assert caught.value.code == "type_unknown"


def test_one_url_in_two_stores_means_two_things() -> None:
    """What the library keeps of one store must not answer for another."""
    first = load_context_store().plus(OTHER, OTHER_CONTEXT)
    second = load_context_store().plus(OTHER, {"@context": {"colour": "https://second.example/colour"}})
    document = {"@context": OTHER, "colour": "red"}
    assert list(expand(document, contexts=first)[0]) == ["https://other.example/ns#colour"]
    assert list(expand(document, contexts=second)[0]) == ["https://second.example/colour"]
    assert list(expand(document, contexts=first)[0]) == ["https://other.example/ns#colour"]


def test_a_relative_iri_is_not_resolved_against_anything() -> None:
    """The library would otherwise put its own example address before it."""
    context = {"knows": {"@id": "https://x.example/knows", "@type": "@id"}}
    document = {"@context": context, "@id": "one", "@type": "Kind", "knows": "two"}
    assert expand(document, contexts=load_context_store()) == [
        {"@id": "one", "@type": ["Kind"], "https://x.example/knows": [{"@id": "two"}]}
    ]


def test_expansion_changes_neither_document_nor_store() -> None:
    store = load_context_store()
    document = {"@context": [V2, {"colour": "https://x.example/colour"}], "colour": ["red"]}
    before = json.dumps(document)
    expand(document, contexts=store)
    assert json.dumps(document) == before
    assert all(digest_context(store.get(url)) == pin for url, pin in PINS.items())


def test_protection_may_be_left_out_in_words() -> None:
    terms = {"@protected": False, "a": "urn:x:a"}
    for context in (terms, [{"b": "urn:x:b"}, terms], [terms, {"a": "urn:x:a"}]):
        found = expand({"@context": context, "a": 1}, contexts=load_context_store())
        assert found == [{"urn:x:a": [{"@value": 1}]}]
    with pytest.raises(InvalidError):
        expand({"@context": {"@protected": 0, "a": "urn:x:a"}, "a": 1}, contexts=load_context_store())


@pytest.mark.parametrize(
    "document",
    [
        {"@context": 5},
        {"@context": {"@version": 1.0}},
        {"@context": {"a": 5}, "a": 1},
        {"@context": {"a": {"@id": 5}}, "a": 1},
        {"@context": {"a": {"@id": "https://x.example/a", "@type": []}}, "a": 1},
        {"@context": {"@vocab": 5}, "a": 1},
        {"@id": 5},
        {"@type": {"a": 1}},
        {"@value": {"a": 1}},
        {"@reverse": 5},
        {"@colour": "red"},
        {"@context": {"@colour": "https://x.example/colour"}},
        {"@context": {"a": "@colour"}, "a": 1},
        {"@context": {"a": {"@reverse": "@colour"}}},
    ],
)
def test_broken_json_ld_is_invalid_and_nothing_else(document: dict[str, Any]) -> None:
    with pytest.raises(InvalidError) as caught:
        expand(document, contexts=load_context_store())
    assert caught.value.code == "jsonld"


def test_the_names_of_untp_credentials_are_those_of_their_models() -> None:
    assert list(CREDENTIALS) == list(CREDENTIAL_NAMES)
