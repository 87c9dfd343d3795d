"""JSON Web Keys, in and out: RFC 7517 (https://www.rfc-editor.org/rfc/rfc7517), RFC 7518 §6.2, RFC 8037.

The only module that knows jwcrypto, which is loaded at the first use. Ed25519 (OKP), P-256, P-384 and
P-521 (EC) only. Certificates inside a JWK (x5c, x5u) are never looked at: the DID document says whose key
it is.
"""

from typing import Any, Final

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError, MalformedError, UnsupportedError
from certweave.keys.entropy import Entropy, draw
from certweave.keys.model import Algorithm, PrivateKey, PublicKey, is_secret

_SECRET_MEMBERS: Final = ("d", "p", "q", "dp", "dq", "qi", "oth", "k", "priv")
_KINDS: Final = {
    ("OKP", "Ed25519"): Algorithm.ED25519,
    ("EC", "P-256"): Algorithm.P256,
    ("EC", "P-384"): Algorithm.P384,
    ("EC", "P-521"): Algorithm.P521,
}
# "Ed25519" as alg: RFC 9864 §2.2, which deprecates "EdDSA" without forbidding it.
_ALGS: Final = {
    Algorithm.ED25519: ("EdDSA", "Ed25519"),
    Algorithm.P256: ("ES256",),
    Algorithm.P384: ("ES384",),
    Algorithm.P521: ("ES512",),
}


def parse_public_jwk(obj: object) -> PublicKey:
    """Read a public signature key from a JWK.

    Raises:
        MalformedError: a member is missing or has the wrong form, or the numbers are no point.
        InvalidError: private members (``jwk_private``), a use other than signatures (``jwk_use``), an ``alg``
            unfit for the key (``jwk_alg``), a weak key.
        UnsupportedError: another kind of key.
    """
    members = _members(obj)
    for name in _SECRET_MEMBERS:
        if name in members:
            detail = f"a public JWK must not carry the private member {name!r}"
            raise InvalidError(detail, code="jwk_private")
    algorithm = _check_kind(members, operation="verify")
    return _read_public(algorithm, members)


def parse_private_jwk(obj: object) -> PrivateKey:
    """Read a private signature key from a JWK.

    Raises as ``parse_public_jwk``, and InvalidError (``jwk_halves``) when the two halves disagree.
    """
    members = _members(obj)
    algorithm = _check_kind(members, operation="sign")
    key = PrivateKey(algorithm, _octets(members, "d", algorithm.size))
    if key.public != _read_public(algorithm, members):
        raise InvalidError(
            "the private and the public half of the JWK do not belong together", code="jwk_halves"
        )
    return key


def make_public_jwk(key: PublicKey) -> JsonObject:
    """Return the public JWK of ``key``: kty, crv, x (and y), alg, and its Multikey as kid."""
    return _export(_public_members(key), key, private=False)


def make_private_jwk(key: PrivateKey) -> JsonObject:
    """Return the JWK of ``key`` with the private member ``d``; ``kid`` is the Multikey of the public half."""
    return _export(
        {**_public_members(key.public), "d": base64url_encode(key.secret)}, key.public, private=True
    )


def make_private_key(algorithm: Algorithm, *, entropy: Entropy) -> PrivateKey:
    """Make a private key from ``entropy``, which returns as many random bytes as it is asked for.

    The same bytes give the same key. For ECDSA the number is drawn until it is in range (FIPS 186-5 A.2.2);
    a healthy source needs a second draw once in 2^32 keys.

    Raises:
        ValueError: ``entropy`` is short of bytes, or never gives a number in range.
    """
    for _ in range(64):
        secret = draw(entropy, algorithm.size)
        if algorithm is Algorithm.P521:  # 521 bits are wanted, and 66 bytes have seven more
            secret = bytes([secret[0] & 1]) + secret[1:]
        if is_secret(algorithm, secret):
            return PrivateKey(algorithm, secret)
    raise ValueError("the source of entropy gives no usable number")


def _members(obj: object) -> JsonObject:
    if not isinstance(obj, dict):
        raise MalformedError("a JWK is an object", code="jwk_malformed")
    return obj


def _check_kind(members: JsonObject, *, operation: str) -> Algorithm:
    kty, crv = members.get("kty"), members.get("crv")
    if not isinstance(kty, str) or (crv is not None and not isinstance(crv, str)):
        raise MalformedError("kty and crv of a JWK are texts", code="jwk_malformed")
    algorithm = _KINDS.get((kty, crv or ""))
    if algorithm is None:
        kind = " ".join(word for word in (kty, crv) if word)[:80]
        raise UnsupportedError(f"the kind of key {kind!a} is not one we have", code="key_algorithm")
    # RFC 7517 §4.2, §4.3: absent means unrestricted.
    if members.get("use", "sig") != "sig":
        raise InvalidError("the JWK is not for signatures", code="jwk_use")
    operations = members.get("key_ops", [operation])
    if not isinstance(operations, list):
        raise MalformedError("key_ops of a JWK is an array", code="jwk_malformed")
    if operation not in operations:
        raise InvalidError(f"the JWK is not for the operation {operation}", code="jwk_use")
    if "alg" in members and members["alg"] not in _ALGS[algorithm]:
        raise InvalidError("the alg of the JWK does not fit its kind of key", code="jwk_alg")
    return algorithm


def _octets(members: JsonObject, name: str, size: int) -> bytes:
    text = members.get(name)
    if not isinstance(text, str):
        raise MalformedError(f"the JWK lacks the text {name!r}", code="jwk_malformed")
    data = base64url_decode(text)
    if len(data) != size:
        # RFC 7518 §6.2.1.2: the full length of a coordinate, leading zeros included.
        raise MalformedError(f"{name!r} of the JWK must hold {size} bytes", code="jwk_malformed")
    return data


def _read_public(algorithm: Algorithm, members: JsonObject) -> PublicKey:
    x = _octets(members, "x", algorithm.size)
    if algorithm is Algorithm.ED25519:
        return PublicKey(algorithm, x)
    from certweave.keys.ecdsa import compress_point, point_of  # loads OpenSSL's part; did:key needs it not

    y = _octets(members, "y", algorithm.size)
    key = PublicKey(algorithm, compress_point(x, y))
    if point_of(algorithm, key.raw) != (x, y):
        raise MalformedError(f"the key is no point of {algorithm.value}", code="key_malformed")
    return key


def _public_members(key: PublicKey) -> JsonObject:
    if key.algorithm is Algorithm.ED25519:
        return {"kty": "OKP", "crv": "Ed25519", "x": base64url_encode(key.raw)}
    if key.algorithm is Algorithm.BBS:
        # The drafts for it are not settled, and nothing that we speak needs one.
        raise UnsupportedError("a BBS key has no JWK here", code="key_algorithm")
    from certweave.keys.ecdsa import point_of

    x, y = point_of(key.algorithm, key.raw)
    return {"kty": "EC", "crv": key.algorithm.value, "x": base64url_encode(x), "y": base64url_encode(y)}


def _export(members: JsonObject, key: PublicKey, *, private: bool) -> JsonObject:
    from jwcrypto.jwk import JWK

    jwk: Any = JWK(**members, kid=key.multikey, alg=key.algorithm.jws)
    exported: JsonObject = jwk.export(private_key=private, as_dict=True)
    return exported
