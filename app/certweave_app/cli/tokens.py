"""``certweave token``: tokens, with which programs speak for an organisation."""

import argparse
import sys
from datetime import timedelta

from certweave_app.cli.frame import Exit, MisuseError, Verbs, add_verb, plain, say, whole
from certweave_app.cli.members import add_service, open_directory
from certweave_edge import clock
from certweave_edge.settings_base import TOKEN_DAYS

MOST_DAYS = 36_500


def add_parser(verbs: Verbs) -> None:
    """Add ``token`` with its parts."""
    parser = add_verb(
        verbs,
        "token",
        "make, list and end tokens for programs",
        example="certweave token new --org fa --scopes read,issue",
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
    new.add_argument(
        "--days",
        metavar="N",
        type=whole(1, MOST_DAYS),
        default=TOKEN_DAYS,
        help=f"days until it expires (default: {TOKEN_DAYS})",
    )
    new.add_argument("--label", metavar="TEXT", default="command line", help="what it is for")
    add_service(new)
    new.set_defaults(run=run)
    _add_rest(parts)


def _add_rest(parts: Verbs) -> None:
    listed = add_verb(
        parts,
        "list",
        "list the tokens of an organisation",
        about="Prints a line for each, newest first: id, state, scopes, day made, day it expires, label.",
        example="certweave token list --org fa",
    )
    listed.add_argument("--org", metavar="NAME", required=True, help="the organisation")
    add_service(listed)
    listed.set_defaults(run=run_list)
    end = add_verb(
        parts,
        "revoke",
        "end a token, at once and for good",
        about="A server that uses SQLite has to be stopped for it, as for any change from outside.",
        example="certweave token revoke --org fa 3f9c1a2b4d5e",
    )
    end.add_argument("token", metavar="ID", help="as token list prints it")
    end.add_argument("--org", metavar="NAME", required=True, help="the organisation that it speaks for")
    add_service(end)
    end.set_defaults(run=run_revoke)


def run(options: argparse.Namespace) -> int:
    """Make a token and print it."""
    from certweave_edge.accounts import parse_scopes

    now = clock.now()
    expires = now + timedelta(days=options.days)
    with open_directory(options) as directory:
        secret = directory.make_token(
            options.org, parse_scopes(options.scopes), label=options.label, now=now, expires=expires
        )
    sys.stdout.write(f"{secret}\n")
    say(f"The token is shown this once. It expires on {expires.date().isoformat()}.")
    return Exit.VALID


def run_list(options: argparse.Namespace) -> int:
    """Print the tokens of an organisation, without their secrets."""
    now = clock.now()
    with open_directory(options) as directory:
        if directory.find_organisation(options.org) is None:
            raise MisuseError(f"there is no organisation {options.org} in this service")
        for token in directory.tokens(options.org):
            over = token.expires is not None and token.expires <= now
            state = "revoked" if token.revoked is not None else "expired" if over else "live"
            scopes = ",".join(sorted(token.scopes))
            days = [day.date().isoformat() if day else "-" for day in (token.created, token.expires)]
            line = (token.token_id, state, scopes, *days, " ".join(token.label.split()))
            sys.stdout.write("\t".join(map(plain, line)) + "\n")
    return Exit.VALID


def run_revoke(options: argparse.Namespace) -> int:
    """End a token."""
    with open_directory(options) as directory:
        directory.revoke_token(options.org, options.token, now=clock.now())
    say("The token opens nothing any more.")
    return Exit.VALID
