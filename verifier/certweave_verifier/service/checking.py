"""Checking a credential or presentation, and keeping the answer so that it can be made again.

The rules are core's and the loop that fetches is edge's; here are the verifier's policy, its budget for each
check, and the answers that are kept for a while. Nothing is decided here.
"""

import json
import secrets
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import parse_object
from certweave.errors import Cause
from certweave.examine.evidence import Evidence, Fetched, Kind, Need, Unavailable
from certweave.examine.examine import examine
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.report import CREDENTIAL_STEPS, Check, Outcome, Report, Step, Verdict
from certweave.examine.report_json import report_json
from certweave.limits import DEFAULT_LIMITS, Limits
from certweave.trust.policy import INTEGRITY, Policy, parse_policy
from certweave_edge.bundle import Bundle, make_bundle, parse_bundle
from certweave_edge.gather import examine_with
from certweave_edge.refused import Refusal, RefusedError
from certweave_verifier.ports import Kept, Network, Store
from certweave_verifier.service.summary import title_of

RECENT_BYTES = 64 << 20
"""Answers to anonymous checks that wait to be saved; a common one has some 30 KB."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A report with everything that it stands on."""

    source: bytes
    report: Report
    evidence: Evidence
    policy: Policy
    expect: Expectation = NOTHING_EXPECTED

    def to_bundle(self) -> bytes:
        """Return the answer as one file that anyone can replay."""
        policy = json.dumps(self.policy.to_json(), indent=2, ensure_ascii=False).encode() + b"\n"
        return make_bundle(Bundle(self.source, self.evidence, report_bytes(self.report), policy, self.expect))


def report_bytes(report: Report) -> bytes:
    """Return the report as it is saved: ASCII JSON, as the command writes it."""
    return json.dumps(report_json(report), indent=2).encode() + b"\n"


@dataclass(slots=True)
class Recent:
    """Answers to anonymous checks, in memory and for a while; whoever knows the id may see one."""

    keep: timedelta
    _kept: "OrderedDict[str, Kept]" = field(default_factory=OrderedDict)
    _bytes: int = 0
    _lock: Lock = field(default_factory=Lock)

    def add(self, kept: Kept) -> None:
        """Keep an answer; the oldest go where there is no room."""
        with self._lock:
            self._kept[kept.check_id] = kept
            self._bytes += len(kept.bundle)
            while self._kept and (self._bytes > RECENT_BYTES or self._first_at < kept.at - self.keep):
                self._bytes -= len(self._kept.popitem(last=False)[1].bundle)

    def find(self, check_id: str, *, now: datetime) -> Kept | None:
        """Return an answer that is still kept."""
        with self._lock:
            kept = self._kept.get(check_id)
        return kept if kept is not None and now - kept.at <= self.keep else None

    @property
    def _first_at(self) -> datetime:
        return next(iter(self._kept.values())).at


