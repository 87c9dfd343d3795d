"""``certweave serve``: run the four services in one process, or one of them alone.

Settings come from ``CERTWEAVE_*`` variables (docs/reference/settings.md); an argument wins over its variable.
"""

import argparse
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from certweave.errors import CertweaveError
from certweave_app.cli.frame import CommandError, Exit, MisuseError, Verbs, add_verb, describe, plain

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.types import ASGIApp

ALL = "all"
SERVICES = ("ledger", "issuer", "wallet", "verifier")


def add_parser(verbs: Verbs) -> None:
    """Add ``serve``."""
    parser = add_verb(
        verbs,
        "serve",
        "run the services",
        about="all: the four in one process, each below a path of its own. One service alone stands at the\n"
        "root of its port. Stop with Ctrl-C. One process at a time may use a data directory, unless the\n"
        "databases are PostgreSQL. Wallets and issuers take https addresses only: for a trial on one\n"
        "machine, --public-url https://certweave.example does, and host-map.json says where that is.",
        example="certweave serve all --port 8080 --data data",
    )
    parser.add_argument(
        "service", choices=(ALL, *SERVICES), metavar="SERVICE", help=", ".join((ALL, *SERVICES))
    )
    parser.add_argument(
        "--port", metavar="P", type=int, default=8080, help="0 takes a free one (default: 8080)"
    )
    parser.add_argument(
        "--host", metavar="H", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="databases, keys, host map (default: data)")
    parser.add_argument(
        "--public-url", metavar="URL", help="how others reach it, without a path (default: the local address)"
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from certweave_app.serve.founding import Founding
    from certweave_app.serve.server import LOOPBACK, Server, bind, port_of, run_server, set_up_logging

    set_up_logging()
    bound = bind(options.host, options.port)
    local = f"http://{LOOPBACK}:{port_of(bound)}"
    try:
        app, services = _make_app(options, local)
    except CommandError:
        bound.close()
        raise
    except CertweaveError as error:
        bound.close()
        raise MisuseError(describe(error)) from None
    founding = Founding()

    def ready() -> None:
        sys.stdout.write(plain(f"certweave: {options.service} listens on {local}/\n"))
        sys.stdout.flush()
        for name, service in services.items():
            founding.start(name, service)

    started = run_server(Server(app, ready=ready, stopping=founding.stop), bound)
    return Exit.VALID if started else Exit.MISUSE


def _make_app(options: argparse.Namespace, local: str) -> "tuple[ASGIApp, Mapping[str, FastAPI]]":
    from certweave_app.serve.front import Landing
    from certweave_app.serve.members import admit, read_members
    from certweave_app.serve.parts import make_service, read_settings
    from certweave_app.serve.together import LEDGER, Plan, make_all
    from certweave_edge.settings_base import variable

    data: Path = options.data or Path(os.environ.get(variable("data"), "data"))
    if options.service == ALL:
        return make_all(Plan(data, local, options.public_url), os.environ, landing=Landing())
    public_url = options.public_url or os.environ.get(variable("public_url")) or local
    members = read_members(os.environ) if options.service == LEDGER else {}
    settings = read_settings(options.service, os.environ, data=data, public_url=public_url)
    service = make_service(options.service, settings)
    if members:
        admit(service, members)
    return service, {options.service: service}
