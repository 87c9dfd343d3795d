"""How the demonstration speaks to the services: plain HTTP over loopback, as any other program would."""

from types import TracebackType
from typing import Any, Final, Self

import httpx

from certweave.encoding.strict_json import JsonObject, parse_object
from certweave.errors import CertweaveError
from certweave.limits import DEFAULT_LIMITS
from certweave_app.cli.frame import CommandError, Exit

TOKEN_TYPE: Final = "application/vc+jwt"  # noqa: S105  (a media type)
_SECONDS: Final = 60.0


class StepError(CommandError):
    """A step of the story did not hold."""

    exit = Exit.INVALID


class Api:
    """Calls the services of one process. Threads may share it."""

    def __init__(self, local: str, public: str) -> None:
        """Prepare.

        Args:
            local: the address on this machine.
            public: the address that documents carry, which is served from ``local``.
        """
        self._public = public.rstrip("/")
        self._client = httpx.Client(base_url=local, timeout=_SECONDS, trust_env=False)

    def get(self, path: str, *, token: str | None = None, accept: str = "application/json") -> httpx.Response:
        """Read something."""
        return self._send("GET", path, token=token, accept=accept)

    def post(self, path: str, body: Any = None, *, token: str | None = None) -> JsonObject:
        """Do something; the answer is a JSON object."""
        return _read(self._send("POST", path, token=token, json={} if body is None else body))

    def put(self, path: str, body: Any, *, token: str) -> JsonObject:
        """Set something."""
        return _read(self._send("PUT", path, token=token, json=body))

    def fetch(self, url: str) -> bytes:
        """Return the signed bytes of a document by its public address."""
        return self.get(self.local(url), accept=TOKEN_TYPE).content

    def verify(self, content: bytes) -> JsonObject:
        """Let the verifier judge a document; invalid and undecided are answers, too."""
        headers = {"Content-Type": TOKEN_TYPE}
        answer = self._client.post("/verifier/credentials/verify", content=content, headers=headers)
        if answer.status_code not in {200, 400, 422}:
            raise _refused("POST", "/verifier/credentials/verify", answer)
        return _read(answer)

    def local(self, url: str) -> str:
        """Return the path of a public address."""
        return url.removeprefix(self._public) if url.startswith(self._public) else url

    def __enter__(self) -> Self:
        """Return it."""
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the connections."""
        self._client.close()

    def _send(
        self, method: str, path: str, *, token: str | None, json: Any = None, accept: str = "application/json"
    ) -> httpx.Response:
        headers = {"Accept": accept}
        if token is not None:
            headers["Authorization"] = f"Bearer {token}"
        try:
            answer = self._client.request(method, path, headers=headers, json=json)
        except httpx.HTTPError as error:
            raise StepError(f"{method} {path}: no answer ({type(error).__name__})") from None
        if not answer.is_success:
            raise _refused(method, path, answer)
        return answer


def _read(answer: httpx.Response) -> JsonObject:
    try:
        return parse_object(answer.content, limits=DEFAULT_LIMITS)
    except CertweaveError as error:
        raise StepError(f"{answer.request.url.path}: {error.detail}") from None


def _refused(method: str, path: str, answer: httpx.Response) -> StepError:
    try:
        problem = parse_object(answer.content, limits=DEFAULT_LIMITS)
    except CertweaveError:
        problem = {}
    words = " ".join(str(problem[name]) for name in ("code", "detail", "path") if problem.get(name))
    return StepError(f"{method} {path}: HTTP {answer.status_code} {words}".rstrip())
