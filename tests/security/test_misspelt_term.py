"""Attack: a member that reads like a known one but is another, so that a signed statement says nothing.

UNTP 0.7.0's fallback vocabularies take any member; a misspelt or look-alike name would pass expansion.
"""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.support.certificates import extension_document
from tests.support.shared import or_skip, shared, shared_at_collection

from certweave.canon.jsonld import expand
from certweave.credential.terms import check_terms
from certweave.encoding.pointer import join
from certweave.errors import InvalidError
from certweave_edge.contexts import load_context_store

FOLDER = shared_at_collection("untp/0.7.0/samples")
SAMPLES = (
    [path for path in sorted(FOLDER.iterdir()) if path.stem != "DigitalIdentityAnchor_instance"]
    if FOLDER
    else []
)
LOOK_ALIKES = [
    ("issuedToParty", "isuedToParty"),
    ("issuedToParty", "іssuedToParty"),  # Cyrillic i
    ("issuedToParty", "issuedToParty\u200b"),
    ("issuedToParty", "IssuedToParty"),
    ("referenceScheme", "referenceSсheme"),  # Cyrillic s
    ("assessorLevel", "assessorLevel "),
    ("name", "@name"),
    ("name", "https://schema.org/name"),
]


@pytest.mark.parametrize(("right", "wrong"), LOOK_ALIKES)
def test_look_alike_in_the_subject(right: str, wrong: str) -> None:
    document = extension_document("ScopeCertificate")
    subject = document["credentialSubject"]
    subject[wrong] = subject.pop(right)
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=load_context_store())
    assert (caught.value.code, caught.value.path) == ("term_unknown", join("/credentialSubject", wrong))


def test_expansion_alone_would_not_have_noticed() -> None:
    document = extension_document("ScopeCertificate")
    document["credentialSubject"]["isuedToParty"] = document["credentialSubject"].pop("issuedToParty")
    assert "isuedToParty" in json.dumps(expand(document, contexts=load_context_store()))


@pytest.mark.parametrize("member", ["id", "name", "validFrom", "issuer", "credentialStatus", "@context"])
def test_look_alike_at_the_top(member: str) -> None:
    document = extension_document("ScopeCertificate")
    document[f"{member}_"] = document[member]
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=load_context_store())
    assert (caught.value.code, caught.value.path) == ("term_unknown", f"/{member}_")


def test_look_alike_inside_our_extension() -> None:
    document = extension_document("TransactionCertificate")
    line = document["credentialSubject"]["transaction"]["productLines"][0]
    line["netWieght"] = line["netWeight"]
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=load_context_store())
    assert caught.value.path == "/credentialSubject/transaction/productLines/0/netWieght"


def test_a_context_written_into_a_node_defines_nothing() -> None:
    document = extension_document("ScopeCertificate")
    document["credentialSubject"]["@context"] = {"colour": "https://evil.example/colour"}
    document["credentialSubject"]["colour"] = "red"
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=load_context_store())
    assert caught.value.path == "/credentialSubject/@context"


def _nodes(value: Any, path: str = "") -> list[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        return [found for at, item in enumerate(value) for found in _nodes(item, join(path, at))]
    if not isinstance(value, dict):
        return []
    if "Characteristics" in value.get("type", ()):
        return []  # the one free field
    return [(path, value), *(found for key, item in value.items() for found in _nodes(item, join(path, key)))]


@pytest.mark.parametrize("path", or_skip(SAMPLES), ids=lambda path: path.stem)
def test_no_place_of_any_sample_takes_a_new_word(path: Path) -> None:
    """Put one unknown member into every object of a sample, one at a time."""
    document = json.loads(path.read_text(encoding="utf-8"))
    for place, node in _nodes(document):
        node["nаme"] = "Cyrillic a"
        with pytest.raises(InvalidError) as caught:
            check_terms(document, contexts=load_context_store())
        assert (caught.value.code, caught.value.path) == ("term_unknown", join(place, "nаme"))
        del node["nаme"]


@given(data=st.data())
def test_any_renamed_member_is_found_at_its_place(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(SAMPLES or [shared("untp/0.7.0/samples")]))
    document = copy.deepcopy(json.loads(path.read_text(encoding="utf-8")))
    place, node = data.draw(st.sampled_from(_nodes(document)))
    names = [name for name in node if not (place == "" and name in ("@context", "type"))]
    name = data.draw(st.sampled_from(names))
    node[f"{name}x"] = node.pop(name)
    with pytest.raises(InvalidError) as caught:
        check_terms(document, contexts=load_context_store())
    assert caught.value.code in ("term_unknown", "type_unknown")
    assert str(caught.value.path).startswith(place)
