"""Web addresses and who may be reached under them.

What may be asked for is decided here, before a connection exists: the form of an address (a strict part of
RFC 3986 §3), the operator's host map, and which IP addresses count as public (IANA special-purpose
registries, as Python's ipaddress knows them). Nothing here opens a connection; transport.py does.
"""

import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from certweave.errors import CertweaveError

MAX_URL = 4096
"""A GS1 link or a DID with a long path stays far below; servers commonly stop at 8 KB."""

_PRINTABLE = re.compile(r"[!-~]+")
_NAME = re.compile(r"(?!-)[a-z0-9_-]{1,63}(?<!-)(\.(?!-)[a-z0-9_-]{1,63}(?<!-))*")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
_PORTS = {"https": 443, "http": 80}

_TRANSLATED = tuple(
    ipaddress.ip_network(text)
    for text in (
        "::/96",  # IPv4-compatible, deprecated by RFC 4291
        "::ffff:0:0/96",  # IPv4-mapped, RFC 4291 §2.5.5.2
        "::ffff:0:0:0/96",  # IPv4-translated, RFC 2765
        "64:ff9b::/96",  # NAT64, RFC 6052
        "64:ff9b:1::/48",  # local NAT64, RFC 8215
        "2001::/32",  # Teredo, RFC 4380
        "2002::/16",  # 6to4, RFC 3056
        "fec0::/10",  # site-local, deprecated by RFC 3879
    )
)
"""IPv6 ranges that carry an IPv4 address or a local meaning inside: a way around a rule about addresses."""


class FetchError(CertweaveError):
    """A document could not be had: the network, its size, the time, or our own rules.

    ``status`` is that of the answer, 0 where there was none; ``retry_after`` are the seconds that it asks to
    wait.
    """

    default_code = "fetch_failed"

    def __init__(
        self, detail: str, *, code: str | None = None, status: int = 0, retry_after: int | None = None
    ) -> None:
        super().__init__(detail, code=code)
        self.status = status
        self.retry_after = retry_after


@dataclass(frozen=True, slots=True)
class WebAddress:
    """An http or https address in its parts; ``target`` is path and query, as they go on the wire."""

    scheme: str
    host: str
    port: int
    target: str

    @property
    def origin(self) -> tuple[str, str, int]:
        """Scheme, host and port: who answers."""
        return (self.scheme, self.host, self.port)

    @property
    def authority(self) -> str:
        """The host, with its port where that is not the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"

    @property
    def text(self) -> str:
        """The address written out, without fragment."""
        return f"{self.scheme}://{self.authority}{self.target}"

    def join(self, location: str) -> "WebAddress":
        """Return where ``location`` of a redirect leads from here.

        Raises:
            FetchError: it is not an address that we follow.
        """
        try:
            joined = urljoin(self.text, location)
        except ValueError:
            raise FetchError("the redirect leads to no address", code="url_refused") from None
        return parse_web_address(joined)


def parse_web_address(url: str) -> WebAddress:
    """Read an http or https address strictly; a fragment is dropped, as it never goes on the wire.

    Refused: user information, characters outside of printable ASCII, backslashes, and every way of writing
    an IP address except the canonical one (decimal, octal, hexadecimal and shortened forms).

    Raises:
        FetchError: it is not such an address.
    """
    if len(url) > MAX_URL or not _PRINTABLE.fullmatch(url) or "\\" in url:
        raise FetchError("the address has characters or a length that we do not send", code="url_refused")
    try:
        parts = urlsplit(url)
        port = parts.port
        host = (parts.hostname or "").lower()
    except ValueError:
        raise FetchError("the address cannot be read", code="url_refused") from None
    scheme = parts.scheme.lower()
    if scheme not in _PORTS:
        raise FetchError("only https addresses are fetched", code="url_refused")
    if "@" in parts.netloc or port == 0:
        raise FetchError("an address with user information or port 0 is refused", code="url_refused")
    _check_host(host, bracketed="[" in parts.netloc)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    return WebAddress(scheme, host, port or _PORTS[scheme], target)


def _check_host(host: str, *, bracketed: bool) -> None:
    if bracketed:
        try:
            ipaddress.IPv6Address(host)
        except ValueError:
            raise FetchError("the host is not an IPv6 address", code="url_refused") from None
        if "%" in host:
            raise FetchError("an IPv6 address with a zone is refused", code="url_refused")
        return
    if not _NAME.fullmatch(host) or len(host) > 253:
        raise FetchError("the host is not a host name", code="url_refused")
    # A name that ends in a number is an IP address to many resolvers, however written (WHATWG URL §3.5).
    if _NUMBER.fullmatch(host.rsplit(".", 1)[-1]):
        try:
            ipaddress.IPv4Address(host)
        except ValueError:
            raise FetchError("the host is an IP address in disguise", code="url_refused") from None


def check_public(address: str) -> None:
    """Refuse an IP address that is not on the public Internet.

    Raises:
        FetchError: code ``address_private``. The detail does not tell the address: it may be a secret of the
            network that we run in.
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        raise FetchError("the host resolves to no IP address", code="address_private") from None
    special = ip.is_multicast or ip.is_reserved or ip.is_unspecified or ip.is_loopback or ip.is_link_local
    wrapped = ip.version == 6 and any(ip in network for network in _TRANSLATED)
    if special or wrapped or not ip.is_global:
        raise FetchError(
            "the host is at a private address; what a document names must be public, or be in the host map",
            code="address_private",
        )
