"""One table from errors to RFC 9457 problem details (https://www.rfc-editor.org/rfc/rfc9457).

Members: type, title, status, detail, and our extensions code, path, request. A detail is what the rule said
about the input; what happened inside us is never told, only an id under which our log knows it.
"""

from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final

from certweave.errors import (
    CertweaveError,
    InvalidError,
    MalformedError,
    UndecidedError,
    UnknownOptionError,
)
from certweave_edge.i18n import mark
from certweave_edge.network import FetchError
from certweave_edge.refused import Refusal, RefusedError

MEDIA_TYPE: Final = "application/problem+json"

# The first class that fits speaks, so a class stands before its bases.
_STATUS: Final[tuple[tuple[type[CertweaveError], int, str], ...]] = (
    (UnknownOptionError, 400, mark("Something in it is not known here")),
    (MalformedError, 400, mark("It cannot be read")),
    (InvalidError, 422, mark("A rule says no")),
    (UndecidedError, 422, mark("It could not be decided")),
    (CertweaveError, 502, mark("Something we depend on did not answer")),
)
_OWN_TITLES: Final = {
    Refusal.UNAUTHENTICATED: mark("Please log in"),
    Refusal.FORBIDDEN: mark("You may not do that"),
    Refusal.NOT_FOUND: mark("There is nothing here"),
    Refusal.CONFLICT: mark("It does not fit what is there"),
    Refusal.GONE: mark("It is no longer here"),
    Refusal.PRECONDITION: mark("It has changed in the meantime"),
    Refusal.TOO_LARGE: mark("It is too large"),
    Refusal.TOO_MANY: mark("Too many at once"),
    Refusal.BUSY: mark("We are busy"),
}
INTERNAL: Final = mark("Something went wrong on our side")
BUSY_ELSEWHERE: Final = mark("Another service has too many requests just now")


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem details object and the headers that go with it."""

    status: int
    title: str
    detail: str
    code: str
    type: str = "about:blank"
    path: str | None = None
    headers: dict[str, str] = field(default_factory=dict)
    more: dict[str, Any] = field(default_factory=dict)

    @property
    def wait(self) -> int:
        """Seconds that the answer asks to wait; 0 where it does not."""
        return int(self.headers.get("Retry-After", 0))

    def to_json(self, request_id: str) -> dict[str, Any]:
        """Return the members as they go on the wire."""
        return {
            "type": self.type,
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
            "path": self.path,
            "request": request_id,
            **self.more,
        }


def problem_of(error: CertweaveError) -> Problem:
    """Return the problem that an error is on the wire."""
    if isinstance(error, RefusedError):
        return _refused(error)
    status, title = next((status, title) for kind, status, title in _STATUS if isinstance(error, kind))
    if isinstance(error, FetchError) and error.status == HTTPStatus.TOO_MANY_REQUESTS:
        title = BUSY_ELSEWHERE  # it did answer, and asks for patience
    more = {"cause": error.cause.value} if isinstance(error, UndecidedError) else {}
    headers = _waiting(error.retry_after) if isinstance(error, FetchError) else {}
    return Problem(status, title, error.detail, error.code, error.problem, error.path, headers, more)


def status_problem(status: int, detail: str | None = None) -> Problem:
    """Return the problem for a status that the framework chose: an unknown route, a method not allowed."""
    phrase = HTTPStatus(status).phrase
    known = next((title for refusal, title in _OWN_TITLES.items() if refusal == status), phrase)
    code = "http_" + phrase.lower().replace(" ", "_").replace("-", "_")
    return Problem(status, known, detail or phrase, code)


def internal_problem() -> Problem:
    """Return the problem for a mistake of ours: nothing about it but that it is ours."""
    return Problem(500, INTERNAL, mark("We have noted it. Trying again later may help."), "internal")


def _refused(error: RefusedError) -> Problem:
    headers = _waiting(error.retry_after)
    if error.refusal is Refusal.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = 'Bearer realm="certweave"'
    title = _OWN_TITLES.get(error.refusal, HTTPStatus(error.refusal).phrase)
    return Problem(
        int(error.refusal), title, error.detail, error.code, error.problem, error.path, headers=headers
    )


def _waiting(seconds: int | None) -> dict[str, str]:
    return {} if seconds is None else {"Retry-After": str(seconds)}
