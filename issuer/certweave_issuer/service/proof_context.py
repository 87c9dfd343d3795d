"""Contexts that define what an issuer adds to a credential: the proof, and the place in a status list.

Data Integrity 1.0 §2.4.1 (https://www.w3.org/TR/vc-data-integrity/#context-injection). VCDM 2.0 defines the
terms of a DataIntegrityProof; VCDM 1.1 defines neither these nor those of Ed25519Signature2020.
"""

from typing import Any, Final

from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.strict_json import JsonObject
from certweave.proof.suites.suite import TYPE

_DATA_INTEGRITY: Final = "https://w3id.org/security/data-integrity/v2"
_ED25519_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"
_STATUS: Final = "https://www.w3.org/ns/credentials/status/v1"


def with_proof_context(document: JsonObject, proof_type: str) -> JsonObject:
    """Return the document with one context more, where the terms of such a proof are not defined yet.

    A document whose ``@context`` is no list is returned as it is: the rules of its model refuse it.
    """
    listed: Any = document.get("@context")
    if not isinstance(listed, list) or (proof_type == TYPE and VCDM_2_CONTEXT in listed):
        return document
    needed = _DATA_INTEGRITY if proof_type == TYPE else _ED25519_2020
    return document if needed in listed else {**document, "@context": [*listed, needed]}


def with_status_context(document: JsonObject) -> JsonObject:
    """Return the document with the context of Bitstring Status List 1.0 (§5.2), where it lacks the terms.

    VCDM 2.0 defines them itself. A document whose ``@context`` is no list is returned as it is.
    """
    listed: Any = document.get("@context")
    if not isinstance(listed, list) or not {VCDM_2_CONTEXT, _STATUS}.isdisjoint(map(str, listed)):
        return document
    return {**document, "@context": [*listed, _STATUS]}
