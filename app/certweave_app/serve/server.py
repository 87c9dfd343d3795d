"""Runs an app on one port with uvicorn, in the main thread, until it is told to stop.

The port is bound before anything else happens, so that port 0 gives a free one and a port in use is refused
at once. Stopping (Ctrl-C, SIGTERM) lets requests under way finish. With TLS there is a second port without
it, on the loopback address alone: the services of this process find each other there.
"""

import asyncio
import logging
import signal
import socket
from collections.abc import Callable
from typing import Final

import uvicorn
from starlette.concurrency import run_in_threadpool
from starlette.types import ASGIApp

from certweave_app.cli.frame import MisuseError
from certweave_app.serve.tls import Tls

GRACE_SECONDS: Final = 10
"""What a request under way may still take after the server was told to stop."""
LOOPBACK: Final = "127.0.0.1"


class Server(uvicorn.Server):
    """Tells when it listens, and when it is about to stop."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        ready: Callable[[], None],
        stopping: Callable[[], None] = lambda: None,
        tls: Tls | None = None,
        inner: socket.socket | None = None,
    ) -> None:
        """Prepare; ``inner`` is a bound socket that speaks plain http whatever ``tls`` says."""
        config = uvicorn.Config(
            app,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE_SECONDS,
            ssl_certfile=None if tls is None else tls.certificate,
            ssl_keyfile=None if tls is None else tls.key,
        )
        super().__init__(config)
        self._ready = ready
        self._stopping = stopping
        self._inner = inner

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, and tell."""
        await super().startup(sockets)
        if self.started and self._inner is not None:
            loop = asyncio.get_running_loop()
            self.servers.append(await loop.create_server(self._protocol, sock=self._inner))
        if self.started:
            self._ready()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Tell, and shut down."""
        await run_in_threadpool(self._stopping)
        await super().shutdown(sockets)

    def _protocol(self) -> asyncio.Protocol:
        """Return what speaks http on a new connection of the inner socket, as uvicorn makes its own."""
        made: asyncio.Protocol = self.config.http_protocol_class(  # type: ignore[call-arg]
            config=self.config, server_state=self.server_state, app_state=self.lifespan.state
        )
        return made

    def stop(self) -> None:
        """Ask it to stop; any thread may."""
        self.should_exit = True


def bind(host: str, port: int) -> socket.socket:
    """Return a socket bound to an address; port 0 takes any that is free.

    Raises:
        MisuseError: the port is in use, or is not ours to take.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        detail = error.strerror or "refused"
        raise MisuseError(f"{host}, port {port}: {detail}; name another with --port") from None
    return bound


def address_of(bound: socket.socket) -> str:
    """Return the host and port of a bound socket as a URL writes them; ``0.0.0.0`` is every interface."""
    host = str(bound.getsockname()[0])
    return f"[{host}]:{port_of(bound)}" if ":" in host else f"{host}:{port_of(bound)}"


def port_of(bound: socket.socket) -> int:
    """Return the port of a bound socket."""
    return int(bound.getsockname()[1])


def run_server(server: Server, bound: socket.socket) -> bool:
    """Serve until it is told to stop; return whether it ever started."""
    # uvicorn shuts down in an orderly way, then hands the signal on to whoever had it before: to us.
    before = signal.signal(signal.SIGTERM, lambda *_: server.stop())
    try:
        server.run(sockets=[bound])
    except KeyboardInterrupt:
        pass
    finally:
        signal.signal(signal.SIGTERM, before)
        bound.close()
    return server.started


def set_up_logging(level: int = logging.INFO) -> None:
    """Send log lines to standard error: ids and codes, as the services write them."""
    logging.basicConfig(level=level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("uvicorn").setLevel(logging.WARNING)
    for noisy in ("httpx", "httpcore"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
