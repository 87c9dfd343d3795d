"""``certweave bench``: issuing and verifying per second, beside the floor of this machine and other projects.

The peers run as programs in environments of their own (``make peers``); one that is not there is named.
"""

import argparse
import os
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from certweave.canon.jcs import canonicalize
from certweave.proof.ways import JWT, WAYS
from certweave.timestamps import format_timestamp
from certweave_app.bench.documents import (
    BENCH_CONTEXT,
    BENCH_DOCUMENT,
    make_certificate,
    make_passport,
    make_plain,
)
from certweave_app.bench.measure import Work, hold_to_one_core, measure
from certweave_app.bench.peers import PROGRAMS, Peer, PeerError, start_peer
from certweave_app.bench.soak import soak
from certweave_app.bench.start import start_works
from certweave_app.bench.table import as_json, as_text
from certweave_app.bench.works import Bench, BenchError, to_bytes
from certweave_app.cli.frame import CommandError, Exit, Verbs, add_verb
from certweave_app.cli.inputs import load_contexts
from certweave_edge import clock
from certweave_edge.settings import DataDirectory

PEERS_VARIABLE = "CERTWEAVE_PEERS"
DOCUMENTS = {"certificate": make_certificate, "passport": make_passport}
ISSUER = "did:key:z6MkpTHR8VNsBxYAAWHut2Geadd9jSwuBV8xRoAnwWsdvktH"
"""Stands in the document that peers are given; each puts its own key in its place."""

STARTED = {
    f"{way}, {model}": (way, make)
    for way in (JWT, "eddsa-rdfc-2022")
    for model, make in (("VCDM", make_plain), ("UNTP", make_passport))
}
"""What the command is started with, from nothing to a verdict."""
MAX_SOAK = 1_000_000

ABOUT = """All works take turns in one run, so compare ratios and shares, not figures of different machines.
The floor: strict parse, canonicalise, hash and one raw signature. Verifying is the whole examination."""


def add_parser(verbs: Verbs) -> None:
    """Add ``bench``."""
    parser = add_verb(
        verbs,
        "bench",
        "measure issuing and verifying beside other projects",
        about=ABOUT,
        example="certweave bench --seconds 60 --json",
    )
    parser.add_argument("--seconds", type=_seconds, default=10.0, help="how long to measure (default: 10)")
    parser.add_argument("--json", action="store_true", help="print the figures as JSON")
    parser.add_argument(
        "--document",
        choices=sorted(DOCUMENTS),
        default="certificate",
        help="under a small context, or UNTP's large one (default: certificate)",
    )
    parser.add_argument(
        "--peers",
        metavar="DIR",
        type=Path,
        default=None,
        help=f"folder with the peers (default: {PEERS_VARIABLE}, or .venv-peers)",
    )
    parser.add_argument("--no-peers", action="store_true", help="measure ours and the floor only")
    parser.add_argument(
        "--soak",
        metavar="NUMBER",
        type=_number,
        default=None,
        help="measure no speed, but verify so often on each of eight threads; tell wrong verdicts and memory",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Measure and print."""
    contexts = load_contexts(DataDirectory.find(None)).plus(BENCH_CONTEXT, dict(BENCH_DOCUMENT))
    make_document = DOCUMENTS[options.document]
    now = clock.now()
    document = make_document(ISSUER)
    setup = {
        "credential": document,
        "contexts": {url: dict(found) for url, found in contexts.documents.items()},
        "issued": format_timestamp(now),
    }
    bench = Bench(make_document, contexts, now)
    try:
        if options.soak is not None:
            return _soak(bench, options.soak)
        works = list(bench.works())
        starts = {
            route: to_bytes(Bench(make, contexts, now).secured(WAYS[way])[1])
            for route, (way, make) in STARTED.items()
        }
    except BenchError as error:
        raise CommandError(f"{error}; nothing was measured") from error
    left_out = dict(bench.left_out)
    with ExitStack() as stack:
        one_core = stack.enter_context(hold_to_one_core())
        folder = Path(stack.enter_context(TemporaryDirectory()))
        works += start_works(folder, starts)
        if not options.no_peers:
            works += _peer_works(stack, _folder(options.peers), setup, left_out)
        turn = min(0.05, options.seconds / 10)
        results = measure(works, seconds=options.seconds, turn_seconds=turn)
    show = as_json if options.json else as_text
    sys.stdout.write(show(results, size=len(canonicalize(document)), left_out=left_out, one_core=one_core))
    return Exit.VALID


def _soak(bench: Bench, each: int) -> int:
    found = soak(list(bench.sources()), bench.examine, each=each)
    sys.stdout.write(found.as_text())
    return Exit.VALID if found.holds else Exit.INVALID


def _folder(named: Path | None) -> Path:
    return (named or Path(os.environ.get(PEERS_VARIABLE, ".venv-peers"))).absolute()


def _peer_works(
    stack: ExitStack, folder: Path, setup: Mapping[str, Any], left_out: dict[str, str]
) -> list[Work]:
    """Start every peer; return what each can do, and note what it cannot."""
    works: list[Work] = []
    for program in PROGRAMS:
        try:
            peer = stack.enter_context(start_peer(program, folder, setup))
        except PeerError as error:
            left_out[program.file] = str(error)
            continue
        left_out.update({f"{peer.name}, {route}": reason for route, reason in peer.left_out.items()})
        works += [Work(act, route, peer.name, _turn(peer, act, route)) for act, route in peer.works]
    return works


def _turn(peer: Peer, act: str, route: str) -> Any:
    return lambda seconds: peer.turn(act, route, seconds)


def _number(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or not 0 < int(text[:7]) <= MAX_SOAK:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number up to {MAX_SOAK:,}")
    return int(text[:7])


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 3600:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of seconds up to 3600")
    return seconds
