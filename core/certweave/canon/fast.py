"""The fast route from JSON-LD to RDF: one walk over the document, with compiled contexts.

Gives the statements that the slow route (``canon.jsonld``, then ``canon.expanded``) gives, or hands over to
it. It decides nothing by itself: whatever it does not know to be right it hands over, errors included.
"""

from typing import Any

from certweave.canon.compiled import (
    AS_ID,
    AS_JSON,
    AS_VOCAB,
    CONTEXT,
    DIRECTION,
    GRAPH,
    ID,
    LANGUAGE,
    LANGUAGES,
    LIST,
    PROPERTY,
    TYPE,
    VALUE,
    Below,
    HandOver,
    Table,
    Term,
    find_root,
)
from certweave.canon.jcs import canonicalize
from certweave.canon.jsonld import Contexts
from certweave.canon.literals import (
    JSON_SUFFIX,
    RDF_FIRST,
    RDF_NIL,
    RDF_REST,
    RDF_TYPE,
    text_literal,
    typed_literal,
)
from certweave.canon.nquads import Quad, needs_escape, quote
from certweave.canon.weight import MAX_CONTEXTS, MAX_TYPES, check_context_weight
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError

_OF_VALUES = frozenset((VALUE, TYPE, LANGUAGE, DIRECTION))


def find_quads(document: JsonObject, *, contexts: Contexts) -> list[Quad] | None:
    """Return the statements of a document, or None where the slow route has to look."""
    walk = Walk(document)
    try:
        walk.add_node(document, find_root(contexts))
    except (HandOver, CertweaveError, RecursionError):
        return None
    return walk.quads or None


