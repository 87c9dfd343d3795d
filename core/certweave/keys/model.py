"""Keys and signatures: Ed25519 (RFC 8032), ECDSA over P-256, P-384 and P-521 with its SHA-2 (FIPS 186-5).

https://www.rfc-editor.org/rfc/rfc8032 · https://csrc.nist.gov/pubs/fips/186-5/final. A ``PublicKey`` that
exists is usable: construction refuses weak points and second encodings, whatever the library beneath
accepts. What a scheme does is in ed25519.py, ecdsa.py and bbs.py; each of them, and its library, is loaded
when the first key of its kind comes. Text forms are in multikey.py and jwk.py; whose key it is, nobody here
knows.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache, partial
from typing import Protocol, runtime_checkable

from certweave.encoding.multibase import encode_multibase
from certweave.errors import InvalidError, InvalidSignatureError, MalformedError
from certweave.keys.algorithm import ECDSA_ORDER, JWS_ALGORITHMS, MULTIKEY_PREFIX, Algorithm

__all__ = [
    "JWS_ALGORITHMS",
    "MULTIKEY_PREFIX",
    "Algorithm",
    "Committed",
    "KeySigner",
    "MessagesSigner",
    "PrivateKey",
    "PublicKey",
    "Signer",
    "is_secret",
]


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
        size, verify = _verifier(self.algorithm)
        if len(signature) != size:
            detail = f"a signature for {self.algorithm.value} has {size} bytes"
            raise InvalidSignatureError(detail, code="signature_form")
        verify(self.raw, signature, data)


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
    _public: bytes = field(init=False, repr=False, compare=False)
    _sign: Callable[[bytes], bytes] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse what is not a usable key."""
        if len(self.secret) != self.algorithm.size:
            detail = f"a private key for {self.algorithm.value} has {self.algorithm.size} bytes"
            raise MalformedError(detail, code="key_malformed")
        if not is_secret(self.algorithm, self.secret):
            detail = f"the number is no private key of {self.algorithm.value}"
            raise MalformedError(detail, code="key_malformed")
        # Loading costs as much as signing, so it is done once; the loaded key dies with this value.
        public, sign = _load_private(self.algorithm, self.secret)
        object.__setattr__(self, "_public", public)
        object.__setattr__(self, "_sign", sign)

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self.algorithm, self._public)

    def sign(self, data: bytes) -> bytes:
        """Return the signature over ``data``, in the form that ``PublicKey.verify`` takes.

        Raises:
            InvalidError: a BBS key, which signs no string of bytes (``key_algorithm``).
        """
        return self._sign(data)

    def sign_messages(
        self, header: bytes, messages: Sequence[bytes], committed: "Committed | None" = None
    ) -> bytes:
        """Return the BBS signature, 80 bytes, over ``header``, every message, and what is ``committed``.

        Raises:
            InvalidError: a key of another kind, which signs no lists (``key_algorithm``); the commitment does
                not hold (``commitment_wrong``).
            MalformedError: the commitment cannot be read.
        """
        if self.algorithm is not Algorithm.BBS:
            raise InvalidError("only a BBS key signs lists of messages", code="key_algorithm")
        if committed is None:
            from certweave.keys import bbs

            return bbs.sign(self.secret, header, messages)
        return _sign_committed(self.secret, header, messages, committed)


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


@dataclass(frozen=True, slots=True)
class Committed:
    """What a holder committed to, for a BBS key to sign without seeing it.

    Attributes:
        with_proof: the commitment and the proof that the holder knows what is inside.
        count: how many messages it is to, a secret for pseudonyms included.
        signer_nym_entropy: the signer's part of a secret for pseudonyms, a number in 32 bytes; None where the
            holder wants no pseudonyms.
    """

    with_proof: bytes
    count: int
    signer_nym_entropy: bytes | None = None


@runtime_checkable
class MessagesSigner(Protocol):
    """What signs lists of messages beside: a signer with a BBS key."""

    def sign_messages(
        self, header: bytes, messages: Sequence[bytes], committed: Committed | None = None
    ) -> bytes:
        """Return the BBS signature, 80 bytes, over ``header``, every message, and what is ``committed``."""
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

    def sign_messages(
        self, header: bytes, messages: Sequence[bytes], committed: Committed | None = None
    ) -> bytes:
        """Return the BBS signature, 80 bytes, over ``header``, every message, and what is ``committed``."""
        return self.private.sign_messages(header, messages, committed)


def is_secret(algorithm: Algorithm, secret: bytes) -> bool:
    """Tell whether bytes of the right length are a private key: every seed is, and numbers in range are."""
    if algorithm is Algorithm.BBS:
        from certweave.keys import bbs_group

        return 0 < int.from_bytes(secret) < bbs_group.ORDER
    return algorithm not in ECDSA_ORDER or 0 < int.from_bytes(secret) < ECDSA_ORDER[algorithm]


@lru_cache(maxsize=4096)
def _check_public(algorithm: Algorithm, raw: bytes) -> None:
    if algorithm is Algorithm.ED25519:
        from certweave.keys import ed25519

        ed25519.check_public(raw)
    elif algorithm is Algorithm.BBS:
        from certweave.keys import bbs

        bbs.check_public(raw)
    else:
        from certweave.keys import ecdsa

        ecdsa.check_public(algorithm, raw)


@cache
def _verifier(algorithm: Algorithm) -> tuple[int, Callable[[bytes, bytes, bytes], None]]:
    """Return how many bytes a signature has, and what verifies one."""
    if algorithm is Algorithm.BBS:
        detail = "a BBS key signs lists of messages, and this is none"
        raise InvalidSignatureError(detail, code="signature_form")
    if algorithm is Algorithm.ED25519:
        from certweave.keys import ed25519

        return 2 * algorithm.size, ed25519.verify
    from certweave.keys import ecdsa

    return 2 * algorithm.size, partial(ecdsa.verify, algorithm)


def _load_private(algorithm: Algorithm, secret: bytes) -> tuple[bytes, Callable[[bytes], bytes]]:
    """Return the public half of a key, and what signs a string of bytes with it."""
    if algorithm is Algorithm.ED25519:
        from certweave.keys import ed25519

        return ed25519.load_private(secret)
    if algorithm is Algorithm.BBS:
        from certweave.keys import bbs

        return bbs.sk_to_pk(secret), _sign_nothing
    from certweave.keys import ecdsa

    return ecdsa.load_private(algorithm, secret)


def _sign_nothing(_data: bytes) -> bytes:
    raise InvalidError("a BBS key signs lists of messages only", code="key_algorithm")


def _sign_committed(secret: bytes, header: bytes, messages: Sequence[bytes], committed: Committed) -> bytes:
    if committed.signer_nym_entropy is None:
        from certweave.keys.bbs_blind import blind_sign

        return blind_sign(
            secret,
            header,
            messages,
            commitment_with_proof=committed.with_proof,
            committed=committed.count,
        )
    from certweave.keys.bbs_pseudonym import blind_sign_with_nym

    return blind_sign_with_nym(
        secret,
        header,
        messages,
        commitment_with_proof=committed.with_proof,
        committed=committed.count,
        signer_nym_entropy=committed.signer_nym_entropy,
    )
