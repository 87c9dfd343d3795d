"""What the routes find in the app: its checker, its part that asks, and whether there is room for a check."""

from starlette.requests import Request

from certweave_edge.accounts import Principal
from certweave_edge.auth import check_csrf
from certweave_edge.kit import kit_of
from certweave_edge.refused import Refusal, RefusedError
from certweave_verifier.service.asking import Asking
from certweave_verifier.service.checking import Checker


def checker_of(request: Request) -> Checker:
    """Return the checker of this service."""
    checker: Checker = request.app.state.checker
    return checker


def asking_of(request: Request) -> Asking:
    """Return the part of this service that asks.

    Raises:
        RefusedError: this verifier has no identity, so it cannot sign requests.
    """
    asking: Asking | None = request.app.state.asking
    if asking is None:
        raise RefusedError(
            "this verifier has no identity of its own, so it cannot ask; a ledger would give it one",
            Refusal.BUSY,
            code="identity_missing",
        )
    return asking


def check_room(request: Request) -> None:
    """Refuse with 503 where more checks wait than are ever served in time."""
    waiting = kit_of(request).outbound_limiter.statistics().tasks_waiting
    if waiting >= request.app.state.checks_waiting:
        raise RefusedError(
            "too many checks are waiting; come back in a moment",
            Refusal.BUSY,
            code="checks_waiting",
            retry_after=5,
        )


async def check_visitor(request: Request, who: Principal | None) -> None:
    """Check the CSRF token where somebody is logged in: what they check is kept in their name."""
    if who is not None:
        await check_csrf(request, request.state.secret)
