"""JSON-LD contexts, compiled: what every term means at a place, worked out once.

The meaning is pyld's: each pair of an active context and one that is applied to it is processed once, by
``canon.active`` or, where that hands over, by pyld itself (``canon.jsonld``), the result laid out as flat
tables that documents are then looked up in. A table is never changed once it is there, only added to, so
threads share them. What the fast route does not treat exactly is marked HARD.
"""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from operator import itemgetter
from typing import Any

from certweave.canon.active import apply_context, initial_context
from certweave.canon.jsonld import Contexts, process_context
from certweave.canon.literals import RDF_TYPE
from certweave.canon.term import CONTEXT, HARD_TERM, ID, PROPERTY, TYPE, HandOver, Term, make_term
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError

_STORES_KEPT = 4
_TABLES_KEPT = 1_000
"""Of one store. The contexts of UNTP make some three hundred; documents with their own make the rest."""
_NAMES_KEPT = 600
_LONGEST_NAME_KEPT = 200
_PLANS_KEPT = 500
_MEMBERS_KEPT = 64
"""Of one plan. With the bound above and the one below, strangers' nodes take some ten megabytes at most."""
_LONGEST_PLAN_KEPT = 4_000
"""Characters of the names of one node's members and types."""
_LONGEST_CONTEXT_KEPT = 20_000


class Table(dict[str, Term]):
    """The terms of one active context, worked out when they are asked for."""

    __slots__ = (
        "active",
        "by_property",
        "by_types",
        "engine",
        "ids",
        "locals",
        "looks",
        "plans",
        "prefixes",
        "previous",
        "types",
        "value_names",
        "written",
    )

    def __init__(self, engine: "Engine", active: Any, previous: "Table | None") -> None:
        super().__init__()
        self.engine = engine
        self.active = active
        self.written = False
        """Whether a document wrote a part of this."""
        self.previous = previous
        """The table to which a node below goes back, where this one is that of a type."""
        self.by_types: dict[tuple[str, ...], Table] = {}
        self.by_property: dict[str, Below] = {}
        self.looks: dict[tuple[Any, ...], Any] = {}
        """What was found out about objects that brought this context themselves (``canon.known``)."""
        self.locals: dict[str | tuple[str, ...], Table] = {}
        self.prefixes: dict[str, str] = {}
        self.plans: dict[tuple[Any, ...], Plan] = {}
        """What is known of nodes that stand here, by their types and the names of their members."""
        ids, types, values = ["@id"], ["@type"], ["@value"]
        for name, mapping in active["mappings"].items():
            iri = mapping["@id"]
            if mapping["_prefix"]:
                self.prefixes[name] = iri
            if iri == "@id":
                ids.append(name)
            elif iri == "@type" and name != "@type":
                types.append(name)
            elif iri == "@value":
                values.append(name)
        self.ids, self.types, self.value_names = tuple(ids), tuple(types), tuple(values)

    def __missing__(self, name: str) -> Term:
        """Work out a name that was not asked for before."""
        try:
            term = make_term(name, self.active, self.prefixes)
        except (HandOver, CertweaveError):
            term = HARD_TERM
        if len(self) < _NAMES_KEPT and len(name) <= _LONGEST_NAME_KEPT:
            self[name] = term
        return term

    def of_types(self, names: list[Any]) -> "Table":
        """Return the table inside a node of these types (§5.1.2 step 11)."""
        scoped = [name for name in names if self[name].scoped]
        if not scoped:
            return self
        if len(scoped) > 1:
            scoped.sort()
        key = tuple(scoped)
        found = self.by_types.get(key)
        if found is None:
            active = self.active
            for name in key:
                local = self.active["mappings"][name]["@context"]
                active = self.engine.process(active, local, propagate=False)
            found = self.by_types[key] = self.engine.table(active, self)
        return found

    def plan(self, kinds: Any, node: JsonObject) -> "Plan":
        """Work out what a node of these types means here, and keep it for the next one alike."""
        plan = Plan(self, kinds, node)
        self.keep(self.plans, (kinds, *node), plan, node, kinds)
        return plan

    def keep(self, kept: dict[Any, Any], key: Any, found: object, node: JsonObject, kinds: Any) -> None:
        """Keep what was found out about a node of these types, if its names are few and short."""
        if len(node) <= _MEMBERS_KEPT and len("".join((*node, *(kinds or ())))) <= _LONGEST_PLAN_KEPT:
            self.engine.make_room(self, kept)
            kept[key] = found

    def below(self, name: str, term: Term) -> "Below":
        """Return the tables at a property."""
        found = self.by_property.get(name)
        if found is None:
            if term.scoped:
                scalars = self._with_scope(name, self)
                same = scalars.active["mappings"].get(name) == self.active["mappings"][name]
                if not same or scalars[name].role != PROPERTY:
                    raise HandOver
                # The library applies the context of a property once more below it.
                values = self._with_scope(name, scalars)
                back = scalars.previous
                found = Below(scalars, values if back is None else self._with_scope(name, back), values)
            else:
                found = Below(self, self if self.previous is None else self.previous, self)
            self.by_property[name] = found
        return found

    def _with_scope(self, name: str, table: "Table") -> "Table":
        mapping = self.active["mappings"][name]
        active = self.engine.process(table.active, mapping["@context"], override=True)
        return self.engine.table(active, table)

    def with_urls(self, urls: tuple[str, ...]) -> "Table":
        """Return the table that contexts named by URL make out of this one."""
        found = self.locals.get(urls)
        if found is None:
            active = self.engine.process(self.active, list(urls))
            found = self.locals[urls] = self.engine.table(active, self)
        return found

    def with_context(self, context: Any) -> "Table":
        """Return the table that a context written in a document makes out of this one."""
        key = json.dumps(context, sort_keys=True)
        if len(key) > _LONGEST_CONTEXT_KEPT or '"@propagate"' in key or '"@import"' in key:
            raise HandOver
        found = self.locals.get(key)
        if found is None:
            active = self.engine.process(self.active, context)
            found = self.locals[key] = self.engine.table(active, self, written=True)
            self.engine.written.append((self, key))
        return found


