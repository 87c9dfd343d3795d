"""Identifiers as credentials write them: absolute URIs (RFC 3986, https://www.rfc-editor.org/rfc/rfc3986).

VCDM 2.0 says URL; DIDs, URNs and data URLs are such too. Whether one can be fetched is not asked here.
"""

import re
from collections.abc import Iterable
from typing import Any

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[^\s\x00-\x20\x7f<>\"{}|\\^`]+")
_OF_ASCII = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[!#-;=?-\[\]_a-z~]+")
"""The same for texts of ASCII, read in half of the time: what may be there, instead of what may not."""


def is_absolute_uri(value: Any) -> bool:
    """Tell whether a value is a string with a scheme, something after it, and no character that is barred."""
    if not isinstance(value, str):
        return False
    return (_OF_ASCII if value.isascii() else _URI).fullmatch(value) is not None


def are_plain_uris(values: Iterable[Any]) -> bool:
    """Tell whether all of these are such strings, of ASCII alone; of others ``is_absolute_uri`` can tell."""
    try:
        return all(map(_OF_ASCII.fullmatch, values))
    except TypeError:
        return False
