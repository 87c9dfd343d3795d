"""Graphs of our own with their canonical form (own/rdfc.json), each checked by pyoxigraph as well.

For a clone without the published suite: what it covers is covered here in small.
"""

import json
from pathlib import Path

import pyoxigraph
import pytest

from certweave.canon.nquads import format_quad, parse_nquads
from certweave.canon.rdfc import Hash, canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.errors import MalformedError
from certweave.limits import DEFAULT_LIMITS

CASES = json.loads((Path(__file__).parent / "own" / "rdfc.json").read_text("utf-8"))
NAMED = [pytest.param(case, id=case["name"]) for case in CASES]
HASHES = {
    "sha256": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_256,
    "sha384": pyoxigraph.CanonicalizationAlgorithm.RDFC_1_0_SHA_384,
}


@pytest.mark.parametrize("case", NAMED)
def test_graphs(case: JsonObject) -> None:
    form = canonicalize(parse_nquads(case["nquads"]), hash_name=Hash(case["hash"]), limits=DEFAULT_LIMITS)
    assert form.text == case["canonical"]
    # Nodes that nothing tells apart may have each other's labels.
    assert set(form.labels) == set(case["labels"])
    assert set(form.labels.values()) == set(case["labels"].values())


@pytest.mark.parametrize("case", NAMED)
def test_graphs_by_another_implementation(case: JsonObject) -> None:
    found = pyoxigraph.parse(case["nquads"].encode(), format=pyoxigraph.RdfFormat.N_QUADS)
    data = pyoxigraph.Dataset(found)
    data.canonicalize(HASHES[case["hash"]])
    written = pyoxigraph.serialize(data, format=pyoxigraph.RdfFormat.N_QUADS)
    assert isinstance(written, bytes)
    # It leaves some control characters as they are; read and written again they are escaped.
    assert "".join(sorted(map(format_quad, parse_nquads(written.decode())))) == case["canonical"]


@pytest.mark.parametrize(
    "text",
    [
        "<urn:a> <urn:b> <urn:c>",
        "<urn:a> <urn:b> .",
        "<rel> <urn:b> <urn:c> .",
        "<urn:a> <rel> <urn:c> .",
        "<urn:a> <urn:b> <> .",
        '<urn:a> <urn:b> "c"^^<rel> .',
        "_:a _:b <urn:c> .",
        '"a" <urn:b> <urn:c> .',
        '<urn:a> "b" <urn:c> .',
        '<urn:a> <urn:b> <urn:c> "g" .',
        '<urn:a> <urn:b> "c .',
        '<urn:a> <urn:b> "c"@ .',
        '<urn:a> <urn:b> "c"@en^^<urn:d> .',
        '<urn:a> <urn:b> "\\x" .',
        '<urn:a> <urn:b> "\\u12" .',
        '<urn:a> <urn:b> "\\uD800" .',
        '<urn:a> <urn:b> "\\U00110000" .',
        "<urn:a\\u0020> <urn:b> <urn:c> .",
        "<urn:a b> <urn:b> <urn:c> .",
        "_:a. <urn:b> <urn:c> .",
        "_: <urn:b> <urn:c> .",
        "<urn:a> <urn:b> <urn:c> . <urn:a> <urn:b> <urn:d> .",
        "<urn:a> <urn:b> <urn:c> <urn:g> <urn:h> .",
    ],
)
def test_what_is_no_n_quads(text: str) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_nquads(text)
    assert caught.value.code == "nquads_malformed"


def test_layout_of_n_quads_does_not_matter() -> None:
    text = '# a comment\r\n\n  <urn:a>\t<urn:b>"c"@en<urn:g>. # more\r_:a.b <urn:b> _:a.b.\n'
    assert parse_nquads(text) == [
        ("<urn:a>", "<urn:b>", '"c"@en', "<urn:g>"),
        ("_:a.b", "<urn:b>", "_:a.b", None),
    ]
