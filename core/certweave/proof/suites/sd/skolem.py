"""Names for blank nodes that outlast taking a document apart: skolemisation.

Follows VC-DI-ECDSA v1.0 §3.4.5 to §3.4.9
(https://www.w3.org/TR/vc-di-ecdsa/#selective-disclosure-functions), with the same results and by another
way where the text's own goes wrong:

- The text names nodes in the expanded document and compacts it again, so that JSON Pointers meet a document
  of another shape: an array of one item, for instance, is gone. Here the document stays as it is, and every
  object that is a node and has no ``id`` gets one. Which ones are nodes is asked of JSON-LD, not guessed.
- The text's way gives names to lists as if they were nodes, which breaks every document with an ``@list``.
  Here the links of a list are named by what hangs on the list, so that a list is the same wherever it is
  selected.

What cannot be named so (a graph without a name inside the document) is unsupported, and never signed. Labels
of blank nodes are no ids at all (``canon.expanded``).
"""

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from certweave.canon.fast import find_unnamed
from certweave.canon.jsonld import Contexts, expand
from certweave.canon.literals import RDF_FIRST, RDF_REST
from certweave.canon.rdf import Quad, to_quads
from certweave.canon.rdfc import Canonical, Hash, canonicalize
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, UnsupportedError
from certweave.limits import Limits

_URN: Final = "urn:certweave-node:"
_TERM: Final = "<" + _URN
_MOST_SINGLY: Final = 64
"""Objects of a document with a rare form: each of them costs an expansion of the whole."""
_NOT_NODES: Final = frozenset(("id", "@id", "@value", "@list", "@set"))


@dataclass(frozen=True, slots=True)
class Skolemized:
    """A document in which every node has a name.

    Attributes:
        document: the document as it was, but for the names.
        quads: its statements, with blank nodes in place of the names (``_:n0``, and ``_:l…`` for lists).
        canonical: their canonical form.
    """

    document: JsonObject
    quads: tuple[Quad, ...]
    canonical: Canonical


def skolemize_compact_json_ld(document: JsonObject, *, contexts: Contexts, limits: Limits) -> Skolemized:
    """§3.4.8 skolemizeCompactJsonLd and §3.4.9 toDeskolemizedNQuads.

    Raises:
        UnsupportedError: the document has a form whose nodes cannot be named (``sd_structure``).
        InvalidError: it uses the names that are given here (``sd_reserved``); and as ``canon.rdf.to_quads``.
        UndecidedError: as ``canon.rdf.to_quads``; ``limit_canonical``.
    """
    plain = to_quads(document, contexts=contexts, limits=limits)
    if any(term is not None and _URN in term for quad in plain for term in quad):
        raise InvalidError(f"the document uses names that start with {_URN}", code="sd_reserved")
    due = canonicalize(plain, hash_name=Hash.SHA256, limits=limits).lines
    for find in (_name_by_table, _name_at_once, _name_singly):
        try:
            named = find(document, due, contexts, limits)
            quads = to_deskolemized_nquads(named, contexts=contexts, limits=limits)
        except (InvalidError, UnsupportedError):
            # The document alone is fine, so it is the names that do not fit in.
            continue
        # Names change nothing, or else they are no names: the proof that the way taken is right.
        canonical = canonicalize(quads, hash_name=Hash.SHA256, limits=limits)
        if canonical.lines == due:  # pragma: no branch - what does not fit in was refused, as far as is known
            return Skolemized(named, tuple(quads), canonical)
    raise structure_unsupported()


def to_deskolemized_nquads(document: JsonObject, *, contexts: Contexts, limits: Limits) -> list[Quad]:
    """§3.4.9 toDeskolemizedNQuads, of a document with names: its statements, with blank nodes for the names.

    Raises:
        UnsupportedError: a blank node is neither a named node nor a link of a list (``sd_structure``).
        InvalidError, UndecidedError: as ``canon.rdf.to_quads``.
    """
    found = dict.fromkeys(to_quads(document, contexts=contexts, limits=limits))
    quads = [_deskolemize(quad) for quad in found]
    labels = _Lists(quads).labels
    named = [relabel(quad, labels) for quad in quads]
    if any(term is not None and _is_unnamed(term) for quad in named for term in quad):
        raise structure_unsupported()
    return named


def relabel(quad: Quad, labels: Mapping[str, str]) -> Quad:
    """Return a statement with other labels for its blank nodes; those without an entry keep theirs."""
    subject, predicate, item, graph = quad
    named = None if graph is None else labels.get(graph, graph)
    return (labels.get(subject, subject), predicate, labels.get(item, item), named)


class _Names:
    """Puts names into a document and takes some out again.

    ``unnamed`` holds the objects, by identity, that get one; where it is None, all do that could.
    """

    def __init__(self, unnamed: frozenset[int] | None = None) -> None:
        self.unnamed = unnamed
        self.count = 0

    def add(self, value: Any) -> Any:
        """Return a copy in which objects have names."""
        if isinstance(value, list):
            return [self.add(item) for item in value]
        if not isinstance(value, dict):
            return value
        number = self.count
        nameless = self._is_unnamed(value)
        self.count += nameless
        named = {key: item if key == "@context" else self.add(item) for key, item in value.items()}
        if nameless:
            named["@id"] = f"{_URN}{number}"
        return named

    def _is_unnamed(self, value: JsonObject) -> bool:
        return not _NOT_NODES & value.keys() if self.unnamed is None else id(value) in self.unnamed

    def keep(self, value: Any, nodes: frozenset[str]) -> Any:
        """Return a copy without the names that are not in ``nodes``."""
        if isinstance(value, list):
            return [self.keep(item, nodes) for item in value]
        if not isinstance(value, dict):
            return value
        return {
            key: item if key == "@context" else self.keep(item, nodes)
            for key, item in value.items()
            if not (key == "@id" and isinstance(item, str) and item.startswith(_URN) and item not in nodes)
        }


