"""Identifiers as credentials write them: absolute URIs (RFC 3986, https://www.rfc-editor.org/rfc/rfc3986).

VCDM 2.0 says URL; DIDs, URNs and data URLs are such too. Whether one can be fetched is not asked here.
"""

import re
from typing import Any

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*+:[^\s\x00-\x20\x7f<>\"{}|\\^`]+")


def is_absolute_uri(value: Any) -> bool:
    """Tell whether a value is a string with a scheme, something after it, and no character that is barred."""
    return isinstance(value, str) and _URI.fullmatch(value) is not None
