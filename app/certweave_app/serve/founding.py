"""Gives every organisation of a service its DID, once the ledger answers.

An organisation is registered while the server is stopped (``certweave org add``); its identity is made and
published when the server starts. The ledger may start later, so this goes on in the background until it is
done. The DIDs of a service lie below its namespace at the ledger: ``issuer/fa``.
"""

import logging
from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from fastapi import FastAPI

from certweave.errors import CertweaveError
from certweave_edge.accounts import Organisation
from certweave_edge.ledger_client import LedgerClient, LedgerInfo
from certweave_edge.settings_base import BaseSettings

_LOG: Final = logging.getLogger("certweave.founding")
_PAUSES: Final = (0.2, 1.0, 3.0, 10.0, 30.0)
"""Seconds between attempts; the last one is kept up."""
OF_THEIR_OWN: Final = frozenset({"ledger", "verifier"})
"""Services that make their one identity themselves."""


class Founding:
    """The background work for some services."""

    def __init__(self) -> None:
        self._stop = Event()
        self._threads: list[Thread] = []

    def start(self, name: str, app: FastAPI) -> None:
        """Begin for one service; one that makes its identity itself is left alone."""
        settings: BaseSettings = app.state.kit.settings
        url, token = getattr(settings, "ledger_url", ""), getattr(settings, "ledger_token", "")
        if name in OF_THEIR_OWN or not url:
            return
        work = lambda: self._work(name, app, LedgerClient(url, token or ""))  # noqa: E731
        thread = Thread(target=work, name=f"founding-{name}", daemon=True)
        self._threads.append(thread)
        thread.start()

    def stop(self) -> None:
        """End, and wait for what is under way."""
        self._stop.set()
        for thread in self._threads:
            thread.join()

    def wait(self) -> None:
        """Wait until every organisation has its DID."""
        for thread in self._threads:
            thread.join()

    def _work(self, name: str, app: FastAPI, ledger: LedgerClient) -> None:
        with ledger:
            attempt = 0
            while not self._stop.is_set():
                if found_all(name, app, ledger.about, stop=self._stop.is_set):
                    return
                self._stop.wait(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1


def found_all(name: str, app: FastAPI, about: Callable[[], LedgerInfo], *, stop: Callable[[], bool]) -> bool:
    """Make what identities are missing; return whether none is missing now."""
    missing = [org for org in app.state.kit.directory.organisations() if not _has_identity(app, org)]
    try:
        info = about() if missing else None
        for org in missing:
            if info is None or stop():
                return False
            app.state.identities.create_identity(
                org.org, host=info.did_host, path=f"{name}/{org.org}", ledger=info
            )
            _LOG.info("identity_made service=%s org=%s", name, org.org)
    except CertweaveError as error:
        _LOG.warning("identity_waits service=%s code=%s", name, error.code)
        return False
    return True


def _has_identity(app: FastAPI, org: Organisation) -> bool:
    return app.state.identities.store.find(org.org) is not None
