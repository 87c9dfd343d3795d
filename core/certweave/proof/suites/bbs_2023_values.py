"""The proofValue of ``bbs-2023``, base and derived: written, and read strictly.

Follows VC-DI-BBS (Candidate Recommendation) §3.3 (https://www.w3.org/TR/vc-di-bbs/#bbs-2023-functions);
functions bear its names. Only the feature option ``baseline``: values of the others are known by their
headers and are unsupported, not wrong.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from certweave.errors import InvalidError, UnsupportedError
from certweave.keys.bbs_core import PUBLIC_BYTES, SIGNATURE_BYTES
from certweave.limits import Limits
from certweave.proof.suites.sd import value as form

BASE_HEADER: Final = b"\xd9\x5d\x02"
DERIVED_HEADER: Final = b"\xd9\x5d\x03"
_BASE_FEATURES: Final = (b"\xd9\x5d\x04", b"\xd9\x5d\x06", b"\xd9\x5d\x08")
_DERIVED_FEATURES: Final = (b"\xd9\x5d\x05", b"\xd9\x5d\x07", b"\xd9\x5d\x09")
HEADER_BYTES: Final = 64
HMAC_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class BaseValue:
    """The five components of a base proof (§3.3.1)."""

    bbs_signature: bytes
    bbs_header: bytes
    public_key: bytes
    hmac_key: bytes
    mandatory_pointers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """The five components of a derived proof (§3.3.6); ``label_map`` is decompressed."""

    bbs_proof: bytes
    label_map: Mapping[str, str]
    mandatory_indexes: tuple[int, ...]
    selective_indexes: tuple[int, ...]
    presentation_header: bytes


def serialize_base_proof_value(value: BaseValue) -> bytes:
    """§3.3.1 serializeBaseProofValue, without Multibase."""
    return form.serialize_components(
        BASE_HEADER,
        [
            value.bbs_signature,
            value.bbs_header,
            value.public_key,
            value.hmac_key,
            list(value.mandatory_pointers),
        ],
    )


def parse_base_proof_value(data: bytes, *, limits: Limits) -> BaseValue:
    """§3.3.2 parseBaseProofValue, after Multibase.

    Raises:
        MalformedProofError: it is not such a value (``sd_value``).
        InvalidError: it is a derived proof (``sd_derived_proof``).
        UnsupportedError: it is made for a holder's secret or a pseudonym (``bbs_feature``).
        UndecidedError: larger than ``limits`` allow.
    """
    if data.startswith((DERIVED_HEADER, *_DERIVED_FEATURES)):
        raise form.derived_proof()
    if data.startswith(_BASE_FEATURES):
        raise _feature()
    signature, header, key, hmac_key, pointers = form.parse_components(data, BASE_HEADER, 5, limits=limits)
    return BaseValue(
        form.take_bytes(signature, SIGNATURE_BYTES, "bbsSignature"),
        form.take_bytes(header, HEADER_BYTES, "bbsHeader"),
        form.take_bytes(key, PUBLIC_BYTES, "publicKey"),
        form.take_bytes(hmac_key, HMAC_BYTES, "hmacKey"),
        form.take_pointers(pointers, limits=limits),
    )


def compress_label_map(label_map: Mapping[str, str]) -> dict[int, int]:
    """§3.3.4 compressLabelMap."""
    return {
        form.label_number(label, "c14n"): form.label_number(signed, "b")
        for label, signed in label_map.items()
    }


def decompress_label_map(compressed: Mapping[int, int]) -> dict[str, str]:
    """§3.3.5 decompressLabelMap."""
    return {f"c14n{number}": f"b{signed}" for number, signed in compressed.items()}


def serialize_derived_proof_value(value: DerivedValue) -> bytes:
    """§3.3.6 serializeDerivedProofValue, without Multibase."""
    return form.serialize_components(
        DERIVED_HEADER,
        [
            value.bbs_proof,
            compress_label_map(value.label_map),
            list(value.mandatory_indexes),
            list(value.selective_indexes),
            value.presentation_header,
        ],
    )


def parse_derived_proof_value(data: bytes, *, limits: Limits) -> DerivedValue:
    """§3.3.7 parseDerivedProofValue, after Multibase.

    Raises:
        MalformedProofError: it is not such a value (``sd_value``).
        InvalidError: it is a base proof (``sd_base_proof``), or its indexes or its label map are not in order
            (``sd_indexes``, ``sd_label_map``).
        UnsupportedError: it is made with a holder's secret or a pseudonym (``bbs_feature``).
        UndecidedError: larger than ``limits`` allow.
    """
    if data.startswith((BASE_HEADER, *_BASE_FEATURES)):
        raise form.base_proof()
    if data.startswith(_DERIVED_FEATURES):
        raise _feature()
    proof, label_map, mandatory, selective, header = form.parse_components(
        data, DERIVED_HEADER, 5, limits=limits
    )
    return DerivedValue(
        form.take_any_bytes(proof, "bbsProof"),
        decompress_label_map(_take_label_map(label_map, limits)),
        form.take_indexes(mandatory, "mandatoryIndexes", limits=limits),
        form.take_indexes(selective, "selectiveIndexes", limits=limits),
        form.take_any_bytes(header, "presentationHeader"),
    )


def _take_label_map(value: object, limits: Limits) -> dict[int, int]:
    compressed = form.take_label_keys(value, limits=limits)
    if not all(type(signed) is int for signed in compressed.values()):
        raise form.malformed("a label of labelMap is not a number")
    if not all(0 <= signed < limits.statements for signed in compressed.values()):
        raise InvalidError("a label of the label map is out of range", code="sd_label_map")
    return compressed


def _feature() -> UnsupportedError:
    detail = "bbs-2023 with a holder's secret or a pseudonym is not one that we have"
    return UnsupportedError(detail, code="bbs_feature")
