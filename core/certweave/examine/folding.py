"""Folding a DID log once for many examinations: memoised by the log's bytes, bounded, and still pure."""

from datetime import UTC, datetime
from functools import lru_cache

from certweave.did.history import History
from certweave.did.syntax import Did
from certweave.did.webvh.fold import fold_log
from certweave.errors import CertweaveError
from certweave.limits import Limits

_END_OF_TIME = datetime.max.replace(tzinfo=UTC)
_MEMO_BYTES = 1 << 16
"""Longer logs are rare, and 256 of them must not fill the memory."""


def fold_known(did: Did, log: bytes, fetched_at: datetime, now: datetime, limits: Limits) -> History:
    """Return what ``fold_log`` returns for the same arguments, and raise what it raises.

    The whole log is folded without regard to time, and remembered. Where time decides (an entry after
    ``now`` or after ``fetched_at``) or the log is broken, the answer is worked out afresh.
    """
    if len(log) <= _MEMO_BYTES:
        try:
            whole = _fold_whole(did, log, limits)
        except CertweaveError:
            return fold_log(did, log, fetched_at=fetched_at, now=now, limits=limits)
        last = whole.versions[-1].time
        if last is not None and last <= min(fetched_at, now):
            return whole
    return fold_log(did, log, fetched_at=fetched_at, now=now, limits=limits)


@lru_cache(maxsize=256)
def _fold_whole(did: Did, log: bytes, limits: Limits) -> History:
    return fold_log(did, log, fetched_at=_END_OF_TIME, now=_END_OF_TIME, limits=limits)
