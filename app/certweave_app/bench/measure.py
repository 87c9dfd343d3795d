"""Works that take turns in one run, and what came of it.

Absolute figures differ from machine to machine and from minute to minute. So all works, ours and the peers',
take turns; each round gives one speed for each work, and a ratio is the median over rounds of two speeds of
the same round.
"""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from statistics import median

from certweave_edge import clock

OURS = "certweave"
FLOOR = "floor"
OTHER_INPUT = frozenset(("sd-jwt",))
"""Routes whose input is not the document that the floor reads: they have no share of it."""


@dataclass(frozen=True, slots=True)
class Work:
    """One thing to do again and again.

    Attributes:
        act: ``issue``, ``check``, ``verify``, ``derive`` or ``start``.
        route: how a credential is secured.
        by: who does it: ``certweave``, ``floor``, or a peer with its version.
        turn: does it for some seconds and returns how often a second.
    """

    act: str
    route: str
    by: str
    turn: Callable[[float], float]


@dataclass(frozen=True, slots=True)
class Result:
    """What a work came to.

    Attributes:
        per_second: the median over rounds.
        ratio: of ours to it, in the same rounds; None where we have no such work.
    """

    act: str
    route: str
    by: str
    per_second: float
    ratio: float | None


def repeat(once: Callable[[], object]) -> Callable[[float], float]:
    """Return a turn that does ``once`` until its time is up, once at the least."""

    def turn(seconds: float) -> float:
        done, start, spent = 0, clock.monotonic(), 0.0
        while spent < seconds:
            once()
            done += 1
            spent = clock.monotonic() - start
        return done / spent

    return turn


def measure(works: Sequence[Work], *, seconds: float, turn_seconds: float) -> list[Result]:
    """Let the works take turns until ``seconds`` are up, three rounds at the least, the first not counted."""
    rounds: list[list[float]] = []
    end = clock.monotonic() + seconds
    while clock.monotonic() < end or len(rounds) < 3:
        rounds.append([work.turn(turn_seconds) for work in works])
    counted = rounds[1:]
    places = {(work.act, work.route): place for place, work in enumerate(works) if work.by == OURS}
    results = []
    for place, work in enumerate(works):
        ours = places.get((work.act, work.route))
        ratio = None if ours is None else median(row[ours] / row[place] for row in counted)
        speed = median(row[place] for row in counted)
        results.append(Result(work.act, work.route, work.by, speed, ratio))
    return results


@contextmanager
def hold_to_one_core() -> Iterator[bool]:
    """Keep this program, and those that it starts, on one core; yield whether the system lets us.

    Some peers collect garbage and compile on other cores meanwhile; a ratio of speeds then compares unlike
    things.
    """
    if not hasattr(os, "sched_setaffinity"):
        yield False
        return
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {max(before)})
    try:
        yield True
    finally:
        os.sched_setaffinity(0, before)
