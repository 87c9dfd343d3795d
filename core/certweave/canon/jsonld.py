"""JSON-LD 1.1 expansion, by the pyld library, over pinned contexts only.

https://www.w3.org/TR/json-ld11-api/#expansion. The one module that knows pyld: it is imported on first use
(it takes long, and most verifications never need it), it runs behind one lock (its caches are not safe to
share), and it is always given our loader, which answers from memory or not at all.
"""

import copy
import threading
from collections import OrderedDict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

from certweave.canon.keywords import is_look_alike
from certweave.canon.literals import NO_BASE
from certweave.canon.places import find_only_place, fits
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, InvalidError, UndecidedError

_LOCK = threading.Lock()
_STORES_KEPT = 4
CONTEXTS_TOLD = 8
"""Up to which an error names the context that caused it, by trying one after the other. Honest documents have
two or three.
"""
_CACHES: OrderedDict[str, Any] = OrderedDict()


class Contexts(Protocol):
    """Where contexts come from: the ContextStore of ``credential.contexts``."""

    @property
    def digest(self) -> str:
        """One digest over all contexts: what is cached for it holds for every store that has it."""

    def knows(self, url: str) -> bool:
        """Tell whether a context is at hand."""

    def get(self, url: str) -> JsonObject:
        """Return a context document, or raise."""


def expand(document: JsonObject, *, contexts: Contexts) -> list[JsonObject]:
    """Return the expanded form of a document. A relative IRI stays relative: there is no base.

    Raises:
        UndecidedError: ``context_unpinned`` with its place, where a context is not at hand.
        InvalidError: ``jsonld`` where the document or a context breaks JSON-LD, for instance by redefining
            a protected term.
    """
    with _LOCK:
        return [_without_base(node) for node in _run(document, contexts, lossless=False)]


def expand_losslessly(document: JsonObject, *, contexts: Contexts) -> list[JsonObject]:
    """Return the expanded form of a document, or refuse it where expansion drops anything that is no null.

    A relative IRI starts with ``NO_BASE``: the caller refuses it, and with it one that was written so.

    Raises:
        InvalidError: ``term_unknown`` for a member that stands for nothing (``path`` where the name occurs
            but once), ``jsonld_dropped`` for a value that says nothing where it stands; and as ``expand``.
        UndecidedError: as ``expand``.
    """
    with _LOCK:
        return _run(document, contexts, lossless=True)


def expand_types(names: tuple[str, ...], context: Any, *, contexts: Contexts) -> tuple[str, ...]:
    """Return the IRIs for which type names stand under a ``@context``.

    Raises:
        UndecidedError, InvalidError: as ``expand``; ``type_unknown`` where a name stands for no absolute IRI.
    """
    expanded = expand({"@context": context, "@type": list(names)}, contexts=contexts)
    found = tuple(expanded[0].get("@type", ())) if expanded else ()
    if len(found) != len(names) or not all(":" in iri for iri in found):
        raise InvalidError("a type stands for no IRI under these contexts", code="type_unknown")
    return found


def process_context(
    active: Any, local: Any, *, contexts: Contexts, override_protected: bool = False, propagate: bool = True
) -> Any:
    """Return the active context that a local one makes out of another (JSON-LD API §4.1.2).

    Raises:
        InvalidError, UndecidedError: as ``expand``.
    """
    with _LOCK, _own_errors():
        _check_tree({"@context": local}, contexts, "", in_context=False)
        processor = _processor(contexts)
        return processor._process_context(
            active, copy.deepcopy(local), processor.options(NO_BASE), override_protected, propagate
        )


def _check_tree(value: Any, contexts: Contexts, path: str, *, in_context: bool) -> None:
    """Check that every context URL is at hand, and that nothing looks like a keyword without being one.

    JSON-LD ignores such look-alikes (JSON-LD 1.1 §4.1); what is signed and ignored is refused here.
    """
    if isinstance(value, list):
        for number, item in enumerate(value):
            _check_tree(item, contexts, join(path, number), in_context=in_context)
    elif isinstance(value, dict):
        for key, item in value.items():
            place = join(path, key)
            _check_keyword(key, place)
            if key in ("@context", "@import"):
                _check_context_value(item, contexts, place)
            _check_tree(item, contexts, place, in_context=in_context or key == "@context")
    elif in_context and isinstance(value, str):
        _check_keyword(value, path)


