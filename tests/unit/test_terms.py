"""The rule for terms, in UNTP documents, with extensions, and in other credentials."""

from typing import Any

import pytest
from tests.support.certificates import extension_document

from certweave.credential.contexts import ContextStore
from certweave.credential.extension_rules import EXTENSION_CONTEXT
from certweave.credential.terms import check_terms, check_terms_generic, untp_version
from certweave.credential.untp.names import UNTP_CONTEXT
from certweave.errors import Cause, InvalidError, UndecidedError, UnsupportedError
from certweave_edge.contexts import load_context_store

V2 = "https://www.w3.org/ns/credentials/v2"
OTHER = "https://other.example/context"
OTHER_CONTEXT = {
    "@context": {
        "colour": "https://other.example/ns#colour",
        "dyed": {
            "@id": "https://other.example/ns#dyed",
            "@context": {"vat": "https://other.example/ns#vat"},
        },
        "Dyed": {
            "@id": "https://other.example/ns#Dyed",
            "@context": {"shade": "https://other.example/ns#shade"},
        },
        "note": {"@id": "https://other.example/ns#note", "@container": "@language"},
        "raw": {"@id": "https://other.example/ns#raw", "@type": "@json"},
        "byName": {"@id": "https://other.example/ns#byName", "@container": "@index"},
    }
}


def contexts() -> ContextStore:
    return load_context_store().plus(OTHER, OTHER_CONTEXT)


def untp(*extra: Any) -> dict[str, Any]:
    document = extension_document("LabelRelease")
    document["@context"].extend(extra)
    return document


def refusal(document: dict[str, Any]) -> tuple[str, str | None]:
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=contexts())
    return caught.value.code, caught.value.path


def test_extension_terms_are_known_in_open_classes_after_untp() -> None:
    document = untp(OTHER)
    subject = document["credentialSubject"]
    subject["colour"] = "red"
    subject["issuedToParty"]["dyed"] = {"vat": 4}
    subject["note"] = {"en": "text", "de": "Text"}
    subject["raw"] = {"anything": {"goes": 1}}
    subject["byName"] = {"first": {"colour": "red"}}
    subject["issuedToParty"]["type"] = ["Dyed", "Party"]
    subject["issuedToParty"]["shade"] = "dark"
    check_terms(document, contexts=contexts())


def test_vcdm_members_are_known_at_the_top() -> None:
    document = untp()
    document["evidence"] = [{"type": "Delegation", "id": "https://x.example/evidence"}]
    document["termsOfUse"] = {"type": "LabelRelease", "id": "https://x.example/terms"}
    document["relatedResource"] = {"id": "https://x.example/1", "digestSRI": "sha256-x", "mediaType": "a/b"}
    document["credentialSchema"] = {"id": "https://x.example/1", "type": "JsonSchema"}
    document["proof"] = {"type": "DataIntegrityProof", "whatever": 1}
    check_terms(document, contexts=contexts())


@pytest.mark.parametrize(
    ("member", "value", "path"),
    [
        ("evidence", [{"type": "Delegation", "grade": 1}], "/evidence/0/grade"),
        ("termsOfUse", {"type": "LabelRelease", "x": 1}, "/termsOfUse/x"),
        ("nonTransferable", True, "/nonTransferable"),
    ],
)
def test_what_stands_inside_them_must_be_known_too(member: str, value: Any, path: str) -> None:
    assert refusal({**untp(), member: value}) == ("term_unknown", path)


def test_a_term_is_not_known_where_its_context_is_missing() -> None:
    document = untp()
    document["credentialSubject"]["colour"] = "red"
    assert refusal(document) == ("term_unknown", "/credentialSubject/colour")


def test_closed_classes_take_no_extension() -> None:
    document = untp(OTHER)
    document["credentialSubject"]["profileScore"] = {"code": "A", "colour": "red"}
    assert refusal(document) == ("term_unknown", "/credentialSubject/profileScore/colour")


def test_inside_an_extension_only_what_it_defines_is_known() -> None:
    document = untp(OTHER)
    document["credentialSubject"]["dyed"] = {"vat": 4, "vatt": 5}
    assert refusal(document) == ("term_unknown", "/credentialSubject/dyed/vatt")


def test_terms_of_a_type_hold_for_that_type_only() -> None:
    document = untp(OTHER)
    document["credentialSubject"]["shade"] = "dark"
    assert refusal(document) == ("term_unknown", "/credentialSubject/shade")


