"""Connections whose every wait ends at one deadline, and whose address was looked at before.

The host is resolved once, each address it has is judged, and the connection goes to the very address that
was judged: a second look-up could answer otherwise (DNS rebinding). TLS still names and verifies the host.
Built on httpcore, beneath httpx: no cookies, no proxies from the environment, no redirects, no decoding.
"""

import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import httpcore

from certweave_edge.clock import monotonic
from certweave_edge.network import FetchError, check_public

Resolve = Callable[[str, int], list[str]]
"""From host and port to IP addresses; raises OSError."""

MAX_ADDRESSES = 4
"""Tried one after the other; a host with more of them that are all dead is simply unreachable."""


def find_addresses(host: str, port: int) -> list[str]:
    """Ask the system's resolver for the addresses of ``host``.

    Raises:
        OSError: the name is unknown, or the resolver did not answer.
    """
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment on the monotonic clock after which nothing is waited for."""

    at: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline ``seconds`` from now."""
        return cls(monotonic() + seconds)

    def left(self) -> float:
        """Return the seconds that are left.

        Raises:
            FetchError: there are none.
        """
        seconds = self.at - monotonic()
        if seconds <= 0:
            raise FetchError("no complete answer in time", code="timeout")
        return seconds


def open_pool(
    deadline: Deadline, *, public_only: bool, resolve: Resolve, tls: ssl.SSLContext | None
) -> httpcore.ConnectionPool:
    """Return a pool for one request, which obeys ``deadline`` and the rule about addresses."""
    backend = _Backend(deadline, public_only=public_only, resolve=resolve)
    return httpcore.ConnectionPool(ssl_context=tls, max_connections=1, network_backend=backend)


class _Backend(httpcore.NetworkBackend):
    """Resolves, judges and connects."""

    def __init__(self, deadline: Deadline, *, public_only: bool, resolve: Resolve) -> None:
        self._deadline = deadline
        self._public_only = public_only
        self._resolve = resolve
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        addresses = self._look_up(host, port)
        if self._public_only:
            for address in addresses:
                check_public(address)
        failure: httpcore.ConnectError | None = None
        for address in addresses[:MAX_ADDRESSES]:
            try:
                stream = self._system.connect_tcp(address, port, timeout=self._deadline.left())
            except httpcore.ConnectError as error:
                failure = error
                continue
            return _Stream(stream, self._deadline)
        raise FetchError("nothing answers there", code="unreachable") from failure

    def _look_up(self, host: str, port: int) -> list[str]:
        # The system's resolver knows no deadline, so it is waited for in a thread that may be left behind.
        found: list[str] = []

        def ask() -> None:
            try:
                found.extend(self._resolve(host, port))
            except (OSError, UnicodeError):
                found.clear()

        asking = threading.Thread(target=ask, daemon=True)
        asking.start()
        asking.join(self._deadline.left())
        if asking.is_alive():
            raise FetchError("the host's name was not resolved in time", code="timeout")
        if not found:
            raise FetchError("the host's name is unknown", code="unreachable")
        return found


class _Stream(httpcore.NetworkStream):
    """A connection on which each wait is cut to what is left: a slow drip of bytes gains nothing."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, timeout=self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, timeout=self._deadline.left())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        secured = self._stream.start_tls(ssl_context, server_hostname, timeout=self._deadline.left())
        return _Stream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
