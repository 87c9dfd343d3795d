"""The proofValue of ``bbs-2023``, base and derived, with every feature option: written, and read strictly.

Follows VC-DI-BBS (Candidate Recommendation, draft of 3 April 2025) §3.3
(https://www.w3.org/TR/vc-di-bbs/#bbs-2023-functions); functions bear its names. Its published vectors with a
pseudonym keep an older form than this text, which we read and never write: the feature ``pseudonym`` has the
headers of ``holder_binding_pseudonym``, ``signer_nym_entropy`` is a CBOR bignum (a tag, which the text
forbids), and a derived proof does not name its ``nym_domain``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from certweave.errors import InvalidError
from certweave.keys.bbs_core import PUBLIC_BYTES, SIGNATURE_BYTES
from certweave.keys.bbs_group import POINT_BYTES, SCALAR_BYTES
from certweave.limits import Limits
from certweave.proof.suites.sd import value as form


class Feature(StrEnum):
    """The feature options (§3.4.1)."""

    BASELINE = "baseline"
    HOLDER_BINDING = "anonymous_holder_binding"
    PSEUDONYM = "pseudonym"
    HOLDER_BINDING_PSEUDONYM = "holder_binding_pseudonym"

    @property
    def holder_binding(self) -> bool:
        """Whether only who knows the holder's secret can derive a proof."""
        return self in (Feature.HOLDER_BINDING, Feature.HOLDER_BINDING_PSEUDONYM)

    @property
    def pseudonyms(self) -> bool:
        """Whether a derived proof bears a pseudonym."""
        return self in (Feature.PSEUDONYM, Feature.HOLDER_BINDING_PSEUDONYM)

    @property
    def committed(self) -> int:
        """How many secrets the holder commits to."""
        return self.holder_binding + self.pseudonyms


BASE_HEADERS: Final = {feature: b"\xd9\x5d" + bytes([2 + 2 * n]) for n, feature in enumerate(Feature)}
DERIVED_HEADERS: Final = {feature: b"\xd9\x5d" + bytes([3 + 2 * n]) for n, feature in enumerate(Feature)}
HEADER_BYTES: Final = 64
HMAC_BYTES: Final = 32
_BIGNUM: Final = b"\xc2\x58\x20"
"""Before the 32 bytes of a number, as CBOR has numbers of this size: a tag, then a byte string."""


@dataclass(frozen=True, slots=True)
class BaseValue:
    """The components of a base proof (§3.3.1).

    ``signer_nym_entropy`` is there where ``feature`` has pseudonyms.
    """

    bbs_signature: bytes
    bbs_header: bytes
    public_key: bytes
    hmac_key: bytes
    mandatory_pointers: tuple[str, ...]
    feature: Feature = Feature.BASELINE
    signer_nym_entropy: bytes | None = None


@dataclass(frozen=True, slots=True)
class Bound:
    """What a derived proof says beside, where its holder committed to something (§3.3.6).

    Attributes:
        length: ``lengthBBSMessages``, how many statements the issuer signed one by one.
        pseudonym: a point, 48 bytes; None where ``feature`` has none.
        nym_domain: whom the pseudonym is for; None without one, and in the older form.
    """

    length: int
    pseudonym: bytes | None = None
    nym_domain: str | None = None


@dataclass(frozen=True, slots=True)
class DerivedValue:
    """The components of a derived proof (§3.3.6); ``label_map`` is decompressed.

    ``bound`` is None for the baseline, and for no other feature.
    """

    bbs_proof: bytes
    label_map: Mapping[str, str]
    mandatory_indexes: tuple[int, ...]
    selective_indexes: tuple[int, ...]
    presentation_header: bytes
    feature: Feature = Feature.BASELINE
    bound: Bound | None = None


def serialize_base_proof_value(value: BaseValue) -> bytes:
    """§3.3.1 serializeBaseProofValue, without Multibase."""
    components: list[Any] = [
        value.bbs_signature,
        value.bbs_header,
        value.public_key,
        value.hmac_key,
        list(value.mandatory_pointers),
    ]
    if value.signer_nym_entropy is not None:
        components.append(value.signer_nym_entropy)
    return form.serialize_components(BASE_HEADERS[value.feature], components)


