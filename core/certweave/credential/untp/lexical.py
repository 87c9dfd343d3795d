"""What the values of UNTP and our extension look like as text: days, moments, base64, languages.

https://untp.unece.org/docs/0.7.0/specification/. The models ask here, and so does what answers for them.
"""

import re
from datetime import date

from certweave.errors import MalformedError
from certweave.timestamps import parse_timestamp

_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")


def is_language(text: str) -> bool:
    """Tell whether a text names a language (BCP 47) in the form that our language maps use."""
    return _LANGUAGE.fullmatch(text) is not None


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
