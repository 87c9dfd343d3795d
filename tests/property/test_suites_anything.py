"""Any change in a document signed with any suite: a verdict, never a wrong one, and never a stumble."""

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyld import jsonld
from tests.support.suites import PAIRS, contexts, draft, judge, name_of, sign

from certweave.encoding.strict_json import JsonObject
from certweave.keys.model import PrivateKey
from certweave.proof.suites.suite import Suite

SIGNED = {(suite.name, key.algorithm): sign(draft(key), suite, key) for suite, key in PAIRS}
WORDS = st.sampled_from(
    ["@id", "@type", "@graph", "@value", "@context", "@vocab", "id", "type", "proof", "name", "x"]
)
LEAVES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**53), 2**53),
    st.floats(allow_nan=False, allow_infinity=False),
    st.text(max_size=8),
    WORDS,
    st.sampled_from(["https://www.w3.org/ns/credentials/v2", "did:key:z6Mk#z6Mk", "urn:x:1", "_:b0"]),
)
VALUES = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.one_of(WORDS, st.text(max_size=4)), inner, max_size=3)
    ),
    max_leaves=6,
)


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Return the places of everything inside."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        found += places(item, (*path, name))
    return found


def changed(document: JsonObject, path: tuple[str | int, ...], value: Any) -> JsonObject:
    """Return a copy with another value at a place, or a member more beside it."""
    result = copy.deepcopy(document)
    inner: Any = result
    for step in path[:-1]:
        inner = inner[step]
    inner[path[-1]] = value
    return result


@pytest.mark.parametrize(("suite", "key"), PAIRS, ids=name_of)
@given(data=st.data())
def test_a_changed_document_is_not_valid(data: st.DataObject, suite: Suite, key: PrivateKey) -> None:
    signed = SIGNED[suite.name, key.algorithm]
    path = data.draw(st.sampled_from(places(signed)))
    value = data.draw(VALUES)
    if data.draw(st.booleans()):
        path = (*path[:-1], data.draw(st.text(max_size=6))) if isinstance(path[-1], str) else path
    document = changed(signed, path, value)
    report = judge(document)
    if report.verdict != "valid":
        return
    if suite.contexts:
        assert nquads(document) == nquads(signed)
    else:
        assert report.document == {name: item for name, item in signed.items() if name != "proof"}


def nquads(document: JsonObject) -> str:
    """Return what the JSON-LD library by itself reads in a document without its proof."""
    unsecured = {name: copy.deepcopy(value) for name, value in document.items() if name != "proof"}
    options = {"documentLoader": load, "algorithm": "URDNA2015", "format": "application/n-quads"}
    return str(jsonld.normalize(unsecured, options))


def load(url: str, _options: object = None) -> JsonObject:
    kind = {"contentType": "application/ld+json", "contextUrl": None}
    return {**kind, "documentUrl": url, "document": copy.deepcopy(contexts().get(url))}
