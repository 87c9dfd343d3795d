"""Digests that name their algorithm: Multihash in Multibase, and Subresource Integrity.

Follows Controlled Identifiers 1.0 §2.5 (https://www.w3.org/TR/cid-1.0/#multihash), VCDM 2.0 §5.3
(https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources) and SRI
(https://www.w3.org/TR/SRI/). We write SHA-256 only; we check SHA-256, SHA-384 and SHA-512.
"""

import binascii
import hashlib
from hmac import compare_digest

from certweave.encoding.multibase import decode_multibase, encode_multibase
from certweave.errors import InvalidError, MalformedError, UnsupportedError

_BY_CODE = {0x12: ("sha256", 32), 0x20: ("sha384", 48), 0x13: ("sha512", 64)}
_TO_BASE64 = str.maketrans("-_", "+/")
_SRI_ORDER = ("sha256", "sha384", "sha512")


def sha256_multihash(data: bytes) -> bytes:
    """Return the SHA-256 Multihash of ``data``: 0x12 0x20 and the digest."""
    return b"\x12\x20" + hashlib.sha256(data).digest()


def make_digest_multibase(data: bytes) -> str:
    """Return the ``digestMultibase`` of ``data``: base58btc over its SHA-256 Multihash."""
    return encode_multibase(sha256_multihash(data))


def check_digest_multibase(data: bytes, text: str) -> None:
    """Hold ``data`` against a ``digestMultibase``.

    Raises:
        MalformedError: ``text`` is no Multihash.
        UnsupportedError: it names an algorithm that we do not have.
        InvalidError: the digest is that of other bytes.
    """
    name, digest = parse_multihash(decode_multibase(text))
    _check_equal(hashlib.new(name, data).digest(), [digest])


def parse_multihash(multihash: bytes) -> tuple[str, bytes]:
    """Return the name of the hash and the digest of a Multihash.

    Raises:
        MalformedError: it is none.
        UnsupportedError: it names an algorithm that we do not have.
    """
    if len(multihash) < 2:
        raise MalformedError("the digest is too short to be a Multihash", code="digest_malformed")
    known = _BY_CODE.get(multihash[0])
    if known is None:
        detail = f"the hash algorithm {multihash[0]:#04x} of the digest is not one we compute"
        raise UnsupportedError(detail, code="digest_algorithm")
    name, size = known
    if multihash[1] != size or len(multihash) != size + 2:
        raise MalformedError(f"a {name} Multihash has {size} bytes of digest", code="digest_malformed")
    return name, multihash[2:]


def check_digest_sri(data: bytes, text: str) -> None:
    """Hold ``data`` against a ``digestSRI``: of several digests the strongest algorithm counts (SRI §3.3.4).

    Raises:
        MalformedError: ``text`` is empty or a digest is not base64 of the right length.
        UnsupportedError: no digest has an algorithm that we compute.
        InvalidError: the digest is that of other bytes.
    """
    strongest, digests = parse_digest_sri(text)
    _check_equal(hashlib.new(strongest, data).digest(), digests)


def parse_digest_sri(text: str) -> tuple[str, list[bytes]]:
    """Return the strongest hash of a ``digestSRI`` that we compute, and the digests by it.

    Raises:
        MalformedError, UnsupportedError: as ``check_digest_sri``.
    """
    found: dict[str, list[bytes]] = {}
    for token in text.split():
        name, dash, rest = token.partition("-")
        if not dash:
            raise MalformedError("an integrity value has the form algorithm-digest", code="digest_malformed")
        if name in _SRI_ORDER:
            found.setdefault(name, []).append(_decode_sri(name, rest.partition("?")[0]))
    if not text.split():
        raise MalformedError("the integrity value is empty", code="digest_malformed")
    if not found:
        raise UnsupportedError("the integrity value names no algorithm we compute", code="digest_algorithm")
    strongest = max(found, key=_SRI_ORDER.index)
    return strongest, found[strongest]


def _decode_sri(name: str, text: str) -> bytes:
    # Content Security Policy, base64-value: in either alphabet, with up to two signs of padding or without.
    body = text.translate(_TO_BASE64).rstrip("=")
    try:
        if len(text) - len(body) > 2:
            raise ValueError("more padding than there can be")
        digest = binascii.a2b_base64((body + "=" * (-len(body) % 4)).encode("ascii"), strict_mode=True)
    except ValueError:
        raise MalformedError("an integrity digest is not base64", code="digest_malformed") from None
    if len(digest) != hashlib.new(name).digest_size:
        raise MalformedError(f"an integrity digest is no {name} digest", code="digest_malformed")
    return digest


def _check_equal(digest: bytes, expected: list[bytes]) -> None:
    if not any(compare_digest(digest, one) for one in expected):
        raise InvalidError("the digest is not that of the document found", code="digest_mismatch")