def test_the_free_field_takes_any_member() -> None:
    product: dict[str, Any] = {
        "type": ["Product"],
        "id": "urn:x:1",
        "name": "x",
        "characteristics": {"type": ["Characteristics"], "yarnCount": {"value": 30}},
    }
    document = untp()
    document["credentialSubject"]["conformityAssessment"] = [{"assessedProduct": [{"product": product}]}]
    check_terms(document, contexts=contexts())
    product["yarnCount"] = 30
    path = "/credentialSubject/conformityAssessment/0/assessedProduct/0/product/yarnCount"
    assert refusal(document) == ("term_unknown", path)


@pytest.mark.parametrize(
    ("place", "names", "path"),
    [
        ((), ["Dyed", "LabelRelease", "DigitalConformityCredential", "VerifiableCredential"], "/type/0"),
        (("credentialSubject",), ["ConformityAttestation", "Other"], "/credentialSubject/type/1"),
        (("issuer",), ["CredentialIssuer", "Pаrty"], "/issuer/type/1"),
        (("credentialSubject",), ["ConformityAttestation", 5], "/credentialSubject/type/1"),
    ],
)
def test_types_must_be_known(place: tuple[str, ...], names: list[str], path: str) -> None:
    document = untp()
    node: Any = document
    for token in place:
        node = node[token]
    node["type"] = names
    assert refusal(document) == ("type_unknown", path)


@pytest.mark.parametrize(
    ("kinds", "path"), [(5, ""), (None, ""), ({}, ""), (["Dyed", 5], "/1"), ([["Dyed"]], "/0")]
)
def test_types_are_names_in_an_extension_too(kinds: Any, path: str) -> None:
    document = untp(OTHER)
    document["credentialSubject"]["dyed"] = {"vat": 4, "type": ["Dyed"]}
    check_terms(document, contexts=contexts())
    document["credentialSubject"]["dyed"]["type"] = kinds
    assert refusal(document) == ("type_unknown", f"/credentialSubject/dyed/type{path}")


def test_one_credential_is_of_one_type() -> None:
    document = untp()
    document["type"] = ["DigitalConformityCredential", "DigitalProductPassport", "VerifiableCredential"]
    assert refusal(document) == ("untp_type_missing", "/type")


def test_what_is_remembered_of_contexts_is_never_that_of_others() -> None:
    """The same address means something else in every store; more of them than are kept."""
    pinned = load_context_store()
    for number in (*range(40), 0):
        document = untp(OTHER)
        store = pinned.plus(OTHER, {"@context": {f"colour{number}": "urn:x:colour"}})
        document["credentialSubject"][f"colour{number}"] = "red"
        check_terms(document, contexts=store)
        document["credentialSubject"]["colour99"] = "red"
        with pytest.raises(InvalidError):
            check_terms(document, contexts=store)


@pytest.mark.parametrize("term", ["Party", "name", "transaction", "VerifiableCredential"])
def test_an_extension_may_not_redefine_what_is_protected(term: str) -> None:
    evil = contexts().plus("https://evil.example/context", {"@context": {term: "https://evil.example/x"}})
    with pytest.raises(InvalidError) as caught:
        check_terms(untp("https://evil.example/context"), contexts=evil)
    assert caught.value.code == "jsonld"


def test_order_of_contexts() -> None:
    listed = [V2, UNTP_CONTEXT, EXTENSION_CONTEXT]
    for wrong, code, path in [
        ([V2, EXTENSION_CONTEXT, UNTP_CONTEXT], "context_order", "/@context/1"),
        ([UNTP_CONTEXT, V2, EXTENSION_CONTEXT], "context_first_wrong", "/@context/0"),
        ([*listed, V2], "context_order", "/@context/3"),
        ([*listed, EXTENSION_CONTEXT], "context_order", "/@context/3"),
    ]:
        assert refusal({**untp(), "@context": wrong}) == (code, path)


