"""What the suites of selective disclosure do alike with proof options.

VC-DI-ECDSA v1.0 §3.6.3, §3.6.4 (https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023) and VC-DI-BBS §3.4.3,
§3.4.4 (https://www.w3.org/TR/vc-di-bbs/#bbs-2023), which say the same in the same words.
"""

import hashlib

from certweave.canon.rdf import Hash
from certweave.errors import UnsupportedError
from certweave.proof.suites.rdf import canonical_configuration
from certweave.proof.suites.suite import Around, Json, require_suite


def base_proof_configuration(options: Json, unsecured: Json, name: str, around: Around) -> bytes:
    """Base Proof Configuration: the canonical form of the options, under the document's ``@context``.

    ``created`` is checked where proofs are read, for all suites alike.

    Raises:
        UnsupportedError: the options name another suite, or build on another proof (``sd_chain``).
        InvalidError, UndecidedError: as ``canonical_configuration``.
    """
    require_suite(options, name)
    if "previousProof" in options or "proof" in unsecured:
        # What such a proof secures is the other proof as well, of which no statement is in the document.
        raise UnsupportedError(f"{name} with a proof that comes before it is not supported", code="sd_chain")
    return canonical_configuration(unsecured, options, Hash.SHA256, around)


def hash_configuration(canonical: bytes) -> bytes:
    """Base Proof Hashing, step 1: SHA-256 of the canonical proof options."""
    return hashlib.sha256(canonical).digest()
