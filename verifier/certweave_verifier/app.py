"""The verifier's app: settings, storage, network and identity put together.

``make_app`` may be given a directory of accounts, a network or an identity of its own: ``serve all`` shares
accounts in this way, and tests bring a network. Each part of the service is a router in ``ROUTERS``.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import ExitStack, asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI

from certweave.encoding.strict_json import parse_json, parse_object
from certweave.errors import InvalidError
from certweave.limits import DEFAULT_LIMITS
from certweave.trust.policy import INTEGRITY, Policy, parse_policy
from certweave_edge import clock as system_clock
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
from certweave_edge.tables import SHARED
from certweave_edge.web import make_app as make_web_app
from certweave_verifier.api import ask as ask_api
from certweave_verifier.api import conformance
from certweave_verifier.api import verify as verify_api
from certweave_verifier.identity import ORG, LedgerSpeaker
from certweave_verifier.pages import ask as ask_pages
from certweave_verifier.pages import check as check_pages
from certweave_verifier.ports import Network, Speaker, Store
from certweave_verifier.product_pages import product_routes
from certweave_verifier.product_service import Products
from certweave_verifier.product_store import PRODUCTS, ProductStore, SqlProductStore
from certweave_verifier.service.asking import Asking
from certweave_verifier.service.checking import Checker, Recent
from certweave_verifier.service.network import Outside, SharedDocuments
from certweave_verifier.settings import VerifierSettings
from certweave_verifier.store import VERIFIER, SqlStore

ROUTERS: Final[tuple[APIRouter, ...]] = (
    check_pages.router,
    ask_pages.router,
    verify_api.router,
    ask_api.router,
)
NAV: Final = (
    NavLink("/", mark("Check")),
    NavLink("/asked", mark("Ask for a certificate"), Scope.READ),
    NavLink("/policy", mark("Policy")),
    NavLink("/checks", mark("Past checks"), Scope.READ),
)
LARGE_BODIES: Final = ((r"/checks", 4 << 20), (r"/responses/[^/]+", 4 << 20))
"""A pasted certificate of 1 MiB is up to three times as long in a form."""
CROSS_ORIGIN: Final = (
    r"(/conformance)?/(credentials|presentations)/verify",
    r"/(requests|responses)/[^/]+",
)
"""Checks, and what a wallet calls; not what an organisation or a page of ours does."""
SAMPLES: Final = "samples.json"
CONFORMANCE_POLICY: Final = replace(INTEGRITY, holder_binding="noted", issuer_binding="noted")
"""The suites of W3C ask about the document; who may present it, or signs under an address, is noted."""
Clock = Callable[[], datetime]


def make_app(
    settings: VerifierSettings,
    *,
    clock: Clock = system_clock.now,
    directory: Directory | None = None,
    network: Network | None = None,
    speaker: Speaker | None = None,
) -> FastAPI:
    """Make the verifier.

    ``app.state`` has ``checker``, ``asking`` and ``directory`` for who runs it in this process. What is
    open is closed when the server stops; who mounts the app calls ``app.state.close()``.

    Args:
        settings: checked settings.
        clock: the present moment; a test hands in its own.
        directory: organisations, accounts and tokens; by default those of this service's own database.
        network: where documents come from; by default the network within the budget of the settings.
        speaker: the identity that asks; by default one that the ledger of the settings publishes.

    Raises:
        RefusedError: the database is in use.
        KeystoreError: the keystore does not open.
        MalformedError, InvalidError: policy, host map or samples cannot be read.
    """
    with ExitStack() as opened:
        database = open_database(settings.database("verifier"), SHARED, VERIFIER, PRODUCTS)
        opened.callback(database.close)
        app = make_web_app(
            title=mark("Verifier"),
            package="certweave_verifier",
            settings=settings,
            directory=directory or Directory(database),
            nav=NAV,
            clock=clock,
            large_bodies=LARGE_BODIES,
            cross_origin=CROSS_ORIGIN,
        )
        app.state.checker = checker = _make_checker(settings, SqlStore(database), clock, network)
        speaker = speaker or _open_speaker(settings, database, clock, opened)
        app.state.asking = _make_asking(settings, checker, speaker)
        app.state.samples = _load_samples(settings.data / SAMPLES)
        products = _make_products(settings, checker, SqlProductStore(database), network)
        closing = opened.pop_all()
    app.state.directory = app.state.kit.directory
    app.state.checks_waiting = settings.checks_waiting
    app.state.close = closing.close
    for router in (*ROUTERS, product_routes(products)):
        app.include_router(router)
    if settings.conformance:
        check_conformance(settings)
        app.state.conformance = replace(
            checker, contexts=with_examples(checker.contexts), policy=CONFORMANCE_POLICY
        )
        app.include_router(conformance.router)
    _close_at_end(app, closing)
    return app


def _close_at_end(app: FastAPI, closing: ExitStack) -> None:
    @asynccontextmanager
    async def running(_app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            closing.close()

    app.router.lifespan_context = running


def _make_checker(settings: VerifierSettings, store: Store, clock: Clock, network: Network | None) -> Checker:
    return Checker(
        network=network or _open_network(settings, clock, settings.allowance),
        contexts=load_context_store(_contexts(settings)),
        clock=clock,
        store=store,
        recent=Recent(timedelta(minutes=settings.keep_minutes)),
        policy=load_policy(settings.policy),
    )


def _make_asking(settings: VerifierSettings, checker: Checker, speaker: Speaker | None) -> Asking | None:
    if speaker is None:
        return None
    return Asking(
        checker=checker,
        store=checker.store,
        speaker=speaker,
        public=settings.public,
        clock=checker.clock,
        lifetime=timedelta(minutes=settings.request_minutes),
    )


def _make_products(
    settings: VerifierSettings, checker: Checker, store: ProductStore, network: Network | None
) -> Products:
    return Products(
        network=network or _open_network(settings, checker.clock, settings.product_allowance),
        contexts=checker.contexts,
        clock=checker.clock,
        store=store,
        policy=checker.policy,
        hosts=settings.brands,
    )


def load_policy(path: Path | None) -> Policy:
    """Read the policy file; without one, the policy is ``integrity``.

    Raises:
        MalformedError, InvalidError: it is no policy.
    """
    if path is None:
        return INTEGRITY
    return parse_policy(parse_object(_read(path), limits=DEFAULT_LIMITS))


def _open_network(settings: VerifierSettings, clock: Clock, allowance: Allowance) -> Outside:
    return Outside(
        limits=DEFAULT_LIMITS,
        host_map=DataDirectory(settings.data).load_host_map(),
        allowance=allowance,
        clock=clock,
        shared=SharedDocuments(settings.evidence_seconds, settings.check_seconds),
    )


def _open_speaker(
    settings: VerifierSettings, database: Database, clock: Clock, opened: ExitStack
) -> Speaker | None:
    if not settings.ledger_url:
        return None
    # The identity belongs to this service, so it is registered in its own database whoever has the accounts.
    own = Directory(database)
    if own.find_organisation(ORG) is None:
        own.add_organisation(ORG, "Verifier", now=clock())
    keystore = Keystore.open(
        settings.keys("verifier"), settings.keystore_passphrase, environment=settings.environment
    )
    ledger = opened.enter_context(LedgerClient(settings.ledger_url, settings.ledger_token))
    return LedgerSpeaker(Identities(database, keystore, ledger, clock=clock), ledger)


def _contexts(settings: VerifierSettings) -> Path | None:
    folder = DataDirectory(settings.data).contexts
    return folder if folder.is_dir() else None


def _load_samples(path: Path) -> list[Any]:
    """Read the samples of the empty check page: a list of ``{"name": {lang: text}, "link": URL}``."""
    if not path.is_file():
        return []
    found = parse_json(_read(path), limits=DEFAULT_LIMITS)
    good = isinstance(found, list) and all(
        isinstance(one, dict) and {"name", "link"} <= one.keys() for one in found
    )
    if not good:
        raise InvalidError(f"{path.name} is a list of objects with name and link", code="samples_malformed")
    return list(found) if isinstance(found, list) else []


def _read(path: Path) -> bytes:
    return read_file(path, most=DEFAULT_LIMITS.credential_bytes)
