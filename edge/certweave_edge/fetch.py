"""The one client that fetches what an examination needs.

An address found in a document must be https and public, at every hop; what the operator typed or mapped may
be anything. Each answer is bounded in size by its kind, in time by one deadline over connecting, redirects
and reading, and no encoding is accepted (RFC 9110 §8.4), so nothing can be small on the wire and large here.
It does not cache and does not retry: a caller that wants either builds it above.
"""

import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

import httpcore

from certweave.errors import UndecidedError
from certweave.examine.evidence import Fetched, Kind, Need, Unavailable
from certweave.limits import Limits
from certweave_edge.budget import Allowance, Budget
from certweave_edge.clock import monotonic, now
from certweave_edge.hostmap import HostMap
from certweave_edge.network import FetchError, WebAddress, parse_web_address
from certweave_edge.sizes import size_limit
from certweave_edge.transport import Deadline, Resolve, find_addresses, open_pool

OPERATOR = Allowance(hosts=16, bytes=64 << 20, seconds=60.0)
"""What an operator's own run may spend: the network is theirs, so more than a stranger's request."""

REDIRECTS = frozenset({301, 302, 303, 307, 308})

_STATUS = (
    "application/vc+jwt, application/vc;q=0.9, application/statuslist+jwt;q=0.9, "
    "application/statuslist+cwt;q=0.8, application/json;q=0.8, */*;q=0.1"
)
_CREDENTIAL = "application/vc+jwt, application/vc;q=0.9, application/json;q=0.8, */*;q=0.1"
ACCEPT = {
    Kind.DID: "application/did+json, application/json, text/jsonl, */*;q=0.1",
    Kind.STATUS: _STATUS,
    Kind.CREDENTIAL: _CREDENTIAL,
    Kind.RECEIPT: "application/jwt, application/json;q=0.9, */*;q=0.1",
    Kind.SCHEMA: "application/schema+json, application/json, */*;q=0.1",
    Kind.TYPE: "application/json, */*;q=0.1",
    Kind.ISSUER: "application/json, application/jwk-set+json;q=0.9, */*;q=0.1",
    Kind.CONTEXT: "application/ld+json, application/json, */*;q=0.1",
}


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    media_type: str
    location: str
    content: bytes


class Fetcher:
    """Fetches documents; threads may share it. One per run: it holds the run's budget."""

    def __init__(
        self,
        *,
        limits: Limits,
        host_map: HostMap | None = None,
        budget: Budget | None = None,
        clock: Callable[[], datetime] = now,
        resolve: Resolve = find_addresses,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Make a fetcher; ``tls`` overrides the system's certificates, ``resolve`` its resolver."""
        self._limits = limits
        self._host_map = host_map or HostMap()
        self._budget = budget or Budget(OPERATOR, started=monotonic())
        self._clock = clock
        self._resolve = resolve
        self._tls = tls

    def fetch(self, need: Need) -> Fetched | Unavailable:
        """Fetch what a document named: https and public only, unless its host is mapped.

        A failure is a value too: it is evidence, and an undecided verdict replays with it.
        """
        return self._try(need, typed=False)

    def fetch_typed(self, url: str, *, kind: Kind = Kind.CREDENTIAL) -> Fetched | Unavailable:
        """Fetch what the operator typed: http and private addresses are theirs to name.

        A redirect away from that very host is judged as strictly as any other address.
        """
        return self._try(Need(kind, url), typed=True)

    def _try(self, need: Need, *, typed: bool) -> Fetched | Unavailable:
        try:
            address, answer = self._follow(need, typed=typed)
        except FetchError as error:
            return Unavailable(error.detail, self._clock(), error.status)
        except UndecidedError as error:  # the run's budget is spent
            return Unavailable(f"limit: {error.detail} ({error.code})", self._clock())
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            return Unavailable("the connection failed", self._clock())
        except httpcore.TimeoutException:
            return Unavailable("no complete answer in time", self._clock())
        return Fetched(answer.content, address.text, answer.media_type, self._clock(), status=answer.status)

    def _follow(self, need: Need, *, typed: bool) -> tuple[WebAddress, _Answer]:
        deadline = Deadline.after(self._limits.fetch_seconds)
        asked = parse_web_address(need.url)
        # What the operator named, by typing or mapping it: these hosts may be private and plain http.
        named = {asked.origin} if typed else set[tuple[str, str, int]]()
        for _ in range(self._limits.fetch_redirects + 1):
            mapped = self._host_map.find(asked)
            if mapped is not None:
                named.add(mapped.origin)
            address = mapped or asked
            free = address.origin in named
            if address.scheme != "https" and not free:
                raise FetchError("only https addresses are fetched", code="url_refused")
            answer = self._ask(address, need.kind, deadline, public_only=not free)
            if answer.status not in REDIRECTS:
                _check_status(answer.status)
                return asked, answer
            asked = address.join(answer.location)
        raise FetchError(
            f"limit: more than {self._limits.fetch_redirects} redirects (fetch_redirects)", code="limit"
        )

    def _ask(self, address: WebAddress, kind: Kind, deadline: Deadline, *, public_only: bool) -> _Answer:
        self._budget.spend_host(address.authority)
        self._budget.seconds_left(monotonic())
        headers: dict[str | bytes, str | bytes] = {
            "Host": address.authority,
            "Accept": ACCEPT[kind],
            "Accept-Encoding": "identity",
            "User-Agent": "certweave",
            "Connection": "close",
        }
        tls = self._certificates() if address.scheme == "https" else None
        with (
            open_pool(deadline, public_only=public_only, resolve=self._resolve, tls=tls) as pool,
            pool.stream("GET", address.text, headers=headers) as response,
        ):
            found = _headers(response)
            if response.status in REDIRECTS:
                return _Answer(response.status, "", found.get("location", ""), b"")
            _check_status(response.status)
            if found.get("content-encoding", "identity").lower() != "identity":
                raise FetchError("the answer is compressed, which we did not ask for", code="encoding")
            media_type = found.get("content-type", "").partition(";")[0].strip().lower()
            return _Answer(response.status, media_type, "", self._read(response, found, kind))

    def _certificates(self) -> ssl.SSLContext:
        if self._tls is None:  # made once, and only for https: reading the certificates takes a while
            self._tls = httpcore.default_ssl_context()
        return self._tls

    def _read(self, response: httpcore.Response, headers: dict[str, str], kind: Kind) -> bytes:
        name, most = size_limit(kind, self._limits)
        too_large = FetchError(f"limit: the answer is larger than {most} bytes ({name})", code="limit")
        declared = headers.get("content-length", "0")
        if declared.isascii() and declared.isdigit() and int(declared[:20]) > most:
            raise too_large
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_stream():
            size += len(chunk)
            if size > most:
                raise too_large
            self._budget.spend_bytes(len(chunk))
            chunks.append(chunk)
        return b"".join(chunks)


def _check_status(status: int) -> None:
    if status != 200:
        raise FetchError(f"the host answered HTTP {status}", code="http_status", status=status)


def _headers(response: httpcore.Response) -> dict[str, str]:
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
