"""did:key: an identity that is nothing but one public key.

Follows the did:key method v0.9 (https://w3c-ccg.github.io/did-key-spec/) for every key that has a Multikey.
It has no past and cannot be rotated or withdrawn. Key agreement (the X25519 key derived from Ed25519) is not
offered.
"""

from certweave.did.document import DidDocument, parse_did_document
from certweave.did.syntax import Did, parse_did
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.keys.model import PublicKey
from certweave.keys.multikey import parse_multikey

_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/multikey/v1"]
_RELATIONSHIPS = ("authentication", "assertionMethod", "capabilityInvocation", "capabilityDelegation")


def make_did_key(key: PublicKey) -> str:
    """Return the did:key of a public key."""
    return "did:key:" + key.multikey


def make_did_key_method(key: PublicKey) -> str:
    """Return the DID URL of the only verification method of a did:key."""
    multikey = key.multikey
    return f"did:key:{multikey}#{multikey}"


def parse_did_key_method(text: str) -> PublicKey:
    """Read a DID URL such as ``did:key:z…#z…`` and return its key.

    Both halves must be the same text: whoever checks one half and uses the other can be deceived.

    Raises:
        MalformedError: not of this form, or the key cannot be read.
        InvalidError: the halves differ (``did_key_method``).
        UnsupportedError: a kind of key that we do not implement.
    """
    body, _, fragment = text.partition("#")
    did = parse_did(body)
    if did.method != "key" or fragment != did.method_id:
        detail = "not the method of a did:key with the same key before and after the number sign"
        raise InvalidError(detail, code="did_key_method")
    return parse_multikey(did.method_id)


def key_document(did: Did | str) -> DidDocument:
    """Expand a did:key into its document.

    Raises:
        InvalidError: another DID method.
        MalformedError: the key cannot be read.
        UnsupportedError: a kind of key that we do not implement.
    """
    name = did if isinstance(did, Did) else parse_did(did)
    if name.method != "key":
        raise InvalidError("not a did:key", code="did_method")
    # Reading the key first gives its own error, which the document would only keep.
    parse_multikey(name.method_id)
    method = f"{name.text}#{name.method_id}"
    raw: JsonObject = {
        "@context": list(_CONTEXTS),
        "id": name.text,
        "verificationMethod": [
            {
                "id": method,
                "type": "Multikey",
                "controller": name.text,
                "publicKeyMultibase": name.method_id,
            }
        ],
    }
    for relationship in _RELATIONSHIPS:
        raw[relationship] = [method]
    return parse_did_document(raw, did=name)
