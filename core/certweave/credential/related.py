"""What a credential points to, held against the digests that it gives.

Follows VCDM 2.0 §5.3 (https://www.w3.org/TR/vc-data-model-2.0/#integrity-of-related-resources). A
``digestMultibase`` is read with the Multihash header that Controlled Identifiers 1.0 §2.5 gives it, and
without, as some write it. Nothing is fetched: only what is at hand is compared.
"""

import hashlib
from collections.abc import Mapping
from typing import Final

from certweave.credential.shapes import digests_of, objects_of
from certweave.encoding.multibase import decode_multibase
from certweave.encoding.multihash import (
    check_digest_multibase,
    check_digest_sri,
    parse_digest_sri,
    parse_multihash,
)
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import CertweaveError, InvalidError, MalformedError, UnsupportedError

_BARE: Final = {32: "sha256", 48: "sha384", 64: "sha512"}


def check_related_resources(
    document: JsonObject, resources: Mapping[str, bytes], *, digests: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Check the digest of every related resource that is at hand.

    Args:
        document: a credential whose ``relatedResource`` has the right shape (``check_credential``).
        resources: the bytes of what is at hand, by URL.
        digests: SHA-256 in hexadecimal of what is known but not at hand, by URL, such as
            ``ContextStore.raw_digests``; it decides about SHA-256 only.

    Returns:
        The places of those resources that could not be compared, as JSON Pointers.

    Raises:
        InvalidError: other bytes are at hand than the credential was made over (``digest_mismatch``); a
            digest is no text (``related_resource_digest``).
        MalformedError: a digest is none (``digest_malformed``).
        UnsupportedError: a digest of an algorithm that we do not compute (``digest_algorithm``).
    """
    left = []
    for path, item in objects_of(document, "relatedResource"):
        url = str(item.get("id"))
        if url in resources:
            check_digests(item, resources[url], path=path)
        elif digests is None or url not in digests or not _check_known(item, digests[url], path=path):
            left.append(path)
    return tuple(left)


def check_digest_forms(item: JsonObject, path: str) -> bool:
    """Check that each digest of ``item`` is one, whatever it is of; tell whether there is one.

    One by an algorithm that we do not compute, or in a base that we do not read, is for others to compare.

    Raises:
        MalformedError: a digest is none (``digest_malformed``, or as ``decode_multibase``).
        InvalidError: it is no text (``related_resource_digest``).
    """
    found = digests_of(item, path)
    for name, text in found:
        try:
            if name == "digestSRI":
                parse_digest_sri(text)
            elif len(bare := decode_multibase(text)) not in _BARE:
                parse_multihash(bare)
        except UnsupportedError:
            continue
        except MalformedError as error:
            error.path = join(path, name)
            raise
    return bool(found)


def check_digests(item: JsonObject, content: bytes, *, path: str) -> None:
    """Hold ``content`` against ``digestSRI`` and each ``digestMultibase`` of ``item``, where they are there.

    Raises:
        InvalidError, MalformedError, UnsupportedError: as ``check_related_resources``; ``path`` names the
            digest.
    """
    for name, text in digests_of(item, path):
        try:
            _CHECKS[name](content, text)
        except CertweaveError as error:
            error.path = join(path, name)
            raise


def _check_multibase(content: bytes, text: str) -> None:
    bare = decode_multibase(text)
    if len(bare) in _BARE:  # no Multihash has one of these lengths
        if hashlib.new(_BARE[len(bare)], content).digest() != bare:
            raise InvalidError("the digest is not that of the document found", code="digest_mismatch")
        return
    check_digest_multibase(content, text)


_CHECKS: Final = {"digestSRI": check_digest_sri, "digestMultibase": _check_multibase}


def _check_known(item: JsonObject, sha256: str, *, path: str) -> bool:
    """Compare the SHA-256 digests of ``item`` with a known one; tell whether there was one to compare."""
    known, compared = bytes.fromhex(sha256), False
    for name, text in digests_of(item, path):
        given = _given_sha256(name, text)
        if given is None:
            continue
        compared = True
        if known not in given:
            detail = "the digest is not that of the document that is known by this URL"
            raise InvalidError(detail, code="digest_mismatch", path=join(path, name))
    return compared


def _given_sha256(name: str, value: str) -> set[bytes] | None:
    """Return the SHA-256 digests that a value gives; None where it gives none, or a stronger one counts."""
    if name == "digestMultibase":
        raw = decode_multibase(value)
        if len(raw) == 32:
            return {raw}
        return {raw[2:]} if raw[:2] == b"\x12\x20" and len(raw) == 34 else None
    try:
        strongest, digests = parse_digest_sri(value)
    except UnsupportedError:
        return None
    return set(digests) if strongest == "sha256" else None
