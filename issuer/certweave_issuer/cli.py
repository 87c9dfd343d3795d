"""Running an issuer from the command line: ``python -m certweave_issuer.cli``.

``add`` writes to the issuer's database: on SQLite it needs the server to be stopped.
"""

import argparse
import sys

from certweave_edge import clock
from certweave_edge.accounts import Scope
from certweave_edge.command import ServiceCommand
from certweave_issuer.app import make_app
from certweave_issuer.settings import IssuerSettings, make_settings


def make_command() -> ServiceCommand:
    """Return the command with its verbs."""
    command = ServiceCommand("issuer", "Run an issuer.", make_settings=make_settings, make_app=make_app)
    add = command.add_verb("add", run_add, "register an organisation, publish its DID, and print a token")
    add.add_argument("org", metavar="ORG", help="its short name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--path", help="of its DID at the ledger; default ORG")
    return command


def run_add(settings: IssuerSettings, options: argparse.Namespace) -> int:
    """Register an organisation with a DID of its own and print a token for its clerks."""
    app = make_app(settings)
    try:
        if app.state.directory.find_organisation(options.org) is None:
            app.state.directory.add_organisation(options.org, options.name, now=clock.now())
        if app.state.ledger is not None:
            info = app.state.ledger.about()
            app.state.identities.create_identity(
                options.org, host=info.did_host, path=options.path or options.org, ledger=info
            )
        token = app.state.directory.make_first_token(options.org, [Scope.ADMIN], now=clock.now())
    finally:
        app.state.close()
    sys.stdout.write(f"{token}\n")
    return 0


if __name__ == "__main__":
    sys.exit(make_command().main())
