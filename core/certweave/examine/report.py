"""What an examination found, step by step. The words are those of docs/reference/verdicts.md."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, NamedTuple, NoReturn

from certweave.errors import Cause
from certweave.examine.evidence import Need
from certweave.trust.policy import Chain, Root


class Outcome(StrEnum):
    """How one check ended. ``NOT_APPLICABLE`` never counts as valid."""

    # That of the text itself, which is equal to it; that of Enum is a call of Python for each look-up.
    __hash__ = str.__hash__

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"
    NOT_APPLICABLE = "not_applicable"


class Verdict(StrEnum):
    """The three answers. ``UNDECIDED`` is never shown as either other."""

    VALID = "valid"
    INVALID = "invalid"
    UNDECIDED = "undecided"


class Step(StrEnum):
    """The ten steps in the order in which they run, and the three that a presentation has before them."""

    # That of the text itself, which is equal to it; that of Enum is a call of Python for each look-up.
    __hash__ = str.__hash__

    HOLDER = "holder"
    AUDIENCE = "audience"
    NONCE = "nonce"
    READ = "read"
    MODEL = "model"
    PROOF = "proof"
    HISTORY = "history"
    KEY = "key"
    SIGNATURE = "signature"
    VALIDITY = "validity"
    STATUS = "status"
    RULES = "rules"
    TRUST = "trust"

    @property
    def number(self) -> int | str:
        """1 to 10; ``p1`` to ``p3`` for the steps of a presentation."""
        place = list(Step).index(self)
        return f"p{place + 1}" if place < 3 else place - 2


CREDENTIAL_STEPS = tuple(Step)[3:]
PRESENTATION_STEPS = tuple(Step)[:3]

MUST_HOLD = frozenset({Step.READ, Step.MODEL, Step.PROOF, Step.KEY, Step.SIGNATURE})
"""Steps without which nothing is valid, whatever the rest says; ``history`` may be not applicable."""


# A tuple, as are other values that each examination makes anew: it is made in a third of the time.
class Check(NamedTuple):
    """One step and how it ended.

    ``code`` is stable and documented; ``path`` a JSON Pointer into the input; ``needs`` what would decide
    an undecided check; ``cause`` is set exactly when the outcome is undecided.
    """

    step: Step
    outcome: Outcome
    code: str
    detail: str
    cause: Cause | None = None
    path: str | None = None
    needs: frozenset[Need] = frozenset()

    def to_json(self) -> dict[str, Any]:
        """Return the check as it stands in a JSON report."""
        return {
            "step": self.step.value,
            "number": self.step.number,
            "outcome": self.outcome.value,
            "cause": self.cause.value if self.cause else None,
            "code": self.code,
            "detail": self.detail,
            "path": self.path,
        }


@dataclass(frozen=True, slots=True)
class Note:
    """Something a reader should know that changes no outcome."""

    code: str
    detail: str
    path: str | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the note as it stands in a JSON report."""
        return {"code": self.code, "detail": self.detail, "path": self.path}


@dataclass(frozen=True, slots=True)
class Used:
    """A piece of evidence that an examination looked at; its bytes are named by their SHA-256."""

    need: Need
    status: int
    media_type: str
    at: datetime
    source: str
    sha256: str | None


_IN_PART: Final = frozenset(("sd_part", "sd_withheld"))


class Report(NamedTuple):
    """All checks of one examination, in the order in which they ran.

    A presentation's report holds one report for each credential in ``credentials``; they count for its
    verdict too. ``document`` is the examined credential once its signature held, else None. ``vouching`` are
    the authorities who let its issuer certify, each with what it gave, where step ``trust`` rests on them;
    ``known_as`` is what those who vouch for the issuer call it.
    """

    checks: tuple[Check, ...]
    at: datetime
    policy: str
    notes: tuple[Note, ...] = ()
    used: tuple[Used, ...] = ()
    credentials: tuple["Report", ...] = ()
    subject: str | None = None
    document: dict[str, Any] | None = None
    vouching: tuple[tuple[Chain, Root], ...] = ()
    known_as: str = ""

    @property
    def verdict(self) -> Verdict:
        """One invalid makes it invalid; else one gap makes it undecided."""
        found = {check.outcome for check in self.checks}
        inner = {report.verdict for report in self.credentials}
        if Outcome.INVALID in found or Verdict.INVALID in inner:
            return Verdict.INVALID
        held = {check.step for check in self.checks if check.outcome is Outcome.VALID}
        if Outcome.UNDECIDED in found or Verdict.UNDECIDED in inner or not held >= MUST_HOLD:
            return Verdict.UNDECIDED
        return Verdict.VALID

    @property
    def in_part(self) -> bool:
        """Whether something may have been left out of the document that was signed with it."""
        return any(note.code in _IN_PART for note in self.notes)

    @property
    def needs(self) -> frozenset[Need]:
        """Everything that would decide what is undecided."""
        mine = frozenset[Need]().union(*(check.needs for check in self.checks))
        return mine.union(*(report.needs for report in self.credentials))

    def check(self, step: Step) -> Check:
        """Return the check of one step.

        Raises:
            KeyError: a credential's report has no presentation steps.
        """
        for check in self.checks:
            if check.step is step:
                return check
        raise KeyError(step)

    def decisive(self) -> Iterator[Check]:
        """Yield the checks that made the verdict what it is (none for a valid one)."""
        wanted = {Verdict.INVALID: Outcome.INVALID, Verdict.UNDECIDED: Outcome.UNDECIDED}.get(self.verdict)
        for check in self.checks:
            if check.outcome is wanted:
                yield check
        for report in self.credentials:
            if report.verdict is self.verdict:
                yield from report.decisive()

    def __bool__(self) -> NoReturn:
        """Refuse: three answers do not fit into a truth value."""
        raise TypeError("compare Report.verdict with a Verdict")
