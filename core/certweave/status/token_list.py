"""Token status lists: reading one status of a verified list, and making lists to be signed.

Follows draft-ietf-oauth-status-list (https://datatracker.ietf.org/doc/draft-ietf-oauth-status-list/) §4 to
§8, in the state of April 2026. The rules are those of both forms; what only the one in CBOR has is in
token_list_cwt.py. Whether the list's own signature holds, and whether its signer may speak for the issuer, is
judged elsewhere; nothing is fetched here.
"""

import re
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum
from typing import Final

from certweave.canon.jcs import canonicalize
from certweave.credential.uri import is_absolute_uri
from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError, UnsupportedError
from certweave.keys.model import Signer
from certweave.limits import Limits
from certweave.proof.jose import sign_compact
from certweave.proof.vc_jwt import claims, numeric_date
from certweave.status.freshness import check_freshness

TYP: Final = "statuslist+jwt"
SIZES: Final = (1, 2, 4, 8)
"""Bits of one status (§4.1 step 1)."""
_MAX_TTL: Final = 2**53
"""Seconds: beyond, readers of JSON take one number for another (RFC 7493 §2.2)."""
_TIME_PAIR = re.compile(r"(?<=[?&])time=[^&]*(?:&|$)")
_PATH: Final = "/status/status_list"


class Status(IntEnum):
    """The statuses that mean the same for everybody (§7.1); others belong to an application."""

    VALID = 0
    INVALID = 1
    SUSPENDED = 2


@dataclass(frozen=True, slots=True)
class TokenEntry:
    """The place that a token has in a list; ``path`` is its JSON Pointer."""

    index: int
    list_url: str
    path: str = _PATH


def parse_status_claim(payload: JsonObject) -> TokenEntry | None:
    """Read the claim ``status`` (§6.2, §6.3); None where it is absent.

    Raises:
        MalformedError: it is not of that form (``status_claim_malformed``).
        UnsupportedError: it names other mechanisms only (``status_mechanism_unknown``): one might say no.
    """
    if "status" not in payload:
        return None
    status = payload["status"]
    # In CBOR, a key may be a number.
    if not isinstance(status, dict) or not status or not all(isinstance(name, str) for name in status):
        raise _malformed("status is an object, not empty", "/status")
    if set(status) != {"status_list"}:
        others = sorted(set(status) - {"status_list"})
        detail = f"the status is to be had by {others[0][:40]!a}, which we do not know"
        raise UnsupportedError(detail, code="status_mechanism_unknown", path="/status")
    place = status["status_list"]
    if not isinstance(place, dict):
        raise _malformed("status_list is an object", _PATH)
    index, url = place.get("idx"), place.get("uri")
    if not isinstance(index, int) or isinstance(index, bool) or index < 0:
        raise _malformed("idx is a whole number, 0 or greater", join(_PATH, "idx"))
    if not is_absolute_uri(url):
        raise _malformed("uri is the address of a status list", join(_PATH, "uri"))
    return TokenEntry(index, str(url))


def read_token_status(
    payload: JsonObject,
    entry: TokenEntry,
    *,
    now: datetime,
    fetched_at: datetime,
    own_fetch: bool,
    max_age: timedelta,
    limits: Limits,
    unpack: Callable[[object], bytes] | None = None,
) -> int:
    """Return the status of a token in a list whose signature has been verified (§8.3 steps 3 to 6).

    ``payload`` are the list's claims by their names in JSON; the other arguments are those of
    ``bitstring.read_status``.

    Raises:
        MalformedError: the list cannot be read.
        InvalidError: it is another list (``status_list_wrong_id``), or the index lies outside.
        UndecidedError: it does not speak for ``now`` (cause ``stale``), or is too large (cause ``limit``).
    """
    if payload.get("sub") is None or _without_time(str(payload["sub"])) != _without_time(entry.list_url):
        detail = "the status list calls itself by another address"
        raise InvalidError(detail, code="status_list_wrong_id", path=join(entry.path, "uri"))
    found = claims(payload)
    if found.iat is None:
        raise MalformedError("a status list says when it was signed", code="status_list_form", path="/iat")
    # It ends *on* its exp (RFC 7519 §4.1.4).
    ends = None if found.exp is None else found.exp - timedelta(microseconds=1)
    starts = found.iat if found.nbf is None else max(found.iat, found.nbf)
    check_freshness(
        starts,
        ends,
        now=now,
        fetched_at=fetched_at if own_fetch else None,
        fresh_for=min(max_age, _ttl(payload)),
        skew=limits.clock_skew,
    )
    listed = payload.get("status_list")
    if not isinstance(listed, dict):
        raise MalformedError("a status list holds status_list", code="status_list_form", path="/status_list")
    bits = listed.get("bits")
    if not isinstance(bits, int) or isinstance(bits, bool) or bits not in SIZES:
        raise MalformedError("bits is 1, 2, 4 or 8", code="status_list_form", path="/status_list/bits")
    packed = listed.get("lst")
    data = decode_token_list(packed, limits=limits) if unpack is None else unpack(packed)
    return get_status(data, entry.index, bits, path=join(entry.path, "idx"))


