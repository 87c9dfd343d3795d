"""Keys and signatures: Ed25519 (RFC 8032), ECDSA over P-256, P-384 and P-521 with its SHA-2 (FIPS 186-5).

https://www.rfc-editor.org/rfc/rfc8032 · https://csrc.nist.gov/pubs/fips/186-5/final. A ``PublicKey`` that
exists is usable: construction refuses weak points and second encodings, whatever the library beneath
accepts. Text forms are in multikey.py and jwk.py; whose key it is, nobody here knows.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import lru_cache
from typing import Final, Protocol, runtime_checkable

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, utils
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from nacl.bindings import crypto_sign_open
from nacl.exceptions import BadSignatureError

from certweave.encoding.multibase import encode_multibase
from certweave.errors import InvalidError, InvalidSignatureError, MalformedError
from certweave.keys import bbs, bbs_group


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


ED25519_ORDER: Final = 2**252 + 27742317777372353535851937790883648493
P256_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
P384_ORDER: Final = int(
    "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973", 16
)
P521_ORDER: Final = int(
    "01FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
    "FA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409",
    16,
)
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
_FIELD: Final = 2**255 - 19
_EDWARDS_D: Final = -121665 * pow(121666, -1, _FIELD) % _FIELD

_SMALL_ORDER_Y8: Final = 0x7A03AC9277FDC74EC6CC392CFA53202A0F67100D760B3CBA4FD84D3D706A17C7
"""The y of two of the four points of order 8; the other two have its negative. RFC 8032 lets them pass."""

_SMALL_ORDER_Y: Final = frozenset({0, 1, _FIELD - 1, _SMALL_ORDER_Y8, _FIELD - _SMALL_ORDER_Y8})

MULTIKEY_PREFIX: Final = {
    Algorithm.ED25519: b"\xed\x01",
    Algorithm.P256: b"\x80\x24",
    Algorithm.P384: b"\x81\x24",
    Algorithm.P521: b"\x82\x24",
    Algorithm.BBS: b"\xeb\x01",
}
"""Multicodec names of public keys (Controlled Identifiers 1.0 §2.2.2): ed25519-pub, p256-pub, p384-pub,
p521-pub, bls12_381-g2-pub."""


@dataclass(frozen=True, slots=True)
class _Curve:
    """A curve of ECDSA, and the hash that goes with it here (RFC 7518 §3.4, VC-DI-ECDSA §3)."""

    group: ec.EllipticCurve
    order: int
    size: int
    signing: ec.ECDSA
    verifying: ec.ECDSA


def _curve(group: ec.EllipticCurve, order: int, digest: hashes.HashAlgorithm) -> _Curve:
    """Return a curve; its nonces are those of RFC 6979 where OpenSSL has them: no randomness to sign."""
    try:
        signing = ec.ECDSA(digest, deterministic_signing=True)
    except UnsupportedAlgorithm:  # pragma: no cover - only where OpenSSL is older than 3.2
        signing = ec.ECDSA(digest)
    return _Curve(group, order, (order.bit_length() + 7) // 8, signing, ec.ECDSA(digest))


_CURVES: Final = {
    Algorithm.P256: _curve(ec.SECP256R1(), P256_ORDER, hashes.SHA256()),
    Algorithm.P384: _curve(ec.SECP384R1(), P384_ORDER, hashes.SHA384()),
    Algorithm.P521: _curve(ec.SECP521R1(), P521_ORDER, hashes.SHA512()),
}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """A public key that has passed every check.

    Attributes:
        algorithm: which scheme it verifies.
        raw: 32 bytes (RFC 8032 §5.1.2) for Ed25519; the compressed point (SEC 1 §2.3.3), 33 bytes for P-256,
            49 for P-384, 67 for P-521; the compressed point of G2, 96 bytes, for BBS.

    Raises:
        MalformedError: ``raw`` has the wrong length, or is no point of the curve.
        InvalidError: a point of small order (``key_weak``), or a second encoding of a point
            (``key_not_canonical``).
        UnsupportedError: a BBS key, without the extra that BBS needs (``bbs_missing``).
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
        """Verify a signature: R‖S for Ed25519, r‖s for ECDSA (RFC 7518 §3.4); 64, 96 or 132 bytes.

        Raises:
            InvalidSignatureError: wrong length, numbers out of range, or not made by this key over ``data``;
                a BBS key, which verifies no string of bytes.
        """
        if self.algorithm is Algorithm.BBS:
            detail = "a BBS key signs lists of messages, and this is none"
            raise InvalidSignatureError(detail, code="signature_form")
        size = 2 * self.algorithm.size
        if len(signature) != size:
            detail = f"a signature for {self.algorithm.value} has {size} bytes"
            raise InvalidSignatureError(detail, code="signature_form")
        if self.algorithm is Algorithm.ED25519:
            _verify_ed25519(self.raw, signature, data)
        else:
            _verify_ecdsa(self.algorithm, self.raw, signature, data)


