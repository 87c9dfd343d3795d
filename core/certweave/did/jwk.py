"""did:jwk: an identity that is nothing but one public key, written as a JWK.

Follows the did:jwk method (https://github.com/quartzjer/did-jwk/blob/main/spec.md) for Ed25519, P-256 and
P-384. It has no past and cannot be rotated or withdrawn. Making one is not offered: did:key says the same,
shorter.
"""

from certweave.did.document import DidDocument, parse_did_document
from certweave.did.syntax import Did, parse_did
from certweave.encoding.multibase import base64url_decode
from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import InvalidError
from certweave.keys.jwk import parse_public_jwk
from certweave.limits import DEFAULT_LIMITS

_CONTEXTS = ["https://www.w3.org/ns/did/v1", "https://w3id.org/security/suites/jws-2020/v1"]
_RELATIONSHIPS = ("assertionMethod", "authentication", "capabilityInvocation", "capabilityDelegation")


def jwk_document(did: Did | str) -> DidDocument:
    """Expand a did:jwk into its document; the only method is ``#0``.

    Raises:
        InvalidError: another DID method, or a key that is weak, private or not for signatures.
        MalformedError: what follows is not a JWK in base64url.
        UnsupportedError: a kind of key that we do not implement.
    """
    name = did if isinstance(did, Did) else parse_did(did)
    if name.method != "jwk":
        raise InvalidError("not a did:jwk", code="did_method")
    jwk = parse_object(base64url_decode(name.method_id), limits=DEFAULT_LIMITS)
    # Reading the key first gives its own error, which the document would only keep.
    parse_public_jwk(jwk)
    method = f"{name.text}#0"
    raw: JsonObject = {
        "@context": list(_CONTEXTS),
        "id": name.text,
        "verificationMethod": [
            {"id": method, "type": "JsonWebKey2020", "controller": name.text, "publicKeyJwk": jwk}
        ],
    }
    for relationship in _RELATIONSHIPS:
        raw[relationship] = [method]
    return parse_did_document(raw, did=name)