def parse_base_proof_value(data: bytes, *, limits: Limits) -> BaseValue:
    """§3.3.2 parseBaseProofValue, after Multibase.

    Raises:
        MalformedProofError: it is not such a value (``sd_value``).
        InvalidError: it is a derived proof (``sd_derived_proof``).
        UndecidedError: larger than ``limits`` allow.
    """
    if data.startswith(tuple(DERIVED_HEADERS.values())):
        raise form.derived_proof()
    feature = _find_feature(data, BASE_HEADERS)
    count = 6 if feature.pseudonyms else 5
    signature, header, key, hmac_key, pointers, *entropy = form.parse_components(
        _untag(data, feature), BASE_HEADERS[feature], count, limits=limits
    )
    return BaseValue(
        form.take_bytes(signature, SIGNATURE_BYTES, "bbsSignature"),
        form.take_bytes(header, HEADER_BYTES, "bbsHeader"),
        form.take_bytes(key, PUBLIC_BYTES, "publicKey"),
        form.take_bytes(hmac_key, HMAC_BYTES, "hmacKey"),
        form.take_pointers(pointers, limits=limits),
        feature,
        form.take_bytes(entropy[0], SCALAR_BYTES, "signer_nym_entropy") if entropy else None,
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
    components: list[Any] = [
        value.bbs_proof,
        compress_label_map(value.label_map),
        list(value.mandatory_indexes),
        list(value.selective_indexes),
        value.presentation_header,
    ]
    if value.bound is not None:
        if value.feature.pseudonyms:
            components += [value.bound.nym_domain, value.bound.pseudonym]
        components.append(value.bound.length)
    return form.serialize_components(DERIVED_HEADERS[value.feature], components)


def parse_derived_proof_value(data: bytes, *, limits: Limits) -> DerivedValue:
    """§3.3.7 parseDerivedProofValue, after Multibase.

    Raises:
        MalformedProofError: it is not such a value (``sd_value``).
        InvalidError: it is a base proof (``sd_base_proof``), or its indexes or its label map are not in order
            (``sd_indexes``, ``sd_label_map``).
        UndecidedError: larger than ``limits`` allow.
    """
    if data.startswith(tuple(BASE_HEADERS.values())):
        raise form.base_proof()
    feature = _find_feature(data, DERIVED_HEADERS)
    components = form.parse_components(
        data, DERIVED_HEADERS[feature], *_DERIVED_COUNTS[feature], limits=limits
    )
    proof, label_map, mandatory, selective, header, *bound = components
    return DerivedValue(
        form.take_any_bytes(proof, "bbsProof"),
        decompress_label_map(_take_label_map(label_map, limits)),
        form.take_indexes(mandatory, "mandatoryIndexes", limits=limits),
        form.take_indexes(selective, "selectiveIndexes", limits=limits),
        form.take_any_bytes(header, "presentationHeader"),
        feature,
        _take_bound(bound, limits) if bound else None,
    )


_DERIVED_COUNTS: Final = {
    Feature.BASELINE: (5,),
    Feature.HOLDER_BINDING: (6,),
    Feature.PSEUDONYM: (8,),
    Feature.HOLDER_BINDING_PSEUDONYM: (8, 7),
}
"""Components of a derived proof; seven are the older form."""


def _find_feature(data: bytes, headers: Mapping[Feature, bytes]) -> Feature:
    """Return the feature of a header; of an unknown one the first, whose parser then says what is wrong."""
    found = [feature for feature, header in headers.items() if data.startswith(header)]
    return found[0] if found else Feature.BASELINE


def _untag(data: bytes, feature: Feature) -> bytes:
    """Return a base proof of the older form without the tag before its last component.

    In the form of the text, a text or the head of an array ends there, and neither can be this byte.
    """
    place = len(data) - SCALAR_BYTES - len(_BIGNUM)
    if feature is Feature.HOLDER_BINDING_PSEUDONYM and data.startswith(_BIGNUM, max(place, 0)):
        return data[:place] + data[place + 1 :]
    return data


def _take_bound(components: list[Any], limits: Limits) -> Bound:
    *named, length = components
    if type(length) is not int or length < 0:
        raise form.malformed("lengthBBSMessages is not a number")
    form.check_count(length, limits)
    if not named:
        return Bound(length)
    *domain, pseudonym = named
    if not all(isinstance(text, str) for text in domain):
        raise form.malformed("nym_domain is not a text")
    return Bound(length, form.take_bytes(pseudonym, POINT_BYTES, "pseudonym"), domain[0] if domain else None)


def _take_label_map(value: object, limits: Limits) -> dict[int, int]:
    compressed = form.take_label_keys(value, limits=limits)
    if not all(type(signed) is int for signed in compressed.values()):
        raise form.malformed("a label of labelMap is not a number")
    if any(signed < 0 for signed in compressed.values()):
        raise InvalidError("a label of the label map is out of range", code="sd_label_map")
    # Each is the place of a blank node among those of the whole document, and each node makes a statement.
    form.check_count(max(compressed.values(), default=-1) + 1, limits)
    return compressed
