"""The loop of a peer's program: a setup as the first line, then one line for each turn.

Setup: ``{"credential", "contexts", "issued"}``. The program answers ``{"name", "version", "works",
"left_out"}``; then for each ``{"act", "route", "seconds"}`` it answers ``{"done", "spent"}``. Everything is
one line of JSON.
"""

import json
import sys
import time


def say(answer):
    """Print one answer."""
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


def serve(name, version, prepare):
    """Run the loop; ``prepare(setup)`` returns works as functions by (act, route), and what is left out."""
    works, left_out = prepare(json.loads(sys.stdin.readline()))
    say({"name": name, "version": version, "works": sorted(works), "left_out": left_out})
    for line in sys.stdin:
        turn = json.loads(line)
        once, done, start = works[turn["act"], turn["route"]], 0, time.perf_counter()
        while (spent := time.perf_counter() - start) < turn["seconds"]:
            once()
            done += 1
        say({"done": done, "spent": spent})


def gather(makers, setup):
    """Call each maker of works; one that fails is left out, with what it said."""
    works, left_out = {}, {}
    for route, make in makers.items():
        try:
            issue, verify = make(setup)
            verify()
        except Exception as error:  # outermost: one route that a peer cannot do must not stop the others
            left_out[route] = f"{type(error).__name__}: {error}"[:200]
        else:
            works["issue", route], works["verify", route] = issue, verify
    return works, left_out
