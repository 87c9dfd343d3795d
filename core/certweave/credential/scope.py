"""Which terms are defined at a place of a JSON-LD document: JSON-LD 1.1 contexts, without the expansion.

https://www.w3.org/TR/json-ld11/#context-definitions. Follows type-scoped and property-scoped contexts, null
definitions and propagation, so that an undefined term is found with its place. It does not expand values and
does not enforce protection: that is ``canon.jsonld``.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from certweave.canon.keywords import KEYWORDS
from certweave.credential.contexts import ContextStore
from certweave.credential.untp.names import UNTP
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError

_NOT_TERMS = frozenset(
    ("@version", "@vocab", "@base", "@language", "@direction", "@protected", "@propagate", "@import")
)

_MEMBER_KEYWORDS = frozenset(("@context", "@value", "@language", "@direction", "@list"))


@dataclass(frozen=True, slots=True)
class Scope:
    """The terms defined at a place, and whether a vocabulary catches all others.

    UNTP's own fallback vocabularies do not count: under them a misspelt term would pass. ``sealed`` says that
    no node may bring a context of its own. ``previous`` is what holds again in the nodes inside, if that is
    something else.
    """

    terms: Mapping[str, Any] = field(default_factory=dict)
    vocabulary: bool = False
    sealed: bool = False
    previous: "Scope | None" = None

    def find(self, name: str) -> Any:
        """Return the definition of a term, or None where there is none or it is null."""
        return self.terms.get(name)

    def defines(self, name: str) -> bool:
        """Tell whether a name stands for something: a term, an absolute or compact IRI, a vocabulary term."""
        if name.startswith("@"):
            return name in KEYWORDS
        if name in self.terms:
            return self.terms[name] is not None
        return self.vocabulary or _is_iri(name, self)


def _is_iri(name: str, scope: Scope) -> bool:
    prefix, colon, rest = name.partition(":")
    if not colon or not prefix or not rest:
        return False
    return rest.startswith("//") or prefix in scope.terms or prefix in ("did", "urn")


def open_context(value: Any, scope: Scope, *, contexts: ContextStore) -> Scope:
    """Return the scope that a ``@context`` value makes out of another; the value is one that expansion takes.

    Raises:
        InvalidError: ``context_malformed``: the JSON-LD library takes false for an empty context.
        UndecidedError: ``context_unpinned``.
    """
    if value is None:
        return Scope(sealed=scope.sealed)
    if isinstance(value, list):
        for item in value:
            scope = open_context(item, scope, contexts=contexts)
        return scope
    if isinstance(value, str):
        return open_context(contexts.get(value).get("@context", {}), scope, contexts=contexts)
    if not isinstance(value, dict):
        raise InvalidError("a context is a URL or an object", code="context_malformed", path="/@context")
    if value.keys() == {"@context"}:
        # Looser than the text, as the JSON-LD libraries are: a context document where a context should stand.
        return open_context(value["@context"], scope, contexts=contexts)
    if "@import" in value:
        scope = open_context(value["@import"], scope, contexts=contexts)
    terms = {**scope.terms, **{key: item for key, item in value.items() if key not in _NOT_TERMS}}
    vocabulary = scope.vocabulary
    if "@vocab" in value:
        named = value["@vocab"]
        vocabulary = isinstance(named, str) and not named.startswith(UNTP)
    return Scope(terms, vocabulary, scope.sealed)


def enter_context(value: Any, scope: Scope, *, contexts: ContextStore, propagate: bool = True) -> Scope:
    """Do as ``open_context``, and keep what holds again further inside (JSON-LD API §4.1.2, steps 2, 3)."""
    if isinstance(value, dict):
        propagate = value.get("@propagate", propagate)
    inside = open_context(value, scope, contexts=contexts)
    previous = scope.previous or (None if propagate else scope)
    return Scope(inside.terms, inside.vocabulary, inside.sealed, previous)


def scoped_context(definition: Any) -> tuple[bool, Any]:
    """Return whether a term definition carries a context, and that context."""
    if isinstance(definition, dict) and "@context" in definition:
        return True, definition["@context"]
    return False, None


def names_of_types(node: JsonObject, scope: Scope) -> list[tuple[Any, str]]:
    """Return what a node has for types, with their places in it, under ``@type`` or an alias."""
    found: list[tuple[Any, str]] = []
    for key, value in node.items():
        if key != "@type" and not _aliases_type(scope.find(key)):
            continue
        if isinstance(value, list):
            found += [(name, join("", key, at)) for at, name in enumerate(value)]
        else:
            found.append((value, join("", key)))
    return found


def _aliases_type(definition: Any) -> bool:
    return definition == "@type" or (isinstance(definition, dict) and definition.get("@id") == "@type")


def with_types(names: Iterable[str], scope: Scope, *, contexts: ContextStore) -> Scope:
    """Return the scope inside a node of these types (JSON-LD API §5.1.2, step 11)."""
    inside = scope
    for name in sorted(names):
        scoped, value = scoped_context(scope.find(name))
        if scoped:
            inside = enter_context(value, inside, contexts=contexts, propagate=False)
    return inside


def check_node(node: Any, scope: Scope, path: str, *, contexts: ContextStore) -> None:
    """Check that every member and type of a node, and of all nodes inside it, is defined.

    Raises:
        InvalidError: ``term_unknown`` or ``type_unknown`` with the place.
        UndecidedError: ``context_unpinned``.
    """
    if isinstance(node, list):
        for number, item in enumerate(node):
            check_node(item, scope, join(path, number), contexts=contexts)
    if not isinstance(node, dict):
        return
    if "@context" in node:
        if scope.sealed:
            raise unknown_term("@context", path)
        scope = enter_context(node["@context"], scope, contexts=contexts)
    named = names_of_types(node, scope)
    for name, place in named:
        if not isinstance(name, str) or not (scope.defines(name) or "@value" in node):
            raise InvalidError(f"the type {name!r} is not defined", code="type_unknown", path=path + place)
    inside = with_types((name for name, _ in named), scope, contexts=contexts)
    for key, value in node.items():
        if not inside.defines(key) or (key.startswith("@") and not _is_plain_keyword(key, node)):
            raise unknown_term(key, path)
        if key not in ("@context", "@value"):  # a value may be JSON, which has no terms
            check_member(value, inside.find(key), inside, join(path, key), contexts=contexts)


def check_member(value: Any, definition: Any, scope: Scope, path: str, *, contexts: ContextStore) -> None:
    """Check what stands at a member, under the scope that its definition makes for it out of its node's."""
    scope = scope.previous or scope
    scoped, inner = scoped_context(definition)
    if scoped:
        scope = enter_context(inner, scope, contexts=contexts)
    if not isinstance(definition, dict):
        check_node(value, scope, path, contexts=contexts)
        return
    kinds = definition.get("@container") or ()
    kinds = kinds if isinstance(kinds, (list, tuple)) else (kinds,)
    if definition.get("@type") == "@json" or "@language" in kinds:
        return
    maps = {"@index", "@id", "@type"} & {kind for kind in kinds if isinstance(kind, str)}
    if maps and isinstance(value, dict):
        for key, item in value.items():
            check_node(item, scope, join(path, key), contexts=contexts)
        return
    check_node(value, scope, path, contexts=contexts)


def _is_plain_keyword(key: str, node: JsonObject) -> bool:
    """Tell whether a keyword may be a member."""
    # Others, such as @id and @graph, would name or hide parties where the rules for id, issuer and
    # credentialSubject do not look.
    return key in _MEMBER_KEYWORDS or (key == "@type" and "@value" in node)


def unknown_term(name: str, path: str) -> InvalidError:
    """Return the error for a member that nothing defines."""
    place = join(path, name)
    return InvalidError(f"the member {place} is not defined", code="term_unknown", path=place)
