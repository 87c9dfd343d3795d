"""RDF Dataset Canonicalization: RDFC-1.0, https://www.w3.org/TR/rdf-canon/, with SHA-256 or SHA-384.

Over statements whose terms are canonical N-Quads already (``canon.nquads``). Some datasets take time that
grows with the factorial of their blank nodes; the standard asks implementations to stop (§7.1), and here a
budget of steps does. Equal statements count once, as in any dataset. Where blank nodes name graphs, the
standard leaves a few datasets whose form depends on the order of the input (tests/property/test_rdfc.py has
one); a form never fits two datasets.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from certweave.canon.nquads import Quad
from certweave.canon.statements import Statements
from certweave.errors import Cause, MalformedError, UndecidedError
from certweave.limits import Limits

_MAX_DEPTH = 128
"""Blank nodes in a row that nothing but their place tells apart, each a recursion of Hash N-Degree Quads."""


class Hash(StrEnum):
    """The hash algorithm: SHA-256 unless a suite says otherwise (P-384 goes with SHA-384)."""

    SHA256 = "sha256"
    SHA384 = "sha384"


@dataclass(frozen=True, slots=True)
class Canonical:
    """A canonical dataset.

    Attributes:
        text: the canonical N-Quads document.
        labels: canonical label (``_:c14n0``) by blank node of the input, both with ``_:``.
    """

    text: str
    labels: Mapping[str, str]

    @property
    def lines(self) -> tuple[str, ...]:
        """The statements in code point order, each with its line feed."""
        return tuple(f"{line}\n" for line in self.text.split("\n")[:-1])


def canonicalize(quads: Iterable[Quad] | Statements, *, hash_name: Hash, limits: Limits) -> Canonical:
    """Return the canonical form of a dataset (RDFC-1.0 §4.4.3, the canonicalization algorithm).

    Raises:
        UndecidedError: ``limit_canonical`` (cause ``limit``) where it takes more than
            ``limits.canonical_steps``.
        MalformedError: ``text_encoding`` where a term holds a lone surrogate.
    """
    statements = quads if isinstance(quads, Statements) else Statements(quads)
    try:
        return _Canonicalization(statements, hash_name, limits.canonical_steps).run()
    except UnicodeEncodeError:
        raise MalformedError("a term holds half of a character", code="text_encoding") from None


class _Issuer:
    """§4.5, the issue identifier algorithm: labels of one prefix, counted from zero."""

    __slots__ = ("issued", "prefix")

    def __init__(self, prefix: str, issued: dict[str, str] | None = None) -> None:
        self.prefix = prefix
        self.issued: dict[str, str] = {} if issued is None else issued

    def issue(self, node: str) -> str:
        label = self.issued.get(node)
        if label is None:
            label = self.issued[node] = f"_:{self.prefix}{len(self.issued)}"
        return label

    def copy(self) -> "_Issuer":
        return _Issuer(self.prefix, self.issued.copy())


class _Canonicalization:
    """§4.3, the canonicalization state."""

    def __init__(self, statements: Statements, hash_name: Hash, steps: int) -> None:
        self.hash: Callable[[bytes], hashlib._Hash] = getattr(hashlib, hash_name.value)
        self.steps = steps
        self.ground = statements.ground
        self.tails = statements.tails
        self.others = dict.fromkeys(statements.others)
        self.quads_of: dict[str, list[Quad]] = {node: [] for node in statements.tails}
        """By blank node the statements in which it meets others, or itself."""
        self.first_degree: dict[str, str] = {}
        self.canonical = _Issuer("c14n")
        for quad in self.others:
            for term in dict.fromkeys((quad[0], quad[2], quad[3])):
                if term is not None and term[0] == "_":
                    self.quads_of.setdefault(term, []).append(quad)

    def run(self) -> Canonical:
        """Steps 3 to 6."""
        by_hash: dict[str, list[str]] = {}
        for node, quads in self.quads_of.items():
            by_hash.setdefault(self._hash_first_degree_quads(node, quads), []).append(node)
        hashes = sorted(by_hash)
        for found in hashes:
            if len(by_hash[found]) == 1:
                self.canonical.issue(by_hash[found][0])
        for found in hashes:
            if len(by_hash[found]) > 1:
                self._label_equal(by_hash[found])
        return Canonical(_document(self._lines()), MappingProxyType(self.canonical.issued))

    def _lines(self) -> set[str]:
        """Every statement with its canonical labels; equal ones once."""
        labels = self.canonical.issued
        lines = set(self.ground)
        for node, tails in self.tails.items():
            label = labels[node]
            lines.update([label + tail for tail in tails])
        for subject, predicate, item, graph in self.others:
            head = f"{labels.get(subject, subject)} {predicate} {labels.get(item, item)}"
            lines.add(f"{head} ." if graph is None else f"{head} {labels.get(graph, graph)} .")
        return lines

    def _label_equal(self, nodes: list[str]) -> None:
        """Step 5: label the nodes whose first degree hashes are one and the same."""
        paths: list[tuple[str, _Issuer]] = []
        for node in nodes:
            if node not in self.canonical.issued:
                issuer = _Issuer("b")
                issuer.issue(node)
                paths.append(self._hash_n_degree_quads(node, issuer, 0))
        for _, issuer in sorted(paths, key=lambda path: path[0]):
            for node in issuer.issued:
                self.canonical.issue(node)

    def _hash_first_degree_quads(self, node: str, quads: list[Quad]) -> str:
        """§4.6, the Hash First Degree Quads algorithm."""
        lines = [f"_:a{tail}" for tail in set(self.tails.get(node, ()))]
        for subject, predicate, item, graph in quads:
            first = subject if subject[0] != "_" else "_:a" if subject == node else "_:z"
            last = item if item[0] != "_" else "_:a" if item == node else "_:z"
            if graph is None:
                lines.append(f"{first} {predicate} {last} .")
            else:
                place = graph if graph[0] != "_" else "_:a" if graph == node else "_:z"
                lines.append(f"{first} {predicate} {last} {place} .")
        digest = self.first_degree[node] = self._digest(_document(lines))
        return digest

    def _hash_related_blank_node(self, related: str, quad: Quad, issuer: _Issuer, position: str) -> str:
        """§4.7, the Hash Related Blank Node algorithm."""
        label = self.canonical.issued.get(related) or issuer.issued.get(related)
        predicate = "" if position == "g" else quad[1]
        return self._digest(f"{position}{predicate}{label or self.first_degree[related]}")

    def _hash_n_degree_quads(self, node: str, issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """§4.8, the Hash N-Degree Quads algorithm."""
        if depth > _MAX_DEPTH:
            raise _spent()
        related: dict[str, list[str]] = {}
        for quad in self.quads_of[node]:
            self._spend()
            for position, other in (("s", quad[0]), ("o", quad[2]), ("g", quad[3])):
                if other is not None and other[0] == "_" and other != node:
                    found = self._hash_related_blank_node(other, quad, issuer, position)
                    related.setdefault(found, []).append(other)
        data: list[str] = []
        for found in sorted(related):
            path, issuer = self._shortest_path(related[found], issuer, depth)
            data += (found, path)
        return self._digest("".join(data)), issuer

    def _shortest_path(self, nodes: list[str], issuer: _Issuer, depth: int) -> tuple[str, _Issuer]:
        """§4.8 steps 5.1 to 5.6: the least path over all orders of nodes that are related alike."""
        if len(nodes) == 1 and nodes[0] in self.canonical.issued:
            return self.canonical.issued[nodes[0]], issuer  # nothing to choose and nothing to go into
        chosen = ("", issuer)
        for order in _distinct_permutations(nodes):
            self._spend()
            chosen = self._path(order, issuer.copy(), chosen[0], depth) or chosen
        return chosen

    def _path(
        self, order: tuple[str, ...], issuer: _Issuer, best: str, depth: int
    ) -> tuple[str, _Issuer] | None:
        """§4.8 steps 5.4.1 to 5.4.5; None where no path from here is less than the best one."""
        path = ""
        waiting = []
        for node in order:
            self._spend()
            label = self.canonical.issued.get(node)
            if label is None:
                if node not in issuer.issued:
                    waiting.append(node)
                label = issuer.issue(node)
            path += label
            if _is_no_less(path, best):
                return None
        for node in waiting:
            found, deeper = self._hash_n_degree_quads(node, issuer, depth + 1)
            path += f"{issuer.issue(node)}<{found}>"
            issuer = deeper
            if _is_no_less(path, best):
                return None
        return path, issuer

    def _digest(self, text: str) -> str:
        return self.hash(text.encode()).hexdigest()

    def _spend(self) -> None:
        self.steps -= 1
        if self.steps < 0:
            raise _spent()


def _document(lines: Iterable[str]) -> str:
    """Return lines in code point order, each with its line feed."""
    return "\n".join([*sorted(lines), ""])


def _is_no_less(path: str, best: str) -> bool:
    # However short it is yet, what comes after cannot make it less: so the length that §4.8 has is left out.
    return best != "" and path >= best


def _spent() -> UndecidedError:
    return UndecidedError(
        "the graph takes more work than canonical_steps allows", code="limit_canonical", cause=Cause.LIMIT
    )


def _distinct_permutations(nodes: list[str]) -> Iterator[tuple[str, ...]]:
    """Yield the orders of a list, equal ones once: a node related twice alike gives equal paths."""
    order = sorted(nodes)
    while True:
        yield tuple(order)
        left = len(order) - 2
        while left >= 0 and order[left] >= order[left + 1]:
            left -= 1
        if left < 0:
            return
        right = len(order) - 1
        while order[left] >= order[right]:
            right -= 1
        order[left], order[right] = order[right], order[left]
        order[left + 1 :] = reversed(order[left + 1 :])