def _check_keyword(text: str, path: str) -> None:
    if is_look_alike(text):
        raise InvalidError(f"{text!r} is no keyword of JSON-LD", code="jsonld", path=path)


def _check_context_value(value: Any, contexts: Contexts, path: str) -> None:
    items = [(path, value)]
    if isinstance(value, list):
        items = [(join(path, number), item) for number, item in enumerate(value)]
    for place, item in items:
        if isinstance(item, str) and not contexts.knows(item):
            raise UndecidedError(
                f"the context {item} is not pinned here",
                code="context_unpinned",
                path=place,
                cause=Cause.UNSUPPORTED,
            )


def _run(document: JsonObject, contexts: Contexts, *, lossless: bool) -> list[JsonObject]:
    processor = _processor(contexts, document if lossless else None)
    try:
        with _own_errors():
            _check_tree(document, contexts, "", in_context=False)
            expanded: list[JsonObject] = processor.expand(document, processor.options(NO_BASE))
    except InvalidError as error:
        if error.path is None and error.code == "jsonld":
            error.path = _find_broken_context(document, contexts) or find_only_place(
                document, fits(error.detail)
            )
        raise
    return expanded


def _find_broken_context(document: JsonObject, contexts: Contexts) -> str | None:
    """Return the place of the first context at the top that breaks JSON-LD, None where all hold."""
    listed = document.get("@context")
    items = listed if isinstance(listed, list) else [listed]
    for number in range(len(items[:CONTEXTS_TOLD])):
        try:
            with _own_errors():
                processor = _processor(contexts)
                processor.expand({"@context": items[: number + 1]}, processor.options(NO_BASE))
        except InvalidError:
            return join("/@context", number) if isinstance(listed, list) else "/@context"
    return None


@contextmanager
def _own_errors() -> Iterator[None]:
    """Turn the errors of pyld into ours."""
    from pyld import jsonld

    try:
        yield
    except CertweaveError:
        raise
    except jsonld.JsonLdError as error:
        raise InvalidError(f"JSON-LD says no: {error.code or type(error).__name__}", code="jsonld") from error
    except RecursionError as error:
        raise UndecidedError("the document nests too deep", code="limit_depth", cause=Cause.LIMIT) from error
    except (TypeError, ValueError, KeyError, IndexError, AttributeError) as error:
        # The library stumbles over some malformed input before it can say what is wrong with it.
        raise InvalidError("the document is not JSON-LD", code="jsonld") from error


def _without_base(value: Any) -> Any:
    """Return expanded JSON-LD with the IRIs that were relative as they were."""
    if isinstance(value, str):
        return value.removeprefix(NO_BASE)
    if isinstance(value, list):
        return [_without_base(item) for item in value]
    if isinstance(value, dict):
        return {
            key.removeprefix(NO_BASE): item if key == "@value" else _without_base(item)
            for key, item in value.items()
        }
    # A keyword that pyld lets stand at a place that is not its own, with whatever it holds.
    return value


def _processor(contexts: Contexts, lossless: JsonObject | None = None) -> Any:
    """Return a processor for one call: for that document without loss, where one is given."""
    from certweave.canon.processor import LosslessProcessor, Processor

    caches = _caches(contexts)
    return Processor(caches) if lossless is None else LosslessProcessor(caches, lossless)


def _caches(contexts: Contexts) -> Any:
    """Return what was kept of the contexts of a store; the one used longest ago is dropped."""
    from certweave.canon.processor import Caches

    if contexts.digest not in _CACHES:
        _CACHES[contexts.digest] = Caches(_loader(contexts))
        while len(_CACHES) > _STORES_KEPT:
            _CACHES.popitem(last=False)
    _CACHES.move_to_end(contexts.digest)
    return _CACHES[contexts.digest]


def _loader(contexts: Contexts) -> Callable[[str, Any], JsonObject]:
    def load(url: str, _options: Any = None) -> JsonObject:
        return {
            "contentType": "application/ld+json",
            "contextUrl": None,
            "documentUrl": url,
            # A copy, because the library writes into what it is given.
            "document": copy.deepcopy(contexts.get(url)),
            # "static" lets it keep what it has read; our pins never change.
            "tag": "static",
        }

    return load
