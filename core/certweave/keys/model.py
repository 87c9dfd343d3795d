"""Keys and signatures: Ed25519 (RFC 8032) and ECDSA over P-256 with SHA-256 (FIPS 186-5).

https://www.rfc-editor.org/rfc/rfc8032 · https://csrc.nist.gov/pubs/fips/186-5/final. A ``PublicKey`` that
exists is usable: construction refuses weak points and second encodings, whatever the library beneath
accepts. Text forms are in multikey.py and jwk.py; whose key it is, nobody here knows.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from certweave.encoding.multibase import encode_multibase
from certweave.errors import InvalidError, InvalidSignatureError, MalformedError


class Algorithm(StrEnum):
    """The signature algorithms that we use; the value is the curve in JWK (RFC 7518, RFC 8037)."""

    ED25519 = "Ed25519"
    P256 = "P-256"

    @property
    def jws(self) -> str:
        """The ``alg`` of a JWS that such a key makes (RFC 7518 §3.1, RFC 8037 §3.1)."""
        return "EdDSA" if self is Algorithm.ED25519 else "ES256"


ED25519_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
_FIELD: Final = 2**255 - 19
_EDWARDS_D: Final = -121665 * pow(121666, -1, _FIELD) % _FIELD

_SMALL_ORDER_Y8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""The y of two of the four points of order 8; the other two have its negative. RFC 8032 lets them pass."""

_SMALL_ORDER_Y: Final = frozenset({0, 1, _FIELD - 1, _SMALL_ORDER_Y8, _FIELD - _SMALL_ORDER_Y8})

