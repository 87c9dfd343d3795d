"""What the suites over JSON-LD share: the canonical form of a document, and of the options of its proof.

VC-DI-EdDSA v1.0 §3.2 and Appendix A (https://www.w3.org/TR/vc-di-eddsa/), VC-DI-ECDSA v1.0 §3.2
(https://www.w3.org/TR/vc-di-ecdsa/). JSON-LD and RDFC-1.0 themselves are in canon/rdf.py.
"""

from certweave.canon.rdf import Hash, canonical_form
from certweave.errors import CertweaveError, InvalidError
from certweave.proof.suites.suite import Around, Json


def canonical_bytes(document: Json, hash_name: Hash, around: Around) -> bytes:
    """Return the canonical N-Quads of a document in UTF-8; raises as ``canon.rdf.canonical_form``."""
    form = canonical_form(dict(document), contexts=around.contexts, hash_name=hash_name, limits=around.limits)
    return form.text.encode()


def canonical_configuration(unsecured: Json, options: Json, hash_name: Hash, around: Around) -> bytes:
    """Return the canonical N-Quads of proof options under the ``@context`` of the document.

    Stricter than the suites' texts, which let the document's ``@context`` silently replace one in the proof:
    nobody signed that one, and a reader might believe it.

    Raises:
        InvalidError: ``context_mismatch``, where the two differ; a member that stands for nothing.
    """
    if "@context" in options and options["@context"] != unsecured.get("@context"):
        detail = "the proof has another @context than the document, which its suite does not sign"
        raise InvalidError(detail, code="context_mismatch")
    config = dict(options)
    if "@context" in unsecured:
        config["@context"] = unsecured["@context"]
    try:
        return canonical_bytes(config, hash_name, around)
    except CertweaveError as error:
        if error.path is not None and not error.path.startswith("/@context"):
            error.path = None  # a place in the options, which the reader of the document does not have
        raise