@dataclass(frozen=True, slots=True)
class Below:
    """The tables at a property.

    Attributes:
        scalars: what strings and numbers are looked up in.
        nodes: what nodes are: where the table is that of a type, they go back to the one before.
        values: what value objects and references are, which do not.
        looks: what was found out about objects there, by the names and kinds of what they hold
            (``canon.known``).
    """

    scalars: Table
    nodes: Table
    values: Table
    looks: dict[tuple[Any, ...], Any] = field(default_factory=dict, compare=False, repr=False)


class Plan:
    """What the types of a node and the names of its members mean.

    Attributes:
        inside: the table of what stands in the node.
        id_key: the member that names it.
        tails: the statements of its types, each without the subject.
        members: its properties.
        texts: returns, of a node, the values of those that had texts in the first node of this kind, and
            that need not be looked at where they are texts.
        form: the statements of these texts, a line each, to be filled in with ``%``.
        rest: the other properties.
        defined: whether contexts name all of them, the types as well, and none by something like an IRI.
    """

    __slots__ = ("defined", "form", "id_key", "inside", "members", "rest", "tails", "texts")

    def __init__(self, table: Table, kinds: Any, node: JsonObject) -> None:
        type_keys = [key for key in table.types if key in node]
        names: list[Any] = [] if kinds is None else [kinds] if isinstance(kinds, str) else list(kinds)
        meant = [table[name] for name in names if isinstance(name, str)]
        if len(type_keys) != (kinds is not None) or len(meant) < len(names):
            raise HandOver
        self.inside = inside = table.of_types(names)
        id_keys = [key for key in inside.ids if key in node]
        self.id_key = id_keys[0] if id_keys else None
        self.tails = [f" {RDF_TYPE} {term.predicate} ." for term in meant]
        terms = [(key, inside[key]) for key in node]
        self.members = tuple((key, term) for key, term in terms if term.role == PROPERTY)
        texts = {key: term for key, term in self.members if term.plain and isinstance(node[key], str)}
        self.rest = tuple((key, term) for key, term in self.members if key not in texts)
        lines = [f' {term.predicate} "\0"{term.suffix} .' for term in texts.values()]
        self.form = "\n".join(lines).replace("%", "%%").replace("\0", "%s")
        self.texts = itemgetter(*texts) if len(texts) > 1 else lambda node: tuple(node[key] for key in texts)
        named = [term for key, term in terms if _is_keyword(key, term, id_keys, type_keys)]
        contexts = [term for _, term in terms if term.role == CONTEXT]
        known = len(self.members) + len(named) + len(contexts)
        if known < len(terms) or len(id_keys) > 1 or any(term.role != PROPERTY for term in meant):
            raise HandOver
        used = (*meant, *named, *(term for _, term in self.members))
        self.defined = ":" not in "".join(node) and all(term.defined for term in used)


