"""Taking DID logs: by whom, at which place, and only as a continuation of what is there.

A log is taken whole, as did:webvh 1.0 publishes it (https://identity.foundation/didwebvh/v1.0/, "Update").
What was published once can only be continued: that is what makes this a ledger rather than a file server.
"""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from certweave.did.history import History
from certweave.did.syntax import Did, parse_did, to_urls
from certweave.did.webvh.entry import parse_entry, split_log
from certweave.did.webvh.fold import fold_log
from certweave.did.webvh.twin import make_twin
from certweave.errors import CertweaveError, InvalidError, InvalidHistoryError, MalformedError, UndecidedError
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.ledger_client import ABSENT, make_etag
from certweave_edge.refused import Refusal, RefusedError
from certweave_ledger.ports import Author, PublishedLog, Shelf, Store

WELL_KNOWN: Final = ".well-known"
_NAMESPACE: Final = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?", re.ASCII)
_SEGMENT: Final = re.compile(r"[a-z0-9](?:[a-z0-9._-]{0,62}[a-z0-9])?", re.ASCII)
_SEGMENTS: Final = 6


@dataclass(frozen=True, slots=True)
class Condition:
    """What a caller believes is there: ``If-Match``, ``If-None-Match`` (RFC 9110 §13.1), empty if unsaid."""

    if_match: str = ""
    if_none_match: str = ""


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a log: its DID and ETag, and whether the DID is new here."""

    did: str
    etag: str
    created: bool


class Logs:
    """The DID logs of one ledger."""

    def __init__(
        self,
        store: Store,
        shelf: Shelf,
        *,
        did_host: str,
        log_bytes: int,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._shelf = shelf
        self._clock = clock
        self._limits = replace(DEFAULT_LIMITS, did_log_bytes=min(log_bytes, DEFAULT_LIMITS.did_log_bytes))
        self.base = f"https://{did_host}/"

    def find(self, path: str) -> PublishedLog:
        """Return the log at a path; 404 where there is none."""
        found = self._shelf.find_log(path)
        if found is None:
            raise RefusedError("there is no DID at this place", Refusal.NOT_FOUND, code="did_not_found")
        return found

    def find_twin(self, path: str) -> bytes:
        """Return the did.json at a path; 404 where there is none, 410 where the DID was deactivated."""
        twin = self.find(path).twin
        if twin is None:
            raise RefusedError(
                "this DID was deactivated and has no document any more", Refusal.GONE, code="did_deactivated"
            )
        return twin

    def take(self, org: str, path: str, log: bytes, condition: Condition, *, actor: str) -> Taken:
        """Publish a whole log.

        The same log again is taken as what it is: a caller whose answer got lost may repeat.

        Raises:
            RefusedError: ``namespace_foreign`` (403); ``log_too_large`` (413); ``log_precondition``,
                ``log_not_extended`` or ``log_changed`` (409).
            MalformedError: ``path_malformed``.
            InvalidError: it does not fold, or its DID belongs elsewhere; ``path`` starts with the line.
        """
        check_path(path)
        if not self._store.owns(org, path.partition("/")[0]):
            detail = "your organisation was not invited to this part of the ledger"
            raise RefusedError(detail, Refusal.FORBIDDEN, code="namespace_foreign")
        if len(log) > self._limits.did_log_bytes:
            detail = f"a DID log has at most {self._limits.did_log_bytes} bytes here"
            raise RefusedError(detail, Refusal.TOO_LARGE, code="log_too_large")
        there = self._shelf.find_log(path)
        if there is not None and there.log == log:
            return Taken(there.did, make_etag(log), created=False)
        _check_condition(condition, there)
        if there is not None and not _continues(log, there.log):
            detail = "this log does not continue the one that is published: history is not rewritten here"
            raise RefusedError(detail, Refusal.CONFLICT, code="log_not_extended")
        author = Author(actor, self._clock())
        history = self._fold(path, log, author.at)
        published = PublishedLog(
            org, path, history.did.text, log, _twin(history), len(history.versions), author.at
        )
        self._store.put_log(org, published, replaces=there.log if there is not None else None, author=author)
        return Taken(published.did, make_etag(log), created=there is None)

    def path_of(self, did: Did) -> str | None:
        """Return the path at which a did:web or did:webvh lies here; None where it lies on another host."""
        if did.method not in ("web", "webvh"):
            return None
        base = to_urls(did).base
        return base.removeprefix(self.base).removesuffix("/") if base.startswith(self.base) else None

    def _fold(self, path: str, log: bytes, now: datetime) -> History:
        try:
            did = _read_did(log, self._limits.did_log_bytes)
            if self.path_of(did) != path:
                detail = f"the log is that of {did.text}, which lies at another address"
                raise InvalidError(detail, code="did_elsewhere", path="/0/state/id")
            return fold_log(did, log, fetched_at=now, now=now, limits=self._limits)
        except UndecidedError:
            raise
        except CertweaveError as error:
            # Whatever is wrong with it, the request was fine and the log is not: 422, and the line by number.
            raise InvalidHistoryError(
                _line(error.path) + error.detail, code=error.code, path=error.path
            ) from None


def check_path(path: str) -> None:
    """Raise ``MalformedError`` unless DIDs may lie at a path.

    Lower case, digits and ``.-_`` only, so that no two spellings of one address exist.
    """
    segments = path.split("/") if path else []
    if len(segments) > _SEGMENTS or any(not _SEGMENT.fullmatch(segment) for segment in segments):
        detail = "the path of a DID here has lower-case letters, digits, dots, hyphens and underscores"
        raise MalformedError(detail, code="path_malformed")


def check_namespace(name: str) -> None:
    """Raise ``MalformedError`` unless a namespace may have this name."""
    if not _NAMESPACE.fullmatch(name):
        detail = "a namespace has lower-case letters, digits and hyphens, at most 63"
        raise MalformedError(detail, code="namespace_malformed")


def _check_condition(condition: Condition, there: PublishedLog | None) -> None:
    """Hold what the caller believes against what is there."""
    etags = [one.strip() for one in condition.if_match.split(",") if one.strip()]
    if there is None:
        wrong = bool(etags)
    else:
        known = make_etag(there.log)
        wrong = condition.if_none_match.strip() == ABSENT or known not in etags
    if wrong:
        detail = (
            "there is no log at this place yet"
            if there is None
            else "send the ETag of the published log with If-Match; it is not the one that you sent"
        )
        raise RefusedError(detail, Refusal.CONFLICT, code="log_precondition")


def _continues(log: bytes, published: bytes) -> bool:
    # The last line may lack its line feed; then the addition has to begin with it.
    rest = log.removeprefix(published)
    return log.startswith(published) and (published.endswith(b"\n") or rest.startswith(b"\n"))


def _read_did(log: bytes, most: int) -> Did:
    first = next(split_log(log[:most]), b"")
    return parse_did(parse_entry(first, 0, limits=DEFAULT_LIMITS).state.get("id"))


def _twin(history: History) -> bytes | None:
    if history.versions[-1].deactivated:
        return None
    return json.dumps(make_twin(history), ensure_ascii=False, indent=1).encode() + b"\n"


def _line(path: str | None) -> str:
    number = (path or "").removeprefix("/").partition("/")[0]
    return f"line {int(number) + 1}: " if number.isascii() and number.isdigit() else ""
