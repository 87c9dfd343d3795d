"""Attack: one document changes what a context means for those that come after it, or beside it."""

import pytest
from tests.support.world import contexts

from certweave.canon.rdf import Hash, canonical_form
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.limits import DEFAULT_LIMITS

V2 = "https://www.w3.org/ns/credentials/v2"
DID_V1 = "https://www.w3.org/ns/did/v1"
EVIL = "https://evil.example/takes-over"


def canonical(document: JsonObject) -> str:
    return canonical_form(document, contexts=contexts(), hash_name=Hash.SHA256, limits=DEFAULT_LIMITS).text


@pytest.mark.parametrize("url", [V2, DID_V1])
def test_what_a_document_imports_stays_its_own(url: str) -> None:
    """The JSON-LD library writes the importing context into its copy of the imported one."""
    honest = {"@context": [url], "id": "did:example:a", "type": ["urn:example:type"]}
    before = canonical(honest)
    importing = {**honest, "@context": [{"@import": url, "evil": EVIL}], "evil": "x"}
    assert f"<{EVIL}>" in canonical(importing)
    assert canonical(honest) == before
    with pytest.raises(InvalidError) as caught:
        canonical({**honest, "evil": "x"})
    assert (caught.value.code, caught.value.path) == ("term_unknown", "/evil")


@pytest.mark.parametrize(
    "context",
    [
        {"@import": ["https://www.w3.org/ns/did/v1"]},
        {"@import": None},
        {"@import": "https://certweave.example/ns/v1/context.jsonld", "VerifiableCredential": EVIL},
    ],
    ids=["list", "null", "protected"],
)
def test_imports_that_are_none(context: JsonObject) -> None:
    with pytest.raises(InvalidError) as caught:
        canonical({"@context": [V2, context], "type": ["VerifiableCredential"]})
    assert caught.value.code == "jsonld"


def test_a_protected_term_gives_way_only_where_it_may() -> None:
    """A property may (JSON-LD 1.1 §4.1.11); the library then let the same context do it anywhere."""
    scoped = {"VerifiablePresentation": EVIL}
    terms = {"mayDoSo": {"@id": "urn:example:may", "@context": scoped}, "mayNot": "urn:example:not"}
    allowed: JsonObject = {"@context": [V2, terms], "mayDoSo": {"VerifiablePresentation": "a"}}
    refused: JsonObject = {"@context": scoped, "VerifiablePresentation": "b"}
    assert f"<{EVIL}>" in canonical(allowed)
    with pytest.raises(InvalidError) as caught:
        canonical({**allowed, "mayNot": refused})
    assert caught.value.code == "jsonld"
