"""What ``certweave org`` and ``certweave token`` share: the accounts of a service, opened on its machine.

They work on the service's database. A SQLite file has one writer, so a running server has to be stopped
first, and says so; with PostgreSQL it can run on. Passwords and tokens are shown once and kept as hashes.
"""

import argparse
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from certweave.errors import CertweaveError
from certweave_app.cli.frame import MisuseError, Parser, describe
from certweave_app.cli.serve import SERVICES

if TYPE_CHECKING:
    from certweave_edge.accounts import Directory


def add_service(parser: Parser) -> None:
    """Add the arguments that say whose accounts are meant."""
    parser.add_argument(
        "--service",
        metavar="S",
        choices=SERVICES,
        default="issuer",
        help=f"{', '.join(SERVICES)} (default: issuer)",
    )
    parser.add_argument("--data", metavar="DIR", type=Path, help="of the service (default: data)")


@contextmanager
def open_directory(options: argparse.Namespace) -> Iterator["Directory"]:
    """Open the service's database for one change; a refusal becomes a sentence for the operator."""
    from certweave_app.serve.parts import read_settings
    from certweave_edge.accounts import Directory
    from certweave_edge.sql import open_database
    from certweave_edge.tables import SHARED

    try:
        settings = read_settings(options.service, os.environ, data=options.data)
        with open_database(settings.database(options.service), SHARED) as database:
            yield Directory(database)
    except CertweaveError as error:
        raise MisuseError(describe(error)) from None


def add_product_host(options: argparse.Namespace) -> None:
    """Let a brand answer for a host.

    Raises:
        MisuseError: the host is none, or is another's.
    """
    from certweave_app.serve.parts import make_service, read_settings

    try:
        app = make_service("wallet", read_settings("wallet", os.environ, data=options.data))
        try:
            app.state.wallet.products.add_host(options.org, options.product_host)
        finally:
            app.state.close()
    except CertweaveError as error:
        raise MisuseError(describe(error)) from None
