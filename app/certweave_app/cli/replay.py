"""``certweave replay``: examine a bundle again, offline, at its own time and by its own policy.

The evidence is checked against its digests, and the report that is recorded is not believed: it is compared
with the one that comes out. When the evidence was fetched is the bundle's own word, unless ``--supplied``.
"""

import argparse
import sys
from dataclasses import replace
from pathlib import Path

from certweave.credential.contexts import ContextStore
from certweave.encoding.strict_json import parse_object
from certweave.examine.report import Report
from certweave.limits import DEFAULT_LIMITS
from certweave.timestamps import parse_timestamp
from certweave.trust.policy import INTEGRITY, parse_policy
from certweave_app.cli.frame import Exit, Verbs, add_verb, say
from certweave_app.cli.inputs import MAX_INPUT, find_data, load_contexts, read_bytes
from certweave_app.cli.render import EXITS, report_bytes, report_text
from certweave_edge.bundle import Bundle, parse_bundle
from certweave_edge.gather import examine_with

ABOUT = """Exits like verify when the recorded report comes out again, byte for byte, and with 1 when it does
not. A bundle proves what follows from its evidence, not when that was fetched: --supplied counts it as handed
in by somebody else, and then compares nothing."""


def add_parser(verbs: Verbs) -> None:
    """Add ``replay``."""
    parser = add_verb(
        verbs,
        "replay",
        "examine a bundle again, offline",
        about=ABOUT,
        example="certweave replay certificate.cwbundle",
    )
    parser.add_argument("bundle", metavar="BUNDLE", type=Path, help="file made by verify --save-evidence")
    parser.add_argument(
        "--supplied", action="store_true", help="do not take its word for the time of fetching"
    )
    parser.add_argument("--json", action="store_true", help="print the report as JSON")
    parser.add_argument("--data", metavar="DIR", type=Path, help="data directory with pinned contexts")
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Replay the bundle and compare."""
    bundle = parse_bundle(read_bytes(options.bundle, most=MAX_INPUT), limits=DEFAULT_LIMITS)
    contexts = load_contexts(find_data(options.data))
    report = examine_again(bundle, contexts=contexts, supplied=options.supplied)
    sys.stdout.write(report_bytes(report).decode() if options.json else report_text(report))
    if options.supplied:
        return EXITS[report.verdict]
    if report_bytes(report) != bundle.report:
        say("certweave: this is NOT the report that the bundle records")
        return Exit.INVALID
    say("certweave: the recorded report came out again, byte for byte")
    return EXITS[report.verdict]


def examine_again(bundle: Bundle, *, contexts: ContextStore, supplied: bool) -> Report:
    """Examine what is in a bundle; with ``supplied``, its evidence counts as handed in by somebody else.

    Raises:
        MalformedError, InvalidError, UndecidedError: its report or policy cannot be read.
    """
    # A report about many credentials may be longer than any credential.
    roomy = replace(DEFAULT_LIMITS, credential_bytes=len(bundle.report), members=1 << 20)
    recorded = parse_object(bundle.report, limits=roomy)
    policy = INTEGRITY
    if bundle.policy is not None:
        policy = parse_policy(parse_object(bundle.policy, limits=DEFAULT_LIMITS))
    report, _ = examine_with(
        bundle.source,
        bundle.supplied if supplied else bundle.evidence,
        policy=policy,
        now=parse_timestamp(recorded.get("at")),
        limits=DEFAULT_LIMITS,
        contexts=contexts,
        fetch=None,
        expect=bundle.expect,
    )
    return report
