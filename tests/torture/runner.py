"""Runs cases: each is a number, and from seed and number everything else follows.

Failures are: an exception that is not ours, a mutated member that is believed to say something else than the
corpus, more than a second of processor time, more memory than the bound. ``python -m tests.torture --help``.
"""

import resource
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from time import process_time
from typing import Final

from certweave.errors import CertweaveError
from tests.torture.corpus import load_corpus
from tests.torture.mutate import mutate
from tests.torture.readers import NotOurTextError, reader_of, said_by, statements

SECONDS: Final = 1.0
"""Processor time that no case may take."""
MEBIBYTES: Final = 300
"""Resident memory that no process may reach."""
RDF: Final = ("rdfc", "Ed25519Signature2020", "ecdsa-sd", "bbs", "chain", "status-list.json")
"""Parts of the names of members whose signature is over statements, not over text."""
COSTLY: Final = ("bbs",)
"""Members that cost many times what others do: each third of their turns only."""


@dataclass(frozen=True, slots=True)
class Case:
    """One mutated member: its number, whose it is, what was done, and the bytes."""

    number: int
    name: str
    other: str
    kind: str
    data: bytes


@dataclass(slots=True)
class Tally:
    """What a run has seen so far."""

    cases: int = 0
    believed: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    members: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    worst: tuple[float, int, str] = (0.0, 0, "")
    seconds: float = 0.0
    mebibytes: float = 0.0

    def add(self, other: "Tally") -> None:
        """Take in what another process has seen."""
        self.cases += other.cases
        self.believed += other.believed
        self.kinds += other.kinds
        self.members += other.members
        self.failures += other.failures
        self.worst = max(self.worst, other.worst)
        self.seconds += other.seconds
        self.mebibytes = max(self.mebibytes, other.mebibytes)


class Bench:
    """The corpus, and what each member says."""

    def __init__(self, corpus: dict[str, bytes], seed: int) -> None:
        self.corpus, self.seed = corpus, seed
        self.names = sorted(corpus)

    @cached_property
    def said(self) -> dict[str, frozenset[tuple[str, ...]]]:
        return {name: said_by(name, data) for name, data in self.corpus.items()}

    def case(self, number: int) -> Case:
        """Make a case; the members take turns, so that a short run reaches all of them."""
        random = Random(f"{self.seed}:{number}")  # noqa: S311 - reproducible on purpose
        name = self.names[number % len(self.names)]
        if any(part in name for part in COSTLY) and random.random() < 0.66:
            name = random.choice(self.names)
        other = random.choice(self.names)
        data, kind = mutate(self.corpus[name], self.corpus[other], random)
        return Case(number, name, other, kind, data)

    def failure(self, case: Case) -> tuple[str | None, bool]:
        """Run a case; return what is wrong, or None, and whether it was believed."""
        try:
            said = reader_of(case.name)(case.data)
        except (CertweaveError, NotOurTextError):
            return None, False
        except Exception as error:
            return f"{type(error).__name__}: {str(error)[:200]!a}", False
        if said is None:
            return None, False
        known = self.said[case.name] | self.said[case.other]
        if said in known or (any(part in case.name + case.other for part in RDF) and _same(said, known)):
            return None, True
        return "believed, and says something else", True

    def run(self, numbers: Iterable[int]) -> Tally:
        """Run cases, one after the other."""
        tally = Tally()
        for number in numbers:
            case = self.case(number)
            start = process_time()
            wrong, believed = self.failure(case)
            took = process_time() - start
            tally.cases += 1
            tally.believed += believed
            tally.kinds[case.kind] += 1
            tally.members[case.name] += 1
            tally.seconds += took
            tally.worst = max(tally.worst, (took, number, f"{case.name}, {case.kind}"))
            if took > SECONDS:
                wrong = wrong or f"took {took:.2f} s"
            if wrong is not None:
                tally.failures.append(f"case {number} ({case.name}, {case.kind}): {wrong}")
        tally.mebibytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        if tally.mebibytes > MEBIBYTES:
            tally.failures.append(f"the process held {tally.mebibytes:.0f} MiB")
        return tally


def _same(said: tuple[str, ...], known: Iterable[tuple[str, ...]]) -> bool:
    meant = _statements(said)
    return meant is not None and any(meant == _statements(one) for one in known)


def _statements(said: tuple[str, ...]) -> tuple[str, ...] | None:
    try:
        return statements(said)
    except (CertweaveError, ValueError):
        # What is no JSON-LD makes no statements: claims without contexts, a log, a receipt.
        return None


def load_bench(seed: int) -> Bench:
    """Return a bench with the committed corpus; every signed member of it says something, and no other does.

    Raises:
        ValueError: one does not, or one does that must not: something is not what it should be.
    """
    bench = Bench(load_corpus(), seed)
    dumb = [name for name, said in bench.said.items() if not said and is_signed(name)]
    if dumb:
        raise ValueError(f"these members of the corpus are not valid: {dumb}")
    believed = [name for name, said in bench.said.items() if said and not is_signed(name)]
    if believed:
        raise ValueError(f"these members of the corpus must not be valid: {believed}")
    return bench


def is_signed(name: str) -> bool:
    """Tell whether a member is believed to say something; a base proof is for its holder alone."""
    from tests.torture.readers import SIGNED

    return name.partition(".")[0] in SIGNED and "-base" not in name and not name.startswith(NEVER)


NEVER: Final = ("credential.ecdsa-sd-2023-P", "credential.bbs-2023-B", "evidence.bad-")
"""Members that no verifier takes: base proofs, and evidence that says no."""


def run_part(first: int, last: int, step: int, seed: int) -> Tally:
    """Run every ``step``-th case from ``first`` on, in a process of its own."""
    return load_bench(seed).run(range(first, last, step))
