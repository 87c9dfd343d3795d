"""What a name in JSON-LD means, as the fast route reads it: a role, and what becomes of values.

Worked out by ``canon.compiled`` from what pyld makes of contexts; nothing here decides anything.
"""

import json
from collections.abc import Mapping
from typing import Any, Final

from certweave.canon.keywords import KEYWORDS
from certweave.canon.literals import is_absolute_iri, text_literal, typed_literal

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
CONTAINERS = {
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
        "simple",
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
        self.simple = role == PROPERTY
        """Whether a number there becomes a literal with nothing more to look at."""
        self.plain = role == PROPERTY
        """Whether a string there becomes a literal with nothing more to look at."""


HARD_TERM: Final = Term(HARD)


def make_term(name: str, active: Any, prefixes: Mapping[str, str]) -> Term:
    """Return what a name means in an active context of pyld (IRI Expansion, JSON-LD API §5.2.2).

    Raises:
        HandOver, InvalidError: only the slow route can say.
    """
    if name in KEYWORDS:
        return Term(_ROLES.get(name, HARD))
    if name.startswith("@"):
        return HARD_TERM
    mapping = active["mappings"].get(name)
    if mapping is None:
        iri, mapping = _undefined(name, active, prefixes), {}
    else:
        iri = mapping["@id"]
    if iri in KEYWORDS:
        term = Term(_ROLES.get(iri, HARD))
        term.defined = True
        return term
    if iri is None or not is_absolute_iri(iri) or not mapping.keys() <= _EASY or mapping.get("reverse"):
        return HARD_TERM
    term = Term(PROPERTY, iri)
    term.defined = bool(mapping)
    _coerce(term, mapping, active)
    return term


def expand_iri(text: str, prefixes: Mapping[str, str]) -> str:
    """Return the IRI in angle brackets that a reference stands for: absolute, or with a prefix.

    Raises:
        HandOver: where it is relative, a blank node, a keyword, or what N-Quads cannot hold.
    """
    colon = text.find(":")
    if colon > 0:
        if not text.startswith("//", colon + 1):
            found = prefixes.get(text[:colon])
            if found is not None:
                text = found + text[colon + 1 :]
        if is_absolute_iri(text):
            return f"<{text}>"
    raise HandOver


def _undefined(name: str, active: Any, prefixes: Mapping[str, str]) -> str:
    if ":" in name:
        return expand_iri(name, prefixes)[1:-1]
    if "@vocab" not in active:
        raise HandOver
    vocabulary: str = active["@vocab"]
    return vocabulary + name


def _coerce(term: Term, mapping: Any, active: Any) -> None:
    """What the definition, or the context where it is silent, makes of values."""
    kind = mapping.get("@type")
    language = mapping.get("@language", active.get("@language"))
    term.direction = mapping.get("@direction", active.get("@direction"))
    if kind == "@id":
        term.as_ = AS_ID
    elif kind == "@vocab":
        term.as_ = AS_VOCAB
    elif kind == "@json":
        term.as_ = AS_JSON
    elif kind is None or kind == "@none":
        term.suffix = text_literal("", language, term.direction)[2:]
    elif is_absolute_iri(kind):
        term.datatype = kind
        term.suffix = typed_literal("", kind)[2:]
    else:
        raise HandOver
    container = mapping.get("@container") or ()
    term.container = CONTAINERS.get(frozenset(container), HARD)
    if term.container == HARD or (term.as_ == AS_JSON and term.container != ONE):
        raise HandOver
    term.scoped = "@context" in mapping
    if term.scoped and (not mapping["@context"] or "@propagate" in json.dumps(mapping["@context"])):
        raise HandOver
    term.simple = term.as_ != AS_JSON and not term.scoped and term.container in (ONE, LANGUAGES)
    term.plain = term.simple and term.as_ == AS_TEXT
