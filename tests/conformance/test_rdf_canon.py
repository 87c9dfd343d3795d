"""RDFC-1.0 against the suite of W3C (w3c/rdf-canon): 64 results, 21 maps of labels, one graph too costly."""

import json
from pathlib import Path

import pytest
from tests.support.shared import shared, shared_at_collection

from certweave.canon.nquads import parse_nquads
from certweave.canon.rdfc import Canonical, Hash, canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, UndecidedError
from certweave.limits import DEFAULT_LIMITS

FOLDER = ("w3c", "rdf-canon", "tests")


def cases(kind: str) -> list[object]:
    found = shared_at_collection(*FOLDER)
    if found is None:
        reason = "vectors: the published files are not at hand (set CERTWEAVE_SHARED)"
        return [pytest.param({}, marks=pytest.mark.skip(reason=reason), id="absent")]
    manifest = json.loads((found / "manifest.jsonld").read_text("utf-8"))
    return [
        pytest.param(entry, id=entry["id"])
        for entry in manifest["entries"]
        if entry["type"] == f"rdfc:{kind}"
    ]


def read(name: str) -> str:
    return Path(shared(*FOLDER, name)).read_bytes().decode()


def run(entry: JsonObject) -> Canonical:
    hash_name = Hash(entry.get("hashAlgorithm", "SHA256").lower())
    return canonicalize(parse_nquads(read(entry["action"])), hash_name=hash_name, limits=DEFAULT_LIMITS)


@pytest.mark.parametrize("entry", cases("RDFC10EvalTest"))
def test_canonical_documents(entry: JsonObject) -> None:
    assert run(entry).text == read(entry["result"])


@pytest.mark.parametrize("entry", cases("RDFC10MapTest"))
def test_labels(entry: JsonObject) -> None:
    expected = json.loads(read(entry["result"]))
    assert run(entry).labels == {f"_:{name}": f"_:{label}" for name, label in expected.items()}


@pytest.mark.parametrize("entry", cases("RDFC10NegativeEvalTest"))
def test_graphs_that_are_too_costly(entry: JsonObject) -> None:
    with pytest.raises(UndecidedError) as caught:
        run(entry)
    assert (caught.value.code, caught.value.cause) == ("limit_canonical", Cause.LIMIT)


def test_the_suite_is_whole() -> None:
    shared(*FOLDER)
    counts = [len(cases(kind)) for kind in ("RDFC10EvalTest", "RDFC10MapTest", "RDFC10NegativeEvalTest")]
    assert counts == [64, 21, 1]
