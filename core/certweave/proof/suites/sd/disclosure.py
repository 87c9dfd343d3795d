"""What a holder shows: the part of createDisclosureData and createVerifyData that both suites share.

VC-DI-ECDSA v1.0 §3.5.4, §3.5.9 (https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023-functions) and VC-DI-BBS
§3.3.3, §3.3.8 (https://www.w3.org/TR/vc-di-bbs/#bbs-2023-functions).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from certweave.canon.jsonld import Contexts
from certweave.canon.rdf import Hash, canonical_form
from certweave.canon.rdfc import canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.limits import Limits
from certweave.proof.suites.sd.grouping import (
    LabelMapFactory,
    canonicalize_and_group,
    replace_labels,
    verifier_label_map,
)
from certweave.proof.suites.sd.selection import select_json_ld
from certweave.proof.suites.sd.skolem import structure_unsupported
from certweave.proof.suites.suite import Around, Hiding, Json


@dataclass(frozen=True, slots=True)
class Disclosure:
    """A choice of what to show.

    Attributes:
        reveal_document: the document that a verifier will see, without proof.
        label_map: signed labels by those that a verifier will give to blank nodes (``c14n0``).
        mandatory_indexes: where, among the statements of ``reveal_document``, the mandatory ones are.
        selective_indexes: where, among ``non_mandatory``, those are that ``reveal_document`` shows.
        mandatory: all mandatory statements.
        non_mandatory: all others, shown or not.
    """

    reveal_document: JsonObject
    label_map: Mapping[str, str]
    mandatory_indexes: tuple[int, ...]
    selective_indexes: tuple[int, ...]
    mandatory: tuple[str, ...]
    non_mandatory: tuple[str, ...]


def require_hiding(hiding: Hiding | None, *, commitments: bool = False) -> Hiding:
    """Return what a base proof needs beside document and key.

    Raises:
        ValueError: it is not there, which is a mistake of the program.
        InvalidError: a holder committed to something, and the suite binds to nothing (``commitment_unfit``).
    """
    if hiding is None:
        raise ValueError("a suite of selective disclosure needs entropy and mandatory pointers")
    if hiding.commitment is not None and not commitments:
        detail = "only bbs-2023 binds a credential to what its holder committed to"
        raise InvalidError(detail, code="commitment_unfit")
    return hiding


def disclose(
    document: JsonObject,
    factory: LabelMapFactory,
    mandatory_pointers: Sequence[str],
    selective_pointers: Sequence[str],
    *,
    contexts: Contexts,
    limits: Limits,
) -> Disclosure:
    """Work out what the pointers show: createDisclosureData without its proof.

    Those are the steps 4 to 14 in VC-DI-ECDSA §3.5.4, and 4 to 8 and 12 to 15 in VC-DI-BBS §3.3.3.

    Raises:
        InvalidError: nothing is selected (``sd_nothing_selected``); and as ``canonicalize_and_group``.
        UnsupportedError, MalformedError, UndecidedError: as ``canonicalize_and_group``.
    """
    combined_pointers = (*mandatory_pointers, *selective_pointers)
    # Found first in what the caller gave, so that an error names a pointer of theirs and no name of ours.
    reveal_document = select_json_ld(combined_pointers, document)
    if reveal_document is None:
        raise InvalidError("nothing is selected, so there is nothing to show", code="sd_nothing_selected")
    grouped = canonicalize_and_group(
        document,
        factory,
        {"mandatory": mandatory_pointers, "combined": combined_pointers},
        contexts=contexts,
        limits=limits,
    )
    mandatory, combined = grouped.groups["mandatory"], grouped.groups["combined"]
    # What a verifier will read must be what was worked out here, to the letter.
    read = canonical_form(reveal_document, contexts=contexts, hash_name=Hash.SHA256, limits=limits)
    due = canonicalize(combined.quads, hash_name=Hash.SHA256, limits=limits)
    if read.lines != due.lines:  # pragma: no cover - no document is known where names change what is shown
        raise structure_unsupported()
    return Disclosure(
        reveal_document,
        verifier_label_map(grouped, combined, limits=limits),
        tuple(place for place, index in enumerate(combined.matching) if index in mandatory.matching),
        tuple(place for place, index in enumerate(mandatory.non_matching) if index in combined.matching),
        tuple(mandatory.matching.values()),
        tuple(mandatory.non_matching.values()),
    )


def check_indexes(indexes: Sequence[int], count: int) -> None:
    """Check that ascending indexes stay below ``count``.

    Raises:
        InvalidError: one does not (``sd_indexes``).
    """
    if indexes and indexes[-1] >= count:
        raise InvalidError("an index of the proof is beyond the statements", code="sd_indexes")


def read_statements(
    unsecured: Json, label_map: Mapping[str, str], mandatory_indexes: Sequence[int], around: Around
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the mandatory statements of what is shown, and the others (createVerifyData, steps 3 to 7).

    Raises:
        InvalidError: an index is out of range (``sd_indexes``); as ``replace_labels``.
        UndecidedError: as ``replace_labels``.
    """
    nquads = replace_labels(dict(unsecured), label_map, contexts=around.contexts, limits=around.limits)
    check_indexes(mandatory_indexes, len(nquads))
    chosen = frozenset(mandatory_indexes)
    mandatory = tuple(nquad for index, nquad in enumerate(nquads) if index in chosen)
    return mandatory, tuple(nquad for index, nquad in enumerate(nquads) if index not in chosen)
