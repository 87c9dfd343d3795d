"""pyld's processor, mended where it is not the standard's, and able to say what it drops.

JSON-LD 1.1, https://www.w3.org/TR/json-ld11-api/#context-processing-algorithms. Imported on first use only,
as pyld is, by ``canon.jsonld``; every call runs behind the lock of that module. What pyld 3.3 does otherwise:

- it keeps a processed context by the contexts alone, so that one which a property may redefine (§4.1.2,
  "override protected") also served where nothing may be redefined: here the two have caches of their own;
- it writes what a document imports (``@import``) into the shared copy of the pinned context: here what is
  imported is put together first;
- it forgets the base direction of a context as soon as another follows;
- it stumbles over a context that takes back a vocabulary, language or direction which was never given;
- it takes ``"@protected": false``, the default, for a term that is just being defined: here it is left out of
  contexts that a document writes itself;
- it warns on standard error of terms in pinned contexts that look like keywords, or stand for what does: they
  are not defined here either, and nothing is said.
"""

from collections.abc import Callable
from typing import Any

from cachetools import LRUCache
from pyld.context_resolver import ContextResolver
from pyld.jsonld import JsonLdProcessor

from certweave.canon.keywords import is_look_alike
from certweave.canon.places import find_only_place
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError

_CONTEXTS_KEPT = 64
Loader = Callable[[str, Any], JsonObject]
"""pyld's document loader: URL and options to a remote document."""


class Caches:
    """What is kept of the contexts of one store, read once: plain, and where protected terms may give way."""

    def __init__(self, loader: Loader) -> None:
        self.loader = loader
        self.plain: Any = LRUCache(maxsize=_CONTEXTS_KEPT)
        self.overriding: Any = LRUCache(maxsize=_CONTEXTS_KEPT)


class _Active(dict[str, Any]):
    """An active context, of which also what it does not have can be taken back."""

    def __delitem__(self, name: str) -> None:
        self.pop(name, None)


class Processor(JsonLdProcessor):  # type: ignore[misc]
    """JSON-LD 1.1 expansion over the contexts of one store."""

    def __init__(self, caches: Caches, on_property_dropped: Callable[[Any], None] | None = None) -> None:
        super().__init__(on_property_dropped or _ignore)
        self.loader = caches.loader
        self.resolvers = (
            ContextResolver(caches.plain, caches.loader),
            ContextResolver(caches.overriding, caches.loader),
        )

    def options(self, base: str) -> JsonObject:
        """Return pyld's options for a document or a context."""
        return {
            "base": base,
            "documentLoader": self.loader,
            "contextResolver": self.resolvers[0],
            "processingMode": "json-ld-1.1",
            "isFrame": False,
            "keepFreeFloatingNodes": False,
        }

    def _process_context(
        self,
        active_ctx: Any,
        local_ctx: Any,
        options: Any,
        override_protected: bool = False,
        *args: Any,
        **more: Any,
    ) -> Any:
        options = {**options, "contextResolver": self.resolvers[override_protected]}
        local_ctx = self._with_imports(local_ctx)
        return super()._process_context(active_ctx, local_ctx, options, override_protected, *args, **more)

    def _create_term_definition(
        self, active_ctx: Any, local_ctx: Any, term: str, defined: Any, *args: Any, **more: Any
    ) -> None:
        value = local_ctx.get(term)
        meanings = (value.get("@id"), value.get("@reverse")) if isinstance(value, dict) else (value,)
        if any(map(is_look_alike, (term, *meanings))):
            defined[term] = True
            return
        super()._create_term_definition(active_ctx, local_ctx, term, defined, *args, **more)

    def _with_imports(self, context: Any) -> Any:
        if isinstance(context, list):
            return [self._with_imports(item) for item in context]
        if isinstance(context, dict) and "@import" in context:
            context = import_context(context, lambda url: self.loader(url, None)["document"])
        if isinstance(context, dict) and context.get("@protected") is False:
            return {name: value for name, value in context.items() if name != "@protected"}
        return context

    def _clone_active_context(self, active_ctx: Any) -> Any:
        child = _Active(super()._clone_active_context(active_ctx))
        if "@direction" in active_ctx:
            child["@direction"] = active_ctx["@direction"]
        return child


class LosslessProcessor(Processor):
    """The same, refusing what expansion drops (Data Integrity 1.0, "Securing Data Losslessly")."""

    def __init__(self, caches: Caches, document: JsonObject) -> None:
        super().__init__(caches, self._refuse)
        self.document = document

    def _expand(self, active_ctx: Any, active_property: Any, element: Any, options: Any, **more: Any) -> Any:
        expanded = super()._expand(active_ctx, active_property, element, options, **more)
        if expanded is None and element is not None:
            raise InvalidError("a value says nothing where it stands", code="jsonld_dropped")
        if (
            isinstance(expanded, list)
            and isinstance(element, dict)
            and len(element.keys() - {"@context"}) > 1
        ):
            # A set; what stood beside it was an index.
            raise InvalidError("an index has no form in RDF", code="jsonld_dropped")
        return expanded

    def _expand_iri(self, active_ctx: Any, value: Any, *args: Any, **more: Any) -> Any:
        if is_look_alike(value):
            raise InvalidError(f"{value!r} is no keyword of JSON-LD", code="jsonld")
        return super()._expand_iri(active_ctx, value, *args, **more)

    def _refuse(self, name: str | None) -> None:
        path = None
        if name is not None:
            path = find_only_place(self.document, lambda key, _: key == name)
        what = "a member" if name is None else f"the member {name[:80]!r}"
        raise InvalidError(f"{what} stands for nothing under these contexts", code="term_unknown", path=path)


def import_context(context: JsonObject, load: Callable[[str], JsonObject]) -> JsonObject:
    """Return a context with what it imports (§4.1.2 step 5.6): its own entries win.

    Raises:
        InvalidError: ``jsonld`` where what is imported is no single context, or imports itself.
        UndecidedError: as ``load``.
    """
    url = context["@import"]
    if not isinstance(url, str):
        raise InvalidError("a context imports one other, by its URL", code="jsonld")
    imported = load(url).get("@context")
    if not isinstance(imported, dict) or "@import" in imported:
        raise InvalidError(f"the context {url} cannot be imported", code="jsonld")
    return {**imported, **{key: value for key, value in context.items() if key != "@import"}}


def _ignore(_name: str | None) -> None:
    """Let a member be dropped."""
