"""Resolving DIDs: those that lie here from the shelf, others by asking their host.

Follows W3C DID Resolution, "HTTP(S) Binding" (https://www.w3.org/TR/did-resolution/) as to the answers; the
words for errors are core's. A host that does not answer decides nothing about a DID, and the answer says so.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from certweave.did.history import History
from certweave.did.resolution import Selection, make_error, resolution_error, resolve
from certweave.did.syntax import Did, parse_did
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, MalformedError, UndecidedError
from certweave.examine.evidence import Fetched, Need, Unavailable
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.timestamps import parse_timestamp
from certweave_edge.budget import Allowance, Budget
from certweave_edge.clock import monotonic
from certweave_edge.fetch import Fetcher
from certweave_edge.gather import first_of
from certweave_edge.hostmap import HostMap
from certweave_edge.refused import RefusedError
from certweave_edge.resolve import load_history
from certweave_ledger.ports import Shelf
from certweave_ledger.service.logs import WELL_KNOWN, Logs

ANONYMOUS: Final = Allowance(hosts=2, bytes=12 << 20, seconds=10.0)
"""One DID lies on one host, with its twin on the same; the second is for a redirect."""

_NUMBER: Final = re.compile(r"[1-9][0-9]{0,17}")

STATUS: Final = {
    "invalidDid": 400,
    "invalidOptions": 400,
    "invalidProof": 400,
    "invalidParameters": 400,
    "notFound": 404,
    "representationNotSupported": 406,
    "internalError": 500,
    "methodNotSupported": 501,
    "featureNotSupported": 501,
}


@dataclass(frozen=True, slots=True)
class Resolution:
    """A DID resolution result and the HTTP status that goes with it."""

    status: int
    result: JsonObject

    @property
    def document(self) -> JsonObject | None:
        """The DID document; None where there is none."""
        found: JsonObject | None = self.result["didDocument"]
        return found


class Resolver:
    """Resolves for anyone."""

    def __init__(
        self,
        shelf: Shelf,
        logs: Logs,
        *,
        clock: Callable[[], datetime],
        host_map: HostMap,
        limits: Limits = DEFAULT_LIMITS,
    ) -> None:
        self._shelf = shelf
        self._logs = logs
        self._clock = clock
        self._host_map = host_map
        self._limits = limits

    def resolve(self, did_text: str, select: Selection) -> Resolution:
        """Return the resolution result of a DID; errors are results too. May call another host."""
        try:
            result = resolve(self.load(parse_did(did_text)), now=self._clock(), select=select)
        except RefusedError as error:
            result = make_error("notFound", error.detail, code=error.code)
        except UndecidedError as error:
            if error.cause is not Cause.UNREACHABLE:
                return _answer(resolution_error(error))
            return Resolution(504, make_error("internalError", error.detail, code=error.code))
        except CertweaveError as error:
            result = resolution_error(error)
        return _answer(result)

    def load(self, did: Did) -> History:
        """Return the history of a DID; raises as ``certweave_edge.resolve.load_history``."""
        fetcher = Fetcher(
            limits=self._limits,
            host_map=self._host_map,
            budget=Budget(ANONYMOUS, started=monotonic()),
            clock=self._clock,
        )
        return load_history(
            did, first_of(self._find_here, fetcher.fetch), now=self._clock(), limits=self._limits
        )

    def _find_here(self, need: Need) -> Fetched | Unavailable | None:
        """Answer for the addresses of this ledger's own host."""
        if not need.url.startswith(self._logs.base):
            return None
        folder, _, name = need.url.removeprefix(self._logs.base).rpartition("/")
        found = self._shelf.find_log("" if folder == WELL_KNOWN else folder)
        content = None if found is None else found.log if name == "did.jsonl" else found.twin
        now = self._clock()
        if content is None:
            return Unavailable("there is no such DID here", now, 404)
        return Fetched(content, need.url, "", now)


def parse_selection(
    version_id: str | None, version_time: str | None, version_number: str | None
) -> Selection:
    """Read which version is asked for; raise ``MalformedError`` for a time or a number that is none."""
    moment = None if version_time is None else parse_timestamp(version_time)
    if version_number is not None and not _NUMBER.fullmatch(version_number):
        raise MalformedError("versionNumber is a whole number from 1 on", code="version_number")
    return Selection(version_id, moment, None if version_number is None else int(version_number))


def _answer(result: JsonObject) -> Resolution:
    word = result["didResolutionMetadata"].get("error")
    if word is not None:
        return Resolution(STATUS.get(word, 500), result)
    gone = result["didDocument"] is None and result["didDocumentMetadata"].get("deactivated")
    return Resolution(410 if gone else 200, result)
