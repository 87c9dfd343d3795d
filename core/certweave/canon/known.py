"""Whether contexts define every member and type of a document, asked of compiled contexts.

JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/#expansion. Stricter than JSON-LD: what an absolute IRI or a
vocabulary makes sense of is not defined. Says yes only where expansion would go through as well; to say what
is wrong, and where, is left to the slow way (``credential.terms``).
"""

from typing import Any

from certweave.canon.compiled import Below, Plan, Table, find_root
from certweave.canon.fast import Walk
from certweave.canon.jsonld import Contexts
from certweave.canon.term import AS_JSON, GRAPH, ID, LANGUAGES, VALUE, HandOver, Term
from certweave.canon.weight import MORE
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError


def defines_all(document: JsonObject, *, contexts: Contexts) -> bool:
    """Tell whether contexts define all of a document; False also where it takes more to say so."""
    return _find_look(document, contexts) is not None


def defines_all_plainly(document: JsonObject, *, contexts: Contexts) -> bool:
    """Tell the same, and whether a document speaks of itself at its root only, and by pinned contexts.

    Then every statement about it stands under its own name (``credential.renamed``).
    """
    look = _find_look(document, contexts)
    if look is None or look.weighed:
        return False
    listed, name = document.get("@context"), look.root
    named = len(listed) if isinstance(listed, list) else 1
    return look.contexts == named and (name is None or look.described.count(name) == 1)


def _find_look(document: JsonObject, contexts: Contexts) -> "_Look | None":
    look = _Look(document)
    try:
        plan = look.node(document, find_root(contexts))
    except (HandOver, CertweaveError, RecursionError):
        return None
    look.root = None if plan.id_key is None else document[plan.id_key]
    return look


class _Look(Walk):
    """The walk of the fast route, without statements."""

    def __init__(self, document: JsonObject) -> None:
        super().__init__(document)
        self.root: str | None = None
        """The id of the document."""
        self.described: list[str] = []
        """The ids of nodes that do not only refer to others."""

    def node(self, node: JsonObject, table: Table) -> Plan:
        plan = self.plan(node, table)
        if not plan.defined:
            raise HandOver
        if plan.id_key is not None:
            name = node[plan.id_key]
            if name.__class__ is not str:
                raise HandOver
            if len(node) > 1:
                self.described.append(name)
        if not MORE.isdisjoint(map(type, node.values())):
            for key, term in plan.members:
                value = node[key]
                if value.__class__ is dict or value.__class__ is list:
                    self.member(key, term, value, plan.inside)
        return plan

    def member(self, key: str, term: Term, value: Any, table: Table) -> None:
        """Look at what is more than a text."""
        if term.as_ == AS_JSON:
            _check_json(value)
            return
        kind = value.__class__
        tables = table.below(key, term)
        if term.container == LANGUAGES and kind is dict:
            self.add_languages([], tables.scalars[key], value, tables.scalars)
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
