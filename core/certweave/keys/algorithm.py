"""The signature algorithms, and what is fixed for each: names, sizes, orders, codes.

RFC 7518 (https://www.rfc-editor.org/rfc/rfc7518), RFC 8037, SP 800-186, Controlled Identifiers 1.0 §2.2.2.
"""

from enum import StrEnum
from typing import Final


class Algorithm(StrEnum):
    """The signature algorithms that we use; the value is the curve in JWK (RFC 7518, RFC 8037)."""

    # That of the text itself, which is equal to it; that of Enum is a call of Python for each look-up.
    __hash__ = str.__hash__

    ED25519 = "Ed25519"
    P256 = "P-256"
    P384 = "P-384"
    P521 = "P-521"
    BBS = "BLS12381G2"
    """Signs lists of messages and nothing else (``keys.bbs``): no JWS and no COSE message."""

    @property
    def jws(self) -> str:
        """The ``alg`` of a JWS that such a key makes (RFC 7518 §3.1, RFC 8037 §3.1)."""
        return _JWS[self]

    @property
    def size(self) -> int:
        """Bytes of the secret, of a coordinate, and of each half of a signature."""
        return _SIZES.get(self, 32)


ECDSA_ORDER: Final = {
    Algorithm.P256: 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551,
    Algorithm.P384: int(
        "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16
    ),
    Algorithm.P521: int(
        "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
        16,
    ),
}
"""The order of each curve's base point (SP 800-186 §3.2.1)."""
_SIZES: Final = {Algorithm.P384: 48, Algorithm.P521: 66}
JWS_ALGORITHMS: Final = (Algorithm.ED25519, Algorithm.P256, Algorithm.P384, Algorithm.P521)
"""Those that sign a string of bytes: for JWS, COSE and, P-521 apart, every suite but bbs-2023."""
_JWS: Final = {
    Algorithm.ED25519: "EdDSA",
    Algorithm.P256: "ES256",
    Algorithm.P384: "ES384",
    Algorithm.P521: "ES512",
    Algorithm.BBS: "BBS",
}
MULTIKEY_PREFIX: Final = {
    Algorithm.ED25519: b"\xed\x01",
    Algorithm.P256: b"\x80\x24",
    Algorithm.P384: b"\x81\x24",
    Algorithm.P521: b"\x82\x24",
    Algorithm.BBS: b"\xeb\x01",
}
"""Multicodec names of public keys (Controlled Identifiers 1.0 §2.2.2): ed25519-pub, p256-pub, p384-pub,
p521-pub, bls12_381-g2-pub."""
