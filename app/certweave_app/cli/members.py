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
from certweave_app.cli.frame import MisuseError, NoInputError, Parser, describe
from certweave_app.cli.serve import SERVICES

if TYPE_CHECKING:
    from certweave_edge.accounts import Directory
    from certweave_wallet.service.products import Products


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
def open_directory(options: argparse.Namespace, *, make: bool = False) -> Iterator["Directory"]:
    """Open the service's database for one change; a refusal becomes a sentence for the operator.

    With ``make`` one that is not there is made; without, a directory that was mistyped stays unmade.

    Raises:
        NoInputError: there is no database.
        MisuseError: it was refused.
    """
    from certweave_app.serve.parts import read_settings
    from certweave_edge.accounts import Directory
    from certweave_edge.sql import open_database
    from certweave_edge.tables import SHARED

    try:
        settings = read_settings(options.service, os.environ, data=options.data)
        file = settings.data / f"{options.service}.sqlite"
        if not make and not settings.database_url and not file.is_file():
            raise NoInputError(f"{file}: there is no such file; --data and --service say whose it is")
        with open_database(settings.database(options.service), SHARED) as database:
            yield Directory(database)
    except CertweaveError as error:
        raise MisuseError(describe(error)) from None


@contextmanager
def open_brands(options: argparse.Namespace) -> Iterator["tuple[Directory, Products]"]:
    """Open the wallet for one change of its accounts and of who answers for which host.

    Raises:
        MisuseError: it was refused.
    """
    from certweave_app.serve.parts import make_service, read_settings

    try:
        app = make_service("wallet", read_settings("wallet", os.environ, data=options.data))
        try:
            yield app.state.kit.directory, app.state.wallet.products
        finally:
            app.state.close()
    except CertweaveError as error:
        raise MisuseError(describe(error)) from None
