"""The fast route from JSON-LD to RDF gives the statements of the slow one, or hands over to it.

What the slow route refuses, the fast one never accepts. Shapes: tests/support/json_ld.py.
"""

import copy

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from tests.support.json_ld import Maker, store

from certweave.canon.fast import find_statements
from certweave.canon.known import defines_all, defines_all_plainly
from certweave.canon.nquads import Quad, format_quad, parse_nquads
from certweave.canon.rdf import to_quads_slowly
from certweave.canon.rdfc import Hash, canonicalize
from certweave.credential.renamed import check_names_at_length
from certweave.credential.terms import check_terms_at_length
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS

SHAPES = ["over_real_contexts", "over_made_up_contexts", "changed"]


@pytest.mark.parametrize("shape", SHAPES)
@given(st.integers(0, 2**40))
def test_both_routes_agree(shape: str, seed: int) -> None:
    event(compare(getattr(Maker(seed), shape)()))


@pytest.mark.parametrize("shape", SHAPES)
@given(st.integers(0, 2**40))
def test_what_is_known_at_a_glance_is_known_at_length(shape: str, seed: int) -> None:
    event(compare_terms(getattr(Maker(seed), shape)()))


def compare_terms(document: JsonObject) -> str:
    known = defines_all(document, contexts=store())
    plain = defines_all_plainly(document, contexts=store())
    assert known or not plain
    try:
        check_terms_at_length(document, contexts=store())
    except CertweaveError as error:
        assert not known, document
        return error.code
    if not plain:
        return "known" if known else "asked at length"
    # What has no id, nobody can speak of elsewhere; at length, it is taken for every credential inside.
    if "id" in document:
        assert names_at_length(document) != "term_renamed", document
    return "plain"


def names_at_length(document: JsonObject) -> str:
    try:
        check_names_at_length(document, contexts=store(), limits=DEFAULT_LIMITS)
    except CertweaveError as error:
        return error.code
    return "plain"


def compare(document: JsonObject) -> str:
    before = copy.deepcopy(document)
    found = find_statements(document, contexts=store())
    fast = None if found is None else found.quads()
    assert document == before
    try:
        slow = to_quads_slowly(document, contexts=store())
    except CertweaveError as error:
        assert fast is None, document
        return error.code
    if fast is None:
        return "handed over"
    assert parse_nquads("".join(map(format_quad, fast))) == fast
    assert canonical(fast) == canonical(slow), document
    return "fast"


def canonical(quads: list[Quad]) -> str:
    return canonicalize(quads, hash_name=Hash.SHA256, limits=DEFAULT_LIMITS).text
