"""Problem types (RFC 9457) by which W3C's texts name what a check found, for those who read reports by them.

VCDM 2.0 §7.2 (https://www.w3.org/TR/vc-data-model-2.0/#problem-details), Data Integrity 1.0 §4.7
(https://www.w3.org/TR/vc-data-integrity/#processing-errors) and Bitstring Status List 1.0 §3.5
(https://www.w3.org/TR/vc-bitstring-status-list/#processing-errors). What no text has a name for goes by our
own code: that a credential was withdrawn or has ended is no error in processing it.
"""

from typing import Final, NamedTuple

from certweave.errors import Cause
from certweave.examine.report import Check, Step

_MODEL: Final = "https://www.w3.org/TR/vc-data-model#"
_SECURITY: Final = "https://w3id.org/security#"
_STATUS: Final = "https://www.w3.org/ns/credentials/status-list#"
_OURS: Final = "https://certweave.example/problems/"


class ProblemType(NamedTuple):
    """A problem type: its URI, and a short title."""

    uri: str
    title: str


_UNREADABLE: Final = ProblemType(f"{_MODEL}PARSING_ERROR", "It cannot be read")
_VALUE: Final = ProblemType(f"{_MODEL}MALFORMED_VALUE_ERROR", "A value is malformed")
_RANGE: Final = ProblemType(f"{_MODEL}RANGE_ERROR", "A value is out of range")
_PROOF: Final = ProblemType(f"{_SECURITY}PROOF_VERIFICATION_ERROR", "The proof could not be verified")
_DOMAIN: Final = ProblemType(f"{_SECURITY}INVALID_DOMAIN_ERROR", "It was made for somebody else")
_CHALLENGE: Final = ProblemType(f"{_SECURITY}INVALID_CHALLENGE_ERROR", "It answers another request")
_RETRIEVAL: Final = ProblemType(f"{_STATUS}STATUS_RETRIEVAL_ERROR", "The status list could not be had")
_ENTRY: Final = ProblemType(f"{_STATUS}STATUS_VERIFICATION_ERROR", "The status could not be verified")
_LENGTH: Final = ProblemType(f"{_STATUS}STATUS_LIST_LENGTH_ERROR", "The status list is too short")

_BY_STEP: Final = {
    Step.READ: _UNREADABLE,
    Step.MODEL: _VALUE,
    Step.PROOF: _PROOF,
    Step.HISTORY: _PROOF,
    Step.KEY: _PROOF,
    Step.SIGNATURE: _PROOF,
    Step.AUDIENCE: _DOMAIN,
    Step.NONCE: _CHALLENGE,
    Step.STATUS: _ENTRY,
}
_STANDING: Final = frozenset({"withdrawn", "suspended", "taken_back"})
_MALFORMED_STATUS: Final = frozenset(
    {
        "base64url",
        "status_claim_malformed",
        "status_entry_malformed",
        "status_list_encoding",
        "status_list_form",
        "status_list_purpose",
        "status_list_ttl",
        "status_list_wrong_type",
    }
)


def problem_type(check: Check) -> ProblemType:
    """Return the problem type of a check that is invalid or undecided."""
    if check.code in _STANDING or check.step not in _BY_STEP:
        return ProblemType(f"{_OURS}{check.code}", check.step.value)
    if check.code == "status_index_out_of_range":
        return _RANGE
    if check.code == "status_list_too_short":
        return _LENGTH
    if check.code in _MALFORMED_STATUS:
        return _VALUE
    if check.step is Step.STATUS and check.cause is Cause.UNREACHABLE:
        return _RETRIEVAL
    return _BY_STEP[check.step]
