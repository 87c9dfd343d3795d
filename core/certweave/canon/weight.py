"""How much work the contexts of a document ask for, before any of it is done.

JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/#the-context) lets a document name contexts, and define terms, at
every object; here they are counted, not read.
"""

from collections.abc import Iterator
from typing import Any

from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, UndecidedError

MAX_CONTEXTS = 64
"""In one document, nested ones included. A certificate has about three."""
MAX_CONTEXT_WORK = 100_000
"""Objects times terms defined inline. A certificate has some hundred objects and rarely a term of its own."""
_WEIGHT_OF_URL = 300
"""Terms of a published context."""
_NAMING = frozenset(("@context", "@import"))
MORE = frozenset((dict, list))
"""What a parsed document is made of, beside texts, numbers and constants."""
MAX_TYPES = 1_000
"""Names of types in one document: each may bring terms of its own, which takes up to a millisecond."""


def check_context_weight(document: JsonObject) -> None:
    """Refuse contexts that cost more than those of any honest document.

    Reading one takes about a millisecond; one that is written inside the document is taken up again at the
    nodes it governs, so the work grows with both.

    Raises:
        UndecidedError: ``limit_contexts`` (cause ``limit``).
    """
    contexts, nodes, weight = _weigh_contexts(document)
    if contexts > MAX_CONTEXTS or nodes * weight > MAX_CONTEXT_WORK:
        detail = f"the contexts of the document cost too much: {contexts}, over {nodes} objects"
        raise UndecidedError(detail, code="limit_contexts", cause=Cause.LIMIT, path="/@context")


def _weigh_contexts(document: JsonObject) -> tuple[int, int, int]:
    """Return how many contexts are named, how many objects there are, and how much is defined inline."""
    contexts = nodes = weight = 0
    waiting: list[tuple[Any, bool]] = [(document, False)]
    while waiting:
        value, inside = waiting.pop()
        if value.__class__ is list:
            waiting += [(item, inside) for item in value if item.__class__ in MORE]
            continue
        nodes += not inside
        weight += len(value) if inside else 0
        if not inside and "@context" not in value:
            waiting += [(item, False) for item in value.values() if item.__class__ in MORE]
            continue
        for name in _NAMING & value.keys():
            item = value[name]
            named = [one for one in (item if item.__class__ is list else [item]) if one is not None]
            contexts += len(named)
            weight += _WEIGHT_OF_URL * sum(isinstance(one, str) for one in named) if inside else 0
        waiting += [
            (item, inside or name == "@context") for name, item in value.items() if item.__class__ in MORE
        ]
    return contexts, nodes, weight


def check_type_weight(document: JsonObject) -> None:
    """Refuse more names of types than expansion has time for.

    Raises:
        UndecidedError: ``limit_types`` (cause ``limit``).
    """
    contexts = [one["@context"] for one in _objects(document) if "@context" in one]
    aliases = {"type", "@type"} | {name for one in _objects(contexts) for name in _aliases(one)}
    count = 0
    for one in _objects(document):
        for name in aliases & one.keys():
            value = one[name]
            count += len(value) if isinstance(value, list) else 1
    if count > MAX_TYPES:
        detail = f"the document names more than {MAX_TYPES} types, one for each time"
        raise UndecidedError(detail, code="limit_types", cause=Cause.LIMIT)


def _aliases(context: JsonObject) -> Iterator[str]:
    """Yield the terms that may be other names of ``@type``, be it by way of each other: a few too many."""
    for name, definition in context.items():
        meaning = definition.get("@id") if isinstance(definition, dict) else definition
        if isinstance(meaning, str) and ":" not in meaning:
            yield name


def _objects(value: Any) -> Iterator[JsonObject]:
    waiting = [value]
    while waiting:
        found = waiting.pop()
        if isinstance(found, dict):
            yield found
            waiting += [item for item in found.values() if isinstance(item, dict | list)]
        else:
            waiting += [item for item in found if isinstance(item, dict | list)]
