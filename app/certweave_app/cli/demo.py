"""``certweave demo``: the four services with a small world in them, to look at and to break.

Everything runs on this machine in one process and needs no network. The world is made over the services' own
APIs, and tried out: each step is told in a sentence, and the first that does not hold ends it.
"""

import argparse
import logging
import tempfile
from pathlib import Path

from certweave.errors import CertweaveError
from certweave_app.cli.frame import PORT, Exit, MisuseError, Verbs, add_verb, describe


def add_parser(verbs: Verbs) -> None:
    """Add ``demo``."""
    parser = add_verb(
        verbs,
        "demo",
        "run the four services with a small world in them",
        about="Makes the world where there is none, tells its addresses and accounts, and serves until\n"
        "Ctrl-C. With --once it stops when the story is told, and exits with 1 if a step did not hold.",
        example="certweave demo --port 8080",
    )
    parser.add_argument(
        "--port", metavar="P", type=PORT, default=8080, help="0 takes a free one (default: 8080)"
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="keep the world here (default: demo-data)")
    parser.add_argument(
        "--once", action="store_true", help="tell the story and stop; without --data nothing is kept"
    )
    parser.add_argument(
        "--offline-samples",
        metavar="DIR",
        type=Path,
        help="start no service; write seven certificates, good and bad, with what decides about them",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Run the demonstration."""
    if options.offline_samples is not None:
        from certweave_app.demo.offline import make_samples

        return make_samples(options.offline_samples)
    if options.once and options.data is None:
        with tempfile.TemporaryDirectory(prefix="certweave-demo-") as folder:
            return _play(Path(folder) / "data", options)
    return _play(options.data or Path("demo-data"), options)


def _play(data: Path, options: argparse.Namespace) -> int:
    from certweave_app.demo.people import MARKER
    from certweave_app.demo.stage import Stage
    from certweave_app.demo.tally import Tally
    from certweave_app.serve.server import set_up_logging

    there = data.exists() and any(data.iterdir())
    if there and (options.once or not (data / MARKER).exists()):
        raise MisuseError(
            f"{data}: is not empty, and no finished demonstration; delete it, or name another with --data"
        )
    set_up_logging(logging.ERROR)
    try:
        Stage(data.absolute(), options.port, Tally()).play(once=options.once)
    except CertweaveError as error:
        raise MisuseError(describe(error)) from None
    return Exit.VALID
