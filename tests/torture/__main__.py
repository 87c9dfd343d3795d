"""``python -m tests.torture``: run many cases, or one again.

    --cases 1000000   how many
    --first 0         the number of the first
    --seed 1          other seeds make other cases
    --jobs 1          processes
    --only N          one case: print it and what comes of it

The exit status is 0 when nothing failed, 1 when something did.
"""

import argparse
import multiprocessing
import sys
import time
from concurrent.futures import ProcessPoolExecutor

from tests.torture.runner import Tally, load_bench, run_part


def report(total: Tally, took: float) -> None:
    """Print what a run has seen."""
    print(f"{total.cases} cases in {took:.0f} s: {total.cases / max(took, 0.001):.0f} each second")
    print(f"{total.believed} still said what they had said; all others were turned away")
    seconds, number, what = total.worst
    print(f"the longest took {seconds * 1000:.0f} ms of processor time: case {number} ({what})")
    print(f"the largest process held {total.mebibytes:.0f} MiB")
    print(f"{len(total.members)} members of the corpus, {len(total.kinds)} kinds of change:")
    for kind, count in sorted(total.kinds.items()):
        print(f"  {count:>8}  {kind}")
    print(f"{len(total.failures)} failures")
    for failure in total.failures[:50]:
        print(f"  {failure}")


def run_one(number: int, seed: int) -> int:
    """Run one case again, and show it."""
    bench = load_bench(seed)
    case = bench.case(number)
    print(f"case {number}: {case.name}, {case.kind}, spliced from {case.other} if at all")
    sys.stdout.buffer.write(case.data + b"\n")
    sys.stdout.flush()
    total = bench.run([number])
    report(total, total.seconds)
    return int(bool(total.failures))


def main() -> int:
    """Run what the arguments say."""
    parser = argparse.ArgumentParser(prog="python -m tests.torture", description=__doc__)
    parser.add_argument("--cases", type=int, default=1_000_000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", type=int)
    chosen = parser.parse_args()
    if chosen.only is not None:
        return run_one(chosen.only, chosen.seed)
    last, start, total = chosen.first + chosen.cases, time.monotonic(), Tally()
    parts = [(chosen.first + at, last, chosen.jobs, chosen.seed) for at in range(chosen.jobs)]
    load_bench(chosen.seed)
    # Not a Pool: that one waits for ever where a worker's error cannot be sent.
    with ProcessPoolExecutor(chosen.jobs, mp_context=multiprocessing.get_context("spawn")) as pool:
        for part in pool.map(run_part, *zip(*parts, strict=True)):
            total.add(part)
    report(total, time.monotonic() - start)
    return int(bool(total.failures))


if __name__ == "__main__":
    sys.exit(main())