class Walk:
    """The walk over one document."""

    def __init__(self, document: JsonObject) -> None:
        self.document = document
        self.quads: list[Quad] = []
        self.graph: str | None = None
        """The graph in which the walk is; None for the default graph."""
        self.blanks: dict[str, str] = {}
        self.made = 0
        self.contexts = 0
        self.types = 0
        self.weighed = False

    def add_node(self, node: JsonObject, table: Table) -> str:
        """Add a node with all that hangs below it; return its term (JSON-LD API §5.1.2, §7.2)."""
        if "@context" in node:
            table = self.local(node["@context"], table)
        type_key, kinds = self.kinds(node, table)
        inside = table.of_types(kinds) if kinds else table
        id_key, subject = self.name(node, inside)
        add, graph = self.quads.append, self.graph
        for kind in kinds:
            add((subject, RDF_TYPE, self.vocabulary(kind, table), graph))
        for key, value in node.items():
            term = inside[key]
            role = term.role
            if role == PROPERTY:
                if term.plain and value.__class__ is str:
                    literal = quote(value) if needs_escape(value) else f'"{value}"'
                    add((subject, term.predicate, literal + term.suffix, graph))
                else:
                    self.add_property(subject, key, value, inside)
            elif role == CONTEXT or (role == ID and key == id_key) or (role == TYPE and key == type_key):
                continue
            else:
                raise HandOver
        return subject

    def local(self, context: Any, table: Table) -> Table:
        """Apply a context of the document, with the check of cost that the slow route makes."""
        named = context if context.__class__ is list else [context]
        self.contexts += len(named)
        if self.contexts > MAX_CONTEXTS:
            raise HandOver
        inline = [item for item in named if item.__class__ is not str]
        if not inline:
            return table.with_urls(tuple(named))
        if any(isinstance(item, dict) and "@context" in item for item in inline):
            raise HandOver
        if not self.weighed:
            check_context_weight(self.document)
            self.weighed = True
        return table.with_context(context)

    def kinds(self, node: JsonObject, table: Table) -> tuple[str | None, list[str]]:
        """Return the member that names the types, and the types."""
        found = None
        for key in table.types:
            if key in node:
                if found is not None:
                    raise HandOver
                found = key
        if found is None:
            return None, []
        value = node[found]
        kinds = value if value.__class__ is list else [value]
        self.types += len(kinds)
        if self.types > MAX_TYPES:
            raise HandOver
        for kind in kinds:
            if kind.__class__ is not str:
                raise HandOver
        return found, kinds

    def name(self, node: JsonObject, table: Table) -> tuple[str | None, str]:
        """Return the member that names the node, and its term."""
        found = None
        for key in table.ids:
            if key in node:
                if found is not None:
                    raise HandOver
                found = key
        if found is None:
            return None, self.fresh()
        return found, self.resource(node[found], table)

    def fresh(self) -> str:
        """Return a blank node that is not there yet."""
        self.made += 1
        return f"_:b{self.made}"

    def resource(self, name: Any, table: Table) -> str:
        """Return the term for a reference; blank nodes are renamed, so that none meets a fresh one."""
        if name.__class__ is not str:
            raise HandOver
        if name.startswith("_:"):
            known = self.blanks.get(name)
            if known is None:
                known = self.blanks[name] = self.fresh()
            return known
        return table.iri(name)

    @staticmethod
    def vocabulary(name: str, table: Table) -> str:
        """Return the term for a type, or for a reference that may be the name of a term."""
        term = table[name]
        if term.role != PROPERTY:
            raise HandOver
        return term.predicate

    def add_property(self, subject: str, key: str, value: Any, table: Table) -> None:
        """Add what stands at a property (§5.1.2 step 13)."""
        term = table[key]
        if term.as_ == AS_JSON:
            found = canonicalize(value).decode()
            if '"@' in found:
                # The slow route looks for keywords in there, too.
                raise HandOver
            self.quads.append((subject, term.predicate, quote(found) + JSON_SUFFIX, self.graph))
            return
        if value is None:
            return
        tables = table.below(key, term)
        if term.scoped:
            term = tables.scalars[key]
        container = term.container
        if container == LIST:
            self.add_list(subject, term, value, tables)
        elif container == LANGUAGES and value.__class__ is dict:
            self.add_languages(subject, term, value, tables.scalars)
        elif container == GRAPH:
            for item in value if value.__class__ is list else (value,):
                self.add_graph(subject, term, item, tables)
        else:
            add, predicate, graph = self.quads.append, term.predicate, self.graph
            for item in value if value.__class__ is list else (value,):
                if item is not None:
                    add((subject, predicate, self.item(term, item, tables), graph))

    def item(self, term: Term, value: Any, tables: Below) -> str:
        """Return the term for one value; a node is added with all that hangs below it."""
        kind = value.__class__
        if kind is str:
            as_ = term.as_
            if as_ == AS_ID:
                return self.resource(value, tables.scalars)
            if as_ == AS_VOCAB:
                return self.vocabulary(value, tables.scalars)
            return quote(value) + term.suffix
        if kind is dict:
            return self.object(value, tables)
        if kind is bool or kind is int or kind is float:
            return typed_literal(value, term.datatype)
        raise HandOver

    def object(self, value: JsonObject, tables: Below) -> str:
        """Return the term for an object: a node, a reference, or a value object."""
        table = tables.nodes
        if table is not tables.values and len(value) <= 2 and "@context" not in value:
            # What only refers, or is a value, keeps the context of the type around it (step 7).
            roles = [tables.scalars[key].role for key in value]
            if VALUE in roles or roles == [ID]:
                table = tables.values
        for key in table.value_names:
            if key in value:
                return self.value(value, table)
        return self.add_node(value, table)

    @staticmethod
    def value(value: JsonObject, table: Table) -> str:
        """Return the literal of a value object (step 15)."""
        found: dict[int, Any] = {}
        for key, item in value.items():
            role = table[key].role
            if role not in _OF_VALUES or role in found:
                raise HandOver
            if item.__class__ is not str and (role != VALUE or item.__class__ not in (bool, int, float)):
                raise HandOver
            found[role] = item
        text = found[VALUE]
        if TYPE in found:
            kind = table[found[TYPE]]
            if LANGUAGE in found or DIRECTION in found or kind.role != PROPERTY or kind.scoped:
                raise HandOver
            return typed_literal(text, kind.iri)
        if text.__class__ is str:
            return text_literal(text, found.get(LANGUAGE), found.get(DIRECTION))
        if len(found) > 1:
            raise HandOver
        return typed_literal(text, None)

    def add_languages(self, subject: str, term: Term, value: JsonObject, table: Table) -> None:
        """Add a language map (step 13.7)."""
        for key, texts in value.items():
            if (key.startswith("@") and key != "@none") or key in table.active["mappings"]:
                raise HandOver
            language = None if key == "@none" else key
            for text in texts if texts.__class__ is list else (texts,):
                if text.__class__ is str:
                    literal = text_literal(text, language, term.direction)
                    self.quads.append((subject, term.predicate, literal, self.graph))
                elif text is not None:
                    raise HandOver

    def add_list(self, subject: str, term: Term, value: Any, tables: Below) -> None:
        """Add a list (§8.3)."""
        items = value if value.__class__ is list else [value]
        terms = [self.item(term, item, tables) for item in items if item is not None]
        add, graph = self.quads.append, self.graph
        head = RDF_NIL
        for found in reversed(terms):
            link = self.fresh()
            add((link, RDF_FIRST, found, graph))
            add((link, RDF_REST, head, graph))
            head = link
        add((subject, term.predicate, head, graph))

    def add_graph(self, subject: str, term: Term, value: Any, tables: Below) -> None:
        """Add a node in a graph of its own (step 13.12)."""
        if value is None:
            return
        if value.__class__ is not dict:
            raise HandOver
        name, around, before = self.fresh(), self.graph, len(self.quads)
        self.graph = name
        found = self.object(value, tables)
        if found[0] == '"' or len(self.quads) == before:
            raise HandOver
        self.graph = around
        self.quads.append((subject, term.predicate, name, around))
