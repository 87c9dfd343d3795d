"""Running a ledger from the command line: ``python -m certweave_ledger.cli``.

``add`` and ``rotate`` write to the database of the ledger: on SQLite they need the server to be stopped.
"""

import argparse
import sys

from certweave_edge import clock
from certweave_edge.accounts import Scope
from certweave_edge.command import ServiceCommand
from certweave_edge.refused import Refusal, RefusedError
from certweave_ledger.app import make_app
from certweave_ledger.settings import LedgerSettings, make_settings

_ACTOR = "operator:cli"


def make_command() -> ServiceCommand:
    """Return the command with its verbs."""
    command = ServiceCommand("ledger", "Run a ledger.", make_settings=make_settings, make_app=make_app)
    add = command.add_verb("add", run_add, "register an organisation, invite it, and print its token")
    add.add_argument("org", metavar="ORG", help="its short name, which is its namespace too")
    add.add_argument("name", metavar="NAME")
    command.add_verb("rotate", run_rotate, "change the ledger's own keys")
    return command


def run_add(settings: LedgerSettings, options: argparse.Namespace) -> int:
    """Register an organisation with its namespace and print a token for its issuer or wallet."""
    app = make_app(settings)
    try:
        app.state.directory.add_organisation(options.org, options.name, now=clock.now())
        app.state.ledger.invitations.invite("ledger", options.org, options.org, actor=_ACTOR)
        token = app.state.directory.make_first_token(options.org, [Scope.KEYS, Scope.ISSUE], now=clock.now())
    finally:
        app.state.close()
    sys.stdout.write(f"{token}\n")
    return 0


def run_rotate(settings: LedgerSettings, options: argparse.Namespace) -> int:
    """Change the ledger's own keys and print its DID."""
    if not settings.keys("ledger").is_dir():
        raise RefusedError(f"no ledger lies in {settings.data}", Refusal.NOT_FOUND, code="ledger_absent")
    app = make_app(settings)
    try:
        app.state.ledger.own.rotate()
        sys.stdout.write(f"{app.state.ledger.own.did()}\n")
    finally:
        app.state.close()
    return 0


if __name__ == "__main__":
    sys.exit(make_command().main())
