"""What the values of UNTP look like as text: days, moments, base64.

https://untp.unece.org/docs/0.7.0/specification/. The models ask here, and so does what answers for them.
"""

from datetime import date

from certweave.errors import MalformedError
from certweave.timestamps import parse_timestamp


def is_day(text: str) -> bool:
    """Tell whether a text is a date, YYYY-MM-DD."""
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def is_moment(text: str) -> bool:
    """Tell whether a text is a date and time with offset."""
    try:
        parse_timestamp(text)
    except MalformedError:
        return False
    return True


def is_base64(text: str) -> bool:
    """Tell whether a text is base64, padded."""
    body = text.rstrip("=")
    if len(text) % 4 or len(text) - len(body) > 2 or not body.isascii():
        return False
    return all(character.isalnum() or character in "+/" for character in body)
