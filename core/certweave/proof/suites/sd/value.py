"""The proofValue of a suite of selective disclosure: three bytes that say what it is, then strict CBOR.

VC-DI-ECDSA v1.0 §3.5 (https://www.w3.org/TR/vc-di-ecdsa/#ecdsa-sd-2023-functions) and VC-DI-BBS §3.3
(https://www.w3.org/TR/vc-di-bbs/#bbs-2023-functions). The components may bear no CBOR tags, and there are
exactly as many as the suite has.
"""

import re
from itertools import pairwise
from typing import Any, Final

from certweave.encoding.cbor import CborValue, decode_cbor, encode_cbor
from certweave.errors import Cause, InvalidError, MalformedError, MalformedProofError, UndecidedError
from certweave.limits import Limits

HEADER_BYTES: Final = 3


def serialize_components(header: bytes, components: list[CborValue]) -> bytes:
    """Return a proofValue: the header, then the components as a CBOR array."""
    return header + encode_cbor(components)


def parse_components(value: bytes, header: bytes, *counts: int, limits: Limits) -> list[Any]:
    """Return the components of a proofValue that starts with ``header``, as many as one of ``counts``.

    Raises:
        MalformedProofError: another header, no CBOR array, or of another length (``sd_value``).
        UndecidedError: larger or deeper than ``limits`` allow.
    """
    if not value.startswith(header):
        raise malformed(f"it starts with {value[:HEADER_BYTES].hex() or 'nothing'}, not with {header.hex()}")
    try:
        components = decode_cbor(value[HEADER_BYTES:], limits=limits)
    except MalformedError as error:
        raise malformed(error.detail) from None
    if not isinstance(components, list) or len(components) not in counts:
        raise malformed(f"it does not hold {' or '.join(map(str, counts))} components")
    return components


def malformed(detail: str) -> MalformedProofError:
    """Return the error for a proofValue that cannot be read."""
    return MalformedProofError(f"the proofValue is malformed: {detail}", code="sd_value")


def base_proof() -> InvalidError:
    """Return the error for a base proof where a derived one is due."""
    detail = "this is a base proof, which is for the holder alone: show a credential derived from it"
    return InvalidError(detail, code="sd_base_proof")


def derived_proof() -> InvalidError:
    """Return the error for a derived proof where a base proof is due."""
    detail = "this proof is derived already, and nothing can be derived from it"
    return InvalidError(detail, code="sd_derived_proof")


def take_bytes(value: Any, size: int, name: str) -> bytes:
    """Return ``value``, which must be a byte string of ``size`` bytes."""
    if not isinstance(value, bytes) or len(value) != size:
        raise malformed(f"{name} is not a byte string of {size} bytes")
    return value


def take_any_bytes(value: Any, name: str) -> bytes:
    """Return ``value``, which must be a byte string."""
    if not isinstance(value, bytes):
        raise malformed(f"{name} is not a byte string")
    return value


def check_count(count: int, limits: Limits) -> None:
    """Check a number of statements against ``limits.statements``.

    Raises:
        UndecidedError: too many (``limit_statements``).
    """
    if count > limits.statements:
        detail = f"it is about more than {limits.statements} statements"
        raise UndecidedError(detail, code="limit_statements", cause=Cause.LIMIT)


def take_list(value: Any, name: str, *, limits: Limits) -> list[Any]:
    """Return ``value``, which must be an array; it has something about each statement, or about some."""
    if not isinstance(value, list):
        raise malformed(f"{name} is not an array")
    check_count(len(value), limits)
    return value


def take_pointers(value: Any, *, limits: Limits) -> tuple[str, ...]:
    """Return ``value``, which must be an array of texts."""
    pointers = take_list(value, "mandatoryPointers", limits=limits)
    if not all(isinstance(pointer, str) for pointer in pointers):
        raise malformed("mandatoryPointers are not texts")
    return tuple(pointers)


def take_indexes(value: Any, name: str, *, limits: Limits) -> tuple[int, ...]:
    """Return ``value``, which must be an array of numbers, none negative and none twice, in ascending order.

    Stricter than the texts, which ask for numbers only: in any other order they would mean the same, and two
    proofs that differ would be one.
    """
    indexes = take_list(value, name, limits=limits)
    if not all(type(index) is int and index >= 0 for index in indexes):
        raise malformed(f"{name} are not numbers")
    if any(left >= right for left, right in pairwise(indexes)):
        detail = f"{name} of the proof do not ascend, or one is there twice"
        raise InvalidError(detail, code="sd_indexes")
    return tuple(indexes)


def take_label_keys(value: Any, *, limits: Limits) -> dict[int, Any]:
    """Return ``value``, which must be a map whose keys are the numbers from 0 on, without a gap.

    Raises:
        MalformedProofError: it is no map of numbers (``sd_value``).
        InvalidError: a number is missing (``sd_label_map``).
        UndecidedError: more than there may be statements (``limit_statements``).
    """
    if not isinstance(value, dict) or not all(type(key) is int for key in value):
        raise malformed("labelMap is not a map of numbers")
    check_count(len(value), limits)
    if value.keys() != set(range(len(value))):
        raise InvalidError("the label map of the proof leaves numbers out", code="sd_label_map")
    return value


def label_number(label: str, prefix: str) -> int:
    """Return the number in a label such as ``c14n0`` or ``b3``."""
    number = label.removeprefix(prefix)
    if not re.fullmatch("0|[1-9][0-9]*", number):
        raise ValueError(f"{label!a} is not a label that starts with {prefix}")
    return int(number)
