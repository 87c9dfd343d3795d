"""What a schema costs, counted before it is applied: references that multiply, patterns, long enumerations.

A schema of a few lines can make a validator work for hours, because what a ``$ref`` leads to is applied again
at every place that names it. So the schema is first walked along the document, and each application counted.
The count is an upper bound: both branches of a choice count, whether or not they would be taken. References
are resolved as in JSON Schema Core 2020-12 §8 and §9 (https://json-schema.org/draft/2020-12/json-schema-core),
with ``$recursiveRef`` and the anchors of the older drafts. Nothing is judged here.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote, urldefrag, urljoin

from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, UndecidedError, UnsupportedError
from certweave.limits import Limits

_HERE_ONE: Final = ("not", "if", "then", "else")
_HERE_LIST: Final = ("allOf", "anyOf", "oneOf")
_HERE_MAP: Final = ("dependentSchemas", "dependencies")
_REFERENCES: Final = ("$ref", "$dynamicRef", "$recursiveRef")
_MEMBERS: Final = ("additionalProperties", "unevaluatedProperties")
_ITEMS: Final = ("items", "additionalItems", "unevaluatedItems", "contains")
PATTERN_STEPS: Final = 200
"""Compiling a pattern takes as long as about so many applications."""
MAX_CHAIN: Final = 200
"""Schemas that apply to one value because each names the next. Honest chains have three or four."""
MAX_DOCUMENTS: Final = 16
"""Schemas that one refers to, and those to others. Honest ones refer to two or three."""


@dataclass(slots=True)
class SchemaSet:
    """A schema and what it refers to, by URL, with every subschema's base.

    ``old`` says that it is of draft 7, where nothing beside a ``$ref`` counts, a ``$id`` neither (§8.3).
    ``load`` answers for a URL that the schema names, and is asked once for each. ``documents`` then holds all
    of them, ``drafts`` every value of ``$schema``, ``patterns`` how many patterns there are.

    Raises:
        UnsupportedError: a reference that leads nowhere, or to what is not fetched; two parts of one name.
        UndecidedError: what ``load`` raises; more than ``MAX_DOCUMENTS``.
    """

    url: str
    root: JsonObject
    old: bool
    load: Callable[[str], JsonObject]
    documents: dict[str, JsonObject] = field(default_factory=dict)
    drafts: set[str] = field(default_factory=set)
    patterns: int = 0
    _referring: list[JsonObject] = field(default_factory=list)
    _resources: dict[str, Any] = field(default_factory=dict)
    _anchors: dict[tuple[str, str], Any] = field(default_factory=dict)
    _dynamic: dict[str, list[Any]] = field(default_factory=dict)
    _bases: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Take up the schema, and all that it refers to."""
        self._add(_resolve(self.url, "")[0], self.root)
        while self._referring:
            for _ in self.targets(self._referring.pop()):
                pass

    def targets(self, schema: JsonObject) -> Iterator[Any]:
        """Yield the schemas that the references of ``schema`` lead to; of a dynamic one, all possible."""
        for name in _REFERENCES:
            reference = schema.get(name)
            if not isinstance(reference, str):
                continue
            yield self._find(reference, self._bases.get(id(schema), self.url))
            if name != "$ref":
                yield from self._dynamic.get(reference.rpartition("#")[2], ())

    def _find(self, reference: str, base: str) -> Any:
        url, fragment = _resolve(base, reference)
        if url not in self._resources:
            if len(self.documents) > MAX_DOCUMENTS:
                detail = f"the schema refers to more than {MAX_DOCUMENTS} others"
                raise UndecidedError(detail, code="limit_schemas", cause=Cause.LIMIT)
            if not url.startswith("https://") or url.startswith("https://json-schema.org/"):
                raise UnsupportedError(
                    f"the schema refers to what is not fetched: {url[:200]!a}", code="schema_reference"
                )
            self._add(url, self.load(url))
        found = self._resources[url]
        if fragment and not fragment.startswith("/"):
            found = self._anchors.get((url, fragment))
        else:
            for token in fragment.split("/")[1:]:
                found = _step(found, unquote(token).replace("~1", "/").replace("~0", "~"))
        if not isinstance(found, dict | bool):
            detail = f"a reference of the schema leads nowhere: {reference[:200]!a}"
            raise UnsupportedError(detail, code="schema_reference")
        return found

    def _add(self, url: str, document: JsonObject) -> None:
        self.documents[url] = document
        self._resources[url] = document
        todo: list[tuple[Any, str]] = [(document, url)]
        while todo:
            value, base = todo.pop()
            if isinstance(value, dict):
                base = self._note(value, base)
                todo.extend((item, base) for item in value.values())
            elif isinstance(value, list):
                todo.extend((item, base) for item in value)

    def _note(self, schema: JsonObject, base: str) -> str:
        """Note what a subschema declares; return its base."""
        named = schema.get("$id")
        if isinstance(named, str) and not (self.old and "$ref" in schema):
            url, fragment = _resolve(base, named)
            if fragment:  # an anchor, as draft 7 spells it
                _put(self._anchors, (url, fragment), schema)
            else:
                base = url
                _put(self._resources, base, schema)
        for name in ("$anchor", "$dynamicAnchor"):
            if isinstance(schema.get(name), str):
                _put(self._anchors, (base, schema[name]), schema)
        if isinstance(schema.get("$dynamicAnchor"), str):
            self._dynamic.setdefault(schema["$dynamicAnchor"], []).append(schema)
        if schema.get("$recursiveAnchor") is True:
            self._dynamic.setdefault("", []).append(schema)
        if isinstance(schema.get("$schema"), str):
            self.drafts.add(schema["$schema"])
        patterns = schema.get("patternProperties")
        self.patterns += ("pattern" in schema) + (len(patterns) if isinstance(patterns, dict) else 0)
        self._bases[id(schema)] = base
        if any(isinstance(schema.get(name), str) for name in _REFERENCES):
            self._referring.append(schema)
        return base


