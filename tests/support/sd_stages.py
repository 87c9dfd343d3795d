"""What the vectors of both suites of selective disclosure are asked alike."""

from collections.abc import Mapping, Sequence
from typing import Any

from certweave.encoding.multibase import decode_multibase
from certweave.encoding.strict_json import JsonObject
from certweave.proof.suites.sd.grouping import Grouped, LabelMapFactory, canonicalize_and_group
from certweave.proof.suites.sd.transformation import Transformed
from tests.support.vector_contexts import vector_around


def split_secured(secured: JsonObject) -> tuple[JsonObject, JsonObject, bytes]:
    """Return the document, the options and the decoded proofValue of a secured document."""
    document = dict(secured)
    proof = dict(document.pop("proof"))
    value = decode_multibase(proof.pop("proofValue"))
    return document, proof, value


def numbered(found: Mapping[int, str]) -> list[list[Any]]:
    """Return a map as the vectors write one."""
    return [[index, text] for index, text in found.items()]


def group(
    document: JsonObject,
    factory: LabelMapFactory,
    pointers: tuple[Sequence[str], Sequence[str]] | None = None,
) -> Grouped:
    """Return a document under its signed labels; with pointers, mandatory and selective, in groups."""
    mandatory, selective = pointers or ((), ())
    groups = {"mandatory": mandatory, "selective": selective, "combined": [*mandatory, *selective]}
    around = vector_around()
    wanted = groups if pointers else {}
    return canonicalize_and_group(document, factory, wanted, contexts=around.contexts, limits=around.limits)


def check_transformed(found: Transformed, due: JsonObject) -> None:
    """Hold what Base Proof Transformation returned against its stage."""
    assert list(found.mandatory_pointers) == due["mandatoryPointers"]
    assert numbered(found.mandatory) == due["mandatory"]["value"]
    assert numbered(found.non_mandatory) == due["nonMandatory"]["value"]


def check_indexes(grouped: Grouped, due: JsonObject) -> None:
    """Hold groups against the stage that lists their indexes."""
    assert list(grouped.groups["combined"].matching) == due["combinedIndexes"]
    assert list(grouped.groups["mandatory"].matching) == due["mandatoryIndexes"]
    assert list(grouped.groups["mandatory"].non_matching) == due["nonMandatoryIndexes"]
    assert list(grouped.groups["selective"].matching) == due["selectiveIndexes"]


def check_groups(grouped: Grouped, due: JsonObject) -> None:
    """Hold the statements of each group against their stage."""
    assert list(grouped.nquads) == due["nquads"]
    for name, found in grouped.groups.items():
        assert numbered(found.matching) == due["groups"][name]["matching"]["value"]
