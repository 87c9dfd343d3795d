"""Whether contexts define every member and type of a document, asked of compiled contexts.

JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/#expansion. Stricter than JSON-LD: what an absolute IRI or a
vocabulary makes sense of is not defined. Says yes only where expansion would go through as well; to say what
is wrong, and where, is left to the slow way (``credential.terms``).
"""

from collections.abc import Sequence
from typing import Any

from certweave.canon.compiled import Below, Plan, Table, find_root
from certweave.canon.fast import Descent
from certweave.canon.jsonld import Contexts
from certweave.canon.literals import LANGUAGE
from certweave.canon.term import AS_JSON, GRAPH, ID, LANGUAGES, VALUE, HandOver
from certweave.canon.weight import MAX_TYPES, MORE
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError


def defines_all(document: JsonObject, *, contexts: Contexts) -> bool:
    """Tell whether contexts define all of a document; False also where it takes more to say so."""
    return _find_walk(document, contexts) is not None


def defines_all_plainly(document: JsonObject, *, contexts: Contexts) -> bool:
    """Tell the same, and whether a document speaks of itself at its root only, and by pinned contexts.

    Then every statement about it stands under its own name (``credential.renamed``).
    """
    walk = _find_walk(document, contexts)
    if walk is None or walk.weighed:
        return False
    listed, name = document.get("@context"), walk.root
    named = len(listed) if isinstance(listed, list) else 1
    return walk.contexts == named and (name is None or walk.described.count(name) == 1)


def _find_walk(document: JsonObject, contexts: Contexts) -> "_Walk | None":
    walk = _Walk(document)
    try:
        found = walk.look_alone(document, find_root(contexts))
    except (HandOver, CertweaveError, RecursionError):
        return None
    if walk.types > MAX_TYPES:
        return None
    walk.root = None if found is None or found.name is None else document[found.name]
    return walk


class Look:
    """What is known of an object at a place, by the names of its members and the kinds of their values.

    Attributes:
        types: the member that says its types, where it has one: what follows depends on them then, and is
            in ``by_types``.
        of_one_type: whether that is a single text.
        count: how many types it has.
        name: the member that holds its id.
        told: the same where it says more than its id.
        inside: its members with objects or lists, the tables there, and whether each item is a graph.
        texts: its members that are JSON, or texts by language with the table in which none may be a term.
        is_leaf: whether all of it is known, with no types to ask for and nothing inside of it.
    """

    __slots__ = (
        "by_types",
        "count",
        "inside",
        "is_leaf",
        "name",
        "of_one_type",
        "texts",
        "told",
        "types",
    )

    def __init__(
        self,
        *,
        types: str | None = None,
        of_one_type: bool = False,
        count: int = 0,
        name: str | None = None,
        told: str | None = None,
        inside: Sequence[tuple[str, Below, bool]] = (),
        texts: Sequence[tuple[str, Table | None]] = (),
    ) -> None:
        self.types, self.of_one_type, self.count, self.name, self.told = types, of_one_type, count, name, told
        self.inside, self.texts = inside, texts
        self.is_leaf = types is None and not inside and not texts
        self.by_types: dict[Any, Look] = {}


