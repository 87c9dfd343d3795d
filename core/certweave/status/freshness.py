"""For which time does a status list speak? One rule for every kind of list (docs/reference/status.md)."""

from datetime import datetime, timedelta

from certweave.errors import Cause, UndecidedError


def check_freshness(
    starts: datetime | None,
    ends: datetime | None,
    *,
    now: datetime,
    fetched_at: datetime | None,
    fresh_for: timedelta,
    skew: timedelta,
) -> None:
    """Raise unless a list that says of itself ``starts`` and ``ends`` speaks for ``now``.

    ``fetched_at`` is None for a list that others handed us; ``fresh_for`` is the shorter of the policy's
    maximum and the list's own ``ttl``.

    Raises:
        UndecidedError: ``status_not_known_then``, ``status_list_expired`` or ``status_stale``; all ``stale``.
    """
    # A fetch in the course of an examination ends a little after its "now": what was signed then counts.
    of_now = fetched_at is not None and fetched_at - now <= skew
    moment = max(now, fetched_at) if fetched_at is not None and of_now else now
    if starts is not None and starts > moment:
        raise _stale("the status list is younger than the moment asked about", "status_not_known_then")
    if ends is not None and ends < now:
        raise _stale("the status list has expired", "status_list_expired")
    if fetched_at is not None and of_now:
        if now - fetched_at > fresh_for:
            raise _stale("the status list was fetched too long ago", "status_stale")
        return
    if starts is None:
        raise _stale("the status list does not say since when it holds", "status_not_known_then")
    if fetched_at is None:
        # Hearsay counts only for the time it is signed for, and ages from its signing on.
        if ends is None:
            raise _stale("a status list handed in by others must say until when it holds", "status_stale")
        if now - starts > fresh_for:
            raise _stale("the status list handed in is too old", "status_stale")


def _stale(detail: str, code: str) -> UndecidedError:
    return UndecidedError(detail, code=code, cause=Cause.STALE)
