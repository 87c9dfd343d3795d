"""JSON-LD contexts, compiled: what every term means at a place, worked out once.

The meaning is pyld's (``canon.jsonld``): each pair of an active context and one that is applied to it is
processed by it once, the result laid out as flat tables that documents are then looked up in. A table is
never changed once it is there, only added to, so threads share them. What the fast route does not treat
exactly is marked HARD.
"""

import json
import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any, Final

from certweave.canon.jsonld import KEYWORDS, NO_BASE, Contexts, initial_context, process_context
from certweave.canon.literals import is_iri, text_literal, typed_literal
from certweave.errors import CertweaveError

PROPERTY: Final = 0
ID: Final = 1
TYPE: Final = 2
CONTEXT: Final = 3
VALUE: Final = 4
LANGUAGE: Final = 5
DIRECTION: Final = 6
HARD: Final = 7
"""The roles of a name: a property, a keyword or what stands for one, or what only the slow route treats."""
_ROLES = {
    "@id": ID,
    "@type": TYPE,
    "@context": CONTEXT,
    "@value": VALUE,
    "@language": LANGUAGE,
    "@direction": DIRECTION,
}

AS_TEXT: Final = 0
AS_ID: Final = 1
AS_VOCAB: Final = 2
AS_JSON: Final = 3
"""What a string at a property becomes: a literal, an IRI, an IRI or a term, a JSON literal."""

ONE: Final = 0
LIST: Final = 1
LANGUAGES: Final = 2
GRAPH: Final = 3
"""What an array or an object at a property is: values, a list, a language map, a graph for each."""
_CONTAINERS = {
    frozenset[str](): ONE,
    frozenset({"@set"}): ONE,
    frozenset({"@list"}): LIST,
    frozenset({"@language"}): LANGUAGES,
    frozenset({"@language", "@set"}): LANGUAGES,
    frozenset({"@graph"}): GRAPH,
    frozenset({"@graph", "@set"}): GRAPH,
}
_EASY = frozenset(
    (
        "@id",
        "@type",
        "@container",
        "@language",
        "@direction",
        "@context",
        "reverse",
        "protected",
        "_prefix",
        "_term_has_colon",
    )
)

_STORES_KEPT = 4
_TABLES_KEPT = 1_000
"""Of one store. The contexts of UNTP make some three hundred; documents with their own make the rest."""
_NAMES_KEPT = 2_000
_LONGEST_NAME_KEPT = 200
_TYPES_KEPT = 100
_LONGEST_CONTEXT_KEPT = 20_000


class HandOver(Exception):  # noqa: N818 - it is no error: the slow route takes over
    """Not for the fast route; never leaves ``canon``."""


class Term:
    """What a name means as a member, and what the values there become."""

    __slots__ = (
        "as_",
        "container",
        "datatype",
        "defined",
        "direction",
        "iri",
        "plain",
        "predicate",
        "role",
        "scoped",
        "suffix",
    )

    def __init__(self, role: int, iri: str = "") -> None:
        self.role = role
        self.defined = False
        """Whether a context names it; an absolute IRI or a vocabulary makes sense of others, too."""
        self.iri = iri
        self.predicate = f"<{iri}>"
        self.as_ = AS_TEXT
        self.suffix = ""
        """What follows the quoted text of a string: nothing, a language, a datatype."""
        self.datatype: str | None = None
        self.direction: str | None = None
        self.container = ONE
        self.scoped = False
        self.plain = role == PROPERTY
        """Whether a string there becomes a literal with nothing more to look at."""


_HARD = Term(HARD)


