"""The keywords of JSON-LD 1.1 (https://www.w3.org/TR/json-ld11/#keywords), and what only looks like one.

JSON-LD ignores look-alikes, so that later versions may give them a meaning. What would be signed and ignored
is refused here (``canon.jsonld``, ``canon.processor``).
"""

import re
from typing import Any

KEYWORDS = frozenset(
    (
        "@base",
        "@container",
        "@context",
        "@direction",
        "@graph",
        "@id",
        "@import",
        "@included",
        "@index",
        "@json",
        "@language",
        "@list",
        "@nest",
        "@none",
        "@prefix",
        "@propagate",
        "@protected",
        "@reverse",
        "@set",
        "@type",
        "@value",
        "@version",
        "@vocab",
    )
)
_LIKE_KEYWORD = re.compile(r"@[a-zA-Z]+$")


def is_look_alike(text: Any) -> bool:
    """Tell whether a value is a text of the form of a keyword, and is none."""
    if text.__class__ is not str or text[:1] != "@":
        return False
    return text not in KEYWORDS and _LIKE_KEYWORD.match(text) is not None