@pytest.mark.parametrize(
    ("url", "version"),
    [
        ("https://vocabulary.uncefact.org/untp/0.7.0/context/", "0.7.0"),
        ("https://vocabulary.uncefact.org/untp/0.8.0/context/", "0.8.0"),
        ("https://test.uncefact.org/vocabulary/untp/dpp/0.6.0/", "0.6.0"),
        ("https://test.uncefact.org/vocabulary/untp/dcc/0.6.1/", "0.6.1"),
        ("https://test.uncefact.org/vocabulary/untp/dpp/0.6.0-beta1/", "0.6.0-beta1"),
        ("https://test.uncefact.org/vocabulary/untp/dpp/0.5.0/", "0.5.0"),
        ("https://vocabulary.example/untp/0.7.0/context/", None),
    ],
)
def test_version(url: str, version: str | None) -> None:
    document = {"@context": [V2, url], "type": ["DigitalProductPassport", "VerifiableCredential"]}
    assert untp_version(document) == version
    assert untp_version({**document, "type": ["VerifiableCredential"]}) is None
    if version not in (None, "0.7.0"):
        with pytest.raises(UnsupportedError, match=version or "") as caught:
            check_terms(document, contexts=contexts())
        assert caught.value.code == "untp_version_unsupported"
        assert caught.value.cause is Cause.UNSUPPORTED


def generic(**members: Any) -> dict[str, Any]:
    document = {
        "@context": [V2, OTHER],
        "id": "urn:x:1",
        "type": ["VerifiableCredential", "Dyed"],
        "issuer": "did:web:x.example",
        "credentialSubject": {"id": "did:web:y.example", "colour": "red"},
    }
    return {**document, **members}


def test_generic_credential_with_all_terms_defined() -> None:
    check_terms(generic(credentialSubject={"colour": [["red"], ["blue"]]}), contexts=contexts())
    check_terms(generic(shade="dark"), contexts=contexts())
    check_terms(generic(credentialSubject={"https://x.example/ns#a": 1}), contexts=contexts())


def test_a_context_document_is_read_as_its_context() -> None:
    inside = {"@context": {"Dyed": "https://x.example/ns#Dyed", "colour": "https://x.example/ns#colour"}}
    check_terms(generic(**{"@context": [V2, inside]}), contexts=contexts())
    with pytest.raises(InvalidError):
        check_terms(generic(**{"@context": [V2, {**inside, "shade": "urn:x:1"}]}), contexts=contexts())


@pytest.mark.parametrize(
    ("raw", "code", "path"),
    [
        ({"anything": 1}, None, None),
        ([{"@value": 1}, {"@id": "x"}], None, None),
        ({"a": [{"@foo": 1}]}, "jsonld", "/raw/a/0/@foo"),
    ],
)
def test_a_json_literal_may_hold_keywords_but_nothing_like_them(
    raw: Any, code: str | None, path: str | None
) -> None:
    if code is None:
        check_terms(generic(raw=raw), contexts=contexts())
    else:
        assert refusal(generic(raw=raw)) == (code, path)


@pytest.mark.parametrize("name", ["uri", "val"])
def test_a_name_that_a_type_gives_to_a_keyword_is_known_in_its_nodes_only(name: str) -> None:
    """Stricter than JSON-LD, where what only refers, or is a value, keeps the terms of the type around it."""
    boat = {"@id": "urn:x:Boat", "@context": {"uri": "@id", "val": "@value", "mast": "urn:x:mast"}}
    document = generic(
        **{"@context": [V2, {"Boat": boat, "has": "urn:x:has"}]}, type=["VerifiableCredential"]
    )
    subject = {"type": "Boat", "uri": "urn:x:1", "mast": "high", "has": {"id": "urn:x:2"}}
    check_terms({**document, "credentialSubject": subject}, contexts=contexts())
    subject["has"] = {name: "urn:x:2"}
    assert refusal({**document, "credentialSubject": subject}) == (
        "term_unknown",
        f"/credentialSubject/has/{name}",
    )


def wider(propagate: bool) -> dict[str, Any]:
    return {"@propagate": propagate, "mast": "urn:x:mast"}


@pytest.mark.parametrize(
    ("definitions", "subject", "path"),
    [
        ({"Boat": {"@id": "urn:x:Boat", "@context": wider(True)}}, {"type": "Boat"}, None),
        ({"Boat": {"@id": "urn:x:Boat", "@context": wider(False)}}, {"type": "Boat"}, "/has/mast"),
        ({"in": {"@id": "urn:x:in", "@context": wider(True)}}, {"mast": None}, None),
        ({"in": {"@id": "urn:x:in", "@context": wider(False)}}, {"mast": None}, "/has/mast"),
        ({}, {"@context": wider(True)}, None),
        ({}, {"@context": wider(False)}, "/has/mast"),
    ],
)
def test_how_far_a_context_reaches_it_may_say_itself(
    definitions: dict[str, Any], subject: dict[str, Any], path: str | None
) -> None:
    """JSON-LD 1.1 §4.1.9: that of a type holds for its node, others for all inside, unless they say so."""
    node = {**subject, "has": {"mast": "high"}}
    inside = "/credentialSubject"
    if "in" in definitions:
        node, inside = {"in": node}, f"{inside}/in"
    document = generic(
        **{"@context": [V2, {"has": "urn:x:has", **definitions}]},
        type=["VerifiableCredential"],
        credentialSubject=node,
    )
    if path is None:
        check_terms(document, contexts=contexts())
    else:
        assert refusal(document) == ("term_unknown", inside + path)