class Table(dict[str, Term]):
    """The terms of one active context, worked out when they are asked for."""

    __slots__ = (
        "active",
        "by_property",
        "by_types",
        "defined_types",
        "easy",
        "engine",
        "ids",
        "locals",
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
        self.locals: dict[str | tuple[str, ...], Table] = {}
        self.prefixes: dict[str, str] = {}
        self.defined_types: dict[str | tuple[str, ...], Table] = {}
        """What ``of_types`` gave for types that are all defined."""
        self.easy: set[str] = set()
        """Names of defined properties that were worked out: where only that is asked, nothing else is."""
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
            term = self._make(name)
        except (HandOver, CertweaveError):
            term = _HARD
        if len(self) < _NAMES_KEPT and len(name) <= _LONGEST_NAME_KEPT:
            self[name] = term
            if term.role == PROPERTY and term.defined:
                self.easy.add(name)
        return term

    def _make(self, name: str) -> Term:
        """IRI Expansion (JSON-LD API §5.2.2) of a member's name, and what its definition says of values."""
        if name in KEYWORDS:
            return Term(_ROLES.get(name, HARD))
        if name.startswith("@"):
            return _HARD
        mapping = self.active["mappings"].get(name)
        if mapping is None:
            iri, mapping = self._undefined(name), {}
        else:
            iri = mapping["@id"]
        if iri in KEYWORDS:
            term = Term(_ROLES.get(iri, HARD))
            term.defined = True
            return term
        if iri is None or not _is_absolute(iri) or not mapping.keys() <= _EASY or mapping.get("reverse"):
            return _HARD
        term = Term(PROPERTY, iri)
        term.defined = bool(mapping)
        self._coerce(term, mapping)
        return term

    def _undefined(self, name: str) -> str:
        if ":" in name:
            return self.iri(name)[1:-1]
        if "@vocab" not in self.active:
            raise HandOver
        vocabulary: str = self.active["@vocab"]
        return vocabulary + name

    def _coerce(self, term: Term, mapping: Any) -> None:
        """What the definition, or the context where it is silent, makes of values."""
        kind = mapping.get("@type")
        language = mapping.get("@language", self.active.get("@language"))
        term.direction = mapping.get("@direction", self.active.get("@direction"))
        if kind == "@id":
            term.as_ = AS_ID
        elif kind == "@vocab":
            term.as_ = AS_VOCAB
        elif kind == "@json":
            term.as_ = AS_JSON
        elif kind is None or kind == "@none":
            term.suffix = text_literal("", language, term.direction)[2:]
        elif _is_absolute(kind):
            term.datatype = kind
            term.suffix = typed_literal("", kind)[2:]
        else:
            raise HandOver
        container = mapping.get("@container") or ()
        term.container = _CONTAINERS.get(frozenset(container), HARD)
        if term.container == HARD or (term.as_ == AS_JSON and term.container != ONE):
            raise HandOver
        term.scoped = "@context" in mapping
        if term.scoped and (not mapping["@context"] or "@propagate" in json.dumps(mapping["@context"])):
            raise HandOver
        term.plain = term.as_ == AS_TEXT and not term.scoped and term.container in (ONE, LANGUAGES)

    def iri(self, text: str) -> str:
        """Return the IRI in angle brackets that a reference stands for: absolute, or with a prefix.

        Raises:
            HandOver: where it is relative, a blank node, a keyword, or what N-Quads cannot hold.
        """
        colon = text.find(":")
        if colon > 0:
            if not text.startswith("//", colon + 1):
                found = self.prefixes.get(text[:colon])
                if found is not None:
                    text = found + text[colon + 1 :]
            if _is_absolute(text):
                return f"<{text}>"
        raise HandOver

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

    def keep_types(self, key: str | tuple[str, ...], found: "Table") -> None:
        """Remember the table inside nodes of types that are all defined."""
        if len(self.defined_types) < _TYPES_KEPT and sum(map(len, key)) <= _LONGEST_NAME_KEPT:
            self.defined_types[key] = found

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
    """

    scalars: Table
    nodes: Table
    values: Table


class Engine:
    """The compiled contexts of one store."""

    def __init__(self, contexts: Contexts) -> None:
        self.contexts = contexts
        self.made = 0
        self.made_of_written = 0
        self.written: list[tuple[Table, str]] = []
        """Where the tables of contexts that documents write themselves begin."""
        self.root = self.table(initial_context(contexts=contexts), None)

    def process(self, active: Any, local: Any, *, override: bool = False, propagate: bool = True) -> Any:
        """Apply a context to another, by pyld."""
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
            if previous is None:
                raise HandOver
        table = Table(self, active, previous)
        table.written = written or (parent is not None and parent.written)
        if table.written:
            self.made_of_written += 1
        else:
            self.made += 1
        return table

    def forget_written(self) -> None:
        """Drop what documents wrote, and keep what is pinned: a stranger's contexts cost nobody else."""
        for table, key in self.written:
            table.locals.pop(key, None)
        self.written = []
        self.made_of_written = 0


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


def _is_absolute(iri: str) -> bool:
    return is_iri(iri) and not iri.startswith(NO_BASE)
