"""Running an issuer from the command line: ``python -m certweave_issuer.cli``.

``add`` writes to the issuer's database: on SQLite it needs the server to be stopped.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from certweave.errors import CertweaveError
from certweave_edge import clock
from certweave_edge.accounts import Scope
from certweave_issuer.app import make_app
from certweave_issuer.settings import IssuerSettings, make_settings


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 when it was done, 1 when it was refused."""
    options = make_parser().parse_args(arguments)
    try:
        settings = make_settings(os.environ, data=options.data)
        code: int = options.run(settings, options)
    except CertweaveError as error:
        sys.stderr.write(f"certweave issuer: {error.detail} ({error.code})\n")
        return 1
    return code


def make_parser() -> argparse.ArgumentParser:
    """Return the parser of the command."""
    parser = argparse.ArgumentParser(prog="certweave-issuer", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--data", type=Path, help="directory of databases and keys")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", required=True)
    serve = verbs.add_parser("serve", help="run the server")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.set_defaults(run=run_serve)
    add = verbs.add_parser("add", help="register an organisation, publish its DID, and print a token")
    add.add_argument("org", metavar="ORG", help="its short name")
    add.add_argument("name", metavar="NAME")
    add.add_argument("--path", help="of its DID at the ledger; default ORG")
    add.set_defaults(run=run_add)
    return parser


def run_serve(settings: IssuerSettings, options: argparse.Namespace) -> int:
    """Serve until the process is told to end."""
    import uvicorn

    uvicorn.run(make_app(settings), host=options.host, port=options.port, access_log=False)
    return 0


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
        token = app.state.directory.make_token(
            options.org, [Scope.ADMIN], label="made by the operator", now=clock.now()
        )
    finally:
        app.state.close()
    sys.stdout.write(f"{token}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
