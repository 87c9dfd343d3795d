"""The place a credential has in a status list: its ``credentialStatus`` entries.

Follows Bitstring Status List 1.0 §2.1 (https://www.w3.org/TR/vc-bitstring-status-list/#bitstringstatuslistentry);
UNTP 0.7.0 writes the index as an integer where W3C writes a string, and both are read. The list itself is
read in ``bitstring``. Other entry types are known to exist, not judged.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, InvalidError, MalformedError, UndecidedError, UnsupportedError

ENTRY_TYPE = "BitstringStatusListEntry"
AFFECTING = frozenset({"revocation", "suspension"})
"""A set bit under these purposes means: do not accept."""
INFORMING = frozenset({"refresh", "message"})
"""These purposes never take validity away (§2.1); their bits are not read."""

MAX_ENTRIES = 8
"""In one credential; each costs verifying a list. UNTP allows one, and there are four purposes to know of."""

MAX_SIZE = 8
"""Bits of one status. Each value has a message in the credential; 256 are more than anyone has written."""

_HEX = re.compile(r"0x[0-9a-fA-F]{1,8}", re.ASCII)
_INDEX = re.compile(r"0|[1-9][0-9]*", re.ASCII)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s\x00-\x20\x7f]+", re.ASCII)
_MAX_INDEX = 2**53 - 1


@dataclass(frozen=True, slots=True)
class StatusEntry:
    """One entry: which bit of which list, for which purpose; ``path`` is its JSON Pointer.

    ``refusal`` is set where we cannot apply the entry (another type, a purpose or size that we do not
    know); ``list_url`` is empty and ``index`` 0 where such an entry does not state them our way.
    ``messages`` are what the values of ``size`` bits mean, in words for developers; ``references`` where more
    is written about them.
    """

    purpose: str
    index: int
    list_url: str
    size: int
    path: str
    refusal: UnsupportedError | None = None
    messages: Mapping[int, str] = field(default_factory=dict)
    references: tuple[str, ...] = ()

    @property
    def affects(self) -> bool:
        """Whether the entry can take validity away: what is unknown might."""
        return self.purpose not in INFORMING

    def word(self, status: int) -> str:
        """Return the message of a status; without messages, 1 is "set" and 0 "unset" (§2.1)."""
        return self.messages.get(status) or ("set" if status else "unset")


def parse_status_entries(document: JsonObject) -> tuple[StatusEntry, ...]:
    """Return every entry of ``credentialStatus`` in order; none when the member is absent.

    An entry that we cannot apply does not hide the others: it carries its ``refusal`` and whoever reads
    its bit gets that raised.

    Raises:
        MalformedError: an entry lacks a member, or a member has the wrong form (§2.1).
        InvalidError: an index that no list can have.
        UndecidedError: more than ``MAX_ENTRIES`` (cause ``limit``).
    """
    if "credentialStatus" not in document:
        return ()
    status, path = document["credentialStatus"], "/credentialStatus"
    if not isinstance(status, list):
        return (_parse_entry(status, path),)
    if not status:
        raise MalformedError("credentialStatus is an empty array", code="status_entry_malformed", path=path)
    if len(status) > MAX_ENTRIES:
        detail = f"the credential has more than {MAX_ENTRIES} status entries"
        raise UndecidedError(detail, code="limit_status_entries", path=path, cause=Cause.LIMIT)
    return tuple(_parse_entry(item, join(path, number)) for number, item in enumerate(status))


def _parse_entry(value: Any, path: str) -> StatusEntry:
    if not isinstance(value, dict):
        raise _malformed("a status entry is an object", path)
    kinds = _kinds(value.get("type"), join(path, "type"))
    if ENTRY_TYPE not in kinds:
        detail = f"status entries of type {kinds[0][:80]!r} are not supported"
        refusal = UnsupportedError(detail, code="status_type_unknown", path=join(path, "type"))
        return StatusEntry("", 0, "", 1, path, refusal)
    purpose = value.get("statusPurpose")
    if not isinstance(purpose, str) or not purpose:
        raise _malformed("statusPurpose is a string", join(path, "statusPurpose"))
    list_url = value.get("statusListCredential")
    if not isinstance(list_url, str) or not _URL.fullmatch(list_url):
        raise _malformed("statusListCredential is one URL", join(path, "statusListCredential"))
    if value.get("id") == list_url:
        raise _malformed("the id of a status entry is not the list's address", join(path, "id"))
    size = _parse_size(value.get("statusSize", 1), join(path, "statusSize"))
    index = _parse_index(value.get("statusListIndex"), join(path, "statusListIndex"))
    unfit = _find_refusal(purpose, size, path)
    messages: Mapping[int, str] = {}
    if unfit is None and ("statusMessage" in value or size > 1):
        messages = parse_messages(value.get("statusMessage"), size, join(path, "statusMessage"))
    references = _parse_references(value, join(path, "statusReference"))
    return StatusEntry(purpose, index, list_url, size, path, unfit, messages, references)


def parse_messages(value: Any, size: int, path: str) -> Mapping[int, str]:
    """Read one message for each value that ``size`` bits can have (§2.1 statusMessage, §2.2 statusMessages).

    Raises:
        MalformedError: not exactly one message for each.
    """
    if not isinstance(value, list) or len(value) != 1 << size:
        raise _malformed(f"a status of {size} bits has {1 << size} messages", path)
    found: dict[int, str] = {}
    for item in value:
        members = item if isinstance(item, dict) else {}
        status, message = members.get("status"), members.get("message")
        if not isinstance(status, str) or not _HEX.fullmatch(status) or not isinstance(message, str):
            raise _malformed("a message has a status such as 0x1, and a text", path)
        found[int(status, 16)] = message
    if set(found) != set(range(1 << size)):
        raise _malformed("the messages have not one status each", path)
    return found


def _parse_references(value: Mapping[str, Any], path: str) -> tuple[str, ...]:
    listed = value.get("statusReference", [])
    several = listed if isinstance(listed, list) else [listed]
    if not all(isinstance(one, str) and _URL.fullmatch(one) for one in several):
        raise _malformed("statusReference is one or more URLs", path)
    return tuple(several)


def _kinds(value: Any, path: str) -> list[str]:
    kinds = value if isinstance(value, list) else [value]
    if not kinds or not all(isinstance(kind, str) and kind for kind in kinds):
        raise _malformed("a status entry names its type", path)
    return kinds


def _parse_index(value: Any, path: str) -> int:
    """§2.1 wants the digits in a string, UNTP 0.7.0 an integer; signs and leading zeros are in neither."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(max(-1, min(value, _MAX_INDEX + 1)))
    if not isinstance(value, str) or not _INDEX.fullmatch(value):
        raise _malformed("statusListIndex is a whole number, 0 or greater, in base 10", path)
    if len(value) > len(str(_MAX_INDEX)) or int(value) > _MAX_INDEX:
        detail = "no status list has that many entries"
        raise InvalidError(detail, code="status_index_out_of_range", path=path)
    return int(value)


def _parse_size(value: Any, path: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise _malformed("statusSize is an integer greater than zero", path)
    return value


def _find_refusal(purpose: str, size: int, path: str) -> UnsupportedError | None:
    if purpose not in AFFECTING | INFORMING:
        # §2.1 leaves further purposes open. One of them might mean "not valid": unknown is not valid.
        detail = f"what a set bit means under the purpose {purpose[:80]!r} is not known here"
        return UnsupportedError(detail, code="status_purpose_unknown", path=join(path, "statusPurpose"))
    if size > MAX_SIZE:
        detail = f"status entries of more than {MAX_SIZE} bits are not supported"
        return UnsupportedError(detail, code="status_size_unsupported", path=join(path, "statusSize"))
    return None


def _malformed(detail: str, path: str) -> MalformedError:
    return MalformedError(detail, code="status_entry_malformed", path=path)
