"""The statements of a dataset, laid out as RDFC-1.0 reads them: by how many blank nodes they have.

Most statements of a credential have none, or their subject alone. Those are kept as the lines that canonical
N-Quads (https://www.w3.org/TR/rdf-canon/#canonical-quads) writes, without a tuple in between; only those in
which blank nodes meet are kept in their parts. The dataset is a set: what stands here twice counts once.
"""

from collections.abc import Iterable

from certweave.canon.nquads import Quad


class Statements:
    """A dataset, to which statements are added.

    Attributes:
        ground: whole lines, without any blank node and in the default graph; their line feed is left out.
        tails: by blank node what is said of it in the default graph without another blank node: such lines
            from the space after the subject on.
        others: all other statements.
    """

    __slots__ = ("ground", "others", "tails")

    def __init__(self, quads: Iterable[Quad] = ()) -> None:
        self.ground: list[str] = []
        self.tails: dict[str, list[str]] = {}
        self.others: list[Quad] = []
        for quad in quads:
            subject, predicate, item, graph = quad
            # No IRI and no literal starts with an underscore.
            if graph is not None or item[0] == "_":
                self.others.append(quad)
            elif subject[0] == "_":
                self.tails.setdefault(subject, []).append(f" {predicate} {item} .")
            else:
                self.ground.append(f"{subject} {predicate} {item} .")

    def add(self, subject: str, tails: list[str], graph: str | None) -> None:
        """Add what is said of one subject in one graph, each with an object that is no blank node.

        Of a blank node all of it comes at once: it has no name by which a document could speak of it again.
        """
        if graph is not None:
            self.others += [(subject, *_split(tail), graph) for tail in tails]
        elif subject[0] != "_":
            self.ground += [subject + tail for tail in tails]
        elif tails:
            self.tails[subject] = tails

    def is_empty(self) -> bool:
        """Tell whether nothing is said."""
        return not (self.ground or self.tails or self.others)

    def quads(self) -> list[Quad]:
        """Return the statements in their parts; their order means nothing."""
        found: list[Quad] = []
        for line in self.ground:
            subject, tail = line.split(" ", 1)
            found.append((subject, *_split(f" {tail}"), None))
        for subject, tails in self.tails.items():
            found += [(subject, *_split(tail), None) for tail in tails]
        return found + self.others


def _split(tail: str) -> tuple[str, str]:
    """Return predicate and object of a tail: an IRI has no space."""
    predicate, item = tail[1:-2].split(" ", 1)
    return predicate, item
