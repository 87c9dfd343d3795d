"""Contexts of the usual kind are processed as pyld processes them, or handed over to it."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from certweave.canon.active import apply_context, initial_context
from certweave.canon.jsonld import process_context
from certweave.canon.term import HandOver
from certweave.credential.contexts import PINS
from certweave.credential.untp.names import UNTP_CONTEXT
from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.errors import CertweaveError
from certweave_edge.contexts import load_context_store

LOOP = "https://c.example/loop"
STORE = load_context_store().plus(
    LOOP, {"@context": {"again": {"@id": "https://c.example/again", "@context": LOOP}}}
)
OWN = "https://certweave.example/ns/v1/context.jsonld"
HANDED_OVER = {"https://w3id.org/security/v2"}
"""Pinned contexts with more in them than the usual: a list of languages, a name for an import."""
LISTS = [[url] for url in PINS if url not in HANDED_OVER]
LISTS += [[VCDM_2_CONTEXT, UNTP_CONTEXT], [VCDM_2_CONTEXT, UNTP_CONTEXT, OWN]]
WAYS = [{"override": True}, {"propagate": False}, {}]


def _by_pyld(active: Any, local: Any, *, override: bool = False, propagate: bool = True) -> Any:
    return process_context(active, local, contexts=STORE, override_protected=override, propagate=propagate)


def _plain(value: Any) -> Any:
    """Return an active context without what pyld notes for itself."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items() if key not in ("_uuid", "@version")}
    return [_plain(item) for item in value] if isinstance(value, list | tuple) else value


def _scoped(active: Any) -> Iterator[Any]:
    for mapping in active["mappings"].values():
        if mapping.get("@context"):
            yield mapping["@context"]


@pytest.mark.parametrize("urls", LISTS, ids=lambda urls: " ".join(url.split("/")[-2] for url in urls))
def test_pinned_contexts_and_all_that_is_scoped_in_them(urls: list[str]) -> None:
    active = apply_context(initial_context(), urls, contexts=STORE)
    assert _plain(active) == _plain(_by_pyld(initial_context(), urls))
    for way in WAYS[:2]:
        for local in _scoped(active):
            inside = _same(active, local, way)
            for deeper in list(_scoped(inside))[:3]:
                _same(inside, deeper, way)


def _same(active: Any, local: Any, way: dict[str, bool]) -> Any:
    """Apply a context as pyld does; what that refuses has to be handed over."""
    try:
        due = _plain(_by_pyld(active, local, **way))
    except CertweaveError:
        with pytest.raises(HandOver):
            apply_context(active, local, contexts=STORE, **way)
        return initial_context()
    found = apply_context(active, local, contexts=STORE, **way)
    assert _plain(found) == due
    return found


A = "https://c.example/a"


@pytest.mark.parametrize(
    "local",
    [
        *HANDED_OVER,
        *([], False, [None], "https://unpinned.example/", {"@base": A}, {"@vocab": "v#"}, {"@version": 1.0}),
        *(
            {"a": None},
            {"a": 7},
            {"a": {"@id": 7}},
            {"a": "b"},
            {"a": "@context"},
            {"a": "@colour"},
            {"a": "_:b0"},
            {"a": "a"},
        ),
        *({"": A}, {"a:b": A}, {"a": "b", "b": "a"}, {"a": {"@id": A, "@protected": None}}),
        *(
            {"a": {"@id": A, "@type": "b"}},
            {"a": {"@id": A, "@type": "@set"}},
            {"a": {"@id": A, "@nest": "@nest"}},
        ),
        *({"a": {"@id": A, "@container": found}} for found in ("@index", ["@set", "@set"], [7], "set")),
        [{"@vocab": "https://c.example/v#"}, {A: A}],
        [{"@vocab": "https://c.example/v#"}, {"a": "b"}],
    ],
    ids=str,
)
def test_what_is_unusual_is_handed_over(local: Any) -> None:
    with pytest.raises(HandOver):
        apply_context(initial_context(), local, contexts=STORE)


@pytest.mark.parametrize(
    ("made_by_pyld", "local"),
    [
        ({"a": None}, {"b": "a"}),
        ({"https://c.example/v#": {"@type": "@id"}}, {"@vocab": "https://c.example/v#"}),
    ],
    ids=str,
)
def test_what_builds_on_the_unusual_is_handed_over(made_by_pyld: Any, local: Any) -> None:
    active = _by_pyld(initial_context(), made_by_pyld)
    with pytest.raises(HandOver):
        apply_context(active, local, contexts=STORE)


