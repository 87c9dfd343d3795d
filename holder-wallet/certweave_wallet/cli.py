"""Running a wallet from the command line: ``python -m certweave_wallet.cli``.

``add`` writes to the wallet's database: on SQLite it needs the server to be stopped.
"""

import argparse
import sys

from certweave_edge import clock
from certweave_edge.accounts import Scope
from certweave_edge.command import ServiceCommand
from certweave_edge.ledger_client import LedgerClient
from certweave_wallet.app import make_app
from certweave_wallet.settings import WalletSettings, make_settings


def make_command() -> ServiceCommand:
    """Return the command with its verbs."""
    command = ServiceCommand("wallet", "Run a wallet.", make_settings=make_settings, make_app=make_app)
    add = command.add_verb("add", run_add, "register an organisation, publish its DID, and print its token")
    add.add_argument("org", metavar="ORG", help="its short name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--product-host", metavar="HOST", help="host of its product addresses")
    return command


def run_add(settings: WalletSettings, options: argparse.Namespace) -> int:
    """Register an organisation, publish its DID, and print a token that may do everything for it."""
    app = make_app(settings)
    try:
        state = app.state
        if options.product_host:
            state.wallet.products.check_host(options.org, options.product_host)
        if state.directory.find_organisation(options.org) is None:
            state.directory.add_organisation(options.org, options.name, now=clock.now())
        with LedgerClient(settings.ledger_url, settings.ledger_token or "") as ledger:
            about = ledger.about()
        state.identities.create_identity(
            options.org, host=about.did_host, path=f"wallet/{options.org}", ledger=about
        )
        if options.product_host:
            state.wallet.products.add_host(options.org, options.product_host)
        token = state.directory.make_first_token(options.org, [Scope.ADMIN], now=clock.now())
    finally:
        app.state.close()
    sys.stdout.write(f"{token}\n")
    return 0


if __name__ == "__main__":
    sys.exit(make_command().main())
