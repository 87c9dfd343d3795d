"""Resolving DIDs: those that lie here from the shelf, others by asking their host.

Follows W3C DID Resolution (https://www.w3.org/TR/did-resolution/, as of July 2026), "HTTP(S) Binding", GET
only: ``error`` is an object of problem details. It was one word before, as did:webvh 1.0 and did:key still
have it; who asks for that form gets it. DID URLs are not dereferenced. A host that does not answer decides
nothing about a DID, and the answer says so.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from certweave.did.history import History
from certweave.did.resolution import Selection, make_error, resolution_error, resolve
from certweave.did.syntax import Did, parse_did
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, MalformedError, UndecidedError, UnsupportedError
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

_ERRORS: Final = {
    "invalidDid": (400, "INVALID_DID"),
    "invalidProof": (400, "INVALID_DID"),
    "invalidParameters": (400, "INVALID_DID"),
    "invalidOptions": (400, "INVALID_OPTIONS"),
    "notFound": (404, "NOT_FOUND"),
    "representationNotSupported": (406, "REPRESENTATION_NOT_SUPPORTED"),
    "internalError": (500, "INTERNAL_ERROR"),
    "methodNotSupported": (501, "METHOD_NOT_SUPPORTED"),
    "featureNotSupported": (501, "FEATURE_NOT_SUPPORTED"),
}
"""The words for errors, with the status and the type of the HTTP(S) binding."""
_NAMESPACE: Final = "https://www.w3.org/ns/did#"
_CONTEXT: Final = "https://w3id.org/did-resolution/v1"
_OPTIONS: Final = frozenset({"versionId", "versionTime", "versionNumber"})


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolution result, as core has it: ``error`` is one word."""

    result: JsonObject

    @property
    def document(self) -> JsonObject | None:
        """The DID document; None where there is none."""
        found: JsonObject | None = self.result["didDocument"]
        return found

    @property
    def status(self) -> int:
        """The HTTP status that goes with it; 410 where a deactivated DID has no document any more."""
        word = self.result["didResolutionMetadata"].get("error")
        if word is not None:
            return _ERRORS[word][0]
        gone = self.document is None and self.result["didDocumentMetadata"].get("deactivated")
        return 410 if gone else 200

    def to_json(self) -> JsonObject:
        """Return it as ``application/did-resolution``: ``error`` is problem details (RFC 9457)."""
        metadata = self.result["didResolutionMetadata"]
        if "error" not in metadata:
            return self.result
        status, name = _ERRORS[metadata["error"]]
        error = {**metadata["problemDetails"], "type": _NAMESPACE + name, "status": status}
        return {**self.result, "didResolutionMetadata": {"error": error}}

    def to_json_ld(self) -> JsonObject:
        """Return it as JSON-LD, the form of before: ``error`` is a word, ``problemDetails`` says more."""
        return {"@context": _CONTEXT, **self.result}


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
            result = resolution_error(error)
            if error.cause is Cause.UNREACHABLE:
                result = make_error("internalError", error.detail, code=error.code)
        except CertweaveError as error:
            result = resolution_error(error)
        return Resolution(result)

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


def parse_selection(options: Sequence[tuple[str, str]]) -> Selection:
    """Read which version the query parameters ask for.

    Raises:
        MalformedError: a time or a number that is none; one stands twice.
        UnsupportedError: an option that is not known here.
    """
    found = dict(options)
    for name in found:
        if name not in _OPTIONS:
            raise UnsupportedError(f"the option {name[:60]!a} is not known here", code="option_unknown")
    if len(found) != len(options):
        raise MalformedError("an option stands twice", code="option_repeated")
    number = found.get("versionNumber")
    if number is not None and not _NUMBER.fullmatch(number):
        raise MalformedError("versionNumber is a whole number from 1 on", code="version_number")
    moment = parse_timestamp(found["versionTime"]) if "versionTime" in found else None
    return Selection(found.get("versionId"), moment, None if number is None else int(number))


def refuse(error: CertweaveError) -> Resolution:
    """Return the result for options that cannot be followed."""
    if isinstance(error, UnsupportedError):
        return Resolution(resolution_error(error))
    return Resolution(make_error("invalidOptions", error.detail, code=error.code))
