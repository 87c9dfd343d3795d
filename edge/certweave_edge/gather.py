"""The loop around the pure examination: fetch what it asks for, examine again (docs/reference/verdicts.md).

It ends when the examination asks for nothing new, when nobody can answer, or at ``Limits.fetches``. Only what
an examination names is fetched, and examination names nothing of an unauthenticated document but its issuer.
"""

from collections.abc import Callable
from datetime import datetime

from certweave.credential.contexts import ContextStore
from certweave.examine.evidence import Evidence, Fetched, Need, Source, Unavailable
from certweave.examine.examine import examine
from certweave.examine.expectation import NOTHING_EXPECTED, Expectation
from certweave.examine.report import Report
from certweave.limits import Limits
from certweave.trust.policy import Policy

Find = Callable[[Need], Fetched | Unavailable | None]
"""Gets a document; None means "not from me": the need stays open, as when working offline."""

THREADS = 8
"""Fetches at once; a round rarely asks for more than a DID and a status list of each credential."""


def examine_with(
    source: bytes,
    evidence: Evidence,
    *,
    policy: Policy,
    now: datetime,
    limits: Limits,
    contexts: ContextStore,
    fetch: Find | None,
    expect: Expectation = NOTHING_EXPECTED,
) -> tuple[Report, Evidence]:
    """Examine ``source``, fetching what the examination asks for, and return the report and all evidence.

    With ``fetch`` None nothing is fetched, and the report's ``needs`` say what would decide it. Raises what
    ``examine`` raises, which is nothing that depends on the input.
    """
    left = limits.fetches
    tried: set[Need] = set()
    while True:
        report = examine(
            source, evidence, policy=policy, now=now, limits=limits, contexts=contexts, expect=expect
        )
        wanted = sorted(need for need in report.needs - tried if _open(need, evidence))
        if fetch is None or not wanted:
            return report, evidence
        tried |= set(wanted)
        answered = gather(wanted[:left], fetch)
        left -= len(answered)
        found = _better(answered, evidence)
        # What a limit keeps us from fetching is evidence too: the verdict says so, and replays.
        refused = Unavailable(f"limit: {limits.fetches} fetches an examination (fetches)", now)
        late = wanted if left <= 0 else []
        found.update((need, refused) for need in late if need not in found and evidence.find(need) is None)
        if not found:
            return report, evidence
        evidence = evidence.plus(found)


def _open(need: Need, evidence: Evidence) -> bool:
    """Tell whether to fetch ``need``: nobody has, or somebody else handed it in and it was not enough."""
    known = evidence.find(need)
    return known is None or known.source is Source.SUPPLIED


def _better(
    found: dict[Need, Fetched | Unavailable], evidence: Evidence
) -> dict[Need, Fetched | Unavailable]:
    """Leave out failures where there is a document already, if only one that others handed in."""
    return {
        need: one
        for need, one in found.items()
        if isinstance(one, Fetched) or not isinstance(evidence.find(need), Fetched)
    }


def gather(wanted: list[Need], fetch: Find) -> dict[Need, Fetched | Unavailable]:
    """Fetch all of ``wanted`` at once, and return what was answered."""
    if len(wanted) < 2:
        answers = [fetch(need) for need in wanted]
    else:
        from concurrent.futures import ThreadPoolExecutor  # loads logging and more; few runs need it

        with ThreadPoolExecutor(min(THREADS, len(wanted))) as pool:
            answers = list(pool.map(fetch, wanted))
    return {need: answer for need, answer in zip(wanted, answers, strict=True) if answer is not None}


def first_of(*finders: Find) -> Find:
    """Return a finder that asks each of ``finders`` in turn, until one answers."""

    def find(need: Need) -> Fetched | Unavailable | None:
        for finder in finders:
            answer = finder(need)
            if answer is not None:
                return answer
        return None

    return find
