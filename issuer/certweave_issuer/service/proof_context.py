"""Contexts that define what an issuer adds to a credential: the proof, and the place in a status list.

Data Integrity 1.0 §2.4.1 (https://www.w3.org/TR/vc-data-integrity/#context-injection). VCDM 2.0 defines the
terms of a DataIntegrityProof; VCDM 1.1 defines neither these nor those of Ed25519Signature2020.
"""

from typing import Any, Final

from certweave.credential.contexts import ContextStore
from certweave.credential.vcdm import VCDM_2_CONTEXT
from certweave.encoding.strict_json import JsonObject
from certweave.proof.suites.suite import TYPE
from certweave.status.entry import ENTRY_TYPE

_DATA_INTEGRITY: Final = "https://w3id.org/security/data-integrity/v2"
_ED25519_2020: Final = "https://w3id.org/security/suites/ed25519-2020/v1"


def with_proof_context(document: JsonObject, proof_type: str) -> JsonObject:
    """Return the document with one context more, where the terms of such a proof are not defined yet.

    A document whose ``@context`` is no list is returned as it is: the rules of its model refuse it.
    """
    listed: Any = document.get("@context")
    if not isinstance(listed, list) or (proof_type == TYPE and VCDM_2_CONTEXT in listed):
        return document
    needed = _DATA_INTEGRITY if proof_type == TYPE else _ED25519_2020
    return document if needed in listed else {**document, "@context": [*listed, needed]}


def with_status_context(document: JsonObject, contexts: ContextStore) -> JsonObject:
    """Return the document with the definition of a status entry, as VCDM 2.0 has it, where it lacks one.

    VCDM 1.1 came before Bitstring Status List 1.0, and no context of its own was published for that.
    """
    listed: Any = document.get("@context")
    if not isinstance(listed, list) or VCDM_2_CONTEXT in listed:
        return document
    defined = contexts.get(VCDM_2_CONTEXT)["@context"][ENTRY_TYPE]
    return {**document, "@context": [*listed, {ENTRY_TYPE: defined}]}
