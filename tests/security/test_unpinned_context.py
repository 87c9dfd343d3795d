"""Attack: a context that somebody else can change decides what signed members mean.

So an unknown context leaves the verdict open, none is ever fetched, and inline ones do not count in UNTP.
"""

from typing import Any

import pytest
from tests.support.certificates import extension_document

from certweave.canon.jsonld import expand
from certweave.credential.terms import check_terms
from certweave.errors import Cause, InvalidError, UndecidedError
from certweave_edge.contexts import load_context_store

V2 = "https://www.w3.org/ns/credentials/v2"
EVIL = "https://evil.example/context"
OWN = "https://own.example/context"


@pytest.mark.parametrize("context", [EVIL, {"colour": "https://evil.example/colour"}, None, [EVIL], 5])
def test_untp_credential_with_a_context_that_is_not_pinned(context: Any) -> None:
    document = extension_document("ScopeCertificate")
    document["@context"].append(context)
    with pytest.raises(UndecidedError) as caught:
        check_terms(document, contexts=load_context_store())
    assert (caught.value.code, caught.value.path) == ("context_unpinned", "/@context/3")
    assert caught.value.cause is Cause.UNSUPPORTED


@pytest.mark.parametrize(
    "context", [EVIL, V2, [], {}, {"colour": "https://evil.example/colour"}, {"name": "urn:x:n"}, None, 5]
)
@pytest.mark.parametrize(
    ("place", "known"),
    [
        ("evidence", {"type": "Delegation", "name": "Visit"}),
        ("termsOfUse", [{"type": "Delegation", "id": "https://x.example/terms"}]),
        ("credentialSubject/scheme", {"name": "Other"}),
        ("credentialSubject/issuedToParty/scheme", {"name": "Other"}),
    ],
)
def test_a_context_inside_of_a_untp_credential(context: Any, place: str, known: Any) -> None:
    """It could give terms of its own to what follows, and others to what is protected."""
    contexts = load_context_store().plus(OWN, {"@context": {"scheme": {"@id": "https://own.example/scheme"}}})
    document = extension_document("ScopeCertificate")
    document["@context"].append(OWN)
    *around, member = place.split("/")
    node = document
    for name in around:
        node = node[name]
    node[member] = known
    check_terms(document, contexts=contexts)
    node[member] = (
        [{**known[0], "@context": context}] if isinstance(known, list) else {**known, "@context": context}
    )
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=contexts)
    index = "/0" if isinstance(known, list) else ""
    assert (caught.value.code, caught.value.path) == ("term_unknown", f"/{place}{index}/@context")


@pytest.mark.parametrize(
    ("document", "path"),
    [
        ({"@context": EVIL}, "/@context"),
        ({"@context": [{}, EVIL]}, "/@context/1"),
        ({"@context": {"a": {"@id": "urn:x:a", "@context": EVIL}}}, "/@context/a/@context"),
        ({"@context": {"@import": EVIL}}, "/@context/@import"),
        ({"@context": {"a": "urn:x:a"}, "a": {"@context": [EVIL]}}, "/a/@context/0"),
        ({"@context": "relative"}, "/@context"),
        ({"@context": "https://www.w3.org/ns/credentials/v2/"}, "/@context"),
        ({"@context": "https://www.w3.org/ns/credentials/v2#x"}, "/@context"),
    ],
)
def test_wherever_it_stands(document: dict[str, Any], path: str) -> None:
    with pytest.raises(UndecidedError) as caught:
        expand(document, contexts=load_context_store())
    assert (caught.value.code, caught.value.path) == ("context_unpinned", path)
