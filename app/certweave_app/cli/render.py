"""A report for people: the verdict first, then every step, then what would decide what is open.

Marks differ in shape and word, never in colour alone. The JSON form is that of core; both say the same.
"""

import json
from collections.abc import Iterator
from types import MappingProxyType

from certweave.errors import Cause
from certweave.examine.report import Check, Outcome, Report, Verdict
from certweave.examine.report_json import report_json
from certweave.timestamps import format_timestamp
from certweave_app.cli.frame import Exit, plain

SENTENCES = MappingProxyType(
    {
        Verdict.VALID: "VALID: every rule that applies was checked, and holds.",
        Verdict.INVALID: "INVALID: a rule says no.",
        Verdict.UNDECIDED: "UNDECIDED: a rule could not be applied. This is neither valid nor invalid.",
    }
)
MARKS = MappingProxyType(
    {
        Outcome.VALID: "[+] valid",
        Outcome.INVALID: "[x] INVALID",
        Outcome.UNDECIDED: "[?] undecided",
        Outcome.NOT_APPLICABLE: "[-] not applicable",
    }
)
EXITS = MappingProxyType(
    {
        Verdict.VALID: Exit.VALID,
        Verdict.INVALID: Exit.INVALID,
        Verdict.UNDECIDED: Exit.UNDECIDED,
    }
)
REMEDIES = MappingProxyType(
    {
        Cause.UNREACHABLE: "the host that should answer, or give the document with --evidence-for; try again",
        Cause.STALE: "the issuer, by publishing a fresh one; try again later",
        Cause.UNKNOWN_ISSUER: "you, by a policy that says whom you trust; trying again does not help",
        Cause.WITHHELD: "the holder, by showing what is withheld; trying again does not help",
        Cause.PENDING: "the issuer, by issuing what is announced; try again later",
        Cause.UNSUPPORTED: "a release of this software that knows it; trying again does not help",
        Cause.LIMIT: "whoever runs this check, by a higher limit; trying again does not help",
        Cause.SIGNING_TIME_UNPROVEN: "the issuer, by a dated receipt; trying again does not help",
    }
)
"""Cause → who can mend it, and whether trying again helps (docs/reference/verdicts.md)."""

_UNVOUCHED = "; nobody vouches for them here"


def report_bytes(report: Report) -> bytes:
    """Return the JSON report as it is printed and bundled. ASCII only, so no terminal can be fooled by it."""
    return json.dumps(report_json(report), indent=2).encode() + b"\n"


def report_text(report: Report) -> str:
    """Return the report for people."""
    return plain("\n".join(_lines(report))) + "\n"


def _lines(report: Report) -> Iterator[str]:
    yield SENTENCES[report.verdict]
    for check in report.decisive():
        yield f"  {check.step.value}: {check.detail}"
    if report.subject:
        yield f"signed by {report.subject}" + (_UNVOUCHED if _nobody_vouches(report) else "")
    yield f"at {format_timestamp(report.at)}, by the policy {report.policy!r}"
    yield ""
    yield from _body(report)
    for number, inner in enumerate(report.credentials, 1):
        yield ""
        yield f"Credential {number} of {len(report.credentials)}: {SENTENCES[inner.verdict]}"
        yield from _body(inner)
    yield from _open_ends(report)


def _nobody_vouches(report: Report) -> bool:
    return any(check.code == "trust_not_asked" for check in report.checks)


def _body(report: Report) -> Iterator[str]:
    for check in report.checks:
        yield f"{check.step.number!s:>3} {check.step.value:<10} {MARKS[check.outcome]:<19} {_finding(check)}"
    if report.notes:
        yield ""
        yield "Notes"
    for note in report.notes:
        yield f"  - {note.detail}" + (f" (at {note.path})" if note.path else "")


def _finding(check: Check) -> str:
    place = f" (at {check.path})" if check.path else ""
    return f"{check.detail}{place} [{check.code}]"


def _open_ends(report: Report) -> Iterator[str]:
    open_checks = [check for one in (report, *report.credentials) for check in one.checks if check.cause]
    if not open_checks:
        return
    yield ""
    yield "What would decide it"
    for need in sorted(report.needs):
        yield f"  - {need.kind.value} {need.url}"
    for cause in sorted({check.cause for check in open_checks if check.cause}):
        yield f"  {cause.value}: who can mend it is {REMEDIES[cause]}"
