"""Verifying for long on many threads: no error, no wrong verdict, and no memory that only grows.

Each thread verifies credentials of all suites in turn, every other one with a flaw, which must be found.
"""

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from certweave.errors import CertweaveError
from certweave.examine.report import Report, Verdict

THREADS: Final = 8
BOUTS: Final = 10
"""After each, memory is looked at: 10 % to 100 %."""
Examine = Callable[[bytes], Report]


@dataclass(frozen=True, slots=True)
class Soak:
    """What came of it.

    Attributes:
        verified: how many examinations there were.
        wrong: verdicts that were not the expected ones.
        failed: examinations that ended in an exception.
        memory: bytes that the process held, after each bout; empty where the system does not say.
    """

    verified: int
    wrong: int
    failed: int
    memory: tuple[int, ...]

    def as_text(self) -> str:
        """Return it in words."""
        rows = [
            f"{self.verified:,} verifications on {THREADS} threads: {self.wrong} wrong, {self.failed} failed"
        ]
        if self.memory:
            first, last = (size / 2**20 for size in (self.memory[0], self.memory[-1]))
            rows.append(f"memory: {first:.1f} MiB at 10 %, {last:.1f} MiB at 100 % ({last - first:+.1f})")
        return "\n".join(rows) + "\n"

    @property
    def holds(self) -> bool:
        """Tell whether every verdict was right."""
        return not self.wrong and not self.failed


def soak(sources: Sequence[bytes], examine: Examine, *, each: int) -> Soak:
    """Verify ``sources`` and spoilt copies of them, ``each`` times on every thread."""
    cases = [case for source in sources for case in ((source, True), (_spoil(source), False))]
    wrong = failed = verified = 0
    memory: list[int] = []

    def bout(start: int, count: int) -> tuple[int, int]:
        found = [_judge(*cases[number % len(cases)], examine) for number in range(start, start + count)]
        return found.count("wrong"), found.count("failed")

    with ThreadPoolExecutor(THREADS) as pool:
        for number in range(BOUTS):
            count = each * (number + 1) // BOUTS - each * number // BOUTS
            # Each thread begins elsewhere, so that all suites are at work at any time.
            starts = [verified + thread * len(cases) // THREADS for thread in range(THREADS)]
            for bad, broken in pool.map(bout, starts, [count] * THREADS):
                wrong, failed, verified = wrong + bad, failed + broken, verified + count
            memory += _resident()
    return Soak(verified, wrong, failed, tuple(memory))


def _judge(source: bytes, sound: bool, examine: Examine) -> str:
    try:
        verdict = examine(source).verdict
    except (CertweaveError, ArithmeticError, LookupError, RuntimeError, TypeError, ValueError):
        return "failed"
    return "right" if (verdict is Verdict.VALID) == sound else "wrong"


def _spoil(source: bytes) -> bytes:
    """Return a copy that says something else than what was signed: another year, or another signature."""
    if b"2046" in source:
        return source.replace(b"2046", b"2047")
    middle = len(source) // 2
    return source[:middle] + (b"A" if source[middle : middle + 1] != b"A" else b"B") + source[middle + 1 :]


def _resident() -> list[int]:
    """Return the bytes of memory that the process holds, in a list; an empty one where nobody tells."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return [pages * os.sysconf("SC_PAGE_SIZE")]
    except (OSError, ValueError):
        return []
