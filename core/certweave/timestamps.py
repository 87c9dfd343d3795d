"""Points in time as documents write them: xsd:dateTimeStamp.

Follows VCDM 2.0 §4.9 (https://www.w3.org/TR/vc-data-model-2.0/#validity-period) and XML Schema 1.1 part 2
§3.4.28 (https://www.w3.org/TR/xmlschema11-2/#dateTimeStamp): a time zone is a must. Years before 1 or
after 9999, which XML Schema allows, are refused. There is no clock here.
"""

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from certweave.errors import MalformedError

_FORM = re.compile(
    r"(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:Z|([+-])(\d{2}):(\d{2}))", re.ASCII
)
_USUAL = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_MAX_TEXT = 64
_NO_TIMESTAMP = "not a date and time with time zone (xsd:dateTimeStamp)"
TEXTS_KEPT = 256
"""With the moments that they name, some 200 bytes each: an examination asks for each one again and again."""


def parse_timestamp(text: object) -> datetime:
    """Read an xsd:dateTimeStamp and return it in UTC; digits below the microsecond are dropped.

    Raises:
        MalformedError: not a string of this form, no time zone, or no such day or time.
    """
    if not isinstance(text, str) or len(text) > _MAX_TEXT:
        raise MalformedError(_NO_TIMESTAMP, code="timestamp")
    return _parse(text)


@lru_cache(maxsize=TEXTS_KEPT)
def _parse(text: str) -> datetime:
    if _USUAL.fullmatch(text) is not None:
        try:
            return datetime.fromisoformat(text)
        except ValueError:
            pass  # no such day, or the end of one: told apart below
    match = _FORM.fullmatch(text)
    if match is None:
        raise MalformedError(_NO_TIMESTAMP, code="timestamp")
    year, month, day, hour, minute, second = (int(match[group]) for group in range(1, 7))
    micro = int((match[7] or "").ljust(6, "0")[:6])
    # XML Schema knows the end of a day, 24:00:00, which is the first moment of the next.
    ends_day = hour == 24 and minute == second == 0 and not (match[7] or "").strip("0")
    try:
        zone = _zone(match[8], match[9], match[10])
        local = datetime(year, month, day, 0 if ends_day else hour, minute, second, micro, tzinfo=zone)
        return (local + timedelta(days=ends_day)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedError("there is no such date, time or time zone", code="timestamp") from None


@lru_cache(maxsize=TEXTS_KEPT)
def format_timestamp(moment: datetime) -> str:
    """Return ``moment`` in UTC to the second, ending in ``Z``; a moment without time zone is a ValueError."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    in_utc = moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    return in_utc.isoformat(timespec="seconds")[:19] + "Z"


def _zone(sign: str | None, hours: str, minutes: str) -> timezone:
    if sign is None:
        return UTC
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    # XML Schema 1.1 part 2, timezoneFrag: at most 14:00, and minutes below 60.
    if int(minutes) > 59 or offset > timedelta(hours=14):
        raise ValueError("offset out of range")
    return timezone(-offset if sign == "-" else offset)
