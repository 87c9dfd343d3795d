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
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError


def defines_all(document: JsonObject, *, contexts: Contexts, plainly: bool = False) -> bool:
    """Tell whether contexts define all of a document; False also where it takes more to say so.

    ``plainly`` asks as well whether it speaks of itself at its root only, by contexts that it names there and
    does not write itself: then every statement about it stands under its own name (``credential.renamed``).
    """
    look = _Look(document)
    try:
        plan = look.node(document, find_root(contexts))
    except (HandOver, CertweaveError, RecursionError):
        return False
    if not plainly:
        return True
    listed = document.get("@context")
    named = len(listed) if isinstance(listed, list) else 1
    once = plan.id_key is None or look.described.count(document[plan.id_key]) == 1
    return once and look.contexts == named and not look.weighed


class _Look(Walk):
    """The walk of the fast route, without statements."""

    def __init__(self, document: JsonObject) -> None:
        super().__init__(document)
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
        try:
            "".join(plan.texts(node))
            members = plan.rest
        except TypeError:
            members = plan.members
        for key, term in members:
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
