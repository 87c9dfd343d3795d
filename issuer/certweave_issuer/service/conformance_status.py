"""Status lists of one issuer for test suites: one in memory for each purpose, forgotten at the end.

Bitstring Status List 1.0 (https://www.w3.org/TR/vc-bitstring-status-list/). The places are given out in
order: nobody's privacy hangs on them here. Real issuers have ``certweave_edge.status_lists``, where every bit
follows from a signed record.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock
from typing import Final

from certweave.encoding.strict_json import JsonObject
from certweave.errors import InvalidError
from certweave.exchange.vc_api import StatusChange, StatusRequest
from certweave.status.bitstring import MINIMUM_ENTRIES, get_bit, make_bits, make_status_list, set_bit
from certweave.status.entry import ENTRY_TYPE
from certweave_edge.refused import NoStatusListError, Refusal, RefusedError

PURPOSES: Final = ("revocation", "suspension")
LIFE: Final = timedelta(days=1)


@dataclass(slots=True)
class BenchLists:
    """The lists of one issuer; ``address`` gives the URL of one, ``size`` says how many places are given out.

    Threads may share it.
    """

    address: Callable[[str], str]
    size: int = MINIMUM_ENTRIES
    _bits: dict[str, bytearray] = field(default_factory=lambda: {name: make_bits() for name in PURPOSES})
    _places: dict[bytes, list[int]] = field(default_factory=dict)
    _used: int = 0
    _lock: Lock = field(default_factory=Lock)

    def reserve(self, name: str | None) -> list[JsonObject]:
        """Take a place for a credential and return its status entries; by ``name`` they can be changed.

        Raises:
            RefusedError: 503, every place is taken.
        """
        with self._lock:
            if self._used == self.size:
                raise RefusedError("every place is taken", Refusal.BUSY, code="status_busy")
            index, self._used = self._used, self._used + 1
            if name is not None:
                self._places.setdefault(_digest(name), []).append(index)
        return [self._entry(purpose, index) for purpose in PURPOSES]

    def change(self, request: StatusRequest) -> None:
        """Set or clear the bits that a request names.

        Raises:
            RefusedError: 404 ``credential_unknown``.
            InvalidError: ``status_purpose``, ``status_place_wrong``; ``status_transition``: a withdrawal is
                for good.
        """
        with self._lock:
            places = self._places.get(_digest(request.credential_id))
            if places is None:
                detail = "there is no such credential"
                raise RefusedError(detail, Refusal.NOT_FOUND, code="credential_unknown", path="/credentialId")
            wanted = [(change, self._meant(change, places)) for change in request.changes]
            for change, indexes in wanted:
                for index in indexes:
                    set_bit(self._bits[str(change.purpose)], index, change.value)

    def _meant(self, change: StatusChange, places: Sequence[int]) -> list[int]:
        """Return the places that a change is about: of several credentials of one name, all that fit."""
        purpose, path = change.purpose, "/credentialStatus"
        if purpose not in PURPOSES:
            detail = f"a change names its purpose, {' or '.join(PURPOSES)}"
            raise InvalidError(detail, code="status_purpose", path=path)
        found = [index for index in places if change.fits(self._entry(purpose, index))]
        if not found:
            detail = "the credential has another place in the status list"
            raise InvalidError(detail, code="status_place_wrong", path=path)
        final = purpose == "revocation" and any(get_bit(self._bits[purpose], index) for index in found)
        if final and not change.value:
            detail = "what was withdrawn stays so (Bitstring Status List 1.0 §2.1)"
            raise InvalidError(detail, code="status_transition", path=path)
        return found

    def unsigned(self, purpose: str, *, issuer: str, now: datetime) -> JsonObject:
        """Return the list of a purpose as it stands.

        Raises:
            RefusedError: 404 ``status_list_unknown``.
        """
        if purpose not in PURPOSES:
            raise NoStatusListError("there is no such status list", code="status_list_unknown")
        with self._lock:
            bits = bytes(self._bits[purpose])
        return make_status_list(
            self.address(purpose),
            issuer=issuer,
            purpose=purpose,
            bits=bits,
            valid_from=now,
            valid_until=now + LIFE,
        )

    def _entry(self, purpose: str, index: int) -> JsonObject:
        address = self.address(purpose)
        return {
            "id": f"{address}#{index}",
            "type": ENTRY_TYPE,
            "statusPurpose": purpose,
            "statusListIndex": str(index),
            "statusListCredential": address,
        }


def _digest(credential_id: str) -> bytes:
    """A digest, so that what is kept has one size whatever comes."""
    return hashlib.sha256(credential_id.encode("utf-8", "surrogatepass")).digest()
