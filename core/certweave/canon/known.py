"""Whether contexts define every member and type of a document, asked of compiled contexts.

JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/#expansion. Stricter than JSON-LD: what an absolute IRI or a
vocabulary makes sense of is not defined. Says yes only where expansion would go through as well; to say what
is wrong, and where, is left to the slow way (``credential.terms``).
"""

from typing import Any

from certweave.canon.compiled import (
    AS_JSON,
    CONTEXT,
    GRAPH,
    ID,
    LANGUAGES,
    PROPERTY,
    TYPE,
    VALUE,
    Below,
    HandOver,
    Table,
    Term,
    find_root,
)
from certweave.canon.fast import Walk
from certweave.canon.jsonld import Contexts
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError


def defines_all(document: JsonObject, *, contexts: Contexts) -> bool:
    """Tell whether contexts define all of a document; False also where it takes more to say so."""
    try:
        _Look(document).node(document, find_root(contexts))
    except (HandOver, CertweaveError, RecursionError):
        return False
    return True


class _Look(Walk):
    """The walk of the fast route, without statements."""

    def node(self, node: JsonObject, table: Table) -> None:
        if "@context" in node:
            table = self.local(node["@context"], table)
        _, kinds = self.kinds(node, table)
        inside = self.inside(kinds, table) if kinds else table
        named = False
        easy = inside.easy
        for key, value in node.items():
            if value.__class__ is str and key in easy:
                continue
            term = inside[key]
            role = term.role
            if role == PROPERTY and term.defined:
                if value.__class__ is not str:
                    self.member(key, term, value, inside)
            elif role == ID and term.defined and value.__class__ is str and not named:
                named = True
            elif role != CONTEXT and not (role == TYPE and term.defined and table[key].role == TYPE):
                raise HandOver

    @staticmethod
    def inside(kinds: list[str], table: Table) -> Table:
        """Return the table inside a node of these types, all of which must be defined."""
        key = kinds[0] if len(kinds) == 1 else tuple(kinds)
        found = table.defined_types.get(key)
        if found is None:
            for kind in kinds:
                if not _names(table[kind]):
                    raise HandOver
            found = table.of_types(kinds)
            table.keep_types(key, found)
        return found

    def member(self, key: str, term: Term, value: Any, table: Table) -> None:
        """Look at what is more than a text."""
        if term.as_ == AS_JSON:
            _check_json(value)
            return
        kind = value.__class__
        if kind is not dict and kind is not list:
            return
        tables = table.below(key, term)
        if term.container == LANGUAGES and kind is dict:
            self.add_languages("", tables.scalars[key], value, tables.scalars)
            return
        for item in value if kind is list else (value,):
            if item.__class__ is dict:
                self.below(item, tables)
            elif item.__class__ is list or term.container == GRAPH:
                raise HandOver

    def below(self, value: JsonObject, tables: Below) -> None:
        """Look at an object: a node, a reference or a value object, and none but by its type's context."""
        table = tables.nodes
        for key in table.value_names:
            if key in value:
                self.value(value, table)
                return
        if table is not tables.values and len(value) <= 2:
            for key in value:
                role = tables.scalars[key].role
                if role in (VALUE, ID) and table[key].role != role:
                    raise HandOver
        self.node(value, table)


def _names(term: Term) -> bool:
    return term.role == PROPERTY and term.defined


def _check_json(value: Any) -> None:
    """Keywords, and what looks like them, are refused in JSON literals, too."""
    if value.__class__ is dict:
        for key, item in value.items():
            if key.startswith("@"):
                raise HandOver
            _check_json(item)
    elif value.__class__ is list:
        for item in value:
            _check_json(item)
