"""RDFC-1.0 against another implementation (pyoxigraph, in Rust), and against what canonical means."""

from contextlib import nullcontext, suppress

import pyoxigraph
import pytest
from hypothesis import given
from hypothesis import strategies as st

from certweave.canon.nquads import Quad, format_quad, parse_nquads, quote
from certweave.canon.rdfc import Hash, canonicalize
from certweave.errors import MalformedError, UndecidedError
from certweave.limits import DEFAULT_LIMITS

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
BLANKS = st.integers(0, 5).map(lambda number: f"_:e{number}")
IRIS = st.sampled_from(["<urn:example:a>", "<https://b.example/ü#\U0001f600>", "<did:example:c?x=1>"])
LITERALS = st.builds(
    lambda text, suffix: quote(text) + suffix,
    TEXTS,
    st.sampled_from(["", "@en", "@de-ch", "^^<http://www.w3.org/2001/XMLSchema#integer>"]),
)
PREDICATES = st.sampled_from(["<urn:example:p>", "<urn:example:q>"])
QUADS = st.tuples(BLANKS | IRIS, PREDICATES, BLANKS | IRIS | LITERALS, st.none() | IRIS)
BLANK_QUADS = st.tuples(BLANKS, PREDICATES, BLANKS, st.none() | IRIS)
GRAPHS = st.lists(QUADS, max_size=10) | st.lists(BLANK_QUADS, max_size=8)
"""No blank node names a graph: see test_a_graph_that_the_standard_does_not_make_canonical."""
HASHES = {
    Hash.SHA256: pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_256,
    Hash.SHA384: pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
}


def canonical(quads: list[Quad], hash_name: Hash = Hash.SHA256) -> str:
    return canonicalize(quads, hash_name=hash_name, limits=DEFAULT_LIMITS).text


def written(quads: list[Quad]) -> str:
    return "".join(map(format_quad, quads))


@given(GRAPHS, st.sampled_from(Hash))
def test_both_implementations_agree(quads: list[Quad], hash_name: Hash) -> None:
    data = pyoxigraph.Dataset(pyoxigraph.parse(written(quads).encode(), format=pyoxigraph.RdfFormat.N_QUADS))
    data.canonicalize(HASHES[hash_name])
    expected = pyoxigraph.serialize(data, format=pyoxigraph.RdfFormat.N_QUADS)
    assert isinstance(expected, bytes)
    # The other one does not escape all that the standard has escaped; what it wrote is read as any text is.
    again = sorted(map(format_quad, parse_nquads(expected.decode())))
    assert canonical(quads, hash_name) == "".join(again)


@given(st.data(), GRAPHS, st.permutations(range(6)))
def test_neither_names_nor_order_nor_repetition_matter(
    data: st.DataObject, quads: list[Quad], numbers: list[int]
) -> None:
    names = {f"_:e{old}": f"_:x{new}" for old, new in enumerate(numbers)}
    others: list[Quad] = [
        (names.get(a, a), b, names.get(c, c), d if d is None else names.get(d, d)) for a, b, c, d in quads
    ]
    assert canonical(data.draw(st.permutations(others + others))) == canonical(quads)


@given(GRAPHS)
def test_what_is_canonical_stays_so(quads: list[Quad]) -> None:
    text = canonical(quads)
    assert written(parse_nquads(text)) == text
    assert canonical(parse_nquads(text)) == text


@given(GRAPHS)
def test_labels_name_every_blank_node_once(quads: list[Quad]) -> None:
    blanks = {term for quad in quads for term in (quad[0], quad[2], quad[3]) if term and term[:2] == "_:"}
    labels = canonicalize(quads, hash_name=Hash.SHA256, limits=DEFAULT_LIMITS).labels
    assert labels.keys() == blanks
    assert set(labels.values()) == {f"_:c14n{number}" for number in range(len(blanks))}


@given(st.text(st.sampled_from('<>_:"\\ .@^uU0aàn\n\r\t#bA'), max_size=40) | st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(MalformedError):
        quads = parse_nquads(text)
        assert parse_nquads(written(quads)) == quads


@given(TEXTS)
def test_text_comes_back(text: str) -> None:
    assert parse_nquads(f"<urn:a> <urn:b> {quote(text)} .") == [("<urn:a>", "<urn:b>", quote(text), None)]
    other = pyoxigraph.parse(f"<urn:a> <urn:b> {quote(text)} .".encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    assert [quad.object.value for quad in other] == [text]


@pytest.mark.parametrize("size", [9, 40, 300])
def test_a_clique_is_stopped(size: int) -> None:
    quads: list[Quad] = [
        (f"_:e{a}", "<urn:example:p>", f"_:e{b}", None) for a in range(size) for b in range(size) if a != b
    ]
    with pytest.raises(UndecidedError) as caught:
        canonical(quads)
    assert caught.value.code == "limit_canonical"


@pytest.mark.parametrize("size", [60, 20_000])
def test_a_long_chain_is_no_recursion_error(size: int) -> None:
    quads: list[Quad] = [(f"_:e{a}", "<urn:example:p>", f"_:e{(a + 1) % size}", None) for a in range(size)]
    with pytest.raises(UndecidedError) if size > 1000 else nullcontext():
        assert len(canonical(quads)) > size


def test_a_graph_that_the_standard_does_not_make_canonical() -> None:
    """Found by the tests above: with blank nodes as graph names, RDFC-1.0 may tell too little apart.

    _:e1 and _:e2 differ in whom they know, but a hash of related nodes (§4.7) has the place of the other node
    only, not one's own; so their hashes are equal, and the order of the input decides. pyoxigraph is no
    better off. Nothing can be forged by it: either form is that of this dataset and of no other.
    """
    loop: Quad = ("_:e0", "<urn:example:p>", "_:e0", None)
    one: Quad = ("_:e1", "<urn:example:p>", "_:e3", "_:e2")
    two: Quad = ("_:e2", "<urn:example:p>", "_:e0", "_:e1")
    forms = {canonical([loop, one, two]), canonical([loop, two, one])}
    assert len(forms) == 2
    assert {canonical(parse_nquads(form)) for form in forms} <= forms
