"""The one client that posts to hosts which a document named: token endpoints, nonces, answers.

The rules of ``fetch.py`` hold: https and public only unless the operator mapped the host, one deadline, a
bounded size, no encodings. A redirect is never followed: what was posted was meant for that address alone. An
answer of any status is a value, because protocols put their errors into bodies; no answer is an error.
"""

import ssl
from dataclasses import dataclass

import httpcore

from certweave.limits import Limits
from certweave_edge.budget import Budget
from certweave_edge.clock import monotonic
from certweave_edge.hostmap import HostMap
from certweave_edge.network import FetchError, parse_web_address
from certweave_edge.transport import Deadline, Resolve, find_addresses, open_pool

FORM = "application/x-www-form-urlencoded"
JSON = "application/json"
_DIGITS = 6
"""Of the longest wait that we tell, some eleven days; a longer one is a mistake."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back; ``retry_after`` are the seconds that it asks to wait, where it does."""

    status: int
    media_type: str
    content: bytes
    retry_after: int | None = None


class Sender:
    """Posts; threads may share it. One per act: it holds that act's budget."""

    def __init__(
        self,
        *,
        limits: Limits,
        budget: Budget,
        host_map: HostMap | None = None,
        resolve: Resolve = find_addresses,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Make a sender; ``tls`` overrides the system's certificates, ``resolve`` its resolver."""
        self._limits = limits
        self._budget = budget
        self._host_map = host_map or HostMap()
        self._resolve = resolve
        self._tls = tls

    def post(self, url: str, body: bytes, media_type: str, *, token: str | None = None) -> Answer:
        """Post to an address; ``token`` goes along as a bearer token (RFC 6750).

        Raises:
            FetchError: the address is refused, nothing answered, or the answer is too large.
            UndecidedError: the budget is spent (cause ``limit``).
        """
        try:
            return self._post(url, body, media_type, token)
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError):
            raise FetchError("the connection failed", code="unreachable") from None
        except httpcore.TimeoutException:
            raise FetchError("no complete answer in time", code="timeout") from None

    def _post(self, url: str, body: bytes, media_type: str, token: str | None) -> Answer:
        deadline = Deadline.after(self._limits.fetch_seconds)
        asked = parse_web_address(url)
        mapped = self._host_map.find(asked)
        address = mapped or asked
        if mapped is None and asked.scheme != "https":
            raise FetchError("only https addresses are posted to", code="url_refused")
        self._budget.spend_host(address.authority)
        self._budget.seconds_left(monotonic())
        tls = (self._tls or httpcore.default_ssl_context()) if address.scheme == "https" else None
        pool = open_pool(deadline, public_only=mapped is None, resolve=self._resolve, tls=tls)
        with (
            pool,
            pool.stream(
                "POST",
                address.text,
                headers=_headers(address.authority, media_type, token, len(body)),
                content=body,
            ) as response,
        ):
            kind = _find(response, "content-type").partition(";")[0].strip().lower()
            return Answer(response.status, kind, self._read(response), _wait(response))

    def _read(self, response: httpcore.Response) -> bytes:
        if _find(response, "content-encoding").lower() not in ("", "identity"):
            raise FetchError("the answer is compressed, which we did not ask for", code="encoding")
        most = self._limits.credential_bytes
        chunks: list[bytes] = []
        size = 0
        for chunk in response.iter_stream():
            size += len(chunk)
            if size > most:
                detail = f"limit: the answer is larger than {most} bytes (credential_bytes)"
                raise FetchError(detail, code="limit")
            self._budget.spend_bytes(len(chunk))
            chunks.append(chunk)
        return b"".join(chunks)


def _headers(host: str, media_type: str, token: str | None, size: int) -> dict[str | bytes, str | bytes]:
    headers: dict[str | bytes, str | bytes] = {
        "Host": host,
        "Accept": "application/json",
        "Accept-Encoding": "identity",
        "Content-Length": str(size),
        "User-Agent": "certweave",
        "Connection": "close",
    }
    if media_type:
        headers["Content-Type"] = media_type
    if token is not None:
        headers["Authorization"] = f"Bearer {token}"
    return headers


def _wait(response: httpcore.Response) -> int | None:
    """Return the seconds of ``Retry-After`` (RFC 9110 §10.2.3); its other form, a date, is left out."""
    found = _find(response, "retry-after").strip()
    return int(found) if found.isascii() and found.isdigit() and len(found) <= _DIGITS else None


def _find(response: httpcore.Response, name: str) -> str:
    for key, value in response.headers:
        if key.decode("latin-1").lower() == name:
            return value.decode("latin-1")
    return ""
