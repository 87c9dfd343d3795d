"""What the suites of selective disclosure do alike with proof options.

VC-DI-ECDSA v1.0 §3.6.3, §3.6.4 (https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023) and VC-DI-BBS §3.4.3,
§3.4.4 (https://www.w3.org/TR/vc-di-bbs/#bbs-2023), which say the same in the same words.
"""

import hashlib

from certweave.canon.rdf import Hash, canonical_form
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, UnsupportedError
from certweave.proof.suites.suite import Around, Json, require_suite


def base_proof_configuration(options: Json, unsecured: Json, name: str, around: Around) -> str:
    """Base Proof Configuration: the canonical form of the options, under the document's ``@context``.

    ``created`` is checked where proofs are read, for all suites alike.

    Raises:
        UnsupportedError: the options name another suite, or build on another proof (``sd_chain``).
        InvalidError: they bring another ``@context`` (``context_mismatch``); as ``canon.rdf.canonical_form``.
        UndecidedError: as ``canon.rdf.canonical_form``.
    """
    require_suite(options, name)
    if "previousProof" in options or "proof" in unsecured:
        # What such a proof secures is the other proof as well, of which no statement is in the document.
        raise UnsupportedError(f"{name} with a proof that comes before it is not supported", code="sd_chain")
    context = unsecured.get("@context")
    if options.get("@context", context) != context:
        detail = "the @context of the proof is not that of the document"
        raise InvalidError(detail, code="context_mismatch", path="/@context")
    configuration: JsonObject = {**options, "@context": context}
    canonical = canonical_form(
        configuration, contexts=around.contexts, hash_name=Hash.SHA256, limits=around.limits
    )
    return canonical.text


def hash_configuration(canonical: str) -> bytes:
    """Base Proof Hashing, step 1: SHA-256 of the canonical proof options."""
    return hashlib.sha256(canonical.encode()).digest()