MULTIKEY_PREFIX: Final = {Algorithm.ED25519: b"\xed\x01", Algorithm.P256: b"\x80\x24"}
"""Multicodec names of public keys: ed25519-pub and p256-pub (Controlled Identifiers 1.0 §2.2.2)."""


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that has passed every check.

    Attributes:
        algorithm: which scheme it verifies.
        raw: 32 bytes (RFC 8032 §5.1.2) for Ed25519; 33 bytes, the compressed point (SEC 1 §2.3.3), for P-256.

    Raises:
        MalformedError: ``raw`` has the wrong length, or is no point of the curve.
        InvalidError: a point of small order (``key_weak``), or a second encoding of a point
            (``key_not_canonical``).
    """

    algorithm: Algorithm
    raw: bytes

    def __post_init__(self) -> None:
        """Refuse what is not a usable key."""
        _check_public(self.algorithm, self.raw)

    @property
    def multikey(self) -> str:
        """The key as a Multikey text (``publicKeyMultibase``)."""
        return encode_multibase(MULTIKEY_PREFIX[self.algorithm] + self.raw)

    def verify(self, signature: bytes, data: bytes) -> None:
        """Verify a signature of 64 bytes: R‖S for Ed25519, r‖s for ES256 (RFC 7518 §3.4).

        Raises:
            InvalidSignatureError: wrong length, numbers out of range, or not made by this key over ``data``.
        """
        if len(signature) != 64:
            raise InvalidSignatureError("a signature has 64 bytes", code="signature_form")
        if self.algorithm is Algorithm.ED25519:
            _verify_ed25519(self.raw, signature, data)
        else:
            _verify_p256(self.raw, signature, data)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key; its text form never shows the secret.

    Attributes:
        algorithm: which scheme it signs.
        secret: 32 bytes: the seed of Ed25519, or the number of P-256 in big-endian order.

    Raises:
        MalformedError: ``secret`` has the wrong length, or is no number from 1 to the order less 1.
    """

    algorithm: Algorithm
    secret: bytes = field(repr=False)
    _loaded: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Refuse what is not a usable key."""
        if len(self.secret) != 32:
            raise MalformedError("a private key has 32 bytes", code="key_malformed")
        if self.algorithm is Algorithm.P256 and not 0 < int.from_bytes(self.secret) < P256_ORDER:
            raise MalformedError("the number is no private key of P-256", code="key_malformed")
        # Loading costs as much as signing, so it is done once; the loaded key dies with this value.
        object.__setattr__(self, "_loaded", _load_private(self.algorithm, self.secret))

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.algorithm, _public_bytes(self._loaded))

    def sign(self, data: bytes) -> bytes:
        """Return the signature of 64 bytes over ``data``, in the form that ``PublicKey.verify`` takes."""
        if isinstance(self._loaded, ed25519.Ed25519PrivateKey):
            return self._loaded.sign(data)
        r, s = utils.decode_dss_signature(self._loaded.sign(data, _SIGN_ES256))
        return r.to_bytes(32) + s.to_bytes(32)


class Signer(Protocol):
    """What signs for an issuer: a key in memory, a sealed keystore, a hardware module."""

    @property
    def method(self) -> str:
        """The DID URL of the verification method under which others find the key."""
        ...

    @property
    def algorithm(self) -> Algorithm:
        """The scheme of the key."""
        ...

    @property
    def public(self) -> PublicKey:
        """The public half of the key."""
        ...

    def sign(self, data: bytes) -> bytes:
        """Return the signature of 64 bytes over ``data``."""
        ...


@dataclass(frozen=True, slots=True)
class KeySigner:
    """A ``Signer`` whose key lies in memory."""

    method: str
    private: PrivateKey

    @property
    def algorithm(self) -> Algorithm:
        """The scheme of the key."""
        return self.private.algorithm

    @property
    def public(self) -> PublicKey:
        """The public half of the key."""
        return self.private.public

    def sign(self, data: bytes) -> bytes:
        """Return the signature of 64 bytes over ``data``."""
        return self.private.sign(data)


def _es256() -> ec.ECDSA:
    """Return ECDSA with the nonce of RFC 6979, so that signing needs no randomness, where OpenSSL has it."""
    try:
        return ec.ECDSA(hashes.SHA256(), deterministic_signing=True)
    except UnsupportedAlgorithm:
        return ec.ECDSA(hashes.SHA256())


_SIGN_ES256: Final = _es256()
_VERIFY_ES256: Final = ec.ECDSA(hashes.SHA256())


@lru_cache(maxsize=4096)
def _check_public(algorithm: Algorithm, raw: bytes) -> None:
    if algorithm is Algorithm.P256:
        if len(raw) != 33:
            raise MalformedError("a compressed point of P-256 has 33 bytes", code="key_malformed")
        _load_p256_public(raw)
        return
    if len(raw) != 32:
        raise MalformedError("an Ed25519 public key has 32 bytes", code="key_malformed")
    y = int.from_bytes(raw, "little") & (2**255 - 1)
    if y >= _FIELD:
        # RFC 8032 §5.1.3 step 1 refuses these as well; OpenSSL takes them.
        raise InvalidError("the Ed25519 key is a second encoding of its point", code="key_not_canonical")
    if y in _SMALL_ORDER_Y:
        raise InvalidError("the Ed25519 key is a point of small order", code="key_weak")
    # RFC 8032 §5.1.3 step 2: x² = (y² − 1) / (d·y² + 1) must be a square. Euler's criterion, with the
    # division turned into a product, which changes the value by a square only.
    numerator, denominator = y * y - 1, _EDWARDS_D * y * y + 1
    if pow(numerator * denominator, (_FIELD - 1) // 2, _FIELD) != 1:
        raise MalformedError("the Ed25519 key is no point of the curve", code="key_malformed")


def _verify_ed25519(raw: bytes, signature: bytes, data: bytes) -> None:
    if int.from_bytes(signature[32:], "little") >= ED25519_ORDER:
        raise InvalidSignatureError("the signature is a second form of another", code="signature_form")
    try:
        _load_ed25519_public(raw).verify(signature, data)
    except InvalidSignature:
        raise InvalidSignatureError("the signature does not match") from None


def _verify_p256(raw: bytes, signature: bytes, data: bytes) -> None:
    r, s = int.from_bytes(signature[:32]), int.from_bytes(signature[32:])
    if not (0 < r < P256_ORDER and 0 < s < P256_ORDER):
        raise InvalidSignatureError("a number of the signature is out of range", code="signature_form")
    try:
        _load_p256_public(raw).verify(utils.encode_dss_signature(r, s), data, _VERIFY_ES256)
    except InvalidSignature:
        raise InvalidSignatureError("the signature does not match") from None


@lru_cache(maxsize=1024)
def _load_ed25519_public(raw: bytes) -> ed25519.Ed25519PublicKey:
    return ed25519.Ed25519PublicKey.from_public_bytes(raw)


@lru_cache(maxsize=1024)
def _load_p256_public(raw: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), raw)
    except ValueError:
        raise MalformedError("the key is no point of P-256", code="key_malformed") from None


def _load_private(
    algorithm: Algorithm, secret: bytes
) -> ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey:
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    return ec.derive_private_key(int.from_bytes(secret), ec.SECP256R1())


def _public_bytes(loaded: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey) -> bytes:
    if isinstance(loaded, ed25519.Ed25519PrivateKey):
        return loaded.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return loaded.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def compress_p256(x: bytes, y: bytes) -> bytes:
    """Return the compressed point of the coordinates, 32 bytes each, whether it is on the curve or not.

    The caller compares ``y`` after reading the point back: the compressed form keeps its parity only.
    """
    return bytes([2 + (y[-1] & 1)]) + x


def coordinates_p256(raw: bytes) -> tuple[bytes, bytes]:
    """Return x and y, 32 bytes each, of a compressed point of P-256."""
    numbers = _load_p256_public(raw).public_numbers()
    return numbers.x.to_bytes(32), numbers.y.to_bytes(32)
