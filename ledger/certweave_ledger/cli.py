"""Running a ledger from the command line: ``python -m certweave_ledger.cli``.

``add`` and ``rotate`` write to the database of the ledger: on SQLite they need the server to be stopped.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from certweave.errors import CertweaveError
from certweave_edge import clock
from certweave_edge.accounts import Scope
from certweave_ledger.app import make_app
from certweave_ledger.settings import LedgerSettings, make_settings

_ACTOR = "operator:cli"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused."""
    options = make_parser().parse_args(arguments)
    try:
        settings = make_settings(os.environ, data=options.data)
        code: int = options.run(settings, options)
    except CertweaveError as error:
        sys.stderr.write(f"certweave ledger: {error.detail} ({error.code})\n")
        return 1
    return code


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command."""
    parser = argparse.ArgumentParser(prog="certweave-ledger", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="directory of databases and keys")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    serve = verbs.add_parser("serve", help="run the server")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=run_serve)
    add = verbs.add_parser("add", help="register an organisation, invite it, and print its token")
    add.add_argument("org", metavar="ORG", help="its short name, which is its namespace too")
    add.add_argument("name", metavar="NAME")
    add.set_defaults(run=run_add)
    rotate = verbs.add_parser("rotate", help="change the ledger's own keys")
    rotate.set_defaults(run=run_rotate)
    return parser


def run_serve(settings: LedgerSettings, options: argparse.Namespace) -> int:
    """Serve until the process is told to end."""
    import uvicorn

    uvicorn.run(make_app(settings), host=options.host, port=options.port, access_log=False)
    return 0


def run_add(settings: LedgerSettings, options: argparse.Namespace) -> int:
    """Register an organisation with its namespace and print a token for its issuer or wallet."""
    app = make_app(settings)
    try:
        app.state.directory.add_organisation(options.org, options.name, now=clock.now())
        app.state.ledger.invitations.invite("ledger", options.org, options.org, actor=_ACTOR)
        token = app.state.directory.make_token(
            options.org, [Scope.KEYS, Scope.ISSUE], label="made by the operator", now=clock.now()
        )
    finally:
        app.state.close()
    sys.stdout.write(f"{token}\n")
    return 0


def run_rotate(settings: LedgerSettings, options: argparse.Namespace) -> int:
    """Change the ledger's own keys and print its DID."""
    app = make_app(settings)
    try:
        app.state.ledger.own.rotate()
        sys.stdout.write(f"{app.state.ledger.own.did()}\n")
    finally:
        app.state.close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
