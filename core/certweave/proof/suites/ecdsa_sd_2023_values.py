"""The proofValue of ``ecdsa-sd-2023``, base and derived: written, and read strictly.

Follows VC-DI-ECDSA v1.0 §3.5 (https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023-functions); functions bear its
names. The text gives a proof-scoped public key 36 bytes in one place (§3.5.8), but describes 35 (§2.2.1) and
publishes vectors of 35.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.errors import InvalidError, MalformedError
from certweave.keys.model import MULTIKEY_PREFIX, Algorithm, PublicKey
from certweave.limits import Limits
from certweave.proof.suites.sd import value as form

BASE_HEADER: Final = b"\xd9\x5d\x00"
DERIVED_HEADER: Final = b"\xd9\x5d\x01"
SIGNATURE_BYTES: Final = 64
KEY_BYTES: Final = 35
HMAC_BYTES: Final = 32
_PREFIX: Final = MULTIKEY_PREFIX[Algorithm.P256]


@dataclass(frozen=True, slots=True)
class BaseValue:
    """The five components of a base proof (§3.5.2)."""

    base_signature: bytes
    public_key: PublicKey
    hmac_key: bytes
    signatures: tuple[bytes, ...]
    mandatory_pointers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """The five components of a derived proof (§3.5.7); ``label_map`` is decompressed."""

    base_signature: bytes
    public_key: PublicKey
    signatures: tuple[bytes, ...]
    label_map: Mapping[str, str]
    mandatory_indexes: tuple[int, ...]


def key_bytes(key: PublicKey) -> bytes:
    """Return a proof-scoped key as the proof holds it: a Multikey without Multibase."""
    return _PREFIX + key.raw


def serialize_base_proof_value(value: BaseValue) -> bytes:
    """§3.5.2 serializeBaseProofValue, without Multibase."""
    return form.serialize_components(
        BASE_HEADER,
        [
            value.base_signature,
            key_bytes(value.public_key),
            value.hmac_key,
            list(value.signatures),
            list(value.mandatory_pointers),
        ],
    )


def parse_base_proof_value(data: bytes, *, limits: Limits) -> BaseValue:
    """§3.5.3 parseBaseProofValue, after Multibase.

    Raises:
        MalformedProofError: it is not such a value (``sd_value``).
        InvalidError: it is a derived proof (``sd_derived_proof``).
        UndecidedError: larger than ``limits`` allow.
    """
    if data.startswith(DERIVED_HEADER):
        raise form.derived_proof()
    signature, key, hmac_key, signatures, pointers = form.parse_components(
        data, BASE_HEADER, 5, limits=limits
    )
    return BaseValue(
        form.take_bytes(signature, SIGNATURE_BYTES, "baseSignature"),
        _take_key(key),
        form.take_bytes(hmac_key, HMAC_BYTES, "hmacKey"),
        _take_signatures(signatures, limits),
        form.take_pointers(pointers, limits=limits),
    )


def compress_label_map(label_map: Mapping[str, str]) -> dict[int, bytes]:
    """§3.5.5 compressLabelMap."""
    return {
        form.label_number(label, "c14n"): base64url_decode(signed.removeprefix("u"))
        for label, signed in label_map.items()
    }


def decompress_label_map(compressed: Mapping[int, bytes]) -> dict[str, str]:
    """§3.5.6 decompressLabelMap."""
    return {f"c14n{number}": "u" + base64url_encode(digest) for number, digest in compressed.items()}


def serialize_derived_proof_value(value: DerivedValue) -> bytes:
    """§3.5.7 serializeDerivedProofValue, without Multibase."""
    return form.serialize_components(
        DERIVED_HEADER,
        [
            value.base_signature,
            key_bytes(value.public_key),
            list(value.signatures),
            compress_label_map(value.label_map),
            list(value.mandatory_indexes),
        ],
    )


def parse_derived_proof_value(data: bytes, *, limits: Limits) -> DerivedValue:
    """§3.5.8 parseDerivedProofValue, after Multibase.

    Raises:
        MalformedProofError: it is not such a value (``sd_value``).
        InvalidError: it is a base proof (``sd_base_proof``), or its indexes or its label map are not in order
            (``sd_indexes``, ``sd_label_map``).
        UndecidedError: larger than ``limits`` allow.
    """
    if data.startswith(BASE_HEADER):
        raise form.base_proof()
    signature, key, signatures, label_map, indexes = form.parse_components(
        data, DERIVED_HEADER, 5, limits=limits
    )
    compressed = {
        number: form.take_bytes(digest, HMAC_BYTES, "a label of labelMap")
        for number, digest in form.take_label_keys(label_map, limits=limits).items()
    }
    return DerivedValue(
        form.take_bytes(signature, SIGNATURE_BYTES, "baseSignature"),
        _take_key(key),
        _take_signatures(signatures, limits),
        decompress_label_map(compressed),
        form.take_indexes(indexes, "mandatoryIndexes", limits=limits),
    )


def _take_key(value: object) -> PublicKey:
    data = form.take_bytes(value, KEY_BYTES, "publicKey")
    if not data.startswith(_PREFIX):
        raise form.malformed("publicKey is not a key of P-256")
    try:
        return PublicKey(Algorithm.P256, data[len(_PREFIX) :])
    except (MalformedError, InvalidError) as error:
        raise form.malformed(error.detail) from None


def _take_signatures(value: object, limits: Limits) -> tuple[bytes, ...]:
    signatures: Sequence[object] = form.take_list(value, "signatures", limits=limits)
    return tuple(form.take_bytes(one, SIGNATURE_BYTES, "a signature") for one in signatures)
