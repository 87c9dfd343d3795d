"""Statements of a document, sorted into those that a selection holds and those that it leaves.

Follows VC-DI-ECDSA v1.0 §3.4.1 to §3.4.4 and §3.4.14 to §3.4.17
(https://www.w3.org/TR/vc-di-ecdsa/#selective-disclosure-functions), and VC-DI-BBS §3.2.1
(https://www.w3.org/TR/vc-di-bbs/#createshuffledidlabelmapfunction). A label map goes from the canonical
label of a blank node (``c14n0``) to the label that is signed.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from certweave.canon.jsonld import Contexts
from certweave.canon.nquads import format_quad
from certweave.canon.rdf import Quad, to_quads
from certweave.canon.rdfc import Canonical, Hash, canonicalize
from certweave.encoding.multibase import base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.limits import Limits
from certweave.proof.suites.sd.selection import select_json_ld
from certweave.proof.suites.sd.skolem import relabel, skolemize_compact_json_ld, to_deskolemized_nquads
from certweave.proof.suites.sd.value import check_count

LabelMap = Mapping[str, str]
LabelMapFactory = Callable[[Iterable[str]], dict[str, str]]
"""Takes canonical labels (``c14n0``), returns a label map."""


@dataclass(frozen=True, slots=True)
class Group:
    """What one list of pointers selects.

    Attributes:
        matching: the statements that it selects, by index among all.
        non_matching: all others.
        quads: the statements that it selects, with the blank nodes of ``Grouped.labels``.
    """

    matching: Mapping[int, str]
    non_matching: Mapping[int, str]
    quads: tuple[Quad, ...]


@dataclass(frozen=True, slots=True)
class Grouped:
    """A document, in statements and groups.

    Attributes:
        nquads: all statements with the labels that are signed, in code point order, each with its line feed.
        labels: the label that is signed, by blank node of the groups; both with ``_:``.
        groups: by name.
    """

    nquads: tuple[str, ...]
    labels: Mapping[str, str]
    groups: Mapping[str, Group]


def create_hmac_id_label_map_function(key: bytes) -> LabelMapFactory:
    """§3.4.4 createHmacIdLabelMapFunction: each label is the HMAC of the canonical one."""

    def label_map(canonical: Iterable[str]) -> dict[str, str]:
        return {
            label: "u" + base64url_encode(hmac.digest(key, label.encode(), hashlib.sha256))
            for label in canonical
        }

    return label_map


def create_shuffled_id_label_map_function(key: bytes) -> LabelMapFactory:
    """VC-DI-BBS §3.2.1 createShuffledIdLabelMapFunction: labels are numbers in the order of their HMACs."""
    by_hmac = create_hmac_id_label_map_function(key)

    def label_map(canonical: Iterable[str]) -> dict[str, str]:
        mapped = by_hmac(canonical)
        place = {digest: number for number, digest in enumerate(sorted(mapped.values()))}
        return {label: f"b{place[digest]}" for label, digest in mapped.items()}

    return label_map


def label_replacement_canonicalize(
    quads: Sequence[Quad], canonical: Canonical, factory: LabelMapFactory
) -> tuple[tuple[str, ...], dict[str, str]]:
    """§3.4.1 labelReplacementCanonicalizeNQuads: all statements with new labels, sorted, and these labels.

    Args:
        quads: the statements.
        canonical: their canonical form.
        factory: makes the label map.

    Returns:
        The statements; and the new label by blank node of ``quads``, both with ``_:``.
    """
    made = factory(label.removeprefix("_:") for label in canonical.labels.values())
    labels = {node: "_:" + made[label.removeprefix("_:")] for node, label in canonical.labels.items()}
    return tuple(sorted(relabel_blank_nodes(quads, labels))), labels


def relabel_blank_nodes(quads: Iterable[Quad], labels: Mapping[str, str]) -> list[str]:
    """§3.4.14 relabelBlankNodes, on terms: a text that looks like a label stays as it is."""
    return [format_quad(relabel(quad, labels)) for quad in dict.fromkeys(quads)]


def canonicalize_and_group(
    document: JsonObject,
    factory: LabelMapFactory,
    definitions: Mapping[str, Sequence[str]],
    *,
    contexts: Contexts,
    limits: Limits,
) -> Grouped:
    """§3.4.16 canonicalizeAndGroup.

    Args:
        document: without proofs.
        factory: makes the label map.
        definitions: JSON Pointers by name of the group.
        contexts: the pinned contexts.
        limits: ``canonical_steps`` and ``statements`` count.

    Raises:
        UnsupportedError: the document has a form that cannot be taken apart (``sd_structure``).
        MalformedError: not a JSON Pointer (``sd_pointer``).
        InvalidError: a pointer leads to nothing (``sd_pointer_unmatched``), or into what can be shown as a
            whole only (``sd_pointer_partial``); and as ``canon.rdf.to_quads``.
        UndecidedError: ``limit_statements``, ``limit_canonical``; and as ``canon.rdf.to_quads``.
    """
    whole = skolemize_compact_json_ld(document, contexts=contexts, limits=limits)
    check_count(len(whole.canonical.lines), limits)
    nquads, labels = label_replacement_canonicalize(whole.quads, whole.canonical, factory)
    groups = {}
    for name, pointers in definitions.items():
        quads = _select_canonical_nquads(pointers, whole.document, contexts=contexts, limits=limits)
        selected = frozenset(relabel_blank_nodes(quads, labels))
        if not selected <= frozenset(nquads):
            # A list and a JSON literal are one value each: a part of them is a value that nobody signed.
            detail = "a pointer leads into a list or a JSON literal, which is shown as a whole or not at all"
            raise InvalidError(detail, code="sd_pointer_partial")
        groups[name] = Group(
            {index: nquad for index, nquad in enumerate(nquads) if nquad in selected},
            {index: nquad for index, nquad in enumerate(nquads) if nquad not in selected},
            tuple(quads),
        )
    return Grouped(nquads, labels, groups)


def _select_canonical_nquads(
    pointers: Sequence[str], document: JsonObject, *, contexts: Contexts, limits: Limits
) -> list[Quad]:
    """§3.4.15 selectCanonicalNQuads, before their labels are replaced."""
    selection = select_json_ld(pointers, document)
    if selection is None:
        return []
    return to_deskolemized_nquads(selection, contexts=contexts, limits=limits)


def hash_mandatory_nquads(mandatory: Iterable[str]) -> bytes:
    """§3.4.17 hashMandatoryNQuads, with SHA-256."""
    return hashlib.sha256("".join(mandatory).encode()).digest()


def verifier_label_map(grouped: Grouped, group: Group, *, limits: Limits) -> dict[str, str]:
    """createDisclosureData, §3.5.4 steps 12 to 14: signed labels by those that a verifier will give."""
    canonical = canonicalize(group.quads, hash_name=Hash.SHA256, limits=limits)
    return {
        label.removeprefix("_:"): grouped.labels[node].removeprefix("_:")
        for node, label in canonical.labels.items()
    }


def replace_labels(
    document: JsonObject, label_map: LabelMap, *, contexts: Contexts, limits: Limits
) -> tuple[str, ...]:
    """§3.4.2 labelReplacementCanonicalizeJsonLd with §3.4.3 createLabelMapFunction: what a verifier does.

    Raises:
        InvalidError: the map does not name exactly the blank nodes of the document, each by another label
            (``sd_label_map``); and as ``canon.rdf.to_quads``.
        UndecidedError: ``limit_statements``, ``limit_canonical``; and as ``canon.rdf.to_quads``.
    """
    quads = to_quads(document, contexts=contexts, limits=limits)
    canonical = canonicalize(quads, hash_name=Hash.SHA256, limits=limits)
    check_count(len(canonical.lines), limits)
    blanks = {label.removeprefix("_:") for label in canonical.labels.values()}
    # Stricter than the text, which leaves open what happens otherwise: a map that is short, or has entries to
    # spare, or gives two nodes one label, belongs to another document.
    if blanks != label_map.keys() or len(set(label_map.values())) != len(label_map):
        detail = "the label map of the proof is not one of this document"
        raise InvalidError(detail, code="sd_label_map")
    return label_replacement_canonicalize(quads, canonical, lambda _: dict(label_map))[0]
