"""What the demonstration tells while it runs: steps in sentences, progress with counts, a table."""

import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final, TextIO, TypeVar

from certweave.errors import CertweaveError
from certweave_app.cli.frame import describe, plain
from certweave_app.demo.api import StepError

T = TypeVar("T")
COUNTED: Final = ("issued", "held", "presented", "verified", "suspended", "withdrawn", "refused", "undecided")
_BAR: Final = 24


@dataclass(slots=True)
class Tally:
    """Counts, and writes as it counts. In a terminal a bar shows how far a step is."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    counts: Counter[str] = field(default_factory=Counter)
    _step: int = 0
    _title: str = ""

    @contextmanager
    def step(self, title: str) -> Iterator[None]:
        """Do one step; what goes wrong in it bears its title.

        Raises:
            StepError: the step did not hold.
        """
        self._step += 1
        self._title = f"{self._step:3}  {title}"
        before = Counter(self.counts)
        try:
            yield
        except StepError as error:
            raise StepError(f"step {self._step}, {title}: {error}") from None
        except CertweaveError as error:
            raise StepError(f"step {self._step}, {title}: {describe(error)}") from None
        done = self.counts - before
        said = ", ".join(f"{done[name]} {name}" for name in COUNTED if done[name])
        self._clear()
        self.say(f"{self._title}{f' ({said})' if said else ''}")

    def each(self, items: Iterable[T]) -> Iterator[T]:
        """Go through items and show how far it is."""
        listed = list(items)
        for number, item in enumerate(listed):
            self._show(number, len(listed))
            yield item
        self._show(len(listed), len(listed))

    def say(self, text: str) -> None:
        """Write a line."""
        self.out.write(plain(text) + "\n")
        self.out.flush()

    def count(self, name: str, number: int = 1) -> None:
        """Count something."""
        self.counts[name] += number

    def table(self) -> str:
        """Return what was counted."""
        return "\n".join(f"  {name:10} {self.counts[name]:5}" for name in COUNTED)

    def _show(self, number: int, total: int) -> None:
        if self.out.isatty() and total > 1:
            full = _BAR * number // total
            self.out.write(f"\r\x1b[K{self._title}  {'█' * full}{'░' * (_BAR - full)} {number}/{total}")
            self.out.flush()

    def _clear(self) -> None:
        if self.out.isatty():
            self.out.write("\r\x1b[K")
