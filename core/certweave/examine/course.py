"""The course of one examination: what stays the same, and the checks as they come in."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Final, NamedTuple, ParamSpec, TypeVar

from certweave.credential.contexts import ContextStore
from certweave.did.history import History
from certweave.errors import Cause, CertweaveError, MissingEvidenceError, UndecidedError
from certweave.examine.evidence import Evidence, Fetched, Kind, Need
from certweave.examine.report import Check, Note, Outcome, Report, Step, Used
from certweave.limits import Limits
from certweave.trust.policy import Chain, Policy, Root

P = ParamSpec("P")
T = TypeVar("T")
_VALID, _NOT_APPLICABLE = Outcome.VALID, Outcome.NOT_APPLICABLE
"""Asking an enumeration for a member takes longer than all the rest of recording a finding."""
_LONGEST_KEPT: Final = 200
"""Characters of a finding that is kept for the next report which says the same: some 100 KiB in all."""
LogAsSeen = tuple[str, bytes, datetime, datetime]
"""A DID, its log, when that was fetched, and the time of examination."""


class Situation(NamedTuple):
    """Everything that an examination is given and does not change.

    ``depth`` counts how many authorities lie between this credential and the one that was asked about.
    ``examined`` keeps the reports on authorities by digest and depth: where they vouch for each other, each
    is examined once at each depth, and not once for every way that leads to it. ``folded`` keeps what DID
    logs came to, broken ones too, so that a long log costs its time once. ``unpacked`` keeps status
    lists, None for one that was too much. ``audience`` is who asked for a presentation, as that one calls
    itself.
    """

    evidence: Evidence
    policy: Policy
    now: datetime
    limits: Limits
    contexts: ContextStore
    audience: str | None
    examined: dict[tuple[bytes, int], Report]
    folded: dict[LogAsSeen, History | CertweaveError]
    unpacked: dict[str | bytes, bytes | None]
    depth: int = 0


class NeedsEvidenceError(MissingEvidenceError):
    """Names the documents that would decide the rule which was being applied."""

    def __init__(
        self,
        detail: str,
        *needs: Need,
        code: str = "evidence_missing",
        cause: Cause = Cause.UNREACHABLE,
        path: str | None = None,
    ) -> None:
        super().__init__(detail, code=code, cause=cause, path=path)
        self.needs = frozenset(needs)


@lru_cache(maxsize=512)
def _hold(step: Step, detail: str) -> Check:
    return Check(step, _VALID, step + "_holds", detail)


@lru_cache(maxsize=64)
def _skip(step: Step, code: str, detail: str) -> Check:
    return Check(step, _NOT_APPLICABLE, code, detail)


@dataclass(slots=True)
class Course:
    """Collects one check for each step; the first finding stands, but invalid outranks undecided.

    ``base`` is the place of the examined document in the input; paths of findings are below it. ``vouching``
    are the authorities by whom step ``trust`` holds, ``known_as`` what those who vouch call the issuer.
    """

    situation: Situation
    base: str = ""
    checks: dict[Step, Check] = field(default_factory=dict)
    notes: list[Note] = field(default_factory=list)
    used: dict[Need, Used] = field(default_factory=dict)
    vouching: tuple[tuple[Chain, Root], ...] = ()
    known_as: str = ""

    def hold(self, step: Step, detail: str) -> None:
        """Record that ``step`` is valid."""
        if step not in self.checks:
            self.checks[step] = (_hold if len(detail) <= _LONGEST_KEPT else _hold.__wrapped__)(step, detail)

    def skip(self, step: Step, code: str, detail: str) -> None:
        """Record that ``step`` does not apply, with its reason."""
        if step not in self.checks:
            self.checks[step] = _skip(step, code, detail)

    def fail(self, step: Step, error: CertweaveError) -> None:
        """Record what ``error`` says: undecided where it is an UndecidedError, else invalid."""
        open_ = isinstance(error, UndecidedError)
        known = self.checks.get(step)
        if known is not None and (open_ or known.outcome is not Outcome.UNDECIDED):
            return
        self.checks[step] = Check(
            step,
            Outcome.UNDECIDED if open_ else Outcome.INVALID,
            error.code,
            error.detail,
            error.cause if isinstance(error, UndecidedError) else None,
            self._place(error.path),
            error.needs if isinstance(error, NeedsEvidenceError) else frozenset(),
        )

    def attempt(self, step: Step, rule: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T | None:
        """Apply ``rule``; where it raises, record that as the finding of ``step`` and return None."""
        try:
            return rule(*args, **kwargs)
        except CertweaveError as error:
            self.fail(step, error)
            return None

    def note(self, code: str, detail: str, path: str | None = None) -> None:
        """Add a remark that changes no outcome."""
        note = Note(code, detail, self._place(path))
        if note not in self.notes:
            self.notes.append(note)

    def held(self, step: Step) -> bool:
        """Tell whether ``step`` is valid or does not apply."""
        check = self.checks.get(step)
        return check is not None and (check.outcome is _VALID or check.outcome is _NOT_APPLICABLE)

    def reached(self, step: Step) -> bool:
        """Tell whether ``step`` has its finding already."""
        return step in self.checks

    def look_up(self, kind: Kind, url: str, what: str) -> Fetched:
        """Return a piece of evidence and remember that it was looked at.

        Raises:
            NeedsEvidenceError: nobody has tried to get it, or the attempt failed.
        """
        need = Need(kind, url)
        found = self.situation.evidence.find(need)
        if isinstance(found, Fetched):
            self.remember(need, found)
            return found
        if found is None:
            raise NeedsEvidenceError(f"{what} is needed: {url}", need)
        self.used[need] = Used(need, found.status, "", found.at, found.source.value, None)
        cause = Cause.LIMIT if found.by_limit else Cause.UNREACHABLE
        detail = f"{what} could not be had from {url}: {found.reason}"
        raise NeedsEvidenceError(detail, need, code="evidence_unreachable", cause=cause)

    def remember(self, need: Need, found: Fetched) -> None:
        """Note that ``found`` was used, for the report."""
        digest = sha256(found.content).hexdigest()
        self.used[need] = Used(
            need, found.status, found.media_type, found.fetched_at, found.source.value, digest
        )

    def absorb(self, report: Report) -> None:
        """Take over what an inner examination looked at."""
        for used in report.used:
            self.used.setdefault(used.need, used)

    def report(
        self,
        steps: tuple[Step, ...],
        *,
        credentials: tuple[Report, ...] = (),
        subject: str | None = None,
        document: dict[str, object] | None = None,
    ) -> Report:
        """Close the course: a step without a finding was not reached."""
        if not all(map(self.checks.__contains__, steps)):
            for step in steps:
                self.skip(step, "not_reached", "not reached: it rests on an earlier step")
        return Report(
            checks=tuple(map(self.checks.__getitem__, steps)),
            at=self.situation.now,
            policy=self.situation.policy.name,
            notes=tuple(self.notes),
            used=tuple([self.used[need] for need in sorted(self.used)]) if self.used else (),
            credentials=credentials,
            subject=subject,
            document=document,
            vouching=self.vouching,
            known_as=self.known_as,
        )

    def _place(self, path: str | None) -> str | None:
        return self.base + (path or "") or None