@dataclass(frozen=True, slots=True)
class Checker:
    """Checks what it is given by one policy. Threads may share it."""

    network: Network
    contexts: ContextStore
    clock: Callable[[], datetime]
    store: Store
    recent: Recent
    policy: Policy = INTEGRITY
    limits: Limits = DEFAULT_LIMITS

    def check(
        self, source: bytes, expect: Expectation = NOTHING_EXPECTED, *, policy: Policy | None = None
    ) -> tuple[Report, Evidence]:
        """Examine ``source`` and fetch what that needs, within the budget of one check.

        Whatever is not valid is looked at again without what earlier checks had fetched: a document that is
        a minute old never takes validity away.
        """
        answer = self.answer(source, expect, policy=policy)
        return answer.report, answer.evidence

    def answer(
        self, source: bytes, expect: Expectation = NOTHING_EXPECTED, *, policy: Policy | None = None
    ) -> Answer:
        """Do as ``check``, and return the answer as one value."""
        began = self.clock()
        answer = self._once(source, expect, policy or self.policy, fresh=False)
        if answer.report.verdict is Verdict.VALID or not _is_old(answer.evidence, began):
            return answer
        return self._once(source, expect, policy or self.policy, fresh=True)

    def answer_link(self, url: str) -> Answer:
        """Fetch a credential by its address and examine it.

        The address was typed by anybody, so it is public and https unless the operator mapped its host.
        """
        need = Need(Kind.CREDENTIAL, url)
        found = self.network.session()(need)
        if isinstance(found, Fetched):
            return self.answer(found.content)
        reason = found if found is not None else Unavailable("nobody answered", self.clock())
        report = unreachable(need, reason, self.clock(), self.policy)
        return Answer(b"", report, Evidence({need: reason}), self.policy)

    def _once(self, source: bytes, expect: Expectation, policy: Policy, *, fresh: bool) -> Answer:
        report, evidence = examine_with(
            source,
            Evidence(),
            policy=policy,
            now=self.clock(),
            limits=self.limits,
            contexts=self.contexts,
            fetch=self.network.session(fresh=fresh),
            expect=expect,
        )
        return Answer(source, report, evidence, policy, expect)

    def keep(self, answer: Answer, *, org: str | None, actor: str = "") -> str:
        """Keep an answer, for an organisation until it is removed, else for a while; return its id."""
        kept = Kept(
            secrets.token_hex(16),
            answer.report.at,
            answer.report.verdict.value,
            title_of(answer.report),
            answer.to_bundle(),
        )
        if org is None:
            self.recent.add(kept)
        else:
            self.store.keep_check(org, kept, actor=actor)
        return kept.check_id

    def find_kept(self, check_id: str, *, org: str | None) -> Kept:
        """Return a kept check: one of the organisation, or an anonymous one by its id.

        Raises:
            RefusedError: there is none, or no longer.
        """
        kept = self.recent.find(check_id, now=self.clock())
        if kept is None and org is not None:
            kept = self.store.find_check(org, check_id)
        if kept is None:
            raise RefusedError(
                "this answer is not here, or no longer: check again", Refusal.NOT_FOUND, code="check_unknown"
            )
        return kept

    def replay(self, bundle: bytes) -> Answer:
        """Make the answer again from a bundle of our own: the same bytes give the same report."""
        found = parse_bundle(bundle, limits=self.limits)
        policy = INTEGRITY
        if found.policy is not None:
            policy = parse_policy(parse_object(found.policy, limits=self.limits))
        recorded = parse_object(found.report, limits=self.limits)
        at = datetime.fromisoformat(str(recorded["at"]))
        if not found.source:
            need, reason = next(iter(found.evidence.documents.items()))
            if isinstance(reason, Unavailable):
                return Answer(b"", unreachable(need, reason, at, policy), found.evidence, policy)
        report = examine(
            found.source,
            found.evidence,
            policy=policy,
            now=at,
            limits=self.limits,
            contexts=self.contexts,
            expect=found.expect,
        )
        return Answer(found.source, report, found.evidence, policy, found.expect)


def unreachable(need: Need, found: Unavailable, at: datetime, policy: Policy) -> Report:
    """Return the report about an input that could not be had: nothing was examined."""
    first = Check(
        Step.READ,
        Outcome.UNDECIDED,
        "input_unreachable",
        f"the input could not be had from {need.url}: {found.reason}",
        cause=Cause.LIMIT if found.by_limit else Cause.UNREACHABLE,
        needs=frozenset({need}),
    )
    rest = (
        Check(step, Outcome.NOT_APPLICABLE, "not_reached", "not reached") for step in CREDENTIAL_STEPS[1:]
    )
    return Report((first, *rest), at, policy.name)


def _is_old(evidence: Evidence, began: datetime) -> bool:
    """Tell whether any document had been fetched before this check began."""
    return any(
        isinstance(found, Fetched) and found.fetched_at < began for found in evidence.documents.values()
    )