def check_work(document: JsonObject, schemas: SchemaSet, *, limits: Limits) -> None:
    """Check that holding ``document`` against the schema costs no more than ``limits.schema_work`` steps.

    Raises:
        UndecidedError: it would (``limit_schema_work``), or a referenced schema is missing.
        UnsupportedError: a reference that leads nowhere.
    """
    left = limits.schema_work - PATTERN_STEPS * schemas.patterns
    todo: list[tuple[Any, Any, frozenset[int]]] = [(schemas.root, document, frozenset())]
    while todo:
        schema, value, chain = todo.pop()
        if not isinstance(schema, dict) or id(schema) in chain:
            continue  # true, false, or a circle, which the validator cuts too
        left -= _cost(schema, value) + len(chain) // 8
        if left >= 0:
            here = [*_in_place(schema), *schemas.targets(schema)]
            # To know what was evaluated, a validator may look at everything in place a second time.
            again = 2 if "unevaluatedProperties" in schema or "unevaluatedItems" in schema else 1
            inner, before = chain | {id(schema)}, len(todo)
            todo.extend((part, value, inner) for part in here * again)
            todo.extend((part, child, frozenset()) for part, child in _children(schema, value))
            left -= len(todo) - before
        if left < 0 or len(chain) > MAX_CHAIN:
            detail = f"applying the schema takes more than {limits.schema_work} steps"
            raise UndecidedError(detail, code="limit_schema_work", cause=Cause.LIMIT)


def _put(known: dict[Any, Any], name: Any, schema: JsonObject) -> None:
    """Two parts of one name are refused: which of them a validator takes, we do not want to guess."""
    if known.setdefault(name, schema) is not schema:
        raise UnsupportedError(
            f"two parts of the schema have one name: {name!r:.200}", code="schema_reference"
        )


def _cost(schema: JsonObject, value: Any) -> int:
    """Return how many steps the keywords of one schema take on one value, without what they lead to."""
    steps = 1 + len(schema)
    for name in ("enum", "const"):
        if name in schema:
            steps += _size(schema[name])
    if "pattern" in schema and isinstance(value, str):
        steps += len(value) // 2
    patterns = schema.get("patternProperties")
    if isinstance(patterns, dict) and isinstance(value, dict):
        steps += len(patterns) * sum(1 + len(name) // 2 for name in value)
    if isinstance(value, list) and ("uniqueItems" in schema or "contains" in schema):
        steps += len(value)
    required = schema.get("required")
    return steps + (len(required) if isinstance(required, list) else 0)


def _size(value: Any) -> int:
    count, todo = 0, [value]
    while todo:
        part = todo.pop()
        count += 1
        if isinstance(part, dict):
            todo.extend(part.values())
        elif isinstance(part, list):
            todo.extend(part)
    return count


def _in_place(schema: JsonObject) -> Iterator[Any]:
    """Yield the subschemas that apply to the same value (JSON Schema Core §10.2)."""
    for name in _HERE_ONE:
        if name in schema:
            yield schema[name]
    for name in _HERE_LIST:
        if isinstance(schema.get(name), list):
            yield from schema[name]
    for name in _HERE_MAP:
        if isinstance(schema.get(name), dict):
            yield from schema[name].values()


def _children(schema: JsonObject, value: Any) -> Iterator[tuple[Any, Any]]:
    """Yield the subschemas that apply to members, names and items, each with its value (§10.3)."""
    if isinstance(value, dict):
        yield from _of_members(schema, value)
    elif isinstance(value, list):
        lists = [schema[name] for name in ("prefixItems", "items") if isinstance(schema.get(name), list)]
        for listed in lists:
            yield from zip(listed, value, strict=False)
        for name in _ITEMS:
            if isinstance(schema.get(name), dict):
                yield from ((schema[name], item) for item in value)


def _of_members(schema: JsonObject, value: JsonObject) -> Iterator[tuple[Any, Any]]:
    properties, patterns = schema.get("properties"), schema.get("patternProperties")
    if isinstance(properties, dict):
        yield from ((properties[name], value[name]) for name in value if name in properties)
    if isinstance(patterns, dict):
        yield from ((part, child) for part in patterns.values() for child in value.values())
    for name in _MEMBERS:
        if isinstance(schema.get(name), dict):
            yield from ((schema[name], child) for child in value.values())
    if isinstance(schema.get("propertyNames"), dict):
        yield from ((schema["propertyNames"], name) for name in value)


def _resolve(base: str, reference: str) -> tuple[str, str]:
    """Return the URL and the fragment that a reference leads to, from where it stands."""
    try:
        target = base + reference if reference.startswith("#") else urljoin(base, reference)
        url, fragment = urldefrag(target)
    except ValueError:
        detail = f"the schema holds a URL that cannot be read: {reference[:200] or base[:200]!a}"
        raise UnsupportedError(detail, code="schema_reference") from None
    return url, fragment


def _step(value: Any, token: str) -> Any:
    """One step of a JSON Pointer (RFC 6901 §4); None where it leads nowhere."""
    if isinstance(value, dict):
        return value.get(token)
    if isinstance(value, list) and token.isascii() and token.isdigit() and int(token[:9]) < len(value):
        return value[int(token[:9])]
    return None
