"""The fast route from JSON-LD to RDF: one walk over the document, with compiled contexts.

Gives the statements that the slow route (``canon.jsonld``, then ``canon.expanded``) gives, or hands over to
it. It decides nothing by itself: whatever it does not know to be right it hands over, errors included.
"""

from typing import Any

from certweave.canon.compiled import Below, Plan, Table, find_root
from certweave.canon.jcs import canonicalize
from certweave.canon.jsonld import Contexts
from certweave.canon.literals import JSON_SUFFIX, RDF_FIRST, RDF_NIL, RDF_REST, text_literal, typed_literal
from certweave.canon.nquads import escape, quote
from certweave.canon.statements import Statements
from certweave.canon.term import (
    AS_ID,
    AS_JSON,
    AS_VOCAB,
    DIRECTION,
    GRAPH,
    ID,
    LANGUAGE,
    LANGUAGES,
    LIST,
    PROPERTY,
    TYPE,
    VALUE,
    HandOver,
    Term,
    expand_iri,
)
from certweave.canon.weight import MAX_CONTEXTS, MAX_TYPES, check_context_weight
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError

_OF_VALUES = frozenset((VALUE, TYPE, LANGUAGE, DIRECTION))


def find_statements(document: JsonObject, *, contexts: Contexts) -> Statements | None:
    """Return the statements of a document, or None where the slow route has to look."""
    walk = Walk(document)
    try:
        walk.add_node(document, find_root(contexts))
    except (HandOver, CertweaveError, RecursionError):
        return None
    return None if walk.statements.is_empty() else walk.statements


def find_unnamed(document: JsonObject, *, contexts: Contexts) -> list[JsonObject] | None:
    """Return the objects of a document that are nodes without a name, or None as ``find_statements``."""
    walk = _Unnamed(document)
    try:
        walk.add_node(document, find_root(contexts))
    except (HandOver, CertweaveError, RecursionError):
        return None
    return walk.unnamed


class Descent:
    """What every walk over a document has to keep count of, and how it meets contexts and values."""

    contexts = 0
    types = 0
    weighed = False

    def __init__(self, document: JsonObject) -> None:
        self.document = document

    def local(self, context: Any, table: Table) -> Table:
        """Apply a context of the document, with the check of cost that the slow route makes."""
        named = context if context.__class__ is list else [context]
        self.contexts += len(named)
        if self.contexts > MAX_CONTEXTS:
            raise HandOver
        try:
            return table.locals[tuple(named)]  # only lists of URLs are kept so
        except (KeyError, TypeError):
            pass
        inline = [item for item in named if item.__class__ is not str]
        if not inline:
            return table.with_urls(tuple(named))
        if any(isinstance(item, dict) and "@context" in item for item in inline):
            raise HandOver
        if not self.weighed:
            check_context_weight(self.document)
            self.weighed = True
        return table.with_context(context)

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


