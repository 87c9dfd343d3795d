"""A report in plain words: the sentence of the verdict, what can be done and by whom, what each step found.

Texts are marked here and translated in the template. What a rule says about a particular document comes from
core in English; for the rules that people meet often there is a sentence of our own.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from certweave.credential.holder import holder_of
from certweave.credential.vcdm import validity
from certweave.errors import Cause, CertweaveError
from certweave.examine.report import Check, Outcome, Report, Step, Verdict
from certweave.timestamps import format_timestamp
from certweave_edge.i18n import mark

TRUSTED = mark("Everything that applies was checked, and holds. The policy trusts the one who issued it.")
UNVOUCHED = mark(
    "Everything that applies was checked, and holds. The issuer is who signed; nobody vouches for them here."
)
OWN_WORD = mark(
    "Everything that applies was checked, and holds. We know who says this; they say it about themselves."
)
OWN_STEP = mark("we know who says this; they say it about themselves")
REFUSED = mark("A rule says no. Below stands which one, and why.")
OPEN = mark("A rule could not be applied. Below stands which one, and what would decide it.")

INVALID = MappingProxyType(
    {
        "withdrawn": mark("Its issuer has withdrawn it."),
        "suspended": mark("Its issuer has suspended or withdrawn it."),
        "expired": mark("It was good once, and has expired."),
        "not_yet_valid": mark("It is not valid yet."),
        "signature_mismatch": mark("It was changed after it was signed, or somebody else signed it."),
        "alg_refused": mark("It carries no signature that would prove who wrote it."),
        "foreign_signer": mark("Somebody else than its issuer has signed it."),
        "signed_after_retirement": mark("It was signed with a key that its issuer had given up before."),
        "out_of_scope": mark("Its issuer was not allowed to certify this."),
        "holder_foreign": mark("Somebody shows a certificate that is not theirs."),
        "audience_wrong": mark("It was made to be shown to somebody else."),
        "nonce_wrong": mark("It answers another request, or is a copy of an earlier answer."),
    }
)
"""Sentence of an invalid verdict, by the code of the first rule that says no."""
INVALID_STEPS = MappingProxyType(
    {
        Step.READ: mark("This cannot be read as a certificate."),
        Step.MODEL: mark("It is not put together as a certificate must be."),
        Step.HISTORY: mark("The issuer's identity contradicts its own past."),
        Step.KEY: mark("It was not signed with a key of its issuer."),
        Step.STATUS: mark("Its place in the issuer's status list does not hold."),
        Step.RULES: mark("It says something that its own kind of certificate does not allow."),
        Step.TRUST: mark("Those who should stand behind its issuer do not."),
    }
)
ASK_THE_ISSUER = mark(
    "Ask the one whom it names as its issuer whether it is theirs; until then, do not rely on it."
)
ASK_ANOTHER = mark(
    "Ask for a certificate from somebody who is allowed to certify this; do not rely on this one."
)
ASK_ANEW = mark("Ask anew, and let it be shown for this very request.")
ISSUE_ANEW = mark("Its issuer can mend it by issuing it anew; until then, do not rely on it.")
ADVICE = MappingProxyType(
    {
        "withdrawn": mark(
            "Do not rely on it. Ask its holder for the one that replaced it, or its issuer for the reason."
        ),
        "suspended": mark(
            "Do not rely on it now. A suspension may end: "
            "ask its holder or its issuer, and check again later."
        ),
        "expired": mark("Ask its holder for the one that is good now."),
        "not_yet_valid": mark("Do not rely on it yet; check it again once it has begun."),
        "signature_mismatch": mark(
            "Ask its holder or its issuer for it once more, as they have it; until then, do not rely on it."
        ),
        "alg_refused": ASK_THE_ISSUER,
        "foreign_signer": ASK_THE_ISSUER,
        "signed_after_retirement": ASK_THE_ISSUER,
        "out_of_scope": ASK_ANOTHER,
        "holder_foreign": mark(
            "Ask the one to whom it belongs; who shows it here has not shown that it is theirs."
        ),
        "audience_wrong": ASK_ANEW,
        "nonce_wrong": ASK_ANEW,
    }
)
"""What can be done about an invalid verdict, by the code of the first rule that says no."""
ADVICE_STEPS = MappingProxyType(
    {
        Step.READ: mark(
            "Copy all of it, from its first sign to its last, or choose the file as you received it."
        ),
        Step.HISTORY: ASK_THE_ISSUER,
        Step.KEY: ASK_THE_ISSUER,
        Step.TRUST: ASK_ANOTHER,
    }
)
IN_PART = mark(
    "Only a part of it may have been shown: what was left out is not known here. "
    "Whoever has all of it can show more."
)
UNDECIDED = MappingProxyType(
    {
        (Cause.UNREACHABLE, Step.STATUS): mark(
            "Everything that could be checked holds. The issuer's status list did not answer, "
            "so we cannot say whether it still stands."
        ),
        (Cause.UNREACHABLE, Step.HISTORY): mark(
            "The issuer's identity did not answer, so we cannot say who signed this."
        ),
        (Cause.UNREACHABLE, Step.READ): mark(
            "There was no answer at this address, so there was nothing to check."
        ),
        (Cause.UNREACHABLE, None): mark("Something that we need for the answer could not be reached."),
        (Cause.STALE, None): mark("What we found is too old to rely on."),
        (Cause.UNKNOWN_ISSUER, None): mark(
            "The signature holds, and nobody whom this policy trusts vouches for the issuer."
        ),
        (Cause.WITHHELD, None): mark("Somebody who could show what is missing has chosen not to."),
        (Cause.PENDING, None): mark("It is announced, and not issued yet."),
        (Cause.UNSUPPORTED, None): mark("It uses a method that this verifier does not know."),
        (Cause.LIMIT, None): mark("Checking it to the end would take more than we spend on one check."),
        (Cause.SIGNING_TIME_UNPROVEN, None): mark(
            "The key that signed was given up since, and nothing proves that this was signed before."
        ),
    }
)
"""Sentence of an undecided verdict, by cause and step; None is any step."""

MENDS = MappingProxyType(
    {
        Cause.UNREACHABLE: mark("Whoever runs that host can mend it; trying again often helps."),
        Cause.STALE: mark("The issuer can mend it by publishing anew; trying again helps then."),
        Cause.UNKNOWN_ISSUER: mark(
            "Who writes the policy can mend it, or the issuer by showing who approved it; "
            "trying again does not help."
        ),
        Cause.WITHHELD: mark("The holder can mend it by showing what is missing; ask for it."),
        Cause.PENDING: mark("The issuer will mend it; try again later."),
        Cause.UNSUPPORTED: mark("We can mend it with a newer release; trying again does not help."),
        Cause.LIMIT: mark(
            "Who runs this verifier can mend it with other limits; so can checking it with your own copy."
        ),
        Cause.SIGNING_TIME_UNPROVEN: mark(
            "The issuer can mend it with a receipt that dates the signature; trying again does not help."
        ),
    }
)
"""Who can mend what is open, and whether trying again helps."""
CAUSES = MappingProxyType(
    {
        Cause.UNREACHABLE: mark("No answer"),
        Cause.STALE: mark("Too old"),
        Cause.UNKNOWN_ISSUER: mark("Nobody vouches"),
        Cause.WITHHELD: mark("Withheld"),
        Cause.PENDING: mark("Not issued yet"),
        Cause.UNSUPPORTED: mark("Not known here"),
        Cause.LIMIT: mark("Too much work"),
        Cause.SIGNING_TIME_UNPROVEN: mark("Date not proven"),
    }
)
"""Why a step is open, in a word or two."""
RETRIES = frozenset({Cause.UNREACHABLE, Cause.STALE, Cause.PENDING})

HOLDS = MappingProxyType(
    {
        Step.HOLDER: mark("shown by the one to whom it belongs"),
        Step.AUDIENCE: mark("made for the one who asked"),
        Step.NONCE: mark("answers this very request"),
        Step.READ: mark("it can be read, strictly"),
        Step.MODEL: mark("put together as its data model demands"),
        Step.PROOF: mark("signed in a form that we accept"),
        Step.HISTORY: mark("the signer's identity is unbroken since its beginning"),
        Step.KEY: mark("the key was the signer's own, and good when this was signed"),
        Step.SIGNATURE: mark("matches: nothing was changed since"),
        Step.VALIDITY: mark("within its period"),
        Step.STATUS: mark("neither suspended nor withdrawn"),
        Step.RULES: mark("all terms are known and agree"),
        Step.TRUST: mark("vouched for by somebody whom the policy trusts"),
    }
)
"""What it means that a step holds."""
KEY_LISTED = mark("the signer has such a key")
"""What step ``key`` found where the signature did not match: nothing is known about when."""
SKIPPED = MappingProxyType(
    {
        "not_reached": mark("not reached: it rests on an earlier step"),
        "status_none": mark("cannot be withdrawn: it names no status list"),
        "status_not_shown": mark("shows no status list, and one may have been left out"),
        "history_none_key": mark("a key that is its own identity has no past"),
        "history_none_web": mark("this kind of identity has no past"),
        "trust_not_asked": mark("not asked: the issuer is who signed; nobody vouches for them here"),
        "audience_not_asked": mark("not asked: nobody said for whom this should be"),
        "nonce_not_asked": mark("not asked: nobody said which request this answers"),
        "status_of_presentation": mark("belongs to the certificates in it"),
        "rules_of_presentation": mark("belongs to the certificates in it"),
        "trust_of_presentation": mark("belongs to the certificates in it"),
    }
)


@dataclass(frozen=True, slots=True)
class Row:
    """One step as the page shows it.

    Attributes:
        words: what was found, for translation; empty where only core's own sentence tells it.
        detail: core's sentence, in English.
        period: begin and end of the validity, where that is what the step found.
        cause: why it is open, for translation; empty where it is not.
        mends: who can mend it, for translation; empty where there is nothing to mend.
    """

    number: int | str
    step: str
    outcome: str
    words: str
    detail: str
    code: str
    cause: str
    path: str
    mends: str
    period: tuple[Any, Any] = (None, None)


def sentence(report: Report) -> str:
    """Return what the verdict means, for translation."""
    first = next(report.decisive(), None)
    if report.verdict is Verdict.VALID:
        inner = report.credentials or (report,)
        if not all(_vouched(one) for one in inner):
            return UNVOUCHED
        return OWN_WORD if any(_says_of_itself(one) for one in inner) else TRUSTED
    if first is None:
        return OPEN
    if report.verdict is Verdict.INVALID:
        return INVALID.get(first.code) or INVALID_STEPS.get(first.step) or REFUSED
    cause = first.cause or Cause.UNREACHABLE
    return UNDECIDED.get((cause, first.step)) or UNDECIDED.get((cause, None)) or OPEN


def _vouched(report: Report) -> bool:
    return report.check(Step.TRUST).outcome is Outcome.VALID


def _says_of_itself(report: Report) -> bool:
    """Tell whether the one who issued it is the one whom it is about: being known is not being checked."""
    document = report.document or {}
    return holder_of(document) == report.subject


def may_help(report: Report) -> bool:
    """Tell whether trying again may help."""
    return any(check.cause in RETRIES for check in report.decisive())


def remedies(report: Report) -> tuple[str, ...]:
    """Return what is not known, and what can be done and by whom, for translation, each once."""
    parts = (report, *report.credentials)
    return (*((IN_PART,) if any(part.in_part for part in parts) else ()), *_mends(report))


def _mends(report: Report) -> tuple[str, ...]:
    decisive = tuple(report.decisive())
    if report.verdict is Verdict.INVALID:
        first = decisive[0]
        return (ADVICE.get(first.code) or ADVICE_STEPS.get(first.step) or ISSUE_ANEW,)
    causes = dict.fromkeys(check.cause for check in decisive if check.cause is not None)
    return tuple(MENDS[cause] for cause in causes)


def rows(report: Report) -> Iterator[Row]:
    """Yield the steps of a report."""
    for check in report.checks:
        yield Row(
            number=check.step.number,
            step=check.step.value,
            outcome=check.outcome.value,
            words=_words(check, report),
            detail=_detail(check),
            code=check.code,
            cause=CAUSES[check.cause] if check.cause else "",
            path=check.path or "",
            mends=MENDS[check.cause] if check.cause else "",
            period=_period(check, report),
        )


def _detail(check: Check) -> str:
    """Return core's sentence where it adds to ours: a key's address is in the report for who wants it."""
    if check.outcome is not Outcome.VALID:
        return check.detail
    if check.step in (Step.MODEL, Step.SIGNATURE):
        return ""
    return check.detail.partition(", ")[2] if check.step is Step.KEY else check.detail


def _words(check: Check, report: Report) -> str:
    if check.outcome is Outcome.VALID:
        if check.step is Step.TRUST and _says_of_itself(report):
            return OWN_STEP
        signed = report.check(Step.SIGNATURE).outcome is Outcome.VALID
        return HOLDS[check.step] if signed or check.step is not Step.KEY else KEY_LISTED
    if check.outcome is Outcome.NOT_APPLICABLE:
        return SKIPPED.get(check.code, "")
    return INVALID.get(check.code, "") if check.outcome is Outcome.INVALID else ""


def _period(check: Check, report: Report) -> tuple[Any, Any]:
    if check.step is not Step.VALIDITY or check.outcome is not Outcome.VALID or report.document is None:
        return (None, None)
    try:
        begin, end = validity(report.document)
        told = "it does not expire" if end is None else format_timestamp(end)
        # The claims of a token may end it sooner, and of a part nobody knows: then the sentence has it.
        return (begin, end) if check.detail.endswith(told) else (None, None)
    except CertweaveError:  # it was read when the step held; without dates the sentence remains
        return (None, None)
