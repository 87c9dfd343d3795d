"""The wallet's app: settings, storage, network and identities put together.

``app.state.wallet`` is the service, ``app.state.identities`` the organisations' DIDs, ``app.state.directory``
their accounts: for who runs it in the same process. Who mounts the app calls ``app.state.close()``.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI

from certweave.encoding.strict_json import parse_object
from certweave.limits import DEFAULT_LIMITS
from certweave.trust.policy import INTEGRITY, Policy, parse_policy
from certweave_edge import clock as system_clock
from certweave_edge import identity_routes, web
from certweave_edge.accounts import Directory, Scope
from certweave_edge.budget import Allowance
from certweave_edge.conformance import check_conformance, with_examples
from certweave_edge.contexts import load_context_store
from certweave_edge.files import read_file
from certweave_edge.i18n import mark
from certweave_edge.identity import Identities
from certweave_edge.keystore import Keystore
from certweave_edge.ledger_client import LedgerClient
from certweave_edge.pages import NavLink
from certweave_edge.settings import DataDirectory
from certweave_edge.sql import Database, open_database
from certweave_edge.status_lists import StatusLists
from certweave_edge.status_tables import STATUS
from certweave_edge.tables import SHARED
from certweave_wallet import ports
from certweave_wallet.api import conformance, documents, exchange, issue, products
from certweave_wallet.pages import home
from certweave_wallet.service.conformance import Holders
from certweave_wallet.service.network import Reach
from certweave_wallet.service.tools import Tools
from certweave_wallet.service.wallet import Wallet
from certweave_wallet.settings import WalletSettings
from certweave_wallet.store.sql import SqlStore
from certweave_wallet.store.tables import WALLET

Clock = Callable[[], datetime]

ROUTERS: Final[tuple[APIRouter, ...]] = (
    home.router,
    documents.router,
    exchange.router,
    issue.router,
    products.router,
    identity_routes.router,
)
NAV: Final = (
    NavLink("/orgs/{org}/", mark("Certificates"), Scope.READ),
    NavLink("/orgs/{org}/issue", mark("Own documents"), Scope.ISSUE),
    NavLink("/orgs/{org}/products", mark("Products"), Scope.READ),
    NavLink("/orgs/{org}/requests", mark("Requests"), Scope.READ),
)


def make_app(
    settings: WalletSettings,
    *,
    clock: Clock = system_clock.now,
    networks: Callable[[], ports.Network] | None = None,
    ledger: ports.Ledger | None = None,
    directory: Directory | None = None,
) -> FastAPI:
    """Make the wallet.

    Args:
        settings: checked settings.
        clock: the present moment; a test hands in its own.
        networks: opens the network of one act; by default that of the edge, within the settings' bounds.
        ledger: by default the one of the settings.
        directory: organisations, accounts and tokens; by default those of this service's own database.

    Raises:
        MalformedError, InvalidError: policy or host map cannot be read.
        RefusedError: the database is in use.
        KeystoreError: the keystore does not open.
    """
    with ExitStack() as opened:
        database = open_database(settings.database("wallet"), SHARED, STATUS, WALLET)
        opened.callback(database.close)
        if ledger is None:
            client = LedgerClient(settings.ledger_url, settings.ledger_token or "")
            opened.callback(client.close)
            ledger = client
        directory = directory or Directory(database)
        identities = _identities(settings, database, ledger, clock)
        networks = networks or _networks(settings, clock)
        parts = (database, directory, identities, ledger)
        wallet = make_wallet(settings, *parts, networks=networks, clock=clock)
        closing = opened.pop_all().close
    app = web.make_app(
        title=mark("Wallet"),
        package="certweave_wallet",
        settings=settings,
        directory=directory,
        nav=NAV,
        clock=clock,
    )
    app.state.wallet = wallet
    app.state.identities = identities
    app.state.settle_receipts = wallet.documents.settle_receipts
    app.state.ledger = ledger
    app.state.directory = directory
    _end_with(app, closing)
    for router in ROUTERS:
        app.include_router(router)
    if settings.conformance:
        _open_conformance(app, settings, wallet.tools)
    return app


def _open_conformance(app: FastAPI, settings: WalletSettings, tools: Tools) -> None:
    """Add the holder's part for test suites."""
    check_conformance(settings)
    open_to_all = replace(tools, contexts=with_examples(tools.contexts))
    app.state.conformance = Holders.make(open_to_all, entropy=system_clock.entropy)
    app.include_router(conformance.router)


def _end_with(app: FastAPI, closing: Callable[[], None]) -> None:
    """Let the app close what it opened when its server stops."""
    app.state.close = closing

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            closing()

    app.router.lifespan_context = life


def make_wallet(
    settings: WalletSettings,
    database: Database,
    directory: Directory,
    identities: Identities,
    ledger: ports.Ledger,
    *,
    networks: Callable[[], ports.Network],
    clock: Clock,
) -> Wallet:
    """Join the parts of the service."""

    def name_of(org: str) -> str:
        found = directory.find_organisation(org)
        return org if found is None else found.name

    status = StatusLists(
        database,
        address=lambda org, number: settings.public(f"/orgs/{org}/status/{number}"),
        signer=identities.signer,
    )
    contexts = DataDirectory(settings.data).contexts
    return Wallet.of(
        Tools(
            store=SqlStore(database, status),
            networks=networks,
            identities=identities,
            status=status,
            receipts=ledger,
            contexts=load_context_store(contexts if contexts.is_dir() else None),
            clock=clock,
            address=settings.public,
            name_of=name_of,
            verifier_url=settings.verifier_url,
            policy=load_policy(settings.policy),
            offer_life=timedelta(days=settings.offer_days),
        )
    )


def load_policy(path: Path | None) -> Policy:
    """Read the policy file; without one, the policy is ``integrity``.

    Raises:
        MalformedError, InvalidError: it is no policy.
    """
    if path is None:
        return INTEGRITY
    content = read_file(path, most=DEFAULT_LIMITS.credential_bytes)
    return parse_policy(parse_object(content, limits=DEFAULT_LIMITS))


def _identities(
    settings: WalletSettings, database: Database, ledger: ports.Ledger, clock: Clock
) -> Identities:
    keystore = Keystore.open(
        settings.keys("wallet"), settings.keystore_passphrase, environment=settings.environment
    )
    return Identities(database, keystore, ledger, clock=clock)


def _networks(settings: WalletSettings, clock: Clock) -> Callable[[], ports.Network]:
    reach = Reach(
        limits=DEFAULT_LIMITS,
        host_map=DataDirectory(settings.data).load_host_map(),
        allowance=Allowance(hosts=settings.act_hosts, seconds=settings.act_seconds),
        clock=clock,
    )
    return reach.open
