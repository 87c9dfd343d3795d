"""Which ledger a request is for: the one that its app was made with."""

from starlette.requests import Request

from certweave_ledger.service.ledger import Ledger


def ledger_of(request: Request) -> Ledger:
    """Return the ledger of the app that serves a request."""
    ledger = request.app.state.ledger
    if not isinstance(ledger, Ledger):
        raise TypeError("this app is no ledger")
    return ledger
