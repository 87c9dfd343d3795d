"""Bitstring status lists: reading one status of a verified list, and making lists to be signed.

Follows Bitstring Status List 1.0 (https://www.w3.org/TR/vc-bitstring-status-list/), §2.2 and §3. Whether
the list's own signature holds, and whether its signer may speak for the issuer, is judged before and
elsewhere; nothing is fetched here.
"""

import re
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import quote

from certweave.encoding.multibase import base64url_decode, base64url_encode
from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError
from certweave.limits import Limits
from certweave.status.entry import StatusEntry, parse_messages
from certweave.status.freshness import check_freshness
from certweave.timestamps import format_timestamp, parse_timestamp

MINIMUM_ENTRIES = 131_072
"""§3.2 step 2; 16 KB of single bits (§3.3 step 1): an index says little about whom it belongs to (§6.1)."""
LIST_TYPE = "BitstringStatusListCredential"
SUBJECT_TYPE = "BitstringStatusList"

_V2_CONTEXT = "https://www.w3.org/ns/credentials/v2"
_GZIP = 31
"""zlib's name for "a gzip header and trailer are there" with the largest window."""
_MAX_TTL: Final = 2**53
"""Milliseconds: beyond, readers of JSON take one number for another (RFC 7493 §2.2)."""
_TIMESTAMP_PAIR = re.compile(r"(?<=[?&])timestamp=[^&]*(?:&|$)")


def read_status(
    list_document: JsonObject,
    entry: StatusEntry,
    *,
    now: datetime,
    fetched_at: datetime,
    own_fetch: bool,
    max_age: timedelta,
    limits: Limits,
    unpack: Callable[[object], bytes] | None = None,
) -> int:
    """Return the entry's status in a list whose signature has been verified (§3.2); 0 is good.

    ``own_fetch`` says that we ourselves got the list at ``fetched_at``; otherwise that time is hearsay, the
    list counts from its ``validFrom`` on only, and it has to say which one it is. ``unpack`` stands in for
    ``decode_list`` where a caller remembers what lists unpacked to.

    Raises:
        MalformedError: the list cannot be read.
        InvalidError: it is another list, of another purpose or size, too short, or the index lies outside.
        UndecidedError: it does not speak for ``now``, or nobody knows whether it is the list (cause
            ``stale``), or is too large (cause ``limit``).
        UnsupportedError: the entry's own refusal.
    """
    if entry.refusal is not None:
        raise entry.refusal
    subject = _check_identity(list_document, entry)
    if "id" not in list_document and not own_fetch:
        # §2.2 makes the id optional. Then a list is whatever lies at its address, where we did not look.
        detail = "a status list handed in by others must say which one it is"
        raise UndecidedError(detail, code="status_list_unnamed", cause=Cause.STALE)
    _check_time(
        list_document,
        subject.get("ttl"),
        now=now,
        fetched_at=fetched_at if own_fetch else None,
        max_age=max_age,
        skew=limits.clock_skew,
    )
    packed = subject.get("encodedList")
    bits = decode_list(packed, limits=limits) if unpack is None else unpack(packed)
    count = len(bits) * 8 // entry.size
    if count < MINIMUM_ENTRIES:
        detail = f"the status list has {count} entries; at least {MINIMUM_ENTRIES} are required"
        raise InvalidError(
            detail, code="status_list_too_short", path=join(entry.path, "statusListCredential")
        )
    return get_value(bits, entry.index, entry.size, path=join(entry.path, "statusListIndex"))