@pytest.mark.parametrize(
    "local",
    [
        {"a": "p:x", "p": "https://c.example/ns#"},
        {"a": {"@id": "b", "@type": "q:y"}, "b": "https://c.example/b", "q": "https://c.example/q/"},
        {"a": {"@id": "https://c.example/ns#"}, "b": "a:x"},
        {"@vocab": "https://c.example/v#", "p#": "p#", "c": {"@type": "@id"}},
        {"a": {"@id": "https://c.example/a", "@context": LOOP}},
        LOOP,
        {"@version": 1.1, "a": {"@id": "https://c.example/a", "@container": []}},
    ],
    ids=str,
)
def test_what_is_usual_is_not_handed_over(local: Any) -> None:
    _same(initial_context(), local, {})


NAMES = ["a", "b", "p", "q", "id", "type", "p:x", "https://c.example/a", "", "@type", "@colour"]
TEXTS = [
    *("https://c.example/ns#", "https://c.example/a", "urn:c:a", "p:x", "q:y", "a", "b", "p", "rel/ative"),
    *("@id", "@type", "@json", "@vocab", "@none", "@context", "@colour", "_:b0", "", "https:", "c d:e"),
]
texts = st.sampled_from(TEXTS) | st.none()
containers = st.sampled_from(["@set", "@list", "@language", "@graph", "@index", "@id", "@type", "set", 7])
containers |= st.lists(st.sampled_from(["@set", "@list", "@language", "@graph"]), max_size=3)


def _contexts(depth: int) -> st.SearchStrategy[Any]:
    entries: dict[str, Any] = {
        "@id": texts,
        "@type": texts,
        "@container": containers,
        "@protected": st.booleans() | st.none(),
        "@prefix": st.booleans(),
        "@language": st.sampled_from(["en", None]),
        "@nest": st.just("@nest"),
        "@index": texts,
    }
    if depth:
        entries["@context"] = _contexts(depth - 1)
    terms = st.dictionaries(
        st.sampled_from(NAMES), texts | st.fixed_dictionaries({}, optional=entries), max_size=4
    )
    more = st.fixed_dictionaries(
        {},
        optional={
            "@vocab": texts,
            "@protected": st.booleans(),
            "@version": st.sampled_from([1.1, 1.0]),
            "@propagate": st.booleans(),
            "@base": texts,
            "@import": st.just(VCDM_2_CONTEXT),
        },
    )
    one = st.builds(lambda first, second: {**first, **second}, more, terms) | terms
    return (
        one
        | st.sampled_from([None, VCDM_2_CONTEXT, "https://unpinned.example/", 7])
        | st.lists(one, max_size=2)
    )


@given(first=_contexts(1), second=_contexts(1), way=st.sampled_from(WAYS))
def test_any_contexts_are_processed_alike_or_handed_over(
    first: Any, second: Any, way: dict[str, bool]
) -> None:
    try:
        before = apply_context(initial_context(), first, contexts=STORE)
        found = apply_context(before, second, contexts=STORE, **way)
    except HandOver:
        return
    assert _plain(before) == _plain(_by_pyld(initial_context(), first))
    assert _plain(found) == _plain(_by_pyld(before, second, **way))


usual = st.sampled_from(["https://c.example/ns#", "https://c.example/a", "urn:c:a", "p:x", "q:y", "a", "@id"])


def _usual(depth: int) -> st.SearchStrategy[Any]:
    entries: dict[str, Any] = {
        "@type": usual,
        "@protected": st.booleans(),
        "@container": st.sampled_from(["@set", "@list", ["@language", "@set"]]),
    }
    if depth:
        entries["@context"] = _usual(depth - 1)
    definitions = st.fixed_dictionaries({"@id": usual}, optional=entries)
    terms = st.dictionaries(st.sampled_from(["a", "b", "p", "q"]), usual | definitions, max_size=4)
    around = st.fixed_dictionaries(
        {}, optional={"@vocab": st.just("https://c.example/v#"), "@protected": st.just(True)}
    )
    return st.builds(lambda first, second: {**first, **second}, around, terms)


@given(contexts=st.lists(_usual(1), min_size=1, max_size=3), way=st.sampled_from(WAYS))
def test_usual_contexts_are_processed_alike(contexts: list[Any], way: dict[str, bool]) -> None:
    """What pyld refuses, such as another meaning of a protected term, is handed over."""
    try:
        found = apply_context(initial_context(), contexts, contexts=STORE, **way)
    except HandOver:
        return
    assert _plain(found) == _plain(_by_pyld(initial_context(), contexts, **way))
