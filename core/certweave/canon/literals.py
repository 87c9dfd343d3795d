"""RDF literals and IRIs out of JSON values: Object to RDF Conversion of JSON-LD 1.1.

https://www.w3.org/TR/json-ld11-api/#object-to-rdf-conversion, with ``rdfDirection`` set to ``i18n-datatype``:
without it the base direction of a text would be dropped, and so not signed. Terms come out as canonical
N-Quads. What would be dropped or read differently elsewhere is refused.
"""

import re
from typing import Any

from certweave.canon.jcs import canonicalize
from certweave.canon.nquads import XSD, quote
from certweave.encoding.strict_json import MAX_INTEGER
from certweave.errors import InvalidError

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDF_TYPE, RDF_FIRST, RDF_REST, RDF_NIL = (f"<{RDF}{name}>" for name in ("type", "first", "rest", "nil"))
XSD_STRING, XSD_BOOLEAN, XSD_INTEGER, XSD_DOUBLE = (
    f"{XSD}{name}" for name in ("string", "boolean", "integer", "double")
)
JSON_SUFFIX = f"^^<{RDF}JSON>"
_I18N = "https://www.w3.org/ns/i18n#"
_BIG = 1e21
"""From here on the standard writes every number as a double."""
NO_BASE = "relative-to-nothing:/"
"""What relative IRIs start with after an expansion; left to itself, pyld makes up an address for it."""
# RFC 3987 without what N-Quads cannot hold, and without any white space; a scheme makes it absolute.
_ABSOLUTE = re.compile(rf'(?!{re.escape(NO_BASE)})[A-Za-z][A-Za-z0-9+.-]*:[^\x00-\x20<>"{{}}|^`\\\s]*')
_ABSOLUTE_ASCII = re.compile(rf"(?!{re.escape(NO_BASE)})[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~\x7f]*")
"""The same for texts of ASCII, read in half of the time: what may be there, instead of what may not."""
LANGUAGE = re.compile(r"[a-zA-Z]{1,8}(?:-[a-zA-Z0-9]{1,8})*")
DIRECTIONS = (None, "ltr", "rtl")


def is_absolute_iri(text: str) -> bool:
    """Tell whether text is an absolute IRI that N-Quads can hold, and none that once was relative."""
    return (_ABSOLUTE_ASCII if text.isascii() else _ABSOLUTE).fullmatch(text) is not None


def json_literal(value: Any) -> str:
    """Return the literal of a JSON value: its RFC 8785 form, datatype ``rdf:JSON``.

    Raises:
        MalformedError, UndecidedError: as ``canon.jcs``.
    """
    return quote(canonicalize(value).decode()) + JSON_SUFFIX


def text_literal(text: str, language: str | None, direction: str | None) -> str:
    """Return the literal of a text, in a language and with a base direction where it has them.

    Raises:
        InvalidError: ``language_malformed``; ``jsonld`` for a direction that is none.
    """
    if language is not None and LANGUAGE.fullmatch(language) is None:
        raise InvalidError(f"{language[:80]!r} is no language tag", code="language_malformed")
    if direction is not None:
        if direction not in DIRECTIONS:
            raise InvalidError("a base direction is ltr or rtl", code="jsonld")
        return f"{quote(text)}^^<{_I18N}{(language or '').lower()}_{direction}>"
    return quote(text) if language is None else f"{quote(text)}@{language.lower()}"


def typed_literal(value: str | bool | int | float, datatype: str | None) -> str:
    """Return the literal of a text, truth value or number; ``datatype`` is an absolute IRI, None for its own.

    Raises:
        InvalidError: ``number_range`` for an integer beyond ±(2^53−1), which not every reader takes for the
            same number.
    """
    if isinstance(value, str):
        return quote(value) if datatype in (None, XSD_STRING) else f"{quote(value)}^^<{datatype}>"
    if isinstance(value, bool):
        lexical, own = ("true" if value else "false"), XSD_BOOLEAN
    else:
        lexical, own = _number(value, datatype)
    if datatype is None:
        return f'"{lexical}"^^<{own}>'
    return f'"{lexical}"' if datatype == XSD_STRING else f'"{lexical}"^^<{datatype}>'


def _number(value: int | float, datatype: str | None) -> tuple[str, str]:
    """Steps 10 and 11: the lexical form of a number, and the datatype that is its own."""
    is_double = datatype == XSD_DOUBLE or value % 1 != 0 or abs(value) >= _BIG
    if abs(value) > MAX_INTEGER and (isinstance(value, int) or not is_double):
        raise InvalidError("an integer beyond 2^53 is not the same number everywhere", code="number_range")
    if not is_double:
        return str(int(value)), XSD_INTEGER
    if value - value != 0:
        raise InvalidError("neither infinity nor what is no number is JSON", code="number_range")
    return format_double(float(value)), XSD_DOUBLE


def format_double(value: float) -> str:
    """Return the canonical form of an xsd:double: one digit, then at most fifteen, then the exponent."""
    digits, _, exponent = f"{value:.15E}".partition("E")
    digits = digits.rstrip("0")
    return f"{digits}0E{int(exponent)}" if digits[-1] == "." else f"{digits}E{int(exponent)}"
