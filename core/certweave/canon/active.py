"""Context processing for contexts of the usual kind, without the library.

JSON-LD 1.1 API §4.1 and §4.2, https://www.w3.org/TR/json-ld11-api/#context-processing-algorithms. Done here:
terms for IRIs, in full, with a prefix or in a vocabulary, with their type, container, protection and scoped
context; almost all that pinned contexts have. Everything else, errors included, is handed over to pyld
(``canon.jsonld``), whose loading takes longer than all the rest of a verification. An active context has the
form that pyld gives it, so that either can go on from what the other made.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from certweave.canon.jsonld import Contexts
from certweave.canon.keywords import KEYWORDS
from certweave.canon.term import CONTAINERS, HandOver
from certweave.encoding.strict_json import JsonObject

Active = Mapping[str, Any]
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S*")
_VOCABULARY: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*")
_KEPT: Final = ("@base", "@direction", "@language", "@vocab", "previousContext", "processingMode")
_ENTRIES: Final = frozenset(("@id", "@type", "@container", "@context", "@protected"))
_TYPES: Final = frozenset(("@id", "@vocab", "@json", "@none"))


def initial_context() -> Active:
    """Return the active context before any other."""
    return {"processingMode": "json-ld-1.1", "mappings": {}}


def apply_context(
    active: Active, local: Any, *, contexts: Contexts, override: bool = False, propagate: bool = True
) -> Active:
    """§4.1.2: return the active context that a local one makes out of another.

    ``override`` lets protected terms be redefined, as a property's own context may; without ``propagate``
    the result knows what came before it, for the nodes below.

    Raises:
        HandOver: there is something in it that is not treated here.
        CertweaveError: as ``Contexts.get``.
    """
    return _apply(active, local, contexts, set(), override=override, propagate=propagate)


def _apply(
    active: Active, local: Any, contexts: Contexts, seen: set[str], *, override: bool, propagate: bool = True
) -> Active:
    found = active
    if not propagate and not active.get("previousContext"):
        # Step 3.
        found = {**_copy(active), "previousContext": active}
    for context in _resolve(local, contexts):
        found = _Definitions(found, context, contexts, seen).add_all(override=override)
    return found


def _resolve(local: Any, contexts: Contexts) -> list[JsonObject]:
    """Steps 4 and 5.2: return the contexts that are written there, or named by their URLs."""
    items = local if isinstance(local, list) else [local]
    if not items:
        raise HandOver
    return [_plain(_at(item, contexts) if isinstance(item, str) else item) for item in items]


def _at(url: str, contexts: Contexts) -> Any:
    """Return the context that a URL names."""
    if not contexts.knows(url):
        raise HandOver
    return contexts.get(url).get("@context")


def _plain(context: Any) -> JsonObject:
    """Refuse what is no context, and entries that change more than terms."""
    if not isinstance(context, dict):
        raise HandOver
    for key, value in context.items():
        if key.startswith("@") and not _is_usual(key, value):
            raise HandOver
    return context


def _is_usual(key: str, value: Any) -> bool:
    if key == "@vocab":
        return isinstance(value, str) and _VOCABULARY.fullmatch(value) is not None
    return (key == "@protected" and value is True) or (key == "@version" and value == 1.1)


def _copy(active: Active) -> dict[str, Any]:
    kept = {key: active[key] for key in _KEPT if key in active}
    return {**kept, "mappings": dict(active["mappings"])}


class _Definitions:
    """The term definitions of one context, as they are added to a copy of the active one."""

    def __init__(self, active: Active, local: JsonObject, contexts: Contexts, seen: set[str]) -> None:
        self.active = _copy(active)
        self.mappings: dict[str, Any] = self.active["mappings"]
        self.local = local
        self.contexts = contexts
        self.seen = seen
        """URLs of scoped contexts that were tried: each need be tried but once."""
        self.protected = "@protected" in local
        self.defined: dict[str, bool] = {}
        """Terms of this context: False while one is being defined."""

    def add_all(self, *, override: bool) -> Active:
        """Steps 5.8 and 5.13: add the vocabulary and every term."""
        vocabulary = self.local.get("@vocab")
        if vocabulary is not None:
            if vocabulary in self.mappings:
                raise HandOver
            self.active["@vocab"] = vocabulary
        for term, value in self.local.items():
            if term.startswith("@"):
                continue
            self.add(term, override=override)
            if isinstance(value, dict) and "@context" in value:
                self.try_scoped(value["@context"])
        return self.active

    def try_scoped(self, context: Any) -> None:
        """§4.2.2 step 21.3: apply a scoped context, only to see that it can be."""
        if context is None:
            return
        if isinstance(context, str):
            if context in self.seen:
                return
            self.seen.add(context)
        _apply(self.active, context, self.contexts, self.seen, override=True)

    def add(self, term: str, *, override: bool = False) -> None:
        """§4.2.2: create a term definition."""
        if self.defined.get(term, False):
            return
        if term in self.defined or not term or ":" in term or "/" in term or term.startswith("@"):
            raise HandOver
        self.defined[term] = False
        before = self.mappings.pop(term, None)
        written = self.local[term]
        value = {"@id": written} if isinstance(written, str) else written
        if not isinstance(value, dict) or not value.keys() <= _ENTRIES:
            raise HandOver
        iri = self.iri_of(term, value)
        mapping = {
            "reverse": False,
            "protected": self.is_protected(value),
            # Step 14.2.5: only what is written as a text is a prefix, and only where it ends like one.
            "_prefix": isinstance(written, str) and written != term and iri[-1] in ":/?#[]@",
            "_term_has_colon": False,
            "@id": iri,
        }
        if "@type" in value:
            mapping["@type"] = self.type_of(value["@type"])
        if "@container" in value:
            mapping["@container"] = _container(value["@container"])
        if "@context" in value:
            # As pyld has it: one that takes all terms away is kept as False.
            mapping["@context"] = False if value["@context"] is None else value["@context"]
        if before and before["protected"] and not override:
            # Step 27: a protected term stays as it is.
            if before != {**mapping, "protected": True}:
                raise HandOver
            mapping["protected"] = True
        self.mappings[term] = mapping
        self.defined[term] = True

    def is_protected(self, value: JsonObject) -> bool:
        """Steps 6 and 7: whether a term is protected, by its own word or by the context's."""
        told = value.get("@protected", self.protected)
        if not isinstance(told, bool):
            raise HandOver
        return told

    def iri_of(self, term: str, value: JsonObject) -> str:
        """Steps 14 and 17: what a term stands for: an IRI, or a keyword."""
        written = value.get("@id", term)
        if written == term:
            if "@vocab" not in self.active:
                raise HandOver
            return f"{self.active['@vocab']}{term}"
        iri = self.expand(written)
        if iri in ("@context", "@preserve") or (iri not in KEYWORDS and _IRI.fullmatch(iri) is None):
            raise HandOver
        return iri

    def type_of(self, written: Any) -> str:
        """Step 12: the type of a term's values."""
        if isinstance(written, str) and written in _TYPES:
            return written
        iri = self.expand(written)
        if _IRI.fullmatch(iri) is None:
            raise HandOver
        return iri

    def expand(self, written: Any) -> str:
        """IRI Expansion (§5.2.2) while a context is being processed."""
        if not isinstance(written, str):
            raise HandOver
        if written in KEYWORDS:
            return written
        if written.startswith("@"):
            raise HandOver
        self.need(written)
        if written in self.mappings:
            return self.known(written)
        prefix, colon, rest = written.partition(":")
        if not colon or not prefix or prefix == "_":
            # Relative to a vocabulary or to a base, or a blank node.
            raise HandOver
        if rest.startswith("//"):
            return written
        self.need(prefix)
        if prefix in self.mappings and self.mappings[prefix]["_prefix"]:
            return f"{self.known(prefix)}{rest}"
        return written

    def need(self, term: str) -> None:
        """Define a term first that another one builds on."""
        if term in self.local and not self.defined.get(term, False):
            self.add(term)

    def known(self, term: str) -> str:
        """Return what a term stands for that is defined."""
        iri = self.mappings[term]["@id"]
        if not isinstance(iri, str):
            raise HandOver
        return iri


def _container(written: Any) -> list[Any]:
    """Step 19: the containers of a term's values."""
    found = written if isinstance(written, list) else [written]
    if not all(isinstance(item, str) for item in found) or len(set(found)) < len(found):
        raise HandOver
    if frozenset(found) not in CONTAINERS:
        raise HandOver
    return found