def test_a_json_literal_may_be_written_out() -> None:
    written = {"@value": {"anything": {"id": 5}}, "@type": "@json"}
    check_terms(generic(credentialSubject={"colour": written}), contexts=contexts())


def test_a_context_may_import_another() -> None:
    document = generic(**{"@context": [V2, {"@import": OTHER, "hue": "https://x.example/ns#hue"}]})
    check_terms({**document, "hue": "deep", "shade": "dark"}, contexts=contexts())
    with pytest.raises(InvalidError) as caught:
        check_terms({**document, "tone": "deep"}, contexts=contexts())
    assert (caught.value.code, caught.value.path) == ("term_unknown", "/tone")


def test_fallback_vocabulary_of_another_context_defines_terms() -> None:
    listed = [V2, {"@vocab": "https://x.example/ns#"}]
    check_terms(generic(**{"@context": listed}, type=["VerifiableCredential"]), contexts=contexts())


@pytest.mark.parametrize(
    ("members", "code", "path"),
    [
        ({"colur": "red"}, "term_unknown", "/colur"),
        ({"@vocab": False}, "term_unknown", "/@vocab"),
        ({"shade": "dark", "type": ["VerifiableCredential"]}, "term_unknown", "/shade"),
        ({"credentialSubject": {"vat": 4}}, "term_unknown", "/credentialSubject/vat"),
        ({"credentialSubject": {"dyed": {"x": 4}}}, "term_unknown", "/credentialSubject/dyed/x"),
        ({"type": ["VerifiableCredential", "Unknown"]}, "type_unknown", "/type/1"),
        ({"credentialSubject": {"type": "Nope", "id": "urn:x:1"}}, "type_unknown", "/credentialSubject/type"),
        ({"@context": [V2, OTHER, {"name": "https://evil.example/name"}]}, "jsonld", "/@context/2"),
        ({"@context": [V2, OTHER, {"@import": 5}]}, "jsonld", "/@context/2"),
        ({"credentialSubject": {"id": 5}}, "jsonld", "/credentialSubject/id"),
        ({"credentialSubject": {"id": "urn:x:1", "type": [5]}}, "jsonld", "/credentialSubject/type"),
        ({"credentialSubject": {"id": "urn:x:1", "type": "@foo"}}, "jsonld", "/credentialSubject/type"),
        ({"credentialSubject": {"name": {"@value": {}}}}, "jsonld", "/credentialSubject/name"),
        ({"@context": [V2, {"@vocab": "rel/"}], "type": ["VerifiableCredential", "T"]}, "type_unknown", None),
        (
            {"@context": [V2, OTHER, {"Rel": "relative"}], "type": ["VerifiableCredential", "Rel"]},
            "jsonld",
            "/@context/2",
        ),
    ],
)
def test_generic_credential_is_refused(members: dict[str, Any], code: str, path: str | None) -> None:
    with pytest.raises(InvalidError) as caught:
        check_terms_generic(generic(**members), contexts=contexts())
    assert (caught.value.code, caught.value.path) == (code, path)


def test_generic_credential_with_unpinned_context_is_undecided() -> None:
    with pytest.raises(UndecidedError) as caught:
        check_terms(generic(**{"@context": [V2, "https://x.example/unknown"]}), contexts=contexts())
    assert (caught.value.code, caught.value.path) == ("context_unpinned", "/@context/1")
    assert caught.value.cause is Cause.UNSUPPORTED


@pytest.mark.parametrize("value", [False, [False], [[False]], {"@context": False}], ids=str)
def test_false_is_no_context(value: Any) -> None:
    """The JSON-LD library takes it for an empty one."""
    with pytest.raises(InvalidError) as caught:
        check_terms({"@context": value, "id": "urn:x:y"}, contexts=load_context_store(None))
    assert caught.value.code in {"context_malformed", "jsonld"}