def _name_by_table(
    document: JsonObject, _due: tuple[str, ...], contexts: Contexts, _limits: Limits
) -> JsonObject:
    """Return the document with names for its nodes, as compiled contexts tell them: the usual case."""
    unnamed = find_unnamed(document, contexts=contexts)
    if unnamed is None:
        raise structure_unsupported()
    found: JsonObject = _Names(frozenset(map(id, unnamed))).add(document)
    return found


def _name_at_once(
    document: JsonObject, _due: tuple[str, ...], contexts: Contexts, _limits: Limits
) -> JsonObject:
    """Return the document with names for its nodes, found by one expansion: right for all but rare forms."""
    names = _Names()
    named = names.add(document)
    found: JsonObject = names.keep(named, frozenset(_find_nodes(expand(named, contexts=contexts))))
    return found


def _name_singly(
    document: JsonObject, due: tuple[str, ...], contexts: Contexts, limits: Limits
) -> JsonObject:
    """Return the document with names for its nodes, found one by one, from the outside in.

    For maps by id, type or property, for ``@nest``, and for keywords under other names, where an object looks
    like a node and a name in it breaks something.
    """
    names = _Names()
    named = names.add(document)
    if names.count > _MOST_SINGLY:
        raise structure_unsupported()
    # All of them together may cost what one document may.
    share = replace(limits, canonical_steps=limits.canonical_steps // _MOST_SINGLY)
    nodes: frozenset[str] = frozenset()
    for number in range(names.count):
        more = nodes | {f"{_URN}{number}"}
        try:
            quads = to_quads(names.keep(named, more), contexts=contexts, limits=limits)
        except InvalidError:
            continue
        tried = canonicalize(map(_deskolemize, quads), hash_name=Hash.SHA256, limits=share)
        nodes = more if tried.lines == due else nodes
    kept: JsonObject = names.keep(named, nodes)
    return kept


def _find_nodes(value: Any) -> Iterator[str]:
    """Yield the names that stand, in an expanded document, where a node has its name."""
    if isinstance(value, list):
        for item in value:
            yield from _find_nodes(item)
    elif isinstance(value, dict) and "@value" not in value:
        name = value.get("@id")
        # In an index map the name was read as an entry of the map, and made a node of its own.
        if isinstance(name, str) and name.startswith(_URN) and value.get("@index") != "@id":
            yield name
        for item in value.values():
            yield from _find_nodes(item)


def _deskolemize(quad: Quad) -> Quad:
    """§3.4.6 deskolemizeNQuads, of one statement."""
    subject, predicate, item, graph = quad
    return (_blank(subject), predicate, _blank(item), None if graph is None else _blank(graph))


def _blank(term: str) -> str:
    return f"_:n{term[len(_TERM) : -1]}" if term.startswith(_TERM) else term


class _Lists:
    """Labels for the links of lists, made of what refers to a list and of what hangs on it."""

    def __init__(self, quads: list[Quad]) -> None:
        self.first = {subject: item for subject, predicate, item, _ in quads if predicate == RDF_FIRST}
        self.rest = {subject: item for subject, predicate, item, _ in quads if predicate == RDF_REST}
        self.labels: dict[str, str] = {}
        self.contents: dict[str, str] = {}
        self.seen: Counter[str] = Counter()
        for subject, predicate, item, graph in quads:
            # An unnamed node is a link of a list, or nothing that has a label in the end.
            if _is_unnamed(item) and not _is_unnamed(subject):
                self._name(f"{graph} {subject} {predicate}", item)

    def _name(self, owner: str, head: str) -> None:
        text = f"{owner} {self._content(head)}"
        # Two equal lists in one place differ in nothing: which is which does not matter, only how many.
        digest = _digest(f"{self.seen[text]} {text}")
        self.seen[text] += 1
        for number, link in enumerate(self._links(head)):
            self.labels[link] = f"_:l{digest}x{number}"
            if _is_unnamed(self.first[link]):
                self._name(self.labels[link], self.first[link])

    def _content(self, head: str) -> str:
        if head not in self.contents:
            items = (self.first[link] for link in self._links(head))
            text = " ".join(self._content(one) if _is_unnamed(one) else one for one in items)
            self.contents[head] = _digest(text)
        return self.contents[head]

    def _links(self, head: str) -> Iterator[str]:
        while head in self.first and head in self.rest:
            yield head
            head = self.rest[head]


def _is_unnamed(term: str) -> bool:
    # canon.rdf gives every blank node a label that starts so; ours start with n and l.
    return term.startswith("_:b")


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def structure_unsupported() -> UnsupportedError:
    """Return the error for a document whose nodes cannot be named."""
    detail = "the document has a form that cannot be taken apart, such as a graph inside it"
    return UnsupportedError(detail, code="sd_structure")
