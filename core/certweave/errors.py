"""Every error this project raises on purpose.

CertweaveError
├─ MalformedError             the input cannot be read as what it claims to be
│  ├─ MalformedProofError
│  └─ UnknownOptionError    a request names something that nothing here knows
├─ InvalidError               it was read, and a rule says no
│  ├─ InvalidSignatureError
│  ├─ InvalidHistoryError
│  └─ ExchangeError         a protocol message breaks a rule; ``oauth`` is the answer on the wire
└─ UndecidedError             the rule could not be applied; this says nothing about validity
   ├─ MissingEvidenceError
   └─ UnsupportedError

A class name is a promise: callers, problem documents and the command line all key on it. ``code`` is
stable too, and every code is listed in docs/reference/codes.md; ``path`` is the place in the input.
"""

from enum import StrEnum
from typing import ClassVar


class Cause(StrEnum):
    """Why a check could not be decided: the closed list of docs/reference/verdicts.md."""

    UNREACHABLE = "unreachable"
    STALE = "stale"
    UNKNOWN_ISSUER = "unknown_issuer"
    WITHHELD = "withheld"
    PENDING = "pending"
    UNSUPPORTED = "unsupported"
    LIMIT = "limit"
    SIGNING_TIME_UNPROVEN = "signing_time_unproven"


class CertweaveError(Exception):
    """Base of all errors raised on purpose.

    Attributes:
        code: stable, documented name of the rule that spoke.
        path: JSON Pointer (RFC 6901) to the place in the input, or None.
    """

    problem: ClassVar[str] = "about:blank"
    """Problem type URI (RFC 9457) that the web edge puts on the wire."""
    default_code: ClassVar[str] = "error"

    def __init__(self, detail: str, *, code: str | None = None, path: str | None = None) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code if code is not None else self.default_code
        self.path = path


class MalformedError(CertweaveError):
    """The input cannot be read as what it claims to be."""

    problem = "https://www.w3.org/TR/vc-data-model#PARSING_ERROR"
    default_code = "malformed"


class MalformedProofError(MalformedError):
    """A proof lacks a member, or a member has the wrong form."""

    problem = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    default_code = "proof_malformed"


class UnknownOptionError(MalformedError):
    """A request has a member, an option or a value of one that is not known here (VCALM, Options)."""

    problem = "https://www.w3.org/TR/vcalm#UNKNOWN_OPTION_PROVIDED"
    default_code = "option_unknown"


class InvalidError(CertweaveError):
    """The input was read, and a rule says no."""

    problem = "https://www.w3.org/TR/vc-data-model#MALFORMED_VALUE_ERROR"
    default_code = "invalid"


class AbsentError(InvalidError):
    """All that a rule objects to is what is not there; who shows a part may have left it out.

    Raised with the code of the rule.
    """


class InvalidSignatureError(InvalidError):
    """The signature does not match the document, the options and the key."""

    problem = "https://w3id.org/security#PROOF_VERIFICATION_ERROR"
    default_code = "signature_mismatch"


class InvalidHistoryError(InvalidError):
    """A DID log does not fold, or a twin contradicts it."""

    problem = "https://w3id.org/security#INVALID_CONTROLLED_IDENTIFIER_DOCUMENT"
    default_code = "history_broken"


class ExchangeError(InvalidError):
    """A message of an exchange (OID4VCI, OID4VP) breaks a rule of its protocol.

    Attributes:
        oauth: the error code that goes back to the sender, as the protocol spells it: ``invalid_proof``.
    """

    default_code = "exchange_refused"

    def __init__(self, detail: str, *, oauth: str, code: str | None = None, path: str | None = None) -> None:
        super().__init__(detail, code=code, path=path)
        self.oauth = oauth


class UndecidedError(CertweaveError):
    """A rule could not be applied; this says nothing about validity."""

    default_code = "undecided"
    default_cause: ClassVar[Cause] = Cause.UNREACHABLE

    def __init__(
        self, detail: str, *, code: str | None = None, path: str | None = None, cause: Cause | None = None
    ) -> None:
        super().__init__(detail, code=code, path=path)
        self.cause = cause if cause is not None else self.default_cause


class MissingEvidenceError(UndecidedError):
    """A document that the rule needs is not among the evidence."""

    default_code = "evidence_missing"


class UnsupportedError(UndecidedError):
    """The cryptosuite, method or version is not one we implement."""

    default_code = "unsupported"
    default_cause = Cause.UNSUPPORTED
