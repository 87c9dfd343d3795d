"""JSON-LD to RDF: what each kind of value becomes, what is refused, and threads side by side."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from tests.support.json_ld import V2, store

from certweave.canon.fast import find_statements
from certweave.canon.jsonld import expand, expand_losslessly
from certweave.canon.rdf import Hash, canonical_form, to_quads, to_quads_slowly
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError, UndecidedError
from certweave.limits import DEFAULT_LIMITS

XSD = "http://www.w3.org/2001/XMLSchema#"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
I18N = "https://www.w3.org/ns/i18n#"
TERMS: JsonObject = {
    "@vocab": "urn:v:",
    "id": "@id",
    "type": "@type",
    "p": "urn:p",
    "double": {"@id": "urn:p", "@type": f"{XSD}double"},
    "decimal": {"@id": "urn:p", "@type": f"{XSD}decimal"},
    "text": {"@id": "urn:p", "@type": f"{XSD}string"},
    "link": {"@id": "urn:p", "@type": "@id"},
    "word": {"@id": "urn:p", "@type": "@vocab"},
    "json": {"@id": "urn:p", "@type": "@json"},
    "list": {"@id": "urn:p", "@container": "@list"},
    "words": {"@id": "urn:p", "@container": "@language"},
    "right": {"@id": "urn:p", "@direction": "rtl", "@language": "AR"},
    "graph": {"@id": "urn:p", "@container": "@graph"},
    "back": {"@reverse": "urn:p"},
    "byIndex": {"@id": "urn:p", "@container": "@index"},
    "byId": {"@id": "urn:p", "@container": "@id"},
    "inside": "@nest",
}

VALUES = [
    ("p", "a", '"a"'),
    ("p", 'q"\\\n\r\t\b\f\x00\x0b\x7f\uffff', '"q\\"\\\\\\n\\r\\t\\b\\f\\u0000\\u000B\\u007F\\uFFFF"'),
    ("p", "\x85\u2028\U0001f600", '"\x85\u2028\U0001f600"'),
    ("p", True, f'"true"^^<{XSD}boolean>'),
    ("p", 5, f'"5"^^<{XSD}integer>'),
    ("p", 1.0, f'"1"^^<{XSD}integer>'),
    ("p", -0.0, f'"0"^^<{XSD}integer>'),
    ("p", 2**53 - 1, f'"9007199254740991"^^<{XSD}integer>'),
    ("p", 4.25, f'"4.25E0"^^<{XSD}double>'),
    ("p", 1e-7, f'"1.0E-7"^^<{XSD}double>'),
    ("p", 0.1, f'"1.0E-1"^^<{XSD}double>'),
    ("p", 1e21, f'"1.0E21"^^<{XSD}double>'),
    ("double", 5, f'"5.0E0"^^<{XSD}double>'),
    ("double", "5", f'"5"^^<{XSD}double>'),
    ("decimal", "5.10", f'"5.10"^^<{XSD}decimal>'),
    ("decimal", 5.5, f'"5.5E0"^^<{XSD}decimal>'),
    ("decimal", False, f'"false"^^<{XSD}decimal>'),
    ("text", "a", '"a"'),
    ("text", 5, '"5"'),
    ("link", "urn:x:y", "<urn:x:y>"),
    ("link", 5, f'"5"^^<{XSD}integer>'),
    ("word", "p", "<urn:p>"),
    ("word", "other", "<urn:v:other>"),
    ("json", {"b": [1.0, None], "a": "\u20ac"}, f'"{{\\"a\\":\\"\u20ac\\",\\"b\\":[1,null]}}"^^<{RDF}JSON>'),
    ("json", None, f'"null"^^<{RDF}JSON>'),
    ("json", [], f'"[]"^^<{RDF}JSON>'),
    ("list", [], f"<{RDF}nil>"),
    ("words", {"DE-ch": "a"}, '"a"@de-ch'),
    ("words", {"@none": ["a"]}, '"a"'),
    ("words", {"en": [None, "a"], "de": None}, '"a"@en'),
    ("p", {"@value": 5}, f'"5"^^<{XSD}integer>'),
    ("p", ["a", None], '"a"'),
    ("right", "a", f'"a"^^<{I18N}ar_rtl>'),
    ("p", {"@value": "a", "@language": "EN"}, '"a"@en'),
    ("p", {"@value": "a", "@direction": "ltr"}, f'"a"^^<{I18N}_ltr>'),
    ("p", {"@value": 5, "@type": f"{XSD}double"}, f'"5.0E0"^^<{XSD}double>'),
    ("p", {"@value": {"a": 1}, "@type": "@json"}, f'"{{\\"a\\":1}}"^^<{RDF}JSON>'),
    ("p", {"id": "urn:x:y"}, "<urn:x:y>"),
    ("p", {"@set": ["a"]}, '"a"'),
]


@pytest.mark.parametrize(("member", "value", "expected"), VALUES)
def test_values(member: str, value: Any, expected: str) -> None:
    document = {"@context": TERMS, "id": "urn:s", member: value}
    assert to_quads(document, contexts=store(), limits=DEFAULT_LIMITS) == [
        ("<urn:s>", "<urn:p>", expected, None)
    ]
    assert to_quads_slowly(document, contexts=store()) == [("<urn:s>", "<urn:p>", expected, None)]


def test_nodes_with_the_same_names_need_not_have_the_same_values() -> None:
    values = ["a", 'q"\n', "%s", 5, 0.5, True, None, ["a", "b"], {"@value": "v"}, {"id": "urn:x:y"}, [1, "c"]]
    names = {"p": "urn:p", "text": TERMS["text"], "right": TERMS["right"], "percent": "urn:100%25"}
    nodes = [
        {"id": f"urn:n:{at}", **{name: values[at - place] for place, name in enumerate(names)}}
        for at, _ in enumerate(values)
    ]
    document: JsonObject = {"@context": TERMS | names, "id": "urn:s", "link": nodes}
    found = find_statements(document, contexts=store())
    slow = to_quads_slowly(document, contexts=store())
    assert found is not None
    assert set(found.quads()) == set(slow)
    assert len(set(slow)) > 5 * len(nodes) - 12


GRAPHS: dict[str, tuple[JsonObject, str]] = {
    "a list": (
        {"id": "urn:s", "list": ["a", {"p": "b"}]},
        "<urn:s> <urn:p> _:c14n0 .\n"
        f'_:c14n0 <{RDF}first> "a" .\n'
        f"_:c14n0 <{RDF}rest> _:c14n1 .\n"
        f"_:c14n1 <{RDF}first> _:c14n2 .\n"
        f"_:c14n1 <{RDF}rest> <{RDF}nil> .\n"
        '_:c14n2 <urn:p> "b" .\n',
    ),
    "a list in a list": (
        {"id": "urn:s", "list": [[]]},
        f"<urn:s> <urn:p> _:c14n0 .\n_:c14n0 <{RDF}first> <{RDF}nil> .\n_:c14n0 <{RDF}rest> <{RDF}nil> .\n",
    ),
    "a graph": (
        {"id": "urn:s", "graph": {"id": "urn:o", "p": "a"}},
        '<urn:o> <urn:p> "a" _:c14n0 .\n<urn:s> <urn:p> _:c14n0 .\n',
    ),
    "a named graph": (
        {"id": "urn:g", "p": "b", "@graph": [{"id": "urn:o", "p": "a"}]},
        '<urn:g> <urn:p> "b" .\n<urn:o> <urn:p> "a" <urn:g> .\n',
    ),
    "a graph and nothing": (
        {"id": "urn:s", "graph": [None, {"id": "urn:o", "p": "a"}]},
        '<urn:o> <urn:p> "a" _:c14n0 .\n<urn:s> <urn:p> _:c14n0 .\n',
    ),
    "contexts in more than one place": (
        {
            "id": "urn:s",
            "p": [{"@context": {name: f"urn:{name}"}, "id": "urn:o", name: "a"} for name in "xyz"],
        },
        "".join(f'<urn:o> <urn:{name}> "a" .\n' for name in "xyz") + "<urn:s> <urn:p> <urn:o> .\n",
    ),
    "a property that its own context redefines": (
        {
            "@context": [TERMS, {"deep": {"@id": "urn:d", "@context": {"deep": "urn:e"}}}],
            "id": "urn:s",
            "deep": {"id": "urn:o", "deep": "a"},
        },
        '<urn:o> <urn:e> "a" .\n<urn:s> <urn:d> <urn:o> .\n',
    ),
    "types by two names": (
        {"id": "urn:s", "type": "T", "@type": "U"},
        f"<urn:s> <{RDF}type> <urn:v:T> .\n<urn:s> <{RDF}type> <urn:v:U> .\n",
    ),
    "names that are too long to be kept": (
        {"id": "urn:s", **{f"{name}{'n' * 300}": "a" for name in "abcdefghijklmnop"}},
        "".join(f'<urn:s> <urn:v:{name}{"n" * 300}> "a" .\n' for name in "abcdefghijklmnop"),
    ),
    "the other way round": ({"id": "urn:s", "back": {"id": "urn:o"}}, "<urn:o> <urn:p> <urn:s> .\n"),
    "included": (
        {"id": "urn:s", "p": "a", "@included": [{"id": "urn:o", "p": "b"}]},
        '<urn:o> <urn:p> "b" .\n<urn:s> <urn:p> "a" .\n',
    ),
    "nested": ({"id": "urn:s", "inside": {"p": "a"}}, '<urn:s> <urn:p> "a" .\n'),
    "by id": (
        {"id": "urn:s", "byId": {"urn:o": {"p": "a"}}},
        '<urn:o> <urn:p> "a" .\n<urn:s> <urn:p> <urn:o> .\n',
    ),
}


V = "https://v.example/ns#"
TWO: JsonObject = {"@id": "urn:s", "p": "a", "q": "b"}
CONTEXTS: dict[str, tuple[Any, JsonObject, list[str]]] = {
    "a vocabulary by another word": ([{"v": "urn:v:"}, {"@vocab": "v"}], TWO, ["urn:v:p", "urn:v:q"]),
    "terms of their own names in a vocabulary": (
        {"@vocab": "urn:v:", "p": {"@type": "@id"}},
        {**TWO, "p": "urn:x:y"},
        ["urn:v:p", "urn:v:q"],
    ),
    "a vocabulary that is a term, too": (
        {V: V, "p": "urn:p"},
        {"@id": "urn:s", "p": {"@context": {"@vocab": V}, "@id": "urn:o", "q": "a"}},
        [f"{V}q", "urn:p"],
    ),
    "a term of its own name in a vocabulary": (
        {"@vocab": V, "p": {"@type": "@id"}},
        {**TWO, "p": "urn:x:y"},
        [f"{V}p", f"{V}q"],
    ),
    "contexts of properties by their address": (
        {name: {"@id": f"urn:{name}", "@context": V2} for name in "pq"},
        TWO,
        ["urn:p", "urn:q"],
    ),
    "terms that look like IRIs": (
        {"urn:x:p": "urn:x:p", "a:b": {"@id": "a:b"}},
        {"@id": "urn:s", "urn:x:p": "a", "a:b": "b"},
        ["a:b", "urn:x:p"],
    ),
    "a protection that is none": (
        {"p": {"@id": "urn:p", "@protected": 5}, "q": "urn:q"},
        TWO,
        ["urn:p", "urn:q"],
    ),
    "a vocabulary taken back": (
        [{"@vocab": "urn:v:"}, {"@vocab": None, "p": "urn:p", "q": "urn:q"}],
        TWO,
        ["urn:p", "urn:q"],
    ),
    **{
        f"a {name[1:]} taken back that was never given": (
            {name: None, "p": "urn:p", "q": "urn:q"},
            TWO,
            ["urn:p", "urn:q"],
        )
        for name in ("@vocab", "@language", "@direction", "@base")
    },
    "a container said twice": (
        {"p": {"@id": "urn:p", "@container": ["@set", "@set"]}, "q": "urn:q"},
        TWO,
        ["urn:p", "urn:q"],
    ),
}


@pytest.mark.parametrize("name", CONTEXTS)
def test_contexts_of_rare_forms(name: str) -> None:
    context, members, expected = CONTEXTS[name]
    document = {"@context": context, **members}
    assert sorted(quad[1] for quad in to_quads(document, contexts=store(), limits=DEFAULT_LIMITS)) == [
        f"<{iri}>" for iri in expected
    ]
    assert set(to_quads(document, contexts=store(), limits=DEFAULT_LIMITS)) == set(
        to_quads_slowly(document, contexts=store())
    )


def test_more_kinds_of_nodes_than_are_kept() -> None:
    nodes = [{"id": f"urn:n:{number}", f"name{number}": "a"} for number in range(1_100)]
    document = {"@context": TERMS, "id": "urn:s", "p": nodes}
    found = find_statements(document, contexts=store())
    assert found is not None
    assert {quad[:2] for quad in found.quads() if quad[2] == '"a"'} == {
        (f"<urn:n:{number}>", f"<urn:v:name{number}>") for number in range(1_100)
    }


@pytest.mark.parametrize("name", GRAPHS)
def test_graphs(name: str) -> None:
    document, expected = GRAPHS[name]
    form = canonical_form(
        {"@context": TERMS, **document}, contexts=store(), hash_name=Hash.SHA256, limits=DEFAULT_LIMITS
    )
    assert form.text == expected


MISSPELT = {"@context": [V2], "type": "VerifiableCredential", "issuer": {"id": "urn:x", "naem": "a"}}
LOSSES = [
    ({"@context": {"p": "urn:p"}, "p": "a", "q": {"r": 1}}, "term_unknown", "/q"),
    (MISSPELT, "term_unknown", "/issuer/naem"),
    ({"@context": [TERMS, {"p": None}], "p": "a"}, "term_unknown", None),
    (
        {"@context": [{"@vocab": "urn:v:", "p": "urn:p"}, {"@vocab": None}], "p": "a", "q": "b"},
        "term_unknown",
        "/q",
    ),
    ({"@context": TERMS, "_:q": "a"}, "term_unknown", "/_:q"),
    ({"@context": {"@vocab": "rel/"}, "q": "a"}, "term_unknown", None),
    ({"@context": {"p": "urn:p"}, "@type": "T", "p": "a"}, "type_unknown", "/@type"),
    ({"@context": TERMS, "id": "rel", "p": "a"}, "iri_not_absolute", "/id"),
    ({"@context": TERMS, "id": "_:b", "p": "a"}, "iri_not_absolute", "/id"),
    ({"@context": TERMS, "link": "_:b"}, "iri_not_absolute", "/link"),
    ({"@context": TERMS, "type": "_:b", "p": "a"}, "type_unknown", "/type"),
    ({"@context": TERMS, "p": {"id": "@foo", "text": "a"}}, "jsonld", "/p/id"),
    ({"@context": TERMS, "link": ["urn:a", "@foo"]}, "jsonld", "/link/1"),
    ({"@context": TERMS, "type": "@foo", "p": "a"}, "jsonld", "/type"),
    ({"@context": TERMS, "p": {"@value": "a", "@type": "@foo"}}, "jsonld", "/p/@type"),
    ({"@context": TERMS, "id": "relative-to-nothing:/urn:x:y", "p": "a"}, "iri_not_absolute", None),
    ({"@context": TERMS, "link": "//x.example/"}, "iri_not_absolute", None),
    ({"@context": TERMS, "link": "urn:x> <urn:y"}, "iri_not_absolute", "/link"),
    ({"@context": TERMS, "link": "urn:x\n"}, "iri_not_absolute", "/link"),
    ({"@context": TERMS, "p": {"@value": "a", "@type": "rel:\x00"}}, "iri_not_absolute", "/p/@type"),
    (
        {"@context": TERMS, "words": {'en .\n<urn:a> <urn:b> "c"@en': "a"}},
        "language_malformed",
        '/words/en .\n<urn:a> <urn:b> "c"@en',
    ),
    ({"@context": TERMS, "p": {"@value": "a", "@language": ""}}, "language_malformed", "/p/@language"),
    ({"@context": TERMS, "p": {"@value": 1, "@language": "en"}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": [{"@value": "a", "@language": 5}, "b"]}, "jsonld", "/p/0"),
    ({"@context": TERMS, "p": {"@value": {}}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@value": "a", "id": "urn:b"}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@list": ["a"], "id": "urn:b"}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@index": 5, "p": "a"}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@included": 5}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@reverse": 5}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@value": 5, "@direction": "rtl"}}, "jsonld", "/p"),
    ({"@context": TERMS, "words": {"en": ["a", 5]}}, "jsonld", None),
    ({"@context": TERMS, "p": {"@value": "a", "@direction": "up"}}, "jsonld", "/p"),
    ({"@context": {"d": {"@id": "urn:d", "@type": "http://a<b"}}, "d": "a"}, "iri_not_absolute", None),
    ({"@context": {"s": {"@id": "urn:s", "@context": {"s": "@type"}}}, "s": "a"}, "jsonld", None),
    ({"@context": {"p": {"@type": "@id"}}, "p": "urn:x:y"}, "jsonld", "/@context"),
    ({"@context": {"p": "@context"}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": {"p": "@foo"}, "p": "a"}, "jsonld", "/@context/p"),
    ({"@context": {"p": {"@id": 5}}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": {"p": {"@id": {}}}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": {"p": {"@id": "urn:p", "@nest": ""}}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": {"p": {"@id": "urn:p", "@type": "rel"}}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": {"p": {"@id": "urn:p", "@container": [5]}}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": {"q": None, "p": "q"}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": {"q": None, "p": "urn:p"}, "p": {"@context": {"r": "q"}, "r": "a"}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@context": {"@import": 5}, "p": "a"}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"id": "urn:a", "@id": "urn:a", "p": "a"}}, "jsonld", "/p"),
    ({"@context": TERMS, "p": {"@version": 1.1, "p": "a"}}, "jsonld_dropped", "/p"),
    ({"@context": TERMS, "link": "urn:local context"}, "iri_not_absolute", "/link"),
    ({"@context": {"p": {"@id": "urn:p", "@type": "urn:a b"}}, "p": "a"}, "jsonld", "/@context"),
    ({"@context": TERMS, "link": {"id": 5}}, "jsonld", "/link/id"),
    ({"@context": TERMS, "word": "id"}, "iri_not_absolute", None),
    ({"@context": TERMS, "graph": "a"}, "jsonld_dropped", None),
    ({"@context": [TERMS, {"p": {"@id": "urn:p", "@direction": "up"}}], "p": "a"}, "jsonld", "/@context/1"),
    ({"@context": TERMS, "p": 2**53}, "number_range", "/p"),
    ({"@context": TERMS, "p": -(2.0**53)}, "number_range", "/p"),
    ({"@context": TERMS, "p": float("inf")}, "number_range", "/p"),
    ({"@context": TERMS, "double": float("nan")}, "number_range", "/double"),
    ({"@context": TERMS, "type": 5, "p": "a"}, "jsonld", "/type"),
    ({"@context": TERMS, "type": [{}], "p": "a"}, "jsonld", "/type"),
    ({"@context": TERMS, "p": {"@value": None}}, "jsonld_dropped", None),
    ({"@context": TERMS, "p": {"@value": "a", "@index": "i"}}, "jsonld_dropped", None),
    ({"@context": TERMS, "p": {"@set": ["a"], "@index": "i"}}, "jsonld_dropped", None),
    ({"@context": TERMS, "byIndex": {"i": "a"}}, "jsonld_dropped", None),
    ({"@context": TERMS, "@graph": ["a"]}, "jsonld_dropped", None),
    ({"@context": TERMS, "graph": {"id": "urn:o"}}, "jsonld_dropped", None),
    ({"@context": TERMS, "id": "urn:s"}, "jsonld_dropped", None),
    ({"@context": TERMS}, "jsonld_dropped", None),
    ({"@context": TERMS, "@foo": "a"}, "jsonld", "/@foo"),
    ({"@context": TERMS, "json": {"a": {"@foo": 1}}}, "jsonld", "/json/a/@foo"),
    (
        {"@context": [V2, {"VerifiableCredential": "urn:i"}], "type": "VerifiableCredential"},
        "jsonld",
        "/@context/1",
    ),
]


@pytest.mark.parametrize(("document", "code", "path"), LOSSES)
def test_what_would_be_lost_is_refused(document: JsonObject, code: str, path: str | None) -> None:
    assert find_statements(document, contexts=store()) is None
    with pytest.raises(InvalidError) as caught:
        to_quads(document, contexts=store(), limits=DEFAULT_LIMITS)
    assert (caught.value.code, caught.value.path) == (code, path)


@pytest.mark.parametrize(
    "odd",
    [{"@colour": "urn:c"}, {"q": "@colour"}, {"q": {"@id": "@colour"}}, {"q": {"@reverse": "@colour"}}],
    ids=str,
)
def test_a_pinned_context_may_have_what_looks_like_a_keyword(odd: JsonObject) -> None:
    """It defines nothing; warnings, which pyld gives to whoever sits at the terminal, are errors here."""
    url = "https://a.example/odd"
    contexts = store().plus(url, {"@context": {**odd, "p": "urn:p", "r": {"@id": "urn:r", "@nest": "@nest"}}})
    for document in ({"p": "a"}, {"r": "a"}):
        assert to_quads({"@context": url, **document}, contexts=contexts, limits=DEFAULT_LIMITS)
    with pytest.raises(InvalidError) as caught:
        to_quads({"@context": url, "q": "a", "p": "a"}, contexts=contexts, limits=DEFAULT_LIMITS)
    assert (caught.value.code, caught.value.path) == ("term_unknown", "/q")


@pytest.mark.parametrize(
    ("imported", "code"),
    [
        ({"q": "urn:q"}, None),
        ([{"q": "urn:q"}], "jsonld"),
        ({"@import": V2}, "jsonld"),
        (V2, "jsonld"),
        (None, "jsonld"),
    ],
)
def test_a_context_imports_a_single_one(imported: Any, code: str | None) -> None:
    url = "https://x.example/imported"
    contexts = store().plus(url, {"@context": imported})
    document = {"@context": {"@import": url, "p": "urn:p"}, "@id": "urn:s", "p": "a", "q": "b"}
    if code is None:
        assert len(to_quads(document, contexts=contexts, limits=DEFAULT_LIMITS)) == 2
        return
    with pytest.raises(CertweaveError) as caught:
        to_quads(document, contexts=contexts, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


def test_what_nests_too_deep_is_a_limit_in_expansion_too() -> None:
    for document in ({"@context": TERMS, **nest(2_000)}, {"@context": {"p": nest(2_000)}, "p": "a"}):
        with pytest.raises(UndecidedError) as caught:
            expand(document, contexts=store())
        assert caught.value.code == "limit_depth"


def test_what_is_compiled_of_one_store_is_never_that_of_another() -> None:
    """The same address means something else in every store; more of them than are kept."""
    url = "https://x.example/terms"
    for number in (*range(8), 0):
        contexts = store().plus(url, {"@context": {"p": f"urn:p:{number}"}})
        found = find_statements({"@context": url, "@id": "urn:s", "p": "a"}, contexts=contexts)
        assert found is not None
        assert found.quads() == [("<urn:s>", f"<urn:p:{number}>", '"a"', None)]


def nest(depth: int, member: str = "p") -> JsonObject:
    found: JsonObject = {"p": "a"}
    for _ in range(depth):
        found = {member: found}
    return found


@pytest.mark.parametrize(
    ("document", "kind", "code"),
    [
        ({"@context": ["https://unknown.example/"], "a": "b"}, UndecidedError, "context_unpinned"),
        ({"@context": [V2] * 65, "id": "urn:x:y"}, UndecidedError, "limit_contexts"),
        ({"@context": TERMS, **nest(2_000)}, UndecidedError, "limit_depth"),
        ({"@context": TERMS, "json": [float("nan")]}, MalformedError, "jcs_domain"),
        ({"@context": TERMS, "p": "\ud800"}, MalformedError, "text_encoding"),
        ({"@context": TERMS, "list": ["a"] * 2_000}, UndecidedError, "limit_canonical"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_cannot_be_said(document: JsonObject, kind: type[CertweaveError], code: str) -> None:
    with pytest.raises(kind) as caught:
        canonical_form(document, contexts=store(), hash_name=Hash.SHA256, limits=DEFAULT_LIMITS)
    assert caught.value.code == code


def test_threads_do_not_disturb_each_other() -> None:
    """Contexts here are new to the process; the library fails now and then where threads share it."""
    documents: list[JsonObject] = [
        {
            "@context": [V2, {"T": {"@id": "urn:t", "@context": {f"q{n % 7}": f"urn:q:{n}"}}}],
            "type": ["VerifiableCredential", "T"],
            "issuer": {"id": "urn:i", "name": "x"},
            f"q{n % 7}": [n, {"@set": ["a"]}] if n % 3 else n,
        }
        for n in range(120)
    ]

    def run(document: JsonObject) -> list[str]:
        quads = to_quads(document, contexts=store(), limits=DEFAULT_LIMITS)
        return sorted(f"{quad[1]} {quad[2]}" for quad in quads if not quad[2].startswith("_:"))

    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(run, documents * 3))
    assert found == [run(document) for document in documents] * 3


def test_graphs_in_graphs_nest_too_deep_for_their_statements() -> None:
    document = {"@context": TERMS, **nest(230, "graph")}
    assert expand_losslessly(document, contexts=store())
    with pytest.raises(UndecidedError) as caught:
        to_quads_slowly(document, contexts=store())
    assert caught.value.code == "limit_depth"
