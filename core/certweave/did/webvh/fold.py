"""Reading a did:webvh log: every entry checked, in order, into the history of the DID.

Follows did:webvh 1.0, "Read (Resolve)" (https://identity.foundation/didwebvh/v1.0/), without witnesses and
portability: a log that uses what is not here is undecided, ``unsupported``. The specification lets a reader
tolerate entries from a few minutes ahead; this one does not. Nothing is fetched here.
"""

from datetime import datetime

from certweave.did.document import DidDocument, parse_did_document
from certweave.did.history import History, LogParameters, Version
from certweave.did.syntax import Did, parse_did, scid_of, to_urls
from certweave.did.webvh.entry import Entry, check_proofs, check_scid, hash_entry, parse_entry, split_log
from certweave.did.webvh.parameters import active_update_keys, apply_parameters, check_witness
from certweave.encoding.pointer import join
from certweave.errors import (
    Cause,
    CertweaveError,
    InvalidError,
    InvalidHistoryError,
    MalformedError,
    UndecidedError,
    UnsupportedError,
)
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.timestamps import format_timestamp


def fold_log(
    did: Did | str, log: bytes, *, fetched_at: datetime, now: datetime, limits: Limits = DEFAULT_LIMITS
) -> History:
    """Check a log and return the history up to ``now``.

    Entries after ``now`` are ignored; one after ``fetched_at`` breaks the history, because it was not yet
    time for it when we had it in hand. ``path`` of an error starts with the line, counted from 0.

    Raises:
        InvalidHistoryError: a rule is broken, or the DID did not exist yet at ``now``.
        InvalidError: the DID itself cannot be (see ``to_urls``).
        MalformedError: a line is not an entry.
        UnsupportedError: ``witness_unsupported`` or ``portability_unsupported``.
        UndecidedError: a limit was reached (cause ``limit``).
    """
    name = did if isinstance(did, Did) else parse_did(did)
    to_urls(name)
    scid = scid_of(name)
    if len(log) > limits.did_log_bytes:
        detail = f"the DID log has more than {limits.did_log_bytes} bytes"
        raise UndecidedError(detail, code="limit_did_log", cause=Cause.LIMIT)
    if not log.strip():
        raise InvalidHistoryError("the DID log is empty", code="log_empty")
    fold = _Fold(name, scid, limits)
    for index, line in enumerate(split_log(log)):
        entry = parse_entry(line, index, limits=limits)
        if entry.time > fetched_at:
            detail = f"an entry of {entry.time_text} was there already on {format_timestamp(fetched_at)}"
            path = join(entry.path, "versionTime")
            raise InvalidHistoryError(detail, code="version_time_future", path=path)
        if entry.time > now:
            break
        fold.take(entry)
    return fold.finish()


class _Fold:
    """The state between two entries."""

    def __init__(self, did: Did, scid: str, limits: Limits) -> None:
        self._did = did
        self._scid = scid
        self._limits = limits
        self._versions: list[Version] = []
        self._parameters: LogParameters | None = None
        self._last: Entry | None = None

    def take(self, entry: Entry) -> None:
        """Check one entry against the state and add its version."""
        self._check_order(entry)
        place = join(entry.path, "parameters")
        parameters = apply_parameters(self._parameters, entry.parameters, place)
        if self._last is None:
            check_scid(entry, self._scid, limits=self._limits)
        predecessor = self._last.version_id if self._last else self._scid
        if hash_entry(entry.unsigned, predecessor) != entry.entry_hash:
            detail = "the entry's hash is not that of its content and its predecessor"
            path = join(entry.path, "versionId")
            raise InvalidHistoryError(detail, code="entry_hash_mismatch", path=path)
        check_proofs(entry, active_update_keys(self._parameters, parameters))
        check_witness(entry.parameters, place)
        document = self._read_document(entry, parameters)
        self._versions.append(
            Version(entry.version_id, entry.number, entry.time, document, parameters.deactivated)
        )
        self._parameters, self._last = parameters, entry

    def finish(self) -> History:
        """Return what the entries came to."""
        if self._parameters is None:
            detail = "the DID log has no entry that was there at that time"
            raise InvalidHistoryError(detail, code="no_version_at_time")
        return History(self._did, tuple(self._versions), has_past=True, parameters=self._parameters)

    def _check_order(self, entry: Entry) -> None:
        last = self._last
        if self._parameters is not None and self._parameters.deactivated:
            detail = "an entry follows the deactivation of the DID"
            raise InvalidHistoryError(detail, code="after_deactivation", path=entry.path)
        if entry.number != len(self._versions) + 1:
            detail = f"version {entry.number} stands where {len(self._versions) + 1} belongs"
            path = join(entry.path, "versionId")
            raise InvalidHistoryError(detail, code="version_number_wrong", path=path)
        if last is not None and entry.time <= last.time:
            detail = f"the entry of {entry.time_text} is not later than the one before, {last.time_text}"
            path = join(entry.path, "versionTime")
            raise InvalidHistoryError(detail, code="version_time_not_increasing", path=path)

    def _read_document(self, entry: Entry, parameters: LogParameters) -> DidDocument:
        path = join(entry.path, "state")
        named = entry.state.get("id")
        if named != self._did.text:
            self._refuse_name(named, parameters, join(path, "id"))
        try:
            return parse_did_document(entry.state, did=self._did)
        except MalformedError as error:
            raise MalformedError(error.detail, code=error.code, path=path + (error.path or "")) from None
        except InvalidError as error:
            where = path + (error.path or "")
            raise InvalidHistoryError(error.detail, code=error.code, path=where) from None

    def _refuse_name(self, named: object, parameters: LogParameters, path: str) -> None:
        """Tell a move, which the method knows and we do not, from a document of another DID."""
        try:
            scid = scid_of(parse_did(named))
        except CertweaveError:
            scid = None
        if scid != self._scid:
            detail = "the document of this entry belongs to another DID"
            raise InvalidHistoryError(detail, code="scid_mismatch", path=path)
        if parameters.portable:
            detail = "the DID has moved from one place to another, which is not implemented"
            raise UnsupportedError(detail, code="portability_unsupported", path=path)
        detail = "the document of this entry has another name than the DID"
        raise InvalidHistoryError(detail, code="document_id_mismatch", path=path)
