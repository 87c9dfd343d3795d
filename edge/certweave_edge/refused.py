"""What a service answers when a request is understood and not granted.

The rules of credentials never raise this: ``InvalidError`` and its kin are about documents, ``RefusedError``
is about what the caller wanted to do. One table (``problem.py``) turns both into RFC 9457 problem details.
"""

from enum import IntEnum

from certweave.errors import CertweaveError


class Refusal(IntEnum):
    """Why a request is not granted, as its HTTP status (RFC 9110, RFC 6585)."""

    UNAUTHENTICATED = 401
    FORBIDDEN = 403
    NOT_FOUND = 404
    NOT_ACCEPTABLE = 406
    CONFLICT = 409
    GONE = 410
    PRECONDITION = 412
    TOO_LARGE = 413
    MEDIA_TYPE = 415
    TOO_MANY = 429
    NOT_IMPLEMENTED = 501
    BUSY = 503


class RefusedError(CertweaveError):
    """The request is not granted.

    Attributes:
        refusal: the reason, which is also the HTTP status.
        retry_after: seconds after which trying again may help, or None.
    """

    default_code = "refused"

    def __init__(
        self,
        detail: str,
        refusal: Refusal,
        *,
        code: str | None = None,
        path: str | None = None,
        retry_after: int | None = None,
    ) -> None:
        super().__init__(detail, code=code, path=path)
        self.refusal = refusal
        self.retry_after = retry_after


class NoStatusListError(RefusedError):
    """404: there is no such status list, or none of the time asked for (Bitstring Status List 1.0 §3.5)."""

    problem = "https://www.w3.org/ns/credentials/status-list#STATUS_RETRIEVAL_ERROR"

    def __init__(self, detail: str, *, code: str) -> None:
        super().__init__(detail, Refusal.NOT_FOUND, code=code)
