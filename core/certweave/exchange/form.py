"""How messages of an exchange are read: members with their types, form bodies, links, and OAuth errors.

RFC 6749 §3.2 and §5.2 (https://www.rfc-editor.org/rfc/rfc6749). A ``Form`` knows how one kind of message is
refused: with an OAuth error code where the sender gets an answer, as malformed where there is nobody to
answer. What the members mean is in the modules beside this.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, quote, urlencode

from certweave.encoding.pointer import join
from certweave.encoding.strict_json import JsonObject
from certweave.errors import Cause, CertweaveError, ExchangeError, MalformedError, UndecidedError
from certweave.limits import Limits

MAX_TEXT: Final = 4096
"""Characters of an identifier, code, nonce or URL in a message; honest ones stay far below."""
MAX_FIELDS: Final = 64
"""Parameters of one form body or link."""
_LAST_SECOND: Final = 253_402_300_799
"""9999-12-31T23:59:59Z, the last that a ``datetime`` holds."""

_HTTPS = re.compile(r"https://[A-Za-z0-9.-]+(?::[0-9]{1,5})?(?:[/?][!$&-;=?-Z_a-z~%@]*)?", re.ASCII)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_NOT_IN_ERRORS = re.compile(r"[^\x20-\x21\x23-\x5b\x5d-\x7e]")


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of message: the ``code`` of its errors and the ``oauth`` code of the answer, if any."""

    code: str
    oauth: str | None = None

    def refusal(self, detail: str, path: str | None = None) -> CertweaveError:
        """Return the error that refuses a message of this kind."""
        if self.oauth is None:
            return MalformedError(detail, code=self.code, path=path)
        return ExchangeError(detail, oauth=self.oauth, code=self.code, path=path)

    def object(self, value: Any, path: str = "") -> JsonObject:
        """Return ``value`` if it is an object; an empty one is an object too."""
        if not isinstance(value, dict):
            raise self.refusal("an object is expected here", path)
        return value

    def member(self, holder: JsonObject, name: str, path: str = "") -> JsonObject:
        """Return the member ``name``, which must be an object with something in it."""
        found = self.object(holder.get(name), join(path, name))
        if not found:
            raise self.refusal(f"{name} is empty", join(path, name))
        return found

    def text(self, holder: Mapping[str, Any], name: str, path: str = "") -> str:
        """Return the member ``name``, which must be a text, neither empty nor beyond all measure."""
        value = holder.get(name)
        if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
            raise self.refusal(f"{name} is a text, not empty", join(path, name))
        return value

    def find_text(self, holder: Mapping[str, Any], name: str, path: str = "") -> str | None:
        """Return the text ``name``, or None where it is absent."""
        return self.text(holder, name, path) if name in holder else None

    def flag(self, holder: JsonObject, name: str, path: str = "", *, default: bool) -> bool:
        """Return the boolean ``name``; ``default`` is the specification's value for an absent one."""
        value = holder.get(name, default)
        if not isinstance(value, bool):
            raise self.refusal(f"{name} is true or false", join(path, name))
        return value

    def moment(self, holder: JsonObject, name: str, path: str = "") -> datetime:
        """Return the member ``name``, which must be a NumericDate (RFC 7519 §2) before the year 10000."""
        value = holder.get(name)
        if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= _LAST_SECOND:
            raise self.refusal(f"{name} is a number of seconds", join(path, name))
        return datetime.fromtimestamp(value, UTC)

    def find_moment(self, holder: JsonObject, name: str, path: str = "") -> datetime | None:
        """Return the moment ``name``, or None where it is absent."""
        return self.moment(holder, name, path) if name in holder else None

    def array(self, holder: JsonObject, name: str, path: str = "") -> list[Any]:
        """Return the member ``name``, which must be an array with something in it."""
        value = holder.get(name)
        if not isinstance(value, list) or not value:
            raise self.refusal(f"{name} is an array, not empty", join(path, name))
        return value

    def texts(self, holder: JsonObject, name: str, path: str = "") -> tuple[str, ...]:
        """Return the member ``name``, which must be an array of texts, none empty and none twice."""
        values = self.array(holder, name, path)
        for number, value in enumerate(values):
            if not isinstance(value, str) or not 0 < len(value) <= MAX_TEXT:
                raise self.refusal("a text is expected here, not empty", join(path, name, number))
        if len(set(values)) != len(values):
            raise self.refusal(f"{name} names something twice", join(path, name))
        return tuple(values)

    def find_texts(self, holder: JsonObject, name: str, path: str = "") -> tuple[str, ...]:
        """Return the texts of ``name``, none where it is absent."""
        return self.texts(holder, name, path) if name in holder else ()

    def https(self, holder: Mapping[str, Any], name: str, path: str = "") -> str:
        """Return the member ``name``, which must be an https address without fragment and user."""
        value = self.text(holder, name, path)
        if not is_https(value):
            raise self.refusal(f"{name} is an https address", join(path, name))
        return value

    @contextmanager
    def answering(self) -> Iterator[None]:
        """Give the errors of what is read inside the OAuth code of this message; they keep code and path."""
        try:
            yield
        except ExchangeError:
            raise
        except CertweaveError as error:
            raise Form(error.code, self.oauth).refusal(error.detail, error.path) from error