def decode_list(text: object, *, limits: Limits) -> bytes:
    """§3.4 Bitstring Expansion: Multibase base64url, then gzip, never more than the limits allow.

    Raises:
        MalformedError: not ``u`` with base64url, not one whole gzip member, or bytes after it.
        UndecidedError: packed or unpacked more than the limits allow (cause ``limit``).
    """
    if not isinstance(text, str) or not text.startswith("u"):
        raise MalformedError("encodedList starts with 'u' (Multibase base64url)", code="status_list_encoding")
    if len(text) - 1 > -(-limits.status_list_packed_bytes * 4 // 3):
        raise _too_large(f"the packed status list has more than {limits.status_list_packed_bytes} bytes")
    packed = base64url_decode(text[1:])
    most = limits.status_list_unpacked_bytes
    unpacker = zlib.decompressobj(wbits=_GZIP)
    try:
        bits = unpacker.decompress(packed, most + 1)
    except zlib.error:
        raise MalformedError("encodedList is not gzip", code="status_list_encoding") from None
    if len(bits) > most:
        raise _too_large(f"the status list unpacks to more than {most} bytes")
    if not unpacker.eof:
        raise MalformedError("the gzip data of encodedList end too early", code="status_list_encoding")
    if unpacker.unused_data:
        raise MalformedError("there is more after the gzip data of encodedList", code="status_list_encoding")
    return bits


def encode_list(bits: bytes | bytearray) -> str:
    """§3.3, last step: gzip, then Multibase base64url; equal bits give equal text on one zlib."""
    packer = zlib.compressobj(6, zlib.DEFLATED, _GZIP)
    return "u" + base64url_encode(packer.compress(bits) + packer.flush())


def get_bit(bits: bytes | bytearray, index: int, *, path: str | None = None) -> bool:
    """Return one bit; index 0 is the left-most bit of the first byte (§7.1).

    Raises:
        InvalidError: the index lies outside of the list.
    """
    _check_index(bits, index, path)
    return bool(bits[index // 8] & 0x80 >> index % 8)


def get_value(bits: bytes | bytearray, index: int, size: int, *, path: str | None = None) -> int:
    """Return a status of ``size`` bits, the left-most first (§3.2: it stands at the index times the size).

    Raises:
        InvalidError: the index lies outside of the list.
    """
    first = index * size
    if index < 0 or first + size > len(bits) * 8:
        detail = f"the index {index} lies outside of a list of {len(bits) * 8 // size} entries"
        raise InvalidError(detail, code="status_index_out_of_range", path=path)
    last = first + size
    window = int.from_bytes(bits[first // 8 : -(-last // 8)])
    return window >> -last % 8 & (1 << size) - 1


def set_value(bits: bytearray, index: int, value: int, size: int) -> None:
    """Set a status of ``size`` bits in place.

    Raises:
        InvalidError: the index lies outside of the list, or the value does not fit.
    """
    get_value(bits, index, size)
    if not 0 <= value < 1 << size:
        raise InvalidError(f"the status {value} does not fit into {size} bits", code="status_value_range")
    for place in range(size):
        set_bit(bits, index * size + place, bool(value >> size - 1 - place & 1))


def set_bit(bits: bytearray, index: int, value: bool) -> None:
    """Set or clear one bit in place; raises InvalidError when the index lies outside of the list."""
    _check_index(bits, index, None)
    mask = 0x80 >> index % 8
    bits[index // 8] = bits[index // 8] | mask if value else bits[index // 8] & ~mask


def make_bits(entries: int = MINIMUM_ENTRIES, *, size: int = 1) -> bytearray:
    """Return cleared bits for ``entries`` entries of ``size`` bits, rounded up to whole bytes.

    Raises:
        InvalidError: fewer than 131,072.
    """
    if entries < MINIMUM_ENTRIES:
        detail = f"a status list has at least {MINIMUM_ENTRIES} entries"
        raise InvalidError(detail, code="status_list_too_short")
    return bytearray((entries * size + 7) // 8)


def make_status_list(
    list_url: str,
    *,
    issuer: str,
    purpose: str | Sequence[str],
    bits: bytes | bytearray,
    valid_from: datetime,
    valid_until: datetime,
    ttl: timedelta | None = None,
    size: int = 1,
    messages: Sequence[str] = (),
) -> JsonObject:
    """Return the unsigned list credential of §2.2.

    ``messages`` say what the values mean, from 0 on. §2.2 wants them in a list with the purpose ``message``;
    the context of VCDM 2.0 does not define them there, so a suite that canonicalizes RDF refuses such a list.
    The entries, which have to have them too, are enough for us.

    Raises:
        InvalidError: fewer than 131,072 entries, a period that ends before it starts, or not one message for
            each value.
    """
    if len(bits) * 8 // size < MINIMUM_ENTRIES:
        detail = f"a status list has at least {MINIMUM_ENTRIES} entries"
        raise InvalidError(detail, code="status_list_too_short")
    if valid_until <= valid_from:
        raise InvalidError("the list's period ends before it starts", code="status_list_period")
    subject: JsonObject = {
        "id": f"{list_url}#list",
        "type": SUBJECT_TYPE,
        "statusPurpose": purpose if isinstance(purpose, str) else list(purpose),
        "encodedList": encode_list(bits),
    }
    if messages:
        subject |= {"statusSize": size, "statusMessages": _make_messages(messages, size)}
    if ttl is not None:
        subject["ttl"] = ttl // timedelta(milliseconds=1)
    return {
        "@context": [_V2_CONTEXT],
        "id": list_url,
        "type": ["VerifiableCredential", LIST_TYPE],
        "issuer": issuer,
        "validFrom": format_timestamp(valid_from),
        "validUntil": format_timestamp(valid_until),
        "credentialSubject": subject,
    }


def _make_messages(messages: Sequence[str], size: int) -> list[JsonObject]:
    if len(messages) != 1 << size:
        detail = f"a list with statuses of {size} bits has {1 << size} messages"
        raise InvalidError(detail, code="status_messages", path="/credentialSubject/statusMessages")
    return [{"status": hex(value), "message": message} for value, message in enumerate(messages)]


def timestamped_url(list_url: str, when: datetime) -> str:
    """Return the address of the list as it was at ``when`` (§3.2: the query parameter ``timestamp``)."""
    address, hash_sign, fragment = list_url.partition("#")
    bare = without_timestamp(address)
    value = quote(format_timestamp(when), safe="")
    return f"{bare}{'&' if '?' in bare else '?'}timestamp={value}{hash_sign}{fragment}"


def without_timestamp(list_url: str) -> str:
    """Return the address without its ``timestamp`` parameter: the list, whatever its moment."""
    address, hash_sign, fragment = list_url.partition("#")
    return _TIMESTAMP_PAIR.sub("", address).rstrip("?&") + hash_sign + fragment


def _check_identity(list_document: JsonObject, entry: StatusEntry) -> JsonObject:
    """§3.2 step 5, and §2.2: the list that the entry means, of the purpose that it means."""
    where = join(entry.path, "statusListCredential")
    if LIST_TYPE not in _strings(list_document.get("type")):
        detail = f"the document at the list's address is no {LIST_TYPE}"
        raise InvalidError(detail, code="status_list_wrong_type", path=where)
    subject = list_document.get("credentialSubject")
    if not isinstance(subject, dict) or SUBJECT_TYPE not in _strings(subject.get("type")):
        detail = f"the subject of the list is no {SUBJECT_TYPE}"
        raise InvalidError(detail, code="status_list_wrong_type", path=where)
    if "id" in list_document:
        # Where it stands, a list of another address proves nothing about ours.
        name = list_document["id"]
        if not isinstance(name, str) or without_timestamp(name) != without_timestamp(entry.list_url):
            detail = "the status list calls itself by another address"
            raise InvalidError(detail, code="status_list_wrong_id", path=where)
    purposes = subject.get("statusPurpose")
    named = _strings(purposes)
    if not named or len(named) != (len(purposes) if isinstance(purposes, list) else 1):
        detail = "the status list has one or more texts as its statusPurpose"
        raise MalformedError(detail, code="status_list_purpose", path=where)
    if entry.purpose not in named:
        detail = f"the status list does not speak about {entry.purpose}"
        raise InvalidError(detail, code="status_purpose_mismatch", path=join(entry.path, "statusPurpose"))
    if subject.get("statusSize", entry.size) != entry.size:
        detail = "the status list has statuses of another size than the entry says"
        raise InvalidError(detail, code="status_size_mismatch", path=join(entry.path, "statusSize"))
    if "statusMessages" in subject:
        parse_messages(subject["statusMessages"], entry.size, where)
    return subject


def _check_time(
    list_document: JsonObject,
    ttl: object,
    *,
    now: datetime,
    fetched_at: datetime | None,
    max_age: timedelta,
    skew: timedelta,
) -> None:
    """Does this list speak for ``now``? ``fetched_at`` is None for a list that others handed us."""
    check_freshness(
        _moment(list_document, "validFrom"),
        _moment(list_document, "validUntil"),
        now=now,
        fetched_at=fetched_at,
        fresh_for=max_age if ttl is None else min(max_age, _parse_ttl(ttl)),
        skew=skew,
    )


def _moment(list_document: JsonObject, member: str) -> datetime | None:
    return parse_timestamp(list_document[member]) if member in list_document else None


def _parse_ttl(value: object) -> timedelta:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _MAX_TTL:
        raise MalformedError("ttl is a number of milliseconds", code="status_list_ttl")
    return timedelta(milliseconds=value)


def _strings(value: object) -> list[str]:
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, str)]


def _check_index(bits: bytes | bytearray, index: int, path: str | None) -> None:
    if not 0 <= index < len(bits) * 8:
        detail = f"the index {index} lies outside of a list of {len(bits) * 8} entries"
        raise InvalidError(detail, code="status_index_out_of_range", path=path)


def _too_large(detail: str) -> UndecidedError:
    return UndecidedError(detail, code="status_list_limit", cause=Cause.LIMIT)
