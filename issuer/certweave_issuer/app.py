"""The issuer's app: settings, storage, keys, ledger and network put together.

``make_app`` may be given another clock, ledger or way to fetch: tests bring their own.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, ExitStack, asynccontextmanager
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI

from certweave.credential.catalogue import Catalogue, parse_catalogue
from certweave.encoding.strict_json import parse_object
from certweave.limits import DEFAULT_LIMITS
from certweave_edge import clock as system_clock
from certweave_edge import identity_routes, web
from certweave_edge.accounts import Directory, Scope
from certweave_edge.budget import Allowance, Budget
from certweave_edge.conformance import check_conformance, with_examples
from certweave_edge.contexts import load_context_store
from certweave_edge.fetch import Fetcher
from certweave_edge.files import read_file
from certweave_edge.i18n import mark
from certweave_edge.identity import Identities
from certweave_edge.keystore import Keystore
from certweave_edge.ledger_client import LedgerClient, LedgerError
from certweave_edge.names import ORGANISATION
from certweave_edge.pages import NavLink
from certweave_edge.settings import DataDirectory
from certweave_edge.sql import Database, open_database
from certweave_edge.status_lists import StatusLists
from certweave_edge.status_tables import STATUS
from certweave_edge.tables import SHARED
from certweave_issuer.api import clerk, conformance, oid4vci, public, vc_api
from certweave_issuer.pages.routes import PAGES
from certweave_issuer.ports import Addresses, Fetch, WholeLedger
from certweave_issuer.service.conformance import Conformance
from certweave_issuer.service.issuer import Issuer
from certweave_issuer.service.office import Office
from certweave_issuer.service.settling import settle_receipts
from certweave_issuer.settings import IssuerSettings
from certweave_issuer.store.certificates import SqlStore
from certweave_issuer.store.offers import SqlOffers
from certweave_issuer.store.tables import ISSUER
from certweave_schemas.load import load_catalogues

Clock = Callable[[], datetime]
FetcherMaker = Callable[[], Fetch]

ROUTERS: Final[tuple[APIRouter, ...]] = (
    *PAGES,
    oid4vci.router,
    vc_api.router,
    clerk.router,
    identity_routes.router,
    public.router,
)
NAV: Final = (
    NavLink("/orgs/{org}/", mark("Certificates"), Scope.READ),
    NavLink("/register", mark("Register")),
)
CROSS_ORIGIN: Final = (r"/\.well-known/.+", r"/orgs/[^/]+/oid4vci/.+")
"""What a wallet calls."""


def make_app(
    settings: IssuerSettings,
    *,
    clock: Clock = system_clock.now,
    ledger: WholeLedger | None = None,
    fetch: FetcherMaker | None = None,
) -> FastAPI:
    """Make the app of the issuer.

    ``app.state`` has ``issuer``, ``directory``, ``identities`` and ``ledger`` for whoever runs it.
    The database is closed when the server stops; who mounts the app calls ``app.state.close()``.

    Args:
        settings: checked settings.
        clock: the present moment; a test hands in its own.
        ledger: by default the one that the settings name.
        fetch: makes a fetcher for each request of a stranger; by default the network, within a budget.

    Raises:
        RefusedError: the database is in use.
        KeystoreError: the keystore does not open.
        CertweaveError: host map or a catalogue cannot be read.
    """
    ledger = ledger or _find_ledger(settings)
    with ExitStack() as opened:
        database = open_database(settings.database("issuer"), SHARED, STATUS, ISSUER)
        opened.callback(database.close)
        directory = Directory(database)
        app = web.make_app(
            title=mark("Issuer"),
            package="certweave_issuer",
            settings=settings,
            directory=directory,
            nav=NAV,
            clock=clock,
            cross_origin=CROSS_ORIGIN,
        )
        app.state.identities = open_identities(settings, database, ledger, clock)
        app.state.status_lists = StatusLists(
            database, address=_addresses(settings).status_list, signer=app.state.identities.signer
        )
        office = make_office(settings, app, database, ledger=ledger, clock=clock, fetch=fetch)
        opened.pop_all()
    app.state.issuer = Issuer.make(office)
    app.state.settle_receipts = partial(settle_receipts, app.state.issuer.certificates, office.store)
    app.state.directory = directory
    app.state.ledger = ledger
    app.state.close = database.close
    app.router.lifespan_context = _closing(database)
    for router in ROUTERS:
        app.include_router(router)
    if settings.conformance:
        _open_conformance(app, settings, office)
    return app


def _open_conformance(app: FastAPI, settings: IssuerSettings, office: Office) -> None:
    """Add the issuers for test suites."""
    check_conformance(settings)
    app.state.conformance = Conformance.make(
        public=settings.public,
        entropy=office.entropy,
        contexts=with_examples(office.contexts),
        clock=office.clock,
    )
    app.include_router(conformance.router)


def make_office(
    settings: IssuerSettings,
    app: FastAPI,
    database: Database,
    *,
    ledger: WholeLedger | None,
    clock: Clock,
    fetch: FetcherMaker | None,
) -> Office:
    """Join what the service needs; ``app`` has the identities and status lists already."""
    lists: StatusLists = app.state.status_lists
    directory: Directory = app.state.kit.directory
    return Office(
        store=SqlStore(database, lists),
        offers=SqlOffers(database),
        lists=lists,
        identities=app.state.identities,
        ledger=ledger,
        catalogues=read_catalogues(settings.catalogues),
        contexts=load_context_store(_contexts(settings)),
        addresses=_addresses(settings),
        clock=clock,
        entropy=system_clock.entropy,
        names=lambda org: _name(directory, org),
        fetch=fetch or make_network(settings, clock),
        four_eyes=settings.four_eyes,
        allow_non_untp=settings.allow_non_untp,
        offer_life=timedelta(minutes=settings.offer_minutes),
    )


def open_identities(
    settings: IssuerSettings, database: Database, ledger: WholeLedger | None, clock: Clock
) -> Identities:
    """Return the DIDs of the organisations; without a ledger, those that were published before still sign."""
    keystore = Keystore.open(
        settings.keys("issuer"), settings.keystore_passphrase, environment=settings.environment
    )
    return Identities(database, keystore, ledger or NoLedger(), clock=clock)


def make_network(settings: IssuerSettings, clock: Clock) -> FetcherMaker:
    """Return what makes a fetcher with a stranger's budget: a request chose what is fetched."""
    host_map = DataDirectory(settings.data).load_host_map()

    def make() -> Fetch:
        budget = Budget(Allowance(), started=system_clock.monotonic())
        return Fetcher(limits=DEFAULT_LIMITS, host_map=host_map, budget=budget, clock=clock).fetch

    return make


