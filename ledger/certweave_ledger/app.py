"""The ledger as an app: opens what it needs, makes its own identity at the first start, joins the parts."""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from datetime import datetime

from fastapi import FastAPI

from certweave_edge import clock as system_clock
from certweave_edge import web
from certweave_edge.accounts import Directory
from certweave_edge.hostmap import HostMap
from certweave_edge.i18n import mark
from certweave_edge.identity import Identities
from certweave_edge.keystore import Keystore
from certweave_edge.pages import NavLink
from certweave_edge.settings import DataDirectory
from certweave_edge.sql import Database, open_database
from certweave_edge.tables import SHARED
from certweave_ledger import api, pages
from certweave_ledger.service.ledger import Ledger
from certweave_ledger.service.logs import Logs
from certweave_ledger.service.own import Invitations, Own, OwnPublisher
from certweave_ledger.service.receipts import Receipts
from certweave_ledger.service.resolver import Resolver
from certweave_ledger.settings import LedgerSettings
from certweave_ledger.store import TABLES, SqlStore

Clock = Callable[[], datetime]


def make_app(settings: LedgerSettings, *, clock: Clock = system_clock.now) -> FastAPI:
    """Make the app of the ledger.

    ``app.state.ledger`` and ``app.state.directory`` are for who runs it in the same process. The database is
    closed when the server stops; who mounts the app calls ``app.state.close()``.

    Raises:
        RefusedError: the database is in use, or the host's DID is another's.
        KeystoreError: the keystore does not open.
    """
    with ExitStack() as opened:
        database = open_database(settings.database("ledger"), SHARED, TABLES)
        opened.callback(database.close)
        directory = Directory(database)
        ledger = make_ledger(settings, database, directory, clock)
        opened.pop_all()
    app = web.make_app(
        title=mark("Ledger"),
        package="certweave_ledger",
        settings=settings,
        directory=directory,
        nav=[NavLink("/", mark("Ledger"))],
        clock=clock,
        large_bodies=[(r"/dids/.+/did\.jsonl", settings.log_bytes)],
        cross_origin=[r"/1\.0/identifiers/.+"],
    )
    app.state.ledger = ledger
    app.state.directory = directory
    app.state.close = database.close
    app.include_router(api.router)
    app.include_router(pages.router)

    @asynccontextmanager
    async def closing(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            database.close()

    app.router.lifespan_context = closing
    return app


def make_ledger(settings: LedgerSettings, database: Database, directory: Directory, clock: Clock) -> Ledger:
    """Join the parts of a ledger, and make its own identity where it is missing."""
    store = SqlStore(database)
    keystore = Keystore.open(
        settings.keys("ledger"), settings.keystore_passphrase, environment=settings.environment
    )
    logs = Logs(store, store, did_host=settings.did_host, log_bytes=settings.log_bytes, clock=clock)
    own = Own(Identities(database, keystore, OwnPublisher(logs, store), clock=clock))
    own.found(directory, store, host=settings.did_host, now=clock())
    return Ledger(
        logs=logs,
        receipts=Receipts(store, store, own, clock=clock),
        resolver=Resolver(store, logs, clock=clock, host_map=_host_map(settings)),
        own=own,
        invitations=Invitations(store, clock=clock),
        shelf=store,
        receipts_url=settings.public("/receipts"),
        did_host=settings.did_host,
        did_max_age=settings.did_max_age,
    )


def _host_map(settings: LedgerSettings) -> HostMap:
    return DataDirectory(settings.data).load_host_map()
