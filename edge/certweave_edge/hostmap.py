"""The operator's host map: which hosts are served from somewhere else.

So a closed network, a demo or a test serves any DID, status list or context from loopback. Only the operator
fills it, never a request and never a document.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from certweave.errors import MalformedError
from certweave_edge.network import FetchError, WebAddress, parse_web_address


@dataclass(frozen=True, slots=True)
class HostMap:
    """``host`` or ``host:port`` → the address below which that host's paths are found."""

    bases: Mapping[str, WebAddress] = field(default_factory=dict)

    def find(self, address: WebAddress) -> WebAddress | None:
        """Return where ``address`` is served from, or None when its host is not mapped."""
        base = self.bases.get(address.authority)
        if base is None:
            return None
        target = base.target.rstrip("/") + address.target
        return WebAddress(base.scheme, base.host, base.port, target)

    def plus(self, other: "HostMap") -> "HostMap":
        """Return both maps together; ``other`` wins where both name a host."""
        return HostMap({**self.bases, **other.bases})


def parse_host_map(entries: Mapping[str, object]) -> HostMap:
    """Read a map of host to base URL, as in ``host-map.json`` and ``--host-map HOST=BASEURL``.

    Raises:
        MalformedError: a host or base is not one; the base may be http or https and have a path.
    """
    bases: dict[str, WebAddress] = {}
    for host, base in entries.items():
        if not isinstance(base, str):
            raise MalformedError(f"the host map gives no base URL for {host}", code="host_map")
        bases[_parse_host(host)] = _parse_base(host, base)
    return HostMap(bases)


def _parse_host(host: str) -> str:
    try:
        address = parse_web_address(f"https://{host}/")
    except FetchError as error:
        raise MalformedError(f"{host!r} in the host map: {error.detail}", code="host_map") from None
    if address.target != "/" or "#" in host or "?" in host:
        raise MalformedError(f"the host map's {host!r} is more than a host", code="host_map")
    return address.authority


def _parse_base(host: str, base: str) -> WebAddress:
    try:
        address = parse_web_address(base)
    except FetchError as error:
        raise MalformedError(f"the host map's base for {host}: {error.detail}", code="host_map") from None
    if "?" in address.target or "#" in base:
        raise MalformedError(f"the host map's base for {host} has a query or fragment", code="host_map")
    return address
