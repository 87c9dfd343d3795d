"""Our side of a conversation with a ledger: publishing DID logs, asking for receipts.

The address is the operator's setting and may be on loopback; nothing that a document names comes here
(``fetch.py`` is for that). Routes: docs/reference/urls.md. Nothing is retried: the callers know what to keep.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Final, Protocol, Self
from urllib.parse import quote

import httpx

from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS
from certweave_edge.network import FetchError

LOG_TYPE: Final = "application/jsonl"
MOST_DIGESTS: Final = 1000
"""Digests in one request for receipts; a ledger signs as many in some tenths of a second."""
ABSENT: Final = "*"
"""The ETag to publish with when nothing may be there yet."""


class LedgerError(FetchError):
    """The ledger did not answer, or did not take what it was sent.

    Attributes:
        status: its HTTP status; 0 where nothing came back.
        refusal: the code in its problem details, such as ``log_not_extended``; empty where there is none.
    """

    default_code = "ledger_unreachable"

    def __init__(self, detail: str, *, code: str | None = None, status: int = 0, refusal: str = "") -> None:
        super().__init__(detail, code=code, status=status)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class LedgerInfo:
    """What a ledger says about itself: its DID, where its receipts are read, and the host of its DIDs."""

    did: str
    receipts: str
    did_host: str


class Publisher(Protocol):
    """Where DID logs are published. ``path`` is the DID's: ``fa``, ``orgs/fa``, or empty for the host."""

    def put_log(self, path: str, log: bytes, etag: str | None) -> str:
        """Publish a whole log and return its ETag; ``etag`` is that of the log it replaces, None for none.

        Raises:
            LedgerError: it was not taken; the log may or may not have arrived if nothing answered.
        """
        ...

    def get_log(self, path: str) -> tuple[bytes, str] | None:
        """Return the published log with its ETag; None where there is none.

        Raises:
            LedgerError: nothing answered.
        """
        ...


class LedgerClient:
    """Speaks to one ledger in the name of one organisation. Threads may share it."""

    def __init__(
        self,
        base_url: str,
        token: str,
        *,
        timeout: float = DEFAULT_LIMITS.fetch_seconds,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        """Prepare; nothing is sent yet.

        Args:
            base_url: address of the ledger service, with its prefix: ``http://127.0.0.1:8080/ledger``.
            token: of the organisation there, with the scopes ``keys`` and ``issue``.
            timeout: seconds for each step of a request.
            transport: another way to send, for tests and for connections through a proxy.
        """
        self._client = httpx.Client(
            base_url=base_url.rstrip("/") + "/",
            headers={"Authorization": f"Bearer {token}", "Accept-Encoding": "identity"},
            timeout=timeout,
            transport=transport,
            trust_env=False,
        )

    def about(self) -> LedgerInfo:
        """Ask the ledger what it is.

        Raises:
            LedgerError: it did not answer, or not like a ledger.
        """
        said = _read_object(self._send("GET", "about"))
        members = [said.get(name) for name in ("did", "receipts", "didHost")]
        texts = [member for member in members if isinstance(member, str) and member]
        if len(texts) != len(members):
            raise LedgerError("the ledger does not say what it is", code="ledger_answer")
        return LedgerInfo(*texts)

    def put_log(self, path: str, log: bytes, etag: str | None) -> str:
        """Publish a whole log; see ``Publisher``."""
        condition = {"If-None-Match": ABSENT} if etag is None else {"If-Match": etag}
        headers = {"Content-Type": LOG_TYPE, **condition}
        answer = self._send("PUT", f"dids/{log_file(path)}", content=log, headers=headers)
        return _etag(answer)

    def get_log(self, path: str) -> tuple[bytes, str] | None:
        """Return the published log with its ETag; see ``Publisher``."""
        try:
            answer = self._send("GET", f"dids/{log_file(path)}")
        except LedgerError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return None
            raise
        return answer.content, _etag(answer)

    def request_receipts(self, digests: Sequence[bytes]) -> dict[bytes, str]:
        """Return a receipt for each SHA-256, asking in batches. Asking again gives the same times.

        Raises:
            LedgerError: it did not answer, or left one out.
        """
        found: dict[bytes, str] = {}
        for start in range(0, len(digests), MOST_DIGESTS):
            batch = [digest.hex() for digest in digests[start : start + MOST_DIGESTS]]
            rows = _read_object(self._send("POST", "receipts", json={"digests": batch})).get("receipts")
            found.update(_read_receipts(rows, batch))
        return found

    def get_receipt(self, digest: bytes) -> str | None:
        """Return the receipt for a SHA-256, or None where the ledger has not seen it.

        Raises:
            LedgerError: nothing answered.
        """
        try:
            return self._send("GET", f"receipts/{digest.hex()}").text
        except LedgerError as error:
            if error.status == httpx.codes.NOT_FOUND:
                return None
            raise

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def __enter__(self) -> Self:
        """Return the client."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close it."""
        self.close()

    def _send(
        self,
        method: str,
        path: str,
        *,
        content: bytes | None = None,
        json: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> httpx.Response:
        try:
            answer = self._client.request(method, path, content=content, json=json, headers=headers)
        except httpx.TimeoutException:
            raise LedgerError("the ledger did not answer in time") from None
        except httpx.HTTPError:
            raise LedgerError("the ledger cannot be reached") from None
        if not answer.is_success:
            raise _refused(answer)
        return answer


def log_file(path: str) -> str:
    """Return the path of a DID's log below its host, as did:webvh 1.0 maps it."""
    folder = "/".join(quote(segment, safe="") for segment in path.split("/")) if path else ".well-known"
    return f"{folder}/did.jsonl"


def make_etag(log: bytes) -> str:
    """Return the strong ETag that our ledger gives to these bytes."""
    return f'"{hashlib.sha256(log).hexdigest()[:32]}"'


def _etag(answer: httpx.Response) -> str:
    etag: str = answer.headers.get("etag", "")
    if not etag:
        raise LedgerError("the ledger gave no ETag", code="ledger_answer", status=answer.status_code)
    return etag


def _read_object(answer: httpx.Response) -> JsonObject:
    try:
        return parse_object(answer.content, limits=DEFAULT_LIMITS)
    except CertweaveError:
        raise LedgerError(
            "the ledger's answer cannot be read", code="ledger_answer", status=answer.status_code
        ) from None


def _read_receipts(rows: Any, wanted: Sequence[str]) -> dict[bytes, str]:
    found: dict[bytes, str] = {}
    asked = set(wanted)
    for row in rows if isinstance(rows, list) else ():
        digest, receipt = (row.get("digest"), row.get("receipt")) if isinstance(row, dict) else (None, None)
        if isinstance(digest, str) and digest in asked and isinstance(receipt, str):
            found[bytes.fromhex(digest)] = receipt
    if len(found) != len(asked):
        raise LedgerError("the ledger left out a receipt that we asked for", code="ledger_answer")
    return found


def _refused(answer: httpx.Response) -> LedgerError:
    try:
        problem = parse_object(answer.content, limits=DEFAULT_LIMITS)
    except CertweaveError:
        problem = {}
    detail, refusal = str(problem.get("detail", ""))[:500], str(problem.get("code", ""))[:100]
    words = f"the ledger answered HTTP {answer.status_code}" + (f": {detail}" if detail else "")
    return LedgerError(words, code="ledger_refused", status=answer.status_code, refusal=refusal)