def read_catalogues(folder: Path | None) -> Mapping[str, Catalogue]:
    """Return the catalogues that come with us and those of an operator's folder, by the id of their scheme.

    Raises:
        CertweaveError: one of them is no catalogue.
    """
    found = [parse_catalogue(document) for document in load_catalogues().values()]
    for path in sorted(folder.glob("*.json")) if folder is not None else []:
        content = read_file(path, most=DEFAULT_LIMITS.credential_bytes)
        found.append(parse_catalogue(parse_object(content, limits=DEFAULT_LIMITS)))
    return {one.scheme.id: one for one in found}


class NoLedger:
    """Stands for a ledger where none is configured: nothing can be published."""

    def put_log(self, path: str, log: bytes, etag: str | None) -> str:
        """Raise ``LedgerError``."""
        raise LedgerError("no ledger is configured: set CERTWEAVE_LEDGER_URL", code="ledger_missing")

    def get_log(self, path: str) -> tuple[bytes, str] | None:
        """Raise ``LedgerError``."""
        raise LedgerError("no ledger is configured: set CERTWEAVE_LEDGER_URL", code="ledger_missing")


def _find_ledger(settings: IssuerSettings) -> WholeLedger | None:
    return LedgerClient(settings.ledger_url, settings.ledger_token) if settings.ledger_url else None


def _addresses(settings: IssuerSettings) -> Addresses:
    return Addresses(settings.public(""))


def _closing(database: Database) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    @asynccontextmanager
    async def closing(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            database.close()

    return closing


def _contexts(settings: IssuerSettings) -> Path | None:
    folder = DataDirectory(settings.data).contexts
    return folder if folder.is_dir() else None


def _name(directory: Directory, org: str) -> str | None:
    found = directory.find_organisation(org) if ORGANISATION.match(org) else None
    return None if found is None else found.name
