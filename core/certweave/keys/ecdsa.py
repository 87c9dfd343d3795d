"""ECDSA over P-256, P-384 and P-521, each with its SHA-2 (FIPS 186-5): points and signatures, by OpenSSL.

https://csrc.nist.gov/pubs/fips/186-5/final. Loaded when the first such key comes (``model``). Signatures are
r‖s (RFC 7518 §3.4); DER is spoken with the library only.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, utils

from certweave.errors import InvalidSignatureError, MalformedError
from certweave.keys.algorithm import ECDSA_ORDER, Algorithm


@dataclass(frozen=True, slots=True)
class _Curve:
    """A curve of ECDSA, and the hash that goes with it here (RFC 7518 §3.4, VC-DI-ECDSA §3)."""

    group: ec.EllipticCurve
    signing: ec.ECDSA
    verifying: ec.ECDSA


def _curve(group: ec.EllipticCurve, digest: hashes.HashAlgorithm) -> _Curve:
    """Return a curve; its nonces are those of RFC 6979 where OpenSSL has them: no randomness to sign."""
    try:
        signing = ec.ECDSA(digest, deterministic_signing=True)
    except UnsupportedAlgorithm:  # pragma: no cover - only where OpenSSL is older than 3.2
        signing = ec.ECDSA(digest)
    return _Curve(group, signing, ec.ECDSA(digest))


_CURVES: Final = {
    Algorithm.P256: _curve(ec.SECP256R1(), hashes.SHA256()),
    Algorithm.P384: _curve(ec.SECP384R1(), hashes.SHA384()),
    Algorithm.P521: _curve(ec.SECP521R1(), hashes.SHA512()),
}


def check_public(algorithm: Algorithm, raw: bytes) -> None:
    """Check that ``raw`` is a compressed point of the curve; raises MalformedError."""
    size = 1 + algorithm.size
    if len(raw) != size:
        detail = f"a compressed point of {algorithm.value} has {size} bytes"
        raise MalformedError(detail, code="key_malformed")
    _load_point(algorithm, raw)


def verify(algorithm: Algorithm, raw: bytes, signature: bytes, data: bytes) -> None:
    """Verify a signature of the right length, r‖s; raises InvalidSignatureError."""
    order = ECDSA_ORDER[algorithm]
    r, s = int.from_bytes(signature[: algorithm.size]), int.from_bytes(signature[algorithm.size :])
    if not (0 < r < order and 0 < s < order):
        raise InvalidSignatureError("a number of the signature is out of range", code="signature_form")
    try:
        point = _load_point(algorithm, raw)
        point.verify(utils.encode_dss_signature(r, s), data, _CURVES[algorithm].verifying)
    except InvalidSignature:
        raise InvalidSignatureError("the signature does not match") from None


def load_private(algorithm: Algorithm, secret: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """Return the public key of a number in range, and what signs with it."""
    curve, size = _CURVES[algorithm], algorithm.size
    key = ec.derive_private_key(int.from_bytes(secret), curve.group)
    numbers = key.public_key().public_numbers()

    def sign(data: bytes) -> bytes:
        r, s = utils.decode_dss_signature(key.sign(data, curve.signing))
        return r.to_bytes(size) + s.to_bytes(size)

    return compress_point(numbers.x.to_bytes(size), numbers.y.to_bytes(size)), sign


@lru_cache(maxsize=1024)
def _load_point(algorithm: Algorithm, raw: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[algorithm].group, raw)
    except ValueError:
        raise MalformedError(f"the key is no point of {algorithm.value}", code="key_malformed") from None


def compress_point(x: bytes, y: bytes) -> bytes:
    """Return the compressed point of two coordinates of full length, whether it is on a curve or not.

    The caller compares ``y`` after reading the point back: the compressed form keeps its parity only.
    """
    return bytes([2 + (y[-1] & 1)]) + x


def point_of(algorithm: Algorithm, raw: bytes) -> tuple[bytes, bytes]:
    """Return x and y, of full length each, of a public key."""
    numbers = _load_point(algorithm, raw).public_numbers()
    return numbers.x.to_bytes(algorithm.size), numbers.y.to_bytes(algorithm.size)
