"""The figures of a benchmark, for people and for programs."""

import json
from collections.abc import Mapping, Sequence

from certweave_app.bench.measure import FLOOR, OTHER_INPUT, OURS, Result


def as_text(results: Sequence[Result], *, size: int, left_out: Mapping[str, str], one_core: bool) -> str:
    """Return the figures as a table: each route, ours first, then floor and peers, each with the ratio."""
    rows = [f"{'':8} {'route':22} {'by':22} {'per second':>12} {'ours is':>10}"]
    floors = {one.act: one.per_second for one in results if one.route == FLOOR}
    for one in sorted(results, key=_order):
        if one.by == OURS and one.act in floors and one.route not in OTHER_INPUT:
            share = f"{one.per_second / floors[one.act]:.0%} of floor"
        else:
            share = "" if one.ratio is None else f"{one.ratio:.{1 if one.ratio >= 1 else 2}f} ×"
        rows.append(f"{one.act:8} {one.route:22} {one.by:22} {one.per_second:12,.1f} {share:>14}")
    rows += [f"left out: {name}: {reason}" for name, reason in sorted(left_out.items())]
    cores = "One core for everybody" if one_core else "As many cores as each uses"
    rows.append(f"\n{cores}; a credential of {size:,} bytes; medians of rounds in which all took turns.")
    return "\n".join(row.rstrip() for row in rows) + "\n"


def as_json(results: Sequence[Result], *, size: int, left_out: Mapping[str, str], one_core: bool) -> str:
    """Return the figures for a program."""
    rows = [
        {
            "act": one.act,
            "route": one.route,
            "by": one.by,
            "perSecond": round(one.per_second, 2),
            "ratio": None if one.ratio is None else round(one.ratio, 3),
        }
        for one in sorted(results, key=_order)
    ]
    found = {"credentialBytes": size, "oneCore": one_core, "results": rows, "leftOut": dict(left_out)}
    return json.dumps(found, indent=2) + "\n"


def _order(one: Result) -> tuple[str, str, bool, str]:
    return one.act, one.route, one.by != OURS, one.by