class Walk(Descent):
    """The walk that makes statements."""

    def __init__(self, document: JsonObject) -> None:
        super().__init__(document)
        self.statements = Statements()
        self.others = self.statements.others
        self.graph: str | None = None
        """The graph in which the walk is; None for the default graph."""
        self.made = 0

    def add_node(self, node: JsonObject, table: Table) -> str:
        """Add a node with all that hangs below it; return its term (JSON-LD API §5.1.2, §7.2)."""
        plan = self.plan(node, table)
        inside = plan.inside
        subject = self.name(node) if plan.id_key is None else self.resource(node[plan.id_key], inside)
        tails, members = plan.tails.copy(), plan.rest
        if plan.form:
            texts = plan.texts(node)
            try:
                joined = "".join(texts)
            except TypeError:
                members = plan.members  # one of them is no text in this node
            else:
                # What cannot be printed as it is, and these two, is what may have to be escaped.
                if not joined.isprintable() or '"' in joined or "\\" in joined:
                    texts = tuple(map(escape, texts))
                tails += (plan.form % texts).split("\n")
        for key, term in members:
            value = node[key]
            kind = value.__class__
            if term.simple and (kind is float or kind is int):
                tails.append(f" {term.predicate} {typed_literal(value, term.datatype)} .")
            elif term.simple and kind is str and term.as_ == AS_ID:
                self.add(subject, tails, term, self.resource(value, inside))
            else:
                self.add_property(subject, tails, key, value, inside)
        self.statements.add(subject, tails, self.graph)
        return subject

    def plan(self, node: JsonObject, table: Table) -> Plan:
        """Return what the names of a node's members and its types mean."""
        if "@context" in node:
            table = self.local(node["@context"], table)
        kinds: Any = None
        for key in table.types:
            if key in node:
                kinds = node[key]
                break
        if kinds.__class__ is list:
            kinds = tuple(kinds)
            self.types += len(kinds)
        elif kinds is not None:
            self.types += 1
            if kinds.__class__ is not str:
                raise HandOver
        if self.types > MAX_TYPES:
            raise HandOver
        try:
            return table.plans[kinds, *node]
        except KeyError:
            return table.plan(kinds, node)
        except TypeError:
            raise HandOver from None  # something in the list of types has no hash, so it is no text

    def fresh(self) -> str:
        """Return a blank node that is not there yet."""
        self.made += 1
        return f"_:b{self.made}"

    def name(self, _node: JsonObject) -> str:
        """Return a term for a node that has no name."""
        return self.fresh()

    def resource(self, name: Any, table: Table) -> str:
        """Return the term for a reference."""
        if name.__class__ is not str:
            raise HandOver
        return expand_iri(name, table.prefixes)

    @staticmethod
    def vocabulary(name: str, table: Table) -> str:
        """Return the term for a type, or for a reference that may be the name of a term."""
        term = table[name]
        if term.role != PROPERTY:
            raise HandOver
        return term.predicate

    def add_property(self, subject: str, tails: list[str], key: str, value: Any, table: Table) -> None:
        """Add what stands at a property (§5.1.2 step 13)."""
        term = table[key]
        if term.as_ == AS_JSON:
            found = canonicalize(value).decode()
            if '"@' in found:
                # The slow route looks for keywords in there, too.
                raise HandOver
            tails.append(f" {term.predicate} {quote(found)}{JSON_SUFFIX} .")
            return
        if value is None:
            return
        tables = table.below(key, term)
        if term.scoped:
            term = tables.scalars[key]
        container = term.container
        if container == LIST:
            self.add(subject, tails, term, self.list(term, value, tables))
        elif container == LANGUAGES and value.__class__ is dict:
            self.add_languages(tails, term, value, tables.scalars)
        elif container == GRAPH:
            for item in value if value.__class__ is list else (value,):
                self.add_graph(subject, term, item, tables)
        else:
            for item in value if value.__class__ is list else (value,):
                if item is not None:
                    self.add(subject, tails, term, self.item(term, item, tables))

    def add(self, subject: str, tails: list[str], term: Term, found: str) -> None:
        """Add one statement about a subject: among the others where its object is a blank node."""
        if found[0] == "_":
            self.others.append((subject, term.predicate, found, self.graph))
        else:
            tails.append(f" {term.predicate} {found} .")

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
    def add_languages(tails: list[str], term: Term, value: JsonObject, table: Table) -> None:
        """Add a language map (step 13.7)."""
        for key, texts in value.items():
            if (key.startswith("@") and key != "@none") or key in table.active["mappings"]:
                raise HandOver
            language = None if key == "@none" else key
            for text in texts if texts.__class__ is list else (texts,):
                if text.__class__ is str:
                    tails.append(f" {term.predicate} {text_literal(text, language, term.direction)} .")
                elif text is not None:
                    raise HandOver

    def list(self, term: Term, value: Any, tables: Below) -> str:
        """Add a list; return the term of its head (§8.3)."""
        items = value if value.__class__ is list else [value]
        terms = [self.item(term, item, tables) for item in items if item is not None]
        head = RDF_NIL
        for found in reversed(terms):
            link, tails = self.fresh(), list[str]()
            for predicate, there in ((RDF_FIRST, found), (RDF_REST, head)):
                if there[0] == "_":
                    self.others.append((link, predicate, there, self.graph))
                else:
                    tails.append(f" {predicate} {there} .")
            self.statements.add(link, tails, self.graph)
            head = link
        return head

    def add_graph(self, subject: str, term: Term, value: Any, tables: Below) -> None:
        """Add a node in a graph of its own (step 13.12)."""
        if value is None:
            return
        if value.__class__ is not dict:
            raise HandOver
        name, around, before = self.fresh(), self.graph, len(self.others)
        self.graph = name
        found = self.object(value, tables)
        if found[0] == '"' or len(self.others) == before:
            raise HandOver
        self.graph = around
        self.others.append((subject, term.predicate, name, around))


class _Unnamed(Walk):
    """The walk that also notes which nodes have no name."""

    def __init__(self, document: JsonObject) -> None:
        super().__init__(document)
        self.unnamed: list[JsonObject] = []

    def name(self, node: JsonObject) -> str:
        self.unnamed.append(node)
        return self.fresh()