def is_https(text: str) -> bool:
    """Tell whether ``text`` is an https address without fragment and user information."""
    return len(text) <= MAX_TEXT and _HTTPS.fullmatch(text) is not None


def is_identifier(text: str) -> bool:
    """Tell whether ``text`` can name a Credential Issuer: https without query (OpenID4VCI 1.0 §12.2.1)."""
    return is_https(text) and "?" not in text


def parse_body(body: bytes, form: Form, *, limits: Limits) -> dict[str, str]:
    """Read an ``application/x-www-form-urlencoded`` body; parameters without a value count as absent.

    Raises:
        ExchangeError or MalformedError: as ``form`` has it: not such a body, or a parameter stands twice
            (RFC 6749 §3.2).
        UndecidedError: too long (cause ``limit``).
    """
    if len(body) > limits.credential_bytes:
        detail = f"the body has more than {limits.credential_bytes} bytes"
        raise UndecidedError(detail, code="limit_bytes", cause=Cause.LIMIT)
    try:
        text = body.decode("ascii")
    except UnicodeDecodeError:
        raise form.refusal("the body is not form-encoded") from None
    return parse_query_text(text, form)


def parse_query_text(text: str, form: Form) -> dict[str, str]:
    """Read the query of a link, or the text of a form body; raises as ``form`` has it."""
    if _BAD_ESCAPE.search(text):
        raise form.refusal("a percent sign stands without two hexadecimal digits")
    try:
        pairs = parse_qsl(
            text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=MAX_FIELDS
        )
    except ValueError:
        raise form.refusal("the parameters are not form-encoded") from None
    fields: dict[str, str] = {}
    for name, value in pairs:
        if name in fields:
            raise form.refusal(f"the parameter {name[:40]!a} stands twice", join("", name))
        fields[name] = value
    return {name: value for name, value in fields.items() if value}


def make_body(fields: Mapping[str, str]) -> str:
    """Return an ``application/x-www-form-urlencoded`` body."""
    return urlencode(fields)


def make_link(base: str, fields: Mapping[str, str]) -> str:
    """Return ``base`` (``openid4vp://`` or an address) with ``fields`` as its query."""
    return f"{base}{'&' if '?' in base else '?'}{urlencode(fields, quote_via=quote)}"


def parse_link(text: str, scheme: str, form: Form, *, limits: Limits) -> dict[str, str]:
    """Return the parameters of a link under ``scheme`` (``openid4vp``), or of an https link.

    Raises:
        ExchangeError or MalformedError: as ``form`` has it.
        UndecidedError: too long (cause ``limit``).
    """
    if len(text) > limits.credential_bytes:
        detail = f"the link has more than {limits.credential_bytes} characters"
        raise UndecidedError(detail, code="limit_bytes", cause=Cause.LIMIT)
    base, mark, query = text.partition("?")
    if not text.isascii() or any(character <= " " or character == "\x7f" for character in text):
        raise form.refusal("a link has no blanks and no letters beyond ASCII")
    # "scheme://", "scheme:///" and "scheme:" are one address; wallets and makers of QR codes write all three.
    known = base.lower().rstrip("/") == f"{scheme}:" or is_https(base)
    if not known or not mark or "#" in query:
        raise form.refusal(f"not a link of {scheme}://")
    return parse_query_text(query, form)


def make_error(error: CertweaveError, *, fallback: str) -> JsonObject:
    """Return the body of an OAuth error answer (RFC 6749 §5.2); ``fallback`` is for errors without a code.

    ``error_description`` is ASCII without quotation mark and backslash, as the RFC demands.
    """
    code = error.oauth if isinstance(error, ExchangeError) else fallback
    return {"error": code, "error_description": _NOT_IN_ERRORS.sub("'", error.detail)[:500]}


def parse_error(obj: Any) -> tuple[str, str]:
    """Return code and description of an OAuth error answer, for whoever asked; the description may be empty.

    Raises:
        MalformedError: not such an answer.
    """
    form = Form(code="oauth_error_malformed")
    answer = form.object(obj)
    return form.text(answer, "error"), form.find_text(answer, "error_description") or ""
