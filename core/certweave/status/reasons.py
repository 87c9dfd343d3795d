"""Why a certificate's status changes: the closed list of reason codes, each with its plain sentence.

The list is our own (docs/reference/status.md); people read the sentence, programs the code. Which state an
action leads to is in ``record``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from certweave.errors import InvalidError


class Action(StrEnum):
    """What can be done to a certificate."""

    APPROVE = "approve"
    ISSUE = "issue"
    SUSPEND = "suspend"
    REINSTATE = "reinstate"
    WITHDRAW = "withdraw"
    CORRECT = "correct"
    RENEW = "renew"
    EXPIRE = "expire"


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason: the sentence that people read, and the actions that it can justify."""

    sentence: str
    actions: frozenset[Action]


_STOP = frozenset({Action.SUSPEND, Action.WITHDRAW})
_END = frozenset({Action.WITHDRAW})
_RESUME = frozenset({Action.REINSTATE})

NOT_STATED = "not_stated"
"""What is recorded where a program of somebody else's changes a status: VCALM has no word for a reason."""

REASONS: Mapping[str, Reason] = {
    "audit_overdue": Reason("An audit that was due has not taken place.", _STOP),
    "nonconformity": Reason("An audit found that requirements are not met.", _STOP),
    "fraud": Reason("There is evidence of fraud.", _STOP),
    "key_compromise": Reason("A signing key may be in the wrong hands.", _STOP),
    "request_of_holder": Reason("The holder of the certificate asked for it.", _STOP),
    "fees_unpaid": Reason("Fees owed for the certification have not been paid.", _STOP),
    "authorisation_lost": Reason("The certifier is no longer authorised for this scheme.", _STOP),
    "sites_closed": Reason("The certified sites have closed.", _END),
    "nonconformity_not_closed": Reason("Requirements were still not met when the time given ended.", _END),
    "issued_in_error": Reason("The certificate should not have been issued.", _END),
    "error_in_certificate": Reason(
        "The certificate contained an error.", frozenset({Action.CORRECT, Action.WITHDRAW})
    ),
    "scope_changed": Reason(
        "Sites, processes or products of the certificate changed.", frozenset({Action.CORRECT})
    ),
    "renewed": Reason("A new certificate continues this one.", frozenset({Action.RENEW})),
    "nonconformity_closed": Reason("The requirements are met again.", _RESUME),
    "audit_done": Reason("The audit that was due has taken place.", _RESUME),
    "fees_paid": Reason("The fees owed have been paid.", _RESUME),
    "suspended_in_error": Reason("The certificate should not have been suspended.", _RESUME),
    "cleared": Reason("What led to the suspension proved to be unfounded or was put right.", _RESUME),
    NOT_STATED: Reason("The issuer states no reason.", _STOP | _RESUME),
}


def check_reason(action: Action, code: str) -> None:
    """Hold a reason code against the action that it is to justify.

    Raises:
        InvalidError: the code is not on the list, or does not fit the action.
    """
    reason = REASONS.get(code)
    if reason is None:
        detail = f"{code[:80]!r} is not a reason on the list"
        raise InvalidError(detail, code="status_reason_unknown", path="/reason")
    if action not in reason.actions:
        detail = f"the reason {code} does not fit the action {action.value}"
        raise InvalidError(detail, code="status_reason_unfit", path="/reason")