def decode_token_list(packed: object, *, limits: Limits) -> bytes:
    """§4.1, backwards: base64url where it is a text (§4.2), then ZLIB, never more than the limits allow.

    Raises:
        MalformedError: not base64url, or not one whole ZLIB stream (``status_list_encoding``).
        UndecidedError: packed or unpacked more than the limits allow (``status_list_limit``).
    """
    if not isinstance(packed, str | bytes) or not packed:
        raise MalformedError("lst is a text in base64url, or bytes", code="status_list_encoding")
    size = len(packed) if isinstance(packed, bytes) else len(packed) * 3 // 4
    if size > limits.status_list_packed_bytes:
        raise _too_large(f"the packed status list has more than {limits.status_list_packed_bytes} bytes")
    if isinstance(packed, str):
        packed = base64url_decode(packed)
    most = limits.status_list_unpacked_bytes
    unpacker = zlib.decompressobj()
    try:
        data = unpacker.decompress(packed, most + 1)
    except zlib.error:
        raise MalformedError("lst is not in the ZLIB format", code="status_list_encoding") from None
    if len(data) > most:
        raise _too_large(f"the status list unpacks to more than {most} bytes")
    if not unpacker.eof or unpacker.unused_data:
        raise MalformedError("lst is one whole ZLIB stream", code="status_list_encoding")
    return data


def get_status(data: bytes | bytearray, index: int, bits: int, *, path: str | None = None) -> int:
    """Return one status; index 0 is in the lowest bits of the first byte (§4.1 step 3).

    Raises:
        InvalidError: the index lies outside of the list.
    """
    _check_index(data, index, bits, path)
    per_byte = 8 // bits
    return data[index // per_byte] >> index % per_byte * bits & (1 << bits) - 1


def set_status(data: bytearray, index: int, status: int, bits: int) -> None:
    """Set one status in place.

    Raises:
        InvalidError: the index lies outside, or the status does not fit into the bits.
    """
    _check_index(data, index, bits, None)
    if not 0 <= status < 1 << bits:
        raise InvalidError(f"the status {status} does not fit into {bits} bits", code="status_value_range")
    per_byte = 8 // bits
    shift = index % per_byte * bits
    kept = data[index // per_byte] & ~((1 << bits) - 1 << shift)
    data[index // per_byte] = kept | status << shift


def make_statuses(entries: int, bits: int = 1) -> bytearray:
    """Return a list in which every entry is valid; rounded up to whole bytes.

    Raises:
        InvalidError: no entry, or not 1, 2, 4 or 8 bits.
    """
    if bits not in SIZES or entries < 1:
        raise InvalidError("a status list has entries of 1, 2, 4 or 8 bits", code="status_value_range")
    return bytearray(-(-entries * bits // 8))


def make_list_claims(
    list_url: str,
    *,
    data: bytes | bytearray,
    bits: int,
    issued_at: datetime,
    expires: datetime | None,
    ttl: timedelta | None,
) -> JsonObject:
    """Return the claims of a status list token (§5.1, §5.2) by their names in JSON; ``lst`` is still bytes.

    Raises:
        InvalidError: not 1, 2, 4 or 8 bits, or it ends before it starts.
    """
    if bits not in SIZES:
        raise InvalidError("a status list has entries of 1, 2, 4 or 8 bits", code="status_value_range")
    if expires is not None and expires <= issued_at:
        raise InvalidError("the list's period ends before it starts", code="status_list_period")
    claims: JsonObject = {
        "sub": list_url,
        "iat": numeric_date(issued_at),
        "status_list": {"bits": bits, "lst": zlib.compress(bytes(data), 9)},
    }
    if expires is not None:
        claims["exp"] = numeric_date(expires)
    if ttl is not None:
        claims["ttl"] = ttl // timedelta(seconds=1)
    return claims


def sign_token_list(
    list_url: str,
    signer: Signer,
    *,
    data: bytes | bytearray,
    bits: int,
    issued_at: datetime,
    expires: datetime | None = None,
    ttl: timedelta | None = None,
) -> str:
    """Return a signed status list token in JWT format (§5.1).

    Raises:
        InvalidError: as ``make_list_claims``.
    """
    payload = make_list_claims(list_url, data=data, bits=bits, issued_at=issued_at, expires=expires, ttl=ttl)
    payload["status_list"]["lst"] = base64url_encode(payload["status_list"]["lst"])
    return sign_compact(canonicalize(payload), {"typ": TYP}, signer)


def timed_url(list_url: str, when: datetime) -> str:
    """Return the address of the list as it was at ``when`` (§8.4: the query parameter ``time``)."""
    bare = _without_time(list_url)
    return f"{bare}{'&' if '?' in bare else '?'}time={numeric_date(when)}"


def _without_time(url: str) -> str:
    return _TIME_PAIR.sub("", url).rstrip("?&")


def _ttl(payload: Mapping[str, object]) -> timedelta:
    """§5.1: seconds, and more than none."""
    ttl = payload.get("ttl", _MAX_TTL)
    if isinstance(ttl, bool) or not isinstance(ttl, int | float) or not 0 < ttl <= _MAX_TTL:
        raise MalformedError("ttl is a number of seconds", code="status_list_ttl", path="/ttl")
    # No policy looks back thirty years, and timedelta holds no 2**53 seconds.
    return timedelta(seconds=min(ttl, 1e9))


def _check_index(data: bytes | bytearray, index: int, bits: int, path: str | None) -> None:
    if not 0 <= index < len(data) * 8 // bits:
        detail = f"the index {index} lies outside of a list of {len(data) * 8 // bits} entries"
        raise InvalidError(detail, code="status_index_out_of_range", path=path)


def _malformed(detail: str, path: str) -> MalformedError:
    return MalformedError(detail, code="status_claim_malformed", path=path)


def _too_large(detail: str) -> UndecidedError:
    return UndecidedError(detail, code="status_list_limit", cause=Cause.LIMIT)
