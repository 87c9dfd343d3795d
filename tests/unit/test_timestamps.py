"""xsd:dateTimeStamp."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from certweave.errors import MalformedError
from certweave.timestamps import format_timestamp, parse_timestamp


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-01-31T23:59:59Z", datetime(2026, 1, 31, 23, 59, 59, tzinfo=UTC)),
        ("2026-01-31T23:59:59+02:00", datetime(2026, 1, 31, 21, 59, 59, tzinfo=UTC)),
        ("2026-01-31T23:59:59-05:30", datetime(2026, 2, 1, 5, 29, 59, tzinfo=UTC)),
        ("2024-02-29T00:00:00.5Z", datetime(2024, 2, 29, 0, 0, 0, 500_000, tzinfo=UTC)),
        ("2024-02-29T00:00:00.1234567Z", datetime(2024, 2, 29, 0, 0, 0, 123_456, tzinfo=UTC)),
        ("2025-12-31T24:00:00Z", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T00:00:00-00:00", datetime(2026, 1, 1, tzinfo=UTC)),
        ("2026-01-01T14:00:00+14:00", datetime(2026, 1, 1, tzinfo=UTC)),
    ],
)
def test_read(text: str, moment: datetime) -> None:
    assert parse_timestamp(text) == moment
    assert parse_timestamp(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026-01-01",
        "2026-01-01T00:00:00",
        "2026-01-01 00:00:00Z",
        "2026-01-01t00:00:00z",
        "2026-01-01T00:00Z",
        "2026-1-1T00:00:00Z",
        "2026-13-01T00:00:00Z",
        "2026-02-29T00:00:00Z",
        "2026-01-01T25:00:00Z",
        "2026-01-01T24:00:01Z",
        "2026-01-01T24:00:00.1Z",
        "2026-01-01T00:00:60Z",
        "2026-01-01T00:00:00.Z",
        "2026-01-01T00:00:00+14:01",
        "2026-01-01T00:00:00+02:60",
        "2026-01-01T00:00:00+0200",
        "0000-01-01T00:00:00Z",
        "-2026-01-01T00:00:00Z",
        "12026-01-01T00:00:00Z",
        "0001-01-01T00:00:00+01:00",
        "9999-12-31T24:00:00Z",
        "2026-01-01T00:00:00Z\n",
        "２０２６-01-01T00:00:00Z",
        f"2026-01-01T00:00:00.{'0' * 100}Z",
        None,
        1767225600,
    ],
)
def test_refused(text: object) -> None:
    with pytest.raises(MalformedError) as caught:
        parse_timestamp(text)
    assert caught.value.code == "timestamp"


def test_written_in_utc_to_the_second() -> None:
    moment = datetime(2026, 1, 1, 1, 2, 3, 999_999, tzinfo=timezone(timedelta(hours=1)))
    assert format_timestamp(moment) == "2026-01-01T00:02:03Z"
    with pytest.raises(ValueError, match="time zone"):
        format_timestamp(datetime(2026, 1, 1))
