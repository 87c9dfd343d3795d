"""``certweave token``: tokens, with which programs speak for an organisation."""

import argparse
import sys
from datetime import timedelta

from certweave_app.cli.frame import Exit, MisuseError, Verbs, add_verb, say
from certweave_app.cli.members import add_service, open_directory
from certweave_edge import clock


def add_parser(verbs: Verbs) -> None:
    """Add ``token`` with its part."""
    parser = add_verb(
        verbs, "token", "make tokens for programs", example="certweave token new --org fa --scopes read,issue"
    )
    parts = parser.add_subparsers(dest="part", metavar="PART", title="parts", required=True)
    new = add_verb(
        parts,
        "new",
        "make a token of an organisation",
        about="Prints the token, once. Scopes: read, issue, status, keys, admin.",
        example="certweave token new --org fa --scopes read,issue --days 90",
    )
    new.add_argument("--org", metavar="NAME", required=True, help="the organisation it speaks for")
    new.add_argument("--scopes", metavar="LIST", required=True, help="what it may do, with commas between")
    new.add_argument("--days", metavar="N", type=int, help="days until it expires (default: it does not)")
    new.add_argument("--label", metavar="TEXT", default="command line", help="what it is for")
    add_service(new)
    new.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Make a token and print it."""
    from certweave_edge.accounts import parse_scopes

    if options.days is not None and options.days < 1:
        raise MisuseError("--days: at least one")
    now = clock.now()
    expires = None if options.days is None else now + timedelta(days=options.days)
    with open_directory(options) as directory:
        secret = directory.make_token(
            options.org, parse_scopes(options.scopes), label=options.label, now=now, expires=expires
        )
    sys.stdout.write(f"{secret}\n")
    say("The token is shown this once.")
    return Exit.VALID
