"""The canonical form of JSON: RFC 8785 (https://www.rfc-editor.org/rfc/rfc8785).

Canonicalises values that are already read; strictness of reading is encoding/strict_json.py. Two encoders
serve documents on which they provably give the same bytes: orjson, judged by what it wrote, and Python's own,
judged by what it is given. The rest goes to the rfc8785 library.
"""

import json
import re
from typing import Any

import orjson

from certweave.encoding.strict_json import MAX_INTEGER, JsonValue
from certweave.errors import Cause, MalformedError, UndecidedError

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False)

_OPTIONS = (
    orjson.OPT_SORT_KEYS
    | orjson.OPT_STRICT_INTEGER
    | orjson.OPT_PASSTHROUGH_SUBCLASS
    | orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
)
# Where orjson writes otherwise than RFC 8785, or not what it was given: NaN becomes null, an integral float
# keeps its ".0", tiny and huge ones have exponents of another form. A text may look so and take the long way.
_TO_COMMAS = bytes.maketrans(b"]}", b",,")
_EXPONENT = re.compile(rb"e[+-]?[0-9]+,")
# From U+10000 on keys sort otherwise; UTF-8 then has a byte that is not among these.
_NOT_ASTRAL = bytes(range(0xF0))


def canonicalize(value: JsonValue) -> bytes:
    """Return the canonical bytes of ``value``.

    Raises:
        MalformedError: NaN, Infinity, an integer beyond ±(2^53−1), a lone surrogate, or what is not JSON.
        UndecidedError: ``value`` nests too deep (cause ``limit``).
    """
    if type(value) is dict:
        try:
            written = orjson.dumps(value, option=_OPTIONS)
        except TypeError:
            written = None
        if written is not None and not _is_doubtful(written):
            return written
    return _canonicalize_slowly(value)


def _is_doubtful(written: bytes) -> bool:
    values = written.translate(_TO_COMMAS)  # each ends in a comma then
    return (
        b"null," in values
        or b".0," in values
        or b"0.0000" in values
        or _EXPONENT.search(values) is not None
        or (not written.isascii() and written.translate(None, _NOT_ASTRAL) != b"")
    )


def _canonicalize_slowly(value: JsonValue) -> bytes:
    try:
        if _is_plain(value):
            return _ENCODER.encode(value).encode("utf-8")
        import rfc8785  # which few documents need

        return rfc8785.dumps(value)
    except RecursionError:
        raise UndecidedError("the document nests too deep", code="limit_depth", cause=Cause.LIMIT) from None
    except (ValueError, TypeError) as error:
        # The library's own errors are ValueErrors, as is that of a string which has no UTF-8 form.
        raise MalformedError(f"no canonical form: {str(error)[:120]}", code="jcs_domain") from None


def _is_plain(value: Any) -> bool:
    """Tell whether Python's encoder writes ``value`` as RFC 8785 asks.

    It does where keys are ASCII (code points and UTF-16 units then sort alike), where floats are such that
    Python and ECMAScript write them alike, and where types are exactly those of JSON: it would write the
    key ``1`` as ``"1"``.
    """
    kind = type(value)
    if kind is str or kind is bool or value is None:
        return True
    if kind is dict:
        for key, item in value.items():
            if type(key) is not str or not key.isascii():
                return False
            if type(item) is not str and not _is_plain(item):
                return False
        return True
    if kind is list:
        return all(type(item) is str or _is_plain(item) for item in value)
    if kind is float:
        # Neither an exponent (repr uses one below 1e-4 and from 1e16 on) nor a trailing ".0".
        return 1e-4 <= abs(value) < 1e15 and not value.is_integer()
    return kind is int and -MAX_INTEGER <= value <= MAX_INTEGER