def _is_keyword(key: str, term: Term, ids: list[str], types: list[str]) -> bool:
    return (term.role == ID and key in ids) or (term.role == TYPE and key in types)


class Engine:
    """The compiled contexts of one store."""

    def __init__(self, contexts: Contexts) -> None:
        self.contexts = contexts
        self.made = 0
        self.made_of_written = 0
        self.written: list[tuple[Table, str]] = []
        """Where the tables of contexts that documents write themselves begin."""
        self.planned: list[tuple[Table, dict[Any, Any]]] = []
        """For everything that is kept about nodes: the table that it is of, and where it is kept."""
        self.root = self.table(initial_context(), None)

    def process(self, active: Any, local: Any, *, override: bool = False, propagate: bool = True) -> Any:
        """Apply a context to another; by pyld where it is of no usual kind."""
        try:
            return apply_context(
                active, local, contexts=self.contexts, override=override, propagate=propagate
            )
        except HandOver:
            return process_context(
                active, local, contexts=self.contexts, override_protected=override, propagate=propagate
            )

    def table(self, active: Any, parent: Table | None, *, written: bool = False) -> Table:
        """Return the table of an active context that came out of another."""
        before = active.get("previousContext")
        previous = None
        if before is not None and parent is not None:
            previous = next(
                (one for one in (parent, parent.previous) if one is not None and one.active is before), None
            )
            if previous is None:  # pragma: no cover - the library would have to forget what it was given
                raise HandOver
        table = Table(self, active, previous)
        table.written = written or (parent is not None and parent.written)
        if table.written:
            self.made_of_written += 1
        else:
            self.made += 1
        return table

    def make_room(self, table: Table, kept: dict[Any, Any]) -> None:
        """Count one plan more, and drop all where there would be too many."""
        if len(self.planned) >= _PLANS_KEPT:
            planned, self.planned = self.planned, []
            for _, full in planned:
                full.clear()
        self.planned.append((table, kept))

    def forget_written(self) -> None:
        """Drop what documents wrote, and keep what is pinned: a stranger's contexts cost nobody else."""
        for table, key in self.written:
            table.locals.pop(key, None)
        self.written = []
        self.made_of_written = 0
        self.planned = [(table, kept) for table, kept in self.planned if not table.written]


_ENGINES: OrderedDict[str, Engine] = OrderedDict()
_LOCK = threading.Lock()


def find_root(contexts: Contexts) -> Table:
    """Return the table before any context, for a store; the store that was used longest ago is dropped."""
    with _LOCK:
        engine = _ENGINES.get(contexts.digest)
        if engine is None or engine.made > _TABLES_KEPT:
            engine = _ENGINES[contexts.digest] = Engine(contexts)
        if engine.made_of_written > _TABLES_KEPT:
            engine.forget_written()
        _ENGINES.move_to_end(contexts.digest)
        while len(_ENGINES) > _STORES_KEPT:
            _ENGINES.popitem(last=False)
    return engine.root
