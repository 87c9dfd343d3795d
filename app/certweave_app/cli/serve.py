"""``certweave serve``: run the four services in one process, or one of them alone.

Settings come from ``CERTWEAVE_*`` variables (docs/reference/settings.md); an argument wins over its variable.
"""

import argparse
import os
import sys
from contextlib import ExitStack, closing
from pathlib import Path
from typing import TYPE_CHECKING

from certweave.errors import CertweaveError
from certweave_app.cli.frame import PORT, CommandError, Exit, MisuseError, Verbs, add_verb, describe, plain
from certweave_edge.clock import now
from certweave_edge.settings_base import variable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fastapi import FastAPI
    from starlette.types import ASGIApp

    from certweave_app.serve.tls import Tls

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
        "--port", metavar="P", type=PORT, default=8080, help="0 takes a free one (default: 8080)"
    )
    parser.add_argument(
        "--host", metavar="H", default="127.0.0.1", help="address to listen on (default: 127.0.0.1)"
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="databases, keys, host map (default: data)")
    parser.add_argument(
        "--public-url", metavar="URL", help="how others reach it, without a path (default: the local address)"
    )
    parser.add_argument(
        "--tls",
        action="store_true",
        help="serve https with a certificate of its own, kept in the data directory",
    )
    parser.add_argument(
        "--conformance",
        action="store_true",
        help="also open issuers that sign for anybody, for test suites; refused in production",
    )
    parser.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    from certweave_app.serve.founding import Founding
    from certweave_app.serve.server import (
        LOOPBACK,
        Server,
        address_of,
        bind,
        port_of,
        run_server,
        set_up_logging,
    )

    set_up_logging()
    with ExitStack() as opened:
        bound = opened.enter_context(closing(bind(options.host, options.port)))
        inner = opened.enter_context(closing(bind(LOOPBACK, 0))) if options.tls else None
        tls = _open_tls(options) if options.tls else None
        outer = f"{'http' if tls is None else 'https'}://{LOOPBACK}:{port_of(bound)}"
        local = outer if inner is None else f"http://{LOOPBACK}:{port_of(inner)}"
        try:
            app, services = _make_app(options, local, outer)
        except CommandError:
            raise
        except CertweaveError as error:
            raise MisuseError(describe(error)) from None
        founding = Founding()

        def ready() -> None:
            scheme = "http" if tls is None else "https"
            sys.stdout.write(
                plain(f"certweave: {options.service} listens on {scheme}://{address_of(bound)}/\n")
            )
            sys.stdout.flush()
            for name, service in services.items():
                founding.start(name, service)

        server = Server(app, ready=ready, stopping=founding.stop, tls=tls, inner=inner)
        return Exit.VALID if run_server(server, bound) else Exit.MISUSE


def _data(options: argparse.Namespace) -> Path:
    given: Path | None = options.data
    return given or Path(os.environ.get(variable("data"), "data"))


def _open_tls(options: argparse.Namespace) -> "Tls":
    from certweave_app.serve.tls import open_tls

    try:
        return open_tls(_data(options), now=now())
    except OSError as error:
        raise MisuseError(f"the data directory cannot be written: {error.strerror}") from None


def _make_app(options: argparse.Namespace, local: str, outer: str) -> "tuple[ASGIApp, Mapping[str, FastAPI]]":
    from certweave_app.serve.front import Landing
    from certweave_app.serve.members import admit, read_members
    from certweave_app.serve.parts import make_service, read_settings
    from certweave_app.serve.together import LEDGER, Plan, make_all

    data = _data(options)
    public_url = options.public_url or os.environ.get(variable("public_url")) or outer
    conformance = True if options.conformance else None
    if options.service == ALL:
        plan = Plan(data, local, public_url, conformance=conformance)
        return make_all(plan, os.environ, landing=Landing())
    members = read_members(os.environ) if options.service == LEDGER else {}
    settings = read_settings(
        options.service, os.environ, data=data, public_url=public_url, conformance=conformance
    )
    service = make_service(options.service, settings)
    if members:
        admit(service, members)
    return service, {options.service: service}
