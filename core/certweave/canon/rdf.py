"""JSON-LD to RDF to canonical N-Quads: what the RDF cryptosuites sign.

JSON-LD 1.1 (https://www.w3.org/TR/json-ld11-api/#deserialize-json-ld-to-rdf-algorithm), without a base URL
and losslessly (Data Integrity 1.0, "Securing Data Losslessly"), then RDFC-1.0 (``canon.rdfc``).
"""

from certweave.canon.expanded import quads_of_expanded
from certweave.canon.fast import find_statements
from certweave.canon.jsonld import Contexts, expand_losslessly
from certweave.canon.nquads import Quad
from certweave.canon.places import Fits, find_only_place, fits
from certweave.canon.rdfc import Canonical, Hash, canonicalize
from certweave.canon.weight import check_context_weight, check_type_weight
from certweave.encoding.strict_json import MAX_INTEGER, JsonObject
from certweave.errors import Cause, InvalidError, UndecidedError
from certweave.limits import Limits

__all__ = ["Canonical", "Hash", "Quad", "canonical_form", "to_quads"]


def to_quads(document: JsonObject, *, contexts: Contexts, limits: Limits) -> list[Quad]:
    """Return the statements of a document; the order and the names of blank nodes mean nothing.

    Raises:
        InvalidError: what JSON-LD would drop, or what readers take differently: ``term_unknown``,
            ``type_unknown``, ``iri_not_absolute``, ``jsonld_dropped``, ``language_malformed``,
            ``number_range``; ``jsonld`` for what breaks JSON-LD.
        MalformedError: ``jcs_domain`` for a JSON literal that has no canonical form.
        UndecidedError: ``context_unpinned``; ``limit_contexts``, ``limit_types``, ``limit_depth``.
    """
    found = find_statements(document, contexts=contexts)
    return to_quads_slowly(document, contexts=contexts) if found is None else found.quads()


def check_statements(document: JsonObject, *, contexts: Contexts) -> None:
    """Check that a document can be stated without loss; raises as ``to_quads``."""
    if find_statements(document, contexts=contexts) is None:
        to_quads_slowly(document, contexts=contexts)


def to_quads_slowly(document: JsonObject, *, contexts: Contexts) -> list[Quad]:
    """Return the same, raise the same, by the route that treats all of JSON-LD."""
    check_context_weight(document)
    check_type_weight(document)
    try:
        return quads_of_expanded(expand_losslessly(document, contexts=contexts))
    except InvalidError as error:
        if error.path is None:
            error.path = find_only_place(document, _cause_of(error))
        raise
    except RecursionError:
        raise UndecidedError("the document nests too deep", code="limit_depth", cause=Cause.LIMIT) from None


def _cause_of(error: InvalidError) -> Fits:
    """Return what tells by which member or item of a document an error over its statements was caused."""
    if error.code == "number_range":
        return lambda _, value: value.__class__ in (int, float) and not abs(value) <= MAX_INTEGER
    return fits(error.detail)


def canonical_form(document: JsonObject, *, contexts: Contexts, hash_name: Hash, limits: Limits) -> Canonical:
    """Return the canonical form of a document.

    Raises:
        as ``to_quads``; UndecidedError ``limit_canonical`` as ``canon.rdfc``.
    """
    found = find_statements(document, contexts=contexts)
    statements = to_quads_slowly(document, contexts=contexts) if found is None else found
    return canonicalize(statements, hash_name=hash_name, limits=limits)