@dataclass(frozen=True, slots=True)
class PrivateKey:
    """A private key; its text form never shows the secret.

    Attributes:
        algorithm: which scheme it signs.
        secret: the seed of Ed25519 or, in big-endian order, the number of P-256 and BBS (32 bytes), P-384
            (48), P-521 (66).

    Raises:
        MalformedError: ``secret`` has the wrong length, or is no number from 1 to the order less 1.
        UnsupportedError: a BBS key, without the extra that BBS needs (``bbs_missing``).
    """

    algorithm: Algorithm
    secret: bytes = field(repr=False)
    _loaded: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | bytes = field(
        init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        """Refuse what is not a usable key."""
        if len(self.secret) != self.algorithm.size:
            detail = f"a private key for {self.algorithm.value} has {self.algorithm.size} bytes"
            raise MalformedError(detail, code="key_malformed")
        if not is_secret(self.algorithm, self.secret):
            detail = f"the number is no private key of {self.algorithm.value}"
            raise MalformedError(detail, code="key_malformed")
        # Loading costs as much as signing, so it is done once; the loaded key dies with this value.
        object.__setattr__(self, "_loaded", _load_private(self.algorithm, self.secret))

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.algorithm, _public_bytes(self._loaded))

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data``, in the form that ``PublicKey.verify`` takes.

        Raises:
            InvalidError: a BBS key, which signs no string of bytes (``key_algorithm``).
        """
        if isinstance(self._loaded, ed25519.Ed25519PrivateKey):
            return self._loaded.sign(data)
        if isinstance(self._loaded, bytes):
            raise InvalidError("a BBS key signs lists of messages only", code="key_algorithm")
        curve = _CURVES[self.algorithm]
        r, s = utils.decode_dss_signature(self._loaded.sign(data, curve.signing))
        return r.to_bytes(curve.size) + s.to_bytes(curve.size)

    def sign_messages(self, header: bytes, messages: Sequence[bytes]) -> bytes:
        """Return the BBS signature, 80 bytes, over ``header`` and every message.

        Raises:
            InvalidError: a key of another kind, which signs no lists (``key_algorithm``).
        """
        if not isinstance(self._loaded, bytes):
            raise InvalidError("only a BBS key signs lists of messages", code="key_algorithm")
        return bbs.sign(self.secret, header, messages)


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
        """Return the signature over ``data``."""
        ...


@runtime_checkable
class MessagesSigner(Protocol):
    """What signs lists of messages beside: a signer with a BBS key."""

    def sign_messages(self, header: bytes, messages: Sequence[bytes]) -> bytes:
        """Return the BBS signature, 80 bytes, over ``header`` and every message."""
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
        """Return the signature over ``data``."""
        return self.private.sign(data)

    def sign_messages(self, header: bytes, messages: Sequence[bytes]) -> bytes:
        """Return the BBS signature, 80 bytes, over ``header`` and every message."""
        return self.private.sign_messages(header, messages)


def is_secret(algorithm: Algorithm, secret: bytes) -> bool:
    """Tell whether bytes of the right length are a private key: every seed is, and numbers in range are."""
    if algorithm is Algorithm.BBS:
        return 0 < int.from_bytes(secret) < bbs_group.ORDER
    return algorithm not in _CURVES or 0 < int.from_bytes(secret) < _CURVES[algorithm].order


@lru_cache(maxsize=4096)
def _check_public(algorithm: Algorithm, raw: bytes) -> None:
    if algorithm in _CURVES:
        size = 1 + algorithm.size
        if len(raw) != size:
            detail = f"a compressed point of {algorithm.value} has {size} bytes"
            raise MalformedError(detail, code="key_malformed")
        _load_point(algorithm, raw)
        return
    if algorithm is Algorithm.BBS:
        bbs.check_public(raw)
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
        # libsodium takes half of the time that OpenSSL needs, and every verification waits for this.
        crypto_sign_open(signature + data, raw)
    except BadSignatureError:
        raise InvalidSignatureError("the signature does not match") from None


def _verify_ecdsa(algorithm: Algorithm, raw: bytes, signature: bytes, data: bytes) -> None:
    curve = _CURVES[algorithm]
    r, s = int.from_bytes(signature[: curve.size]), int.from_bytes(signature[curve.size :])
    if not (0 < r < curve.order and 0 < s < curve.order):
        raise InvalidSignatureError("a number of the signature is out of range", code="signature_form")
    try:
        _load_point(algorithm, raw).verify(utils.encode_dss_signature(r, s), data, curve.verifying)
    except InvalidSignature:
        raise InvalidSignatureError("the signature does not match") from None


@lru_cache(maxsize=1024)
def _load_point(algorithm: Algorithm, raw: bytes) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVES[algorithm].group, raw)
    except ValueError:
        raise MalformedError(f"the key is no point of {algorithm.value}", code="key_malformed") from None


def _load_private(
    algorithm: Algorithm, secret: bytes
) -> ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | bytes:
    """Return the key as its library holds it; of BBS, which holds none, the public half."""
    if algorithm is Algorithm.ED25519:
        return ed25519.Ed25519PrivateKey.from_private_bytes(secret)
    if algorithm is Algorithm.BBS:
        return bbs.sk_to_pk(secret)
    return ec.derive_private_key(int.from_bytes(secret), _CURVES[algorithm].group)


def _public_bytes(loaded: ed25519.Ed25519PrivateKey | ec.EllipticCurvePrivateKey | bytes) -> bytes:
    if isinstance(loaded, bytes):
        return loaded
    if isinstance(loaded, ed25519.Ed25519PrivateKey):
        return loaded.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return loaded.public_key().public_bytes(Encoding.X962, PublicFormat.CompressedPoint)


def compress_point(x: bytes, y: bytes) -> bytes:
    """Return the compressed point of two coordinates of full length, whether it is on a curve or not.

    The caller compares ``y`` after reading the point back: the compressed form keeps its parity only.
    """
    return bytes([2 + (y[-1] & 1)]) + x


def point_of(key: PublicKey) -> tuple[bytes, bytes]:
    """Return x and y, of full length each, of a key of ECDSA."""
    numbers = _load_point(key.algorithm, key.raw).public_numbers()
    return numbers.x.to_bytes(key.algorithm.size), numbers.y.to_bytes(key.algorithm.size)