class _Walk(Descent):
    """The walk that looks, and makes no statements."""

    def __init__(self, document: JsonObject) -> None:
        super().__init__(document)
        self.root: str | None = None
        """The id of the document."""
        self.described: list[str] = []
        """The ids of nodes that do not only refer to others."""

    def look(self, value: JsonObject, tables: Below) -> None:
        """Look at an object below a property, of a kind that was not met before.

        None gets its meaning but by its type's context.
        """
        table = tables.nodes
        if "@context" in value or any(name in value for name in table.value_names):
            self.look_alone(value, table)
            return
        if table is not tables.values and len(value) <= 2:
            for key in value:
                role = tables.scalars[key].role
                if role in (VALUE, ID) and table[key].role != role:
                    raise HandOver
        found = _make_look(value, table)
        table.keep(tables.looks, (*value, *map(type, value.values())), found, value, None)
        self.enter(value, found, table)

    def look_alone(self, value: JsonObject, table: Table) -> Look | None:
        """Look at a document, a node with a context of its own, or a value, for which there is None."""
        for name in table.value_names:
            if name in value:
                self.value(value, table)
                return None
        if "@context" in value:
            table = self.local(value["@context"], table)
        key = (*value, *map(type, value.values()))
        found = table.looks.get(key)
        if found is None:
            found = _make_look(value, table)
            table.keep(table.looks, key, found, value, None)
        return self.enter(value, found, table)

    def enter(self, value: JsonObject, found: Look, table: Table) -> Look:
        """Look at what stands inside of a node."""
        if found.types is not None:
            found = self.typed(value, found, value[found.types], table)
            self.types += found.count
        if found.told is not None:
            self.described.append(value[found.told])
        for key, tables, of_graph in found.inside:
            item, looks = value[key], tables.looks
            for one in (item,) if item.__class__ is dict else item:
                if one.__class__ is dict:
                    inner = looks.get((*one, *map(type, one.values())))
                    if inner is None:
                        self.look(one, tables)
                        continue
                    last = inner.by_types.get(one[inner.types]) if inner.of_one_type else inner
                    if last is None or not last.is_leaf:
                        self.enter(one, inner, tables.nodes)
                        continue
                    # Most objects hold no others, and a call takes longer than what is left to do.
                    self.types += last.count
                    if last.told is not None:
                        self.described.append(one[last.told])
                elif one.__class__ is list or of_graph:
                    raise HandOver
        if found.texts:
            _check_texts(value, found)
        return found

    def typed(self, value: JsonObject, found: Look, kinds: Any, table: Table) -> Look:
        """Return what is known of a node with these types."""
        if kinds.__class__ is list:
            kinds = tuple(kinds)
        try:
            return found.by_types[kinds]
        except KeyError:
            return self.learn(value, found, kinds, table)
        except TypeError:
            raise HandOver from None  # something in the list of types has no hash, so it is no text

    def learn(self, value: JsonObject, found: Look, kinds: Any, table: Table) -> Look:
        """Find out about a node with these types, the contexts of which may take their time."""
        if self.types > MAX_TYPES:
            raise HandOver
        inner = _of_plan(value, Plan(table, kinds, value))
        table.keep(found.by_types, kinds, inner, value, kinds)
        return inner


def _make_look(value: JsonObject, table: Table) -> Look:
    """Find out about a node whose context has been applied."""
    for key in table.types:
        if key in value:
            kind = value[key].__class__
            if kind not in (str, list):
                raise HandOver
            return Look(types=key, of_one_type=kind is str)
    return _of_plan(value, Plan(table, None, value))


def _of_plan(value: JsonObject, plan: Plan) -> Look:
    name = plan.id_key
    if not plan.defined or (name is not None and value[name].__class__ is not str):
        raise HandOver
    inside: list[tuple[str, Below, bool]] = []
    texts: list[tuple[str, Table | None]] = []
    for key, term in plan.members:
        kind = value[key].__class__
        if kind not in MORE:
            continue
        if term.as_ == AS_JSON:
            texts.append((key, None))
            continue
        tables = plan.inside.below(key, term)
        if term.container == LANGUAGES and kind is dict:
            texts.append((key, tables.scalars))
        else:
            inside.append((key, tables, term.container == GRAPH))
    return Look(
        count=len(plan.tails),
        name=name,
        told=name if len(value) > 1 else None,
        inside=inside,
        texts=texts,
    )


def _check_texts(value: JsonObject, found: Look) -> None:
    for key, table in found.texts:
        if table is None:
            _check_json(value[key])
        else:
            _check_languages(value[key], table)


def _check_languages(value: JsonObject, table: Table) -> None:
    """Look at a language map as the fast route does, without its texts, which may say anything."""
    mappings = table.active["mappings"]
    for language, texts in value.items():
        if language in mappings or (language != "@none" and LANGUAGE.fullmatch(language) is None):
            raise HandOver
        if texts.__class__ is str:
            continue
        for text in texts if texts.__class__ is list else [texts]:
            if text.__class__ is not str and text is not None:
                raise HandOver


def _check_json(value: Any) -> None:
    """Keywords, and what looks like them, are refused in JSON literals, too."""
    if value.__class__ is dict:
        for key, item in value.items():
            if key[:1] == "@":
                raise HandOver
            if item.__class__ in MORE:
                _check_json(item)
    else:
        for item in value:
            if item.__class__ in MORE:
                _check_json(item)
