"""Running a wallet from the command line: ``python -m certweave_wallet.cli``.

``add`` writes to the database of the wallet: on SQLite it needs the server to be stopped.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from certweave.errors import CertweaveError
from certweave_edge import clock
from certweave_edge.accounts import Scope
from certweave_edge.ledger_client import LedgerClient
from certweave_wallet.app import make_app
from certweave_wallet.settings import WalletSettings, make_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused."""
    options = make_parser().parse_args(arguments)
    try:
        settings = make_settings(os.environ, data=options.data)
        code: int = options.run(settings, options)
    except CertweaveError as error:
        sys.stderr.write(f"certweave wallet: {error.detail} ({error.code})\n")
        return 1
    return code


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command."""
    parser = argparse.ArgumentParser(prog="certweave-wallet", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="directory of databases and keys")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    serve = verbs.add_parser("serve", help="run the server")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=run_serve)
    add = verbs.add_parser("add", help="register an organisation, publish its DID, and print its token")
    add.add_argument("org", metavar="ORG", help="its short name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--product-host", metavar="HOST", help="host of its product addresses")
    add.set_defaults(run=run_add)
    return parser


def run_serve(settings: WalletSettings, options: argparse.Namespace) -> int:
    """Serve until the process is told to end."""
    import uvicorn

    uvicorn.run(make_app(settings), host=options.host, port=options.port, access_log=False)
    return 0


def run_add(settings: WalletSettings, options: argparse.Namespace) -> int:
    """Register an organisation, publish its DID, and print a token that may do everything for it."""
    app = make_app(settings)
    try:
        state = app.state
        state.directory.add_organisation(options.org, options.name, now=clock.now())
        with LedgerClient(settings.ledger_url, settings.ledger_token or "") as ledger:
            about = ledger.about()
        state.identities.create_identity(
            options.org, host=about.did_host, path=f"wallet/{options.org}", ledger=about
        )
        if options.product_host:
            state.wallet.products.add_host(options.org, options.product_host)
        token = state.directory.make_token(
            options.org, [Scope.ADMIN], label="made by the operator", now=clock.now()
        )
    finally:
        app.state.close()
    sys.stdout.write(f"{token}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
