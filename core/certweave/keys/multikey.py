"""Multikey: a key as one text that names its algorithm.

Follows Controlled Identifiers 1.0 §2.2.2 (https://www.w3.org/TR/cid-1.0/#Multikey). Ed25519, P-256,
P-384, P-521 and BBS (BLS12-381 G2) only; other kinds of key are unsupported, not wrong. ``z`` (base58btc)
is the only base that the text allows.
"""

from typing import Final

from certweave.encoding.multibase import base58_decode, encode_multibase
from certweave.errors import InvalidError, MalformedError, UnsupportedError
from certweave.keys.model import MULTIKEY_PREFIX, Algorithm, PrivateKey, PublicKey

_PUBLIC: Final = {prefix: algorithm for algorithm, prefix in MULTIKEY_PREFIX.items()}
_SECRET_PREFIX: Final = {
    Algorithm.ED25519: b"\x80\x26",
    Algorithm.P256: b"\x86\x26",
    Algorithm.P384: b"\x87\x26",
    Algorithm.P521: b"\x88\x26",
    Algorithm.BBS: b"\x8a\x26",
}
_SECRET: Final = {prefix: algorithm for algorithm, prefix in _SECRET_PREFIX.items()}


def parse_multikey(text: object) -> PublicKey:
    """Read ``publicKeyMultibase``.

    Raises:
        MalformedError: not such a text, or not a key.
        UnsupportedError: a kind of key that we do not have.
        InvalidError: a weak key, or a second encoding of one; a secret key (``multikey_secret``).
    """
    algorithm, raw = _split(text, _PUBLIC)
    return PublicKey(algorithm, raw)


def parse_secret_multikey(text: object) -> PrivateKey:
    """Read ``secretKeyMultibase``; raises as ``parse_multikey``."""
    algorithm, secret = _split(text, _SECRET)
    return PrivateKey(algorithm, secret)


def make_secret_multikey(key: PrivateKey) -> str:
    """Return ``secretKeyMultibase`` of ``key``."""
    return encode_multibase(_SECRET_PREFIX[key.algorithm] + key.secret)


def _split(text: object, prefixes: dict[bytes, Algorithm]) -> tuple[Algorithm, bytes]:
    if not isinstance(text, str) or not text.startswith("z"):
        raise MalformedError("a Multikey is a text that starts with z", code="multikey")
    data = base58_decode(text[1:])
    algorithm = prefixes.get(data[:2])
    if algorithm is None:
        if prefixes is _PUBLIC and data[:2] in _SECRET:
            raise InvalidError("where a public key belongs there is a secret one", code="multikey_secret")
        if len(data) < 3:
            raise MalformedError("a Multikey names its algorithm and holds a key", code="multikey")
        raise UnsupportedError(f"the kind of key {data[:2].hex()} is not one we have", code="key_algorithm")
    return algorithm, data[2:]
