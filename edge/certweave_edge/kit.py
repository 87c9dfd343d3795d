"""What the web kit keeps for a running service: settings, clock, accounts, pages, the outbound limiter."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

import anyio.to_thread
from anyio import CapacityLimiter
from starlette.requests import HTTPConnection

from certweave_edge.accounts import Directory
from certweave_edge.pages import Pages
from certweave_edge.sessions import Sessions
from certweave_edge.settings_base import BaseSettings
from certweave_edge.throttle import Throttle

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kit:
    """One per app, at ``app.state.kit``."""

    settings: BaseSettings
    clock: Callable[[], datetime]
    directory: Directory
    sessions: Sessions
    pages: Pages
    outbound_limiter: CapacityLimiter
    login_throttle: Throttle = field(default_factory=lambda: Throttle(10, timedelta(minutes=15)))
    host_throttle: Throttle = field(default_factory=lambda: Throttle(100, timedelta(minutes=15)))


def kit_of(request: HTTPConnection) -> Kit:
    """Return the kit of the app that serves a request."""
    kit = request.app.state.kit
    if not isinstance(kit, Kit):
        raise TypeError("this app was not made by make_app")
    return kit


async def outbound(request: HTTPConnection, work: Callable[[], T]) -> T:
    """Run blocking work that calls other hosts, in threads of its own.

    A route that waits for another service must not take the thread which that service needs to answer, as it
    would when both run in one process (``serve all``).
    """
    return await anyio.to_thread.run_sync(work, limiter=kit_of(request).outbound_limiter)
