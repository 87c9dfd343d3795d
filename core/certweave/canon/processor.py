"""pyld's processor, with what it lacks: it tells what it drops, and it keeps the base direction of a context.

Imported on first use only, as pyld is, by ``canon.jsonld``; every call runs behind the lock of that module.
"""

from typing import Any

from pyld.jsonld import JsonLdProcessor

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError


class Processor(JsonLdProcessor):  # type: ignore[misc]
    """JSON-LD 1.1 expansion as the standard has it, nulls and all."""

    def _clone_active_context(self, active_ctx: Any) -> Any:
        child = super()._clone_active_context(active_ctx)
        # The library forgets it, and a later context would leave texts without their direction.
        if "@direction" in active_ctx:
            child["@direction"] = active_ctx["@direction"]
        return child


class LosslessProcessor(Processor):
    """The same, refusing what expansion drops (Data Integrity 1.0, "Securing Data Losslessly")."""

    def __init__(self, document: JsonObject) -> None:
        super().__init__(on_property_dropped=self._refuse)
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

    def _refuse(self, name: str | None) -> None:
        path = _only_place(self.document, name) if name is not None else None
        what = "a member" if name is None else f"the member {name[:80]!r}"
        raise InvalidError(f"{what} stands for nothing under these contexts", code="term_unknown", path=path)


def make_processor(document: JsonObject, *, lossless: bool) -> Processor:
    """Return a processor for one document."""
    return LosslessProcessor(document) if lossless else Processor()


def _only_place(document: JsonObject, name: str) -> str | None:
    """Return where a member of that name stands, or None where there are several."""
    places: list[str] = []
    waiting: list[tuple[str, Any]] = [("", document)]
    while waiting:
        path, value = waiting.pop()
        if isinstance(value, dict):
            places += [join(path, key) for key in value if key == name]
            waiting += [(join(path, key), item) for key, item in value.items() if key != "@context"]
        elif isinstance(value, list):
            waiting += [(join(path, at), item) for at, item in enumerate(value)]
    return places[0] if len(places) == 1 else None
