"""RDF out of expanded JSON-LD: Deserialize JSON-LD to RDF, without a node map in between.

https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm. The statements are those that a
node map would give: a dataset holds each once, so nodes need not be merged first. What the standard drops
(relative IRIs, properties that are blank nodes, values that hang nowhere, an index) is refused: it would be
signed and mean nothing.
"""

from typing import Any

from certweave.canon.keywords import KEYWORDS
from certweave.canon.literals import (
    NO_BASE,
    RDF_FIRST,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    is_absolute_iri,
    json_literal,
    text_literal,
    typed_literal,
)
from certweave.canon.nquads import Quad
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError


def quads_of_expanded(items: list[JsonObject]) -> list[Quad]:
    """Return the statements of an expanded document.

    Raises:
        InvalidError: ``iri_not_absolute``, ``type_unknown``, ``term_unknown``, ``jsonld_dropped``,
            ``language_malformed``, ``number_range``.
    """
    statements = _Statements()
    for item in items:
        statements.free(item, None)
    return statements.quads


class _Statements:
    def __init__(self) -> None:
        self.quads: list[Quad] = []
        self.made = 0

    def free(self, item: Any, graph: str | None) -> None:
        """Add what stands at the top of a graph, where a value or a mere name says nothing."""
        if not isinstance(item, dict) or "@value" in item or "@list" in item or item.keys() <= {"@id"}:
            raise InvalidError("a value or a mere name says nothing where it stands", code="jsonld_dropped")
        self.node(item, graph)

    def node(self, node: JsonObject, graph: str | None) -> str:
        """Add a node with all that hangs below it; return its term."""
        name = node.get("@id")
        subject = self.fresh() if name is None else self.resource(name)
        for key, value in node.items():
            if key not in KEYWORDS:
                self.property(subject, key, value, graph)
            elif key == "@type":
                for kind in value:
                    self.quads.append((subject, RDF_TYPE, self.kind(kind), graph))
            elif key == "@graph":
                for item in value:
                    self.free(item, subject)
            elif key == "@included":
                for item in value:
                    self.free(item, graph)
            elif key == "@reverse":
                self.reverse(subject, value, graph)
            elif key != "@id":
                raise InvalidError(f"{key} has no form in RDF", code="jsonld_dropped")
        return subject

    def property(self, subject: str, name: str, values: list[Any], graph: str | None) -> None:
        predicate = self.predicate(name)
        for value in values:
            self.quads.append((subject, predicate, self.item(value, graph), graph))

    def reverse(self, subject: str, properties: JsonObject, graph: str | None) -> None:
        for name, nodes in properties.items():
            predicate = self.predicate(name)
            for node in nodes:
                self.quads.append((self.node(node, graph), predicate, subject, graph))

    def item(self, value: Any, graph: str | None) -> str:
        """Object to RDF Conversion; nodes below are added."""
        if not isinstance(value, dict):
            # A scoped context made a keyword of the property that brought it.
            raise InvalidError("a value has lost its property", code="jsonld")
        if "@index" in value:
            raise InvalidError("an index has no form in RDF", code="jsonld_dropped")
        if "@value" in value:
            return _literal(value)
        if "@list" in value:
            return self.list([self.item(item, graph) for item in value["@list"]], graph)
        return self.node(value, graph)

    def list(self, items: list[str], graph: str | None) -> str:
        """List to RDF Conversion."""
        head = RDF_NIL
        for item in reversed(items):
            link = self.fresh()
            self.quads.append((link, RDF_FIRST, item, graph))
            self.quads.append((link, RDF_REST, head, graph))
            head = link
        return head

    def fresh(self) -> str:
        """Return a blank node of its own."""
        self.made += 1
        return f"_:b{self.made}"

    @staticmethod
    def resource(name: str) -> str:
        """Return the term for a name. That of a blank node is refused: nobody would sign the name."""
        if not is_absolute_iri(name):
            raise InvalidError(f"{_written(name)} is no absolute IRI", code="iri_not_absolute")
        return f"<{name}>"

    def kind(self, name: str | None) -> str:
        if name is None or not is_absolute_iri(name):
            raise InvalidError(f"the type {_written(str(name))} is no absolute IRI", code="type_unknown")
        return self.resource(name)

    @staticmethod
    def predicate(name: str) -> str:
        if not is_absolute_iri(name):
            raise InvalidError(f"the member {_written(name)} stands for no absolute IRI", code="term_unknown")
        return f"<{name}>"


def _written(name: str) -> str:
    """Return a name for an error, as it was written: what expansion put before a relative one taken off."""
    return repr(name.removeprefix(NO_BASE)[:80])


def _literal(value: JsonObject) -> str:
    found, datatype = value["@value"], value.get("@type")
    if datatype == "@json":
        return json_literal(found)
    if "@language" in value or "@direction" in value:
        if not isinstance(found, str):
            raise InvalidError("only a text has a language or a direction", code="jsonld")
        return text_literal(found, value.get("@language"), value.get("@direction"))
    if datatype is not None and not (isinstance(datatype, str) and is_absolute_iri(datatype)):
        raise InvalidError(
            f"the datatype {_written(str(datatype))} is no absolute IRI", code="iri_not_absolute"
        )
    return typed_literal(found, datatype)
